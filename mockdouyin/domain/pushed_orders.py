"""Orders that a backend pushes to Douyin's order centre (订单同步), where people see them.

One that is pushed as used (已核销) marks the paid order of the same number: it can be settled.
(Doc page: mini-app/develop/server/ecpay/order/order-sync; documented. That an older update than
the last one changes nothing is assumed.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from mockdouyin.core.links import Link
from mockdouyin.core.store import Unit
from mockdouyin.domain.orders import Order, order_link
from mockdouyin.domain.owned_records import OwnedRecord, find, find_anywhere, key_of

if TYPE_CHECKING:
    from mockdouyin.core.apps import App

USED = 4
"""The order_status of an order that was used as a whole (已核销)."""


class PushedOrder(OwnedRecord, frozen=True):
    """The last state of an order that was pushed, by app and its number."""

    TABLE: ClassVar[str] = "PushedOrder"

    order_id: str
    order_type: int
    status: int
    person: str
    updated: int
    """The update_time of the push, in milliseconds."""
    detail: str = ""

    @property
    def key(self) -> str:
        """The key of the record."""
        return key_of(self.app, self.order_id, sandbox=False)

    @property
    def link(self) -> Link:
        """The order of this number, paid here or not."""
        return order_link(self.app, self.order_id)


def parse_detail(text: str) -> dict[str, Any]:
    """Return order_detail as an object; an empty one if it is no JSON of an object."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def number_in(text: str) -> str:
    """Return the order_id in an order_detail; nothing if it has none."""
    number = parse_detail(text).get("order_id")
    return number if isinstance(number, str) else ""


def link(unit: Unit, app: App, number: str) -> str:
    """Link the unit to the order of this number, paid here or not; return who paid it."""
    unit.link(order_link(app.client_key, number))
    order = find_anywhere(unit, Order, app.client_key, number)
    return order.payer if order is not None else ""


def push(unit: Unit, app: App, pushed: PushedOrder) -> None:
    """Keep what was pushed, unless something newer was; mark the order that was used."""
    link(unit, app, pushed.order_id)
    known = find(unit, PushedOrder, pushed.app, pushed.order_id, sandbox=False)
    if known is None or known.updated <= pushed.updated:
        unit.write(pushed.key, pushed)
    order = find_anywhere(unit, Order, app.client_key, pushed.order_id)
    if pushed.status == USED and order is not None and not order.is_fulfilled:
        unit.write(order.key, msgspec.structs.replace(order, is_fulfilled=True))


def delete(unit: Unit, app: App, number: str, person: str) -> bool:
    """Delete a person's pushed order; return whether there was one."""
    link(unit, app, number)
    known = find(unit, PushedOrder, app.client_key, number, sandbox=False)
    if known is None or known.person != person:
        return False
    unit.drop(PushedOrder, known.key)
    return True
