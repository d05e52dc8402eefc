"""The deliveries in a browser: what was sent and came back, what is sent again, an examination."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from mockdouyin.domain.payment_callbacks import is_signed
from tests.browser.dashboard import (
    MINI,
    WATCH_CLIPBOARD,
    WEB,
    Board,
    Steering,
    board,
    keep,
    pasted,
    steering,
)
from tests.support.ecpay import sign
from tests.support.receivers import Receiver, echo, fails, says
from tests.support.waiting import until
from tests.webhook_check.payment_receivers import AMOUNT, ORDER, TOKEN, Shop
from tests.webhook_check.receivers import running

__all__ = ["board", "steering"]

EXAMINE = re.compile("检验这个接收端|Examine this receiver")

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture
def receiver(steering: Steering) -> Iterator[Receiver]:
    """Yield the receiver of the web app's webhook; the clock stands still."""
    steering.control("clock/freeze", at="2026-11-20T14:00:00+08:00")
    with Receiver() as running:
        body = {"webhook": {"url": running.url}, "verify": False}
        steering.http.patch("/_mock/apps/web", json=body).raise_for_status()
        yield running


def item(page: Page, number: int) -> Locator:
    """Return the row of the web app's n-th delivery."""
    return page.locator(f'.list [data-key="{WEB.client_key}-{number}"]')


def last(page: Page) -> Locator:
    """Return the newest row."""
    return page.locator(".list [role=option]").last


def opened(page: Page) -> Locator:
    """Return the pane that is seen beside the list."""
    return page.locator(".detail:visible")


def settled(page: Page, name: str) -> None:
    """Save a screenshot once nothing moves any more."""
    page.evaluate("() => Promise.all(document.getAnimations().map((each) => each.finished))")
    keep(page, name)


def follow(steering: Steering, receiver: Receiver, person: str = "小明") -> str:
    """Have somebody follow another person; return the delivery's id once it was tried."""
    before = len(receiver.received)
    steering.control("acts/follow", person=person)
    receiver.wait(before + 1)
    until(lambda: tried(steering), "an attempt that is recorded")
    return tried(steering)


def tried(steering: Steering) -> str:
    """Return the id of the newest delivery, if it was tried."""
    found = steering.http.get("/_mock/deliveries").json()["deliveries"]
    return str(found[-1]["id"]) if found and found[-1]["attempts"] else ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_a_delivery(
    board: Board, steering: Steering, receiver: Receiver, width: int, scheme: str
) -> None:
    """Each is a row with its attempts; opened it tells why it does not count."""
    follow(steering, receiver)
    steering.control("acts/comment", person="小红", text="很好")
    receiver.wait(2)
    receiver.respond = fails
    failing = follow(steering, receiver, "小红")
    page = board("deliveries", width, color_scheme=scheme)

    expect(last(page)).to_contain_text("new_follow_action")
    expect(last(page)).to_contain_text("500")
    expect(last(page)).to_contain_text("14:00:10 第 2 次")
    settled(page, f"deliveries-list-{width}-{scheme}")
    last(page).click()
    pane = opened(page)
    expect(pane).to_contain_text("不算送达：应返回 200，实际是 HTTP 500")
    expect(pane).to_contain_text("第 2 次在 14:00:10，还有 10 秒")
    expect(pane).to_contain_text("签名核对一致")
    expect(pane.locator(".recipe")).to_contain_text("sha1(密钥 + 收到的原始 body)")
    expect(pane.locator(".recipe")).to_contain_text("client_secret")
    expect(pane.locator(".raw")).to_have_text(receiver.received[-1].body.decode())
    expect(pane).to_contain_text(receiver.received[-1].headers["x-douyin-signature"])
    expect(pane).to_contain_text(receiver.received[-1].message_id)
    assert failing in page.url
    settled(page, f"deliveries-waiting-{width}-{scheme}")

    receiver.respond = echo
    pane.get_by_role("button", name="拨到这一次").click()
    expect(pane).to_contain_text("第 2 次送达")
    expect(pane).to_contain_text("虚拟时间过去 10 秒")
    expect(item(page, 3)).to_contain_text("500 → 200")
    settled(page, f"deliveries-{width}-{scheme}")
    page.reload()
    expect(pane).to_contain_text("第 2 次送达")


