"""People in a browser: each deed on a phone, what came back, and what others do meanwhile."""

from __future__ import annotations

import re
import threading
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard import (
    MINI,
    WATCH_CLIPBOARD,
    WEB,
    Board,
    Steering,
    board,
    keep,
    parsed,
    pasted,
    steering,
)
from tests.support.waiting import until

__all__ = ["board", "steering"]

CALLBACK = "https://app.example.test/douyin/callback"
CONSENT = (
    f"https://open.douyin.com/platform/oauth/connect/?client_key={WEB.client_key}"
    f"&response_type=code&scope=user_info&optionalScope=mobile,1,login_id,0"
    f"&redirect_uri={quote(CALLBACK, safe='')}&state=s%261"
)
SCRIPT = '<img src="x" onerror="document.title=`hit`">'


def phone_of(page: Page, person: str) -> Locator:
    """Return a person's column."""
    return page.locator(f'.person[data-person="{person}"]')


def do(page: Page, person: str, deed: str) -> None:
    """Press what a person can do."""
    phone_of(page, person).locator(f'[data-deed="{deed}"]').click()


def got(page: Page, person: str) -> Locator:
    """Return what the front end got on a person's phone."""
    return phone_of(page, person).locator(".got")


def sheet(page: Page, person: str) -> Locator:
    """Return the sheet on a person's phone."""
    return phone_of(page, person).get_by_role("dialog")


def confirm(page: Page, person: str) -> None:
    """Press a sheet's main button; the sheet goes."""
    sheet(page, person).locator(".phone-main").click()
    expect(sheet(page, person)).to_have_count(0)


def menu(page: Page, person: str, words: str) -> None:
    """Choose something of the menu beside a person's name."""
    phone_of(page, person).get_by_role("button", name=f"{person} 的更多操作").click()
    phone_of(page, person).get_by_role("button", name=words).click()


def act_of(steering: Steering, kind: str) -> dict[str, Any]:
    """Wait for an act of a kind; return the newest one whole."""
    until(lambda: steering.rows(kind=kind), kind)
    number = steering.rows(kind=kind)[-1]["id"]
    act: dict[str, Any] = steering.http.get(
        f"/_mock/acts/{number}", params={"reveal": "true"}
    ).json()
    return act


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_everybody_has_a_phone(board: Board, steering: Steering, width: int, scheme: str) -> None:
    """Each person has a column with profile, phone, deeds, the next call and what they did."""
    steering.login()
    steering.control("phone/getUserProfile", person="小明")
    steering.control("acts/comment", person="小明", other="小红")
    steering.control("rules", on="phone.login", when={"person": "老王"}, error=113001, times=1)
    steering.control("phone/getUserProfile", person="老王", fail=True)
    page = board("people", width=width, color_scheme=scheme, **{"app.Anna": "home"})
    page.emulate_media(reduced_motion="reduce")

    expect(page.locator(".person")).to_have_count(4)
    expect(phone_of(page, "小明").locator(".badge").first).to_have_text("已登录")
    expect(phone_of(page, "小明")).to_contain_text("138****8000 · 北京")
    expect(phone_of(page, "小明").locator(".lately li")).to_have_count(3)
    expect(phone_of(page, "老王")).to_contain_text("tt.login 113001 host login fail · 1 次")
    expect(got(page, "老王")).to_contain_text("getUserProfile:fail auth deny")
    expect(phone_of(page, "Anna").locator(".tile")).to_have_text(
        ["小示例小程序", "游示例小游戏", "网示例网站应用"]
    )
    expect(phone_of(page, "小明").locator(".lately")).to_contain_text("tt.login 示例小程序")
    do(page, "小红", "subscribe")
    expect(sheet(page, "小红")).to_contain_text("快递通知")
    faces = page.locator(".person-head .face").evaluate_all("all => all.map(e => e.className)")
    assert len(set(faces)) == 4
    if width == 390:
        page.locator(".faces").get_by_role("link", name="小红").click()
        expect(phone_of(page, "小红").locator(".phone")).to_be_in_viewport()
        expect(phone_of(page, "小明").locator(".phone")).not_to_be_in_viewport()
        expect(page.locator(".faces [aria-current]")).to_contain_text("小红")
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= width
    keep(page, f"people-{width}-{scheme}")


