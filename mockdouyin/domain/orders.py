"""Orders of guaranteed payment (担保支付): made by a backend, paid on a phone, closed by time.

An order's state follows from its times: nothing has to run for one to time out.
(Doc pages: mini-app/develop/server/ecpay/pay-list/pay and …/query; documented.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec

from mockdouyin.core import plans
from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, beijing
from mockdouyin.core.events import Content, Event
from mockdouyin.core.ids import Ids
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.domain.channel_numbers import ChannelNumbers, numbers_of
from mockdouyin.domain.ledger import Place, Purse, book, move, note_payee
from mockdouyin.domain.order_fates import fate_of
from mockdouyin.domain.owned_records import OwnedRecord, kept_until, key_of, read, write_number
from mockdouyin.domain.payment_callbacks import ECPAY, tell

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

OrderStatus = Literal["PROCESSING", "SUCCESS", "FAIL", "TIMEOUT"]

SHORTEST, LONGEST = 300, 2 * DAY
"""Seconds within which an order can be paid; what is shorter or longer is moved to the bound."""

AUTO_SETTLEMENT = "auto_settlement"
"""The plan by which the platform settles an order that nobody settles."""

SETTLED_BY_ITSELF_AFTER = 150 * DAY
"""How long after its payment, or its last settlement, an order is settled by the platform."""

MAX_AMOUNT = 10_000_000_000
"""The most that an order may cost, in 分."""

AMOUNTS = ("total_amount", "refund_amount", "return_amount", "withdraw_amount")
"""Parameters that are amounts of money, in 分."""

MAX_CP_EXTRA = 2048
"""Characters of cp_extra that are kept; the rest is cut off, as the platform does."""

WAYS = {"wx": 1, "alipay": 2, "douyin": 10}
"""The ways to pay, and the number of each in `way`."""

HIDDEN_BY = {"LIMIT_WX": "wx", "LIMIT_ALI": "alipay", "LIMIT_DYZF": "douyin"}
"""The words of limit_pay_way, and the way that each hides in the cashier."""


class Order(OwnedRecord, frozen=True):
    """An order, by app and out_order_no; the sandbox's are apart."""

    TABLE: ClassVar[str] = "Order"

    out_order_no: str
    order_id: str
    order_token: str
    total_amount: int
    subject: str
    created: float
    closes: float
    """The world's time until which it can be paid."""
    seller: str
    """The merchant_uid that sells."""
    number: int = 0
    """The number of the exchange that made it: the order among those of one moment."""
    body: str = ""
    cp_extra: str = ""
    notify_url: str = ""
    hidden_ways: tuple[str, ...] = ()
    """The ways to pay that its cashier does not offer."""
    paid: float = 0.0
    failed: float = 0.0
    """When the payment channel refused it."""
    way: int = 0
    payer: str = ""
    token: str = ""
    """The Token that signs its callbacks: the one that was set when it was paid."""
    refunds: tuple[str, ...] = ()
    """The out_refund_no of each refund that took money back."""
    refunded: int = 0
    """What was given back out of money in transit, or is about to be."""
    refunded_later: int = 0
    """The same out of the seller's balance, after a settlement."""
    settlements: tuple[str, ...] = ()
    """The out_settle_no of each settlement that succeeds."""
    latest_settlement: str = ""
    """The out_settle_no of the last one, whether it succeeds or fails."""
    settled: int = 0
    """What left transit by settlements."""
    shared: int = 0
    """What of it went to receivers other than the seller."""
    is_finished: bool = False
    """Whether a settlement ended it: nothing more can be shared."""
    is_fulfilled: bool = False
    """Whether it was pushed as used (已核销)."""

    @property
    def key(self) -> str:
        """The key of the record."""
        return key_of(self.app, self.out_order_no, sandbox=self.sandbox)

    @property
    def link(self) -> Link:
        """What its payment, callbacks, refunds and settlements belong to."""
        return order_link(self.app, self.out_order_no)

    @property
    def foretold_as(self) -> str:
        """By what it is known what a rule foretold of it; the sandbox's orders are apart."""
        return f"sandbox {self.out_order_no}" if self.sandbox else self.out_order_no

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways to pay that its cashier offers."""
        return tuple(way for way in WAYS if way not in self.hidden_ways)

    @property
    def in_transit(self) -> int:
        """What was paid, and neither given back nor settled."""
        return self.total_amount - self.refunded - self.settled if self.paid else 0

    @property
    def refundable(self) -> int:
        """What was paid and not given back, wherever it is now."""
        return self.total_amount - self.refunded - self.refunded_later if self.paid else 0

    def status(self, now: float) -> OrderStatus:
        """Return its state at this time."""
        if self.paid:
            return "SUCCESS"
        if self.failed:
            return "FAIL"
        return "TIMEOUT" if now > self.closes else "PROCESSING"


def order_link(app: str, out_order_no: str) -> Link:
    """Return the link of an app's order, by its own number."""
    return Link("order", app, part=out_order_no)


