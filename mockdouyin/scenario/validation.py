"""Check a value from YAML or JSON against a type, and report every mistake in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from mockdouyin.core.bounds import KeyPath


class Mistake(NamedTuple):
    """Something wrong, and where: at a value, at its key, or at a line and column."""

    path: KeyPath
    says: str
    at_key: bool = False
    place: tuple[int, int] | None = None


Texts = Mapping[KeyPath, str]
"""How scalars are spelled in the source text."""


def mistakes(
    value: Any, kind: type, path: KeyPath = (), texts: Texts | None = None
) -> Iterator[Mistake]:
    """Find every reason why the value is not of this type."""
    from mockdouyin.scenario._validation_walk import ValidationWalk, type_info

    walk = ValidationWalk(f"the {kind.__name__.lower()}", texts or {})
    return walk.any(value, type_info(kind), path)


MAX_DESCRIBED = 20
"""Mistakes in a description of one line."""


def described(value: Any, kind: type) -> str:
    """Describe in one line why the value is not of this type; empty if it is."""
    return "; ".join(mistake.says for mistake in islice(mistakes(value, kind), MAX_DESCRIBED))


_KINDS: dict[type, str] = {
    type(None): "nothing",
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a mapping",
}


def kind_word(value: Any) -> str:
    """Name the kind of a value, for messages that must not quote the value itself."""
    return _KINDS.get(type(value), "something else")
