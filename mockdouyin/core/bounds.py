"""Check that data can be stored: written to a file or to Redis, and read back unchanged.

Python's strings, numbers and containers hold more than JSON, msgpack and HTTP can carry. Whatever
comes from outside (an operation's body, a scenario, an option) is checked here before it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any, TypeGuard

from mockdouyin.core import _texts as texts
from mockdouyin.core.texts import NOTHING, Text

MAX_DEPTH = 100
"""Maximum nesting of lists and mappings; deeper data cannot be read back everywhere."""

MIN_INT, MAX_INT = -(2**63), 2**64 - 1
"""The range of a whole number: signed or unsigned 64 bits."""

_MAX_INT_BITS = 4096
"""Maximum bits of a whole number in free-form JSON; a longer one is not written as text."""

MAX_NAME = 200
"""Maximum characters of a name."""

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FRAMING = ("content-length", "transfer-encoding")


def is_storable(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Whether plain data can be stored unchanged in a field of any type."""
    kind = type(value)
    if kind is str:
        return bool(value.isascii()) or _LONE_SURROGATE.search(value) is None
    if kind is int:
        return bool(MIN_INT <= value <= MAX_INT)
    if kind is dict:
        return depth > 0 and all(
            type(name) is str and is_storable(name) and is_storable(each, depth - 1)
            for name, each in value.items()
        )
    if kind is list or kind is tuple:
        return depth > 0 and all(is_storable(each, depth - 1) for each in value)
    if isinstance(value, float):
        return isfinite(value)
    return value is None or kind is bool or (isinstance(value, str) and is_storable(str(value)))


def is_64_bit_int(value: Any) -> TypeGuard[int]:
    """Whether a value is a whole number of 64 bits."""
    return type(value) is int and MIN_INT <= value <= MAX_INT


def value_problem(value: Any) -> Text:
    """Say why a text or a number cannot be stored in JSON; NOTHING if it can."""
    if isinstance(value, str):
        return texts.HALF_SURROGATE() if _LONE_SURROGATE.search(value) else NOTHING
    if isinstance(value, float):
        return NOTHING if isfinite(value) else texts.NOT_FINITE()
    if isinstance(value, int):
        too_long = value.bit_length() > _MAX_INT_BITS
        return texts.TOO_MANY_BITS(most=_MAX_INT_BITS) if too_long else NOTHING
    return NOTHING if value is None else texts.NOT_A_JSON_TYPE(type=type(value).__name__)


KeyPath = tuple[str | int, ...]
"""Keys and indices that lead to a value in nested data."""


def find_problems(
    value: Any, path: KeyPath = (), depth: int = MAX_DEPTH
) -> Iterator[tuple[KeyPath, Text]]:
    """Yield what in JSON data cannot be stored, and where; whole numbers may exceed 64 bits."""
    if isinstance(value, dict | list | tuple):
        if depth <= 0:
            yield path, texts.TOO_DEEP(most=MAX_DEPTH)
            return
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, each in pairs:
            if isinstance(value, dict) and (not isinstance(name, str) or value_problem(name)):
                yield path, texts.KEY_NOT_TEXT(key=repr(name))
                return
            yield from find_problems(each, (*path, name), depth - 1)
    elif problem := value_problem(value):
        yield path, problem


def format_path(path: KeyPath) -> str:
    """Format a path as `reply.json.items.0`."""
    return ".".join(map(str, path))


def name_problem(name: str) -> Text:
    """Say why a name is not allowed; NOTHING if it is."""
    if not name or len(name) > MAX_NAME:
        return texts.NAME_LENGTH(most=MAX_NAME, count=len(name))
    if found := _CONTROL.search(name):
        return texts.NAME_CONTROL(character=found[0])
    return value_problem(name)


def key_problem(key: str) -> Text:
    """Say why an app cannot have this key or secret; NOTHING if it can."""
    if not key.isascii() or not key.isprintable() or " " in key:
        return texts.LETTERS_AND_DIGITS()
    if 0 < len(key) <= MAX_NAME:
        return NOTHING
    return texts.NAME_LENGTH(most=MAX_NAME, count=len(key))


def header_problem(name: str, value: str) -> Text:
    """Say why a reply cannot carry this header; NOTHING if it can."""
    if not _TOKEN.fullmatch(name):
        return texts.NOT_A_HEADER_NAME()
    if name.lower() in _FRAMING:
        return texts.SERVERS_HEADER()
    if _CONTROL.search(value.replace("\t", "")):
        return texts.HEADER_CONTROL()
    return value_problem(value)
