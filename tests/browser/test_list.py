"""The long list in a browser: it follows its end, until its reader goes elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import Board, Steering, board, row, steering
from tests.support.waiting import until

__all__ = ["board", "steering"]

ROWS = 300
"""More than any of the windows has room for."""


def scroll_up(page: Page) -> None:
    """Turn the wheel until the list no longer shows its end."""
    page.locator(".list").hover()
    page.mouse.wheel(0, -1500)
    expect(page.locator(".foot")).to_be_visible()


def place(page: Page) -> float:
    """Return how far the list is scrolled."""
    found: float = page.evaluate("() => document.querySelector('.list').scrollTop")
    return found


@pytest.mark.parametrize("width", [1440, 390])
def test_it_follows_its_end(board: Board, steering: Steering, width: int) -> None:
    """What comes is seen, one row or more than a window has."""
    steering.token(ROWS)
    page = board(width=width)
    expect(row(page, ROWS)).to_be_in_viewport()

    for came in (1, 3, 100):
        steering.token(came)
        expect(row(page, steering.rows()[-1]["id"])).to_be_in_viewport()
    expect(page.locator(".foot")).to_be_hidden()


def test_it_does_not_once_its_reader_scrolls(board: Board, steering: Steering) -> None:
    """Scrolled up, the list stays where it is, whatever comes and whatever is searched for."""
    steering.token(ROWS)
    page = board()
    expect(row(page, ROWS)).to_be_in_viewport()
    scroll_up(page)
    before = place(page)
    steering.token(50)
    expect(page.get_by_role("button", name="50 条新的")).to_be_visible()
    assert place(page) == before

    page.locator(".list").evaluate("e => e.scrollTo(0, 0)")
    expect(row(page, 1)).to_be_in_viewport()
    page.locator(".search input").fill("client_token")
    expect(row(page, 1)).to_be_in_viewport()
    assert place(page) == 0


def test_it_follows_again_after_catching_up(board: Board, steering: Steering) -> None:
    """The button with the number of new rows leads to the end, and the list stays there."""
    steering.token(ROWS)
    page = board()
    expect(row(page, ROWS)).to_be_in_viewport()
    scroll_up(page)
    steering.token(100)
    page.get_by_role("button", name="100 条新的").click()

    expect(row(page, ROWS + 100)).to_be_in_viewport()
    steering.token(80)
    expect(row(page, ROWS + 180)).to_be_in_viewport()


def test_it_follows_again_at_the_end(board: Board, steering: Steering) -> None:
    """Whoever scrolls down to the end, where nothing waits, sees what comes."""
    steering.token(ROWS)
    page = board()
    expect(row(page, ROWS)).to_be_in_viewport()
    scroll_up(page)
    page.mouse.wheel(0, 5000)
    expect(page.locator(".foot")).to_be_hidden()
    steering.token(80)
    expect(row(page, ROWS + 80)).to_be_in_viewport()


def test_a_window_of_another_size_shows_the_end(board: Board, steering: Steering) -> None:
    """Lower, higher, and so narrow that rows are higher: the end stays in sight."""
    steering.token(ROWS)
    page = board()
    expect(row(page, ROWS)).to_be_in_viewport()

    for width, height in ((1440, 400), (1440, 1000), (390, 700), (1000, 500)):
        page.set_viewport_size({"width": width, "height": height})
        until(lambda: _is_at_end(page), f"the end at {width} × {height}")
        expect(row(page, ROWS)).to_be_in_viewport()
    steering.token(70)
    expect(row(page, ROWS + 70)).to_be_in_viewport()


def test_a_window_dragged_smaller_shows_the_end(board: Board, steering: Steering) -> None:
    """Where each frame has another size, what the list scrolls itself is not its reader's."""
    steering.token(ROWS)
    page = board()
    expect(row(page, ROWS)).to_be_in_viewport()
    page.evaluate(
        """async () => {
          const main = document.querySelector("main");
          for (let height = 700; height > 300; height -= 20) {
            main.style.flex = "none";
            main.style.height = `${height}px`;
            await new Promise(requestAnimationFrame);
            await new Promise((done) => setTimeout(done)); // as a window: before the next frame
          }
        }"""
    )

    steering.token(70)
    expect(row(page, ROWS + 70)).to_be_in_viewport()


def test_a_window_of_another_size_keeps_the_place(board: Board, steering: Steering) -> None:
    """Scrolled up, the first row that is seen stays, and the end is not gone to."""
    steering.token(ROWS)
    page = board()
    expect(row(page, ROWS)).to_be_in_viewport()
    page.locator(".list").evaluate("e => e.scrollTo(0, 3200)")
    expect(row(page, 101)).to_be_in_viewport()
    expect(page.locator(".foot")).to_be_visible()

    page.set_viewport_size({"width": 1440, "height": 500})
    page.set_viewport_size({"width": 390, "height": 700})
    until(lambda: page.locator(".timeline.narrow").count() == 1, "rows of two lines")
    expect(row(page, 101)).to_be_in_viewport()


def test_a_list_that_was_hidden_shows_its_end(board: Board, steering: Steering) -> None:
    """Where nothing had happened, the list that then appears follows its end too."""
    page = board()
    expect(page.locator(".list")).to_be_hidden()
    steering.token(ROWS)
    expect(row(page, ROWS)).to_be_in_viewport()

    page.keyboard.press("6")
    expect(page.locator(".timeline")).to_have_count(0)
    steering.token(100)
    page.keyboard.press("1")
    expect(row(page, ROWS + 100)).to_be_in_viewport()
    steering.token(60)
    expect(row(page, ROWS + 160)).to_be_in_viewport()


def _is_at_end(page: Page) -> bool:
    found: bool = page.evaluate(
        "() => { const e = document.querySelector('.list');"
        " return Math.abs(e.scrollHeight - e.clientHeight - e.scrollTop) < 2; }"
    )
    return found
