"""HTTP on a connection: short requests are answered in place, all others through ASGI."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from functools import partial
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from mockdouyin.core.http import Headers, Reply, Request
from mockdouyin.core.texts import Language
from mockdouyin.server.app import RAW_CONNECTION, AsgiApp, SandboxApp, is_plain_json
from mockdouyin.server.connection import BETWEEN, BODY, HEAD, LimitedConnection
from mockdouyin.server.connection_limits import ConnectionLimits, RequestRefused

MAX_LENGTH_DIGITS = 4
"""Digits of a Content-Length on the fast path: a longer body comes in pieces anyway."""

_CONNECTION = frozenset((b"connection", b"proxy-connection"))
_SLOW_HEADERS = frozenset((b"expect", b"transfer-encoding", b"upgrade"))
"""Headers of requests that may need an interim answer, framing or another parser."""

_NOTED = _CONNECTION | _SLOW_HEADERS | {b"content-length"}

_SLOW_METHODS = (b"HEAD", b"CONNECT")
"""Methods whose answers have no body of the usual kind."""

_PLAIN_TARGET = re.compile(rb"/(?!_mock|\?|\Z)[!\"$&-~]*")
"""A path of Douyin's, with its query, that has no percent escape and no fragment."""

CLOSE, KEEP_ALIVE = b"connection: close\r\n", b"connection: keep-alive\r\n"


