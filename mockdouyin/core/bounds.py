"""What can be kept: data that is written to a file or to Redis, and is the same when it is read.

Python's texts, numbers and containers hold more than JSON, msgpack and HTTP carry. Whatever comes
in from outside (an order, a scenario, an option) is measured here before anything is done with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any, TypeGuard

DEEPEST = 100
"""Lists and mappings within one another; what is deeper cannot be read back everywhere."""

LOWEST, HIGHEST = -(2**63), 2**64 - 1
"""The whole numbers that a field of numbers takes: those of 64 bits."""

_LONGEST = 4096
"""Bits of a whole number where any JSON may stand; a longer one is not written as text."""

NAME = 200
"""Characters of a name."""

_HALF = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FRAMING = ("content-length", "transfer-encoding")


def is_sound(value: Any, room: int = DEEPEST) -> bool:
    """Whether plain data can be kept as it is, in a field of any type."""
    kind = type(value)
    if kind is str:
        return bool(value.isascii()) or _HALF.search(value) is None
    if kind is int:
        return bool(LOWEST <= value <= HIGHEST)
    if kind is dict:
        return room > 0 and all(
            type(name) is str and is_sound(name) and is_sound(each, room - 1)
            for name, each in value.items()
        )
    if kind is list or kind is tuple:
        return room > 0 and all(is_sound(each, room - 1) for each in value)
    if isinstance(value, float):
        return isfinite(value)
    return value is None or kind is bool or (isinstance(value, str) and is_sound(str(value)))


def is_whole(value: Any) -> TypeGuard[int]:
    """Whether a value is a whole number of 64 bits."""
    return type(value) is int and LOWEST <= value <= HIGHEST


def flaw(value: Any) -> str:
    """Say what keeps one text or number from being kept; nothing where it can be."""
    if isinstance(value, str):
        return "has half of a surrogate pair in it" if _HALF.search(value) else ""
    if isinstance(value, float):
        return "" if isfinite(value) else "is not a finite number"
    if isinstance(value, int):
        return "is too long a number" if value.bit_length() > _LONGEST else ""
    return "" if value is None else f"is a {type(value).__name__}, which is not JSON"


Path = tuple[str | int, ...]


def flaws(value: Any, path: Path = (), room: int = DEEPEST) -> Iterator[tuple[Path, str]]:
    """Find what keeps JSON from being kept, with its place; a long whole number can be."""
    if isinstance(value, dict | list | tuple):
        if room <= 0:
            yield path, f"is deeper than {DEEPEST} lists and mappings"
            return
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, each in pairs:
            if isinstance(value, dict) and (not isinstance(name, str) or flaw(name)):
                yield path, f"has the key {name!r}, which is not text"
                return
            yield from flaws(each, (*path, name), room - 1)
    elif says := flaw(value):
        yield path, says


def where(path: Path) -> str:
    """Write a place in data as `reply.json.items.0`."""
    return ".".join(map(str, path))


def name_flaw(name: str) -> str:
    """Say why something cannot be called this; nothing where it can."""
    if not name or len(name) > NAME:
        return f"has 1 to {NAME} characters, not {len(name)}"
    if found := _CONTROL.search(name):
        return f"has no control characters, and {found[0]!r} is one"
    return flaw(name)


def key_flaw(key: str) -> str:
    """Say why an app cannot have this key or secret; nothing where it can."""
    if not key.isascii() or not key.isprintable() or " " in key:
        return "has letters and digits only"
    return "" if 0 < len(key) <= NAME else f"has 1 to {NAME} characters, not {len(key)}"


def header_flaw(name: str, value: str) -> str:
    """Say why an answer cannot carry this header; nothing where it can."""
    if not _TOKEN.fullmatch(name):
        return "is not a header's name: letters, digits and !#$%&'*+-.^_`|~ only"
    if name.lower() in _FRAMING:
        return "is for the server to say, which frames the answer"
    if _CONTROL.search(value.replace("\t", "")):
        return "has a line break or another control character in its value"
    return flaw(value)
