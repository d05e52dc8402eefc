"""What is said of a call that no endpoint answers: Douyin's own, a slip of the pen, or neither."""

from __future__ import annotations

import difflib
from functools import cache

import msgspec

from mockdouyin.core import resources
from mockdouyin.core.spelling import is_misspelling
from mockdouyin.core.typed import thread_safe
from mockdouyin.endpoints import CATALOGUE

_LONGEST = 200
"""Characters of a path up to which it is compared: Douyin's longest has half as many."""


@cache
def operations() -> dict[str, frozenset[str]]:
    """Return every path that Douyin's docs and SDKs name, by method, with no slash at the end."""
    named = msgspec.json.decode(
        resources.text("operations.json"), type=thread_safe(dict[str, list[str]])
    )
    return {
        method: frozenset(path.rstrip("/") for path in paths) for method, paths in named.items()
    }


def why_unanswered(method: str, path: str) -> str:
    """Say why nothing answers a call, and what to do."""
    known = CATALOGUE.paths()
    bare = path.rstrip("/")
    for form in (path, bare + "/", bare):
        if form in known:
            return f"{form} takes {' or '.join(known[form])}, not {method}"
    theirs = [name for name, paths in operations().items() if bare in paths]
    if method in theirs:
        return (
            f"Douyin has {method} {path}, mockdouyin does not answer it yet; a rule can:"
            f' {{on: "{method} {path}", reply: {{json: {{…}}}}}}'
        )
    if theirs:
        return f"Douyin's {path} takes {' or '.join(theirs)}, not {method}"
    meant = meant_path(path)
    if meant:
        hint = f"; did you mean {' or '.join(known[meant])} {meant}?"
    else:
        hint = "; `mockdouyin endpoints` lists them all"
    return f"no endpoint {method} {path}{hint}"


def meant_path(path: str) -> str:
    """Return the emulated path that was meant: with a wrong beginning, or a slip of the pen."""
    if len(path) > _LONGEST:
        return ""
    parts, known = _parts(path), list(CATALOGUE.paths())
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
