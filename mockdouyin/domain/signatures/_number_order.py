"""Orders of languages that sort what looks like a number as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

from mockdouyin.domain.signatures._recipe import NameValue

Order = Callable[[NameValue], Any]

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.IGNORECASE | re.ASCII)
"""What PHP and JavaScript take for a number."""

_MAX_DIGITS = 300
"""A longer number is compared as text: as a float it may be infinite."""


def _number(value: str) -> float | None:
    return float(value) if len(value) < _MAX_DIGITS and _NUMBER.fullmatch(value) else None


def _compare(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


def _php(one: NameValue, other: NameValue) -> int:
    """Compare as numbers if both look like some, and else the bytes."""
    first, second = _number(one[1]), _number(other[1])
    if first is None or second is None:
        return _compare(*(each[1].encode(errors="surrogatepass") for each in (one, other)))
    return _compare(first, second)


def _js_difference(one: NameValue, other: NameValue) -> int:
    """Compare as `(a, b) => a - b` does: where one is no number, they are equal."""
    first, second = _number(one[1]), _number(other[1])
    return 0 if first is None or second is None else _compare(first, second)


def _order(compare: Callable[[NameValue, NameValue], int]) -> Order:
    key = cmp_to_key(compare)
    return lambda entry: key(entry)  # a key itself cannot be compared with another plan's order


php_order: Order = _order(_php)
"""As PHP's sort() without a flag."""

js_difference: Order = _order(_js_difference)


def js_greater(numbers: frozenset[str]) -> Order:
    """Sort as `(a, b) => a > b ? 1 : -1` does, where the values of these names are numbers."""

    def compare(one: NameValue, other: NameValue) -> int:
        if numbers.isdisjoint((one[0], other[0])):
            return 1 if one[1] > other[1] else -1
        first, second = _number(one[1]), _number(other[1])
        return 1 if first is not None and second is not None and first > second else -1

    return _order(compare)
