"""Reading the query of an operation into a struct."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from mockdouyin.control._error_texts import QUERY_SECONDS, QUERY_WHOLE, QUERY_WORD
from mockdouyin.core.bounds import MAX_INT
from mockdouyin.core.errors import MockDouyinError

T = TypeVar("T")


def read_query(query: dict[str, str], kind: type[T]) -> T:
    """Read the fields of a struct from a query; an empty text counts as not given."""
    types = get_type_hints(kind)
    fields = msgspec.structs.fields(kind)  # type: ignore[arg-type] # each is an OperationQuery
    given = {
        field.name: _read(name, query[name], types[field.name])
        for field in fields
        if query.get(name := field.encode_name)
    }
    return kind(**given)


def _read(name: str, text: str, of: Any) -> Any:
    if get_origin(of) is not Literal:
        return _READERS[of](name, text)
    words = [word for word in get_args(of) if word]
    if text not in words:
        raise MockDouyinError(QUERY_WORD(name=name, words=list(words), text=text[:60]))
    return text


def _whole_number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 20 or int(text) > MAX_INT:
        raise MockDouyinError(QUERY_WHOLE(name=name, text=text[:60]))
    return int(text)


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = nan
    if not 0 <= seconds < inf:
        raise MockDouyinError(QUERY_SECONDS(name=name, text=text[:60]))
    return seconds


_READERS: dict[Any, Callable[[str, str], Any]] = {
    str: lambda name, text: text,
    int: _whole_number,
    int | None: _whole_number,
    float: _seconds,
    bool: lambda name, text: text.lower() in ("true", "1", "yes"),
}
