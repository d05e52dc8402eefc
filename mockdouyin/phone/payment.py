"""tt.pay: the cashier of guaranteed payment on a person's phone.

`success` is called whenever the cashier opened, with a code: 0 paid, 1 timed out, 2 failed,
3 closed, 4 cancelled, 9 ask your backend. (Doc page: mini-app/develop/api/open-interface/pay;
documented. `errMsg` of a success is assumed.)
"""

from __future__ import annotations

from typing import Any

from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.core.errors import MockDouyinError, did_you_mean
from mockdouyin.domain import orders
from mockdouyin.domain.orders import WAYS, Order
from mockdouyin.phone._handset import Handset, PhoneRefusal
from mockdouyin.phone.apis import TtResult, tt

CODES = {"pay": 0, "timeout": 1, "fail": 2, "close": 3, "cancel": 4, "leave": 9}
"""What a person can do at the cashier, and the code that tt.pay hands to `success`."""


@tt(
    "pay",
    E(10401, "no_order_info", "Fail to get order info, 支付失败,请稍后重试 2010", "observed"),
    takes="orderInfo service order way decision",
)
def pay(phone: Handset) -> TtResult:
    """Open the cashier for an order, and do there what `decision` says: by default, pay.

    `orderInfo` is what create_order answered. A test may name the order alone, by `order`: the
    app's number of it or the platform's, and by default the app's latest order.
    """
    order = _order_of(phone)
    decision = str(phone.args.get("decision", "pay"))
    if decision not in CODES:
        raise MockDouyinError(f"no decision {decision!r}{did_you_mean(decision, CODES)}")
    app = phone.app
    if order.app != app.client_key or order.status(phone.now) != "PROCESSING":
        raise PhoneRefusal("no_order_info")
    if not order.ways:
        decision = "fail"  # nothing to pay with (assumed)
    elif decision == "pay":
        orders.pay(phone.world, phone.unit, app, order, phone.person, _way(phone, order))
    elif decision == "fail":
        orders.fail(phone.unit, order)
    elif decision == "timeout":
        orders.close(phone.unit, order)
    return {"code": CODES[decision], "errMsg": "pay:ok"}


def _order_of(phone: Handset) -> Order:
    info = phone.args.get("orderInfo")
    if isinstance(info, dict):
        order = orders.find_by_id(phone.unit, str(info.get("order_id", "")))
        if order is None or order.order_token != info.get("order_token"):
            raise PhoneRefusal("no_order_info")
        return order
    named = phone.args.get("order")
    found = (
        orders.find_by_id(phone.unit, str(named))
        or orders.find_anywhere(phone.unit, phone.app, str(named))
        if named
        else orders.latest(phone.unit, phone.app)
    )
    if found is None:
        raise PhoneRefusal("no_order_info")
    return found


def _way(phone: Handset, order: Order) -> str:
    way: Any = phone.args.get("way", order.ways[0])
    if way not in WAYS:
        raise MockDouyinError(f"no way to pay {str(way)!r}{did_you_mean(str(way), WAYS)}")
    if way not in order.ways:
        raise MockDouyinError(f"the cashier hides {way!r}: it offers {', '.join(order.ways)}")
    return str(way)
