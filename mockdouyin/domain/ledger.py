"""Money: the accounts that it moves between, and a book of what moved, by day.

Amounts are integers in 分. Money is never made or lost: what a person pays leaves `payers`, which
is below zero by all that was paid and not given back, and comes to another account.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar, NamedTuple

import msgspec

from mockdouyin.core.clock import day_of
from mockdouyin.core.store import Record, Unit

PAGE = 200
"""Entries on one page of a book."""


class Place(StrEnum):
    """Where money can be."""

    PAYERS = "payers"
    """The people who pay; they stand outside, so it is below zero."""
    TRANSIT = "transit"
    """Paid and not yet settled (在途资金)."""
    BALANCE = "balance"
    """A merchant's own, which can be withdrawn (可提现余额)."""
    WITHDRAWN = "withdrawn"
    """At the merchant's bank."""
    FEES = "fees"
    """The platform's technical service fee (技术服务费)."""


class Account(Record, frozen=True):
    """The money in one place, of one merchant if it is a merchant's."""

    TABLE: ClassVar[str] = "Account"

    amount: int = 0


class Purse(NamedTuple):
    """One account. The sandbox's money is apart from production's."""

    place: Place
    merchant: str = ""
    sandbox: bool = False

    @property
    def key(self) -> str:
        """The key of its record."""
        return f"{'sandbox' if self.sandbox else 'production'} {self.place} {self.merchant}"


def held(unit: Unit, purse: Purse) -> int:
    """Return how much is in an account."""
    account = unit.read(Account, purse.key)
    return account.amount if account is not None else 0


def move(unit: Unit, amount: int, source: Purse, target: Purse) -> None:
    """Move money from one account to another."""
    for purse, change in ((source, -amount), (target, amount)):
        unit.write(purse.key, Account(amount=held(unit, purse) + change))


# The book, from which bills are written.


class BookEntry(msgspec.Struct, frozen=True, array_like=True):
    """One thing that happened to money: `payment`, `refund`, `settle`, … and its record's key."""

    kind: str
    key: str
    time: float


class Book(Record, frozen=True):
    """How many entries an app's book has for one day in Beijing."""

    TABLE: ClassVar[str] = "Book"

    count: int


class BookPage(Record, frozen=True):
    """Some entries of a day, in their order."""

    TABLE: ClassVar[str] = "BookPage"

    entries: tuple[BookEntry, ...]


def book(unit: Unit, app: str, kind: str, key: str, time: float) -> None:
    """Enter what happened to money, or will have happened at that time, into an app's book."""
    day = f"{app} {day_of(time)}"
    found = unit.read(Book, day)
    count = found.count if found is not None else 0
    page = unit.read(BookPage, f"{day} {count // PAGE}")
    entries = page.entries if page is not None else ()
    entry = BookEntry(kind, key, time)
    unit.write(f"{day} {count // PAGE}", BookPage(entries=(*entries, entry)))
    unit.write(day, Book(count=count + 1))


def booked(unit: Unit, app: str, day: int, kind: str) -> Iterator[BookEntry]:
    """Yield the entries of a kind that an app's book has for a numbered day."""
    found = unit.read(Book, f"{app} {day}")
    pages = 0 if found is None else -(-found.count // PAGE)
    unit.expect(BookPage, [f"{app} {day} {number}" for number in range(pages)])
    for number in range(pages):
        page = unit.read(BookPage, f"{app} {day} {number}")
        if page is not None:
            yield from (entry for entry in page.entries if entry.kind == kind)
