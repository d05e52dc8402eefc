"""A sandbox in this process whose server starts on first use; most tests need no server."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from mockdouyin.control.client import LocalControl
from mockdouyin.core.http import Reply
from mockdouyin.delivery import Dispatcher
from mockdouyin.sandbox import Sandbox

if TYPE_CHECKING:
    from mockdouyin.server.serving import ThreadedServer


class LocalServer(LocalControl):
    """Controls a sandbox, and starts a server for it when its URL is read.

    Webhooks are posted without a server.
    """

    def __init__(self) -> None:
        self.sandbox: Sandbox = Sandbox(deliverer=Dispatcher, render=_render, nonce=_new_token)
        super().__init__(self.sandbox)
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
        """Stop the server, if it was started, and the posts under way."""
        if self._server is not None:
            self._server.stop()
        self.sandbox.deliverer.stop()


# The server's modules are imported when a page is shown or a server started: they take long.


def _render(reply: Reply) -> Reply:
    from mockdouyin.server.app import render_page

    return render_page(reply)


def _new_token() -> str:
    from mockdouyin.server.access import new_token

    return new_token()