def test_a_login_whose_code_a_backend_exchanges(board: Board, steering: Steering) -> None:
    """The phone shows all that tt.login passes to success, to be copied; the code is real."""
    page = board("people")
    page.evaluate(WATCH_CLIPBOARD)
    expect(got(page, "小红")).to_contain_text("mockdouyin code --person 小红 --url")

    do(page, "小红", "login")
    expect(got(page, "小红")).to_contain_text("login:ok")
    got(page, "小红").get_by_role("button", name="复制").click()
    expect(got(page, "小红")).to_contain_text("已复制")
    result = parsed(pasted(page))
    assert result["errMsg"] == "login:ok"
    assert steering.exchange(result["code"])["err_no"] == 0

    expect(phone_of(page, "小红").locator(".badge").first).to_have_text("已登录")
    number = steering.latest(kind="phone.login", person="小红")
    expect(got(page, "小红").get_by_role("link", name=f"#{number}")).to_be_visible()
    phone_of(page, "小红").locator(".lately").get_by_role("link", name="tt.login").click()
    expect(page).to_have_url(re.compile(f"/timeline\\?at={number}$"))


def test_what_the_clock_ends(board: Board, steering: Steering) -> None:
    """A session and a consent are over when the world's clock says so, for who looks and later."""
    steering.login("小明")
    steering.control(
        "oauth/authorize", client_key=WEB.client_key, scope="user_info", person="小明"
    )
    page = board("people")
    badge = phone_of(page, "小明").locator(".badge").first
    expect(badge).to_have_text("已登录")
    steering.control("clock/advance", by="31d")
    expect(badge).to_have_text("会话已失效")
    page.reload()
    expect(badge).to_have_text("会话已失效")

    page.goto(f"{steering.server.url}/_mock/#/default/people?app={WEB.client_key}")
    expect(badge).to_have_text("授权已失效")
    steering.control(
        "oauth/authorize", client_key=WEB.client_key, scope="user_info", person="小明"
    )
    expect(badge).to_have_text("已授权")
    expect(phone_of(page, "小红").locator(".badge").first).to_have_text("未授权")


def test_profile_number_and_other_calls(board: Board, steering: Steering) -> None:
    """The other tt calls are a click; in another app they are made there."""
    page = board("people")
    do(page, "小明", "login")
    expect(got(page, "小明")).to_contain_text("login:ok")
    do(page, "小明", "profile")
    expect(got(page, "小明")).to_contain_text("小明同学")
    do(page, "小明", "number")
    expect(got(page, "小明")).to_contain_text("getPhoneNumber:ok")
    do(page, "小明", "others")
    phone_of(page, "小明").get_by_role("button", name="tt.getLocation").click()
    expect(got(page, "小明")).to_contain_text("getLocation:ok")

    page.get_by_label("在哪个应用里操作").select_option(label="示例小游戏")
    do(page, "小明", "login")
    until(lambda: act_of(steering, "phone.login")["app"] != MINI.client_key, "a login in the game")
    expect(page).to_have_url(re.compile(r"app=tt"))


def test_the_home_opens_an_app(board: Board) -> None:
    """Which app a phone has open stands in the address; the home has them all."""
    page = board("people")
    phone_of(page, "Anna").get_by_role("button", name="回到桌面").click()
    phone_of(page, "Anna").get_by_role("button", name="示例网站应用").click()
    expect(phone_of(page, "Anna").locator(".app-name")).to_have_text("示例网站应用")
    expect(phone_of(page, "小明").locator(".app-name")).to_have_text("示例小程序")
    expect(phone_of(page, "Anna").locator(".badge").first).to_have_text("未授权")
    page.reload()
    expect(phone_of(page, "Anna").locator(".app-name")).to_have_text("示例网站应用")


def test_subscribing_with_an_answer(board: Board, steering: Steering) -> None:
    """The person answers each template by itself."""
    page = board("people")
    template = MINI.template
    do(page, "小红", "subscribe")
    sheet(page, "小红").get_by_label(f"对模板 {template} 的答复").select_option("reject")
    confirm(page, "小红")
    expect(got(page, "小红")).to_contain_text("requestSubscribeMessage:ok")
    act = act_of(steering, "phone.requestSubscribeMessage")
    assert act["person"] == "小红"
    assert act["given"] == {"tmplIds": [template], "answers": {template: "reject"}}
    assert act["result"][template] == "reject"


