"""What Redis says, read as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Refusal(Exception):  # noqa: N818 - in Redis's own words
    """Redis refused a command."""


class _More(Exception):  # noqa: N818 - no error: the rest has not come yet
    pass


class Replies:
    """Reads RESP2: the answers of a connection, one after another."""

    def __init__(self) -> None:
        self._data = b""
        self._at = 0

    def feed(self, data: bytes) -> Iterator[Any]:
        """Take in bytes, and give every answer that is whole."""
        self._data = self._data[self._at :] + data if self._data else data
        self._at = 0
        while self._at < len(self._data):
            start = self._at
            try:
                answer = self._read()
            except _More:
                self._at = start
                return
            yield answer
        self._data, self._at = b"", 0

    def _read(self) -> Any:
        data, at = self._data, self._at
        end = data.find(b"\r\n", at)
        if end < 0:
            raise _More
        kind, rest = data[at], data[at + 1 : end]
        self._at = end + 2
        if kind == 36:  # $
            return self._bulk(int(rest))
        if kind == 42:  # *
            return None if rest == b"-1" else [self._read() for _ in range(int(rest))]
        if kind == 58:  # :
            return int(rest)
        return Refusal(rest.decode("utf-8", "replace")) if kind == 45 else rest

    def _bulk(self, length: int) -> bytes | None:
        if length < 0:
            return None
        end = self._at + length
        if end + 2 > len(self._data):
            raise _More
        found = self._data[self._at : end]
        self._at = end + 2
        return found
