"""What holds in every view: order of focus, no foreign host, no markup, and live under load."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Opens, watch
from tests.browser.dashboard import (
    EXCHANGE,
    WEB,
    Board,
    Steering,
    board,
    detail,
    row,
    steering,
)
from tests.support.receivers import Receiver

__all__ = ["board", "steering"]

VIEWS = ["timeline", "people", "apps", "scenarios", "deliveries", "findings"]
SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def test_what_is_loaded_from_elsewhere_is_noted(browser: Browser, opens: Opens) -> None:
    """The watch of all these tests sees foreign hosts, errors and logs, in pages of pages too."""
    troubles: list[str] = []
    page = opens("/_mock/#/default/timeline")
    with browser.new_context() as context:
        watch(context, troubles)
        context.route("http://elsewhere.test/**", lambda route: route.fulfill(body="1"))
        first = context.new_page()
        first.goto(page.url)
        with context.expect_page() as opened:
            first.evaluate("() => { window.open('about:blank'); }")
        opened.value.evaluate("() => { new Image().src = 'http://elsewhere.test/a.png'; }")
        with context.expect_event("weberror"):
            first.evaluate("() => { setTimeout(() => { throw new Error('thrown'); }); }")
        with context.expect_event("console"):
            first.evaluate("() => console.log('logged')")
    assert "http://elsewhere.test/a.png" in troubles
    assert any("thrown" in each for each in troubles)
    assert "logged" in troubles


@pytest.mark.parametrize("view", VIEWS)
def test_the_order_of_focus(board: Board, steering: Steering, view: str) -> None:
    """Tab goes from the bar over the tabs to the view, whose list is one stop, and its detail."""
    steering.reuse()
    steering.control("events", event="create_video", to="http://127.0.0.1:9/", content={})
    page = board(view)
    expect(page.locator(".view > *").first).to_be_visible()
    places = "e => e.closest('.bar, .tab-list, .tools, .view')?.className.split(' ')[0] ?? ''"
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(f"() => ({places})(document.activeElement)"))
    order = list(dict.fromkeys(each for each in seen if each))
    assert [each for each in order if each != "tools"] == ["bar", "tab-list", "view"]
    assert seen.index("view") > len(seen) - 1 - seen[::-1].index("tab-list")


@pytest.mark.parametrize(
    ("view", "rows", "title"),
    [
        ("timeline", ".timeline .list [role=option]", ".detail .title"),
        ("apps", ".app-row", ".app-title"),
        ("deliveries", ".deliveries .list [role=option]", ".detail .title"),
        ("findings", ".findings .list [role=option]", ".detail .title"),
    ],
)
@pytest.mark.parametrize("by", ["click", "Enter"])
def test_focus_goes_and_comes_back(
    board: Board, steering: Steering, view: str, rows: str, title: str, by: str
) -> None:
    """What is opened has the focus at its title; Esc gives it back to the list."""
    steering.http.get("/open/get_ticket/")
    steering.control("events", event="create_video", to="http://127.0.0.1:9/", content={})
    page = board(view)
    expect(page.locator(rows).first).to_be_visible(timeout=15_000)
    if by == "click":
        page.locator(rows).first.click()
    else:
        page.keyboard.press("j")
        page.keyboard.press("Enter")
    expect(page.locator(title).first).to_be_focused()
    page.keyboard.press("Escape")
    place = "() => document.activeElement.closest('.list, .app-rows') !== null"
    assert page.evaluate(place)
    stops = page.locator(rows).evaluate_all("all => all.filter(each => each.tabIndex >= 0).length")
    assert stops <= 1


def hostile(steering: Steering, to: str) -> None:
    """Put a script wherever a client, a tester or a receiver may put a text."""
    steering.control("people", name=SCRIPT, nickname=SCRIPT, city=SCRIPT)
    steering.control("apps", name=SCRIPT, kind="web", developer=SCRIPT)
    hook = {"webhook": {"url": f"{to}?a={SCRIPT}"}, "testers": [SCRIPT]}
    steering.http.patch("/_mock/apps/web", json=hook).raise_for_status()
    steering.control("rules", on="client_token", id="<b>x<b>", status=502, set_by=SCRIPT)
    steering.login(SCRIPT)
    steering.http.get(f"/{SCRIPT}", params={SCRIPT: SCRIPT}, headers={"x-header": SCRIPT})
    steering.http.post(EXCHANGE, json={"appid": SCRIPT, "code": SCRIPT, SCRIPT: SCRIPT})
    steering.http.get("/oauth/userinfo/", headers={"access-token": SCRIPT})
    steering.http.post(
        "/oauth/client_token/", data={"client_key": WEB.client_key, "client_secret": SCRIPT}
    )
    raw = json.dumps({"event": SCRIPT, "content": {SCRIPT: SCRIPT}})
    steering.control("events", event=SCRIPT, to=f"{to}?{SCRIPT}", raw=raw)


@pytest.mark.parametrize("view", VIEWS)
def test_no_text_becomes_markup(board: Board, steering: Steering, view: str) -> None:
    """Whatever is named by a script is shown as it is: in lists, panes, menus and dialogs."""
    with Receiver() as receiver:
        hostile(steering, receiver.url)
        page = board(view)
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        main = page.locator(".view")
        expect(main).to_contain_text("<", timeout=15_000)
        rows = main.locator("[role=option], .app-row, .scenario, .rule")
        for n in range(min(rows.count(), 12)):
            rows.nth(n).click()
            page.keyboard.press("Escape")
        for opener in main.locator("button[popovertarget]").all()[:6]:
            if opener.is_visible():
                opener.click()
                page.keyboard.press("Escape")
        assert page.locator("img, main script, [onerror], main iframe").count() == 0


@contextmanager
def loaded(steering: Steering) -> Iterator[None]:
    """Let clients fetch tokens all the while, but fewer than the journal keeps."""
    stop = threading.Event()

    def run() -> None:
        for _ in range(200):
            steering.token(20)
            if stop.wait(0.03):
                return

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def an_exchange(steering: Steering, page: Page) -> None:
    number = steering.reuse()
    page.goto(f"{steering.server.url}/_mock/#/default/timeline?at={number}")
    expect(detail(page).locator(".sentence")).to_have_text("code 已使用过，只能使用一次")
    expect(row(page, number)).to_have_attribute("aria-selected", "true")


def a_person(steering: Steering, page: Page) -> None:
    steering.login("小红")
    expect(page.locator(".person[data-person=小红] .badge").first).to_have_text("已登录")


def a_token(steering: Steering, page: Page) -> None:
    page.goto(f"{steering.server.url}/_mock/#/default/apps?app={WEB.client_key}")
    expect(page.get_by_role("meter", name="client_token").first).to_be_visible()


def a_rule(steering: Steering, page: Page) -> None:
    steering.control("rules", on="oauth.client_token", status=502, id="gateway")
    own = page.locator(".rules").first
    expect(own).to_contain_text("502")
    expect(own).to_contain_text(re.compile("生效 [1-9]|[1-9][0-9]* 次"))


def a_delivery(steering: Steering, page: Page) -> None:
    steering.control("events", event="create_video", to="http://127.0.0.1:9/", content={})
    expect(page.locator(".deliveries .list")).to_contain_text("create_video")


def a_finding(steering: Steering, page: Page) -> None:
    steering.http.get("/open/get_ticket/")
    expect(page.locator(".findings .list")).to_contain_text("unknown_path", timeout=15_000)


@pytest.mark.parametrize(
    ("view", "happens"),
    list(zip(VIEWS, [an_exchange, a_person, a_token, a_rule, a_delivery, a_finding], strict=True)),
)
def test_live_while_a_load_runs(
    board: Board,
    steering: Steering,
    view: str,
    happens: Callable[[Steering, Page], None],
) -> None:
    """What happens among hundreds of calls a second is seen at once, in each view."""
    steering.token()
    page = board(view)
    with loaded(steering):
        happens(steering, page)