class RawConnection:
    """The transport of one connection, on which a fault is carried out."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def reset(self) -> None:
        """Reset the connection: drop what is unsent, and send RST in place of FIN."""
        connection = self._transport.get_extra_info("socket")
        if connection is not None:
            # Lingering for 0 s is what makes the kernel send RST when the socket is closed.
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()

    def close(self) -> None:
        """Send what was written, then close."""
        self._transport.close()

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._transport.write(data)


class Protocol(LimitedConnection):
    """uvicorn's protocol, with the raw connection for faults and a fast path for short requests.

    A request on the fast path needs no task, no queue and no ASGI scope: it is answered from the
    parser's own callback. A request that may have to wait, for its client or for its answer,
    takes uvicorn's path.
    """

    has_fast_path: bool = True
    """Whether requests on this connection may take the fast path at all."""

    app: AsgiApp
    url: bytes
    headers: Headers

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        app: SandboxApp,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, state, loop, app.writer, limits)
        self._sandbox_app = app
        self.has_fast_path = self.has_fast_path and not app.blocks
        self._has_slow_header = self._has_connection_header = False
        self._method = self._connection_header = b""

    def language(self) -> Language:
        """Return the server's language."""
        return self._sandbox_app.language

    # The parser's callbacks.

    def on_message_begin(self) -> None:
        """Begin a request."""
        # uvicorn's own method builds an ASGI scope here: that is left to `_start_asgi`.
        self._stage = HEAD
        self.url = b""
        self.headers = []
        self._has_slow_header = self._has_connection_header = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Store a header."""
        name = name.lower()
        self.headers.append((name, value))
        if name in _NOTED:
            self._note(name, value)

    def _note(self, name: bytes, value: bytes) -> None:
        if name in _CONNECTION:
            self._has_connection_header = True
        elif name in _SLOW_HEADERS or len(value) > MAX_LENGTH_DIGITS:
            self._has_slow_header = True

    def on_headers_complete(self) -> None:
        """Choose the path of this request."""
        if self._head_size:
            self._check_head()
        # Read now: the parser forgets both when the next request begins, and an answer that has
        # to be waited for may be written after that.
        self._method = self.parser.get_method()
        self._connection_header = self.connection_header()
        # Behind an unfinished answer only uvicorn's pipeline keeps the answers in order.
        if self._fits_fast_path() and not self._is_busy():
            self._parts = []
        elif not self._wants_upgrade():
            self._start_asgi()
        self._stage = BODY

    def _wants_upgrade(self) -> bool:
        """Whether the request asks for another protocol: it is parsed again without that wish."""
        if not self.parser.should_upgrade():
            return False
        if self._method == b"CONNECT":
            raise RequestRefused(400, self.no_tunnel())
        return True

    def _fits_fast_path(self) -> bool:
        """Whether the request is short, and its target needs no decoding."""
        if not self.has_fast_path or self._has_slow_header or self._method in _SLOW_METHODS:
            return False
        return _PLAIN_TARGET.fullmatch(self.url) is not None

    def on_body(self, body: bytes) -> None:
        """Store a part of the body."""
        if self._parts is None:
            self._got += len(body)
            super().on_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        """Answer a request of the fast path; uvicorn goes on with any other."""
        self._stage = BETWEEN
        parts, self._parts = self._parts, None
        if parts is None:
            # With an upgrade llhttp reports the end before the body: a second parser reads it.
            if not self.parser.should_upgrade():
                super().on_message_complete()
            return
        self._last = self.loop.time()
        path, _, query = self.url.partition(b"?")
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        method = self._method.decode("ascii")
        self.handle(Request(method, path.decode(), query, self.headers, body))

    def handle(self, request: Request) -> None:
        """Answer a request of the fast path."""
        self.send(self._sandbox_app.handle(request))

    def send(self, reply: Reply) -> None:
        """Write a plain reply; any other, such as one with a fault, is sent through ASGI."""
        if is_plain_json(reply):
            self._write(reply)
        else:
            self._start_asgi(reply)
            super().on_message_complete()

    def _write(self, reply: Reply) -> None:
        (type_, log, *others), body = reply.headers, reply.body
        more = b"%b: %b\r\n" % others[0] if others else b""
        connection_header = self._connection_header
        message = b"HTTP/1.1 200 OK\r\n%b: %b\r\n%b: %b\r\n%bcontent-length: %d\r\n%b\r\n%b" % (
            *type_,
            *log,
            more,
            len(body),
            connection_header,
            body,
        )
        self._writer.put(self.loop, self.transport, message, connection_header is not CLOSE)

    def connection_header(self) -> bytes:
        """Return the header that says whether the connection stays open, if one is needed."""
        if not self.parser.should_keep_alive():
            return CLOSE
        # An HTTP/1.0 client that asked for keep-alive takes silence for a refusal.
        if self._has_connection_header and self.parser.get_http_version() == "1.0":
            return KEEP_ALIVE
        return b""

    # uvicorn's path.

    def _start_asgi(self, reply: Reply | None = None) -> None:
        """Let uvicorn run the application; a reply that is there already is only sent by it."""
        url, headers = self.url, self.headers
        super().on_message_begin()
        self.url = url
        if url[:1] != b"/":
            headers = _with_host_of(url, headers)
        for name, value in headers:
            super().on_header(name, value)
        self.scope["extensions"] = self._extensions()
        if self.parser.get_http_version() == "1.0":
            self.expect_100_continue = False  # HTTP/1.0 has no interim answers
        usual = self.app
        if reply is not None:
            self.app = partial(self._sandbox_app.send_reply, reply)
        super().on_headers_complete()
        self.app = usual
        # uvicorn closes after every HTTP/1.0 request; some clients of it ask to stay.
        self.cycle.keep_alive = self._connection_header is not CLOSE
        if self._connection_header is KEEP_ALIVE:
            self.cycle.default_headers = [(b"connection", b"keep-alive")]
        self._framing = 0
        self.headers = []  # trailers would be appended to the headers of a request under way

    def _extensions(self) -> dict[str, Any]:
        return {RAW_CONNECTION: RawConnection(self.transport)}

    def shutdown(self) -> None:
        """Close, once the answers that were given are written."""
        self._writer.flush()
        super().shutdown()


def _with_host_of(url: bytes, headers: Headers) -> Headers:
    """Return the headers with the host of a target in absolute form in place of Host.

    RFC 9112, 3.2.2: Host must be ignored then, or the check whose host it is could be deceived.
    """
    _, found, rest = url.partition(b"://")
    if not found:
        return headers
    host = re.split(rb"[/?#]", rest, maxsplit=1)[0]
    return [(b"host", host), *(pair for pair in headers if pair[0] != b"host")]
