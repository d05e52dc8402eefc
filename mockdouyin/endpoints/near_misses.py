"""Explain a call that no endpoint answers: known to Douyin, a misspelt path, or neither."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache

import msgspec

from mockdouyin.core import resources
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.spelling import is_misspelling
from mockdouyin.core.texts import Text
from mockdouyin.core.typed import thread_safe
from mockdouyin.domain.texts import EITHER
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints import _texts as texts

MAX_PATH = 200
"""Characters of a path that are compared and quoted: Douyin's longest has half as many."""


@cache
def operations() -> dict[str, frozenset[str]]:
    """Return every path that Douyin's docs and SDKs name, by method, without trailing slashes."""
    by_method = msgspec.json.decode(
        resources.text("operations.json"), type=thread_safe(dict[str, list[str]])
    )
    return {
        method: frozenset(path.rstrip("/") for path in paths)
        for method, paths in by_method.items()
    }


def why_unanswered(method: str, path: str, catalogue: Catalogue = CATALOGUE) -> Text:
    """Explain why nothing answers a call; the parameter `hint` says what to do, if present."""
    known = catalogue.paths()
    bare = path.rstrip("/")
    for form in (path, bare + "/", bare):
        if form in known:
            return texts.PATH_METHOD(path=form, methods=_either(known[form]), method=method)
    quoted = path if len(path) <= MAX_PATH else path[:MAX_PATH] + "…"
    douyins = [name for name, paths in operations().items() if bare in paths]
    if method in douyins:
        rule = texts.ANSWER_BY_RULE(method=method, path=quoted)
        return texts.PATH_NOT_EMULATED(method=method, path=quoted, hint=rule)
    if douyins:
        methods = _either(douyins)
        return texts.DOUYIN_PATH_METHOD(path=quoted, methods=methods, method=method)
    meant = meant_path(path, catalogue)
    if meant:
        hint = texts.PATH_MEANT(methods=_either(known[meant]), path=meant)
    else:
        hint = texts.LIST_ENDPOINTS()
    return texts.PATH_UNKNOWN(method=method, path=quoted, hint=hint)


def _either(methods: Iterable[str]) -> Text | str:
    """Return the methods joined by "or"."""
    first, *others = methods
    joined: Text | str = first
    for other in others:
        joined = EITHER(one=joined, other=other)
    return joined


def meant_path(path: str, catalogue: Catalogue = CATALOGUE) -> str:
    """Return the emulated path that was meant: one with another prefix, or a misspelt one.

    Empty if there is none.
    """
    if len(path) > MAX_PATH:
        return ""
    parts, known = _parts(path), list(catalogue.paths())
    ends = [each for each in known if _is_end(parts, _parts(each))]
    if len(ends) == 1:
        return ends[0]
    for near in difflib.get_close_matches(path, known, n=5, cutoff=0.6):
        if is_misspelling(path, near):
            return near
    return ""


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _is_end(one: list[str], other: list[str]) -> bool:
    """Whether one of the two paths is the end of the other."""
    length = min(len(one), len(other))
    return length > 0 and one[-length:] == other[-length:]
