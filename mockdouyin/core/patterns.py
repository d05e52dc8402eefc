"""Patterns of rules and settings with `*` and `?`, matched in time linear in pattern and text."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache

MAX_PATTERN = 200
"""Characters of a pattern, and of a text that is compared with one that has `?` or `[` in it."""

Matches = Callable[[str], bool]


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> Matches:
    """Return a function that tells whether a text matches: `*` is any text, `?` any character.

    A pattern with no wildcard but `*` is searched piece by piece, which cannot backtrack. Any
    other is a regular expression, which can: it never matches a text longer than `MAX_PATTERN`.
    """
    if "?" in pattern or "[" in pattern:
        match = re.compile(translate(pattern)).match
        return lambda text: len(text) <= MAX_PATTERN and match(text) is not None
    if "*" not in pattern:
        return pattern.__eq__
    head, *pieces, tail = pattern.split("*")
    pieces = [piece for piece in pieces if piece]

    def matches(text: str) -> bool:
        if not (text.startswith(head) and text.endswith(tail)):
            return False
        at, end = len(head), len(text) - len(tail)
        for piece in pieces:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return at <= end

    return matches
