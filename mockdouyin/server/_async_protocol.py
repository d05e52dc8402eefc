"""HTTP on a connection before a store that has to be waited for: the short way, with a pause."""

from __future__ import annotations

import asyncio

from uvicorn import Config
from uvicorn.server import ServerState

from mockdouyin.core.http import Reply, Request
from mockdouyin.server.app import Application, Later
from mockdouyin.server.connection import ConnectionLimits
from mockdouyin.server.protocol import Protocol


class AsyncProtocol(Protocol):
    """The protocol whose short way waits for its answer; what comes meanwhile is held."""

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        app: Application,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, state, loop, app, limits)
        self.short = True
        self._later: Later = app.later(loop)  # type: ignore[misc]
        self._asked: Request | None = None
        """What was read and nobody is asked yet."""
        self._waits = False
        self._held: list[bytes] = []
        self._is_last = False

    def data_received(self, data: bytes) -> None:
        """Read on, unless an answer is awaited."""
        if self._waits:
            self._held.append(data)
            self.flow.pause_reading()
            return
        super().data_received(data)
        request, self._asked = self._asked, None
        if request is not None:
            self._waits = True
            self._asgi.awaited.add(self)
            self._later(request, self._come)

    def on_message_begin(self) -> None:
        """Begin a request; one before it in the same piece takes uvicorn's way, which queues."""
        request, self._asked = self._asked, None
        if request is not None:
            self._go_on()
            self.scope["method"] = request.method  # the parser has forgotten it by now
            self.cycle.body += request.body
            super().on_message_complete()
        super().on_message_begin()

    def ask(self, request: Request) -> None:
        """Take a request of the short way."""
        self._asked = request

    def _is_busy(self) -> bool:
        return self._waits or self._asked is not None or super()._is_busy()

    def _come(self, reply: Reply) -> None:
        """Take the answer that was awaited."""
        self._waits = False
        self._asgi.awaited.discard(self)
        if self.transport.is_closing():
            return
        self.answer(reply)
        if self._is_last:
            self.shutdown()
        self.flow.resume_reading()
        while self._held and not self._waits:
            self.data_received(self._held.pop(0))
        if not self._is_busy():
            self._say_refusal()

    def shutdown(self) -> None:
        """Close, once the answer that is awaited was given."""
        if self._waits:
            self._is_last = True
        else:
            super().shutdown()
