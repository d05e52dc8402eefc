"""Settlements of guaranteed payment (结算及分账): what was paid leaves transit, and is shared out.

A settlement that finishes an order pays the receivers it names, the platform's fee (`rake`) and,
with all that is left, the seller. One that does not finish pays the receivers and the fee on
that. Whether it succeeds is decided when it is accepted: then nothing else can be done with its
money, which moves when it is done; its state follows from its times.
(Doc pages: mini-app/develop/server/ecpay/settlements/settlement, …/query and …/callback;
documented. The arithmetic of one that does not finish, that a call without
`finish` finishes, and how the parts of settle_detail are separated are assumed.)
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import msgspec

from mockdouyin.core.events import Content, Event
from mockdouyin.core.store import Unit
from mockdouyin.domain.forced_failures import is_forced
from mockdouyin.domain.ledger import Place, Purse, book, move, note_payee
from mockdouyin.domain.order_steps import OrderStep
from mockdouyin.domain.orders import MAX_CP_EXTRA, Order, keep_or_cancel_settlement, number_for
from mockdouyin.domain.owned_records import kept_until, key_of, write_number
from mockdouyin.domain.payment_callbacks import ECPAY, tell

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.world import WorldState

MOST_CALLS = 50
"""How many settlements an order may have; the last of them finishes it whatever it says."""

FORCED = "分账失败"
NOT_READY = "原支付单未支付成功并核销,禁止分账"


class ReceiverShare(msgspec.Struct, frozen=True, array_like=True):
    """What one receiver gets, and what was taken back from it."""

    merchant: str
    amount: int
    returned: int = 0


class Settlement(OrderStep, frozen=True):
    """A settlement, by app and out_settle_no; the sandbox's are apart."""

    TABLE: ClassVar[str] = "Settlement"

    out_settle_no: str
    settle_no: str
    amount: int
    """What left transit: the shares and the fee."""
    rake: int
    shares: tuple[ReceiverShare, ...]
    """What each gets: third parties first, the seller last."""
    finishes: bool = True
    is_automatic: bool = False
    """Whether the platform made it, because no backend did."""
    token: str = ""
    """The Token that signs its callback."""

    @property
    def key(self) -> str:
        """The key of the record."""
        return key_of(self.app, self.out_settle_no, sandbox=self.sandbox)

    @property
    def detail(self) -> str:
        """The shares in words, as settle_detail has them."""
        return ",".join(f"商户号{each.merchant}-分成金额(分){each.amount}" for each in self.shares)


