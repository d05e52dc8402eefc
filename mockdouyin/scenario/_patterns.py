"""Patterns of a rule's `when`: how a parameter's text is compared, in time linear in both."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache

LONGEST = 200
"""Characters of a pattern, and of a text that is compared with one that has `?` or `[` in it."""

Matches = Callable[[str], bool]


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> Matches:
    """Return what tells whether a text fits a pattern: `*` is any text, `?` any character.

    A pattern of `*` alone is searched for piece by piece, which cannot take long; whatever else
    there may be is a regular expression, and is kept from long texts.
    """
    if "?" in pattern or "[" in pattern:
        match = re.compile(translate(pattern)).match
        return lambda text: len(text) <= LONGEST and match(text) is not None
    if "*" not in pattern:
        return pattern.__eq__
    head, *pieces, tail = pattern.split("*")
    pieces = [piece for piece in pieces if piece]

    def fits(text: str) -> bool:
        if not (text.startswith(head) and text.endswith(tail)):
            return False
        at, end = len(head), len(text) - len(tail)
        for piece in pieces:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return at <= end

    return fits
