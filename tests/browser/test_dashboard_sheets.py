"""Sheets in a browser: a call that waits is answered on the phone, and seen by whoever looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard import MINI, Board, Steering, board, keep, steering
from tests.support.waiting import until

__all__ = ["board", "steering"]

TEMPLATE = MINI.template
Asks = Callable[..., "Future[dict[str, Any]]"]


def column(page: Page, person: str) -> Locator:
    """Return a person's column."""
    return page.locator(f'.person[data-person="{person}"]')


def sheet(page: Page, person: str) -> Locator:
    """Return the sheet on a person's phone."""
    return column(page, person).get_by_role("dialog")


def tab(page: Page) -> Locator:
    """Return the tab of the view, above on a wide screen and below on a narrow one."""
    return page.locator('.tab[data-view="people"]:visible')


@pytest.fixture
def asks(steering: Steering) -> Iterator[Asks]:
    """Return a function that has a tt call of a person wait; it gives the call's result."""
    waiting: list[Future[dict[str, Any]]] = []
    with ThreadPoolExecutor(8) as threads:

        def call(person: str = "小明", api: str = "getUserProfile", **args: Any) -> Any:
            steering.login(person)
            when = {"person": person}
            steering.control("rules", on="phone.*", when=when, sheet="ask", times=1)
            before = len(sheets())
            done = threads.submit(
                steering.control, f"phone/{api}", person=person, timeout=60, **args
            )
            waiting.append(done)
            until(lambda: len(sheets()) > before, "the sheet")
            return done

        def sheets() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = steering.http.get("/_mock/phone/sheets").json()["sheets"]
            return found

        yield call
        for each in sheets():  # a test that failed leaves nobody waiting
            steering.control("phone/answer", id=each["id"], allow=False)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
@pytest.mark.parametrize("width", [1440, 390])
def test_who_is_asked_comes_first(
    board: Board, asks: Asks, width: int, locale: str, scheme: str
) -> None:
    """After a reload those who are asked come first, rimmed; the tab says how many wait."""
    asks("小红")
    asks("老王", "requestSubscribeMessage")
    page = board("people", width=width, locale=locale, color_scheme=scheme)
    page.emulate_media(reduced_motion="reduce")

    expect(page.locator(".person h2")).to_contain_text(["小红", "老王", "小明", "Anna"])
    zh = locale == "zh-CN"
    expect(sheet(page, "小红")).to_contain_text(
        "获取你的昵称、头像" if zh else "nickname and avatar"
    )
    expect(sheet(page, "老王")).to_contain_text("快递通知")
    expect(column(page, "小红").locator(".badge").first).to_have_text(
        "等你回答" if zh else "Waits for you"
    )
    expect(column(page, "小红").locator(".lately li").first).to_contain_text("tt.getUserProfile")
    expect(tab(page)).to_contain_text("2 件等待" if zh else "2 waiting")
    rims = page.locator(".person").evaluate_all(
        "all => all.map(e => getComputedStyle(e).borderColor)"
    )
    assert rims[0] == rims[1] != rims[2] == rims[3]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    keep(page, f"sheets-{width}-{locale[:2]}-{scheme}")


@pytest.mark.parametrize(
    ("words", "result"),
    [("允许", {"errMsg": "getUserProfile:ok"}), ("拒绝", {"errNo": 10502})],
)
def test_answered_by_a_click(board: Board, asks: Asks, words: str, result: dict[str, Any]) -> None:
    """A sheet that opens while one looks is answered on the phone, and whoever called goes on."""
    page = board("people")
    expect(page.locator(".person")).to_have_count(4)
    called = asks("小明")
    expect(column(page, "小明")).to_contain_class("is-asked")
    sheet(page, "小明").get_by_role("button", name=words).click()

    expect(sheet(page, "小明")).to_have_count(0)
    assert called.result(timeout=20).items() >= result.items()
    expect(column(page, "小明").locator(".got")).to_contain_text("tt.getUserProfile")
    expect(column(page, "小明")).not_to_contain_class("is-asked")
    expect(tab(page)).not_to_contain_text("等待")


