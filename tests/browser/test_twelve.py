"""What the dashboard is for, each by its key, with its place in the address, and what it does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard import (
    EXCHANGE,
    WATCH_CLIPBOARD,
    WEB,
    Board,
    Steering,
    board,
    detail,
    pasted,
    row,
    steering,
)
from tests.support.receivers import Receiver
from tests.support.waiting import until

__all__ = ["board", "steering"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Yield a developer's server that answers 200."""
    with Receiver() as running:
        yield running


def second_tab(page: Page) -> Page:
    """Open the page's address in a second tab, once it is live."""
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".state.is-live")).to_be_attached()
    return other


def params(page: Page) -> dict[str, str]:
    """Return what the address says of the view."""
    _, _, query = page.url.partition("?")
    return {name: value for name, [value] in parse_qs(query).items()}


def opened(page: Page, number: int) -> Locator:
    """Wait until an exchange is open; return its pane."""
    expect(detail(page).locator(".title")).to_contain_text(f"#{number}")
    expect(detail(page).locator(".pair")).to_be_visible()
    return detail(page)


def search(page: Page) -> Locator:
    """Return the search box."""
    return page.get_by_role("combobox", name=re.compile("搜索"))


def test_1_open_a_refusal_and_read_why(board: Board, steering: Steering) -> None:
    """k and Enter open it; why is the first thing; the address has it."""
    steering.token()
    number = steering.reuse()
    page = board("timeline", q="verdict:refused")
    expect(row(page, number)).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    opened(page, number)

    assert params(page) == {"q": "verdict:refused", "at": str(number)}
    for each in (page, second_tab(page)):
        first = opened(each, number).locator(".reading > *").first
        expect(first).to_contain_text("为什么被拒绝")
        expect(first.locator(".sentence")).to_have_text("code 已使用过，只能使用一次")
        expect(first.locator("dl")).to_contain_text(f"#{number - 1}")


def test_2_follow_a_story(board: Board, steering: Steering) -> None:
    """Enter unfolds it; an id that is clicked filters to it; what it depends on is marked."""
    steering.token()
    number = steering.reuse("小红")
    steering.reuse("小明")
    page = board("timeline", at=number)
    expect(page.locator(".why-related")).to_have_text(["code 在这里签发", "code 在这里用掉"])
    opened(page, number).locator(".life .line").get_by_role("button").click()

    rows = page.locator(".list .row:not(.story)")
    expect(rows).to_have_count(3)
    assert params(page)["q"].startswith("link:login:")
    for each in (page, second_tab(page)):
        expect(each.locator(".list .row:not(.story)")).to_have_count(3)
        expect(search(each)).to_have_value(params(page)["q"])


def test_3_live_without_losing_ones_place(board: Board, steering: Steering) -> None:
    """Space holds what is seen while others come, and lets it run again."""
    steering.token(3)
    page = board("timeline")
    expect(row(page, 3)).to_be_visible()
    page.keyboard.press("Space")
    steering.token(2)
    expect(page.get_by_role("button", name="2 条新的")).to_be_visible()
    expect(row(page, 4)).to_have_count(0)
    page.keyboard.press("Space")
    expect(row(page, 5)).to_be_visible()