def test_consent_is_allowed_and_denied(board: Board, steering: Steering) -> None:
    """A web app asks as its page does; A and D answer while the phone has the focus."""
    page = board("people", app=WEB.client_key)
    do(page, "小明", "consent")
    expect(sheet(page, "小明").get_by_role("button", name="允许")).to_be_focused()
    page.keyboard.press("a")
    expect(got(page, "小明")).to_contain_text("同意授权")
    assert act_of(steering, "consent.allow")["given"]["scope"] == "user_info"
    expect(phone_of(page, "小明").locator(".badge").first).to_have_text("已授权")

    do(page, "小红", "consent")
    page.keyboard.press("d")
    expect(got(page, "小红")).to_contain_text("拒绝授权")
    expect(got(page, "小红").locator(".is-refused").first).to_be_visible()
    assert act_of(steering, "consent.deny")["person"] == "小红"

    do(page, "小红", "consent")
    sheet(page, "小红").get_by_label("scope", exact=True).fill("user_info,no.such")
    confirm(page, "小红")
    expect(got(page, "小红").locator(".refusal")).to_contain_text("抖音会拒绝")


def test_a_mini_app_asks_for_scopes(board: Board, steering: Steering) -> None:
    """In a mini-app the same sheet is tt.showDouyinOpenAuth."""
    page = board("people")
    do(page, "小明", "consent")
    confirm(page, "小明")
    expect(got(page, "小明")).to_contain_text("showDouyinOpenAuth:ok")
    do(page, "小明", "consent")
    sheet(page, "小明").get_by_role("button", name="拒绝").click()
    expect(got(page, "小明")).to_contain_text("10502")
    assert act_of(steering, "phone.showDouyinOpenAuth")["given"]["decision"] == "deny"


def test_scanning_a_link_and_a_qr_code(board: Board, steering: Steering) -> None:
    """The camera takes a consent link, with its optional scopes, and the token of a QR code."""
    page = board("people", **{"app.小明": "home"})
    phone_of(page, "小明").get_by_role("button", name="扫一扫").click()
    confirm_nothing = sheet(page, "小明").locator(".phone-main")
    confirm_nothing.click()
    expect(sheet(page, "小明")).to_contain_text("先粘贴二维码内容")
    sheet(page, "小明").get_by_label("二维码内容").fill(CONSENT)
    confirm_nothing.click()
    expect(sheet(page, "小明").get_by_label("mobile")).to_be_checked()
    sheet(page, "小明").get_by_label("login_id").check()
    keep(page, "people-consent")
    confirm(page, "小明")
    expect(got(page, "小明")).to_contain_text(CALLBACK[:8])
    given = act_of(steering, "consent.allow")["given"]
    assert given["tick"] == ["mobile", "login_id"]
    assert given["state"] == "s&1"
    expect(phone_of(page, "小明").locator(".app-name")).to_have_text("示例网站应用")

    query = {"client_key": WEB.client_key, "scope": "user_info", "next": CALLBACK, "state": "s"}
    query["jump_type"] = "native"
    token = steering.http.get("/oauth/get_qrcode/", params=query).json()["data"]["token"]
    do(page, "老王", "scan")
    sheet(page, "老王").get_by_label("二维码内容").fill(f"https://x.test/?token={token}")
    sheet(page, "老王").get_by_label("扫到授权二维码以后").select_option("allow")
    confirm(page, "老王")
    expect(got(page, "老王")).to_contain_text("confirmed")
    polled = steering.http.get(
        "/oauth/check_qrcode/", params={"client_key": WEB.client_key, "token": token}
    )
    assert polled.json()["data"]["status"] == "confirmed"


