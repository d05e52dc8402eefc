"""HTTP on a connection: what can be answered at once is, the rest goes the way of ASGI."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from functools import partial
from typing import Any

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from mockdouyin.core.message import Headers, Reply, Request
from mockdouyin.server.app import WIRE, App, is_plain

IDLE = 75.0
"""Seconds after which a connection is closed on which nothing is asked."""

SHORT = 4
"""Digits of the length of a body on the short way: a longer one comes in pieces."""

_SPECIAL = frozenset((b"expect", b"transfer-encoding", b"upgrade"))
"""Headers of requests that do not simply come whole."""

_PLAIN = re.compile(rb"/(?!_mock|\?|\Z)[!\"$&-~]*")
"""A path and query of Douyin's with nothing escaped in it."""


class Wire:
    """One connection, for an answer that is to fail on it."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def reset(self) -> None:
        """Reset the connection: no byte more, and RST in place of FIN."""
        connection = self._transport.get_extra_info("socket")
        if connection is not None:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()

    def close(self) -> None:
        """Send what was written, then close."""
        self._transport.close()

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._transport.write(data)


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol, with the wire at hand and a short way for short requests.

    A request that is there as a whole needs no task, no queue and no scope: it is answered from
    the parser's own callback. Whatever may have to wait, on either side, takes uvicorn's way.
    """

    short = True
    """Whether there is a short way on this connection."""

    def __init__(
        self, config: Config, state: ServerState, loop: asyncio.AbstractEventLoop, app: App
    ) -> None:
        super().__init__(config, state, {}, loop)
        self._asgi = app
        self._outgoing = app.outgoing
        self.short = self.short and not app.blocks
        self._special = False
        self._parts: list[bytes] | None = None
        """The body of a request on the short way, as it comes; None on uvicorn's."""
        self._last = loop.time()
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look whether anything is asked."""
        super().connection_made(transport)
        self._idle = self.loop.call_later(IDLE, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        super().connection_lost(exc)
        if self._idle is not None:
            self._idle.cancel()

    def _look(self) -> None:
        left = self._last + IDLE - self.loop.time()
        if left > 0 or self._is_busy():
            self._idle = self.loop.call_later(max(left, 1.0), self._look)
        else:
            self.transport.close()

    def _is_busy(self) -> bool:
        """Whether an earlier answer is not written yet."""
        if self.flow.write_paused:
            return True
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    # The parser's callbacks.

    def on_message_begin(self) -> None:
        """Begin a request."""
        self.url = b""
        self.headers = []
        self._special = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header down."""
        name = name.lower()
        self.headers.append((name, value))
        if name in _SPECIAL or (name == b"content-length" and len(value) > SHORT):
            self._special = True

    def on_headers_complete(self) -> None:
        """Choose the way."""
        if self._is_simple() and not self._is_busy():
            self._parts = []
        else:
            self._go_on()

    def _is_simple(self) -> bool:
        """Whether the request comes whole, and means what it says."""
        if not self.short or self._special or self.parser.get_method() == b"HEAD":
            return False
        return _PLAIN.fullmatch(self.url) is not None

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        if self._parts is None:
            super().on_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        """Answer, where the answer can be written at once."""
        parts, self._parts = self._parts, None
        if parts is None:
            super().on_message_complete()
            return
        self._last = self.loop.time()
        path, _, query = self.url.partition(b"?")
        method = self.parser.get_method().decode("ascii")
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        self.ask(Request(method, path.decode(), query, self.headers, body))

    def ask(self, request: Request) -> None:
        """Answer a request of the short way."""
        self.answer(self._asgi.handle(request))

    def answer(self, reply: Reply) -> None:
        """Write a reply, or let the application carry it out."""
        if is_plain(reply):
            self._write(reply)
        else:
            self._go_on(reply)
            super().on_message_complete()

    def _write(self, reply: Reply) -> None:
        (type_, log), body = reply.headers, reply.body
        stays = self.stays()
        message = b"HTTP/1.1 200 OK\r\n%b: %b\r\n%b: %b\r\ncontent-length: %d\r\n%b\r\n%b" % (
            *type_,
            *log,
            len(body),
            b"" if stays else b"connection: close\r\n",
            body,
        )
        self._outgoing.put(self.loop, self.transport, message, stays)

    def stays(self) -> bool:
        """Whether the connection stays open after this answer."""
        return bool(self.parser.should_keep_alive()) and self.parser.get_http_version() != "1.0"

    # uvicorn's way.

    def _go_on(self, reply: Reply | None = None) -> None:
        """Let uvicorn run the application; a reply that is there already is only carried out."""
        url, headers = self.url, self.headers
        super().on_message_begin()
        self.url = url
        if url[:1] != b"/":
            headers = _addressed(url, headers)
        for name, value in headers:
            super().on_header(name, value)
        self.scope["extensions"] = self._extensions()
        usual = self.app
        if reply is not None:
            self.app = partial(self._asgi.carry_out, reply)
        super().on_headers_complete()
        self.app = usual

    def _extensions(self) -> dict[str, Any]:
        return {WIRE: Wire(self.transport)}

    def shutdown(self) -> None:
        """Close, once what was answered is written."""
        self._outgoing.flush()
        super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are no HTTP."""
        self._outgoing.flush()
        super().send_400_response("mockdouyin: that is no HTTP request that can be read\n")


def _addressed(url: bytes, headers: Headers) -> Headers:
    """Return the headers with the host of a target in absolute form: its Host counts for nothing.

    Whoever asks whether the host is one of ours (RFC 9112, 3.2.2) must not be told another one.
    """
    _, found, rest = url.partition(b"://")
    if not found:
        return headers
    host = re.split(rb"[/?#]", rest, maxsplit=1)[0]
    return [(b"host", host), *(pair for pair in headers if pair[0] != b"host")]
