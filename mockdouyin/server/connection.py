"""The reading side of a connection: limits of time and size, and how a request over them ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

import httptools
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language
from mockdouyin.server._batched_writer import BatchedWriter
from mockdouyin.server._error_texts import (
    FRAMING_TOO_LONG,
    HTTP_2_WITHOUT_TLS,
    NOT_A_PROXY,
    REQUEST_BODY,
    REQUEST_HEAD,
    UNREADABLE,
    URL_TOO_LONG,
)
from mockdouyin.server._upgrade import head_without_upgrade, parser_for_known_head
from mockdouyin.server.connection_limits import ConnectionLimits, RequestRefused

BETWEEN, HEAD, BODY = range(3)
"""What is being read: nothing, a request's head, its body."""

_FRAMING_PER_BYTE = 16
"""Bytes of chunk sizes, extensions and trailers that are allowed for each byte of a body."""


def _is_bug(record: logging.LogRecord) -> bool:
    """Whether the application raised; that it was cancelled at a stop is not worth a word."""
    return record.exc_info is not None and isinstance(record.exc_info[1], Exception)


_PROTOCOL_LOG = logging.getLogger("mockdouyin.server.protocol")
"""The log of uvicorn's protocol in place of uvicorn's own, which may be the user's.

Faults and malformed requests are what this server is for: only bugs are logged.
"""
_PROTOCOL_LOG.setLevel(logging.ERROR)
_PROTOCOL_LOG.addFilter(_is_bug)


