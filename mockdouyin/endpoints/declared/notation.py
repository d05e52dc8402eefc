"""The notation of parameters and replies in a declared operation, parsed into shapes.

    takes: {poi_id*: id, count: int 1..50, codes: [digits 12, ..50], kind: int 1|2}
    gives: {total: $total, list: [$coupon], room_id: =room_id, sum: sum list.amount}

A name with a star is required, one with a question mark may be absent from a reply. A format is a
word of `FORMATS`; after it stand `text` or `number` if JSON has it the other way, then a range or
the values that it may have; after `id`, what it begins with. `$coupon` is what the operation did
with a resource, `$cursor text` a number as a text, `$app` the app's key, `=room_id` the parameter
of that name; `count list` and `sum list.amount` are worked out from the fields beside, or around.
`[{date: date, pv: int}, days]` has an item for each day that was asked for, `<=ids>: {pv: int}` a
field for each item of a parameter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.endpoints.declared._error_texts import (
    NOT_A_FORMAT,
    NOT_A_LIST,
    NOT_A_RANGE,
    NOT_A_SHAPE,
    NOT_FIELDS,
)

TEXTS = (
    "text",
    "id",
    "digits",
    "sealed",
    "uuid",
    "hex",
    "url",
    "image",
    "date",
    "ymd",
    "datetime",
    "open_id",
    "union_id",
    "item_id",
    "log_id",
    "phone",
    "json",
    "key",
)
"""Formats of JSON texts."""

NUMBERS = ("int", "s", "ms", "fen")
"""Formats of whole numbers."""

FORMATS = (*TEXTS, *NUMBERS, "number", "bool", "any", "object", "file", "null")
"""Every format: see `docs/scenarios.md` for what each looks like."""


class Scalar(NamedTuple):
    """One value: its format, how JSON has it, and what it may be."""

    format: str
    is_text: bool
    """Whether JSON has it as a text."""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    prefix: str = ""
    """What every such id begins with."""


class Field(NamedTuple):
    """A field of an object."""

    shape: Shape
    is_required: bool = False
    """Whether a call without it is refused."""
    is_optional: bool = False
    """Whether a reply may lack it."""


class ObjectOf(NamedTuple):
    """An object with known fields."""

    fields: dict[str, Field]


class ListOf(NamedTuple):
    """A list, and how many items it may have."""

    item: Shape
    low: int | None = None
    high: int | None = None
    is_daily: bool = False
    """Whether each item tells of a day."""


class MapOf(NamedTuple):
    """An object whose keys are values of a format."""

    key: Scalar
    value: Shape
    each: str = ""
    """The parameter whose items are the keys."""


class Outcome(NamedTuple):
    """What the operation did: a resource's record, one of its fields, a total or a cursor."""

    name: str
    field: str = ""
    is_text: bool = False
    """Whether a number is told as a text."""


class Echo(NamedTuple):
    """The parameter of this name, as it was sent."""

    name: str


class Worked(NamedTuple):
    """A number that is worked out from a list beside it."""

    how: str
    """`count` or `sum`."""
    list: str
    field: str = ""


Shape = Scalar | ObjectOf | ListOf | MapOf | Outcome | Echo | Worked

EMPTY = ObjectOf({})


def parse(given: Any) -> Shape:
    """Parse a shape as YAML has it; a mistake is named with what stands there."""
    if isinstance(given, dict):
        return _object(given)
    if isinstance(given, list):
        return _list(given)
    if isinstance(given, str):
        return _word(given)
    raise MockDouyinError(NOT_A_SHAPE(given=given))


def fields_of(given: Any) -> ObjectOf:
    """Parse what must be an object with known fields."""
    shape = parse(given)
    if not isinstance(shape, ObjectOf):
        raise MockDouyinError(NOT_FIELDS(given=given))
    return shape


def _object(given: dict[str, Any]) -> ObjectOf | MapOf:
    if len(given) == 1:
        [(name, value)] = given.items()
        if name[:2] == "<=" and name[-1:] == ">":
            return MapOf(_scalar("text"), parse(value), each=name[2:-1])
        if name[:1] == "<" and name[-1:] == ">":
            return MapOf(_scalar(name[1:-1]), parse(value))
    return ObjectOf({name.rstrip("*?"): _field(name, value) for name, value in given.items()})


def _field(name: str, given: Any) -> Field:
    return Field(parse(given), is_required=name.endswith("*"), is_optional=name.endswith("?"))


def _list(given: list[Any]) -> ListOf:
    if not given or len(given) > 2:
        raise MockDouyinError(NOT_A_LIST(given=given))
    if given[1:] == ["days"]:
        return ListOf(parse(given[0]), is_daily=True)
    low, high = _range(given[1]) if len(given) == 2 else (None, None)
    return ListOf(parse(given[0]), _whole(low), _whole(high))


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _word(given: str) -> Shape:
    if given[:1] == "$":
        what, _, form = given[1:].partition(" ")
        name, _, field = what.partition(".")
        return Outcome(name, field, is_text=form == "text")
    if given[:1] == "=":
        return Echo(given[1:])
    how, _, rest = given.partition(" ")
    if how in ("count", "sum") and rest:
        return Worked(how, *rest.split(".", 1))
    return _scalar(given)


@lru_cache(maxsize=4096)
def _scalar(given: str) -> Scalar:
    name, *rest = given.split(" ")
    if name not in FORMATS:
        raise MockDouyinError(NOT_A_FORMAT(name=name, hint=suggestion(name, FORMATS)))
    is_text = name in TEXTS
    if rest[:1] in (["text"], ["number"]):
        is_text = rest.pop(0) == "text"
    if not rest:
        return Scalar(name, is_text)
    limits = " ".join(rest)
    if _RANGE.fullmatch(limits):
        return Scalar(name, is_text, *_range(limits))
    if name == "id":
        return Scalar(name, is_text, prefix=limits)
    return Scalar(name, is_text, choices=tuple(limits.split("|")))


_RANGE = re.compile(r"(-?[0-9]*)\.\.(-?[0-9]*)|[0-9]+", re.ASCII)


def _range(given: Any) -> tuple[float | None, float | None]:
    """Parse `1..50`, `1..`, `..50` or, for exactly that, `12`."""
    found = _RANGE.fullmatch(str(given))
    if found is None:
        raise MockDouyinError(NOT_A_RANGE(given=given))
    if found[1] is None:
        return float(found[0]), float(found[0])
    return tuple(float(bound) if bound else None for bound in found.groups())  # type: ignore[return-value]