class OpenOrder(Record, frozen=True):
    """An order that can be paid: it expires when the order closes."""

    TABLE: ClassVar[str] = "OpenOrder"

    app: str
    out_order_no: str

    @property
    def link(self) -> Link:
        """What it belongs to."""
        return order_link(self.app, self.out_order_no)


class LatestOrder(Record, frozen=True):
    """The order that an app made last."""

    TABLE: ClassVar[str] = "LatestOrder"

    key: str


class SpoiltNumber(Record, frozen=True):
    """An out_order_no whose first request failed: the platform asks for another one."""

    TABLE: ClassVar[str] = "SpoiltNumber"


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend asks for."""

    out_order_no: str
    total_amount: int
    subject: str
    body: str
    valid_time: int
    cp_extra: str = ""
    notify_url: str = ""
    seller: str = ""
    hidden_ways: tuple[str, ...] = ()


def latest(unit: Unit, app: App) -> Order | None:
    """Return the order that an app made last, and link the unit to it."""
    last = unit.read(LatestOrder, app.client_key)
    return read(unit, Order, last.key, app.client_key) if last is not None else None


def number_for(world: WorldState, now: float, what: str, key: str, *, sandbox: bool) -> str:
    """Return the platform's number of an order, a refund or a settlement.

    It is `N` and a snowflake; at the sandbox without the `N` (observed in captures of 2024).
    """
    digits = world.ids.snowflake(now, what, key)
    return digits if sandbox else f"N{digits}"


def create(world: WorldState, unit: Unit, app: App, new: NewOrder, *, sandbox: bool) -> Order:
    """Make an order."""
    key = key_of(app.client_key, new.out_order_no, sandbox=sandbox)
    order_id = number_for(world, unit.now, "order", key, sandbox=sandbox)
    order = Order(
        app=app.client_key,
        out_order_no=new.out_order_no,
        order_id=order_id,
        order_token=_token(world.ids, order_id, sandbox=sandbox),
        total_amount=new.total_amount,
        subject=new.subject,
        body=new.body,
        created=unit.now,
        closes=unit.now + max(SHORTEST, min(new.valid_time, LONGEST)),
        seller=new.seller or app.payment.merchant_uid,
        number=world.journal.next_number,
        expires=kept_until(unit.now, sandbox=sandbox),
        sandbox=sandbox,
        cp_extra=new.cp_extra[:MAX_CP_EXTRA],
        notify_url=new.notify_url,
        hidden_ways=new.hidden_ways,
    )
    unit.write(key, order)
    write_number(unit, order, order_id)
    unit.write(app.client_key, LatestOrder(key=key))
    waits = OpenOrder(app=order.app, out_order_no=order.out_order_no, expires=order.closes)
    unit.write(key, waits)
    unit.link(order.link)
    return order


def _token(ids: Ids, order_id: str, *, sandbox: bool) -> str:
    """Return an order_token: opaque text, of about 130 characters."""
    text = "CgwIARDiDRibDiABKAESTgpM" + ids.base62(106, "order_token", order_id)
    return text + ("A.W" if sandbox else "A=")


def pay(world: WorldState, unit: Unit, app: App, order: Order, person: str, way: str) -> Order:
    """Pay an order as a person: the money goes into transit, and the callback goes out."""
    paid = msgspec.structs.replace(
        order, paid=unit.now, way=WAYS[way], payer=person, token=app.payment.token
    )
    _end(unit, paid)
    buyer, transit = (
        Purse(Place.PAYERS, sandbox=paid.sandbox),
        Purse(Place.TRANSIT, paid.seller, sandbox=paid.sandbox),
    )
    move(unit, paid.total_amount, buyer, transit)
    note_payee(unit, paid.app, transit)
    book(unit, paid.app, "payment", paid.key, unit.now)
    plan_settlement(unit, paid, paid.paid + SETTLED_BY_ITSELF_AFTER)
    _call_back(world, unit, app, paid)
    return paid


def _call_back(world: WorldState, unit: Unit, app: App, paid: Order) -> None:
    content, to = payment_content(world.ids, paid), paid.notify_url
    fate = fate_of(unit, paid.app, paid.foretold_as).callback
    if fate == "differs":
        content["total_amount"] = paid.total_amount + 1
    for _ in range({"lost": 0, "twice": 2}.get(fate, 1)):
        tell(world, unit, app, paid, "ecpay_payment", content, url=to, person=paid.payer)


def plan_settlement(unit: Unit, order: Order, at: float) -> None:
    """Have the platform settle an order at a time, if nobody has done it by then.

    The sandbox's orders do not live to see it.
    """
    if at < order.expires:
        app, person, link = order.app, order.payer, order.link
        plans.make(unit, AUTO_SETTLEMENT, order.key, app=app, person=person, at=at, link=link)


def keep_or_cancel_settlement(unit: Unit, order: Order) -> None:
    """Cancel the plan to settle an order once nothing of it is left in transit."""
    if order.is_finished or not order.in_transit:
        plans.cancel(unit, AUTO_SETTLEMENT, order.key)


def beijing_time(time: float) -> str:
    """Return a time in Beijing as the platform writes it: `2024-05-01 08:00:00`, no zone."""
    return f"{beijing(time):%Y-%m-%d %H:%M:%S}"


def fail(unit: Unit, order: Order) -> Order:
    """Have the payment channel refuse an order, which ends it; nobody is called back."""
    failed = msgspec.structs.replace(order, failed=unit.now)
    _end(unit, failed)
    return failed


def close(unit: Unit, order: Order) -> Order:
    """Have an order time out now."""
    closed = msgspec.structs.replace(order, closes=min(order.closes, unit.now - 1))
    _end(unit, closed)
    return closed


def _end(unit: Unit, order: Order) -> None:
    """Write an order that can no longer be paid."""
    unit.write(order.key, order)
    unit.drop(OpenOrder, order.key)
    unit.link(order.link)


def channel_numbers(ids: Ids, order: Order) -> ChannelNumbers:
    """Return the numbers that the payment channel gave a paid order."""
    if not order.paid or order.sandbox:
        return ChannelNumbers()
    return numbers_of(ids, order.way, order.paid, order.order_id)


def payment_content(ids: Ids, order: Order) -> dict[str, object]:
    """Return what the payment callback tells, its keys in the order of the captures."""
    numbers = channel_numbers(ids, order)
    content: dict[str, object] = {
        "appid": order.app,
        "cp_orderno": order.out_order_no,
        "cp_extra": order.cp_extra,
        "way": str(order.way),
        "channel_no": numbers.channel_no,
        "channel_gateway_no": "",
        "payment_order_no": numbers.payment_order_no,
        "out_channel_order_no": numbers.channel_no,
        "total_amount": order.total_amount,
        "status": "SUCCESS",
        "seller_uid": order.seller,
        "extra": "",
        "item_id": "",
        "paid_at": int(order.paid),
        "message": "",
        "order_id": order.order_id,
    }
    if not order.sandbox:
        content["ec_pay_trade_no"] = numbers.ec_pay_trade_no
    return content


@ECPAY.event()
def ecpay_payment(event: Event) -> Content:
    """A person has paid an order.

    支付回调：用户付款成功。
    """
    order_id = "N" + event.ids.snowflake(event.now, "order", event.number)
    # What is given replaces fields, and cannot take one away that the sandbox's callbacks lack.
    given = str(event.content.get("order_id", order_id))
    made = Order(
        app=event.client_key,
        out_order_no=f"ORDER-{event.number}",
        order_id=order_id,
        sandbox=not given.startswith("N"),
        order_token="",
        total_amount=1,
        subject="",
        created=event.now,
        closes=event.now,
        seller=event.app.payment.merchant_uid,
        paid=event.now,
        way=WAYS["alipay"],
    )
    return payment_content(event.ids, made)
