"""Pages of a list: `cursor` 0 is the first page, and each reply has the cursor of the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import texts

T = TypeVar("T")


class RowPage(NamedTuple, Generic[T]):
    """The rows of a page, the cursor of the next page, and whether there is one."""

    rows: list[T]
    cursor: int
    has_more: bool


def check(cursor: int, count: int, most: int) -> None:
    """Refuse a negative cursor, or a count that is out of range."""
    if cursor < 0:
        raise DouyinError("bad_params", texts.CURSOR_INVALID(cursor=cursor))
    if not 1 <= count <= most:
        raise DouyinError("bad_params", texts.COUNT_INVALID(count=count, most=most))


def at(rows: Sequence[T], cursor: int, count: int) -> RowPage[T]:
    """Return a page of a list whose cursor is a row's position."""
    end = min(cursor + count, len(rows))
    return RowPage(list(rows[cursor:end]), max(cursor, end), end < len(rows))


def below(rows: Sequence[T], cursor: int, count: int, number: Callable[[T], int]) -> RowPage[T]:
    """Return a page of a list with the newest first, whose cursor is a row's number.

    Rows that are added or deleted between two pages do not shift the next one.
    """
    older = [row for row in rows if not cursor or number(row) < cursor]
    shown = older[:count]
    return RowPage(shown, number(shown[-1]) if shown else cursor, len(older) > count)
