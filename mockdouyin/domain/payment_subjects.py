"""Which order a call is about, by whatever number of it, or of what was done with it, it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockdouyin.core.store import Unit
from mockdouyin.domain import pushed_orders
from mockdouyin.domain.order_steps import OrderStep
from mockdouyin.domain.orders import Order
from mockdouyin.domain.owned_records import find_anywhere, key_by_number, key_of, look_up
from mockdouyin.domain.refunds import Refund
from mockdouyin.domain.settlements import Settlement
from mockdouyin.domain.share_returns import ShareReturn

if TYPE_CHECKING:
    from mockdouyin.core.apps import App

_OWN_NUMBERS: dict[str, type[OrderStep]] = {
    "out_refund_no": Refund,
    "out_settle_no": Settlement,
    "out_return_no": ShareReturn,
}
_PLATFORMS_NUMBERS: dict[str, type[OrderStep]] = {
    "settle_no": Settlement,
    "return_no": ShareReturn,
}

OF_ORDERS = ("out_order_no", *_OWN_NUMBERS, *_PLATFORMS_NUMBERS)
"""The parameters by which a call tells which order it is about, before its endpoint runs."""


def order_number(unit: Unit, app: App, fields: Any) -> str:
    """Return the app's number of the order that a call is about; nothing if it names none."""
    if number := getattr(fields, "out_order_no", ""):
        return str(number)
    for name, kind in _OWN_NUMBERS.items():
        for key in _keys(app, getattr(fields, name, "")):
            if found := _order_of(unit, app, kind, key):
                return found
    for name, kind in _PLATFORMS_NUMBERS.items():
        key = key_by_number(unit, kind, number) if (number := getattr(fields, name, "")) else ""
        if key and (found := _order_of(unit, app, kind, key)):
            return found
    return ""


def payer_of(unit: Unit, app: App, fields: Any) -> str:
    """Return who paid the order that a call is about, if anybody did; nothing is linked."""
    orders = (unit.read(Order, key) for key in _keys(app, order_number(unit, app, fields)))
    return next((order.payer for order in orders if order is not None), "")


def link_order(unit: Unit, app: App, fields: Any) -> str:
    """Link the unit to the order that a call is about; return who paid it, if anybody did."""
    if number := order_number(unit, app, fields):
        order = find_anywhere(unit, Order, app.client_key, number)
        return order.payer if order is not None else ""
    detail = getattr(fields, "order_detail", "")
    pushed = getattr(fields, "order_id", "") or pushed_orders.number_in(detail)
    return pushed_orders.link(unit, app, pushed) if pushed else ""


def _keys(app: App, number: str) -> list[str]:
    """Return the keys that a number of the app's own may have, at production and the sandbox."""
    return [key_of(app.client_key, number, sandbox=each) for each in (False, True) if number]


def _order_of(unit: Unit, app: App, kind: type[OrderStep], key: str) -> str:
    found = look_up(unit, kind, key, app.client_key)
    return found.out_order_no if found is not None else ""