class LimitedConnection(HttpToolsProtocol):
    """uvicorn's protocol with limits on reading; a subclass keeps `_stage` up to date.

    A connection has one timer for all of its limits, which is set again only when it fires: a
    request that comes whole sets and cancels none. A slow request is measured in windows of
    `receive_timeout`, each of which must have brought enough.
    """

    no_tunnel = NOT_A_PROXY
    """The answer to a CONNECT."""

    parser: httptools.HttpRequestParser

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        writer: BatchedWriter,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, state, {}, loop)
        self.logger = _PROTOCOL_LOG
        self.access_log = False
        self._writer = writer
        self._limits = limits
        self._stage = BETWEEN
        self._parts: list[bytes] | None = None
        """The body received so far on the fast path; None on uvicorn's path."""
        self._last = loop.time()
        """When a request or an answer was last complete."""
        self._since = self._last
        """When the present window of a slow request began."""
        self._got = 0
        """Bytes received in that window."""
        self._head_size = 0
        """Bytes of a head that comes in pieces, without its first piece."""
        self._framing = 0
        """Bytes of chunk framing beyond what the body's own bytes allow."""
        self._refusal: RequestRefused | None = None
        """The refusal to send once the answers before it are written."""
        self._is_refused = False
        """Whether the client was refused: nothing more of what it sends is read."""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer."""
        super().connection_made(transport)
        period = min(self._limits.idle_timeout, self._limits.receive_timeout)
        self._timer = self.loop.call_later(period, self._check_time)

    def language(self) -> Language:
        """Return the language of a refusal to a client that names none."""
        return DEFAULT_LANGUAGE

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        super().connection_lost(exc)
        if self._timer is not None:
            self._timer.cancel()

    # Reading.

    def data_received(self, data: bytes) -> None:
        """Parse what was received."""
        # A request in one piece, nearly all of them, costs one parse and these two tests.
        if self._stage or self._is_refused or len(data) > self._limits.max_head:
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
                # llhttp is done for good after such a head: a new parser takes the rest.
                data = self._reread() + data[upgrade.args[0] :]
            except httptools.HttpParserError as error:
                self._refuse_unparsable(error)
                return

    def _reread(self) -> bytes:
        """Return the request's head without its Upgrade, for the parser that will read on."""
        parser, self.parser = self.parser, parser_for_known_head(self)
        method, version = parser.get_method(), parser.get_http_version()
        return head_without_upgrade(method, self.url, version, self.headers)

    def _read_slowly(self, data: bytes) -> None:
        """Parse a request that comes in pieces, and count its bytes."""
        size = self._limits.max_head
        for start in range(0, len(data), size):
            if self._is_refused:
                return
            self._read_piece(data[start : start + size])

    def _read_piece(self, data: bytes) -> None:
        stage, scope, got = self._stage, self.scope, self._got
        if stage == BETWEEN:
            self._since, self._got = self.loop.time(), 0
        elif stage == HEAD:
            self._head_size += len(data)
        self._feed(data)
        # uvicorn's path counts in on_body; there framing must not pass for progress.
        if self._stage == HEAD or self._parts is not None:
            self._got += len(data)
        if self._is_refused or stage != self._stage:
            return
        if stage == HEAD and self._head_size > self._limits.max_head:
            self._refuse(self._head_too_long())
        elif stage == BODY and self._parts is None and self.scope is scope:
            self._count_framing(len(data), self._got - got)

    def _check_head(self) -> None:
        """Refuse a head that came in pieces and is too long as a whole."""
        # The count of the pieces includes what follows the head in the last of them.
        size = len(self.parser.get_method()) + len(self.url) + len("  HTTP/1.1\r\n\r\n")
        size += sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)
        self._head_size = 0
        if size > self._limits.max_head:
            raise self._head_too_long()

    def _head_too_long(self) -> RequestRefused:
        limit = self._limits.max_head
        if len(self.url) > limit // 2:
            return RequestRefused(414, URL_TOO_LONG(limit=limit))
        return self._limits.head_too_long()

    def _count_framing(self, size: int, body: int) -> None:
        self._framing = max(0, self._framing + size - (_FRAMING_PER_BYTE + 1) * body)
        if self._framing > self._limits.max_head:
            self._refuse(RequestRefused(431, FRAMING_TOO_LONG()))

    # Refusing.

    def _refuse_unparsable(self, error: httptools.HttpParserError) -> None:
        # httptools wraps what a callback raises, so our own refusal is the context.
        if isinstance(error.__context__, RequestRefused):
            self._refuse(error.__context__)
        else:
            is_http_2 = self.parser.get_method() == b"PRI"
            self._refuse(RequestRefused(400, (HTTP_2_WITHOUT_TLS if is_http_2 else UNREADABLE)()))

    def _refuse(self, refusal: RequestRefused) -> None:
        """Stop reading; send the reason once earlier requests are answered, and close."""
        self._refusal, self._is_refused = refusal, True
        if self._is_reading_for_uvicorn():
            if self.pipeline:
                self.pipeline.popleft()  # it has not begun, and the ones before it go on
                return
            self._abandon(self.cycle)
        elif self._is_busy():
            return
        self._send_refusal()

    def _is_reading_for_uvicorn(self) -> bool:
        """Whether the newest cycle of uvicorn's still lacks some of its body."""
        return self._stage == BODY and self._parts is None

    def _abandon(self, cycle: RequestResponseCycle) -> None:
        """Report a disconnect to the application: the rest of its request will not come."""
        if cycle.response_started:
            self.transport.close()
        cycle.disconnected = True
        cycle.message_event.set()

    def _send_refusal(self) -> None:
        if self._refusal is None or self.transport.is_closing():
            return
        refusal, self._refusal = self._refusal, None
        self._writer.flush()
        # A socket that is closed with bytes unread sends RST, and the client would lose the
        # answer: so only our half is closed, and what still comes is read and dropped.
        self.flow.resume_reading()
        self.transport.write(refusal.response(self.language(), self._headers_read()))
        self._last = self.loop.time()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        elif refusal.status == 408:
            # TLS cannot close one half, and a client that stalls sends nothing.
            self.transport.close()
            return
        self.loop.call_later(self._limits.linger_timeout, self.transport.close)

    def _headers_read(self) -> Iterable[tuple[bytes, bytes]]:
        """Return the headers of the request that is being read, as far as they came."""
        if self._is_reading_for_uvicorn():
            return self.scope["headers"]  # which took them over
        return self.headers or ()

    # Time.

    def _is_busy(self) -> bool:
        """Whether an earlier answer is not written yet."""
        if self.flow.write_paused:
            return True
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _client_waits(self) -> bool:
        """Whether the client waits for us, and not we for the client."""
        if self._is_reading_for_uvicorn():
            return self.flow.read_paused or bool(self.pipeline)
        return self._is_busy()

    def _check_time(self) -> None:
        """Close a connection that is idle, and refuse a request that comes too slowly."""
        now, limits = self.loop.time(), self._limits
        if self.flow.write_paused or self.transport.is_closing():
            due = self._last + limits.idle_timeout
            if due <= now:
                # Not close(): that would wait for a client that does not read its answer.
                self.transport.abort()
                return
        elif self._client_waits():
            self._last, self._since, self._got = now, now, 0
            due = now + limits.idle_timeout
        elif self._stage and not self._is_refused:
            due = self._check_rate(now)
        else:
            due = self._last + limits.idle_timeout
            if due <= now:
                self.transport.close()
                # close() may still have to write: the timer goes on, to abort in the end.
                self._last, due = now, now + limits.idle_timeout
        # A request that begins meanwhile does not touch the timer: it is looked at in time only
        # because the timer never sleeps longer than the timeout of a request.
        self._timer = self.loop.call_later(
            min(due - now, limits.receive_timeout), self._check_time
        )

    def _check_rate(self, now: float) -> float:
        """Refuse a request that came too slowly; return when to check again."""
        limits = self._limits
        self._last, elapsed = now, now - self._since
        if elapsed >= limits.receive_timeout:
            if self._got < limits.min_rate * elapsed:
                part = REQUEST_HEAD() if self._stage == HEAD else REQUEST_BODY()
                self._refuse(limits.too_slow(part))
            self._since, self._got = now, 0
        return self._since + limits.receive_timeout

    def pause_writing(self) -> None:
        """Stop writing to a client that does not read; the idle timeout runs from here."""
        super().pause_writing()
        self._last = self.loop.time()

    def resume_writing(self) -> None:
        """Resume writing."""
        super().resume_writing()
        self._last = self.loop.time()
        if not self._is_busy():
            self._send_refusal()

    def on_response_complete(self) -> None:
        """Start the next pipelined request, or send the refusal that waits for this answer."""
        # Overridden as a whole: uvicorn's would set its own keep-alive timer for each answer.
        self._last = self.loop.time()
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            task = self.loop.create_task(cycle.run_asgi(app))
            task.add_done_callback(self.tasks.discard)
            self.tasks.add(task)
        else:
            self._send_refusal()
