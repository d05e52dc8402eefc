"""The parts of a scenario that are valid, while other parts of it have mistakes."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from mockdouyin.core.bounds import KeyPath
from mockdouyin.core.settings import decode
from mockdouyin.core.typed import thread_safe
from mockdouyin.scenario.validation import Mistake

T = TypeVar("T")


def mapping(value: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a part that should be a mapping; an empty one if it is not."""
    given = value.get(name)
    return given if isinstance(given, dict) else {}


def valid_part(
    value: Any, kind: type[T], path: KeyPath, shapes: list[Mistake]
) -> tuple[T | None, bool]:
    """Return a part without its values of a wrong shape, and whether it is complete."""
    wrong = [m.path[len(path) :] for m in shapes if m.path[: len(path)] == path]
    try:
        left = _without(value, wrong) if wrong else value
        return msgspec.convert(left, thread_safe(kind), dec_hook=decode), not wrong
    except msgspec.ValidationError:
        return None, False


def _without(value: Any, paths: list[KeyPath]) -> Any:
    """Copy a value without what is at these paths; a list with anything wrong is dropped whole."""
    if not isinstance(value, dict) or () in paths:
        return None
    inner: dict[str | int, list[KeyPath]] = {}
    for path in paths:
        inner.setdefault(path[0], []).append(path[1:])
    return {
        name: _without(each, inner[name]) if name in inner else each
        for name, each in value.items()
        if name not in inner or isinstance(each, dict) and () not in inner[name]
    }
