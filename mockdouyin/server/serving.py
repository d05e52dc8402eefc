"""Serving: uvicorn's HTTP protocol on a loop of our own, so that start and stop take no time."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from uvicorn import Config
from uvicorn.server import ServerState

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.delivery.connection_pool import ConnectionPool
from mockdouyin.delivery.dispatcher import Dispatcher
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.deliveries import next_due
from mockdouyin.server.access import Access, new_token
from mockdouyin.server.app import Application, shown
from mockdouyin.server.connection import LIMITS, ConnectionLimits
from mockdouyin.server.event_loop import new_loop
from mockdouyin.server.listening import cannot_listen, is_address, lan_addresses, place_of
from mockdouyin.server.protocol import Protocol
from mockdouyin.server.sweeper import Sweeper

if TYPE_CHECKING:
    from typing import Protocol as Interface

    class SecondListener(Interface):
        """A second way in, which starts and stops with the server: the proxy of `intercept`."""

        async def start(
            self, app: Application, config: Config, state: ServerState, limits: ConnectionLimits
        ) -> None:
            """Listen, and answer with this application."""

        async def stop(self) -> None:
            """Stop listening, and end what is under way."""


GRACE = 5
"""Seconds that answers under way have at a stop."""


class Server:
    """One listening socket with a sandbox behind it."""

    def __init__(
        self,
        sandbox: Sandbox,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        webhook_hosts: Iterable[str] = (),
        interceptor: SecondListener | None = None,
        listener: socket.socket | None = None,
        access: Access | None = None,
        sweeper: Sweeper | None = None,
        limits: ConnectionLimits = LIMITS,
    ) -> None:
        self.sandbox = sandbox
        self._sweeper = sweeper or Sweeper(sandbox)
        self._sweeping: asyncio.Task[None] | None = None
        self._given = listener
        self._limits = limits
        self.interceptor = interceptor
        self._office = ConnectionPool(webhook_hosts)
        self._dispatcher = Dispatcher(
            sandbox.worlds_with_due_work, self._office.post, look_every=sandbox.look_every
        )
        sandbox.deliverer = self._dispatcher
        sandbox.render = shown
        sandbox.nonce = new_token
        self._host = host
        self._port = port
        self._app = Application(sandbox, _of_host(access or Access(), host))
        self._state = ServerState()
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The base URL; the port is known once it listens."""
        return f"http://{place_of(self._host, self._port)}"

    @property
    def elsewhere(self) -> list[str]:
        """The base URLs by which other machines reach it, where its own is only for this one."""
        return [
            f"http://{place_of(address, self._port)}"
            for listens in self._app.addresses
            for address in lan_addresses(listens)
        ]

    @property
    def access(self) -> Access:
        """Who may steer it; once it listens, with the token that it made if it had to."""
        return self._app.access

    async def start(self) -> None:
        """Listen."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        app: Any = self._app
        config = Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
        )
        config.load()
        loop, protocol = asyncio.get_running_loop(), _protocol_for(self._app)

        def connect() -> Protocol:
            return protocol(config, self._state, loop, self._app, self._limits)

        try:
            if self._given is not None:
                self._listener = await loop.create_server(connect, sock=self._given)
            else:
                self._listener = await loop.create_server(
                    connect, self._host, self._port, backlog=2048
                )
        except OSError as error:
            raise cannot_listen(self._host, self._port, error) from None
        names = [each.getsockname() for each in self._listener.sockets]
        self._port = names[0][1]
        self._app.addresses = tuple(name[0] for name in names)
        self._app.access = self._app.access.listening_at(self._app.addresses)
        if self.interceptor is not None:
            await self.interceptor.start(self._app, config, self._state, self._limits)
        self.sandbox.renew_leases()
        self._sweeping = asyncio.create_task(self._sweep())
        if self.sandbox.blocks or any(
            next_due(world) is not None for world in self.sandbox.worlds
        ):
            self._dispatcher.wake()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._sweeper.pause)
            await asyncio.to_thread(self._sweeper.try_to_look)

    async def stop(self) -> None:
        """Stop listening, let answers under way finish, close every connection."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        if self._listener is not None:
            self._listener.close()
        if self.interceptor is not None:
            await self.interceptor.stop()
        self._dispatcher.stop()
        self._office.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        for wire in list(self._app.hanging.values()):
            wire.reset()
        for _ in range(GRACE * 20):
            # Again and again: a request read a moment ago may only now begin to wait, and an
            # answer that a store gave a moment ago may only now begin to be sent.
            for give_up in list(self.sandbox.waits):
                give_up()
            if late := set(self._state.tasks):
                await asyncio.wait(late, timeout=1 / 20)
            elif self._app.awaited:
                await asyncio.sleep(1 / 20)
            else:
                break
        for connection in list(self._state.connections):
            connection.transport.abort()
        for task in list(self._state.tasks):
            task.cancel()
        await self.sandbox.detach_loop()


def _of_host(access: Access, host: str) -> Access:
    """Return a policy that knows the name that the server listens by, if it is one."""
    return access if host in ("", "localhost") or is_address(host) else access.named(host)


def _protocol_for(app: Application) -> type[Protocol]:
    """Give the protocol: another one where answers have to be waited for."""
    if app.later is None:
        return Protocol
    from mockdouyin.server._async_protocol import AsyncProtocol

    return AsyncProtocol


class ThreadedServer:
    """A server in a thread of its own, for tests and notebooks."""

    def __init__(
        self,
        sandbox: Sandbox | None = None,
        port: int = 0,
        interceptor: SecondListener | None = None,
        *,
        host: str = "127.0.0.1",
        webhook_hosts: Iterable[str] = (),
        access: Access | None = None,
        limits: ConnectionLimits = LIMITS,
    ) -> None:
        self.sandbox = sandbox or Sandbox()
        self._server = Server(
            self.sandbox,
            host,
            port,
            webhook_hosts=webhook_hosts,
            interceptor=interceptor,
            access=access,
            limits=limits,
        )
        self.loop = new_loop()
        self._thread = threading.Thread(target=self._run, name="mockdouyin", daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return self._server.url

    @property
    def access(self) -> Access:
        """Who may steer it."""
        return self._server.access

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def start(self) -> ThreadedServer:
        """Start, and return once it listens."""
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._server.start(), self.loop).result()
        except MockDouyinError:
            self._end()
            raise
        return self

    def stop(self) -> None:
        """Stop, and return once nothing of it is left."""
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
