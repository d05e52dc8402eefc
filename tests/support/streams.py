"""A reader of the stream that speaks HTTP itself: it can stop reading, and be cut off."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mockdouyin.control.client import EventReader
from tests.support.waiting import TIMEOUT


class Seen(NamedTuple):
    """One event as a browser sees it."""

    event: str
    id: int | None
    data: Any


class RawReader:
    """One connection on which a stream is read."""

    def __init__(
        self, url: str, target: str = "/_mock/stream", *, last: int | None = None, buffer: int = 0
    ) -> None:
        place = urlsplit(url)
        self._socket = socket.socket()
        self._rest = b""
        if buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self._socket.settimeout(30)
        self._socket.connect((place.hostname, place.port))
        resumed = "" if last is None else f"Last-Event-ID: {last}\r\n"
        head = f"GET {target} HTTP/1.1\r\nHost: {place.netloc}\r\n{resumed}\r\n"
        self._socket.sendall(head.encode())
        self.response = HTTPResponse(self._socket, method="GET")
        self.response.begin()
        self.status = self.response.status

    def lines(self) -> Iterator[str]:
        """Yield the lines as they come, until the server ends the stream."""
        while True:
            while b"\n" in self._rest:
                line, _, self._rest = self._rest.partition(b"\n")
                yield line.decode()
            piece = self.response.read1(65536)
            if not piece:
                return
            self._rest += piece

    def opened(self) -> dict[str, str]:
        """Read what comes before the first event, and return its fields."""
        fields = {}
        for line in self.lines():
            if not line:
                break
            name, _, value = line.partition(": ")
            fields[name] = value
        return fields

    def events(self) -> Iterator[Seen]:
        """Yield the events as they come."""
        fields: dict[str, str] = {}
        for line in self.lines():
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
                continue
            if "data" in fields:
                number = int(fields["id"]) if "id" in fields else None
                yield Seen(fields["event"], number, json.loads(fields["data"]))
            fields = {}

    def has_more(self) -> bool:
        """Whether something came that was not read yet."""
        return b"\n" in self._rest or bool(select.select([self._socket], [], [], 0)[0])

    def close(self) -> None:
        """Cut the connection."""
        self.response.close()
        self._socket.close()

    def __enter__(self) -> RawReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def limited(events: EventReader) -> Iterator[EventReader]:
    """Close a reader in the end, and before that if a test waits in vain."""
    timer = threading.Timer(TIMEOUT, events.close)
    timer.start()
    try:
        yield events
    finally:
        timer.cancel()
        events.close()