def test_its_cause(board: Board, steering: Steering, receiver: Receiver) -> None:
    """The cause and the story lead to the timeline, where both are open."""
    steering.control("oauth/authorize", person="小明", decision="allow")
    follow(steering, receiver, "小红")
    page = board("deliveries")
    item(page, 1).click()
    opened(page).get_by_role("link", name="grant:").click()
    expect(page.locator(".timeline .story")).to_have_count(1)
    expect(opened(page)).to_contain_text("小明")
    page.go_back()
    last(page).click()

    opened(page).get_by_role("link", name="小红").click()

    expect(page.locator(".timeline")).to_be_visible()
    expect(opened(page)).to_contain_text("social.follow")


def test_replay(board: Board, steering: Steering, receiver: Receiver) -> None:
    """The same bytes go out again; or under a new Msg-Id; or edited, and signed anew."""
    follow(steering, receiver)
    page = board("deliveries")
    last(page).click()
    pane = opened(page)
    expect(pane).to_contain_text("第 1 次送达")

    pane.get_by_role("button", name="原样重放").click()
    expect(pane.get_by_role("status")).to_have_text("已重放：200")
    expect(pane.locator(".tries li .nth")).to_have_count(2)
    page.keyboard.press("n")
    expect(item(page, 2)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    body = dialog.locator("[name=raw]")
    body.fill(json.dumps({"event": "new_follow_action", "content": SCRIPT}))
    settled(page, "deliveries-edit")
    dialog.get_by_role("button", name="发送").click()
    expect(dialog).to_be_hidden()
    expect(item(page, 3)).to_have_attribute("aria-selected", "true")
    expect(pane.locator(".raw")).to_contain_text(SCRIPT)

    first, again, renewed, edited = receiver.wait(4)
    assert (again.body, again.message_id) == (first.body, first.message_id)
    assert renewed.body == first.body
    assert renewed.message_id != first.message_id
    assert edited.payload["content"] == SCRIPT
    assert all(each.is_signed(WEB.client_secret) for each in receiver.received)


def test_a_key_before_the_delivery_is_there(
    board: Board, steering: Steering, receiver: Receiver
) -> None:
    """A key that is pressed while a delivery is being opened waits for it."""
    follow(steering, receiver)
    page = board("deliveries")
    held: list[Route] = []
    page.route("**/signature*", lambda route: held.append(route))
    last(page).click()
    until(lambda: page.evaluate("1") and held, "the page's question")
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_hidden()

    held[0].continue_()

    expect(page.get_by_role("dialog").locator("[name=raw]")).to_be_visible()


def test_trigger(board: Board, steering: Steering, receiver: Receiver) -> None:
    """Any event is sent from a form; what is wrong with the form is said in it."""
    page = board("deliveries")
    page.get_by_role("button", name="触发事件").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=event]").select_option("create_video")
    dialog.locator("[name=person]").select_option("小红")
    dialog.locator("[name=content]").fill("{share_id")
    dialog.get_by_role("button", name="发送").click()
    expect(dialog.get_by_role("status")).to_contain_text("content 不是 JSON")
    dialog.locator("[name=content]").fill('{"share_id": "176739"}')
    settled(page, "deliveries-trigger")
    dialog.get_by_role("button", name="发送").click()

    expect(opened(page)).to_contain_text("create_video")
    expect(opened(page)).to_contain_text("小红")
    content = receiver.only.payload["content"]
    assert (json.loads(content) if isinstance(content, str) else content)["share_id"] == "176739"