def test_publishing_a_share(board: Board, steering: Steering) -> None:
    """A link that holds is published; of one that does not the phone says why."""
    page = board("people")
    do(page, "小红", "publish")
    sheet(page, "小红").get_by_role("button", name="生成一条").click()
    schema = sheet(page, "小红").get_by_label("schema")
    expect(schema).to_have_value(re.compile(r"^snssdk1128://openplatform/share\?"))
    confirm(page, "小红")
    expect(got(page, "小红")).to_contain_text("share_id")
    assert act_of(steering, "share.publish")["person"] == "小红"

    do(page, "小红", "publish")
    schema.fill("snssdk1128://openplatform/share?share_type=h5")
    confirm(page, "小红")
    expect(got(page, "小红").locator(".refusal")).to_contain_text("signature")


def test_social_acts(board: Board, steering: Steering) -> None:
    """Comment, like, follow, unfollow and message reach the server with whom and what."""
    page = board("people")
    do(page, "小明", "comment")
    sheet(page, "小明").get_by_label("谁的作品").select_option("老王")
    sheet(page, "小明").get_by_label("内容").fill("真好看")
    confirm(page, "小明")
    expect(got(page, "小明")).to_contain_text("comment_id")
    comment = act_of(steering, "social.comment")
    assert (comment["given"]["other"], comment["given"]["text"]) == ("老王", "真好看")
    assert comment["app"] == WEB.client_key
    for deed, kind in (("digg", "digg"), ("follow", "follow"), ("message", "message")):
        do(page, "小明", deed)
        confirm(page, "小明")
        assert act_of(steering, f"social.{kind}")["person"] == "小明"
    do(page, "小明", "follow")
    sheet(page, "小明").get_by_role("button", name="取消关注").click()
    assert act_of(steering, "social.unfollow")["given"]["other"] == "小红"
    expect(phone_of(page, "小明").locator(".lately li")).to_have_count(5)
    expect(phone_of(page, "小明").locator(".lately li").first).to_contain_text("取消关注 小红")


def test_the_next_call_fails_as_chosen(board: Board, steering: Steering) -> None:
    """One call of this person gets the chosen errNo, then all is as usual."""
    page = board("people")
    anna = phone_of(page, "Anna")
    usual = anna.locator(".next").get_by_role("button", name="允许")
    expect(usual).to_have_attribute("aria-pressed", "true")
    anna.get_by_role("button", name="errNo…").click()
    anna.get_by_label("接口").select_option("phone.getPhoneNumber")
    expect(anna.locator(".errors li")).to_have_count(7)
    keep(page, "people-errors")
    anna.get_by_role("button", name=re.compile("no permission")).click()
    expect(anna.locator(".next")).to_contain_text("tt.getPhoneNumber no_permission · 1 次")
    (rule,) = steering.http.get("/_mock/rules").json()["rules"]
    assert rule["when"] == {"person": "Anna"}
    assert (rule["error"], rule["times"]) == ("no_permission", 1)

    steering.login()
    steering.control("phone/getPhoneNumber", person="小明")
    expect(usual).to_have_attribute("aria-pressed", "false")
    do(page, "Anna", "number")
    expect(got(page, "Anna")).to_contain_text("getPhoneNumber:fail no permission")
    expect(usual).to_have_attribute("aria-pressed", "true")

    steering.control("rules", on="phone.login", when={"person": "Anna"}, error=113001, times=2)
    expect(anna.locator(".next")).to_contain_text("tt.login 113001 host login fail · 2 次")
    usual.click()
    expect(anna.locator(".next")).to_contain_text("照常返回")
    assert "errNo" not in steering.control("phone/login", person="Anna")


def test_revoking_is_asked_in_place(board: Board, steering: Steering) -> None:
    """Consent is taken back only after a second click; then the token is invalid."""
    code = steering.control("oauth/authorize", person="小明")["code"]
    keys = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}
    answer = steering.http.post(
        "/oauth/access_token/", data={**keys, "code": code, "grant_type": "authorization_code"}
    ).json()["data"]
    user = {"access_token": answer["access_token"], "open_id": answer["open_id"]}

    def error_code() -> int:
        reply = steering.http.post("/oauth/userinfo/", data=user).json()
        number: int = reply["data"]["error_code"]
        return number

    assert error_code() == 0
    page = board("people")
    menu(page, "小明", "取消授权")
    sheet(page, "小明").get_by_role("button", name="保留授权").click()
    expect(sheet(page, "小明")).to_have_count(0)
    assert error_code() == 0
    menu(page, "小明", "取消授权")
    keep(page, "people-revoke")
    confirm(page, "小明")
    expect(got(page, "小明")).to_contain_text("user_info")
    assert error_code() != 0
    menu(page, "小红", "取消授权")
    confirm(page, "小红")
    expect(got(page, "小红").locator(".refusal")).to_be_visible()


