"""Payment in a browser: the cashier on a phone, and an app's keys and orders."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard import MINI, Board, Steering, board, keep, steering
from tests.support.ecpay import sign
from tests.support.waiting import until

__all__ = ["board", "steering"]

NOTIFY = "http://127.0.0.1:9/pay"


def order(steering: Steering, number: str, **more: Any) -> None:
    """Make an order as a backend does."""
    fields = {
        "app_id": MINI.client_key,
        "out_order_no": number,
        "total_amount": 1990,
        "subject": "月度会员",
        "body": "月度会员 30 天",
        "valid_time": 900,
        **more,
    }
    signed = {**fields, "sign": sign(fields, MINI.payment.salt)}
    answer = steering.http.post("/api/apps/ecpay/v1/create_order", json=signed).json()
    assert answer["err_no"] == 0, answer


def orders(steering: Steering) -> list[dict[str, Any]]:
    """Return the orders as the control API lists them."""
    found: list[dict[str, Any]] = steering.http.get("/_mock/orders").json()["orders"]
    return found


def phone(page: Page, person: str = "小明") -> Locator:
    """Return a person's column."""
    return page.locator(f'.person[data-person="{person}"]')


LOOKS = [(1440, "zh-CN", "light"), (390, "zh-CN", "dark"), (1440, "en-US", "dark")]


@pytest.mark.parametrize(("width", "locale", "scheme"), LOOKS)
def test_pay_the_latest_order(
    board: Board, steering: Steering, width: int, locale: str, scheme: str
) -> None:
    """The cashier shows amount, subject and ways; paying shows what the front end got."""
    order(steering, "ORD-1", limit_pay_way="LIMIT_DYZF")
    page = board("people", width=width, locale=locale, color_scheme=scheme)
    page.emulate_media(reduced_motion="reduce")
    column = phone(page)

    column.locator('[data-deed="pay"]').click()

    sheet = column.get_by_role("dialog")
    expect(sheet.locator(".amount")).to_have_text("¥19.90")
    expect(sheet).to_contain_text("ORD-1")
    expect(sheet.get_by_role("radio")).to_have_count(2)
    sheet.scroll_into_view_if_needed()
    keep(page, f"cashier-{width}-{locale}-{scheme}")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    sheet.get_by_role("radio").nth(1).check()
    sheet.locator(".phone-main").click()
    expect(column.locator(".got")).to_contain_text("pay:ok")
    [paid] = orders(steering)
    assert (paid["status"], paid["way"], paid["payer"]) == ("SUCCESS", "alipay", "小明")

    column.locator('[data-deed="pay"]').click()
    zh = locale == "zh-CN"
    expect(column.get_by_role("dialog")).to_contain_text("打不开" if zh else "does not open")


def test_cashier_that_waits(board: Board, steering: Steering) -> None:
    """A call that waits is paid on the phone; one that is left stays, and is paid later."""
    order(steering, "ORD-1")
    steering.control("rules", on="phone.pay", sheet="ask", times=1)
    page = board("people")
    column = phone(page)
    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(steering.control, "phone/pay", person="小明", timeout=60)
        until(lambda: steering.http.get("/_mock/phone/sheets").json()["sheets"], "the cashier")
        sheet = column.get_by_role("dialog")
        expect(sheet.locator(".amount")).to_have_text("¥19.90")
        sheet.locator("summary").click()
        sheet.get_by_role("button", name="离开，稍后再付").click()
        assert done.result()["code"] == 9

    expect(column.get_by_role("dialog")).to_be_visible()
    assert orders(steering)[0]["status"] == "PROCESSING"
    column.get_by_role("dialog").locator(".phone-main").click()
    expect(column.get_by_role("dialog")).to_have_count(0)
    until(lambda: orders(steering)[0]["status"] == "SUCCESS", "the payment")


@pytest.mark.parametrize(("width", "locale", "scheme"), LOOKS)
def test_keys_and_orders_of_an_app(
    board: Board, steering: Steering, width: int, locale: str, scheme: str
) -> None:
    """An app has its payment keys, its address for callbacks, and its orders as they come."""
    order(steering, "ORD-1", subject="<b>一本书</b>")
    page = board("apps", width=width, locale=locale, color_scheme=scheme, app=MINI.client_key)
    pane = page.locator(".app-payment")

    expect(pane.locator(".app-keys")).to_contain_text(MINI.payment.merchant_uid)
    expect(pane.locator(".app-keys")).not_to_contain_text(MINI.payment.token)
    page.locator(".app-detail .pane-title button").last.click()
    expect(pane.locator(".app-keys")).to_contain_text(MINI.payment.token)
    row = pane.locator('[data-order="ORD-1"]')
    expect(row).to_contain_text("待支付" if locale == "zh-CN" else "unpaid")
    expect(row).to_contain_text("<b>一本书</b>")

    pane.get_by_label("notify_url").fill(NOTIFY)
    pane.locator(".notify-line button").first.click()
    until(lambda: notify_url(steering) == NOTIFY, "the address")
    steering.control("phone/pay", way="wx")
    order(steering, "ORD-2")
    expect(row).to_contain_text("已支付" if locale == "zh-CN" else "paid")
    expect(row.locator(".badge", has_text="payment")).to_be_visible()
    expect(pane.locator(".order")).to_have_count(2)
    pane.scroll_into_view_if_needed()
    keep(page, f"app-payment-{width}-{locale}-{scheme}")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def notify_url(steering: Steering) -> str:
    """Return where the app's callbacks go."""
    found = steering.http.get("/_mock/apps", params={"app": MINI.client_key}).json()["apps"]
    return str(found[0]["payment"]["notify_url"])
