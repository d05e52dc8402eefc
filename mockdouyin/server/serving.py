"""Serving: uvicorn's HTTP protocol on a loop of our own, so that start and stop take no time."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import struct
import threading
from collections.abc import Iterable
from typing import Any

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.deliveries import next_due
from mockdouyin.server.app import WIRE, create_app, shown
from mockdouyin.server.courier import PostOffice
from mockdouyin.server.delivery import Dispatcher
from mockdouyin.server.loop import new_loop

GRACE = 5
"""Seconds that answers under way have at a stop."""


_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
"""Where a server that listens everywhere is reached from this machine."""


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
    """uvicorn's protocol with the wire at hand, and complaints in our own words."""

    def on_message_begin(self) -> None:
        """Let the application reach the wire of this connection."""
        super().on_message_begin()
        self.scope["extensions"] = {WIRE: Wire(self.transport)}  # type: ignore[dict-item]

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are no HTTP."""
        super().send_400_response("mockdouyin: that is no HTTP request that can be read\n")


class Server:
    """One listening socket with a sandbox behind it."""

    def __init__(
        self,
        sandbox: Sandbox,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        webhook_hosts: Iterable[str] = (),
    ) -> None:
        self.sandbox = sandbox
        self._office = PostOffice(webhook_hosts)
        self._dispatcher = Dispatcher(lambda: iter(sandbox.worlds), self._office.post)
        sandbox.deliverer = self._dispatcher
        sandbox.render = shown
        self._host = host
        self._port = port
        self._app: Any = create_app(sandbox)
        self._state = ServerState()
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The base URL; the port is known once it listens."""
        host = _EVERY_ADDRESS.get(self._host, self._host)
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self._port}"

    async def start(self) -> None:
        """Listen."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        config = Config(
            self._app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            timeout_keep_alive=75,
        )
        config.load()
        loop = asyncio.get_running_loop()

        def connect() -> Protocol:
            return Protocol(config, self._state, {}, loop)

        try:
            self._listener = await loop.create_server(
                connect, self._host, self._port, backlog=2048
            )
        except OSError as error:
            raise MockDouyinError(
                f"cannot listen on {self._host}:{self._port}: {_reason(error)}"
            ) from None
        self._port = self._listener.sockets[0].getsockname()[1]
        if any(next_due(world) is not None for world in self.sandbox.worlds):
            self._dispatcher.wake()

    async def stop(self) -> None:
        """Stop listening, let answers under way finish, close every connection."""
        if self._listener is not None:
            self._listener.close()
        self._dispatcher.stop()
        self._office.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        for wire in list(self._app.hanging.values()):
            wire.reset()
        late = set(self._state.tasks)
        for _ in range(GRACE * 20):
            # Again and again: a request read a moment ago may only now begin to wait.
            for give_up in list(self.sandbox.waits):
                give_up()
            if not late:
                break
            _, late = await asyncio.wait(late, timeout=1 / 20)
        for connection in list(self._state.connections):
            connection.transport.abort()
        for task in late:
            task.cancel()


def _reason(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "the port is in use; stop what has it, or take another (--port 0 takes a free one)"
    if error.errno == errno.EACCES:
        return "this user may not; take a port above 1023"
    return f"{error.strerror or error}; --host takes an address of this machine"


class ThreadedServer:
    """A server in a thread of its own, for tests and notebooks."""

    def __init__(self, sandbox: Sandbox | None = None, port: int = 0) -> None:
        self.sandbox = sandbox or Sandbox()
        self._server = Server(self.sandbox, port=port)
        self._loop = new_loop()
        self._thread = threading.Thread(target=self._run, name="mockdouyin", daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return self._server.url

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def start(self) -> ThreadedServer:
        """Start, and return once it listens."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result()
        return self

    def stop(self) -> None:
        """Stop, and return once nothing of it is left."""
        asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> ThreadedServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
