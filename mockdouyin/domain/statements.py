"""Statements: every change of a merchant's balance, for the bills of funds (资金账单).

A statement has the days on which something changed, each with its sum: what the balance was before
a day follows from the days before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from mockdouyin.core.clock import day_of
from mockdouyin.core.store import Record, Unit

PAGE = 200
"""Lines on one page of a statement."""


class Line(msgspec.Struct, frozen=True, array_like=True):
    """One change of a balance."""

    source: str
    """The place from which money came; the ledger's names."""
    target: str
    amount: int
    """Below zero where the balance fell."""
    time: float
    """When it counts, which may be later than it was entered."""
    number: str
    """The platform's number of the change."""
    about: str = ""
    """The order or the withdrawal, by the app's own number."""


class Day(msgspec.Struct, frozen=True, array_like=True):
    """What changed on one day in Beijing."""

    day: int
    lines: int
    total: int


class Statement(Record, frozen=True):
    """The days of one balance on which something changed."""

    TABLE: ClassVar[str] = "Statement"

    days: tuple[Day, ...] = ()


class StatementPage(Record, frozen=True):
    """Some lines of a day, in the order in which they were entered."""

    TABLE: ClassVar[str] = "StatementPage"

    lines: tuple[Line, ...]


_TOLD = ("order", "withdrawal")
"""The kinds of links that a line tells of."""


def enter(unit: Unit, key: str, places: tuple[str, str], amount: int, time: float) -> None:
    """Enter a change of the balance with this key into its statement."""
    day = day_of(time)
    statement = unit.read(Statement, key) or Statement()
    days = {each.day: each for each in statement.days}
    before = days.get(day, Day(day, 0, 0))
    days[day] = Day(day, before.lines + 1, before.total + amount)
    unit.write(key, Statement(days=tuple(days.values())))
    number = str(int(time) << 32 | before.lines)
    about = next((link.part for link in unit.links if link.kind in _TOLD), "")
    line = Line(str(places[0]), str(places[1]), amount, time, number, about)
    page_key = f"{key} {day} {before.lines // PAGE}"
    page = unit.read(StatementPage, page_key)
    unit.write(page_key, StatementPage(lines=(*(page.lines if page else ()), line)))


def lines(unit: Unit, key: str, day: int) -> Iterator[tuple[Line, int]]:
    """Yield the changes of a balance on a numbered day, each with the balance after it."""
    statement = unit.read(Statement, key) or Statement()
    balance = sum(each.total for each in statement.days if each.day < day)
    count = next((each.lines for each in statement.days if each.day == day), 0)
    keys = [f"{key} {day} {number}" for number in range(-(-count // PAGE))]
    unit.expect(StatementPage, keys)
    pages = (unit.read(StatementPage, each) for each in keys)
    found = [line for page in pages if page is not None for line in page.lines]
    for line in sorted(found, key=lambda line: line.time):
        if line.time <= unit.now:
            balance += line.amount
            yield line, balance
