"""Intercepted connections: what is known of them, and how their requests are answered."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote

from uvicorn import Config
from uvicorn.server import ServerState

from mockdouyin.core.http import Request
from mockdouyin.intercept._error_texts import CONNECT_COMES_FIRST
from mockdouyin.intercept._tunnel import Tunnel
from mockdouyin.server.app import Receive, SandboxApp, Scope, Send
from mockdouyin.server.connection_limits import ConnectionLimits
from mockdouyin.server.protocol import CLOSE, KEEP_ALIVE, Protocol

DOOR = "mockdouyin.door"
"""The ASGI extension with the InterceptedDoor of a request, and its target as it was sent."""


class InterceptedDoor(NamedTuple):
    """What a CONNECT said of its connection, before any request."""

    host: str = ""
    world: str | None = None
    """The world, which is the user name for the proxy."""


class InterceptedProtocol(Protocol):
    """The protocol of an intercepted connection: it passes its door on to the application."""

    # Its host and world are worked out by InterceptedApp, which the fast path would skip.
    has_fast_path = False
    no_tunnel = CONNECT_COMES_FIRST

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        limits: ConnectionLimits,
        intercepted: InterceptedApp,
        door: InterceptedDoor,
        first: bytes = b"",
        on_silent_end: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(config, state, loop, intercepted.app, limits)
        self.app = intercepted
        self._door = door
        self._first = first
        self._on_silent_end = on_silent_end

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Parse the bytes that were read before this protocol was chosen."""
        super().connection_made(transport)
        self.data_received(self._first)

    def connection_header(self) -> bytes:
        """Close after HTTP/1.0: a forwarded response may have no length, and it has no chunks."""
        header = super().connection_header()
        return CLOSE if header is KEEP_ALIVE else header

    def connection_lost(self, exc: Exception | None) -> None:
        """Report a client that left without a request: it may not trust the certificate."""
        if self._on_silent_end is not None and self.cycle is None:
            self._on_silent_end()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """Complete a target such as `http://host?query`, then go on."""
        # uvicorn fails on it: httptools.parse_url finds no path there.
        if self.url[:1] != b"/" and b"/" not in self.url.partition(b"://")[2]:
            host, mark, query = self.url.partition(b"?")
            self.url = host + b"/" + mark + query
        super().on_headers_complete()

    def _extensions(self) -> dict[str, Any]:
        return {**super()._extensions(), DOOR: (self._door, self.url)}


class InterceptedApp:
    """The ASGI application behind the proxy: it answers for Douyin's hosts and forwards others."""

    def __init__(self, app: SandboxApp, hosts: Collection[str], tunnel: Tunnel) -> None:
        self.app = app
        self._hosts = hosts
        self._tunnel = tunnel

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        door, url = scope["extensions"][DOOR]
        headers, world = list(scope["headers"]), door.world
        for pair in scope["headers"]:
            if pair[0].startswith(b"proxy-"):
                headers.remove(pair)
                if pair[0] == b"proxy-authorization":
                    world = basic_auth_user(pair[1]) or world
        host = host_of_url(url) or normalize_host(_header(headers, b"host"))
        if url[:1] != b"/" and host not in self._hosts:
            await self._tunnel.forward(scope["method"], url, headers, receive, send)
            return
        known = host if host in self._hosts else door.host
        request = Request(
            scope["method"],
            scope["path"],
            scope["query_string"],
            headers,
            world=world,
            host=known,
        )
        await self.app.answer_platform(request, scope, receive, send)


def normalize_host(host: str) -> str:
    """Return a host as it is compared: lower case, without port and final dot."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower().rstrip(".")


def host_of_url(url: bytes) -> str:
    """Return the host of a target in absolute form."""
    rest = url.partition(b"://")[2]
    return normalize_host(rest.partition(b"/")[0].partition(b"?")[0].decode("latin-1"))


def basic_auth_user(credentials: bytes) -> str | None:
    """Return the user name of `Basic` credentials, which names a world."""
    scheme, _, coded = credentials.strip().partition(b" ")
    with contextlib.suppress(binascii.Error, UnicodeDecodeError):
        if scheme.lower() == b"basic":
            return unquote(base64.b64decode(coded).decode().partition(":")[0]) or None
    return None


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in headers if key == name), "")
