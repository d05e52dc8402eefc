"""Encode records as msgpack and decode them again, unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TypeVar, get_origin

import msgspec

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.settings import Duration
from mockdouyin.core.settings import decode as from_plain
from mockdouyin.core.store import Record
from mockdouyin.core.typed import thread_safe

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Convert our own types for msgspec: a duration to seconds, because its text is rounded."""
    if isinstance(value, Duration):
        return float(value)
    raise MockDouyinError(f"cannot encode a value of type {type(value).__name__}")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=to_plain)


_BIG_INT = 1
"""Our msgpack extension for integers of more than 64 bits: JSON has them, msgpack does not."""


def encode(value: Any) -> bytes:
    """Encode a record, or any other struct of ours."""
    try:
        try:
            return _ENCODER.encode(value)
        except OverflowError:
            plain = msgspec.to_builtins(value, builtin_types=(bytes,), enc_hook=to_plain)
            return _ENCODER.encode(_wrap_big_ints(plain))
    except (UnicodeEncodeError, OverflowError, TypeError, RecursionError) as error:
        raise MockDouyinError(f"cannot encode {type(value).__name__}: {error}") from None


def _wrap_big_ints(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _wrap_big_ints(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_wrap_big_ints(each) for each in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return msgspec.msgpack.Ext(_BIG_INT, hex(value).encode())
    return value


def _unwrap_big_int(code: int, data: memoryview) -> int:
    if code != _BIG_INT:
        raise ValueError(f"unknown extension {code}")
    return int(bytes(data), 16)


@cache
def _decoder(kind: type[Any]) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(
        thread_safe(kind), dec_hook=from_plain, ext_hook=_unwrap_big_int
    )


def decode(kind: type[T], data: bytes | memoryview) -> T:
    """Decode the bytes that `encode` made from a value of this type."""
    try:
        value: T = _decoder(kind).decode(data)  # type: ignore[arg-type]
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        name = str(kind) if get_origin(kind) else kind.__name__
        raise MockDouyinError(f"cannot decode these bytes as {name}: {error}") from None
    return value


def kinds() -> dict[str, type[Record]]:
    """Return every class of records by the name of its table; a base of some has none."""
    return by_table(each for each in _subclasses(Record) if hasattr(each, "TABLE"))


def by_table(found: Iterable[type[Record]]) -> dict[str, type[Record]]:
    """Return classes of records by the names of their tables; raise if two share a name."""
    named: dict[str, type[Record]] = {}
    for kind in found:
        other = named.setdefault(kind.TABLE, kind)
        if other is not kind:
            raise MockDouyinError(
                f"two classes of records have the table {kind.TABLE!r}:"
                f" {other.__module__}.{other.__name__} and {kind.__module__}.{kind.__name__}"
            )
    return named


def _subclasses(kind: type[T]) -> Iterator[type[T]]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)
