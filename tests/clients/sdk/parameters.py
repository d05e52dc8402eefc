"""Plausible parameters for a request's model, by what the catalogue says of each field."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from mockdouyin.endpoints.declared.notation import ListOf, MapOf, ObjectOf, Scalar, Shape
from tests.support.made_values import plain

PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x40\x00\x00\x00\x70"
"""The first bytes of a PNG of 320 by 112."""

Pick = Callable[[str], Any]
"""Finds a value for a field by its name: one that an earlier call returned; else None."""


def made(kind: Any, name: str, shape: Shape | None, pick: Pick) -> Any:
    """Return a value of a type of the SDK's for the field of this name."""
    if isinstance(kind, dict):
        [(what, inner)] = kind.items()
        if what == "array":
            return _list(inner, name, shape, pick)
        if what == "map":
            value = made(inner, name, shape.value if isinstance(shape, MapOf) else None, pick)
            return {str(_key(shape)): value}
        return _model(inner, name, shape, pick)
    if isinstance(shape, ListOf | ObjectOf | MapOf) or kind == "any":
        return _text_or_whole(kind, name, shape, pick)
    return _plain(kind, name, shape if isinstance(shape, Scalar) else None, pick)


def _list(inner: Any, name: str, shape: Shape | None, pick: Pick) -> list[Any]:
    if not isinstance(shape, ListOf):
        return [made(inner, name, None, pick)]
    return [made(inner, name, shape.item, pick) for _ in range(max(1, shape.low or 1))]


def _key(shape: Shape | None) -> Any:
    return plain(shape.key, "key") if isinstance(shape, MapOf) else "key"


def _model(fields: dict[str, Any], name: str, shape: Shape | None, pick: Pick) -> Any:
    if not fields:  # the SDK's model of a value that may be anything
        return _number(_plain("number", name, None, pick))
    if set(fields) == {"filename", "contentType", "content"}:
        content = base64.b64encode(PICTURE).decode()
        return {"filename": "a.png", "contentType": "image/png", "content": content}
    known = shape.fields if isinstance(shape, ObjectOf) else {}
    return {
        each: made(kind, each, known[each].shape if each in known else None, pick)
        for each, kind in fields.items()
    }


def _text_or_whole(kind: str, name: str, shape: Shape | None, pick: Pick) -> Any:
    """Return what the model has as one plain value and the catalogue as several."""
    if isinstance(shape, ListOf):
        return str(_plain("string", name, _scalar_of(shape.item), pick))
    if isinstance(shape, ObjectOf | MapOf):
        return "{}" if kind == "string" else {}
    return {}


def _scalar_of(shape: Shape) -> Scalar | None:
    return shape if isinstance(shape, Scalar) else None


def _plain(kind: str, name: str, shape: Scalar | None, pick: Pick) -> Any:
    picked = None if shape is not None and shape.choices else pick(name)
    value = picked if picked is not None else plain(shape or _guess(name, kind), name)
    if kind == "number":
        return _number(value)
    if kind == "boolean":
        return value in (True, "true", 1, "1")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> Any:
    try:
        return int(value)
    except ValueError:
        return 1


def _guess(name: str, kind: str) -> Scalar:
    if kind == "number":
        return Scalar("int", is_text=False)
    if kind == "boolean":
        return Scalar("bool", is_text=False)
    if name.endswith(("_time", "timestamp")):
        return Scalar("s", is_text=True)
    if name.endswith(("url", "uri", "callback")):
        return Scalar("url", is_text=True)
    if name.endswith("date"):
        return Scalar("date", is_text=True)
    return Scalar("id" if name.endswith(("_id", "_no", "id")) else "text", is_text=True)
