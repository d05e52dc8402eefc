"""Bills: they sum up to what happened, on its day, to its merchant, in its environment."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

import pytest

from mockdouyin.core.clock import DAY, HOUR
from tests.endpoints.calls import Scene
from tests.endpoints.calls_merchant import DAY as TODAY
from tests.endpoints.calls_merchant import (
    EVERYTHING,
    PROVIDER_SALT,
    SignedQuery,
    earned,
    opened,
    own_merchant,
    queried,
    served,
    with_token,
    withdrawn,
)
from tests.endpoints.calls_payment import operation, ordered, paid


def parsed(body: bytes) -> list[dict[str, str]]:
    """Parse a bill."""
    return list(csv.DictReader(io.StringIO(body.decode())))


def rows_of(scene: Scene, path: str, **query: str) -> list[dict[str, str]]:
    """Ask for a bill of the demo mini-program's merchant; return its rows."""
    if path == "/api/apps/fund/bills":
        query = {**EVERYTHING, **query}
    if path != "/api/apps/bill":
        query = {"merchant_id": own_merchant(scene), **query}
    reply = scene.send(queried(scene, path, **query))
    heads = dict(reply.headers)
    assert heads[b"content-type"] == b"text/csv; charset=utf-8", reply.body.decode()
    assert heads[b"content-disposition"].startswith(b'attachment; filename="')
    return parsed(reply.body)


def yuan(rows: Iterable[dict[str, str]], column: str) -> int:
    """Return the sum of a column, in 分."""
    return sum(round(float(row[column]) * 100) for row in rows)


def test_a_bill_sums_up_to_the_orders_of_its_days() -> None:
    """Each paid order is on the bill of the day on which it was paid, and no other one is."""
    scene = Scene()
    amounts = {"20260101": (1, 1990), "20260102": (5, 70_000, 12), "20260103": (999,)}
    for each in amounts.values():
        for amount in each:
            paid(scene, total_amount=amount)
        ordered(scene)
        scene.advance(DAY)

    for day, each in amounts.items():
        rows = rows_of(scene, "/api/apps/bills", bill_date=day, bill_type="payment")
        assert yuan(rows, "订单金额") == sum(each)
        assert [row["序号"] for row in rows] == [str(n) for n in range(1, len(each) + 1)]
        assert {row["支付时间"][:10].replace("-", "") for row in rows} == {day}
    month = rows_of(scene, "/api/apps/bills", bill_date="202601", bill_type="payment")
    assert yuan(month, "订单金额") == sum(map(sum, amounts.values()))
    span = {"start_date": "20260102", "end_date": "20260103", "bill_type": "payment"}
    assert yuan(rows_of(scene, "/api/apps/bill", **span), "订单金额") == 71_016
    assert rows_of(scene, "/api/apps/bills", bill_date="20260105", bill_type="payment") == []


def test_a_bill_is_of_one_seller() -> None:
    """An order that another merchant sells is on that one's bill alone."""
    scene = Scene()
    paid(scene, total_amount=100)
    paid(scene, total_amount=250, store_uid="71111111111111111111")
    days = {"start_date": "20260101", "end_date": "20260101", "bill_type": "payment"}

    assert yuan(rows_of(scene, "/api/apps/bill", **days), "订单金额") == 350
    other = {**days, "seller": "71111111111111111111"}
    assert yuan(rows_of(scene, "/api/apps/bill", **other), "订单金额") == 250
    day = {"bill_date": "20260101", "bill_type": "payment"}
    assert yuan(rows_of(scene, "/api/apps/bills", **day), "订单金额") == 100
    mine = rows_of(scene, "/api/apps/bills", **day, merchant_id="71111111111111111111")
    assert yuan(mine, "订单金额") == 250


def test_two_hundred_and_one_entries_fill_two_pages() -> None:
    """A day with more than one page of a book is told whole."""
    scene = Scene()
    for number in range(201):
        paid(scene, f"ORDER-{number:03}", total_amount=number + 1)

    rows = rows_of(scene, "/api/apps/bills", bill_date="20260101", bill_type="payment")

    assert [row["订单号"] for row in rows] == [f"ORDER-{number:03}" for number in range(201)]
    assert yuan(rows, "订单金额") == 201 * 202 // 2


def test_withdrawals_are_told_as_they_stand() -> None:
    """A withdrawal is on the bill from when it is asked for; its end is told once it has come."""
    scene = Scene()
    earned(scene, 1000)
    withdrawn(scene, "W-1", 400)
    day = {"bill_date": "20260101", "bill_type": "withdraw"}

    [row] = rows_of(scene, "/api/apps/bills", **day)
    assert (row["提现单号"], row["提现金额"], row["提现状态"]) == ("W-1", "4.00", "PROCESSING")
    assert (row["渠道提现单号"], row["提现完成时间"]) == ("", "")
    scene.advance(1)
    [row] = rows_of(scene, "/api/apps/bills", **day)

    assert row["提现状态"] == "SUCCESS"
    assert row["渠道提现单号"].startswith("CH")
    assert row["提现完成时间"] == "2026-01-01 12:00:01"