def test_people_join_and_change(board: Board, steering: Steering) -> None:
    """A person is added and edited here; one who joins elsewhere comes up by itself."""
    page = board("people")
    page.get_by_role("button", name="新用户").click()
    dialog = page.get_by_role("dialog", name="新用户")
    dialog.get_by_label("名字").fill("小明")
    dialog.get_by_role("button", name="添加").click()
    expect(dialog.locator(".refusal")).to_contain_text("小明")
    dialog.get_by_label("名字").fill("小刚")
    dialog.get_by_label("城市").fill("深圳")
    keep(page, "people-add")
    dialog.get_by_role("button", name="添加").click()
    expect(phone_of(page, "小刚")).to_be_in_viewport()
    expect(page).to_have_url(re.compile("at="))

    menu(page, "小刚", "编辑资料")
    dialog = page.get_by_role("dialog", name="编辑 小刚")
    dialog.get_by_label("手机号").fill("13712345678")
    dialog.get_by_label("性别").select_option(label="女")
    dialog.get_by_role("button", name="保存").click()
    expect(phone_of(page, "小刚")).to_contain_text("137****5678")
    (person,) = steering.http.get("/_mock/people", params={"person": "小刚"}).json()["people"]
    assert (person["city"], person["phone"], person["gender"]) == ("深圳", "13712345678", 2)

    steering.control("people", name="外来")
    expect(phone_of(page, "外来")).to_be_attached()
    expect(page.locator(".tab[aria-current] .count").first).to_contain_text("6")


def test_what_others_do_meanwhile(board: Board, steering: Steering) -> None:
    """Calls from elsewhere come up masked; what was done here stays until one asks for them."""
    page = board("people")
    steering.login("老王")
    expect(got(page, "老王")).to_contain_text("tt.login")
    steering.control("phone/getUserProfile", person="老王")
    expect(got(page, "老王")).to_contain_text("***")
    got(page, "老王").get_by_role("button", name="显示密钥").click()
    expect(got(page, "老王")).not_to_contain_text("***")

    do(page, "小明", "login")
    expect(got(page, "小明")).to_contain_text("login:ok")
    steering.control("phone/getLocation", person="小明")
    newer = got(page, "小明").get_by_role("button", name="又有：tt.getLocation")
    expect(newer).to_be_visible()
    expect(got(page, "小明")).to_contain_text("login:ok")
    newer.click()
    expect(got(page, "小明")).to_contain_text("getLocation:ok")

    steering.control("reset")
    expect(phone_of(page, "小明").locator(".lately")).to_contain_text("还没有做过什么")
    expect(got(page, "小明")).to_contain_text("mockdouyin code")


def test_a_load_runs_meanwhile(board: Board, steering: Steering) -> None:
    """While calls pour in, what a person got goes on, and the sheet of another one stays."""
    page = board("people")
    do(page, "小红", "message")
    sheet(page, "小红").get_by_label("内容").fill("还在写")
    stop = threading.Event()

    def pour() -> None:
        while not stop.is_set():
            steering.login("小明")

    thread = threading.Thread(target=pour)
    thread.start()
    try:
        number = got(page, "小明").get_by_role("link", name="#")
        expect(number).to_be_visible()
        first = number.inner_text()
        expect(number).not_to_have_text(first)
        expect(sheet(page, "小红").get_by_label("内容")).to_have_value("还在写")
        expect(sheet(page, "小红").get_by_label("内容")).to_be_focused()
    finally:
        stop.set()
        thread.join()
    newest = steering.latest(kind="phone.login")
    expect(phone_of(page, "小明").locator(".lately li").first).to_contain_text(f"#{newest}")
    expect(number).to_have_text(f"#{newest}")


