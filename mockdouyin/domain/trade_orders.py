"""Orders of the trade system (交易系统): begun by tt.createOrder, agreed by the backend.

The platform asks the app's backend (预下单扩展点), whose answer makes the order; the person pays
at the cashier that opens then. What became of it is called back, signed by the platform's key.
(Doc pages: mini-app/develop/api/industry/trading-system/pre-order/create-order and
…/server/trade-system/agency-trade-system/pre-order/callback; documented.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from msgspec.structs import replace

from mockdouyin.core import plans
from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY
from mockdouyin.core.ids import Ids
from mockdouyin.core.links import Link
from mockdouyin.core.store import Unit
from mockdouyin.core.webhooks import emit
from mockdouyin.domain import act_texts, cashiers, due_texts, orders
from mockdouyin.domain.channel_numbers import numbers_of
from mockdouyin.domain.ledger import Place, Purse, move, note_payee
from mockdouyin.domain.order_fates import OrderFate, fate_of, foretell
from mockdouyin.domain.orders import MAX_CP_EXTRA, WAYS, Order
from mockdouyin.domain.owned_records import key_by_number, read, write_number
from mockdouyin.domain.trade_callbacks import PreOrderReply

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

TRADE_ORDER_CLOSES = "trade_order_closes"
"""The plan by which an order that nobody has paid times out."""

PAYABLE_FOR, LONGEST = 300, 2 * DAY
"""Seconds for which an order can be paid if the backend says nothing, and at most."""


class TradeOrder(Order, frozen=True):
    """An order of tt.createOrder, by app and the backend's own number."""

    TABLE: ClassVar[str] = "TradeOrder"

    goods: tuple[dict[str, Any], ...] = ()
    """What is bought, as the backend was told."""
    discount: int = 0
    buyer: str = ""
    """The person who ordered."""
    cancelled: str = ""
    """Why it was cancelled: `USER_CANCEL` or `TIME_OUT`; empty if it was not."""

    @property
    def key(self) -> str:
        """The key of the record."""
        return _key(self.app, self.out_order_no)

    @property
    def link(self) -> Link:
        """What its payment and callbacks belong to, from before it has a number of the app's."""
        return trade_link(self.app, self.order_id)


def _key(app: str, number: str) -> str:
    return f"{app} {number}"


def trade_link(app: str, order_id: str) -> Link:
    """Return the link of an order, by the platform's number."""
    return Link("order", app, part=order_id)


def find_by_id(unit: Unit, app: App, order_id: str) -> TradeOrder | None:
    """Return an app's order by the platform's number."""
    key = key_by_number(unit, TradeOrder, order_id)
    return read(unit, TradeOrder, key, app.client_key) if key else None


def find(unit: Unit, app: App, number: str) -> TradeOrder | None:
    """Return an app's order by its own number."""
    return read(unit, TradeOrder, _key(app.client_key, number), app.client_key)


class NewTradeOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a person orders."""

    order_id: str
    goods: tuple[dict[str, Any], ...]
    """What the backend is told of what is bought."""
    is_sku: bool
    """Whether it is given as a SKU, the newer way."""
    title: str
    total_amount: int
    discount: int
    cp_extra: str
    hidden_ways: tuple[str, ...]


def pre_order_content(
    world: WorldState,
    app: App,
    person: str,
    new: NewTradeOrder,
    now: float,
    contact: dict[str, Any],
) -> dict[str, Any]:
    """Return what the backend is asked about an order."""
    people = world.people
    return {
        "order_id": new.order_id,
        "goods": [] if new.is_sku else list(new.goods),
        **({"sku_list": list(new.goods)} if new.is_sku else {}),
        "total_amount": new.total_amount,
        "discount": new.discount,
        "cp_extra": new.cp_extra,
        "create_order_time": int(now * 1000),
        "open_id": people.open_id(app, person),
        "phone_num": str(contact.get("phoneNumber") or ""),
        "contact_name": str(contact.get("contactName") or ""),
        "app_id": app.client_key,
        "union_id": people.union_id(app, person),
        "delivery_type": 0,
    }


def create(
    world: WorldState,
    unit: Unit,
    app: App,
    person: str,
    new: NewTradeOrder,
    reply: PreOrderReply,
) -> TradeOrder:
    """Make the order that a backend agreed to."""
    lasts = min(reply.pay_expire_seconds, LONGEST) if reply.pay_expire_seconds > 0 else PAYABLE_FOR
    order = TradeOrder(
        app=app.client_key,
        out_order_no=reply.out_order_no,
        order_id=new.order_id,
        order_token="",
        total_amount=new.total_amount - new.discount,
        subject=new.title,
        created=unit.now,
        closes=unit.now + lasts,
        seller=reply.merchant or app.payment.merchant_uid,
        number=world.journal.next_number,
        cp_extra=new.cp_extra[:MAX_CP_EXTRA],
        notify_url=reply.pay_notify_url,
        hidden_ways=new.hidden_ways,
        goods=new.goods,
        discount=new.discount,
        buyer=person,
    )
    unit.write(order.key, order)
    write_number(unit, order, order.order_id)
    unit.link(order.link)
    at = order.closes + cashiers.JUST_AFTER
    plans.make(
        unit,
        TRADE_ORDER_CLOSES,
        order.key,
        app=order.app,
        person=person,
        at=at,
        link=order.link,
    )
    _take_over_fate(unit, order)
    return order


# What a rule foretells.

APIS = ("createOrder", "continueToPay")
"""The tt APIs whose orders these are."""


def foretell_by(unit: Unit, app: App, given: Mapping[str, Any], what: Mapping[str, Any]) -> None:
    """Note what is to happen to the order that a call of one of these APIs makes, or pays."""
    if given["api"] == "createOrder":
        foretell(unit, app.client_key, _next_of(given["person"]), **what)
    elif (order := find_named(unit, app, given)) is not None:
        foretell(unit, app.client_key, _foretold(order), **what)


def find_named(unit: Unit, app: App, args: Mapping[str, Any]) -> TradeOrder | None:
    """Return the order that a call names, by the platform's number or the app's."""
    order_id = args.get("order_id") or args.get("orderId")
    if order_id:
        return find_by_id(unit, app, str(order_id))
    return find(unit, app, str(args.get("outOrderNo") or ""))


def _next_of(person: str) -> str:
    return f"next of {person}"


def fate(unit: Unit, order: TradeOrder) -> OrderFate:
    """Return what a rule foretold of an order."""
    return fate_of(unit, order.app, _foretold(order))


def _foretold(order: TradeOrder) -> str:
    return f"trade {order.order_id}"  # no number of guaranteed payment has a space


def _take_over_fate(unit: Unit, order: TradeOrder) -> None:
    known = fate_of(unit, order.app, _next_of(order.buyer))
    if known.payment or known.callback:
        foretell(unit, order.app, _next_of(order.buyer), payment="", callback="")
        foretell(unit, order.app, _foretold(order), payment=known.payment, callback=known.callback)


def pay(
    world: WorldState, unit: Unit, app: App, order: TradeOrder, person: str, way: str
) -> TradeOrder:
    """Pay an order as a person: the money goes into transit, and the callback goes out."""
    paid = replace(order, paid=unit.now, way=WAYS[way], payer=person)
    _end(unit, paid)
    transit = Purse(Place.TRANSIT, paid.seller)
    move(unit, paid.total_amount, Purse(Place.PAYERS), transit)
    note_payee(unit, paid.app, transit)
    content = payment_content(world.ids, paid, unit.now)
    callback = fate(unit, paid).callback
    if callback == "differs":
        content["total_amount"] += 1
    for _ in range({"lost": 0, "twice": 2}.get(callback, 1)):
        _tell(world, unit, app, paid, content)
    return paid


def fail(unit: Unit, order: TradeOrder) -> None:
    """Have the payment channel refuse an order, which ends it; nobody is called back."""
    _end(unit, replace(order, failed=unit.now))


def cancel(
    world: WorldState, unit: Unit, app: App, order: TradeOrder, why: str, at: float = 0.0
) -> None:
    """Cancel an order that was not paid, and tell the backend."""
    times = {"failed": unit.now} if why == "USER_CANCEL" else {"closes": min(order.closes, at)}
    ended = replace(order, cancelled=why, **times)
    _end(unit, ended)
    _tell(world, unit, app, ended, payment_content(world.ids, ended, unit.now))


def time_out(world: WorldState, unit: Unit, app: App, order: TradeOrder) -> None:
    """Have an order time out now."""
    cancel(world, unit, app, order, "TIME_OUT", unit.now - 1)


def _end(unit: Unit, order: TradeOrder) -> None:
    """Write an order that can no longer be paid."""
    unit.write(order.key, order)
    unit.link(order.link)
    plans.cancel(unit, TRADE_ORDER_CLOSES, order.key)
    cashiers.drop_left(unit, order)


def _tell(
    world: WorldState, unit: Unit, app: App, order: TradeOrder, content: dict[str, Any]
) -> None:
    person = order.payer or order.buyer
    emit(world, unit, app, "trade_payment", person, url=order.notify_url, content=content)


@plans.plan(TRADE_ORDER_CLOSES, due_texts.TRADE_ORDER_CLOSES)
def close_by_itself(world: WorldState, unit: Unit, key: str, at: float) -> None:
    """Let an order time out that nobody has paid, and close its cashiers."""
    order = unit.read(TradeOrder, key)
    app = world.apps.get(order.app) if order is not None else None
    if order is None or app is None or order.status(unit.now) != "TIMEOUT":
        return
    open_cashiers = cashiers.open_cashiers(unit, order)
    cancel(world, unit, app, order, "TIME_OUT", order.closes)
    says = act_texts.TRADE_ORDER_CLOSED(order=order.out_order_no)
    world.note(unit, "order.time_out", says, app=order.app, person=order.buyer)
    for sheet in open_cashiers:
        cashiers.close(world, unit, order, sheet, unpaid(sheet.api, order, "timeout"))


# What the phone and the backend are told.

ENDINGS = {
    "timeout": (1, "timeout"),
    "fail": (2, "pay fail"),
    "close": (3, "close"),
    "cancel": (4, "cancel"),
    "leave": (9, "unknown, query the order"),
}
"""How a cashier ends without a payment: the number in `errNo`, which is that of tt.pay, and the
text (both assumed)."""


def unpaid(api: str, order: TradeOrder, ending: str) -> dict[str, Any]:
    """Return what a tt API passes to `fail` for an order that is there and was not paid."""
    number, text = ENDINGS[ending]
    return {
        "errMsg": f"{api}:fail {text}",
        "errNo": str(number),
        "orderId": order.order_id,
        "outOrderNo": order.out_order_no,
    }


def _channel_pay_id(ids: Ids, order: TradeOrder) -> str:
    """Return the number that the payment channel gave an order, once it is paid."""
    return numbers_of(ids, order.way, order.paid, order.order_id).channel_no if order.paid else ""


def payment_content(ids: Ids, order: TradeOrder, now: float) -> dict[str, Any]:
    """Return what the payment callback tells of an order that was paid or cancelled."""
    return {
        "app_id": order.app,
        "out_order_no": order.out_order_no,
        "order_id": order.order_id,
        "status": "SUCCESS" if order.paid else "CANCEL",
        "total_amount": order.total_amount + order.discount,
        "discount_amount": order.discount,
        "pay_channel": order.way,
        "channel_pay_id": _channel_pay_id(ids, order),
        "merchant_uid": order.seller,
        "message": order.cancelled,
        "event_time": int(now * 1000),
        "cp_extra": order.cp_extra,
        "delivery_type": 0,
        "order_source": 0,
    }


def told(ids: Ids, order: TradeOrder, now: float) -> dict[str, Any]:
    """Return what query_order answers about an order."""
    status = order.status(now)
    return {
        "order_id": order.order_id,
        "out_order_no": order.out_order_no,
        "refund_amount": 0,
        "settle_amount": 0,
        "total_fee": order.total_amount,
        "pay_time": orders.beijing_time(order.paid) if order.paid else "",
        "order_status": "PROCESS" if status == "PROCESSING" else status,
        "pay_channel": order.way,
        "channel_pay_id": _channel_pay_id(ids, order),
        "seller_uid": order.seller,
        "item_id": "",
        "cp_extra": order.cp_extra,
        "message": "SUCCESS" if order.paid else order.cancelled,
        "payment_order_id": ids.digits(19, "payment", order.order_id) if order.paid else "",
    }
