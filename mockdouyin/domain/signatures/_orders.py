"""The orders in which languages sort texts, where theirs is not the order of the bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Any, TypeVar

T = TypeVar("T")

_BY_CULTURE = "\t\n\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789"
_PLACES = {character: place for place, character in enumerate(_BY_CULTURE)}
_LETTERS, _OTHERS = 100, 200


MAX_COMPARED = 100
"""Characters by which texts are sorted by culture."""


def by_culture(text: str) -> Any:
    """Sort as ICU does (JavaScript's localeCompare, C#): symbols, digits, letters, all else."""
    text = text[:MAX_COMPARED]
    return [_primary(character) for character in text], text.swapcase()


def by_chinese_culture(text: str) -> Any:
    """Sort as ICU does in Chinese: characters by pinyin before Latin letters."""
    text = text[:MAX_COMPARED]
    return [_chinese(character) for character in text], text.swapcase()


def _primary(character: str) -> tuple[int, str]:
    place = _PLACES.get(character)
    if place is not None:
        return place, ""
    folded = character.casefold()
    return _LETTERS if folded.isascii() else _OTHERS, folded


def _chinese(character: str) -> tuple[int, Any]:
    if "\u4e00" <= character <= "\u9fff":
        # GBK has the usual characters in the order of their pinyin.
        return _LETTERS - 1, character.encode("gb18030").decode("latin-1")
    return _primary(character)


def descending(text: str) -> Any:
    """Sort by bytes, the last first."""
    return _descending(text.encode(errors="surrogatepass"))


def _later_first(one: bytes, other: bytes) -> int:
    return (one < other) - (one > other)


_descending = cmp_to_key(_later_first)


def numbers_first(text: str) -> Any:
    """Sort whole numbers by their size, before all else, and that by bytes."""
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    return (not is_number, int(text) if is_number else 0, text.encode(errors="surrogatepass"))


# PHP compares texts that look like numbers as numbers, unless it is told SORT_STRING.

_NUMBER = re.compile(r"\s{0,9}[+-]?(?:\d{1,300}(?:\.\d{0,99})?|\.\d{1,99})(?:[eE][+-]?\d{1,3})?")

MAX_INSERTED = 16
"""How many values PHP sorts by insertion: with its comparison the way of sorting matters."""


def sorted_by_php(items: Iterable[T], text_of: Callable[[T], str]) -> list[T]:
    """Sort as PHP's `sort()` does without SORT_STRING."""
    keyed = [(_php_key(text_of(item)), item) for item in items]
    if len(keyed) > MAX_INSERTED:
        compared = cmp_to_key(_compare)
        keyed.sort(key=lambda each: compared(each[0]))
    else:
        for place in range(1, len(keyed)):
            keyed.insert(_place_of(keyed, place), keyed.pop(place))
    return [item for _, item in keyed]


_PhpKey = tuple[float | None, bytes]


def _php_key(text: str) -> _PhpKey:
    number = _NUMBER.fullmatch(text.rstrip()) if len(text) < 400 else None
    return (float(text) if number else None), text.encode(errors="surrogatepass")


def _compare(one: _PhpKey, other: _PhpKey) -> int:
    if one[0] is not None and other[0] is not None:
        return (one[0] > other[0]) - (one[0] < other[0])
    return (one[1] > other[1]) - (one[1] < other[1])


def _place_of(keyed: list[tuple[_PhpKey, T]], place: int) -> int:
    """Return where the item at a place belongs among those before it, by PHP's steps.

    "900" is less than "1990", "1990" less than "2-A", and that less than "900": where such values
    end depends on which are compared.
    """

    def is_greater(at: int) -> bool:
        return _compare(keyed[at][0], keyed[place][0]) > 0

    at = place - 1
    if not is_greater(at):
        return place
    stride = 1 if place < 6 else 2
    while at >= stride:
        at -= stride
        if not is_greater(at):
            at += 1
            return at + 1 if stride == 2 and not is_greater(at) else at
    if at == 1 and not is_greater(0):
        return 1
    return 0


# Comparisons that do not fit texts, of names and values.

Entry = tuple[str, str]


def _number(value: str) -> float | None:
    is_number = len(value) < 400 and _NUMBER.fullmatch(value.rstrip())
    return float(value) if is_number else None


def js_difference(one: Entry, other: Entry) -> int:
    """Compare as `(a, b) => a - b` does: where one is no number, they are equal."""
    first, second = _number(one[1]), _number(other[1])
    if first is None or second is None:
        return 0
    return int(first > second) - int(first < second)


def js_greater(numbers: frozenset[str]) -> Callable[[Entry, Entry], int]:
    """Compare as `(a, b) => a > b ? 1 : -1` does, where the values of these names are numbers."""

    def compare(one: Entry, other: Entry) -> int:
        if numbers.isdisjoint((one[0], other[0])):
            return 1 if one[1] > other[1] else -1
        first, second = _number(one[1]), _number(other[1])
        return 1 if first is not None and second is not None and first > second else -1

    return compare


_MAX_RUN = 32
"""A list as short as this JavaScript sorts in one run."""


def sorted_by_js(entries: Iterable[Entry], compare: Callable[[Entry, Entry], int]) -> list[Entry]:
    """Sort as V8 does: where a comparison contradicts itself, the way of sorting matters."""
    items = list(entries)
    if not 1 < len(items) <= _MAX_RUN:
        return sorted(items, key=cmp_to_key(compare))
    run = 2
    falls = compare(items[1], items[0]) < 0
    while run < len(items) and (compare(items[run], items[run - 1]) < 0) == falls:
        run += 1
    if falls:
        items[:run] = items[run - 1 :: -1]
    for start in range(run, len(items)):
        pivot = items[start]
        left, right = 0, start
        while left < right:
            middle = (left + right) // 2
            if compare(pivot, items[middle]) < 0:
                right = middle
            else:
                left = middle + 1
        items.insert(left, items.pop(start))
    return items
