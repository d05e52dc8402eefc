"""The timeline in a browser: rows, stories, search, keys, what comes while one reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import Board, Steering, board, detail, keep, row, steering
from tests.support.waiting import until

__all__ = ["board", "steering"]


def scrolled(page: Page) -> float:
    """Return how far the list is scrolled."""
    place: float = page.evaluate("() => document.querySelector('.list').scrollTop")
    return place


def top_of(page: Page, number: int) -> float:
    """Return where on the screen a row stands."""
    box = row(page, number).bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_what_happened(board: Board, steering: Steering, width: int, scheme: str) -> None:
    """Each thing is a row with its verdict and result; what belongs together folds."""
    steering.token()
    steering.http.get("/open/getticket/", headers={"access-token": "clt.none"})
    steering.http.get("/open/get_ticket/")
    steering.control("rules", on="oauth.client_token", status=502, times=1, id="gateway")
    steering.token()
    refused = steering.reuse()
    steering.control("clock/advance", by="10s")
    steering.token(3)
    page = board(width=width, color_scheme=scheme)

    story = page.locator(".row.story")
    expect(story).to_contain_text("小明 → 示例小程序")
    expect(story).to_contain_text("1 次被拒")
    expect(story).to_have_attribute("aria-expanded", "false")
    expect(row(page, refused)).to_be_hidden()
    expect(page.locator(".list").get_by_role("option")).to_have_count(10)
    expect(page.locator(".list .mark .is-bent")).to_have_count(1)
    keep(page, f"timeline-folded-{width}-{scheme}")

    story.click()
    expect(story).to_have_attribute("aria-expanded", "true")
    expect(row(page, refused)).to_contain_text("40018")
    expect(row(page, refused)).to_contain_text("只能使用一次")
    row(page, refused).click()
    expect(detail(page)).to_contain_text("为什么被拒绝")
    keep(page, f"timeline-{width}-{scheme}")
    page.reload()
    expect(detail(page)).to_contain_text("为什么被拒绝")
    expect(story).to_have_attribute("aria-expanded", "true")


def test_the_keyboard(board: Board, steering: Steering) -> None:
    """Rows are walked, opened and closed by keys, and Esc returns to the same row."""
    steering.token(3)
    refused = steering.reuse()
    page = board()
    story = page.locator(".row.story")
    expect(story).to_be_visible()

    page.keyboard.press("k")
    expect(story).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("j")
    expect(row(page, refused)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(detail(page)).to_contain_text(f"#{refused}")
    expect(page.locator(".title")).to_be_focused()
    page.keyboard.press("k")
    expect(detail(page)).to_contain_text(f"#{refused - 1}")
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(detail(page)).to_be_hidden()
    expect(row(page, refused)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("listbox", name="时间线")).to_be_focused()

    page.keyboard.press("/")
    search = page.get_by_role("combobox", name=re.compile("搜索"))
    expect(search).to_be_focused()
    page.keyboard.type("j")  # a letter, where the search has the focus
    expect(search).to_have_value("j")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="时间线")).to_be_focused()
    page.keyboard.press("1")
    expect(page).to_have_url(re.compile("#/default/timeline"))


def test_the_order_of_focus(board: Board, steering: Steering) -> None:
    """Tab goes from the bar over the tabs and the search to the list, which is one stop."""
    steering.reuse()
    page = board()
    expect(page.locator(".row.story")).to_be_visible()
    seen: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        place = (
            "e => e.closest('.bar, .tab-list, .search, .facets, .list, .detail')?.className ?? ''"
        )
        seen.append(page.evaluate(f"() => ({place})(document.activeElement)").split(" ")[0])
    order = list(dict.fromkeys(each for each in seen if each))

    assert order[:5] == ["bar", "tab-list", "search", "facets", "list"]
    assert seen.count("list") == 1


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("verdict:refused", 2),
        ("code:40018", 2),
        ("person:小红", 3),
        ("endpoint:client_token", 1),
        ("endpoint:mini_program.*", 4),
        ("kind:phone", 2),
        ("app:示例网站应用", 1),
        ("type:act", 2),
        ("jscode2session code:40018 person:小明", 1),
        ("-verdict:ok", 2),
        ("只能使用一次", 2),
        ("nothing-like-it", 0),
    ],
)
def test_the_search(board: Board, steering: Steering, query: str, fits: int) -> None:
    """Words filter as one types, all of them at once, and the address has them."""
    steering.token()
    steering.reuse("小明")
    steering.reuse("小红")
    page = board()
    expect(page.locator(".row.story")).to_have_count(2)
    page.get_by_role("combobox", name=re.compile("搜索")).fill(query)

    expect(page.locator(".list .row:not(.story)")).to_have_count(fits)
    page.reload()
    expect(page.get_by_role("combobox", name=re.compile("搜索"))).to_have_value(query)
    expect(page.locator(".list .row:not(.story)")).to_have_count(fits)
    expect(page.locator(".nothing")).to_be_visible(visible=fits == 0)


def test_suggestions(board: Board, steering: Steering) -> None:
    """The search box suggests what there is, with how many rows have it; keys choose."""
    steering.token(2)
    steering.reuse()
    page = board()
    search = page.get_by_role("combobox", name=re.compile("搜索"))
    search.click()
    page.keyboard.type("code:4")
    options = page.get_by_role("listbox", name="可以这样搜").get_by_role("option")
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text("code:40018")
    expect(options.first).to_contain_text("1 条")
    keep(page, "search")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")

    expect(search).to_have_value("code:40018 ")
    expect(page.locator(".list .row:not(.story)")).to_have_count(1)
    page.get_by_role("button", name="清空").click()
    expect(page.locator(".list .row")).to_have_count(3)


def test_a_facet_filters(board: Board, steering: Steering) -> None:
    """The counts above the list filter by a verdict, and show all again."""
    steering.token(2)
    steering.reuse()
    page = board()
    page.get_by_role("button", name="拒绝 1").click()
    expect(page.locator(".list .row:not(.story)")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=verdict%3Arefused"))
    expect(page.get_by_role("button", name="全部 5")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="全部").click()
    expect(page.locator(".list .row")).to_have_count(3)


def test_it_stands_still_while_one_reads(board: Board, steering: Steering) -> None:
    """At the end the list follows; scrolled up, nothing moves and what comes is counted."""
    steering.token(200)
    page = board()
    expect(row(page, 200)).to_be_visible()
    steering.token(5)
    expect(row(page, 205)).to_be_in_viewport()

    page.locator(".list").hover()
    page.mouse.wheel(0, -1500)
    until(lambda: page.locator(".foot").is_visible(), "held")
    place, first = scrolled(page), page.locator(".list .row").nth(20).text_content()
    steering.token(12)
    fresh = page.get_by_role("button", name="12 条新的")
    expect(fresh).to_be_visible()
    keep(page, "new-rows")
    assert scrolled(page) == place
    assert page.locator(".list .row").nth(20).text_content() == first
    assert page.locator("[aria-live=polite]").last.text_content() == "12 条新的"

    fresh.click()
    expect(row(page, 217)).to_be_in_viewport()
    expect(fresh).to_be_hidden()
    steering.token()
    expect(row(page, 218)).to_be_in_viewport()


def test_an_open_row_stays_where_it_is(board: Board, steering: Steering) -> None:
    """Calls that come while one reads a row do not move it, nor does a filter."""
    steering.token(30)
    number = steering.reuse()
    steering.token(10)
    page = board()
    page.locator(".row.story").click()
    row(page, number).click()
    expect(detail(page)).to_contain_text("为什么被拒绝")
    before = top_of(page, number)
    steering.token(40)
    expect(page.get_by_role("button", name="40 条新的")).to_be_visible()
    assert top_of(page, number) == before


def test_the_newest_row_stays_once_another_comes(board: Board, steering: Steering) -> None:
    """The newest row is opened at the end, where the list follows: the next call holds it."""
    steering.token(40)
    page = board()
    row(page, 40).click()
    expect(row(page, 40)).to_have_attribute("aria-selected", "true")
    steering.token(300)

    expect(page.get_by_role("link", name="时间线 340")).to_be_visible()
    expect(row(page, 40)).to_be_in_viewport()


def test_a_pause_counts(board: Board, steering: Steering) -> None:
    """Space holds the list and counts what comes; Space again lets it run."""
    steering.token()
    page = board()
    expect(row(page, 1)).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="继续")).to_be_visible()
    steering.token(3)
    expect(page.get_by_role("button", name="3 条新的")).to_be_visible()
    expect(row(page, 4)).to_be_hidden()
    page.keyboard.press("Space")
    expect(row(page, 4)).to_be_visible()


def test_a_story_grows(board: Board, steering: Steering) -> None:
    """A step that comes later joins its story, in whatever tab, and an open detail shows it."""
    code = steering.login()
    page = board()
    expect(row(page, 1)).to_be_visible()
    steering.exchange(code)

    story = page.locator(".row.story")
    expect(story).to_contain_text("tt.login → jscode2session")
    expect(story).to_contain_text("2 步")
    steering.exchange(code)
    expect(story).to_contain_text("1 次被拒")


def test_a_reset_empties_it(board: Board, steering: Steering) -> None:
    """What a reset took away is gone from the list; what comes after it is there."""
    steering.token(3)
    page = board()
    expect(row(page, 3)).to_be_visible()
    steering.control("reset")
    expect(row(page, 3)).to_have_count(0)
    steering.token()
    expect(page.locator(".list .row").last).to_contain_text("client_token")


def test_ten_thousand_rows(board: Board, steering: Steering) -> None:
    """A page has all of the journal's rows, and makes elements only of those that are seen."""
    steering.token(9_990)
    number = steering.reuse()
    page = board()
    expect(page.get_by_role("button", name="全部")).to_contain_text("9993")
    assert page.locator(".list .row").count() < 100
    page.locator(".list").evaluate("e => e.scrollTo(0, 0)")
    expect(row(page, 1)).to_be_visible()
    page.get_by_role("combobox", name=re.compile("搜索")).fill("code:40018")
    expect(row(page, number)).to_be_visible()
    expect(page.locator(".list .row")).to_have_count(2)