def test_every_event_is_explained_in_chinese(board: Board, steering: Steering) -> None:
    """Each event of the form is explained by its own Chinese."""
    page = board("deliveries")
    page.get_by_role("button", name="触发事件").click()
    for each in steering.http.get("/_mock/events", params={"lang": "zh"}).json()["events"]:
        assert re.search("[一-鿿]", each["about"]), each["event"]
        page.locator(".send-form select[name=event]").select_option(each["event"])
        expect(page.locator(".send-form .about").first).to_have_text(each["about"])


def test_live(board: Board, steering: Steering, receiver: Receiver) -> None:
    """What comes is listed as it comes, and what waits is counted on the tab of every view."""
    steering.token()
    page = board()
    tab = page.locator(".tab-list [data-view=deliveries]")
    expect(tab.locator(".count")).to_be_hidden()
    receiver.respond = fails
    follow(steering, receiver)

    expect(tab.locator(".count")).to_contain_text("1")
    page.keyboard.press("5")
    expect(item(page, 1)).to_contain_text("第 2 次")
    receiver.respond = echo
    follow(steering, receiver, "小红")
    expect(item(page, 2)).to_contain_text("200")
    steering.control("clock/advance", by="10s")
    expect(item(page, 1)).to_contain_text("500 → 200")
    expect(tab.locator(".count")).to_be_hidden()


@pytest.mark.parametrize("view", ["scenarios", "deliveries"])
def test_failures_are_counted(
    board: Board, steering: Steering, receiver: Receiver, view: str
) -> None:
    """From the beginning, in whatever view, the tab tells how many failed for good."""
    receiver.respond = fails
    follow(steering, receiver)
    follow(steering, receiver, "小红")
    page = board(view)
    count = page.locator(".tab-list [data-view=deliveries] .count")
    expect(count).to_have_class("count pending")
    expect(count).to_have_text("2 2 次在等虚拟时间")

    steering.control("clock/advance", by="1d")
    expect(count).to_have_class("count fault")
    expect(count).to_have_text("2 2 次投递失败")
    page.reload()
    expect(count).to_have_text("2 2 次投递失败")
    keep(page, f"tabs-{view}")


def test_it_stands_still(board: Board, steering: Steering, receiver: Receiver) -> None:
    """Who reads above the end is told how many are new, and nothing moves."""
    for _ in range(40):
        steering.control("events", event="create_video")
    page = board("deliveries")
    expect(item(page, 40)).to_be_visible()
    page.locator(".list").evaluate("(list) => (list.scrollTop = 200)")
    expect(item(page, 15)).to_be_in_viewport()
    place = item(page, 15).bounding_box()

    steering.control("events", event="create_video")
    fresh = page.get_by_role("button", name="1 条新的")
    expect(fresh).to_be_visible()
    assert item(page, 15).bounding_box() == place
    expect(item(page, 41)).not_to_be_in_viewport()
    fresh.click()
    expect(item(page, 41)).to_be_in_viewport()
    expect(fresh).to_be_hidden()


def test_filters(board: Board, steering: Steering, receiver: Receiver) -> None:
    """By state, event, app and person; they stand in the address."""
    follow(steering, receiver)
    receiver.respond = fails
    follow(steering, receiver, "小红")
    steering.control("events", event="create_video", once=True)
    page = board("deliveries")
    rows = page.locator(".list [role=option]")
    expect(rows).to_have_count(3)

    page.get_by_role("button", name="没被接受").click()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="失败").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("create_video")
    page.get_by_role("button", name="全部").click()
    page.get_by_label("用户", exact=True).select_option("小红")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("new_follow_action")
    page.reload()
    expect(rows).to_have_count(1)
    page.get_by_label("用户", exact=True).select_option("")
    page.get_by_label("事件", exact=True).select_option("create_video")
    expect(rows).to_have_count(1)
    assert "event=create_video" in page.url


