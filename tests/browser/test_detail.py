"""What is opened in the timeline: why, the bytes, copies, a rule of it, sent again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from mockdouyin.core.apps import demo_apps
from tests.browser.dashboard import (
    EXCHANGE,
    MINI,
    WATCH_CLIPBOARD,
    Board,
    Steering,
    board,
    detail,
    keep,
    pasted,
    row,
    steering,
)
from tests.support.receivers import Receiver
from tests.support.waiting import until

__all__ = ["board", "steering"]

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_why_it_was_refused(board: Board, steering: Steering, width: int, scheme: str) -> None:
    """The reason comes first, with who had used the code; what matters in the bytes is marked."""
    number = steering.reuse()
    page = board("timeline", width, at=number, color_scheme=scheme)
    pane = detail(page)

    expect(pane.locator(".sentence")).to_have_text("code 已使用过，只能使用一次")
    stops = pane.locator(".life li")
    expect(stops).to_have_count(4)
    for stop, words in enumerate(("tt.login 签发", "用掉", f"#{number}", "本应到期")):
        expect(stops.nth(stop)).to_contain_text(words)
    expect(pane.locator(".life [aria-current=step]")).to_contain_text(f"#{number}")
    expect(pane.locator(".marked").first).to_be_visible()
    assert "40018" in pane.locator(".reply .marked").all_text_contents()
    expect(pane.locator(".hint")).to_contain_text("anonymousCode 没有被读取")
    expect(pane.locator(".hint")).to_contain_text("anonymous_code")
    keep(page, f"detail-{width}-{scheme}")

    pane.locator(".why dd").get_by_role("button", name=f"#{number - 1}").click()
    expect(pane.locator(".title")).to_contain_text(f"#{number - 1}")


def test_a_near_miss(board: Board, steering: Steering) -> None:
    """A call that nothing answered shows the closest endpoint, field by field."""
    steering.http.get("/open/get_ticket/")
    page = board("timeline", at=1)

    near = detail(page).locator(".near")
    expect(near).to_contain_text("tickets.open_ticket")
    expect(near).to_contain_text("应为 getticket 实际为 get_ticket")
    keep(page, "near-miss")


def test_any_id_filters(board: Board, steering: Steering) -> None:
    """A person, an app, an endpoint and a link of the open row filter the list to theirs."""
    steering.token()
    steering.reuse("小红")
    number = steering.reuse("小明")
    page = board("timeline", at=number)
    rows = page.locator(".list .row:not(.story)")

    detail(page).get_by_role("button", name="小明", exact=True).click()
    expect(rows).to_have_count(3)
    expect(page).to_have_url(re.compile("person%3A"))
    detail(page).locator(".belongs button").click()
    expect(page.get_by_role("combobox", name=re.compile("搜索"))).to_have_value(
        re.compile("person:小明 link:login:")
    )
    expect(rows).to_have_count(3)


def test_secrets_are_masked_until_they_are_revealed(board: Board, steering: Steering) -> None:
    """Revealing is of one pane and ends with it; a copy says whether it holds secrets."""
    number = steering.reuse()
    page = board("timeline", at=number)
    page.evaluate(WATCH_CLIPBOARD)
    pane = detail(page)
    expect(pane.locator(".request")).to_contain_text('"***"')
    pane.get_by_role("button", name=re.compile("^curl")).click()
    expect(pane.get_by_role("button", name="已复制，密钥已隐藏")).to_be_visible()
    assert MINI.client_secret not in pasted(page)

    pane.get_by_role("button", name="显示密钥").click()
    expect(pane.locator(".request")).to_contain_text(MINI.client_secret)
    page.keyboard.press("c")
    expect(pane.get_by_role("button", name="已复制，含密钥")).to_be_visible()
    assert MINI.client_secret in pasted(page)

    page.keyboard.press("k")
    expect(pane.locator(".title")).to_contain_text(f"#{number - 1}")
    expect(pane.locator(".request")).to_contain_text('"***"')


def copied(page: Page, name: str) -> str:
    """Copy the open exchange in a format; return what was copied."""
    detail(page).get_by_role("button", name="更多格式").click()
    page.locator(".menu").get_by_role("button", name=name).click()
    page.keyboard.press("Escape")
    return pasted(page)


def test_a_key_before_the_row_is_there(board: Board, steering: Steering) -> None:
    """A key that is pressed while a row is being opened is for that row alone."""
    steering.token()
    number = steering.reuse()
    page = board(f"timeline?at={number}")
    expect(detail(page)).to_contain_text("为什么被拒绝")
    held: list[Route] = []
    page.route(re.compile(r"/exchanges/1\b(?!/)"), lambda route: held.append(route), times=1)
    row(page, 1).click()
    until(lambda: page.evaluate("1") and held, "the page's question")
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_hidden()

    held[0].continue_()

    expect(page.get_by_role("dialog", name="改后重发 #1")).to_be_visible()


def test_what_is_opened_before_the_apps_are_known(board: Board, steering: Steering) -> None:
    """An app has its name, also where what was opened came before the list of apps."""
    steering.token()
    page = board("people")
    held: list[Route] = []
    page.route(re.compile(r"/apps\b"), lambda route: held.append(route))
    with page.expect_response(re.compile("/exchanges/1/lives")):
        page.goto(re.sub("#.*", "#/default/timeline?at=1", page.url))
    page.evaluate("1")

    for each in held:
        each.continue_()

    expect(detail(page).locator("dl").first).to_contain_text("示例网站应用")


def test_copies_work(board: Board, steering: Steering, tmp_path: Path) -> None:
    """A command that was copied does the same again; a test that was copied passes."""
    number = steering.reuse()
    page = board("timeline", at=number)
    page.evaluate(WATCH_CLIPBOARD)
    expect(detail(page).locator(".request")).to_be_visible()
    test = copied(page, "pytest")
    text = copied(page, "Markdown")
    archive = json.loads(copied(page, "HAR"))
    detail(page).get_by_role("button", name="显示密钥").click()
    expect(detail(page).locator(".request")).to_contain_text(MINI.client_secret)
    command = copied(page, "curl")

    again = subprocess.run(["bash", "-c", f"{command} -s"], capture_output=True, check=True)
    assert json.loads(again.stdout)["err_no"] == 40018
    assert steering.rows()[-1]["path"] == EXCHANGE

    (tmp_path / "test_copied.py").write_text(test, encoding="utf-8")
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + test
    assert "code 已使用过" in text
    assert f"#{number}" in text
    [entry] = archive["log"]["entries"]
    assert entry["request"]["url"] == steering.server.url + EXCHANGE
    assert json.loads(entry["response"]["content"]["text"])["err_no"] == 40018


def test_a_rule_of_a_line(board: Board, steering: Steering) -> None:
    """A rule made of a line refuses the next call like it, and no other."""
    steering.exchange(steering.login())
    number = steering.latest(type="exchange")
    page = board("timeline", at=number)
    expect(detail(page).locator(".request")).to_be_visible()
    page.keyboard.press("r")
    sheet = page.get_by_role("dialog", name="用这一行建一条规则")
    sheet.get_by_label("下一次这样的调用").select_option("error:bad_secret")
    sheet.get_by_role("checkbox", name="appid").check()
    expect(sheet.locator(".yaml")).to_contain_text('"error":"bad_secret"')
    keep(page, "rule")
    sheet.get_by_role("button", name="建立").click()
    expect(sheet).to_be_hidden()

    [rule] = steering.http.get("/_mock/rules").json()["rules"]
    assert rule["on"] == "mini_program.code_to_session"
    assert rule["when"] == {"appid": MINI.client_key}
    assert steering.exchange(steering.login())["err_no"] == 40017
    assert steering.exchange(steering.login())["err_no"] == 0
    expect(page.locator(".list")).to_contain_text(rule["id"])


def test_edit_and_resend(board: Board, steering: Steering) -> None:
    """An exchange is edited and sent again; the two replies stand side by side."""
    number = steering.reuse()
    code = steering.login()
    page = board("timeline", at=number)
    expect(detail(page).locator(".request")).to_be_visible()
    page.keyboard.press("e")
    sheet = page.get_by_role("dialog", name=f"改后重发 #{number}")
    body = sheet.get_by_label("body")
    sent: dict[str, Any] = json.loads(body.input_value())
    assert sent["secret"] == MINI.client_secret
    body.fill(json.dumps({**sent, "code": code}))
    sheet.get_by_role("button", name="发送").click()

    expect(sheet.locator(".diff .gone").first).to_contain_text("40018")
    expect(sheet.locator(".diff .came").first).to_contain_text('"err_no": 0')
    keep(page, "resend")
    newest = steering.latest(type="exchange")
    sheet.get_by_role("button", name=f"#{newest}").click()
    expect(detail(page).locator(".title")).to_contain_text(f"#{newest}")


def test_a_delivery(board: Board, steering: Steering) -> None:
    """An attempt to deliver shows the bytes, and each attempt with its answer."""
    with Receiver() as receiver:
        steering.control("events", event="create_video", to=receiver.url, content={"a": 1})
        page = board()
        page.locator(".list .row").last.click()
        number = steering.latest(type="delivery")
        page.goto(f"{steering.server.url}/_mock/#/default/timeline?at={number}")
        page.reload()

        expect(detail(page).locator(".attempts")).to_contain_text("第 1 次")
        expect(detail(page).locator(".attempts")).to_contain_text("200")
        expect(detail(page)).to_contain_text("create_video")
        keep(page, "delivery")


def test_no_string_becomes_markup(board: Board, steering: Steering) -> None:
    """Whatever a client or a tester names is shown as it is, and is never run."""
    app = demo_apps()["web"]
    steering.control("people", name=SCRIPT)
    steering.control("apps", name=SCRIPT, kind="web")
    steering.control("rules", on="oauth.client_token", id="<b>rule<b>", status=502, set_by=SCRIPT)
    steering.login(SCRIPT)
    steering.http.get(f"/{SCRIPT}", params={SCRIPT: SCRIPT}, headers={"x-header": SCRIPT})
    steering.http.post(EXCHANGE, json={"appid": SCRIPT, SCRIPT: [SCRIPT, {SCRIPT: SCRIPT}]})
    steering.http.post("/oauth/client_token/", data={"client_key": SCRIPT, SCRIPT: SCRIPT})
    steering.http.post("/oauth/client_token/", data={"client_key": app.client_key})
    steering.http.post(EXCHANGE, content=SCRIPT, headers={"user-agent": SCRIPT})
    page = board()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    for number in range(1, steering.rows()[-1]["id"] + 1):
        page.goto(f"{steering.server.url}/_mock/#/default/timeline?at={number}")
        expect(detail(page).locator(".title")).to_contain_text(f"#{number}")
        expect(detail(page).locator(".pair").first).to_be_visible()
        if detail(page).locator("details").count():
            detail(page).locator("summary").first.click()

    assert page.locator("img, main script, [onerror]").count() == 0
    expect(page.locator(".list")).to_contain_text("<img src=x")
    search = page.get_by_role("combobox", name=re.compile("搜索"))
    search.fill(SCRIPT)
    search.fill("person:")
    expect(page.locator(".suggestions")).to_contain_text("<img src=x")
    assert page.locator("img").count() == 0


def test_a_number_that_is_gone(board: Board, steering: Steering) -> None:
    """An address of something that is not there says so."""
    steering.token()
    page = board("timeline", at=99)

    expect(detail(page)).to_contain_text("#99")
    expect(row(page, 1)).to_be_visible()


def test_what_to_do_about_it(board: Board, steering: Steering) -> None:
    """A refusal that a finding names says what to do."""
    number = steering.reuse()
    page = board("timeline", at=number)

    expect(detail(page).locator(".why")).to_contain_text("怎么改", timeout=15_000)
    expect(detail(page).locator(".why")).to_contain_text("code_reused")
