"""Refunds and settlements that a rule has fail: they are accepted, and fail when they are done."""

from __future__ import annotations

from typing import ClassVar, Literal

from mockdouyin.core.clock import HOUR
from mockdouyin.core.store import Record, Unit

Forced = Literal["refund", "settle"]


class ForcedFailure(Record, frozen=True):
    """What an app numbers like this is to fail."""

    TABLE: ClassVar[str] = "ForcedFailure"


def force(unit: Unit, what: Forced, app: str, number: str) -> None:
    """Have the app's next refund or settlement of this number fail."""
    unit.write(f"{what} {app} {number}", ForcedFailure(expires=unit.now + HOUR))


def is_forced(unit: Unit, what: Forced, app: str, number: str) -> bool:
    """Whether a refund or settlement is to fail; that is asked once."""
    return unit.take(ForcedFailure, f"{what} {app} {number}") is not None
