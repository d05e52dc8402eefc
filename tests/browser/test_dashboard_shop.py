"""A shop's order in the dashboard: paid by clicks, called back, and told as one story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard import MINI, Board, Steering, board, detail, keep, steering
from tests.support.ports import free_port
from tests.support.shop import Shop, open_shop
from tests.support.waiting import until

__all__ = ["board", "steering"]


@pytest.fixture
def shop(steering: Steering) -> Iterator[Shop]:
    """Yield the shop of the demo mini-program, which takes callbacks."""
    keys = {"APP_ID": MINI.client_key, "SALT": MINI.payment.salt, "TOKEN": MINI.payment.token}
    with open_shop(steering.server.url, free_port(), ":memory:", **keys) as running:
        yield running


def phone(page: Page, person: str = "小明") -> Locator:
    """Return a person's column."""
    return page.locator(f'.person[data-person="{person}"]')


def callback(steering: Steering) -> dict[str, Any]:
    """Return the callback of the only order."""
    [order] = steering.http.get("/_mock/orders").json()["orders"]
    [found] = order["callbacks"]
    assert (order["way"], found["event"]) == ("alipay", "ecpay_payment")
    return dict(found)


def settled(page: Page, name: str) -> None:
    """Save a screenshot once nothing moves any more."""
    page.evaluate("() => Promise.all(document.getAnimations().map((each) => each.finished))")
    keep(page, name)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_an_order_is_paid_by_clicks(
    board: Board, steering: Steering, shop: Shop, width: int, scheme: str
) -> None:
    """Ordered at the shop and paid at the cashier; the shop knows it by the callback."""
    assert shop.order("CART-7", "cake").json()["order_token"]
    page = board("people", width, color_scheme=scheme)
    column = phone(page)
    column.locator('[data-deed="pay"]').click()
    sheet = column.get_by_role("dialog")
    expect(sheet.locator(".amount")).to_have_text("¥32.00")
    expect(sheet).to_contain_text("蛋糕")
    sheet.get_by_role("radio", name="支付宝").check()
    sheet.scroll_into_view_if_needed()
    settled(page, f"shop-cashier-{width}")
    sheet.get_by_role("button", name="立即支付").click()
    expect(column.locator(".got")).to_contain_text("pay:ok")
    expect(column.locator(".got .badge")).to_have_text("已支付")
    settled(page, f"shop-paid-{width}")

    until(lambda: callback(steering)["state"] == "delivered", "the callback is acknowledged")
    assert (shop.shown("CART-7")["status"], shop.shown("CART-7")["shipped"]) == ("paid", 1)
    assert not steering.rows(endpoint="ecpay.query_order")  # it did not have to ask

    column.locator(".got").get_by_role("link").click()
    expect(detail(page)).to_contain_text("tt.pay")
    steps = detail(page).locator(".life li")
    expect(steps).to_contain_text(["create_order", "tt.pay", "ecpay_payment"])
    expect(steps.nth(1)).to_have_attribute("aria-current", "step")
    settled(page, f"shop-story-{width}")
    if width > 1000:
        story = page.locator(".list .story")
        expect(story).to_contain_text("create_order → tt.pay → ecpay_payment")
        expect(story).to_contain_text("全部通过")
    steps.last.get_by_role("button").click()
    expect(detail(page)).to_contain_text(f"ecpay_payment 已送达 {shop.url}/notify（HTTP 200）")
    expect(detail(page).locator(".json")).to_contain_text('"cp_orderno": "CART-7"')
    settled(page, f"shop-callback-{width}")


def test_an_order_that_is_left_and_a_shop_that_asks(
    board: Board, steering: Steering, shop: Shop
) -> None:
    """Who leaves the cashier pays later; whatever ended the cashier stands beside its code."""
    shop.order("CART-8")
    page = board("people")
    column = phone(page)
    column.locator('[data-deed="pay"]').click()
    sheet = column.get_by_role("dialog")
    sheet.locator("summary").click()
    sheet.get_by_role("button", name="离开，稍后再付").click()
    expect(column.locator(".got .badge")).to_have_text("未知，以后端查单为准")
    assert shop.shown("CART-8")["status"] == "new"

    sheet.get_by_role("button", name="立即支付").click()
    until(lambda: shop.shown("CART-8")["status"] == "paid", "the shop knows")
    expect(sheet).to_have_count(0)
    settled(page, "shop-left")
