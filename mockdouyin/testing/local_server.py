"""A sandbox of this process whose server starts when somebody needs it: most tests may not."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from mockdouyin.control.client import LocalControl
from mockdouyin.core.http import Reply
from mockdouyin.core.outbox import Delivery
from mockdouyin.sandbox import Sandbox, World
from mockdouyin.sandbox.deliveries import (
    Deliverer,
    NullDeliverer,
    OutgoingRequest,
    SendResult,
    next_due,
)

if TYPE_CHECKING:
    from mockdouyin.server.serving import ThreadedServer


class LocalServer(LocalControl):
    """Orders to a sandbox, and a server before it from the moment that its address is asked for.

    It starts, too, for a webhook that is to be posted.
    """

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        super().__init__(self.sandbox)
        self.sandbox.deliverer = LazyDeliverer(self)
        self.sandbox.render = _shown
        self._server: ThreadedServer | None = None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where the server listens; it does from now on."""
        return self.start().url

    def start(self) -> ThreadedServer:
        """Give the server, started."""
        with self._lock:
            if self._server is None:
                from mockdouyin.server.serving import ThreadedServer

                self._server = ThreadedServer(self.sandbox).start()
            return self._server

    def close(self) -> None:
        """Stop the server, if it was needed."""
        if self._server is not None:
            self._server.stop()


class LazyDeliverer:
    """The deliverer until there is one: the first thing to deliver starts the server."""

    def __init__(self, local: LocalServer) -> None:
        self._local = local

    def _started(self) -> Deliverer:
        self._local.start()
        return self._local.sandbox.deliverer  # the server brought its own

    def advance(self, world: World, seconds: float) -> bool:
        """Move the clock; a server is needed only if something falls due."""
        if next_due(world) is None:
            return NullDeliverer().advance(world, seconds)
        return self._started().advance(world, seconds)

    def try_now(self, world: World, delivery: Delivery) -> Delivery:
        """Start the server and let it send a delivery now."""
        return self._started().try_now(world, delivery)

    def post(self, parcel: OutgoingRequest) -> SendResult:
        """Start the server and let it post a request."""
        return self._started().post(parcel)

    def wake(self, world: World | None = None) -> None:
        """Start the server if something may be due."""
        if world is None or next_due(world) is not None:
            self._started().wake(world)


def _shown(reply: Reply) -> Reply:
    from mockdouyin.server.app import render_page

    return render_page(reply)
