"""Bills (账单) as CSV: what happened to an app's money, and what changed in a merchant's account.

Amounts are in yuan, times in Beijing. (Doc pages: mini-app/develop/server/ecpay/bills/bill and
…/bills/fundbill; the columns of payment, settle, refund and of funds are documented, the others
assumed, as is that a bill has no byte order mark.)
"""

from __future__ import annotations

import csv
import io
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from mockdouyin.core.clock import HOUR, beijing
from mockdouyin.core.store import Record, Unit
from mockdouyin.domain import statements
from mockdouyin.domain.ledger import BookEntry, Place, Purse, booked, yuan
from mockdouyin.domain.orders import Order, channel_numbers
from mockdouyin.domain.owned_records import key_of
from mockdouyin.domain.providers import served_by
from mockdouyin.domain.refunds import Refund
from mockdouyin.domain.settlements import Settlement
from mockdouyin.domain.share_returns import ShareReturn
from mockdouyin.domain.withdrawals import Withdrawal, channel_number

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

FILE_LIFETIME = 6 * HOUR
"""How long the link to a bill's file lives."""


class Asked(NamedTuple):
    """Whose bill, of which days, in which environment."""

    owner: str
    """A client_key, or the thirdparty_id of a provider."""
    days: tuple[int, ...]
    """Numbered days in Beijing."""
    merchant: str = ""
    """Only what is about this merchant, if one is named."""
    sandbox: bool = False


def numbered_days(text: str) -> tuple[int, ...]:
    """Return the numbers of the days that `yyyyMMdd` or `yyyyMM` names, or raise ValueError."""
    if not text.isascii() or not text.isdigit() or len(text) not in (6, 8):
        raise ValueError(text)
    is_month = len(text) == 6
    first = datetime.strptime(text, "%Y%m" if is_month else "%Y%m%d").replace(tzinfo=UTC).date()
    count = monthrange(first.year, first.month)[1] if is_month else 1
    day = (first - date(1970, 1, 1)).days
    return tuple(range(day, day + count))


class BillFile(Record, frozen=True):
    """A bill that can be downloaded, by the name of its object; it is written when it is."""

    TABLE: ClassVar[str] = "BillFile"

    RETAIN = 24 * HOUR

    app: str
    owner: str
    days: tuple[int, ...]
    merchant: str
    bill_type: str
    """The bill's type; empty for a bill of funds."""
    sign: str
    funds: tuple[str, str, str] = ("", "", "")
    """account_type, payment_type and trade_type of a bill of funds."""
    sandbox: bool = False


Row = tuple[str, ...]


class Source(NamedTuple):
    """Where the rows of one type of bill come from."""

    kind: type[Record]
    """The records that the book's entries of this kind name."""
    row: Callable[[WorldState, Unit, BookEntry, Asked], Row | None]


_ORDER = ("商户号", "openId", "订单号", "平台订单号", "渠道订单号", "订单金额", "支付方式")
_PAYMENT = ("序号", "支付时间", *_ORDER, "支付状态")
_WITHDRAW = (
    *("序号", "提现时间", "商户号", "提现单号", "平台提现单号", "渠道提现单号", "提现渠道"),
    *("提现金额", "提现状态", "提现完成时间"),
)
COLUMNS: dict[str, Row] = {
    "payment": _PAYMENT,
    "settle": (*_PAYMENT, "分账单号", "分账状态", "分账方和分账金额", "技术服务费", "抽佣金额"),
    "refund": (
        *("序号", "退款时间", "商户号", "openId", "订单号", "渠道订单号", "订单金额", "支付方式"),
        *("退款类型", "退款单号", "平台退款单号", "退款状态", "退款完成时间", "退款金额"),
    ),
    "return": (
        *("序号", "回退时间", "商户号", "分账单号", "平台分账单号", "回退单号", "平台回退单号"),
        *("回退金额", "回退状态", "回退完成时间"),
    ),
    "withdraw": _WITHDRAW,
    "rebate": ("序号", "返佣时间", "商户号", "返佣金额"),
    "annual_rebate": ("序号", "返佣时间", "商户号", "返佣金额"),
}
"""The types of bills, and their columns. Nobody is given a rebate here: those bills are empty."""