def test_a_second_tab_has_all_of_it(board: Board, steering: Steering) -> None:
    """Whoever opens the page later sees what happened before."""
    steering.token(1_500)
    first, second = board(), board()
    for page in (first, second):
        expect(page.get_by_role("button", name="全部")).to_contain_text("1500")
    steering.token()
    for page in (first, second):
        expect(page.get_by_role("button", name="全部")).to_contain_text("1501")


def test_enter_searches_bodies(board: Board, steering: Steering) -> None:
    """What stands in a body alone is found when Enter is pressed, and stays found."""
    steering.token(3)
    steering.exchange("a-code-of-Nobody")
    page = board()
    expect(row(page, 4)).to_be_visible()
    search = page.get_by_role("combobox", name=re.compile("搜索"))
    search.fill("code-of-Nobody")
    expect(page.locator(".list .row")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(row(page, 4)).to_be_visible()
    expect(page.locator(".list .row")).to_have_count(1)
    steering.token()
    expect(page.locator(".tab .count").first).to_have_text("5")
    expect(page.locator(".list .row")).to_have_count(1)


GROWING = (Path(__file__).parent / "growing_timeline.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(8))
def test_a_timeline_that_grows_is_as_one_made_at_once(board: Board, seed: int) -> None:
    """Whatever comes, goes, is searched for or held: what is shown is what all rows make."""
    page = board()
    body = GROWING[GROWING.index("async (") :]
    differs = page.evaluate(f"([seed, steps]) => ({body})(seed, steps)", [seed + 1, 400])

    assert differs is None
