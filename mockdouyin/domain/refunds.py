"""Refunds of guaranteed payment: accepted at once, done a little later, told by a callback.

Whether one succeeds is decided when it is accepted, and its money moves then; its state follows
from its times. Before a settlement money comes out of transit, afterwards (`all_settle`) out of
the seller's balance.
(Doc pages: mini-app/develop/server/ecpay/refund-list/refund, …/query and …/callback; documented.
The texts of failures and how long a refund takes are assumed.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from mockdouyin.core.clock import DAY
from mockdouyin.core.events import Content, Event
from mockdouyin.core.store import Unit
from mockdouyin.domain.forced_failures import is_forced
from mockdouyin.domain.ledger import Place, Purse, book, held, move
from mockdouyin.domain.order_steps import OrderStep
from mockdouyin.domain.orders import (
    MAX_CP_EXTRA,
    WAYS,
    Order,
    keep_or_cancel_settlement,
    number_for,
)
from mockdouyin.domain.owned_records import kept_until, key_of
from mockdouyin.domain.payment_callbacks import ECPAY, tell

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.world import WorldState

REFUNDABLE_FOR = 365 * DAY
"""How long after its payment an order can be refunded."""

MOST_PARTS = {WAYS["wx"]: 50, WAYS["alipay"]: 300, WAYS["douyin"]: 50}
"""How many refunds an order may have, by the way it was paid; that of Douyin pay is assumed."""

FORCED = "退款失败"
NOT_IN_BALANCE = "商户可用余额不足"
NOT_IN_TRANSIT = "在途资金不足"


class Refund(OrderStep, frozen=True):
    """A refund, by app and out_refund_no; the sandbox's are apart."""

    TABLE: ClassVar[str] = "Refund"

    out_refund_no: str
    refund_no: str
    amount: int
    is_all_settled: bool = False
    """Whether it came out of the seller's balance."""
    reason: str = ""
    token: str = ""
    """The Token that signs its callback."""

    @property
    def key(self) -> str:
        """The key of the record."""
        return key_of(self.app, self.out_refund_no, sandbox=self.sandbox)


class NewRefund(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend asks for."""

    out_refund_no: str
    amount: int
    reason: str = ""
    is_all_settled: bool = False
    cp_extra: str = ""
    notify_url: str = ""


def create(world: WorldState, unit: Unit, app: App, order: Order, new: NewRefund) -> Refund:
    """Accept a refund: its money moves unless it fails, and its callback goes out once done."""
    key = key_of(order.app, new.out_refund_no, sandbox=order.sandbox)
    refund = Refund(
        app=order.app,
        out_refund_no=new.out_refund_no,
        refund_no=number_for(world, unit.now, "refund", key, sandbox=order.sandbox),
        out_order_no=order.out_order_no,
        amount=new.amount,
        created=unit.now,
        done=unit.now + world.settings.refund_takes,
        is_all_settled=new.is_all_settled,
        failure=_failure(unit, order, new),
        sandbox=order.sandbox,
        cp_extra=new.cp_extra[:MAX_CP_EXTRA],
        reason=new.reason,
        token=order.token,
        expires=kept_until(unit.now, sandbox=order.sandbox),
    )
    unit.write(key, refund)
    unit.link(order.link)
    if not refund.failure:
        _give_back(unit, order, refund)
    _tell(world, unit, app, order, refund, new.notify_url)
    return refund


def _failure(unit: Unit, order: Order, new: NewRefund) -> str:
    if is_forced(unit, "refund", order.app, new.out_refund_no):
        return FORCED
    if new.is_all_settled:
        balance = held(unit, Purse(Place.BALANCE, order.seller, order.sandbox))
        return NOT_IN_BALANCE if balance < new.amount else ""
    return NOT_IN_TRANSIT if order.in_transit < new.amount else ""


def _give_back(unit: Unit, order: Order, refund: Refund) -> None:
    source = Place.BALANCE if refund.is_all_settled else Place.TRANSIT
    buyer = Purse(Place.PAYERS, sandbox=order.sandbox)
    move(unit, refund.amount, Purse(source, order.seller, order.sandbox), buyer)
    book(unit, order.app, "refund", refund.key, refund.done)
    taken = {"refunds": (*order.refunds, refund.out_refund_no)}
    name = "refunded_later" if refund.is_all_settled else "refunded"
    amount = getattr(order, name) + refund.amount
    changed = msgspec.structs.replace(order, **taken, **{name: amount})
    unit.write(order.key, changed)
    keep_or_cancel_settlement(unit, changed)


def _tell(world: WorldState, unit: Unit, app: App, order: Order, refund: Refund, url: str) -> None:
    content: Content = {
        "appid": refund.app,
        "cp_refundno": refund.out_refund_no,
        "cp_extra": refund.cp_extra,
        "status": refund.status(refund.done),
        "refund_amount": refund.amount,
        "is_all_settled": refund.is_all_settled,
        "refunded_at": int(refund.done),
        "message": refund.failure,
        "order_id": order.order_id,
        "refund_no": refund.refund_no,
    }
    tell(
        world,
        unit,
        app,
        refund,
        "ecpay_refund",
        content,
        url=url,
        at=refund.done,
        person=order.payer,
    )


@ECPAY.event()
def ecpay_refund(event: Event) -> Content:
    """A refund has succeeded or failed.

    退款回调：退款成功或失败。
    """
    return {
        "appid": event.client_key,
        "cp_refundno": f"REFUND-{event.number}",
        "cp_extra": "",
        "status": "SUCCESS",
        "refund_amount": 1,
        "is_all_settled": False,
        "refunded_at": event.seconds,
        "message": "",
        "order_id": "N" + event.ids.snowflake(event.now, "order", event.number),
        "refund_no": "N" + event.ids.snowflake(event.now, "refund", event.number),
    }
