"""Explain a call that no endpoint answers: known to Douyin, a misspelt path, or neither."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from mockdouyin.core import resources
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.spelling import is_misspelling, words_of
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.core.typed import thread_safe
from mockdouyin.domain.texts import EITHER
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.unserved_declarations import describe_call, say_ways

MAX_PATH = 200
"""Characters of a path that are compared and quoted: Douyin's longest has half as many."""

_MIN_NAME = 8
"""Characters of a segment that tells an endpoint: `userinfo` does, `oauth/token` does not."""

_MAKERS = ("create", "get", "generate", "make", "fetch")
"""Words that docs and SDKs put before the name of what a call gives, and paths may lack."""

_COMPARED = 50
"""Paths with the same initials that are compared by `ratio()`, which takes quadratic time."""

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_VERSION = re.compile(r"v[0-9]+", re.ASCII)


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


class KnownPath(NamedTuple):
    """A path of Douyin's with its methods."""

    path: str
    methods: tuple[str, ...]
    is_emulated: bool
    """Whether an endpoint answers there."""


class PathIndex:
    """Paths, found by one that was probably meant to be one of them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_letters: dict[str, list[str]] = defaultdict(list)
        self._by_end: dict[str, list[str]] = defaultdict(list)
        self._by_names: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._by_initials: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for path in paths:
            parts = segments_of(path.lower())
            self._by_letters[_letters(path)].append(path)
            self._by_end[parts[-1] if parts else ""].append(path)
            self._by_names[_without_versions(parts)].append(path)
            self._by_initials[_initials(path)].append(path)

    def find_meant(self, path: str) -> str:
        """Return the one path that means the same; empty if there is none, or are several.

        It is spelt differently, has a longer or shorter prefix, or is another version.
        """
        if len(path) > MAX_PATH:
            return ""
        return self._same(path) or self._same(_without_maker(path)) or self._misspelt(path)

    def _same(self, path: str) -> str:
        parts = segments_of(path.lower())
        if not parts:
            return ""
        alike = self._by_letters.get(_letters(path), [])
        ends = [each for each in self._by_end.get(parts[-1], []) if _is_prefixed(parts, each)]
        for found in (alike, ends, self._other_versions(parts)):
            if len(found) == 1:
                return found[0]
        return ""

    def _other_versions(self, parts: list[str]) -> list[str]:
        found = self._by_names.get(_without_versions(parts), [])
        return [each for each in found if len(segments_of(each)) == len(parts)] or found

    def _misspelt(self, path: str) -> str:
        alike = self._by_initials.get(_initials(path), [])[:_COMPARED]
        found = [each for each in alike if is_misspelling(path, each)]
        return max(found, key=lambda each: _ratio(each, path), default="")


def _without_maker(path: str) -> str:
    """Return the path without a word such as `create` in its last name; empty if it has none.

    `createQRCode` is what the docs call `qrcode`.
    """
    folder, _, last = path.rstrip("/").rpartition("/")
    bare = _bare_name(last)
    return f"{folder}/{bare}" if bare else ""


def _bare_name(name: str) -> str:
    """Return what follows a word such as `create` in a name; empty if it has none."""
    first, *others = _HUMPS.sub(" ", name).replace("_", " ").lower().split() or [""]
    return "".join(others) if first in _MAKERS else ""


def find_meant_name(name: str, names: Iterable[str]) -> str:
    """Return the first of some names that means the same as one that is not among them.

    It is spelt differently, or has a word such as `create` before it; empty if there is none.
    """
    if len(name) > MAX_PATH:
        return ""
    found, bare = "", _bare_name(name)
    for each in names:
        if is_misspelling(name, each):
            return each
        if bare and not found and _letters(each).lower() == bare:
            found = each
    return found


def segments_of(path: str) -> list[str]:
    """Return what stands between the slashes of a path."""
    return [part for part in path.split("/") if part]


def _ratio(path: str, other: str) -> float:
    return difflib.SequenceMatcher(None, path, other).ratio()


def _letters(path: str) -> str:
    return "".join(words_of(path)).lower()


def _initials(path: str) -> tuple[str, ...]:
    return tuple(word[:1].lower() for word in words_of(path))


def _without_versions(parts: list[str]) -> tuple[str, ...]:
    return tuple(part for part in parts if not _VERSION.fullmatch(part))


def _is_prefixed(parts: list[str], known: str) -> bool:
    """Whether a path lacks a known path's prefix, or has one before it, and still says enough.

    A prefix as long as what follows is no mistake in an address: it makes another one.
    """
    other = segments_of(known.lower())
    length = min(len(parts), len(other))
    shared = [part for part in parts[-length:] if not _VERSION.fullmatch(part)]
    if parts[-length:] != other[-length:] or len(parts) - len(other) > max(1, len(other) - 1):
        return False
    return len(shared) > 2 or any(len(part) >= _MIN_NAME for part in shared)


@lru_cache(maxsize=16)
def _known_paths(catalogue: Catalogue) -> dict[str, KnownPath]:
    """Return every path of the catalogue and of Douyin's docs, by itself without a last slash.

    Of two that differ by that slash alone, the second one is there with it.
    """
    known: dict[str, KnownPath] = {}
    for path, served in catalogue.paths().items():
        bare = path.rstrip("/")
        known[path if bare in known else bare] = KnownPath(path, tuple(served), is_emulated=True)
    for path in sorted(frozenset().union(*operations().values()).difference(known)):
        methods = tuple(name for name, paths in operations().items() if path in paths)
        known[path] = KnownPath(path, methods, is_emulated=False)
    return known


@lru_cache(maxsize=16)
def _index(catalogue: Catalogue) -> PathIndex:
    return PathIndex(_known_paths(catalogue))


def find_known_path(path: str, catalogue: Catalogue = CATALOGUE) -> KnownPath | None:
    """Return the path as Douyin has it, with or without a last slash; None if it has not."""
    known = _known_paths(catalogue)
    return known.get(path) or known.get(path.rstrip("/"))


def find_meant_path(path: str, catalogue: Catalogue = CATALOGUE) -> KnownPath | None:
    """Return the path of Douyin's that was meant by one that it has not; None if unclear.

    Paths that are not emulated count too: a call that is near to one of these means no other.
    """
    meant = _index(catalogue).find_meant(path)
    return _known_paths(catalogue)[meant] if meant else None


def why_unanswered(method: str, path: str, catalogue: Catalogue = CATALOGUE) -> Text:
    """Explain why nothing answers a call; the parameter `hint` says what to do, if present."""
    quoted = path if len(path) <= MAX_PATH else path[:MAX_PATH] + "…"
    known = find_known_path(path, catalogue)
    if known is None:
        meant = find_meant_path(path, catalogue)
        if meant is None:
            return texts.PATH_UNKNOWN(method=method, path=quoted, hint=texts.LIST_ENDPOINTS())
        hint = texts.PATH_MEANT(methods=either(meant.methods), path=meant.path)
        return texts.PATH_UNKNOWN(method=method, path=quoted, hint=hint)
    if known.is_emulated:
        return texts.PATH_METHOD(path=known.path, methods=either(known.methods), method=method)
    if method in known.methods:
        rule = texts.ANSWER_BY_RULE(method=method, path=quoted)
        said: dict[str, Text | str] = {"method": method, "path": quoted, "hint": rule}
        about = describe_call(method, path)
        if about:
            return texts.PATH_NAMED_NOT_EMULATED(about=about, **said)
        return texts.PATH_NOT_EMULATED(**said)
    return texts.DOUYIN_PATH_METHOD(path=quoted, methods=either(known.methods), method=method)


def how_to_answer(method: str, path: str, catalogue: Catalogue = CATALOGUE) -> Text:
    """Say how a call could be answered; NOTHING where it is a mistake in another call."""
    known = find_known_path(path, catalogue)
    if known is None:
        is_own = find_meant_path(path, catalogue) is None
    else:
        is_own = not known.is_emulated and method in known.methods
    if not is_own or len(path) > MAX_PATH:
        return NOTHING
    return say_ways(method, path, catalogue, is_known=known is not None)


def either(words: Iterable[str]) -> Text | str:
    """Return words joined by "or"."""
    first, *others = words
    joined: Text | str = first
    for other in others:
        joined = EITHER(one=joined, other=other)
    return joined


def meant_path(path: str, catalogue: Catalogue = CATALOGUE) -> str:
    """Return the emulated path that was meant, or that this is; empty if there is none."""
    meant = find_known_path(path, catalogue) or find_meant_path(path, catalogue)
    return meant.path if meant is not None and meant.is_emulated else ""