def test_keys_and_focus(board: Board) -> None:
    """j and k go from person to person; a sheet takes the focus, and Esc gives it back."""
    page = board("people")
    expect(phone_of(page, "Anna")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(phone_of(page, "小红")).to_be_focused()
    page.keyboard.press("k")
    expect(phone_of(page, "小明")).to_be_focused()

    chip = phone_of(page, "小明").locator('[data-deed="message"]')
    chip.focus()
    page.keyboard.press("Enter")
    expect(sheet(page, "小明").get_by_label("发给谁")).to_be_focused()
    assert phone_of(page, "小明").locator(".phone-page").evaluate("page => page.inert")
    page.keyboard.press("Escape")
    expect(sheet(page, "小明")).to_have_count(0)
    expect(chip).to_be_focused()
    page.keyboard.press("1")
    expect(page).to_have_url(re.compile("/timeline"))
    page.keyboard.press("2")
    expect(phone_of(page, "小明")).to_be_visible()


def test_in_english(board: Board, steering: Steering) -> None:
    """The same in English; Douyin's own texts stay."""
    steering.login()
    page = board("people", locale="en-GB")
    expect(phone_of(page, "小明").locator(".badge").first).to_have_text("Logged in")
    do(page, "小明", "follow")
    expect(sheet(page, "小明")).to_contain_text("Unfollow")
    phone_of(page, "Anna").get_by_role("button", name="errNo…").click()
    expect(phone_of(page, "Anna").locator(".errors")).to_contain_text("host login fail")
    assert "people." not in page.locator("body").inner_text()
    keep(page, "people-en")


def test_text_of_clients_never_becomes_markup(board: Board, steering: Steering) -> None:
    """Names, nicknames, templates, comments and scopes are text, whatever they hold."""
    template = {"kind": "one_time", "fields": [SCRIPT], "title": SCRIPT}
    steering.control("apps", name=SCRIPT, kind="mini_program", templates={"T1": template})
    steering.control("people", name=SCRIPT, nickname=SCRIPT, city=SCRIPT, province=SCRIPT)
    steering.control("acts/comment", person=SCRIPT, other="小红", text=SCRIPT)
    page = board("people")
    column = page.get_by_role("region", name=SCRIPT)
    expect(column).to_contain_text("onerror")
    page.get_by_label("在哪个应用里操作").select_option(label=SCRIPT)
    column.locator('[data-deed="subscribe"]').click()
    expect(column.get_by_role("dialog")).to_contain_text("onerror")
    column.locator(".phone-main").click()
    expect(column.locator(".got")).to_contain_text("requestSubscribeMessage:ok")
    column.locator('[data-deed="consent"]').click()
    column.get_by_label("scopeList").fill(SCRIPT)
    column.locator(".phone-main").click()
    expect(column.locator(".got")).to_contain_text("showDouyinOpenAuth:fail")
    column.locator('[data-deed="message"]').click()
    column.get_by_label("内容").fill(SCRIPT)
    column.locator(".phone-main").click()
    expect(column.locator(".got")).to_contain_text("msg_id")
    column.get_by_role("button", name="更多操作").click()
    column.get_by_role("button", name="编辑资料").click()
    expect(page.get_by_role("dialog", name=SCRIPT)).to_be_visible()
    assert page.locator("img").count() == 0
    assert "mockdouyin" in page.title()


def test_one_of_many_is_found(board: Board, steering: Steering) -> None:
    """Of many people some are phones; another one is found by name or open_id."""
    for number in range(30):
        steering.control("people", name=f"p{number}")
    page = board("people")
    expect(page.locator(".person")).to_have_count(24)
    finder = page.locator(".finder")
    expect(finder).to_contain_text("还有 10 位没有列出")
    finder.get_by_role("searchbox").fill("p29")
    finder.get_by_role("button", name="查找").click()
    expect(page.locator(".person")).to_have_count(1)
    expect(phone_of(page, "p29")).to_be_visible()
    do(page, "p29", "login")
    expect(got(page, "p29")).to_contain_text("login:ok")
    finder.get_by_role("searchbox").fill("nobody")
    finder.get_by_role("button", name="查找").click()
    expect(finder).to_contain_text("nobody")
    finder.get_by_role("button", name="全部用户").click()
    expect(page.locator(".person")).to_have_count(24)
