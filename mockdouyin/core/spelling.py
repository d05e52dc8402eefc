"""Whether one name is a misspelling of another."""

from __future__ import annotations

import difflib
import re

_WORDS = re.compile(r"[^A-Za-z0-9]+")


def is_slip(word: str, meant: str) -> bool:
    """Whether a name differs from another only in spelling, so that it means the same.

    `code_to_sesion` is a slip of `code_to_session`; `delete` and `create` mean different things,
    however many letters they share, and so do `bind` and `unbind`, `v1` and `v2`.
    """
    ours, theirs = _WORDS.split(word.strip("/")), _WORDS.split(meant.strip("/"))
    if "".join(ours).lower() == "".join(theirs).lower():
        return True
    if len(ours) != len(theirs):
        return False
    return all(
        mine.lower() == other.lower() or _is_spelling(mine.lower(), other.lower())
        for mine, other in zip(ours, theirs, strict=True)
    )


def _is_spelling(word: str, meant: str) -> bool:
    if word[:1] != meant[:1] or min(len(word), len(meant)) < 3:
        return False
    return difflib.SequenceMatcher(None, word, meant).ratio() >= 0.75
