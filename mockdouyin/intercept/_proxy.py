"""The intercepting proxy: it terminates TLS for Douyin's hosts, and forwards or refuses others.

One port takes whatever a client may try: `CONNECT host:443`, a request in absolute form
(`POST https://host/path` in clear, as some clients send it to a proxy), or TLS straight away,
from a client whose name lookup or hook led it here.
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
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.intercept._client_hello import peek_record, record_length, server_name
from mockdouyin.intercept._connect import ESTABLISHED, parse_connect, peek, read_head, refuse
from mockdouyin.intercept._intercepted_app import (
    InterceptedApp,
    InterceptedDoor,
    InterceptedProtocol,
    basic_auth_user,
    normalize_host,
)
from mockdouyin.intercept._tunnel import Tunnel
from mockdouyin.server.app import SandboxApp
from mockdouyin.server.connection_limits import ConnectionLimits, RequestRefused
from mockdouyin.server.listening import listen

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState


class Proxy:
    """Listens on the addresses that clients are directed to in place of Douyin's hosts."""

    def __init__(
        self,
        context: ssl.SSLContext,
        hosts: Collection[str],
        addresses: Collection[tuple[str, int]],
        *,
        closed: Text = NOTHING,
    ) -> None:
        self.hosts: frozenset[str] = frozenset(hosts)
        self.tunnel: Tunnel = Tunnel(closed, self.hosts)
        self.distrusted: Counter[str] = Counter()
        """Handshakes that a client aborted because it does not trust the authority, by host."""
        self.left_silently: Counter[str] = Counter()
        """Connections that a client closed after the handshake without a request, by host."""
        self._context = context
        self._addresses = addresses
        self._listeners: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port of the first address."""
        port: int = self._listeners[0].getsockname()[1]
        return port

    async def start(
        self, app: SandboxApp, config: Config, state: ServerState, limits: ConnectionLimits
    ) -> None:
        """Listen on every address, and serve an application."""
        loop = asyncio.get_running_loop()
        intercepted = InterceptedApp(app, self.hosts, self.tunnel)
        self._make_protocol = partial(
            InterceptedProtocol, config, state, loop, limits, intercepted
        )
        self._app, self._limits = app, limits
        self.tunnel.limits, self.tunnel.language = limits, app.language
        try:
            for host, port in self._addresses:
                option = "--direct-port" if self._listeners else "--proxy-port"
                self._listeners.append(listen(host, port, option))
        except MockDouyinError:
            self._close()
            raise
        self.tunnel.own_port = self.port
        for listener in self._listeners:
            self._start_task(self._accept(listener))

    async def stop(self) -> None:
        """Stop listening, and end the connections that are passed through."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._close()

    def _close(self) -> None:
        for listener in self._listeners:
            listener.close()

    def _start_task(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the event loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listener: socket.socket) -> None:
        # Bare sockets, not a transport: a transport would consume the bytes that decide who reads.
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, _ = await loop.sock_accept(listener)
            except OSError:  # too many open files, for example: the next attempt may succeed
                await asyncio.sleep(0.05)
                continue
            client.setblocking(False)
            self._start_task(self._serve(client))

    async def _serve(self, client: socket.socket) -> None:
        try:
            await self._dispatch(client, InterceptedDoor())
        except RequestRefused as refused:
            refusal = refused.response(self._app.language)
            await refuse(client, refusal, self._limits.linger_timeout)
        except OSError:  # it disconnected, or timed out: TimeoutError is an OSError
            client.close()
        except BaseException:
            client.close()
            raise

    async def _dispatch(self, client: socket.socket, door: InterceptedDoor) -> None:
        """Peek at the first bytes of a connection, and pass it to what can read them."""
        async with asyncio.timeout(self._limits.idle_timeout):
            first = await peek(client)
        if first[:1] == b"\x16":  # the record type of a TLS handshake
            await self._serve_tls(client, door)
        elif first and b"CONNECT ".startswith(first[:8]) and not door.host:
            await self._serve_connect(client)
        elif first:
            await self._serve_http(client, door, b"")
        else:
            client.close()

    async def _serve_tls(self, client: socket.socket, door: InterceptedDoor) -> None:
        # Peeked whole before TLS consumes it: only the ClientHello names the host of a handshake
        # that fails.
        async with asyncio.timeout(self._limits.receive_timeout):
            hello = await peek_record(client)
        host = door.host or normalize_host(server_name(hello)) or "a host of Douyin's"
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                partial(self._make_protocol, door, on_silent_end=partial(self._note_silent, host)),
                client,
                ssl=self._context,
                ssl_handshake_timeout=self._limits.receive_timeout,
            )
        except (ssl.SSLError, ConnectionError) as error:
            if _is_distrust(error, answered=len(hello) >= record_length(hello)):
                self.distrusted[host] += 1
            client.close()

    def _note_silent(self, host: str) -> None:
        self.left_silently[host] += 1

    async def _serve_http(
        self, client: socket.socket, door: InterceptedDoor, first: bytes
    ) -> None:
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(partial(self._make_protocol, door, first), client)

    async def _serve_connect(self, client: socket.socket) -> None:
        """Intercept a CONNECT to one of Douyin's hosts; pass one to another host through."""
        head = await read_head(client, self._limits)
        if not head.startswith(b"CONNECT "):  # a first piece of "C" might have become "COPY"
            await self._serve_http(client, InterceptedDoor(), head)
            return
        host, port = parse_connect(head)
        if normalize_host(host) not in self.hosts:
            await self.tunnel.connect(client, host, port)
            return
        await asyncio.get_running_loop().sock_sendall(client, ESTABLISHED)
        credentials = _AUTHORIZATION.search(head)
        world = basic_auth_user(credentials["value"]) if credentials else None
        await self._dispatch(client, InterceptedDoor(normalize_host(host), world))


_AUTHORIZATION = re.compile(
    rb"^proxy-authorization:[ \t]*(?P<value>[^\r\n]*)", re.IGNORECASE | re.MULTILINE
)


def _is_distrust(error: OSError, *, answered: bool) -> bool:
    """Whether a handshake failed because the client does not trust the certificate."""
    # Not every client sends an alert: some just disconnect once they have seen the certificate.
    reason = getattr(error, "reason", None) or "EOF"
    if "EOF" in reason:
        return answered
    return "UNKNOWN_CA" in reason or "CERTIFICATE" in reason