FUND_COLUMNS = (
    *("序号", "商户号", "交易单号", "关联订单号", "账户类型", "交易类型", "收支金额", "账户金额"),
    *("动账时间", "说明"),
)

WAYS = {1: "微信", 2: "支付宝", 10: "抖音支付"}


def time_text(time: float) -> str:
    """Format a time as bills do; nothing for one that has not come."""
    return f"{beijing(time):%Y-%m-%d %H:%M:%S}" if time else ""


def order_cells(world: WorldState, order: Order) -> Row:
    """Return the cells of an order that bills of payment and of settlements share."""
    app = world.apps.get(order.app)
    return (
        order.seller,
        world.people.open_id(app, order.payer) if app is not None and order.payer else "",
        order.out_order_no,
        order.order_id,
        channel_numbers(world.ids, order).channel_no,
        yuan(order.total_amount),
        WAYS.get(order.way, ""),
    )


def _payment(world: WorldState, unit: Unit, entry: BookEntry, asked: Asked) -> Row | None:
    order = unit.read(Order, entry.key)
    if order is None or order.sandbox != asked.sandbox:
        return None
    if asked.merchant not in ("", order.seller):
        return None
    return (time_text(order.paid), *order_cells(world, order), "SUCCESS")


def _withdrawal(world: WorldState, unit: Unit, entry: BookEntry, asked: Asked) -> Row | None:
    found = unit.read(Withdrawal, entry.key)
    if found is None or found.sandbox != asked.sandbox:
        return None
    if asked.merchant not in ("", found.merchant):
        return None
    status = found.status(unit.now)
    is_done = status != "PROCESSING"
    return (
        time_text(found.asked),
        found.merchant,
        found.out_order_id,
        found.order_id,
        channel_number(world, found) if is_done else "",
        found.channel,
        yuan(found.amount),
        status,
        time_text(found.done) if is_done else "",
    )


def _order_of(unit: Unit, app: str, number: str, asked: Asked) -> Order | None:
    return unit.read(Order, key_of(app, number, sandbox=asked.sandbox))


def _settlement(world: WorldState, unit: Unit, entry: BookEntry, asked: Asked) -> Row | None:
    found = unit.read(Settlement, entry.key)
    if found is None or found.sandbox != asked.sandbox:
        return None
    order = _order_of(unit, found.app, found.out_order_no, asked)
    receivers = [share.merchant for share in found.shares]
    if order is None or asked.merchant not in ("", order.seller, *receivers):
        return None
    return (
        time_text(order.paid),
        *order_cells(world, order),
        "SUCCESS",
        found.out_settle_no,
        found.status(unit.now),
        found.detail,
        yuan(found.rake),
        yuan(0),
    )


def _refund(world: WorldState, unit: Unit, entry: BookEntry, asked: Asked) -> Row | None:
    found = unit.read(Refund, entry.key)
    if found is None or found.sandbox != asked.sandbox:
        return None
    order = _order_of(unit, found.app, found.out_order_no, asked)
    if order is None or asked.merchant not in ("", order.seller):
        return None
    seller, open_id, number, _, channel, amount, way = order_cells(world, order)
    return (
        time_text(found.created),
        *(seller, open_id, number, channel, amount, way),
        "分账后退款" if found.is_all_settled else "分账前退款",
        found.out_refund_no,
        found.refund_no,
        found.status(unit.now),
        time_text(found.done),
        yuan(found.amount),
    )


def _return(world: WorldState, unit: Unit, entry: BookEntry, asked: Asked) -> Row | None:
    found = unit.read(ShareReturn, entry.key)
    if found is None or found.sandbox != asked.sandbox:
        return None
    order = _order_of(unit, found.app, found.out_order_no, asked)
    seller = order.seller if order is not None else ""
    if asked.merchant not in ("", found.merchant, seller):
        return None
    return (
        time_text(found.created),
        found.merchant,
        found.out_settle_no,
        found.settle_no,
        found.out_return_no,
        found.return_no,
        yuan(found.amount),
        found.status(unit.now),
        time_text(found.done),
    )


SOURCES = {
    "payment": Source(Order, _payment),
    "settle": Source(Settlement, _settlement),
    "refund": Source(Refund, _refund),
    "return": Source(ShareReturn, _return),
    "withdraw": Source(Withdrawal, _withdrawal),
}
"""Where rows come from, by type of bill; the others have none."""


