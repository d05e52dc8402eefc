"""Payment in a browser: the cashier on a phone, and an app's keys and orders."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard import MINI, Board, Steering, board, keep, steering
from tests.support.ecpay import sign
from tests.support.receivers import Receiver
from tests.support.trade import GOODS, agrees
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


def test_an_order_that_begins_on_the_phone(board: Board, steering: Steering) -> None:
    """An order of tt.createOrder is paid at the same cashier, left open or opened again."""
    with Receiver(agrees) as shop:
        settings = {"create_order_callback": shop.url, "notify_url": shop.url}
        steering.http.patch(f"/_mock/apps/{MINI.client_key}", json={"payment": settings})
        page = board("people")
        column = phone(page)
        steering.control("phone/createOrder", **GOODS, decision="leave")
        sheet = column.get_by_role("dialog")
        expect(sheet).to_contain_text("咖啡")
        sheet.locator("summary").click()
        sheet.get_by_role("button", name="关闭").click()
        expect(sheet).to_have_count(0)
        expect(column).to_contain_text("tt.createOrder")

        column.locator('[data-deed="pay"]').click()
        expect(sheet.locator(".amount")).to_have_text("¥19.90")
        sheet.locator(".phone-main").click()
        expect(column.locator(".got")).to_contain_text("continueToPay:ok")

    [paid] = orders(steering)
    assert (paid["kind"], paid["status"]) == ("trade", "SUCCESS")
    page = board("apps", app=MINI.client_key)
    expect(page.locator(".app-payment .order")).to_contain_text("tt.createOrder")


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

    addresses = ("notify_url", "create_order_callback")
    for setting in addresses:
        line = pane.locator(".notify-line").filter(has=page.get_by_label(setting))
        line.get_by_label(setting).fill(NOTIFY)
        line.get_by_role("button").click()
    until(lambda: set(map(payment(steering).get, addresses)) == {NOTIFY}, "the addresses")
    steering.control("phone/pay", way="wx")
    order(steering, "ORD-2")
    expect(row).to_contain_text("已支付" if locale == "zh-CN" else "paid")
    expect(row.locator(".badge", has_text="payment")).to_be_visible()
    expect(pane.locator(".order")).to_have_count(2)
    pane.scroll_into_view_if_needed()
    keep(page, f"app-payment-{width}-{locale}-{scheme}")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def payment(steering: Steering) -> dict[str, str]:
    """Return the app's payment settings."""
    found = steering.http.get("/_mock/apps", params={"app": MINI.client_key}).json()["apps"]
    settings: dict[str, str] = found[0]["payment"]
    return settings


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_story_tells_how_it_was_paid(board: Board, steering: Steering, locale: str) -> None:
    """Stories of payment have their order's number and what came of the latest tt.pay."""
    zh = locale == "zh-CN"
    for number, decision in (("O-1", "cancel"), ("O_2", "leave"), ("O-3", "pay")):
        order(steering, number)
        steering.control("phone/pay", decision=decision, person="小红")
    steering.control("phone/pay", decision="pay", order="O-1", way="alipay")

    page = board("timeline", locale=locale)
    stories = page.locator(".row.story")

    expect(stories).to_have_count(3)
    told = {row.locator(".own-number").inner_text(): row for row in stories.all()}
    assert set(told) == {"O-1", "O_2", "O-3"}
    without = "没有回调" if zh else "nobody is called back"
    expect(told["O-1"].locator(".outcome")).to_contain_text("支付宝" if zh else "Alipay")
    expect(told["O-1"].locator(".outcome")).to_contain_text(without)
    expect(told["O_2"].locator(".outcome")).to_contain_text("离开" if zh else "left")
    expect(told["O_2"].locator(".outline")).to_have_text("create_order → tt.pay")
    expect(told["O-3"].locator(".outcome")).to_contain_text("微信" if zh else "WeChat")


def test_badge_of_a_story_is_in_the_middle_of_its_row(board: Board, steering: Steering) -> None:
    """No style of the cashier's reaches the timeline."""
    order(steering, "ORD-1")
    steering.control("phone/pay")
    row = board("timeline").locator(".row.story")

    middles = [
        box["y"] + box["height"] / 2
        for part in (".badge", "time")
        if (box := row.locator(part).bounding_box())
    ]
    assert abs(middles[0] - middles[1]) < 2


def test_what_was_done_says_how_it_ended(board: Board, steering: Steering) -> None:
    """A phone's column tells one tt.pay from another, and that a rule decided."""
    order(steering, "ORD-1")
    steering.control("rules", on="phone.pay", sheet="deny", times=1)
    column = phone(board("people"))
    column.locator('[data-deed="pay"]').click()
    column.get_by_role("dialog").locator(".phone-main").click()

    expect(column.locator(".got")).to_contain_text("已取消")
    expect(column.locator(".got .by-rule")).to_have_text("由规则决定")
    expect(column.locator('.got [role="status"], .unseen').first).to_contain_text("tt.pay 已取消")
    expect(column.locator(".lately")).to_contain_text("tt.pay 取消支付（code 4）")


def test_other_ends_of_the_cashier_are_in_sight(board: Board, steering: Steering) -> None:
    """Once they are unfolded, none is below the edge of the sheet."""
    order(steering, "ORD-1")
    column = phone(board("people"))
    column.locator('[data-deed="pay"]').click()
    sheet = column.get_by_role("dialog")
    sheet.locator("summary").click()

    foot = sheet.locator("footer").bounding_box()
    assert foot is not None
    for end in sheet.locator(".ends button").all():
        expect(end).to_be_in_viewport(ratio=1)
        box = end.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= foot["y"] + 1


def test_paid_order_without_a_callback(board: Board, steering: Steering) -> None:
    """The list of orders says where no callback was sent."""
    order(steering, "ORD-1", notify_url=NOTIFY)
    steering.control("phone/pay")
    order(steering, "ORD-2")
    order(steering, "ORD-3")
    steering.control("phone/pay", order="ORD-2")
    pane = board("apps", app=MINI.client_key).locator(".app-payment")

    silent = pane.get_by_text("没有发出回调")
    expect(pane.locator(".order")).to_have_count(3)
    expect(silent).to_have_count(1)
    expect(pane.locator('[data-order="ORD-2"]').get_by_text("没有发出回调")).to_be_visible()