@pytest.mark.parametrize("width", [1440, 390])
def test_an_examination(board: Board, steering: Steering, receiver: Receiver, width: int) -> None:
    """The probes run in place: what failed is open, with what was sent and what it means."""
    receiver.respond = echo  # it checks no signature
    follow(steering, receiver)
    page = board("deliveries", width)
    page.get_by_role("button", name="检验接收端").click()
    pane = opened(page)
    expect(pane.get_by_label("接收端地址")).to_have_value(receiver.url)
    pane.get_by_role("button", name="开始检验").click()

    failed = pane.locator("[data-probe=wrong-signature]")
    expect(failed).to_have_attribute("open", "")
    expect(failed).to_contain_text("X-Douyin-Signature")
    expect(pane.locator(".report")).to_contain_text("项通过")
    expect(pane.locator("[data-probe=spaces]")).not_to_have_attribute("open", "")
    settled(page, f"deliveries-check-{width}")
    page.keyboard.press("Escape")
    expect(page.locator(".detail:visible")).to_have_count(0)
    expect(page.locator(".list [role=option]")).to_have_count(1)


@pytest.fixture
def paid(steering: Steering) -> Iterator[str]:
    """Yield the receiver's URL of an order that was paid, whose callback was delivered."""
    shop = Shop()
    shop.app = MINI.client_key
    with running(shop) as url:
        body = {"payment": {"notify_url": url, "token": TOKEN}}
        app = steering.http.patch(f"/_mock/apps/{MINI.client_key}", json=body).json()
        fields = {
            "app_id": MINI.client_key,
            "out_order_no": ORDER,
            "total_amount": AMOUNT,
            "subject": "月度会员",
            "body": "月度会员 30 天",
            "valid_time": 900,
        }
        made = {**fields, "sign": sign(fields, app["payment"]["salt"])}
        steering.http.post("/api/apps/ecpay/v1/create_order", json=made).raise_for_status()
        steering.control("phone/pay", order=ORDER)
        until(lambda: tried(steering), "a callback that was delivered")
        yield url


def told(steering: Steering) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Return each payment callback that was sent, and what its msg says."""
    found = steering.http.get("/_mock/deliveries").json()["deliveries"]
    bodies = [json.loads(each["body"]) for each in found]
    assert all(is_signed(each["body"].encode(), TOKEN) for each in found)
    return [(body, json.loads(body["msg"])) for body in bodies]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_payment_callback_again(board: Board, steering: Steering, paid: str, width: int) -> None:
    """A callback is signed under another nonce, or edited in its msg; both are its order's."""
    page = board("deliveries", width)
    last(page).click()
    pane = opened(page)
    expect(pane.locator(".recipe")).to_contain_text("msg_signature = sha1(Token")
    bar = pane.locator(".action-bar")
    assert bar.evaluate("(bar) => bar.scrollWidth <= bar.clientWidth")
    pane.get_by_role("button", name="换新签名重发").click()
    expect(pane.locator(".facts")).to_contain_text("2 ·")
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    msg = dialog.locator("[name=msg]")
    expect(msg).to_have_value(re.compile(f'^{{"appid":.*"total_amount":{AMOUNT}'))
    settled(page, f"deliveries-edit-ecpay-{width}")
    msg.fill(msg.input_value().replace(f'"total_amount":{AMOUNT}', '"total_amount":1'))
    dialog.get_by_role("button", name="发送").click()

    expect(dialog).to_be_hidden()
    expect(pane.locator(".facts")).to_contain_text("3 ·")
    expect(pane).to_contain_text("签名核对一致")
    expect(pane.get_by_role("link", name="order:")).to_contain_text(ORDER)
    pane.get_by_text("按 JSON 看").click()
    expect(pane.locator(".json")).to_contain_text("cp_orderno")
    settled(page, f"deliveries-edited-ecpay-{width}")
    (first, paid_for), (second, again), (_, edited) = told(steering)
    assert paid_for == again == {**edited, "total_amount": AMOUNT}
    assert edited["total_amount"] == 1
    assert first["nonce"] != second["nonce"]


