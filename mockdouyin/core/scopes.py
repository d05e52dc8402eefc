"""Scopes: those that Douyin's docs name, who holds one, and what is wrong with another text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

import msgspec

from mockdouyin.core import _texts as texts
from mockdouyin.core import resources
from mockdouyin.core.errors import near_hint
from mockdouyin.core.texts import NOTHING, Text


class ScopeName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scope, and its names on the consent page."""

    scope: str
    zh: str
    en: str
    app: bool = False
    """Whether it belongs to the app alone: a person's consent does not list it."""


@cache
def scope_names() -> dict[str, ScopeName]:
    """Return the scopes that have a name on the consent page, by id."""
    names: tuple[ScopeName, ...] = resources.records("scopes.json", ScopeName)  # type: ignore[assignment]
    return {name.scope: name for name in names}


_OF_APPS: tuple[str, ...] = resources.records("app_scopes.json", str)  # type: ignore[assignment]

SCOPES: tuple[str, ...] = (*scope_names(), *_OF_APPS)
"""Every scope that Douyin's docs name; those of emulated endpoints come first."""

APP_SCOPES = frozenset(
    (*_OF_APPS, *(name.scope for name in scope_names().values() if name.app)),
)
"""Scopes that belong to the app alone: a person's consent does not list them."""

TRIAL_SCOPES = ("trial.whitelist", "user_info")
"""Both scopes that a tester of a trial app must grant before any other scope works."""


def is_business(scope: str) -> bool:
    """Whether a scope is one of a business relation (经营关系)."""
    return scope.endswith((".bind", "_bc"))


def holds(scopes: Collection[str], scope: str) -> bool:
    """Whether the scopes include this one, or its `.bind` twin of a business relation."""
    return scope in scopes or scope + ".bind" in scopes


_SEPARATORS = {
    "%2c": texts.BY_ESCAPED_COMMA,
    "%20": texts.BY_ESCAPED_SPACE,
    " ": texts.BY_SPACE,
    "+": texts.BY_PLUS,
    ";": texts.BY_SEMICOLON,
    "|": texts.BY_BAR,
    "，": texts.BY_CHINESE_COMMA,
    "、": texts.BY_CHINESE_COMMA,
}
_SEPARATOR = re.compile("|".join(map(re.escape, _SEPARATORS)) + r"|\s", re.IGNORECASE)


def describe_separator(text: str) -> Text:
    """Say how several scopes in a text are separated, if not by commas; else return NOTHING."""
    if text[:1] == "[":
        return texts.IN_JSON_LIST()
    found = _SEPARATOR.search(text)
    if found is None or not any(part in _KNOWN for part in _SEPARATOR.split(text)):
        return NOTHING
    return _SEPARATORS.get(found[0].lower(), texts.BY_LINE_END)()


_KNOWN = frozenset(SCOPES)


def why_not_held(name: str, held: Iterable[str], scope: str) -> Text:
    """Say why an app cannot use a scope: it is unknown, several in one text, or not granted."""
    how = describe_separator(scope)
    if how:
        return texts.SCOPES_JOINED(scopes=scope, how=how)
    if scope not in _KNOWN:
        return texts.SCOPE_UNKNOWN(scope=scope, hint=near_hint(scope, _KNOWN))
    joined = next((each for each in held if scope in _SEPARATOR.split(each) and each != scope), "")
    if joined:
        how = describe_separator(joined)
        return texts.SCOPES_HELD_AS_ONE(app=name, scopes=joined, how=how)
    return texts.SCOPE_NOT_HELD(app=name, scope=scope)
