"""The data that ships with the package: demo people and apps, keys, and the scenarios."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from mockdouyin.core.typed import built

_PACKAGE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """Give `fixtures` or `scenarios`: inside an installed package, beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


@cache
def text(name: str) -> str:
    """Give one fixture's text."""
    return (folder("fixtures") / name).read_text(encoding="utf-8")


@cache
def records(name: str, kind: type) -> tuple[object, ...]:
    """Give the records of one JSON fixture."""
    return tuple(msgspec.json.decode(text(name), type=built(list[kind])))  # type: ignore[valid-type]
