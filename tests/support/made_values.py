"""Plausible values for declared parameters: what a backend sends that has read the docs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from mockdouyin.endpoints.declared.notation import ListOf, MapOf, ObjectOf, Scalar, Shape

HOUR = 3600


def made(shape: Shape, name: str) -> Any:
    """Return a value for the parameter of this name: of an object, every field."""
    if isinstance(shape, ListOf):
        return [made(shape.item, name) for _ in range(max(1, shape.low or 1))]
    if isinstance(shape, MapOf):
        return {str(plain(shape.key, name)): made(shape.value, name)}
    if isinstance(shape, ObjectOf):
        return {each: made(field.shape, each) for each, field in shape.fields.items()}
    assert isinstance(shape, Scalar), shape
    value = plain(shape, name)
    if shape.is_text:
        return str(value)
    if shape.format == "bool":
        return value == "true"
    return float(value) if isinstance(value, str) and shape.format == "number" else _whole(value)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdigit() else value


def plain(shape: Scalar, name: str) -> Any:
    """Return a plain value that is allowed, as a text or as a number."""
    if shape.choices:
        return shape.choices[0]
    if shape.format in _VALUES:
        return _VALUES[shape.format](name)
    low = int(shape.low) if shape.low is not None else 1
    high = int(shape.high) if shape.high is not None else low + 9
    if shape.format in ("int", "number"):
        return low
    if shape.format in ("id", "digits"):
        return "7001234567890123456789"[: low if shape.low is not None else min(19, max(high, 9))]
    text = f"示例{name}"
    return text[:high] if shape.high is not None else text.ljust(low, "例")


def _day(name: str) -> float:
    """Return a moment of three days ago; of tomorrow for what ends."""
    ends = any(word in name for word in ("end", "expire", "valid"))
    return time.time() + (24 if ends else -72) * HOUR


def _as(form: str) -> Callable[[str], str]:
    return lambda name: time.strftime(form, time.gmtime(_day(name) + 8 * HOUR))


_VALUES: dict[str, Callable[[str], Any]] = {
    "date": _as("%Y-%m-%d"),
    "datetime": _as("%Y-%m-%d %H:%M:%S"),
    "s": lambda name: int(_day(name)),
    "ms": lambda name: int(_day(name)) * 1000,
    "fen": lambda name: 100,
    "bool": lambda name: "true",
    "url": lambda name: "https://www.example.com/a",
    "image": lambda name: "https://www.example.com/a.png",
    "phone": lambda name: "13800138000",
    "json": lambda name: "{}",
    "object": lambda name: {},
}
