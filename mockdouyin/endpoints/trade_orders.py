"""The trade system (交易系统): what became of an order of tt.createOrder.

The rest of the trade system (refunds, verification, settlement) is not emulated.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import TradeExtra
from mockdouyin.core.errors import SYSTEM, DouyinError
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.domain import trade_orders
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _payment_texts as texts
from mockdouyin.endpoints.error_tables.generations import OLD, pick

_ERRORS = (
    *pick(OLD, "invalid_token", "expired_token", "no_scope"),
    E(2191000, "system_error", "系统错误", cause=SYSTEM),
    E(
        2100005,
        "bad_params",
        "参数错误",
        "assumed",
        "a parameter is missing or of a wrong type",
    ),
    E(2191001, "rate_limited", "访问过于频繁", "assumed", "over the calls a second, with limits"),
)

trade: Family = Family(
    "trade", hosts=("open.douyin.com",), envelope=TradeExtra(), malformed=2100005, errors=_ERRORS
)
"""Orders at open.douyin.com."""

_DOC = "mini-app/develop/server/locallife/general-ability/agency-trade-system/"


class TradeOrderQuery(TokenFields, kw_only=True):
    """An order, by the platform's number of it or the app's own; the former is looked at first."""

    order_id: str = ""
    out_order_no: str = ""


class TradeOrderFound(msgspec.Struct):
    """How an order stands; money in 分."""

    order_id: str
    out_order_no: str
    refund_amount: int
    settle_amount: int
    total_fee: int
    pay_time: str
    order_status: str
    """`PROCESS`, `SUCCESS`, `FAIL` or `TIMEOUT`."""
    pay_channel: int
    channel_pay_id: str
    seller_uid: str
    item_id: str
    cp_extra: str
    message: str
    payment_order_id: str


@trade.endpoint(
    "POST",
    "/api/apps/trade/v2/order/query_order",
    doc=_DOC + "query-info/query-order",
    basis="documented",
    scope="industry_open.trade.order_common",
    errors=(
        *_ERRORS,
        E(2191002, "no_order", "订单不存在", "assumed", "the app has no order of this number"),
    ),
)
def query_order_v2(call: Call[TradeOrderQuery]) -> TradeOrderFound:
    """Return how an order of tt.createOrder stands."""
    app, fields = app_of_token(call, "client"), call.fields
    if not fields.order_id and not fields.out_order_no:
        call.need("bad_params", "order_id")
    given: dict[str, Any] = {"orderId": fields.order_id, "outOrderNo": fields.out_order_no}
    order = trade_orders.find_named(call.unit, app, given)
    if order is None:
        number = fields.order_id or fields.out_order_no
        raise DouyinError("no_order", texts.NO_TRADE_ORDER(number=number[:80], app=app.name))
    return TradeOrderFound(**trade_orders.told(call.world.ids, order, call.now))