def settled(scene: Scene) -> str:
    """Pay an order of 19.90, refund 1.90 of it, and settle the rest with a partner's share."""
    number = paid(scene, total_amount=1990)
    refund = {"out_order_no": number, "out_refund_no": f"R-{number}", "reason": "少件"}
    assert operation(scene, "create_refund", **refund, refund_amount=190)["err_no"] == 0
    shares = f'[{{"merchant_uid":"{PARTNER}","amount":60}}]'
    asked = {"out_order_no": number, "out_settle_no": f"S-{number}", "settle_desc": "分账"}
    settle = operation(scene, "settle", **asked, settle_params=shares, finish="true")
    assert settle["err_no"] == 0
    return number


PARTNER = "70000000000000000002"


def test_refunds_and_settlements_sum_up() -> None:
    """They are on the bills once they are done, and on those of receivers; payments stay whole."""
    scene = Scene(refund_takes="1m", settle_takes="1m")
    numbers = [settled(scene) for _ in range(3)]
    day = {"bill_date": "20260101"}
    assert rows_of(scene, "/api/apps/bills", **day, bill_type="refund") == []
    assert rows_of(scene, "/api/apps/bills", **day, bill_type="settle") == []
    scene.advance(60)

    refunds = rows_of(scene, "/api/apps/bills", **day, bill_type="refund")
    assert yuan(refunds, "退款金额") == 3 * 190
    assert [row["退款单号"] for row in refunds] == [f"R-{number}" for number in numbers]
    assert {(row["退款状态"], row["退款类型"]) for row in refunds} == {("SUCCESS", "分账前退款")}
    settlements = rows_of(scene, "/api/apps/bills", **day, bill_type="settle")
    assert yuan(settlements, "技术服务费") == 3 * 11
    parts = [re.findall(r"\(分\)(\d+)", row["分账方和分账金额"]) for row in settlements]
    assert [sum(map(int, each)) for each in parts] == [1800 - 11] * 3
    theirs = rows_of(scene, "/api/apps/bills", **day, bill_type="settle", merchant_id=PARTNER)
    assert theirs == settlements
    payments = rows_of(scene, "/api/apps/bills", **day, bill_type="payment")
    assert yuan(payments, "订单金额") == 3 * 1990
    funds = rows_of(scene, "/api/apps/fund/bills", **day, merchant_id=PARTNER)
    assert [row["账户金额"] for row in funds] == ["0.60", "1.20", "1.80"]
    assert [row["关联订单号"] for row in funds] == numbers


def test_a_return_of_a_share_is_on_the_bills_of_both() -> None:
    """The receiver gives back; its account falls, and the seller's rises."""
    scene = Scene()
    number = settled(scene)
    scene.advance(1)
    back = {
        "out_settle_no": f"S-{number}",
        "out_return_no": "B-1",
        "merchant_uid": PARTNER,
        "return_amount": 40,
        "return_desc": "多分了",
    }
    assert operation(scene, "create_return", **back)["err_no"] == 0
    scene.advance(1)
    day = {"bill_date": "20260101"}

    [row] = rows_of(scene, "/api/apps/bills", **day, bill_type="return")
    assert (row["商户号"], row["回退单号"], row["回退金额"]) == (PARTNER, "B-1", "0.40")
    theirs = rows_of(scene, "/api/apps/fund/bills", **day, merchant_id=PARTNER)
    assert [(each["交易类型"], each["账户金额"]) for each in theirs] == [
        ("分账", "0.60"),
        ("分账回退", "0.20"),
    ]
    own = rows_of(scene, "/api/apps/fund/bills", **day)
    assert own[-1]["收支金额"] == "0.40"


def test_a_bill_of_funds_has_the_balance_after_each_change() -> None:
    """Changes are in the order of their times, over days, and can be told by their kind."""
    scene = Scene(withdraw_takes="1d")
    earned(scene, 1000)
    withdrawn(scene, "W-1", 400)
    withdrawn(scene, "W-2", 700)
    scene.advance(DAY)
    earned(scene, 50)

    first = rows_of(scene, "/api/apps/fund/bills", bill_date="20260101")
    second = rows_of(scene, "/api/apps/fund/bills", bill_date="20260102")
    told = [(row["交易类型"], row["收支金额"], row["账户金额"]) for row in first + second]
    assert told == [
        ("分账", "10.00", "10.00"),
        ("提现", "-4.00", "6.00"),
        ("分账", "0.50", "6.50"),
    ]
    assert [row["关联订单号"] for row in first][1] == "W-1"
    expenses = rows_of(scene, "/api/apps/fund/bills", bill_date="202601", payment_type="EXPEND")
    assert [row["收支金额"] for row in expenses] == ["-4.00"]
    shares = rows_of(scene, "/api/apps/fund/bills", bill_date="202601", trade_type="SETTLE")
    assert [row["账户金额"] for row in shares] == ["10.00", "6.50"]