@pytest.mark.parametrize(("key", "error"), [("a", None), ("d", 10502)])
def test_answered_by_a_key(board: Board, asks: Asks, key: str, error: int | None) -> None:
    """A and D answer the sheet of the column that has the focus, and no other one."""
    first, second = asks("小明"), asks("小红")
    page = board("people")
    expect(page.get_by_role("dialog")).to_have_count(2)
    page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(2)
    column(page, "小红").focus()
    page.keyboard.press(key)

    assert second.result(timeout=20).get("errNo") == error
    expect(sheet(page, "小红")).to_have_count(0)
    assert not first.done()
    expect(sheet(page, "小明")).to_be_visible()


def test_escape_leaves_a_sheet_that_waits(board: Board, asks: Asks) -> None:
    """What a call waits for is answered or left, and not closed by a key."""
    asks("小明")
    page = board("people")
    expect(sheet(page, "小明")).to_be_visible()
    column(page, "小明").focus()
    page.keyboard.press("Escape")

    expect(sheet(page, "小明")).to_be_visible()
    expect(sheet(page, "小明").get_by_role("button", name="关闭")).to_have_count(0)


def test_templates_have_switches(board: Board, asks: Asks) -> None:
    """Each template of a subscription is accepted or rejected by itself."""
    called = asks("小明", "requestSubscribeMessage", tmplIds=[TEMPLATE])
    page = board("people")
    page.get_by_role("switch", name="快递通知").uncheck()
    sheet(page, "小明").get_by_role("button", name="允许").click()

    assert called.result(timeout=20)[TEMPLATE] == "reject"


def test_scopes_are_ticked(board: Board, asks: Asks) -> None:
    """A consent shows its scopes; the required one stays."""
    called = asks(
        "小明", "showDouyinOpenAuth", scopes={"user_info": 0, "mobile": 1, "fans.list": 2}
    )
    page = board("people")
    expect(sheet(page, "小明").get_by_role("checkbox", name="user_info")).to_be_disabled()
    sheet(page, "小明").get_by_role("checkbox", name="mobile").uncheck()
    sheet(page, "小明").get_by_role("checkbox", name="fans.list").check()
    sheet(page, "小明").get_by_role("button", name="允许").click()

    assert called.result(timeout=20)["grantPermissions"] == ["user_info", "fans.list"]


def test_another_tab_sees_it(board: Board, asks: Asks, steering: Steering) -> None:
    """Two tabs show the same sheet, and it closes in both when a command has answered."""
    one, other = board("people"), board("people")
    expect(other.locator(".person")).to_have_count(4)
    called = asks("小明")
    expect(sheet(one, "小明")).to_be_visible()
    expect(sheet(other, "小明")).to_be_visible()
    steering.control("phone/answer", allow=True)

    expect(sheet(one, "小明")).to_have_count(0)
    expect(sheet(other, "小明")).to_have_count(0)
    assert called.result(timeout=20)["errMsg"] == "getUserProfile:ok"


def test_the_tab_counts_in_every_view(board: Board, asks: Asks, steering: Steering) -> None:
    """Whichever view is seen, the tab tells how many wait, else how many people there are."""
    page = board("timeline")
    expect(tab(page)).to_contain_text("4 位用户")
    asks("小明")
    asks("小红")
    expect(tab(page)).to_contain_text("2 件等待")
    steering.control("phone/answer", person="小明", allow=True)
    expect(tab(page)).to_contain_text("1 件等待")
    steering.control("reset")
    expect(tab(page)).to_contain_text("4 位用户")


