"""What a rule foretold of an order: how its payment ends, and what becomes of the callback."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from mockdouyin.core.clock import DAY
from mockdouyin.core.store import Record, Unit

CallbackFate = Literal["", "lost", "twice", "differs"]


class OrderFate(Record, frozen=True):
    """What is to happen to an order, by its key."""

    TABLE: ClassVar[str] = "OrderFate"

    is_paid: bool = False
    """Whether it is paid as soon as it is made."""
    payment: Literal["", "fail", "timeout"] = ""
    """What the cashier comes to when the person pays."""
    callback: CallbackFate = ""
    """What becomes of the callback of its payment."""


_KEPT = 3 * DAY
"""Seconds for which it is kept: longer than any order can be paid."""


def foretell(unit: Unit, key: str, **fate: Any) -> None:
    """Note what is to happen to the order with this key, beside what is noted already."""
    known = fate_of(unit, key)
    unit.write(key, replace(known, expires=unit.now + _KEPT, **fate))


def key_of_new(app: str, number: str) -> str:
    """Return the key for an order that a call asks for: its environment is not known yet."""
    return f"new {app} {number}"


def adopt(unit: Unit, app: str, number: str, key: str) -> None:
    """Have what was foretold of the order that a call asks for happen to the one it is given."""
    told = unit.take(OrderFate, key_of_new(app, number))
    if told is not None:
        noted = {"is_paid": told.is_paid, "payment": told.payment, "callback": told.callback}
        foretell(unit, key, **{name: value for name, value in noted.items() if value})


def fate_of(unit: Unit, key: str) -> OrderFate:
    """Return what is to happen to the order with this key."""
    return unit.read(OrderFate, key) or OrderFate()
