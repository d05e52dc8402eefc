"""Lists of cards for messages, and how the platform audits these."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace

from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState

IN_REVIEW, PASSED, REFUSED = 0, 1, 2
"""`status` of a card."""


def audit_status(world: WorldState, now: float, submitted: float) -> int:
    """Return how the audit stands of what was submitted at a time."""
    if now < submitted + world.settings.audit_takes:
        return IN_REVIEW
    return PASSED if world.settings.audit_result == "passed" else REFUSED


class CardList(Record, frozen=True):
    """The ids of a person's cards or an app's templates, oldest first, and how many ever were."""

    TABLE: ClassVar[str] = "CardList"

    ids: tuple[str, ...] = ()
    made: int = 0


def listed(unit: Unit, shelf: str) -> CardList:
    """Return a list by its key."""
    return unit.read(CardList, shelf) or CardList()


def append(unit: Unit, shelf: str, key: str) -> None:
    """Add an id to a list."""
    before = listed(unit, shelf)
    unit.write(shelf, CardList(ids=(*before.ids, key), made=before.made + 1))


def remove(unit: Unit, shelf: str, key: str) -> None:
    """Take an id out of a list."""
    before = listed(unit, shelf)
    kept = tuple(each for each in before.ids if each != key)
    unit.write(shelf, replace(before, ids=kept))
