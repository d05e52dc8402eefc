"""Data files that ship with the package: demo people and apps, keys, and scenarios."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from mockdouyin.core.typed import thread_safe

_PACKAGE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """Return the folder `fixtures` or `scenarios`: in an installed package, or in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


@cache
def text(name: str) -> str:
    """Return the text of a fixture."""
    return (folder("fixtures") / name).read_text(encoding="utf-8")


@cache
def records(name: str, kind: type) -> tuple[object, ...]:
    """Return the items of a JSON fixture, decoded as this type."""
    return tuple(msgspec.json.decode(text(name), type=thread_safe(list[kind])))  # type: ignore[valid-type]
