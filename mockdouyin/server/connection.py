"""A connection's reading side: what it may take in time and size, and how it is refused more."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import httptools
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from mockdouyin.server._upgrade import head_without_upgrade, parser_for_known_head
from mockdouyin.server.app import Outgoing

BETWEEN, HEAD, BODY = range(3)
"""What is being read: nothing, a request's head, its body."""

_FRAMING = 16
"""Bytes of chunk sizes, extensions and trailers that each byte of a body may bring along."""

_UNREADABLE = "that is no HTTP request that can be read"
_HTTP_2 = "HTTP/2 is not spoken here without TLS; use HTTP/1.1 (curl: --http1.1 or --http2)"


class ConnectionLimits(NamedTuple):
    """What one connection may take."""

    idle: float = 75.0
    """Seconds for which a connection stays open when nothing is asked on it."""
    patience: float = 30.0
    """Seconds that a request may take to arrive, unless it arrives at the minimum rate."""
    rate: float = 500.0
    """Bytes a second, measured over each `patience`, at which a slow request may go on."""
    head: int = 64 * 1024
    """Bytes of a request's line and headers, and of anything in a body that is not the body."""
    linger: float = 2.0
    """Seconds for which a refused client may still send: a reset would lose it the answer."""

    def too_slow(self, part: str) -> tuple[int, str]:
        """Return the refusal of a head or body that does not come."""
        return 408, (
            f"the request's {part} comes too slowly: it has to be there within"
            f" {self.patience:g} s, or go on at {self.rate:g} bytes a second"
        )


LIMITS = ConnectionLimits()


def refusal(status: int, says: str) -> bytes:
    """Write an answer of ours after which the connection is closed."""
    body = f"mockdouyin: {says}\n".encode()
    return (
        b"%bcontent-type: text/plain; charset=utf-8\r\n"
        b"content-length: %d\r\nconnection: close\r\n\r\n%b"
        % (STATUS_LINE[status], len(body), body)
    )


class Refused(Exception):  # noqa: N818 - the client's error, not ours
    """Raised in a parser's callback to refuse the request: a status and a reason."""


