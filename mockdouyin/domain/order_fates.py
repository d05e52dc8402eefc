"""What a rule foretold of an order: how its payment ends, and what becomes of the callback."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from mockdouyin.core.clock import DAY
from mockdouyin.core.store import Record, Unit

CallbackFate = Literal["", "lost", "twice", "differs"]


class OrderFate(Record, frozen=True):
    """What is to happen to an order, by the app's key and its own number."""

    TABLE: ClassVar[str] = "OrderFate"

    is_paid: bool = False
    """Whether it is paid as soon as it is made."""
    payment: Literal["", "fail", "timeout"] = ""
    """What the cashier comes to when the person pays."""
    callback: CallbackFate = ""
    """What becomes of the callback of its payment."""


_KEPT = 3 * DAY
"""Seconds for which it is kept: longer than any order can be paid."""


def foretell(unit: Unit, app: str, number: str, **fate: Any) -> None:
    """Note what is to happen to an order, beside what is noted already."""
    known = fate_of(unit, app, number)
    unit.write(f"{app} {number}", replace(known, expires=unit.now + _KEPT, **fate))


def of_new(number: str) -> str:
    """Return what stands for the number of an order that a call asks for.

    Its environment is not known yet. No number of guaranteed payment has a space.
    """
    return f"new {number}"


def adopt(unit: Unit, app: str, number: str, own: str) -> None:
    """Have what was foretold of the order that a call asks for happen to the one it is given."""
    told = unit.take(OrderFate, f"{app} {of_new(number)}")
    if told is not None:
        noted = {"is_paid": told.is_paid, "payment": told.payment, "callback": told.callback}
        foretell(unit, app, own, **{name: value for name, value in noted.items() if value})


def fate_of(unit: Unit, app: str, number: str) -> OrderFate:
    """Return what is to happen to an order."""
    return unit.read(OrderFate, f"{app} {number}") or OrderFate()
