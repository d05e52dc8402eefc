"""msgspec's types for the shapes of a declared operation: for parsing and the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from mockdouyin.core.calls import Fields, TokenFields
from mockdouyin.core.multipart import File
from mockdouyin.endpoints.declared.notation import Field, ListOf, MapOf, ObjectOf, Scalar, Shape

_MODULE = "mockdouyin.endpoints.catalog"

_OTHERS: dict[str, Any] = {
    "number": float,
    "bool": bool,
    "any": Any,
    "object": dict[str, Any],
    "file": File | None,
    "null": None,
}
"""The types of what is neither a text nor a whole number."""

EITHER_WAY = ("id", "digits", "int", "s", "ms", "fen")
"""Formats that clients send as a text or as a number, whatever the docs show."""


def request_type(name: str, takes: ObjectOf, *, token: bool) -> type[Fields]:
    """Return the struct of an operation's parameters; whatever is absent is None.

    A list or an object may be a text: in a query it has to be, and some bodies have it so.
    """
    hints = {
        key: _sent(f"{name}{camel(key)}", field.shape, may_be_text=True)
        for key, field in takes.fields.items()
        if not (token and key == "access_token")
    }
    base = TokenFields if token else Fields
    made: type[Fields] = _struct(name, hints, frozenset(hints), base)
    return made


def reply_type(name: str, gives: Shape) -> Any:
    """Return the type of a payload, which must hold plain shapes only; of an object, a struct."""
    if not isinstance(gives, ObjectOf):
        return _told(name, gives)
    hints = {k: _told(f"{name}{camel(k)}", field.shape) for k, field in gives.fields.items()}
    absent = frozenset(key for key, field in gives.fields.items() if field.is_optional)
    return _struct(name, hints, absent, None)


def camel(name: str) -> str:
    """Convert `create_alias` to `CreateAlias`."""
    return "".join(part[:1].upper() + part[1:] for part in name.replace(".", "_").split("_"))


def _struct(name: str, hints: dict[str, Any], absent: frozenset[str], base: type | None) -> Any:
    """Make a struct; a field whose name is no Python name has another one inside."""
    rename = {
        f"field_{n}": key
        for n, key in enumerate(hints)
        if not key.isidentifier() or key.startswith("__")
    }
    inside = {key: short for short, key in rename.items()}
    fields: list[Any] = [
        (inside.get(key, key), hint, *((None,) if key in absent else ()))
        for key, hint in hints.items()
    ]
    return msgspec.defstruct(
        name,
        fields,
        bases=(base,) if base else (),
        module=_MODULE,
        kw_only=True,
        rename=rename or None,
    )


def _sent(name: str, shape: Shape, *, may_be_text: bool = False) -> Any:
    if isinstance(shape, Scalar):
        if shape.format in EITHER_WAY:
            return str | int | None
        plain = _scalar(shape)
        return plain if plain is Any or plain is None else plain | None
    if isinstance(shape, ListOf):
        hint: Any = list[_sent(name, shape.item)]  # type: ignore[misc]
    elif isinstance(shape, MapOf):
        hint = dict[str, _sent(name, shape.value)]  # type: ignore[misc]
    else:
        hints = {key: _sent(f"{name}{camel(key)}", field.shape) for key, field in _fields(shape)}
        hint = _struct(name, hints, frozenset(hints), None)
    return hint | str | None if may_be_text else hint | None


def _told(name: str, shape: Shape) -> Any:
    if isinstance(shape, Scalar):
        return _scalar(shape)
    if isinstance(shape, ListOf):
        return list[_told(name, shape.item)]  # type: ignore[misc]
    if isinstance(shape, MapOf):
        return dict[str, _told(name, shape.value)]  # type: ignore[misc]
    return reply_type(name, shape) | None


def _fields(shape: Shape) -> Iterable[tuple[str, Field]]:
    if not isinstance(shape, ObjectOf):
        raise TypeError(shape)
    return shape.fields.items()


def _scalar(shape: Scalar) -> Any:
    if shape.format in _OTHERS and not shape.is_text:
        return _OTHERS[shape.format]
    return str if shape.is_text else int
