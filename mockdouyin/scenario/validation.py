"""Check a value from YAML or JSON against a type, and report every mistake in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from mockdouyin.core.bounds import KeyPath
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.scenario import _mistake_texts as _text


class Mistake(NamedTuple):
    """Something wrong, and where: at a value, at its key, or at a line and column."""

    path: KeyPath
    says: Text
    at_key: bool = False
    place: tuple[int, int] | None = None


Texts = Mapping[KeyPath, str]
"""How scalars are spelled in the source text."""


def mistakes(
    value: Any, kind: type, path: KeyPath = (), texts: Texts | None = None
) -> Iterator[Mistake]:
    """Find every reason why the value is not of this type."""
    from mockdouyin.scenario._validation_walk import ValidationWalk, type_info

    walk = ValidationWalk(_text.THE_KIND(kind=kind.__name__.lower()), texts or {})
    return walk.any(value, type_info(kind), path)


MAX_DESCRIBED = 20
"""Mistakes in a description of one line."""


def described(value: Any, kind: type) -> Text:
    """Describe in one line why the value is not of this type; NOTHING if it is."""
    found = [mistake.says for mistake in islice(mistakes(value, kind), MAX_DESCRIBED)]
    return _text.ALL(each=found) if found else NOTHING


_KINDS: dict[type, Text] = {
    type(None): _text.KIND_NOTHING(),
    str: _text.KIND_TEXT(),
    int: _text.KIND_NUMBER(),
    float: _text.KIND_NUMBER(),
    bool: _text.KIND_BOOLEAN(),
    list: _text.KIND_LIST(),
    dict: _text.KIND_MAPPING(),
}


def kind_word(value: Any) -> Text:
    """Name the kind of a value, for messages that must not quote the value itself."""
    return _KINDS.get(type(value), _text.KIND_OTHER())