def test_4_one_search_box(board: Board, steering: Steering) -> None:
    """/ leads there; words are suggested; Enter finds what bodies hold, in a second tab too."""
    steering.token(2)
    steering.exchange("a-code-of-Nobody")
    page = board("timeline")
    expect(row(page, 3)).to_be_visible()
    page.keyboard.press("/")
    expect(search(page)).to_be_focused()
    page.keyboard.type("verdict:re")
    expect(page.locator(".suggestions [role=option]").first).to_contain_text("verdict:refused")
    expect(page.locator(".list .row")).to_have_count(1)
    page.keyboard.press("Control+A")
    page.keyboard.type("code-of-Nobody")
    expect(page.locator(".list .row")).to_have_count(0)
    page.keyboard.press("Enter")

    expect(row(page, 3)).to_be_visible()
    assert params(page) == {"q": "code-of-Nobody", "in": "bodies"}
    other = second_tab(page)
    expect(row(other, 3)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("x")
    expect(page.locator(".list .row")).to_have_count(0)
    assert params(page) == {"q": "x"}


def test_5_a_phone(board: Board, steering: Steering) -> None:
    """2 leads to the phones; the address has whose; a click there is an act here."""
    page = board("timeline")
    page.keyboard.press("2")
    expect(page.locator(".person[data-person=小红]")).to_be_visible()
    page.goto(f"{steering.server.url}/_mock/#/default/people?person=小红")
    for each in (page, second_tab(page)):
        expect(each.locator(".person")).to_have_count(1)
    page.locator(".person").get_by_role("button", name="登录").first.click()
    expect(page.locator(".person .badge").first).to_have_text("已登录")
    assert steering.rows()[-1]["person"] == "小红"


def test_6_move_time(board: Board, steering: Steering) -> None:
    """f freezes, ] moves to what falls due next; the life of a code ends by that clock."""
    steering.control("clock/freeze", at="2026-11-20T14:00:00+08:00")
    steering.exchange(steering.login(), appid="none")
    number = steering.latest(type="exchange")
    page = board("timeline", at=number)
    life = opened(page, number).locator(".life")
    expect(life.locator(".badge")).to_have_text(re.compile("有效，还剩 (5 分|4 分 59 秒)"))
    page.keyboard.press("]")
    expect(life.locator(".badge")).to_have_text("已过期")
    expect(page.locator(".clock .now")).to_contain_text("14:05:0")
    page.keyboard.press("f")
    expect(page.locator(".clock .freeze")).to_have_attribute("aria-pressed", "false")
    assert steering.http.get("/_mock/clock").json()["frozen"] is False


def test_7_a_rule_of_a_line(board: Board, steering: Steering) -> None:
    """r makes one of a near miss, too; the address opens the form; it is copied as YAML."""
    steering.http.get("/open/get_ticket/")
    page = board("timeline", at=1)
    opened(page, 1)
    page.evaluate(WATCH_CLIPBOARD)
    page.keyboard.press("r")
    sheet = page.get_by_role("dialog", name="用这一行建一条规则")
    expect(sheet).to_be_visible()
    assert params(page) == {"at": "1", "do": "rule"}
    expect(second_tab(page).get_by_role("dialog")).to_be_visible()
    sheet.get_by_label("下一次这样的调用").select_option("status:502")
    sheet.get_by_role("button", name="复制", exact=True).click()
    expect(sheet.get_by_role("button", name="已复制")).to_be_visible()
    assert json.loads(pasted(page).removeprefix("- ")) == {
        "on": "GET /open/get_ticket/",
        "times": 1,
        "status": 502,
    }
    sheet.get_by_role("button", name="建立").click()
    expect(sheet).to_be_hidden()
    expect(page).not_to_have_url(re.compile("do=rule"))
    assert steering.http.get("/open/get_ticket/").status_code == 502


@pytest.mark.parametrize(
    ("key", "holds"),
    [("c", "curl -X POST"), ("t", "import httpx"), ("m", "### #3 POST"), ("h", '"log"')],
)
def test_8_copy_as(board: Board, steering: Steering, key: str, holds: str) -> None:
    """A key copies in each format, masked unless revealed, and the button says which it was."""
    number = steering.reuse()
    page = board("timeline", at=number)
    page.evaluate(WATCH_CLIPBOARD)
    pane = opened(page, number)
    page.keyboard.press(key)
    expect(page.get_by_role("button", name="已复制，密钥已隐藏")).to_be_visible()
    assert holds in pasted(page)
    assert "***" in pasted(page) or key == "t"
    pane.get_by_role("button", name="显示密钥").click()
    expect(pane.get_by_role("button", name="隐藏密钥")).to_be_visible()
    page.keyboard.press(key)
    expect(page.get_by_role("button", name="已复制，含密钥")).to_be_visible()
    assert "***" not in pasted(page)


def test_9_deliveries(board: Board, steering: Steering, receiver: Receiver) -> None:
    """5 lists them, Enter opens one, p sends it again: from its row of the timeline too."""
    steering.control("events", event="create_video", to=receiver.url, content={"a": 1})
    page = board("timeline")
    page.keyboard.press("5")
    rows = page.locator(".deliveries .list [role=option]")
    expect(rows).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(detail(page).first).to_contain_text("create_video")
    at = params(page)["at"]
    expect(second_tab(page).locator(".detail").first).to_contain_text(at)
    page.keyboard.press("p")
    expect(detail(page).first.locator(".said")).to_contain_text("200")
    assert len(receiver.received) == 2

    number = steering.latest(type="delivery")
    page.goto(f"{steering.server.url}/_mock/#/default/timeline?at={number}")
    expect(detail(page).get_by_role("button", name="原样重放")).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator(".tab .count").first).to_have_text(str(number + 2))
    assert len(receiver.received) == 3
    detail(page).get_by_role("link", name="看这次投递的全部").click()
    assert params(page) == {"at": at}
    first, last = (each.body for each in (receiver.received[0], receiver.received[-1]))
    assert first == last


