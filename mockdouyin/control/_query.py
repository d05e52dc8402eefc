"""Reading the query of an operation into a struct."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan
from typing import Any, TypeVar, get_type_hints

from mockdouyin.core.bounds import MAX_INT
from mockdouyin.core.errors import MockDouyinError

T = TypeVar("T")


def read_query(query: dict[str, str], kind: type[T]) -> T:
    """Read the fields of a struct from a query; an empty text counts as not given."""
    given = {
        name: _READERS[of](name, query[name])
        for name, of in get_type_hints(kind).items()
        if query.get(name)
    }
    return kind(**given)


def _whole_number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 20 or int(text) > MAX_INT:
        raise MockDouyinError(f"{name} should be a whole number from 0 on, not {text[:60]!r}")
    return int(text)


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = nan
    if not 0 <= seconds < inf:
        raise MockDouyinError(f"{name} should be a number of seconds from 0 on, not {text[:60]!r}")
    return seconds


_READERS: dict[Any, Callable[[str, str], Any]] = {
    str: lambda name, text: text,
    int: _whole_number,
    int | None: _whole_number,
    float: _seconds,
    bool: lambda name, text: text.lower() in ("true", "1", "yes"),
}
