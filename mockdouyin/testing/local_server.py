"""A sandbox in this process whose server starts on first use; most tests need no server."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from mockdouyin.control.client import LocalControl
from mockdouyin.core.http import Reply
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.sandbox import Sandbox, World
from mockdouyin.sandbox.deliveries import (
    Deliverer,
    NullDeliverer,
    next_due,
)

if TYPE_CHECKING:
    from mockdouyin.server.serving import ThreadedServer


class LocalServer(LocalControl):
    """Controls a sandbox, and starts a server for it when something needs one.

    That is when its URL is read, or when there is a webhook to post.
    """

    def __init__(self) -> None:
        self.sandbox: Sandbox = Sandbox()
        super().__init__(self.sandbox)
        self.sandbox.deliverer = LazyDeliverer(self)
        self.sandbox.render = _render
        self._server: ThreadedServer | None = None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The server's URL; reading it starts the server."""
        return self.start().url

    def start(self) -> ThreadedServer:
        """Start the server unless it runs, and return it."""
        with self._lock:
            if self._server is None:
                from mockdouyin.server.serving import ThreadedServer

                self._server = ThreadedServer(self.sandbox).start()
            return self._server

    def close(self) -> None:
        """Stop the server, if it was started."""
        if self._server is not None:
            self._server.stop()


class LazyDeliverer:
    """The deliverer until the server runs; the first thing to deliver starts it."""

    def __init__(self, local: LocalServer) -> None:
        self._local = local

    def _started(self) -> Deliverer:
        self._local.start()
        return self._local.sandbox.deliverer  # replaced by the server at its start

    def advance(self, world: World, seconds: float) -> bool:
        """Advance the clock, with a server only if something may fall due."""
        if next_due(world) is None:
            return NullDeliverer().advance(world, seconds)
        return self._started().advance(world, seconds)

    def try_now(self, world: World, delivery: Delivery) -> Delivery:
        """Start the server and send a delivery now."""
        return self._started().try_now(world, delivery)

    def post(self, delivery: Delivery) -> Attempt:
        """Start the server and post a delivery."""
        return self._started().post(delivery)

    def wake(self, world: World | None = None) -> None:
        """Start the server if something waits to be sent."""
        if world is None or next_due(world) is not None:
            self._started().wake(world)


def _render(reply: Reply) -> Reply:
    from mockdouyin.server.app import render_page

    return render_page(reply)