EVENTS = ["ecpay_payment", "ecpay_refund", "ecpay_settle", "ecpay_withdraw"]


@pytest.mark.parametrize("event", EVENTS)
def test_trigger_a_payment_callback(
    board: Board, steering: Steering, paid: str, event: str
) -> None:
    """The form knows whose callback it is, and where; it goes out signed by the Token."""
    page = board("deliveries")
    page.get_by_role("button", name="触发事件").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=event]").select_option(event)
    expect(dialog.locator("[name=app]")).to_have_value(MINI.client_key)
    expect(dialog.locator("[name=to]")).to_have_attribute("placeholder", paid)
    expect(dialog.locator("[name=other]")).to_be_hidden()
    expect(dialog.locator(".about")).to_contain_text("回调：")
    dialog.locator("[name=content]").fill("{status")
    dialog.get_by_role("button", name="发送").click()
    expect(dialog.get_by_role("status")).to_contain_text("msg 不是 JSON")
    dialog.locator("[name=content]").fill('{"status": "FAIL", "message": "余额不足"}')
    expect(dialog.get_by_role("status")).to_be_empty()
    settled(page, f"deliveries-trigger-{event}")
    dialog.get_by_role("button", name="发送").click()

    expect(opened(page).locator("h1")).to_have_text(event)
    expect(opened(page)).to_contain_text("签名核对一致")
    body, said = told(steering)[-1]
    assert f"ecpay_{body['type']}" == event
    assert (said["status"], said["message"]) == ("FAIL", "余额不足")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="触发事件").click()
    dialog.locator("[name=event]").select_option(event)
    dialog.locator("[name=event]").select_option("create_video")
    expect(dialog.locator("[name=other]")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "scheme"), [("zh-CN", "light"), ("en-GB", "dark")], ids=["zh", "en"]
)
@pytest.mark.parametrize("width", [1440, 390])
def test_an_examination_of_a_payment_receiver(
    board: Board, steering: Steering, paid: str, width: int, locale: str, scheme: str
) -> None:
    """From a payment's callback to the examination of who got it, with its order filled in."""
    page = board("deliveries", width, locale=locale, color_scheme=scheme)
    last(page).click()
    pane = opened(page)
    expect(pane.get_by_role("button", name=EXAMINE)).to_be_visible()
    page.keyboard.press("x")
    expect(pane.get_by_label(re.compile("类型|Kind"))).to_have_value("ecpay")
    expect(pane.locator("input[type=url]")).to_have_value(paid)
    expect(pane.get_by_placeholder("out_order_no")).to_have_value(ORDER)
    pane.locator(".check-form button").click()

    expect(pane.locator("[data-probe=right-signature]")).to_have_class(re.compile("pass"))
    expect(pane.locator(".counts")).to_contain_text(re.compile("条建议|with advice"))
    expect(pane.locator(".probe.fail")).to_have_count(0)
    settled(page, f"deliveries-check-ecpay-{locale[:2]}-{width}")
    pane.locator("[data-probe=tampered-msg] summary").first.click()
    expect(pane.locator("[data-probe=tampered-msg]")).not_to_contain_text("X-Douyin-Signature")


