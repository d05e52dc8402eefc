"""Guaranteed payment (担保支付, ecpay): orders. Refunds and settlements are in modules beside it.

Requests are signed by the app's SALT, and carry no token. The result stands beside `err_no`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import BesideTips
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.texts import Text
from mockdouyin.domain import orders
from mockdouyin.domain.order_fates import adopt, fate_of
from mockdouyin.domain.orders import HIDDEN_BY, NewOrder, Order, SpoiltNumber
from mockdouyin.domain.owned_records import kept_until, key_of, look_up
from mockdouyin.endpoints import _payment_texts as texts
from mockdouyin.endpoints._payment_calls import (
    PRODUCTION_HOST,
    SANDBOX_HOST,
    Caller,
    SignedFields,
    admit,
    admit_unread,
    check_amount,
    check_flag,
    check_length,
    check_number,
    check_url,
    limit_calls,
    own,
)
from mockdouyin.endpoints.error_tables import payments as tables

ecpay: Family = Family(
    "ecpay",
    hosts=(PRODUCTION_HOST, SANDBOX_HOST),
    envelope=BesideTips(""),
    malformed=2010,
    errors=tables.COMMON,
)

QUERIES_PER_SECOND = 150
"""query_order's limit for one app, and for all the apps of one service provider."""


class OrderFields(SignedFields, kw_only=True):
    """What is sold, for how much, and where to call back."""

    out_order_no: str = ""
    total_amount: int = 0
    subject: str = ""
    body: str = ""
    valid_time: int = 0
    cp_extra: str = ""
    notify_url: str = ""
    store_uid: str = ""
    disable_msg: int = 0
    msg_page: str = ""
    expand_order_info: Any = None
    limit_pay_way: str = ""


class OrderCreated(msgspec.Struct):
    """What tt.pay is called with."""

    order_id: str
    order_token: str


class OrderReply(msgspec.Struct):
    """The order, as `data`."""

    data: OrderCreated | None = None


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/create_order",
    doc="mini-app/develop/server/ecpay/pay-list/pay",
    basis="documented",
    errors=tables.CREATE_ORDER,
    empty=OrderReply(),
)
def create_order(call: Call[OrderFields]) -> OrderReply:
    """Make an order; the same out_order_no again returns the first one, whatever else is sent."""
    caller, fields = admit_unread(call, call.world.settings.calls_per_second), call.fields
    if not fields.out_order_no:
        call.refuse_malformed()
    check_number(call, "out_order_no")
    key = key_of(caller.app.client_key, fields.out_order_no, sandbox=caller.sandbox)
    if call.unit.read(SpoiltNumber, key) is not None:
        raise DouyinError("bad_params", texts.NUMBER_SPOILT(number=fields.out_order_no))
    order = own(call, caller, Order, fields.out_order_no)
    if order is None:
        try:
            new = _new_order(call)
        except DouyinError:
            kept = kept_until(call.now, sandbox=caller.sandbox)
            call.unit.write(key, SpoiltNumber(expires=kept))
            call.unit.savepoint()
            raise
        order = orders.create(call.world, call.unit, caller.app, new, sandbox=caller.sandbox)
        adopt(call.unit, order.app, order.out_order_no, order.foretold_as)
        if fate_of(call.unit, order.app, order.foretold_as).is_paid and order.ways:
            call.person = call.world.people.first
            orders.pay(call.world, call.unit, caller.app, order, call.person, order.ways[0])
    else:
        adopt(call.unit, order.app, order.out_order_no, order.foretold_as)
    return OrderReply(OrderCreated(order.order_id, order.order_token))


def _new_order(call: Call[OrderFields]) -> NewOrder:
    fields = call.fields
    call.refuse_malformed()
    check_amount("total_amount", fields.total_amount)
    call.need("bad_params", "subject", "body", "valid_time")
    check_length("subject", fields.subject, 128)
    check_length("body", fields.body, 128)
    check_length("store_uid", fields.store_uid, 64)
    check_flag("disable_msg", fields.disable_msg)
    check_url(call, "notify_url", fields.notify_url)
    return NewOrder(
        out_order_no=fields.out_order_no,
        total_amount=fields.total_amount,
        subject=fields.subject,
        body=fields.body,
        valid_time=fields.valid_time,
        cp_extra=fields.cp_extra,
        notify_url=fields.notify_url,
        seller=fields.store_uid if call.world.settings.many_stores else "",
        hidden_ways=_hidden_ways(fields.limit_pay_way),
    )


def _hidden_ways(words: str) -> tuple[str, ...]:
    check_length("limit_pay_way", words, 64)
    hidden = []
    for word in filter(None, words.split(",")):
        if word.strip() not in HIDDEN_BY:
            why = texts.HIDDEN_WAY(got=word, known=list(HIDDEN_BY))
            raise DouyinError("bad_params", why)
        hidden.append(HIDDEN_BY[word.strip()])
    return tuple(dict.fromkeys(hidden))


class OrderQuery(SignedFields, kw_only=True):
    """The app's own number of an order."""

    out_order_no: str = ""


class PaymentInfo(msgspec.Struct):
    """An order's payment; empty until it is paid, but for the seller."""

    total_fee: int
    order_status: str
    pay_time: str
    """`2024-05-01 08:00:00` in Beijing, without its zone."""
    way: int
    channel_no: str
    channel_gateway_no: str
    seller_uid: str
    item_id: str
    cp_extra: str


class OrderFound(msgspec.Struct):
    """An order; the fields stand at the top level."""

    out_order_no: str = ""
    order_id: str = ""
    payment_info: PaymentInfo | None = None


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/query_order",
    doc="mini-app/develop/server/ecpay/pay-list/query",
    basis="documented",
    errors=tables.QUERY_ORDER,
    empty=OrderFound(),
)
def query_order(call: Call[OrderQuery]) -> OrderFound:
    """Return an order and how it was paid."""
    caller = admit(call, QUERIES_PER_SECOND)
    if provider := call.fields.thirdparty_id:
        limit_calls(call, provider, QUERIES_PER_SECOND, sandbox=caller.sandbox)
    check_number(call, "out_order_no")
    order = needed_order(call, caller, call.fields.out_order_no)
    info = PaymentInfo(
        total_fee=order.total_amount,
        order_status=order.status(call.now),
        pay_time=orders.beijing_time(order.paid) if order.paid else "",
        way=order.way,
        channel_no=orders.channel_numbers(call.world.ids, order).channel_no,
        channel_gateway_no="",
        seller_uid=order.seller,
        item_id="",
        cp_extra=order.cp_extra,
    )
    return OrderFound(order.out_order_no, order.order_id, info)


def needed_order(
    call: Call[Any], caller: Caller, number: str, case: str = "no_such_order"
) -> Order:
    """Return an app's order, or refuse the call."""
    order = own(call, caller, Order, number)
    if order is None:
        raise DouyinError(case, _why_no_order(call, caller, number))
    call.person = order.payer
    return order


def _why_no_order(call: Call[Any], caller: Caller, number: str) -> Text:
    key = key_of(caller.app.client_key, number, sandbox=not caller.sandbox)
    if look_up(call.unit, Order, key, caller.app.client_key) is not None:
        place = texts.PRODUCTION() if caller.sandbox else texts.SANDBOX()
        return texts.ORDER_ELSEWHERE(number=number, place=place)
    return texts.NO_ORDER(app=caller.app.name, number=number)
