"""Connections that were taken over: what they told, and how requests on them are answered."""

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
from mockdouyin.intercept._tunnel import Tunnel
from mockdouyin.server.app import Application, Receive, Scope, Send
from mockdouyin.server.connection import ConnectionLimits
from mockdouyin.server.protocol import CLOSE, KEEP_ALIVE, Protocol

DOOR = "mockdouyin.door"
"""The ASGI extension that tells how a request came in: its Door, and its URL as it stood there."""


class InterceptedDoor(NamedTuple):
    """What a connection said before any request came over it."""

    host: str = ""
    world: str | None = None
    """The world that the proxy's user name tells."""


class InterceptedProtocol(Protocol):
    """The protocol of a connection that was taken over: it knows the door it came in by."""

    short = False
    no_tunnel = "CONNECT has to be the first request on a connection to this proxy"

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        limits: ConnectionLimits,
        taken: InterceptedApp,
        door: InterceptedDoor,
        first: bytes = b"",
        unheard: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(config, state, loop, taken.app, limits)
        self.app = taken
        self._door = door
        self._first = first
        self._unheard = unheard

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with the bytes that came already."""
        super().connection_made(transport)
        self.data_received(self._first)

    def persistence(self) -> bytes:
        """Close after HTTP/1.0: what is passed on may not say where it ends."""
        persistence = super().persistence()
        return CLOSE if persistence is KEEP_ALIVE else persistence

    def connection_lost(self, exc: Exception | None) -> None:
        """Note a client that left with nothing asked: it may have disliked the certificate."""
        if self._unheard is not None and self.cycle is None:
            self._unheard()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """Take the address in full."""
        if self.url[:1] != b"/" and b"/" not in self.url.partition(b"://")[2]:
            host, mark, query = self.url.partition(b"?")
            self.url = host + b"/" + mark + query
        super().on_headers_complete()

    def _extensions(self) -> dict[str, Any]:
        return {**super()._extensions(), DOOR: (self._door, self.url)}


class InterceptedApp:
    """The ASGI application behind it: Douyin's hosts are answered, others passed on."""

    def __init__(self, app: Application, hosts: Collection[str], passage: Tunnel) -> None:
        self.app = app
        self._hosts = hosts
        self._passage = passage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        door, url = scope["extensions"][DOOR]
        headers, world = list(scope["headers"]), door.world
        for pair in scope["headers"]:
            if pair[0].startswith(b"proxy-"):
                headers.remove(pair)
                if pair[0] == b"proxy-authorization":
                    world = user_of(pair[1]) or world
        host = host_of(url) or plain(_header(headers, b"host"))
        if url[:1] != b"/" and host not in self._hosts:
            await self._passage.forward(scope["method"], url, headers, receive, send)
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
        await self.app.meet(request, scope, receive, send)


def plain(host: str) -> str:
    """Give a host's name as it is compared: lower case, no port, no final dot."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower().rstrip(".")


def host_of(url: bytes) -> str:
    """Give the host of a request in absolute form."""
    _, found, rest = url.partition(b"://")
    return plain(rest.partition(b"/")[0].partition(b"?")[0].decode("latin-1")) if found else ""


def user_of(credentials: bytes) -> str | None:
    """Give the user name of `Basic` credentials: it names a world."""
    scheme, _, coded = credentials.strip().partition(b" ")
    with contextlib.suppress(binascii.Error, UnicodeDecodeError):
        if scheme.lower() == b"basic":
            return unquote(base64.b64decode(coded).decode().partition(":")[0]) or None
    return None


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in headers if key == name), "")
