"""HTTP on a connection: what can be answered at once is, the rest goes the way of ASGI."""

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
from mockdouyin.server.app import WIRE, Application, is_plain
from mockdouyin.server.connection import (
    BETWEEN,
    BODY,
    HEAD,
    ConnectionLimits,
    LimitedConnection,
    Refused,
)

SHORT = 4
"""Digits of the length of a body on the short way: a longer one comes in pieces."""

_CONNECTION = frozenset((b"connection", b"proxy-connection"))
_SPECIAL = frozenset((b"expect", b"transfer-encoding", b"upgrade"))
"""Headers of requests that do not simply come whole."""

_NOTED = _CONNECTION | _SPECIAL | {b"content-length"}

_UNUSUAL = (b"HEAD", b"CONNECT")
"""Methods whose answers are not what they are for others."""

_PLAIN = re.compile(rb"/(?!_mock|\?|\Z)[!\"$&-~]*")
"""A path and query of Douyin's with nothing escaped in it."""


CLOSE, KEEP_ALIVE = b"connection: close\r\n", b"connection: keep-alive\r\n"


class RawConnection:
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


class Protocol(LimitedConnection):
    """uvicorn's protocol, with the wire at hand and a short way for short requests.

    A request that is there as a whole needs no task, no queue and no scope: it is answered from
    the parser's own callback. Whatever may have to wait, on either side, takes uvicorn's way.
    """

    short = True
    """Whether there is a short way on this connection."""

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        app: Application,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, state, loop, app.outgoing, limits)
        self._asgi = app
        self.short = self.short and not app.blocks
        self._special = self._has_option = False
        self._method = self._persistence = b""

    # The parser's callbacks.

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._stage = HEAD
        self.url = b""
        self.headers = []
        self._special = self._has_option = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header down."""
        name = name.lower()
        self.headers.append((name, value))
        if name in _NOTED:
            self._note(name, value)

    def _note(self, name: bytes, value: bytes) -> None:
        if name in _CONNECTION:
            self._has_option = True
        elif name in _SPECIAL or len(value) > SHORT:
            self._special = True

    def on_headers_complete(self) -> None:
        """Choose the way."""
        if self._head_size:
            self._check_head()
        self._method = self.parser.get_method()
        self._persistence = self.persistence()
        if self._is_simple() and not self._is_busy():
            self._parts = []
        elif not self._wants_upgrade():
            self._go_on()
        self._stage = BODY

    def _wants_upgrade(self) -> bool:
        """Whether the request asks for another protocol; it is read again without that wish."""
        if not self.parser.should_upgrade():
            return False
        if self._method == b"CONNECT":
            raise Refused(400, self.no_tunnel)
        return True

    def _is_simple(self) -> bool:
        """Whether the request comes whole, and means what it says."""
        if not self.short or self._special or self._method in _UNUSUAL:
            return False
        return _PLAIN.fullmatch(self.url) is not None

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        if self._parts is None:
            self._got += len(body)
            super().on_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        """Answer, where the answer can be written at once."""
        self._stage = BETWEEN
        parts, self._parts = self._parts, None
        if parts is None:
            if not self.parser.should_upgrade():
                super().on_message_complete()
            return
        self._last = self.loop.time()
        path, _, query = self.url.partition(b"?")
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        self.ask(Request(self._method.decode("ascii"), path.decode(), query, self.headers, body))

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
        (type_, log, *others), body = reply.headers, reply.body
        more = b"%b: %b\r\n" % others[0] if others else b""
        persistence = self._persistence
        message = b"HTTP/1.1 200 OK\r\n%b: %b\r\n%b: %b\r\n%bcontent-length: %d\r\n%b\r\n%b" % (
            *type_,
            *log,
            more,
            len(body),
            persistence,
            body,
        )
        self._outgoing.put(self.loop, self.transport, message, persistence is not CLOSE)

    def persistence(self) -> bytes:
        """Return the header that says whether the connection stays open, where one is needed."""
        if not self.parser.should_keep_alive():
            return CLOSE
        if self._has_option and self.parser.get_http_version() == "1.0":
            return KEEP_ALIVE
        return b""

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
        if self.parser.get_http_version() == "1.0":
            self.expect_100_continue = False  # it knows no such answer
        usual = self.app
        if reply is not None:
            self.app = partial(self._asgi.carry_out, reply)
        super().on_headers_complete()
        self.app = usual
        self.cycle.keep_alive = self._persistence is not CLOSE
        if self._persistence is KEEP_ALIVE:
            self.cycle.default_headers = [(b"connection", b"keep-alive")]
        self._framing = 0
        self.headers = []  # for trailers, which nobody reads

    def _extensions(self) -> dict[str, Any]:
        return {WIRE: RawConnection(self.transport)}

    def shutdown(self) -> None:
        """Close, once what was answered is written."""
        self._outgoing.flush()
        super().shutdown()


def _addressed(url: bytes, headers: Headers) -> Headers:
    """Return the headers with the host of a target in absolute form: its Host counts for nothing.

    Whoever asks whether the host is one of ours (RFC 9112, 3.2.2) must not be told another one.
    """
    _, found, rest = url.partition(b"://")
    if not found:
        return headers
    host = re.split(rb"[/?#]", rest, maxsplit=1)[0]
    return [(b"host", host), *(pair for pair in headers if pair[0] != b"host")]