def test_nobody_moves_while_one_looks(board: Board, asks: Asks) -> None:
    """A column keeps its place when its person is asked, also the one of somebody not listed."""
    page = board("people")
    expect(page.locator(".person h2")).to_contain_text(["小明", "小红", "老王", "Anna"])
    asks("老王")
    expect(sheet(page, "老王")).to_be_visible()

    expect(page.locator(".person h2")).to_contain_text(["小明", "小红", "老王", "Anna"])


def test_who_is_not_listed_is_seen_when_asked(
    board: Board, asks: Asks, steering: Steering
) -> None:
    """Of many people those who are asked have a phone, wherever they stand in the list."""
    for number in range(24):
        steering.control("people", name=f"人{number:02}")
    page = board("people")
    expect(page.locator(".person")).to_have_count(24)
    asks("人23")

    expect(sheet(page, "人23")).to_be_attached()
    page.reload()
    expect(page.locator(".person h2").first).to_contain_text("人23")


def test_a_sheet_waits_behind_one_that_was_opened_here(board: Board, asks: Asks) -> None:
    """What one is filling in stays; the sheet that waits comes when that is closed."""
    page = board("people")
    column(page, "小明").locator('[data-deed="message"]').click()
    sheet(page, "小明").get_by_role("textbox", name="内容").fill("我还没写完")
    asks("小明")
    expect(column(page, "小明")).to_contain_class("is-asked")

    expect(sheet(page, "小明").get_by_role("textbox", name="内容")).to_have_value("我还没写完")
    sheet(page, "小明").get_by_role("button", name="关闭").click()
    expect(sheet(page, "小明")).to_contain_text("获取你的昵称、头像")


def test_the_next_call_asks(board: Board, steering: Steering) -> None:
    """The choice sets a rule for one call: it asks, or is denied; allowing is as usual."""
    steering.login("Anna")
    page = board("people")
    anna = column(page, "Anna")
    choice = anna.locator(".next")
    choice.get_by_role("button", name="询问").click()
    expect(choice).to_contain_text("弹窗询问，由人回答 · 1 次")
    expect(choice.get_by_role("button", name="询问")).to_have_attribute("aria-pressed", "true")
    [rule] = steering.http.get("/_mock/rules").json()["rules"]
    assert (rule["on"], rule["when"]) == ("phone.*", {"person": "Anna"})
    assert (rule["sheet"], rule["times"]) == ("ask", 1)

    anna.locator('[data-deed="profile"]').click()
    sheet(page, "Anna").get_by_role("button", name="允许").click()
    expect(anna.locator(".got")).to_contain_text("getUserProfile:ok")
    expect(choice.get_by_role("button", name="允许")).to_have_attribute("aria-pressed", "true")

    choice.get_by_role("button", name="询问").click()
    choice.get_by_role("button", name="拒绝").click()
    expect(choice).to_contain_text("当作用户点了拒绝 · 1 次")
    until(
        lambda: (
            [each.get("sheet") for each in steering.http.get("/_mock/rules").json()["rules"]][-1:]
            == ["deny"]
        ),
        "the rule",
    )
    anna.locator('[data-deed="profile"]').click()
    expect(anna.locator(".got")).to_contain_text("getUserProfile:fail auth deny")


def test_a_sheet_shows_no_markup(board: Board, asks: Asks, steering: Steering) -> None:
    """What apps and people are called is text."""
    name = '<img src="x" onerror="document.title=`hit`">'
    steering.control("people", name="坏", nickname=name)
    asks("坏")
    page = board("people", person="坏")

    expect(sheet(page, "坏")).to_contain_text(name)
    assert page.title() != "hit"


def test_the_timeline_has_one_story(board: Board, asks: Asks, steering: Steering) -> None:
    """In the timeline the login, the sheet, its answer and the result are one story."""
    called = asks("小明", "getPhoneNumber")
    steering.control("phone/answer", allow=True)
    called.result(timeout=20)
    page = board("timeline")

    expect(page.locator(".list [role=option]").filter(has_text="4 步")).to_have_count(1)
