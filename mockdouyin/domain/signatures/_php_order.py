"""The order of PHP's sort() without a flag: what looks like a number is sorted as one."""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import Any

from mockdouyin.domain.signatures._recipe import NameValue

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.IGNORECASE | re.ASCII)
"""What PHP takes for a number."""

_MAX_DIGITS = 400
"""A longer number is compared as text: PHP's would be infinite."""


def _php_compare(one: NameValue, other: NameValue) -> int:
    """Compare two values as PHP's `<` does: as numbers if both look like some."""
    first, second = one[1], other[1]
    if not _is_php_number(first) or not _is_php_number(second):
        a, b = (each.encode(errors="surrogatepass") for each in (first, second))
        return (a > b) - (a < b)
    return (float(first) > float(second)) - (float(first) < float(second))


def _is_php_number(value: str) -> bool:
    return len(value) < _MAX_DIGITS and _NUMBER.fullmatch(value) is not None


_php_key = cmp_to_key(_php_compare)


def php_order(entry: NameValue) -> Any:
    """Sort as PHP's sort() does that is not told how."""
    return _php_key(entry)  # itself it cannot be compared with another plan's
