"""Records as bytes: every kind by its name, in msgpack, and back again unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TypeVar, get_origin

import msgspec

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.settings import Duration
from mockdouyin.core.settings import decode as from_plain
from mockdouyin.core.store import Record
from mockdouyin.core.typed import built

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Write our own types for msgspec: a duration in seconds, for its text would be rounded."""
    if isinstance(value, Duration):
        return float(value)
    raise MockDouyinError(f"{type(value).__name__} is no data that can be kept")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=to_plain)


_LONG = 1
"""Our msgpack extension for integers of more than 64 bits: JSON has them, msgpack has not."""


def encode(value: Any) -> bytes:
    """Give a record, or any other data of ours, as bytes."""
    try:
        try:
            return _ENCODER.encode(value)
        except OverflowError:
            plain = msgspec.to_builtins(value, builtin_types=(bytes,), enc_hook=to_plain)
            return _ENCODER.encode(_short(plain))
    except (UnicodeEncodeError, OverflowError, TypeError, RecursionError) as error:
        raise MockDouyinError(f"{type(value).__name__} cannot be kept: {error}") from None


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _short(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_short(each) for each in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return msgspec.msgpack.Ext(_LONG, hex(value).encode())
    return value


def _long(code: int, data: memoryview) -> int:
    if code != _LONG:
        raise ValueError(f"there is no extension {code}")
    return int(bytes(data), 16)


@cache
def _decoder(kind: type[Any]) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(built(kind), dec_hook=from_plain, ext_hook=_long)


def decode(kind: type[T], data: bytes | memoryview) -> T:
    """Read what `encode` gave for a value of this kind."""
    try:
        value: T = _decoder(kind).decode(data)  # type: ignore[arg-type]
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise MockDouyinError(
            f"these bytes are no {str(kind) if get_origin(kind) else kind.__name__}: {error}"
        ) from None
    return value


def kinds() -> dict[str, type[Record]]:
    """Return every kind of record there is, by the name of its table."""
    return by_table(_below(Record))


def by_table(found: Iterable[type[Record]]) -> dict[str, type[Record]]:
    """Return kinds of records by their tables' names; no two may have the same."""
    named: dict[str, type[Record]] = {}
    for kind in found:
        other = named.setdefault(kind.TABLE, kind)
        if other is not kind:
            raise MockDouyinError(
                f"two kinds of record have the table {kind.TABLE!r}:"
                f" {other.__module__}.{other.__name__} and {kind.__module__}.{kind.__name__}"
            )
    return named


def _below(kind: type[T]) -> Iterator[type[T]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
