"""The findings in a browser: what the client does wrong, what shows it, what to do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard import (
    EXCHANGE,
    MINI,
    WATCH_CLIPBOARD,
    Board,
    Steering,
    board,
    keep,
    pasted,
    steering,
)
from tests.support.ecpay import sign
from tests.support.waiting import until

__all__ = ["board", "steering"]

SCRIPT = "<img src=x onerror=alert(1)>"


def finding(page: Page, rule: str) -> Locator:
    """Return the row of a rule that was broken."""
    return page.locator(f'.list [data-key="{rule}"]')


def opened(page: Page) -> Locator:
    """Return the pane that is seen beside the list."""
    return page.locator(".detail:visible")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_wrong(board: Board, steering: Steering, width: int, scheme: str) -> None:
    """Each rule that was broken is a row; opened it shows the exchange, the reason and the fix."""
    steering.control("clock/freeze", at="2026-11-20T14:00:00+08:00")
    reused = steering.reuse()
    steering.http.get("/open/get_ticket/")
    steering.token(3)
    page = board("findings", width, color_scheme=scheme)

    expect(finding(page, "code_reused")).to_contain_text("同一个 code 用了两次")
    expect(finding(page, "unread_field")).to_be_visible()
    expect(finding(page, "unknown_path")).to_be_visible()
    expect(page.locator(".findings h2")).to_have_text("你的后端有 5 处要改")
    keep(page, f"findings-list-{width}-{scheme}")
    finding(page, "code_reused").click()
    pane = opened(page)
    expect(pane).to_contain_text("code 只能用一次")
    expect(pane).to_contain_text("一个 code 只换一次")
    expect(pane.locator(".evidence li")).to_have_count(3)  # the login, and both exchanges
    expect(pane.locator(".evidence li.shows")).to_contain_text(f"#{reused}")
    expect(pane.locator(".source a")).to_have_attribute("href", re.compile("^https://"))
    expect(pane).to_contain_text("mockdouyin doctor --rule code_reused --fail")
    page.evaluate("() => Promise.all(document.getAnimations().map((each) => each.finished))")
    keep(page, f"findings-{width}-{scheme}")
    page.reload()
    expect(pane).to_contain_text("code 只能用一次")

    pane.get_by_role("link", name=f"#{reused}").click()
    expect(opened(page)).to_contain_text("为什么被拒绝")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_note_is_no_mistake(board: Board, steering: Steering, width: int) -> None:
    """A callback to this machine is listed softly: no tab counts it, no row has a flag."""
    fields = {
        "app_id": MINI.client_key,
        "out_order_no": "ORD-1",
        "total_amount": 1990,
        "subject": "月度会员",
        "body": "月度会员 30 天",
        "valid_time": 900,
        "notify_url": "http://127.0.0.1:9000/notify",
    }
    signed = {**fields, "sign": sign(fields, MINI.payment.salt)}
    steering.http.post("/api/apps/ecpay/v1/create_order", json=signed).raise_for_status()
    page = board("findings", width)

    row = finding(page, "local_notify_url")
    expect(row).to_contain_text("支付回调地址只在这里能用")
    expect(row.locator(".badge")).to_have_text("提示")
    expect(row.locator(".is-fault")).to_have_count(0)
    expect(page.locator(".findings h2")).to_have_text("没有发现问题")
    expect(page.locator(".tab-list [data-view=findings] .count")).to_be_hidden()
    keep(page, f"findings-note-list-{width}")
    row.click()
    expect(opened(page)).to_contain_text("http://127.0.0.1:9000/notify 在这里可以用")
    expect(opened(page)).to_contain_text("这是提示，不是错误")
    expect(opened(page)).not_to_contain_text("doctor --rule")
    page.evaluate("() => Promise.all(document.getAnimations().map((each) => each.finished))")
    keep(page, f"findings-note-{width}")

    steering.reuse()
    page = board("timeline", width)
    expect(page.locator(".list .flag")).to_have_count(1)


def test_live(board: Board, steering: Steering) -> None:
    """A finding is counted on the tab of every view, and listed as it is made."""
    steering.exchange(steering.login())
    page = board()
    tab = page.locator(".tab-list [data-view=findings]")
    expect(tab.locator(".count")).to_be_hidden()
    page.keyboard.press("6")
    expect(page.locator(".empty")).to_contain_text("没有发现问题")
    expect(page.locator(".empty")).to_contain_text("检查了 1 次请求")
    keep(page, "findings-empty")

    steering.reuse()
    expect(finding(page, "code_reused")).to_be_visible(timeout=15_000)
    expect(tab.locator(".count")).to_contain_text("2")
    steering.control("reset")
    expect(page.locator(".empty")).to_contain_text("还没有可以诊断的请求")
    expect(tab.locator(".count")).to_be_hidden()


def test_tabs_count_from_the_beginning(board: Board, steering: Steering) -> None:
    """Whichever view is opened first, the tabs of the others tell what there is."""
    steering.reuse()
    steering.token(4)
    page = board("scenarios")

    expect(page.locator(".tab-list [data-view=timeline] .count")).to_have_text("7")
    count = page.locator(".tab-list [data-view=findings] .count")
    expect(count).to_have_class("count fault")
    found = steering.http.get("/_mock/findings").json()["findings"]
    expect(count).to_have_text(f"{len(found)} {len(found)} 处要改")
    steering.token()
    expect(page.locator(".tab-list [data-view=timeline] .count")).to_have_text("8")


def test_rows_come_before_counts(board: Board, steering: Steering) -> None:
    """What the first view shows is asked for before what the other tabs count."""
    steering.token(1_500)
    page = board()
    expect(page.get_by_role("button", name="全部 1500")).to_be_visible()
    until(lambda: asked(page, "findings") > 0, "the findings to be asked for")

    assert asked(page, "findings") > asked(page, "rows") > 0
    assert asked(page, "deliveries") > asked(page, "rows")


def asked(page: Page, path: str) -> float:
    """Return when an operation was last asked for; 0 if never."""
    found: float = page.evaluate(
        """path => Math.max(0, ...performance.getEntriesByType("resource")
          .filter((each) => each.name.includes(`/worlds/default/${path}?`))
          .map((each) => each.startTime))""",
        path,
    )
    return found


def test_the_keyboard(board: Board, steering: Steering) -> None:
    """Rows are walked, opened and closed by keys; Esc returns to the same row."""
    steering.reuse()
    page = board("findings")
    rows = page.locator(".list [role=option]")
    expect(rows).to_have_count(2)

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(opened(page).locator(".title")).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    expect(opened(page)).to_contain_text(rows.nth(1).get_attribute("data-key") or "?")
    page.keyboard.press("Escape")
    expect(opened(page)).to_have_count(0)
    expect(page.locator(".list")).to_be_focused()


def test_copies_in_english(board: Board, steering: Steering) -> None:
    """All of it in English; and as Markdown."""
    steering.reuse()
    page = board("findings", locale="en-GB", rule="code_reused")
    page.evaluate(WATCH_CLIPBOARD)
    expect(opened(page)).to_contain_text("A code works once.")
    expect(opened(page)).to_contain_text("Exchange a code once, and keep what it gave.")
    expect(page.locator("main")).not_to_contain_text(re.compile(r"findings\.\w"))
    keep(page, "findings-en")

    page.get_by_role("button", name="Copy Markdown").click()
    page.wait_for_function("() => window.copied")
    assert "## A code is used twice (`code_reused`)" in pasted(page)
    page.get_by_role("button", name="Check in CI").click()
    page.wait_for_function("() => window.copied.startsWith('mockdouyin doctor --fail')")


def test_what_is_hostile(board: Board, steering: Steering) -> None:
    """Nothing that a client sends becomes markup."""
    steering.exchange(steering.login(), **{SCRIPT: SCRIPT})
    steering.http.post(f"{EXCHANGE}/{SCRIPT}", json={SCRIPT: SCRIPT})
    page = board("findings")

    finding(page, "unread_field").click()
    expect(opened(page).locator(".hint")).to_contain_text(SCRIPT)
    finding(page, "unknown_path").click()
    expect(opened(page).locator(".evidence")).to_contain_text("onerror")
    assert page.locator("main img, main script").count() == 0