def test_the_kind_of_receiver(board: Board, steering: Steering, receiver: Receiver) -> None:
    """Each kind has its app and that app's own address; what is copied repeats it."""
    body = {"payment": {"notify_url": f"{receiver.url}/pay"}}
    steering.http.patch(f"/_mock/apps/{MINI.client_key}", json=body).raise_for_status()
    follow(steering, receiver)
    page = board("deliveries")
    page.evaluate(WATCH_CLIPBOARD)
    page.get_by_role("button", name="检验接收端").click()
    pane = opened(page)
    expect(pane.get_by_label("接收端地址")).to_have_value(receiver.url)
    pane.get_by_label("类型").select_option("支付回调")

    expect(pane.get_by_label("接收端地址")).to_have_value(f"{receiver.url}/pay")
    expect(pane.get_by_label("应用")).to_have_value(MINI.client_key)
    pane.get_by_placeholder("out_order_no").fill("ORDER'7")
    pane.get_by_label("金额（分）").fill("1990")
    pane.get_by_role("button", name="开始检验").click()
    expect(pane.locator("[data-probe=right-signature]")).to_have_class(re.compile("fail"))
    pane.get_by_role("button", name="复制成命令").click()
    command = pasted(page)
    assert command.startswith(f"mockdouyin check-webhook {receiver.url}/pay --client-key")
    assert command.endswith(
        """--kind ecpay --token "$TOKEN" --order 'ORDER'\\''7' --amount 1990"""
    )


def test_what_is_hostile(board: Board, steering: Steering, receiver: Receiver) -> None:
    """Nothing that a client or a receiver says becomes markup."""
    receiver.respond = says(SCRIPT, 500, "text/html")
    raw = json.dumps({"event": SCRIPT, "content": {SCRIPT: SCRIPT}})
    steering.control("events", event=SCRIPT, to=f"{receiver.url}?{SCRIPT}", raw=raw)
    page = board("deliveries")

    expect(last(page)).to_contain_text(SCRIPT)
    last(page).click()
    expect(opened(page).locator("h1")).to_have_text(SCRIPT)
    expect(opened(page).locator(".answer")).to_have_text(SCRIPT)
    opened(page).get_by_text("按 JSON 看").click()
    expect(opened(page).locator(".json")).to_contain_text("onerror")
    assert page.locator("main img, main script").count() == 0


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_yet(board: Board, width: int) -> None:
    """Without a delivery there are commands to paste, and the form."""
    page = board("deliveries", width)

    expect(page.locator(".empty")).to_contain_text("还没有投递")
    expect(page.locator(".empty pre").first).to_contain_text("/_mock/apps/web")
    settled(page, f"deliveries-empty-{width}")
    page.locator(".empty").get_by_role("button", name="触发事件").click()
    expect(page.get_by_role("dialog").locator("[name=to]")).to_have_attribute("required", "")


def test_english_and_copies(board: Board, steering: Steering, receiver: Receiver) -> None:
    """All of it in English; and the request as a curl command that sends the same."""
    receiver.respond = fails
    follow(steering, receiver)
    page = board("deliveries", locale="en-GB")
    page.evaluate(WATCH_CLIPBOARD)
    last(page).click()
    pane = opened(page)
    expect(pane).to_contain_text("Does not count: HTTP 500")
    expect(pane).to_contain_text("signature verifies")
    expect(page.locator("main")).not_to_contain_text(re.compile(r"deliveries\.|timeline\."))
    settled(page, "deliveries-en")

    page.keyboard.press("c")
    page.wait_for_function("() => window.copied")
    body = receiver.only.body.decode()
    assert pasted(page).startswith(f"curl '{receiver.url}'")
    assert f"--data-binary '{body}'" in pasted(page)


def test_the_keyboard(board: Board, steering: Steering, receiver: Receiver) -> None:
    """Rows are walked, opened and closed by keys; Esc returns to the same row."""
    follow(steering, receiver)
    follow(steering, receiver, "小红")
    page = board("deliveries")
    expect(item(page, 2)).to_be_visible()

    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(item(page, 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(opened(page).locator(".title").first).to_be_focused()
    page.keyboard.press("j")
    expect(item(page, 2)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".detail:visible")).to_have_count(0)
    expect(page.locator(".list")).to_be_focused()
    expect(item(page, 2)).to_have_attribute("aria-selected", "true")
