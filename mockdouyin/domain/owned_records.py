"""What an app has at guaranteed payment: read by its own number or by the platform's.

Nobody but its owner finds a record, and only a unit that finds one is linked to it: for another
app there is none, and what it asks does not show in the owner's story.
"""

from __future__ import annotations

from math import ceil
from typing import ClassVar, TypeVar

from mockdouyin.core.clock import DAY, HOUR
from mockdouyin.core.links import Link
from mockdouyin.core.store import FOREVER, Record, Unit


class OwnedRecord(Record, frozen=True, kw_only=True):
    """Base of what is of one app, or of a service provider, in one environment."""

    app: str
    """The client_key."""
    sandbox: bool = False
    """Whether it is the sandbox's."""

    @property
    def owner(self) -> str:
        """Who may read it: a client_key, or a thirdparty_id."""
        return self.app

    @property
    def key(self) -> str:
        """The key of the record."""
        raise NotImplementedError

    @property
    def link(self) -> Link:
        """What it belongs to."""
        raise NotImplementedError


class PlatformNumber(Record, frozen=True):
    """The key of what has a number of the platform's, by table and number."""

    TABLE: ClassVar[str] = "PlatformNumber"

    key: str


R = TypeVar("R", bound=OwnedRecord)


def key_of(owner: str, number: str, *, sandbox: bool) -> str:
    """Return the key of what an owner numbered itself: an order, a refund, a withdrawal."""
    return f"{'sandbox ' if sandbox else ''}{owner} {number}"


SANDBOX_KEEPS = 14 * DAY
"""How old what was made at the sandbox becomes before it is cleaned up."""

_WEEK = 7 * DAY
_SATURDAY = 2 * DAY + (4 - 8) * HOUR
"""The first Saturday of 1970, 04:00 in Beijing: clean-ups are whole weeks from it."""


def kept_until(made: float, *, sandbox: bool) -> float:
    """Return until when something is kept that was made at a time.

    The sandbox is cleaned up every Saturday at 04:00 in Beijing, of what is older than 14 days.
    """
    if not sandbox:
        return FOREVER
    weeks = ceil((made + SANDBOX_KEEPS - _SATURDAY) / _WEEK)
    return _SATURDAY + weeks * _WEEK


def look_up(unit: Unit, kind: type[R], key: str, *owners: str) -> R | None:
    """Return a record if it is one of these owners'; nothing is linked."""
    found = unit.read(kind, key)
    return found if found is not None and found.owner in owners else None


def read(unit: Unit, kind: type[R], key: str, *owners: str) -> R | None:
    """Return a record if it is one of these owners', and link the unit to it."""
    found = look_up(unit, kind, key, *owners)
    if found is not None:
        unit.link(found.link)
    return found


def find(unit: Unit, kind: type[R], owner: str, number: str, *, sandbox: bool) -> R | None:
    """Return a record by its owner's own number, and link the unit to it."""
    return read(unit, kind, key_of(owner, number, sandbox=sandbox), owner)


def find_anywhere(unit: Unit, kind: type[R], owner: str, number: str) -> R | None:
    """Return a record by its owner's own number, at production or else at the sandbox."""
    found = find(unit, kind, owner, number, sandbox=False)
    return found or find(unit, kind, owner, number, sandbox=True)


def write_number(unit: Unit, record: OwnedRecord, number: str) -> None:
    """Have a record found by a number of the platform's."""
    entry = PlatformNumber(key=record.key, expires=record.expires)
    unit.write(f"{record.TABLE} {number}", entry)


def key_by_number(unit: Unit, kind: type[OwnedRecord], number: str) -> str:
    """Return the key of what has this number of the platform's, whosever it is; else nothing."""
    entry = unit.read(PlatformNumber, f"{kind.TABLE} {number}")
    return entry.key if entry is not None else ""


def find_by_number(unit: Unit, kind: type[R], owner: str, number: str) -> R | None:
    """Return an owner's record by the platform's number, and link the unit to it."""
    key = key_by_number(unit, kind, number)
    return read(unit, kind, key, owner) if key else None