def test_10_edit_and_resend(board: Board, steering: Steering) -> None:
    """e opens it, and so does its address; the two replies differ where they are marked."""
    number = steering.reuse()
    code = steering.login()
    page = board("timeline", at=number)
    opened(page, number)
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert params(page)["do"] == "resend"
    page = second_tab(page)
    sheet = page.get_by_role("dialog", name=f"改后重发 #{number}")
    body = sheet.get_by_label("body")
    body.fill(json.dumps({**json.loads(body.input_value()), "code": code}))
    sheet.get_by_role("button", name="发送").click()
    expect(sheet.locator(".diff .came").first).to_contain_text('"err_no": 0')
    assert steering.rows()[-1]["path"] == EXCHANGE
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(detail(page)).to_be_visible()
    expect(page).to_have_url(re.compile(f"at={number}$"))
    page.go_back()  # what a dialog did to the address is undone by its end
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_11_tokens_as_bars(board: Board, steering: Steering) -> None:
    """3 leads to the apps; an app's tokens are bars that shrink by the world's clock."""
    steering.control("clock/freeze", at="2026-11-20T14:00:00+08:00")
    steering.token()
    page = board("timeline")
    page.keyboard.press("3")
    page.locator(".app-row", has_text=WEB.client_key).click()
    assert params(page) == {"app": WEB.client_key}
    for each in (page, second_tab(page)):
        expect(each.get_by_role("meter", name="client_token")).to_have_attribute(
            "aria-valuenow", "7200"
        )
    steering.control("clock/advance", by="1h")
    expect(page.get_by_role("meter", name="client_token")).to_have_attribute(
        "aria-valuenow", "3600"
    )
    steering.control("clock/advance", by="1h")
    expect(page.get_by_role("meter", name="client_token")).to_have_count(0)


def test_12_keys(board: Board, steering: Steering) -> None:
    """Arrows only scroll; Esc returns to the same row, and the list has the focus."""
    steering.token(200)
    page = board("timeline")
    expect(row(page, 200)).to_be_visible()
    for key in "kkk":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    chosen = params(page)["at"]
    opened(page, int(chosen))
    expect(page.locator(".detail .title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="时间线")).to_be_focused()
    selected = row(page, int(chosen))
    expect(selected).to_have_attribute("aria-selected", "true")

    top = "() => document.querySelector('.list').scrollTop"
    before = page.evaluate(top)
    page.keyboard.press("ArrowUp")
    until(lambda: page.evaluate(top) < before, "the list has scrolled")
    expect(selected).to_have_attribute("aria-selected", "true")
    assert "at" not in params(page)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(
    ("view", "letters"),
    [
        ("timeline", "jk/ectmhrp"),
        ("people", "jkad"),
        ("apps", "jkc"),
        ("scenarios", "jk/r"),
        ("deliveries", "jkpnecx"),
        ("findings", "jk"),
    ],
)
def test_the_sheet_tells_the_keys_that_are_bound(
    board: Board, steering: Steering, view: str, letters: str, locale: str
) -> None:
    """Each view's sheet has the keys that work there, each with words, and no other."""
    steering.token()
    page = board(view, locale=locale)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    keys = sheet.locator("kbd").evaluate_all("found => found.map(each => each.dataset.key)")
    letters_here = {each for each in keys if len(each) == 1 and each not in "123456 "}
    assert letters_here == {*letters, *"f]l?"}
    assert "".join(each for each in keys if each.isdigit()) == "123456"
    words = sheet.locator("dd").all_text_contents()
    assert not [each for each in words if not each or each.startswith("keys.")]
    assert len(words) == len(keys) == len(set(words))
