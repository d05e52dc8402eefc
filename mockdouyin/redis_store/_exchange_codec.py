"""Encode exchanges as MessagePack for the shared journal."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from msgspec.structs import replace

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.journal import Exchange
from mockdouyin.core.typed import thread_safe


def _to_plain(value: Any) -> Any:
    if isinstance(value, Endpoint):
        return value.full_name
    raise NotImplementedError(type(value))


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_to_plain)


@lru_cache(maxsize=16)
def _decoder(catalogue: Catalogue) -> msgspec.msgpack.Decoder[Exchange]:
    def from_plain(kind: type, value: Any) -> Any:
        if kind is Endpoint:
            return catalogue.endpoints[value]
        raise NotImplementedError(kind)

    return msgspec.msgpack.Decoder(thread_safe(Exchange), dec_hook=from_plain)


def pack(exchange: Exchange) -> bytes:
    """Encode an exchange."""
    # The journal needs a page's text only, and that is the reply's body.
    if exchange.reply.page is not None:
        exchange = replace(exchange, reply=replace(exchange.reply, page=None))
    return _ENCODER.encode(exchange)


def unpack(data: bytes, catalogue: Catalogue) -> Exchange:
    """Decode an exchange with one of the catalogue's endpoints."""
    return _decoder(catalogue).decode(data)


class _Numbered(msgspec.Struct):
    number: int


_NUMBER = msgspec.msgpack.Decoder(thread_safe(_Numbered))


def number_of(data: bytes) -> int:
    """Decode the number of an exchange and skip the rest."""
    return _NUMBER.decode(data).number
