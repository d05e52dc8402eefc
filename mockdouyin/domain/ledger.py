"""Money: the accounts that it moves between, and a book of what moved, by day.

Amounts are integers in 分. Money is never made or lost: what a person pays leaves `payers`, which
is below zero by all that was paid and not given back, and comes to another account. A move can be
entered ahead of its time: it counts from then on, and nothing has to run for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import starmap
from typing import ClassVar, NamedTuple

import msgspec

from mockdouyin.core.clock import day_of
from mockdouyin.core.store import Record, Unit
from mockdouyin.domain.owned_records import key_of
from mockdouyin.domain.statements import enter

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
    FROZEN = "frozen"
    """A merchant's own, on its way to the bank (冻结金额)."""
    RETURNING = "returning"
    """Taken back from a receiver, and not with the seller yet (退分账)."""
    WITHDRAWN = "withdrawn"
    """At the merchant's bank."""
    FEES = "fees"
    """The platform's technical service fee (技术服务费)."""


class Change(msgspec.Struct, frozen=True, array_like=True):
    """What an account will gain, or lose, at a time."""

    at: float
    amount: int


class Account(Record, frozen=True):
    """The money in one place, of one merchant if it is a merchant's."""

    TABLE: ClassVar[str] = "Account"

    amount: int = 0
    later: tuple[Change, ...] = ()
    """What was not yet due when it was last written."""

    def held(self, now: float) -> int:
        """Return how much is in it at this time."""
        return self.amount + sum(each.amount for each in self.later if each.at <= now)

    def changed(self, amount: int, at: float, now: float) -> Account:
        """Return it with another change, and with what is due by now entered."""
        coming = {each.at: each.amount for each in self.later if each.at > now}
        here = self.held(now)
        if at > now:
            coming[at] = coming.get(at, 0) + amount
        else:
            here += amount
        return Account(amount=here, later=tuple(starmap(Change, coming.items())))


class Purse(NamedTuple):
    """One account. The sandbox's money is apart from production's."""

    place: Place
    merchant: str = ""
    sandbox: bool = False

    @property
    def key(self) -> str:
        """The key of its record."""
        return f"{'sandbox' if self.sandbox else 'production'} {self.place} {self.merchant}"


def yuan(amount: int) -> str:
    """Return an amount as bills and pages write it: `19.90`."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def held(unit: Unit, purse: Purse) -> int:
    """Return how much is in an account."""
    account = unit.read(Account, purse.key)
    return account.held(unit.now) if account is not None else 0


class Payee(Record, frozen=True):
    """A merchant to whom an app's orders brought money, by app and merchant."""

    TABLE: ClassVar[str] = "Payee"


def note_payee(unit: Unit, app: str, purse: Purse) -> None:
    """Note that an app's orders brought money to a merchant."""
    unit.write(key_of(app, purse.merchant, sandbox=purse.sandbox), Payee())


def is_paid_by(unit: Unit, app: str, merchant: str, *, sandbox: bool) -> bool:
    """Whether an app's orders have ever brought money to a merchant, if only in transit."""
    return unit.read(Payee, key_of(app, merchant, sandbox=sandbox)) is not None


def move(unit: Unit, amount: int, source: Purse, target: Purse, at: float = 0.0) -> None:
    """Move money from one account to another, now or at a later time."""
    for purse, change in ((source, -amount), (target, amount)):
        account = unit.read(Account, purse.key) or Account()
        unit.write(purse.key, account.changed(change, at, unit.now))
        if purse.place is Place.BALANCE:
            enter(unit, purse.key, (source.place, target.place), change, max(at, unit.now))


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
