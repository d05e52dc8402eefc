"""Operation on the bills of guaranteed payment: each with its sums, and one with its rows."""

from __future__ import annotations

from typing import Literal

from mockdouyin.control._error_texts import BILL_DATE
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.core.clock import beijing
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.store import Unit
from mockdouyin.domain.bill_totals import total_of
from mockdouyin.domain.bills import SOURCES, Asked, numbered_days, write_bill, write_fund_bill
from mockdouyin.sandbox.worlds import World

FUNDS = "funds"
"""The bill of what changed in a merchant's account (资金账单)."""


class BillShown(Shown):
    """A bill: what it sums up to, and its rows if it was asked for by its type.

    一种账单的汇总；指定了种类就附明细。
    """

    type: str
    rows: int
    succeeded: int
    """Rows of what succeeded; these are summed up.

    成功的行数，只汇总这些。"""
    sums: dict[str, int]
    """In 分, by the bill's own column.

    各金额列的合计，单位分。"""
    csv: str | None
    """The bill as the platform sends it.

    平台返回的账单原文。"""


class BillsShown(Shown):
    """The bills of an app for a day or a month.

    应用某天或某月的账单。
    """

    app: str
    """The client_key.

    应用的 client_key。"""
    date: str
    environment: str
    """`production` or `sandbox`.

    `production` 是生产环境，`sandbox` 是沙盒。"""
    bills: list[BillShown]


class BillsQuery(OperationQuery):
    """Which bills to show.

    要哪些账单。
    """

    app: str = ""
    """An app's client_key or name; by default the mini-program.

    应用的 client_key 或名称，默认是小程序。"""
    date: str = ""
    """`yyyyMMdd`, or `yyyyMM` for a month; by default the world's day in Beijing.

    `yyyyMMdd`，或者 `yyyyMM` 表示一个月；默认是世界里的当天（北京时间）。"""
    type: Literal["", "payment", "settle", "refund", "return", "withdraw", "funds"] = ""
    """The only one to show, with its rows.

    只要这一种，并附明细。"""
    merchant: str = ""
    """Only what is about this merchant. For the funds by default the app's own.

    只要这个商户的。资金账单默认是应用自己的商户。"""
    environment: Literal["", "production", "sandbox"] = ""
    """By default that of the setting `payment_environment`.

    环境，默认按设置 `payment_environment`。"""


@operation("GET", "/bills", long=True)
def list_bills(call: OperationCall[BillsQuery]) -> BillsShown:
    """Show what the bills of an app sum up to on a day or in a month; one with its rows.

    查看应用某天或某月的账单汇总，也可以取一种账单的明细。
    """
    given, world = call.given, call.world
    app = world.find_app(given.app, "mini_program")
    unit = world.store.unit(world.clock.now())
    date = given.date or f"{beijing(unit.now):%Y%m%d}"
    environment = given.environment or world.settings.payment_environment
    try:
        days = numbered_days(date)
    except ValueError:
        raise MockDouyinError(BILL_DATE(date=date[:40])) from None
    asked = Asked(app.client_key, days, given.merchant, sandbox=environment == "sandbox")
    own = app.payment.merchant_uid
    bills = [
        _show(each, _content(world, unit, each, asked, own), with_rows=bool(given.type))
        for each in ([given.type] if given.type else [*SOURCES, FUNDS])
    ]
    return BillsShown(app=app.client_key, date=date, environment=environment, bills=bills)


def _content(world: World, unit: Unit, bill: str, asked: Asked, own: str) -> bytes:
    if bill != FUNDS:
        return write_bill(world, unit, bill, asked)
    return write_fund_bill(unit, asked._replace(merchant=asked.merchant or own), *["ALL"] * 3)


def _show(bill: str, content: bytes, *, with_rows: bool) -> BillShown:
    total = total_of(content)
    return BillShown(
        type=bill,
        rows=total.rows,
        succeeded=total.succeeded,
        sums=total.sums,
        csv=content.decode() if with_rows else None,
    )
