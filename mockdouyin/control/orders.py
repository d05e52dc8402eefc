"""Operation on orders, of guaranteed payment and of tt.createOrder: how each stands."""

from __future__ import annotations

from collections import defaultdict

from mockdouyin.control._error_texts import ORDER_LIMIT
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.links import Link
from mockdouyin.domain.orders import WAYS, Order
from mockdouyin.domain.trade_orders import TradeOrder
from mockdouyin.sandbox.deliveries import listed

MAX_LISTED = 200
"""Orders in one answer, at most."""

_WAY_NAMES = {number: name for name, number in WAYS.items()}


class CallbackShown(Shown):
    """A callback of an order, of its payment or of what followed.

    订单的一次回调：支付的，或之后的。
    """

    id: str
    """The delivery's id.

    投递的 id。"""
    event: str
    state: str
    attempts: int


class OrderShown(Shown, kw_only=True):
    """An order with what became of its money, in 分.

    一个订单和它的资金去向，单位分。
    """

    app: str
    """The client_key.

    应用的 client_key。"""
    kind: str
    """`ecpay`, or `trade` for one of tt.createOrder.

    `ecpay`；tt.createOrder 的订单是 `trade`。"""
    out_order_no: str
    order_id: str
    sandbox: bool
    subject: str
    total_amount: int
    status: str
    """`PROCESSING`, `SUCCESS`, `FAIL` or `TIMEOUT`.

    `PROCESSING`、`SUCCESS`、`FAIL` 或 `TIMEOUT`。"""
    ways: list[str]
    """The ways to pay that its cashier offers.

    收银台提供的支付方式。"""
    way: str | None
    """How it was paid: `wx`, `alipay` or `douyin`.

    用什么支付的：`wx`、`alipay` 或 `douyin`。"""
    payer: str | None
    created: str
    closes: str
    """The world's time until which it can be paid.

    虚拟时间到这时就不能再支付。"""
    paid: str | None
    refunds: list[str]
    """The out_refund_no of each refund that took money back.

    退了钱的各笔退款的 out_refund_no。"""
    settlements: list[str]
    """The out_settle_no of each settlement.

    各次分账的 out_settle_no。"""
    refunded: int
    settled: int
    in_transit: int
    """What was paid, and neither given back nor settled.

    付了、没有退也没有分账的钱。"""
    callbacks: list[CallbackShown]
    link: str
    """What its payment, callbacks, refunds and settlements belong to, as rows name it.

    支付、回调、退款、分账都属于它，逐行记录里也这样写。"""


class OrdersShown(Shown):
    """Orders, the newest last.

    订单，最新的在最后。
    """

    orders: list[OrderShown]
    total: int
    """How many there are.

    一共多少。"""
    more: bool
    """Whether there are earlier ones.

    之前是否还有。"""


class OrdersQuery(OperationQuery):
    """Which orders to list.

    列出哪些订单。
    """

    app: str = ""
    """The client_key or name of the only app whose orders to list.

    只列出这个应用的：client_key 或名称。"""
    before: str = ""
    """The order_id before which to list.

    只列出这个 order_id 之前的。"""
    limit: int = 50
    """At most so many, 200 in all.

    最多这么多，不超过 200。"""


@operation("GET", "/orders", long=True)
def list_orders(call: OperationCall[OrdersQuery]) -> OrdersShown:
    """List the orders, the newest last, with sums and callbacks.

    列出订单，最新的在最后，附金额和回调。
    """
    given, world = call.given, call.world
    if not 1 <= given.limit <= MAX_LISTED:
        raise MockDouyinError(ORDER_LIMIT(most=MAX_LISTED, limit=given.limit))
    key = world.find_app(given.app).client_key if given.app else ""
    unit = world.store.unit(world.clock.now())
    every = (*unit.scan(Order), *unit.scan(TradeOrder))
    found = [each for _, each in every if key in ("", each.app)]
    found.sort(key=lambda each: (each.created, each.number))
    total = len(found)
    if given.before:
        places = [place for place, each in enumerate(found) if each.order_id == given.before]
        found = found[: places[0]] if places else []
    page = found[-given.limit :]
    told: dict[Link, list[CallbackShown]] = defaultdict(list)
    for each in listed(world):
        shown = CallbackShown(each.id, each.event, each.state, len(each.attempts))
        for link in dict.fromkeys(each.links):
            told[link].append(shown)
    orders = [_show(each, unit.now, told.get(each.link, [])) for each in page]
    return OrdersShown(orders=orders, total=total, more=len(found) > len(page))


def _show(order: Order, now: float, callbacks: list[CallbackShown]) -> OrderShown:
    return OrderShown(
        app=order.app,
        kind="trade" if isinstance(order, TradeOrder) else "ecpay",
        out_order_no=order.out_order_no,
        order_id=order.order_id,
        sandbox=order.sandbox,
        subject=order.subject,
        total_amount=order.total_amount,
        status=order.status(now),
        ways=list(order.ways),
        way=_WAY_NAMES.get(order.way),
        payer=order.payer or None,
        created=iso(order.created),
        closes=iso(order.closes),
        paid=iso(order.paid) if order.paid else None,
        refunds=list(order.refunds),
        settlements=list(order.settlements),
        refunded=order.refunded + order.refunded_later,
        settled=order.settled,
        in_transit=order.in_transit,
        callbacks=callbacks,
        link=order.link.id,
    )
