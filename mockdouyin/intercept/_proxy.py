"""Interception: a proxy that answers for Douyin's hosts itself, over TLS of its own.

One port takes all that a client may try: `CONNECT host:443`, a request in absolute form
(`POST https://host/path`, in clear, as some clients send it to a proxy), or TLS straight away,
from a client that was told another address of Douyin's. Other hosts are passed through, or
refused.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections import Counter
from collections.abc import Collection, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.intercept._client_hello import peek_record, record_length, server_name
from mockdouyin.intercept._connect import ESTABLISHED, peek, place_of_connect, read_head, refuse
from mockdouyin.intercept._intercepted_app import (
    InterceptedApp,
    InterceptedDoor,
    InterceptedProtocol,
    plain,
    user_of,
)
from mockdouyin.intercept._tunnel import Tunnel
from mockdouyin.server.app import Application
from mockdouyin.server.connection import ConnectionLimits, Refused
from mockdouyin.server.listening import listen

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState


class Proxy:
    """Listens where clients are led to in place of Douyin's hosts."""

    def __init__(
        self,
        context: ssl.SSLContext,
        hosts: Collection[str],
        places: Collection[tuple[str, int]],
        *,
        closed: str = "",
    ) -> None:
        self.hosts = frozenset(hosts)
        self.passage = Tunnel(closed)
        self.distrusted: Counter[str] = Counter()
        """Handshakes that a client broke off as it does not trust the authority, by host."""
        self.unheard: Counter[str] = Counter()
        """Connections that a client closed after the handshake, with no request, by host."""
        self._context = context
        self._places = places
        self._listeners: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port of the first place."""
        number: int = self._listeners[0].getsockname()[1]
        return number

    async def start(
        self, app: Application, config: Config, state: ServerState, limits: ConnectionLimits
    ) -> None:
        """Listen at every place, for an application."""
        taken, loop = InterceptedApp(app, self.hosts, self.passage), asyncio.get_running_loop()
        self._connect = partial(InterceptedProtocol, config, state, loop, limits, taken)
        self._limits = self.passage.limits = limits
        try:
            for place in self._places:
                option = "--direct-port" if self._listeners else "--proxy-port"
                self._listeners.append(listen(*place, option))
        except MockDouyinError:
            self._close()
            raise
        self.passage.own_port = self.port
        for listener in self._listeners:
            self._begin(self._accept(listener))

    async def stop(self) -> None:
        """Stop listening, and end what is being passed through."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._close()

    def _close(self) -> None:
        for listener in self._listeners:
            listener.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, _ = await loop.sock_accept(listener)
            except OSError:  # no file handles left, say: the next one may fare better
                await asyncio.sleep(0.05)
                continue
            client.setblocking(False)
            self._begin(self._receive(client))

    async def _receive(self, client: socket.socket) -> None:
        try:
            await self._look(client, InterceptedDoor())
        except Refused as refused:
            await refuse(client, refused, self._limits.linger)
        except OSError:  # it went away, or never said what it wants
            client.close()
        except BaseException:
            client.close()
            raise

    async def _look(self, client: socket.socket, door: InterceptedDoor) -> None:
        """Tell by the first bytes what the client wants, and hand the connection on."""
        async with asyncio.timeout(self._limits.idle):
            first = await peek(client)
        if first[:1] == b"\x16":
            await self._secure(client, door)
        elif first and b"CONNECT ".startswith(first[:8]) and not door.host:
            await self._tunnel(client)
        elif first:
            await self._speak(client, door, b"")
        else:
            client.close()

    async def _secure(self, client: socket.socket, door: InterceptedDoor) -> None:
        async with asyncio.timeout(self._limits.patience):
            hello = await peek_record(client)
        host = door.host or plain(server_name(hello)) or "a host of Douyin's"
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                partial(self._connect, door, unheard=partial(self._note_unheard, host)),
                client,
                ssl=self._context,
                ssl_handshake_timeout=self._limits.patience,
            )
        except (ssl.SSLError, ConnectionError) as error:
            if _is_distrust(error, answered=len(hello) >= record_length(hello)):
                self.distrusted[host] += 1
            client.close()

    def _note_unheard(self, host: str) -> None:
        self.unheard[host] += 1

    async def _speak(self, client: socket.socket, door: InterceptedDoor, first: bytes) -> None:
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(partial(self._connect, door, first), client)

    async def _tunnel(self, client: socket.socket) -> None:
        """Take over a CONNECT to one of Douyin's hosts; let one to another host through."""
        head = await read_head(client, self._limits)
        if not head.startswith(b"CONNECT "):  # the first byte or two looked like it
            await self._speak(client, InterceptedDoor(), head)
            return
        host, port = place_of_connect(head)
        if plain(host) not in self.hosts:
            await self.passage.tunnel(client, host, port)
            return
        await asyncio.get_running_loop().sock_sendall(client, ESTABLISHED)
        credentials = _AUTHORIZATION.search(head)
        world = user_of(credentials["value"]) if credentials else None
        await self._look(client, InterceptedDoor(plain(host), world))


_AUTHORIZATION = re.compile(
    rb"^proxy-authorization:[ \t]*(?P<value>[^\r\n]*)", re.IGNORECASE | re.MULTILINE
)


def _is_distrust(error: OSError, *, answered: bool) -> bool:
    """Whether a client broke a handshake off as it does not like the certificate.

    Not every client says so: some just go, once they were answered.
    """
    reason = getattr(error, "reason", None) or "EOF"
    if "EOF" in reason:
        return answered
    return "UNKNOWN_CA" in reason or "CERTIFICATE" in reason
