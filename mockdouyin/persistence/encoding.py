"""Encode a world's definition as bytes, and decode it again."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from mockdouyin.core import codec
from mockdouyin.core.apps import App
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.scopes import SCOPES
from mockdouyin.persistence._error_texts import CANNOT_KEEP, NOT_A_WORLD, WRONG_FORMAT
from mockdouyin.sandbox.definition import FORMAT, Definition

_ALL_SCOPES = ("*",)
"""The scopes of an app that has all of them; their names would be most of a definition."""


def _compact(app: App) -> App:
    return replace(app, scopes=_ALL_SCOPES) if app.scopes == SCOPES else app


def _expand(app: App) -> App:
    return replace(app, scopes=SCOPES) if app.scopes == _ALL_SCOPES else app


def expand(definition: Definition) -> Definition:
    """Return a decoded definition with the names of all scopes."""
    return replace(definition, apps=tuple(map(_expand, definition.apps)))


def pack(definition: Definition) -> bytes:
    """Encode a definition, and check that it can be decoded again."""
    data = codec.encode(replace(definition, apps=tuple(map(_compact, definition.apps))))
    try:
        unpack(data)
    except MockDouyinError as error:
        raise MockDouyinError(CANNOT_KEEP(world=definition.name, error=str(error))) from None
    return data


class _Head(msgspec.Struct):
    format: int = 0


def unpack(data: bytes) -> Definition:
    """Decode a definition; raise MockDouyinError if it is of another format."""
    # The format first: data of another one would be refused for some field, not for what it is.
    try:
        found = codec.decode(_Head, data).format
    except MockDouyinError:
        raise MockDouyinError(NOT_A_WORLD()) from None
    if found != FORMAT:
        raise MockDouyinError(WRONG_FORMAT(found=found, known=FORMAT))
    return expand(codec.decode(Definition, data))
