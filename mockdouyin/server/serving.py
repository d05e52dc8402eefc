"""The server: uvicorn's HTTP protocol on an event loop of our own.

`uvicorn.Server` polls, which costs 200 ms at every stop; this one starts and stops in a few
milliseconds, so that each test can have its own.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from typing import TYPE_CHECKING, Any

from uvicorn import Config
from uvicorn.server import ServerState

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.delivery.event_loop import new_loop
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.deliveries import NullDeliverer
from mockdouyin.server.access import Access
from mockdouyin.server.app import SandboxApp
from mockdouyin.server.connection_limits import LIMITS, ConnectionLimits
from mockdouyin.server.listening import host_and_port, is_ip_address, lan_addresses, listen_error
from mockdouyin.server.parts import served_parts
from mockdouyin.server.protocol import Protocol
from mockdouyin.server.sweeper import Sweeper

if TYPE_CHECKING:
    from typing import Protocol as Interface

    class ProxyListener(Interface):
        """A listener that starts and stops with the server, as the proxy of `intercept` does."""

        async def start(
            self, app: SandboxApp, config: Config, state: ServerState, limits: ConnectionLimits
        ) -> None:
            """Listen, and serve this application as the server itself does."""

        async def stop(self) -> None:
            """Stop listening, and end the connections that are passed through."""


_log = logging.getLogger("mockdouyin")

SHUTDOWN_TIMEOUT = 5.0
"""Seconds that unfinished answers get at a stop."""

_STOP_INTERVAL = 1 / 20
"""Seconds between two looks at what is unfinished at a stop."""


class Server:
    """Serves a sandbox on one address: the platform, the control API and the pages.

    Webhooks are sent by the sandbox's own deliverer, which is stopped with the server.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        proxy: ProxyListener | None = None,
        listener: socket.socket | None = None,
        access: Access | None = None,
        sweeper: Sweeper | None = None,
        limits: ConnectionLimits = LIMITS,
    ) -> None:
        self.sandbox = sandbox
        self._sweeper = sweeper or Sweeper(sandbox)
        self._sweeping: asyncio.Task[None] | None = None
        self._socket = listener
        self._limits = limits
        self._proxy = proxy
        self._host = host
        self._port = port
        self._app = SandboxApp(sandbox, _with_own_name(access or Access(), host))
        self._state = ServerState()
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The base URL; with port 0 it is complete once the server has started."""
        return f"http://{host_and_port(self._host, self._port)}"

    @property
    def lan_urls(self) -> list[str]:
        """The base URLs for other machines, where the server listens on all addresses."""
        return [
            f"http://{host_and_port(address, self._port)}"
            for listens_on in self._app.addresses
            for address in lan_addresses(listens_on)
        ]

    @property
    def access(self) -> Access:
        """Who may use the control API; a generated token is there once the server has started."""
        return self._app.access

    async def start(self) -> None:
        """Start listening."""
        if isinstance(self.sandbox.deliverer, NullDeliverer):
            _log.warning(
                "this sandbox was made without a deliverer: no webhook is sent, and forms of"
                " consent pages can be guessed; make it with Sandbox(**served_parts())"
            )
        app: Any = self._app
        # With access_log=False it would take the handlers off a logger of the whole process.
        config = Config(app, lifespan="off", ws="none", log_config=None, access_log=True)
        config.load()
        loop, protocol = asyncio.get_running_loop(), _protocol_for(self._app)

        def connect() -> Protocol:
            return protocol(config, self._state, loop, self._app, self._limits)

        try:
            if self._socket is not None:
                self._listener = await loop.create_server(connect, sock=self._socket)
            else:
                self._listener = await loop.create_server(
                    connect, self._host, self._port, backlog=2048
                )
        except OSError as error:
            raise listen_error(self._host, self._port, error) from None
        addresses = [each.getsockname() for each in self._listener.sockets]
        self._port = addresses[0][1]
        # Known only now: a name may stand for an address that other machines reach.
        self._app.addresses = tuple(address[0] for address in addresses)
        self._app.access = self._app.access.for_addresses(self._app.addresses)
        if self._proxy is not None:
            await self._proxy.start(self._app, config, self._state, self._limits)
        self.sandbox.renew_leases()
        self._sweeping = asyncio.create_task(self._sweep())
        self.sandbox.deliverer.wake()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._sweeper.interval)
            await asyncio.to_thread(self._sweeper.try_drop_unused)

    async def stop(self) -> None:
        """Stop listening, let unfinished answers finish, and close every connection."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        if self._listener is not None:
            self._listener.close()
        if self._proxy is not None:
            await self._proxy.stop()
        # In a thread: what it broke off is recorded first, and a store may be slow.
        await asyncio.to_thread(self.sandbox.deliverer.stop)
        for connection in list(self._state.connections):
            connection.shutdown()
        # A hung connection never ends by itself: waiting for it would use up the whole timeout.
        for hung in list(self._app.hung_connections.values()):
            hung.reset()
        for _ in range(int(SHUTDOWN_TIMEOUT / _STOP_INTERVAL)):
            # In every round: a request that was read a moment ago may only now begin to wait, and
            # an answer that the store gave a moment ago may only now begin to be sent.
            self._app.end_waits()
            if late := set(self._state.tasks):
                await asyncio.wait(late, timeout=_STOP_INTERVAL)
            elif self._app.awaiting_store:
                await asyncio.sleep(_STOP_INTERVAL)
            else:
                break
        for connection in list(self._state.connections):
            connection.transport.abort()
        for task in list(self._state.tasks):
            task.cancel()
        await self.sandbox.detach_loop()


def _with_own_name(access: Access, host: str) -> Access:
    """Return the policy with the name that the server listens on, if it is not an address."""
    return access if host in ("", "localhost") or is_ip_address(host) else access.with_name(host)


def _protocol_for(app: SandboxApp) -> type[Protocol]:
    """Return the protocol class: an async one where the sandbox answers by callback."""
    if app.callback_handler is None:
        return Protocol
    from mockdouyin.server._async_protocol import AsyncProtocol

    return AsyncProtocol


class ThreadedServer:
    """A server in its own thread, for tests and notebooks; it makes a sandbox if given none."""

    def __init__(
        self,
        sandbox: Sandbox | None = None,
        port: int = 0,
        proxy: ProxyListener | None = None,
        *,
        host: str = "127.0.0.1",
        access: Access | None = None,
        limits: ConnectionLimits = LIMITS,
    ) -> None:
        self.sandbox: Sandbox = sandbox or Sandbox(**served_parts())
        self._server = Server(
            self.sandbox,
            host,
            port,
            proxy=proxy,
            access=access,
            limits=limits,
        )
        self.loop: asyncio.AbstractEventLoop = new_loop()
        self._thread = threading.Thread(target=self._run, name="mockdouyin", daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return self._server.url

    @property
    def access(self) -> Access:
        """Who may use the control API."""
        return self._server.access

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def start(self) -> ThreadedServer:
        """Start the thread, and return once the server listens."""
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._server.start(), self.loop).result()
        except MockDouyinError:
            self._end()
            raise
        return self

    def stop(self) -> None:
        """Stop the server and its thread, and return once both have ended."""
        asyncio.run_coroutine_threadsafe(self._server.stop(), self.loop).result()
        self._end()

    def _end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def __enter__(self) -> ThreadedServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