class NewSettlement(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend asks for."""

    out_settle_no: str
    shares: tuple[ReceiverShare, ...]
    finishes: bool
    cp_extra: str = ""
    notify_url: str = ""


class Division(NamedTuple):
    """How a settlement divides money: what leaves transit, the fee, and the seller's part."""

    amount: int
    rake: int
    seller: int


def fee_on(amount: int, rate: float) -> int:
    """Return the platform's fee on an amount, rounded half up."""
    exact = Decimal(str(rate)) * amount
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def most_shared(order: Order, limit: float) -> int:
    """Return how much of an order can still be shared out, under a limit on the whole of it."""
    most = Decimal(str(limit)) * order.total_amount
    return int(most) - order.shared


def divide(order: Order, shared: int, rate: float, *, finishes: bool) -> Division | None:
    """Return how a settlement would divide an order's money; None if there is too little."""
    amount = order.in_transit if finishes else shared + fee_on(shared, rate)
    rake = fee_on(amount, rate) if finishes else amount - shared
    seller = amount - rake - shared
    if order.is_finished or amount <= 0 or amount > order.in_transit or seller < 0:
        return None
    return Division(amount, rake, seller)


def finishes_at_last(order: Order, *, asked: bool) -> bool:
    """Whether the next settlement of an order finishes it: the fiftieth does in any case."""
    return asked or len(order.settlements) >= MOST_CALLS - 1


def is_running(unit: Unit, order: Order) -> bool:
    """Whether a settlement of an order is not done yet, so that another one has to wait.

    How it will end is not known to a backend, so one that will fail counts as well.
    """
    key = key_of(order.app, order.latest_settlement, sandbox=order.sandbox)
    last = unit.read(Settlement, key)
    return last is not None and last.done > unit.now


def create(
    world: WorldState,
    unit: Unit,
    app: App,
    order: Order,
    new: NewSettlement,
    division: Division,
) -> Settlement:
    """Accept a settlement: once it is done its money has moved, and its callback goes out."""
    failure = _failure(world, unit, order, new)
    shares = new.shares
    if division.seller and not failure:
        shares = (*shares, ReceiverShare(order.seller, division.seller))
    key = key_of(order.app, new.out_settle_no, sandbox=order.sandbox)
    settlement = Settlement(
        app=order.app,
        out_settle_no=new.out_settle_no,
        settle_no=number_for(world, unit.now, "settle", key, sandbox=order.sandbox),
        out_order_no=order.out_order_no,
        amount=division.amount,
        rake=0 if failure else division.rake,
        shares=() if failure else shares,
        created=unit.now,
        done=unit.now + world.settings.settle_takes,
        finishes=new.finishes,
        failure=failure,
        sandbox=order.sandbox,
        cp_extra=new.cp_extra[:MAX_CP_EXTRA],
        token=order.token,
        expires=kept_until(unit.now, sandbox=order.sandbox),
    )
    keep(unit, order, settlement)
    _tell(world, unit, app, order, settlement, new.notify_url)
    return settlement


def _failure(world: WorldState, unit: Unit, order: Order, new: NewSettlement) -> str:
    if is_forced(unit, "settle", order.app, new.out_settle_no):
        return FORCED
    settings = world.settings
    is_early = unit.now < order.paid + settings.settle_after
    is_unused = settings.settle_needs_fulfilment and not order.is_fulfilled
    return NOT_READY if not order.paid or is_early or is_unused else ""


def keep(unit: Unit, order: Order, settlement: Settlement) -> None:
    """Write a settlement; its money moves when it is done, unless it fails."""
    unit.write(settlement.key, settlement)
    write_number(unit, settlement, settlement.settle_no)
    unit.link(order.link)
    order = msgspec.structs.replace(order, latest_settlement=settlement.out_settle_no)
    if settlement.failure:
        unit.write(order.key, order)
        return
    transit = Purse(Place.TRANSIT, order.seller, order.sandbox)
    for share in settlement.shares:
        balance = Purse(Place.BALANCE, share.merchant, order.sandbox)
        move(unit, share.amount, transit, balance, at=settlement.done)
        note_payee(unit, order.app, balance)
    fees = Purse(Place.FEES, sandbox=order.sandbox)
    move(unit, settlement.rake, transit, fees, at=settlement.done)
    book(unit, order.app, "settle", settlement.key, settlement.done)
    settled = msgspec.structs.replace(
        order,
        settlements=(*order.settlements, settlement.out_settle_no),
        settled=order.settled + settlement.amount,
        shared=order.shared + sum(_of_receivers(order, settlement)),
        is_finished=settlement.finishes,
    )
    unit.write(order.key, settled)
    keep_or_cancel_settlement(unit, settled)


def _of_receivers(order: Order, settlement: Settlement) -> list[int]:
    return [each.amount for each in settlement.shares if each.merchant != order.seller]


def _tell(
    world: WorldState,
    unit: Unit,
    app: App,
    order: Order,
    settlement: Settlement,
    url: str,
) -> None:
    content: Content = {
        "appid": settlement.app,
        "cp_settle_no": settlement.out_settle_no,
        "cp_extra": settlement.cp_extra,
        "status": settlement.status(settlement.done),
        "rake": settlement.rake,
        "commission": 0,
        "settle_detail": settlement.detail,
        "settled_at": int(settlement.done),
        "message": settlement.failure or "SUCCESS",
        "order_id": order.order_id,
        "channel_settle_id": "",
        "settle_amount": settlement.amount,
        "settle_no": settlement.settle_no,
        "out_order_no": settlement.out_order_no,
        "is_auto_settle": False,
    }
    tell(
        world,
        unit,
        app,
        settlement,
        "ecpay_settle",
        content,
        url=url,
        at=settlement.done,
        person=order.payer,
    )


@ECPAY.event()
def ecpay_settle(event: Event) -> Content:
    """A settlement has succeeded or failed.

    分账回调：分账成功或失败。
    """
    seller = event.app.payment.merchant_uid
    return {
        "appid": event.client_key,
        "cp_settle_no": f"SETTLE-{event.number}",
        "cp_extra": "",
        "status": "SUCCESS",
        "rake": 11,
        "commission": 0,
        "settle_detail": f"商户号{seller}-分成金额(分)1789",
        "settled_at": event.seconds,
        "message": "SUCCESS",
        "order_id": "N" + event.ids.snowflake(event.now, "order", event.number),
        "channel_settle_id": "",
        "settle_amount": 1800,
        "settle_no": "N" + event.ids.snowflake(event.now, "settle", event.number),
        "out_order_no": f"ORDER-{event.number}",
        "is_auto_settle": False,
    }
