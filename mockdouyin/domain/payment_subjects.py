"""Which order a call is about, by whatever number of it, or of what was done with it, it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockdouyin.core.store import Unit
from mockdouyin.domain import pushed_orders, refunds, settlements, share_returns
from mockdouyin.domain.orders import find_anywhere

if TYPE_CHECKING:
    from mockdouyin.core.apps import App

_OWN_NUMBERS = (
    ("out_refund_no", refunds.find),
    ("out_settle_no", settlements.find),
    ("out_return_no", share_returns.find),
)


def link_order(unit: Unit, app: App, fields: Any) -> str:
    """Link the unit to the order that a call names; return who paid it, if anybody did."""
    number = getattr(fields, "out_order_no", "") or _number_named(unit, app, fields)
    if number:
        order = find_anywhere(unit, app, number)
        return order.payer if order is not None else ""
    pushed = getattr(fields, "order_id", "") or pushed_orders.number_in(
        getattr(fields, "order_detail", "")
    )
    return pushed_orders.link(unit, app, pushed) if pushed else ""


def _number_named(unit: Unit, app: App, fields: Any) -> str:
    """Return the number of the order whose refund, settlement or return a call names."""
    for name, find in _OWN_NUMBERS:
        number = getattr(fields, name, "")
        for sandbox in (False, True) if number else ():
            found = find(unit, app, number, sandbox=sandbox)
            if found is not None:
                return str(found.out_order_no)
    if number := getattr(fields, "settle_no", ""):
        settlement = settlements.find_by_number(unit, app, number)
        return settlement.out_order_no if settlement is not None else ""
    if number := getattr(fields, "return_no", ""):
        made = share_returns.find_by_number(unit, app, number)
        return made.out_order_no if made is not None else ""
    return ""