@pytest.mark.parametrize(
    ("path", "changed", "why"),
    [
        ("/api/apps/bill", {"start_date": "2026-01-01"}, "yyyyMMdd"),
        ("/api/apps/bill", {"start_date": "20260230"}, "yyyyMMdd"),
        ("/api/apps/bill", {"start_date": "20251101"}, "31 days at most"),
        ("/api/apps/bill", {"bill_type": "withdraw"}, "one of"),
        ("/api/apps/bills", {"bill_date": "2026"}, "yyyyMM"),
        ("/api/apps/bills", {"bill_date": "２０２６０１"}, "yyyyMM"),
        ("/api/apps/bills", {"bill_type": "payments"}, "one of"),
        ("/api/apps/fund/bills", {"account_type": "BANK"}, "one of"),
        ("/api/apps/fund/bills", {"payment_type": "IN"}, "one of"),
        ("/api/apps/fund/bills", {"trade_type": "TAX"}, "one of"),
    ],
)
def test_what_is_not_a_bill_is_refused(path: str, changed: dict[str, str], why: str) -> None:
    """A date or a type that is none is refused, and the reason says how it is written."""
    scene = Scene()
    query = {
        "/api/apps/bill": {
            "start_date": "20260101",
            "end_date": "20260101",
            "bill_type": "payment",
        },
        "/api/apps/bills": {"bill_date": "20260101", "bill_type": "payment"},
        "/api/apps/fund/bills": {**EVERYTHING, "bill_date": "20260101"},
    }[path]
    given = {"merchant_id": own_merchant(scene), **query, **changed}

    assert scene.ask(queried(scene, path, **given)) == {"err_no": 1, "err_tips": "参数错误"}
    assert why in list(scene.world.journal)[-1].why.render("en")


def test_a_link_leads_to_the_file_for_six_hours() -> None:
    """The file has what the signed call returns; later, and by another sign, it is refused."""
    scene = Scene()
    paid(scene)
    fields = {"merchant_id": own_merchant(scene), "bill_date": "20260101"}
    key = scene.app("mini_program").client_key
    payments = with_token(scene, "/api/apps/v3/bills/", app_id=key, **fields, bill_type="payment")
    funds = with_token(scene, "/api/apps/v3/fund/bills/", app_id=key, **fields, **EVERYTHING)
    [link] = scene.ask(payments)["data"]["bill_list"]
    [other] = scene.ask(funds)["data"]["fund_bill_list"]

    begins = "https://developer.toutiao.com/wsos_v2/wallet_open_bill_v3_file/object/wsos"
    assert link.startswith(begins)
    assert other.startswith(begins)
    asked = opened(link)
    query = {"bill_date": "20260101", "bill_type": "payment"}
    assert parsed(scene.send(asked).body) == rows_of(scene, "/api/apps/bills", **query)
    assert scene.send(opened(other)).body.startswith("序号,商户号,交易单号".encode())
    assert int(asked.query["expire"]) - int(asked.query["timeStamp"]) == 6 * HOUR
    swapped = asked.having(sign=opened(other).query["sign"])
    assert scene.ask(swapped) == {"err_no": 1, "err_tips": "参数错误"}
    scene.advance(6 * HOUR)
    assert scene.ask(asked)["err_no"] == 1
    assert "expired" in list(scene.world.journal)[-1].why.render("en")


def test_a_link_leads_back_to_where_it_was_asked_for() -> None:
    """At a server's own address the link is there, and names a world that is not the default."""
    scene = Scene()
    world = scene.box.worlds.create("shop")
    scene.world = world
    fields = {"merchant_id": own_merchant(scene), "bill_date": "20260101", "bill_type": "payment"}
    key = scene.app("mini_program").client_key
    asked = with_token(scene, "/api/apps/v3/bills/", app_id=key, **fields)

    [link] = scene.ask(asked.under(host="127.0.0.1:8000"))["data"]["bill_list"]

    assert link.startswith("http://127.0.0.1:8000/@shop/wsos_v2/")
    assert parsed(scene.send(opened(link)).body) == []


def test_a_service_provider_has_the_bills_of_its_apps() -> None:
    """Naming itself alone it gets the same rows as for the app, and those of no other app."""
    scene = Scene()
    provider = served(scene)
    paid(scene, "A-1", total_amount=700)
    query = {"merchant_id": own_merchant(scene), "bill_date": TODAY, "bill_type": "payment"}
    app = {"app_id": scene.app("mini_program").client_key}

    bills = [
        scene.send(SignedQuery("GET", "/api/apps/bills", each, salt=PROVIDER_SALT)).body
        for each in (
            {"thirdparty_id": provider, **query},
            {"thirdparty_id": provider, **app, **query},
        )
    ]

    assert bills[0] == bills[1]
    assert yuan(parsed(bills[0]), "订单金额") == 700
