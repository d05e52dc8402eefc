"""The dashboard's frame in a browser: bar, clock, languages, themes, tokens, worlds."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from mockdouyin.server.access import Access
from mockdouyin.server.serving import ThreadedServer
from tests.browser.conftest import Opens
from tests.browser.dashboard import Board, Steering, board, keep, row, steering

__all__ = ["board", "steering"]


def test_the_servers_address_leads_there(opens: Opens) -> None:
    """Whoever opens the address sees what to do first, with the demo's keys in it."""
    page = opens("/", 1440)

    expect(page.get_by_role("heading", name="还没有请求")).to_be_visible()
    expect(page.locator(".well").first).to_contain_text("client_secret=")
    expect(page).to_have_title("时间线 · mockdouyin")
    keep(page, "empty")


def test_somebody_to_begin_with(board: Board, steering: Steering) -> None:
    """The empty view logs somebody in, and becomes the timeline."""
    page = board()
    page.get_by_role("button", name="登录").click()

    expect(row(page, 1)).to_contain_text("tt.login")
    assert steering.rows()[0]["kind"] == "phone.login"


def test_the_clock(board: Board, steering: Steering) -> None:
    """It is frozen and moved by buttons, keys and text, and shows what others do with it."""
    steering.control("clock/freeze", at="2026-11-20T14:01:20+08:00")
    page = board()
    now = page.locator(".clock .now")
    expect(now).to_contain_text("11-20 14:01:20")

    page.get_by_role("button", name="+5 分钟").click()
    expect(now).to_contain_text("14:06:20")
    page.get_by_role("button", name="+2 小时 1 分").click()
    expect(now).to_contain_text("16:07:20")
    page.get_by_role("button", name="+15 天").click()
    expect(now).to_contain_text("12-05 16:07:20")

    page.get_by_role("button", name="拨快任意时长").click()
    page.get_by_role("textbox", name="拨快任意时长").fill("3h20m")
    page.keyboard.press("Enter")
    expect(now).to_contain_text("19:27:20")
    assert steering.http.get("/_mock/clock").json()["now"].startswith("2026-12-05T19:27:20")

    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="冻结", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )
    assert steering.http.get("/_mock/clock").json()["frozen"] is False
    steering.control("clock/freeze", at="2027-01-01T00:00:00+08:00")
    expect(now).to_contain_text("01-01 00:00:00")
    page.get_by_role("button", name="回到真实时间").click()
    expect(page.get_by_role("button", name="回到真实时间")).to_be_hidden()
    assert steering.http.get("/_mock/clock").json()["moved"] is False


def test_a_duration_that_is_none(board: Board) -> None:
    """What the server refuses is said in its words."""
    page = board()
    page.get_by_role("button", name="拨快任意时长").click()
    page.get_by_role("textbox", name="拨快任意时长").fill("soon")
    with page.expect_response("**/clock/advance*") as answer:
        page.keyboard.press("Enter")

    assert answer.value.status == 400
    expect(page.locator(".problem")).to_contain_text("soon")


def test_both_languages_and_themes(board: Board, steering: Steering) -> None:
    """Language and theme follow the system until they are chosen, and are kept then."""
    number = steering.reuse()
    page = board("timeline", at=number, locale="en-GB", color_scheme="dark")
    expect(page.locator(".why")).to_contain_text("the code was already used")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    keep(page, "detail-en-dark")

    page.get_by_role("button", name="中").click()
    expect(page.locator(".why")).to_contain_text("只能使用一次")
    page.get_by_role("button", name="深色或浅色").click()
    page.reload()
    expect(page.locator(".why")).to_contain_text("只能使用一次")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") != dark


def test_worlds(board: Board, steering: Steering) -> None:
    """Another world is chosen above; it has its own rows, and its name is in the address."""
    steering.control("worlds", name="shop")
    steering.token()
    page = board()
    expect(row(page, 1)).to_be_visible()

    choice = page.get_by_role("combobox", name="世界")
    choice.focus()
    expect(choice.locator("option")).to_have_count(2)
    choice.select_option("shop")

    expect(page.get_by_role("heading", name="还没有请求")).to_be_visible()
    expect(page).to_have_url(re.compile(r"#/shop/timeline"))
    page.go_back()
    expect(row(page, 1)).to_be_visible()


def test_the_keys(board: Board, steering: Steering) -> None:
    """A sheet tells them; it closes with Esc and gives the focus back."""
    steering.token()
    page = board()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="快捷键")
    expect(sheet).to_be_visible()
    keep(page, "keys")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_token_is_asked_for_once(browser: Browser, width: int) -> None:
    """A server with a token asks for it; it is kept for this tab, and no other place has it."""
    with ThreadedServer(access=Access("a-token")) as server:
        context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": 800})
        page = context.new_page()
        page.goto(server.url + "/")
        asked = page.get_by_role("dialog")
        expect(asked).to_contain_text("这个服务需要控制令牌")
        page.get_by_label("控制令牌").fill("wrong")
        page.get_by_role("button", name="进入").click()
        expect(asked).to_contain_text("令牌不对")
        keep(page, f"token-{width}")
        page.get_by_label("控制令牌").fill("a-token")
        page.get_by_role("button", name="进入").click()
        expect(page.get_by_role("heading", name="还没有请求")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="还没有请求")).to_be_visible()

        assert page.evaluate("() => Object.values(localStorage)") == []
        assert context.cookies() == []
        assert "a-token" not in page.url
        context.close()


def test_what_falls_due(board: Board, steering: Steering) -> None:
    """The bar says what falls due next, moves there, and says what the move ran."""
    steering.control("clock/freeze", at="2026-11-20T14:01:20+08:00")
    steering.login()
    steering.token()
    page = board()
    due = page.locator(".due")
    expect(due).to_contain_text("5 分后")
    expect(due).to_contain_text("另")
    due.click()
    queue = page.locator(".due-box")
    expect(queue.locator("li").first).to_contain_text("14:06:20")
    keep(page, "due")

    page.keyboard.press("Escape")
    page.keyboard.press("]")
    expect(page.locator(".clock .now")).to_contain_text("14:06:20")
    expect(due).to_contain_text("刚才")
    expect(page.get_by_role("status").filter(has_text="刚才")).to_be_attached()
    expect(due).to_contain_text(
        "1 小时 55 分", timeout=15_000
    )  # after a while, what is next by now
    due.click()
    expect(queue).to_contain_text("刚才")
    queue.get_by_role("button", name="拨到全部到期").click()
    expect(queue).to_contain_text("接下来没有到期的事")
    keep(page, "due-none")


def test_a_phone_moves_the_clock(board: Board, steering: Steering) -> None:
    """On a narrow screen a sheet has what the bar has no room for."""
    steering.control("clock/freeze", at="2026-11-20T14:01:20+08:00")
    steering.token()
    page = board(width=390)
    page.get_by_role("button", name="时钟与设置").click()
    page.get_by_role("button", name="+15d").click()
    expect(page.locator(".clock .now")).to_contain_text("14:01:20")
    assert steering.http.get("/_mock/clock").json()["now"].startswith("2026-12-05")
    keep(page, "sheet-390")
    page.get_by_role("button", name="EN", exact=True).last.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".list .row").nth(1)).to_contain_text("demo web app")
