"""The ClientHello, the first record of a TLS connection: it names the host to connect to."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from mockdouyin.intercept._connect import peek

RECORD_HEADER = 5
"""Bytes of a record's header, which holds the length of its content."""

_HANDSHAKE = 22
_SERVER_NAME, _HOST_NAME = 0, 0


def record_length(record: bytes) -> int:
    """Return the length of a record by its header; the header's own, until that is there."""
    if len(record) < RECORD_HEADER:
        return RECORD_HEADER
    return RECORD_HEADER + int.from_bytes(record[3:5], "big")


def server_name(record: bytes) -> str:
    """Return the host that a ClientHello names (SNI), or an empty string."""
    try:
        return _server_name(_Reader(record))
    except (EOFError, UnicodeDecodeError):
        return ""


class _Reader:
    """Reads TLS's vectors in sequence; raises EOFError where there is less than they claim."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0

    def __bool__(self) -> bool:
        return self._offset < len(self._data)

    def take(self, count: int) -> bytes:
        found = self._data[self._offset : self._offset + count]
        if len(found) < count:
            raise EOFError
        self._offset += count
        return found

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        return self.take(self.number(size))


def _server_name(record: _Reader) -> str:
    if record.number(1) != _HANDSHAKE:
        return ""
    record.take(2 + 2 + 1 + 3 + 2 + 32)  # versions, lengths, the kind of message, random
    record.vector(1)  # session id
    record.vector(2)  # cipher suites
    record.vector(1)  # compression methods
    extensions = _Reader(record.vector(2))
    while extensions:
        kind, content = extensions.number(2), extensions.vector(2)
        if kind == _SERVER_NAME:
            return _first_name(_Reader(_Reader(content).vector(2)))
    return ""


def _first_name(names: _Reader) -> str:
    while names:
        kind, name = names.number(1), names.vector(2)
        if kind == _HOST_NAME:
            return name.decode("ascii")
    return ""


async def peek_record(client: socket.socket) -> bytes:
    """Return the first record without consuming it; it is cut if the client disconnects."""
    with _waiting_for(client, RECORD_HEADER):
        header = await peek(client)
    with _waiting_for(client, record_length(header)):
        return await peek(client)


@contextlib.contextmanager
def _waiting_for(client: socket.socket, least: int) -> Iterator[None]:
    """Make the socket readable only with so many bytes, or when the client disconnects."""
    # Peeked bytes stay, so without it half a record would make the socket readable for ever.
    lowest = getattr(socket, "SO_RCVLOWAT", None)
    with contextlib.suppress(OSError, TypeError):  # Windows has at most the name
        client.setsockopt(socket.SOL_SOCKET, lowest, least)  # type: ignore[arg-type]
    try:
        yield
    finally:
        with contextlib.suppress(OSError, TypeError):
            client.setsockopt(socket.SOL_SOCKET, lowest, 1)  # type: ignore[arg-type]
