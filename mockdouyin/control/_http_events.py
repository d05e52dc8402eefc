"""The reader of a stream over HTTP, which connects again where a connection breaks."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

from mockdouyin.control._event_readers import EventReader
from mockdouyin.control._sse import EventParser
from mockdouyin.control._steps import StreamEvent
from mockdouyin.core.errors import MockDouyinError

SILENCE = 40.0
"""Seconds without a word, not even that it is still open, after which a connection is dead."""

_PATIENCE = 5.0
"""Seconds in which a server has to be back."""

_PIECE = 64 * 1024
"""Bytes that are taken at once."""

_PAUSE = 0.1
"""Seconds between two attempts to connect again."""


class EventConnection(NamedTuple):
    """A connection on which a stream has begun."""

    connection: http.client.HTTPConnection
    response: http.client.HTTPResponse

    def close(self) -> None:
        """Close it, also under a thread that reads from it."""
        with contextlib.suppress(OSError, AttributeError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()


Connect = Callable[[int | None], EventConnection]
"""Connects, to go on after this number, or from now on; raises a MockDouyinError."""


class HttpEventReader(EventReader):
    """Reads a stream of a server; after a break it goes on where it was."""

    def __init__(self, connect: Connect, kinds: dict[str, type], since: int | None) -> None:
        self._connect = connect
        self._parser = EventParser(kinds)
        self._parser.last_id = since
        self._ready: deque[StreamEvent] = deque()
        self._rest = b""
        """The beginning of a line whose end has not come."""
        self._closed = threading.Event()
        self._open = connect(since)
        while not self._parser.has_begun:  # until then nothing is known to resume from
            self._take()

    def __next__(self) -> StreamEvent:
        """Wait for the next event."""
        while not self._ready and not self._closed.is_set():
            self._take()
        if self._closed.is_set():
            raise StopIteration
        return self._ready.popleft()

    def _take(self) -> None:
        """Take what has come, or wait for it; connect again where that breaks."""
        try:
            piece = self._open.response.read1(_PIECE)
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            piece = b""  # it is broken, silent for too long, or was closed under us
        if piece:
            *lines, self._rest = (self._rest + piece).split(b"\n")
            for line in lines:
                self._ready.extend(self._parser.feed(line))
        elif not self._closed.is_set():
            self._reconnect()

    def _reconnect(self) -> None:
        self._open.close()
        self._rest = b""
        self._parser.restart()
        until = perf_counter() + _PATIENCE
        self._closed.wait(_PAUSE)  # also where each connection breaks at once
        while not self._closed.is_set():
            try:
                self._open = self._connect(self._parser.last_id)
            except MockDouyinError as error:
                # 400 is the status of an error that no server has sent: nobody answers.
                if error.status not in (400, 503) or perf_counter() > until:
                    raise
                self._closed.wait(_PAUSE)
            else:
                break
        if self._closed.is_set():
            self._open.close()  # the new one too, if it was opened meanwhile

    def close(self) -> None:
        """End it; whoever waits for the next event, in another thread, gets no more."""
        self._closed.set()
        self._open.close()