def write_bill(world: WorldState, unit: Unit, bill_type: str, asked: Asked) -> bytes:
    """Return a bill of one type."""
    source = SOURCES.get(bill_type)
    rows = _rows(world, unit, bill_type, source, asked) if source is not None else ()
    return _csv(COLUMNS[bill_type], rows)


def _rows(
    world: WorldState, unit: Unit, bill_type: str, source: Source, asked: Asked
) -> Iterator[Row]:
    # What is booked for the apps that a service provider serves is its own, too.
    owners = (asked.owner, *(app.client_key for app in served_by(world, asked.owner)))
    for day in asked.days:
        entries = [
            each
            for owner in owners
            for each in booked(unit, owner, day, bill_type)
            if each.time <= unit.now
        ]
        unit.expect(source.kind, [each.key for each in entries])
        for entry in entries:
            row = source.row(world, unit, entry, asked)
            if row is not None:
                yield row


# Bills of funds.

ACCOUNT_TYPES = {"ALL": "全部", "WX": "微信", "ALIPAY": "支付宝", "HZ": "抖音支付"}
PAYMENT_TYPES = ("ALL", "INCOME", "EXPEND")

_TRADES: dict[tuple[str, str], tuple[str, str, str]] = {
    (Place.TRANSIT, Place.BALANCE): ("SETTLE", "分账", "订单完成后分账"),
    (Place.BALANCE, Place.PAYERS): ("REFUND", "退款", "已分账订单退款"),
    (Place.BALANCE, Place.FROZEN): ("WITHDRAW", "提现", "提现到结算账户"),
    (Place.FROZEN, Place.BALANCE): ("WITHDRAW", "提现退回", "提现失败或银行退票"),
    (Place.BALANCE, Place.RETURNING): ("RETURN", "分账回退", "回退已分账的金额"),
    (Place.RETURNING, Place.BALANCE): ("RETURN", "分账回退", "回退已分账的金额"),
}
"""What a change of a balance is, by where the money came from and went."""

TRADE_TYPES = ("ALL", *dict.fromkeys(trade[0] for trade in _TRADES.values()))


def write_fund_bill(unit: Unit, asked: Asked, account: str, payment: str, trade: str) -> bytes:
    """Return what changed in a merchant's balance; it is one for all channels."""
    return _csv(FUND_COLUMNS, _fund_rows(unit, asked, account, payment, trade))


def _fund_rows(unit: Unit, asked: Asked, account: str, payment: str, trade: str) -> Iterator[Row]:
    purse = Purse(Place.BALANCE, asked.merchant, asked.sandbox)
    for day in asked.days:
        for line, balance in statements.lines(unit, purse.key, day):
            kind, name, about = _TRADES.get((line.source, line.target), ("ALL", "其他", ""))
            way = "INCOME" if line.amount > 0 else "EXPEND"
            if trade in ("ALL", kind) and payment in ("ALL", way):
                yield (
                    asked.merchant,
                    line.number,
                    line.about,
                    ACCOUNT_TYPES[account],
                    name,
                    yuan(line.amount),
                    yuan(balance),
                    time_text(line.time),
                    about,
                )


def _csv(columns: Row, rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows((number, *row) for number, row in enumerate(rows, 1))
    return text.getvalue().encode()


# Files.


def keep_file(world: WorldState, unit: Unit, file: BillFile) -> str:
    """Keep a bill as a file; return the path and query of its link."""
    now = int(unit.now)
    purpose = (file.app, file.owner, file.merchant, file.bill_type, file.days, file.funds, now)
    name = f"wsos{now & 0xFFFFFFFF:08x}{world.ids.hex(8, 'bill', *purpose)}"
    unit.write(name, file)
    query = f"expire={int(file.expires)}&skipCookie=true&timeStamp={now}&sign={file.sign}"
    return f"{name}?{query}"


def write_file(world: WorldState, unit: Unit, file: BillFile) -> bytes:
    """Return the content of a kept file."""
    asked = Asked(file.owner, file.days, file.merchant, file.sandbox)
    if file.bill_type:
        return write_bill(world, unit, file.bill_type, asked)
    return write_fund_bill(unit, asked, *file.funds)
