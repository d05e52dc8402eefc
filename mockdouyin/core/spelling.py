"""Decide whether one name is a misspelling of another."""

from __future__ import annotations

import difflib
import re

_SEPARATORS = re.compile(r"[^A-Za-z0-9]+")


def words_of(name: str) -> list[str]:
    """Return the words of a name or a path, which anything but letters and digits separates."""
    return _SEPARATORS.split(name.strip("/"))


def is_misspelling(word: str, meant: str) -> bool:
    """Whether a name differs from another only in spelling, so that it means the same.

    `code_to_sesion` is a misspelling of `code_to_session`. But `delete` and `create` mean
    different things, however many letters they share. So do `bind` and `unbind`, `v1` and `v2`.
    """
    words, others = words_of(word), words_of(meant)
    if "".join(words).lower() == "".join(others).lower():
        return True
    if len(words) != len(others):
        return False
    return all(
        each.lower() == other.lower() or _is_misspelled_word(each.lower(), other.lower())
        for each, other in zip(words, others, strict=True)
    )


def _is_misspelled_word(word: str, meant: str) -> bool:
    if word[:1] != meant[:1] or min(len(word), len(meant)) < 3:
        return False
    return difflib.SequenceMatcher(None, word, meant).ratio() >= 0.75
