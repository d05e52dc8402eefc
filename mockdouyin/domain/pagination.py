"""Pages of a list: `cursor` 0 is the first, and each answer has the cursor of the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from mockdouyin.core.errors import DouyinError

T = TypeVar("T")


class RowPage(NamedTuple, Generic[T]):
    """Some rows of a list, where the next begin, and whether there are any."""

    rows: list[T]
    cursor: int
    has_more: bool


def check(cursor: int, count: int, most: int) -> None:
    """Refuse a cursor that no answer gave, or a page of no or too many rows."""
    if cursor < 0:
        raise DouyinError("bad_params", f"cursor is {cursor}; it is 0, or the last answer's")
    if not 1 <= count <= most:
        raise DouyinError("bad_params", f"count is {count}; it is from 1 to {most}")


def at(rows: Sequence[T], cursor: int, count: int) -> RowPage[T]:
    """Give a page of a list in which rows are found by their place."""
    end = min(cursor + count, len(rows))
    return RowPage(list(rows[cursor:end]), max(cursor, end), end < len(rows))


def below(rows: Sequence[T], cursor: int, count: int, number: Callable[[T], int]) -> RowPage[T]:
    """Give a page of a list with the newest first, in which rows are found by their number.

    A row that is added or taken away between two pages shifts nothing.
    """
    older = [row for row in rows if not cursor or number(row) < cursor]
    shown = older[:count]
    return RowPage(shown, number(shown[-1]) if shown else cursor, len(older) > count)
