"""Where a value from YAML or JSON is not of a type's shape: every place, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

Path = tuple[str | int, ...]


class Mistake(NamedTuple):
    """Something wrong, and where: at a value, at its key, or at a place told outright."""

    path: Path
    says: str
    at_key: bool = False
    place: tuple[int, int] | None = None


Texts = Mapping[Path, str]
"""How scalars are spelt in the text, where there is one."""


def mistakes(
    value: Any, kind: type, path: Path = (), texts: Texts | None = None
) -> Iterator[Mistake]:
    """Find what keeps the value from being of this type."""
    from mockdouyin.scenario._validation_walk import ValidationWalk, known

    return ValidationWalk(f"the {kind.__name__.lower()}", texts or {}).any(
        value, known(kind), path
    )


TOLD = 20
"""Mistakes that are told in one line."""


def described(value: Any, kind: type) -> str:
    """Say what keeps the value from being of this type, in one line."""
    return "; ".join(mistake.says for mistake in islice(mistakes(value, kind), TOLD))


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
    """Say of what kind a value is, where the value itself is not to be quoted."""
    return _KINDS.get(type(value), "something else")