class LimitedConnection(HttpToolsProtocol):
    """uvicorn's protocol, reading with limits; a subclass keeps `_stage` up to date.

    One timer a connection serves all of its limits, and is armed again only when it fires: a
    request that comes whole arms and cancels nothing.
    """

    no_tunnel = "this port is not a proxy; `mockdouyin serve --intercept` opens one beside it"
    """What a CONNECT is told."""

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        outgoing: Outgoing,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, state, {}, loop)
        self._outgoing = outgoing
        self._limits = limits
        self._stage = BETWEEN
        self._parts: list[bytes] | None = None
        """The body of a request on the short way, as it comes; None on uvicorn's."""
        self._last = loop.time()
        """When something was last asked or answered."""
        self._since = self._last
        """When the present window of a slow request began."""
        self._got = 0
        """Bytes of progress in that window."""
        self._head_size = 0
        """Bytes of a head that comes in pieces, without those of the first."""
        self._framing = 0
        """Bytes of a body that were not the body, beyond what its own bytes may bring along."""
        self._refusal: tuple[int, str] | None = None
        """What is to be said once the answers before it are written."""
        self._is_deaf = False
        """Whether the client was refused: nothing more of what it sends is read."""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look whether anything is asked."""
        super().connection_made(transport)
        period = min(self._limits.idle, self._limits.patience)
        self._timer = self.loop.call_later(period, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        super().connection_lost(exc)
        if self._timer is not None:
            self._timer.cancel()

    # Reading.

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._stage or self._is_deaf or len(data) > self._limits.head:
            self._read_slowly(data)
            return
        self._feed(data)
        if self._stage:
            self._since, self._got = self.loop.time(), len(data)

    def _feed(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                data = self._reread() + data[upgrade.args[0] :]
            except httptools.HttpParserError as error:
                self._refuse_unread(error)
                return

    def _reread(self) -> bytes:
        """Return the request's head without its Upgrade, for a parser that will read on."""
        parser, self.parser = self.parser, parser_for_known_head(self)
        method, version = parser.get_method(), parser.get_http_version()
        return head_without_upgrade(method, self.url, version, self.headers)

    def _read_slowly(self, data: bytes) -> None:
        """Read a request that comes in pieces, and count what comes."""
        size = self._limits.head
        for start in range(0, len(data), size):
            if self._is_deaf:
                return
            self._read_piece(data[start : start + size])

    def _read_piece(self, data: bytes) -> None:
        stage, scope, got = self._stage, self.scope, self._got
        if stage == BETWEEN:
            self._since, self._got = self.loop.time(), 0
        elif stage == HEAD:
            self._head_size += len(data)
        self._feed(data)
        if self._stage == HEAD or self._parts is not None:
            self._got += len(data)
        if self._is_deaf or stage != self._stage:
            return
        if stage == HEAD and self._head_size > self._limits.head:
            self._refuse(*self._too_long())
        elif stage == BODY and self._parts is None and self.scope is scope:
            self._count_framing(len(data), self._got - got)

    def _check_head(self) -> None:
        """Refuse a head that came in pieces and is too long as a whole."""
        size = len(self.parser.get_method()) + len(self.url) + len("  HTTP/1.1\r\n\r\n")
        size += sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)
        self._head_size = 0
        if size > self._limits.head:
            raise Refused(*self._too_long())

    def _too_long(self) -> tuple[int, str]:
        if len(self.url) > self._limits.head // 2:
            return 414, f"a URL is too long; a whole head has at most {self._limits.head} bytes"
        return 431, f"the headers are too long; a head has at most {self._limits.head} bytes"

    def _count_framing(self, size: int, body: int) -> None:
        self._framing = max(0, self._framing + size - (_FRAMING + 1) * body)
        if self._framing > self._limits.head:
            self._refuse(431, "the chunk extensions or trailers of the body are too long")

    # Refusing.

    def _refuse_unread(self, error: httptools.HttpParserError) -> None:
        if isinstance(error.__context__, Refused):
            self._refuse(*error.__context__.args)
        else:
            self._refuse(400, _HTTP_2 if self.parser.get_method() == b"PRI" else _UNREADABLE)

    def _refuse(self, status: int, says: str) -> None:
        """Read no more; say why, once what was asked before is answered, and close."""
        self._refusal, self._is_deaf = (status, says), True
        if self._is_reading_for_uvicorn():
            if self.pipeline:
                self.pipeline.popleft()  # it has not begun, and the ones before it go on
                return
            self._give_up(self.cycle)
        elif self._is_busy():
            return
        self._say_refusal()

    def _is_reading_for_uvicorn(self) -> bool:
        """Whether the newest cycle is one whose body is not there yet."""
        return self._stage == BODY and self._parts is None

    def _give_up(self, cycle: RequestResponseCycle) -> None:
        """Tell the application that the rest of a request will not come."""
        if cycle.response_started:
            self.transport.close()
        cycle.disconnected = True
        cycle.message_event.set()

    def _say_refusal(self) -> None:
        if self._refusal is None or self.transport.is_closing():
            return
        (status, says), self._refusal = self._refusal, None
        self._outgoing.flush()
        self.flow.resume_reading()
        self.transport.write(refusal(status, says))
        self._last = self.loop.time()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        elif status == 408:  # TLS has no half of an end, and nothing is under way
            self.transport.close()
            return
        self.loop.call_later(self._limits.linger, self.transport.close)

    # Time.

    def _is_busy(self) -> bool:
        """Whether an earlier answer is not written yet."""
        if self.flow.write_paused:
            return True
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _is_due_to_us(self) -> bool:
        """Whether the client waits for us, and not we for it."""
        if self._is_reading_for_uvicorn():
            return self.flow.read_paused or bool(self.pipeline)
        return self._is_busy()

    def _look(self) -> None:
        """Close the connection if nothing comes on it, and refuse what comes too slowly."""
        now, limits = self.loop.time(), self._limits
        if self.flow.write_paused or self.transport.is_closing():
            due = self._last + limits.idle
            if due <= now:
                self.transport.abort()  # the client does not take its answer
                return
        elif self._is_due_to_us():
            self._last, self._since, self._got = now, now, 0
            due = now + limits.idle
        elif self._stage and not self._is_deaf:
            due = self._judge(now)
        else:
            due = self._last + limits.idle
            if due <= now:
                self.transport.close()
                self._last, due = now, now + limits.idle
        self._timer = self.loop.call_later(min(due - now, limits.patience), self._look)

    def _judge(self, now: float) -> float:
        """Refuse a request that came too slowly; return when to judge again."""
        limits = self._limits
        self._last, taken = now, now - self._since
        if taken >= limits.patience:
            if self._got < limits.rate * taken:
                self._refuse(*limits.too_slow("head" if self._stage == HEAD else "body"))
            self._since, self._got = now, 0
        return self._since + limits.patience

    def pause_writing(self) -> None:
        """Stop writing to a client that does not read, for as long as it may be idle."""
        super().pause_writing()
        self._last = self.loop.time()

    def resume_writing(self) -> None:
        """Go on writing."""
        super().resume_writing()
        self._last = self.loop.time()
        if not self._is_busy():
            self._say_refusal()

    def on_response_complete(self) -> None:
        """Begin the next request that waits; uvicorn's own timer is not used."""
        self._last = self.loop.time()
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._say_refusal()
