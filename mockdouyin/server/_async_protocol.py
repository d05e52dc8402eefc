"""The protocol for a store that has to be waited for: the fast path, with a pause in it."""

from __future__ import annotations

import asyncio

from uvicorn import Config
from uvicorn.server import ServerState

from mockdouyin.core.http import CallbackHandler, Reply, Request
from mockdouyin.server.app import SandboxApp
from mockdouyin.server.connection_limits import ConnectionLimits
from mockdouyin.server.protocol import Protocol


class AsyncProtocol(Protocol):
    """A protocol whose fast path waits for a callback; data received meanwhile is buffered."""

    def __init__(
        self,
        config: Config,
        state: ServerState,
        loop: asyncio.AbstractEventLoop,
        app: SandboxApp,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, state, loop, app, limits)
        # The base class turns it off where `handle` blocks; here nothing calls `handle`.
        self.has_fast_path = True
        self._handler: CallbackHandler = app.callback_handler(loop)  # type: ignore[misc]
        self._parsed: Request | None = None
        """A request that was parsed and is not handed to the handler yet."""
        self._is_waiting = False
        self._buffered: list[bytes] = []
        self._is_last = False

    def data_received(self, data: bytes) -> None:
        """Parse what was received, unless an answer is awaited."""
        if self._is_waiting:
            # A transport may deliver once more after it was paused, so there can be several.
            self._buffered.append(data)
            self.flow.pause_reading()
            return
        super().data_received(data)
        # Handed on only now: the handler may call back at once, and `_receive_reply` may then
        # parse more, which must not happen inside a callback of the parser.
        request, self._parsed = self._parsed, None
        if request is not None:
            self._is_waiting = True
            self._sandbox_app.awaiting_store.add(self)
            self._handler(request, self._receive_reply)

    def on_message_begin(self) -> None:
        """Begin a request; one before it in the same data goes to uvicorn, which queues them."""
        request, self._parsed = self._parsed, None
        if request is not None:
            self._start_asgi()
            self.scope["method"] = request.method  # the parser has forgotten it by now
            self.cycle.body += request.body
            super().on_message_complete()
        super().on_message_begin()

    def handle(self, request: Request) -> None:
        """Keep a request of the fast path until the parser has returned."""
        self._parsed = request

    def _is_busy(self) -> bool:
        return self._is_waiting or self._parsed is not None or super()._is_busy()

    def _receive_reply(self, reply: Reply) -> None:
        """Send the reply that was awaited, then parse what was buffered."""
        self._is_waiting = False
        self._sandbox_app.awaiting_store.discard(self)
        if self.transport.is_closing():
            return
        self.send(reply)
        if self._is_last:
            self.shutdown()
        self.flow.resume_reading()
        while self._buffered and not self._is_waiting:
            self.data_received(self._buffered.pop(0))
        if not self._is_busy():
            self._send_refusal()

    def shutdown(self) -> None:
        """Close, once the reply that is awaited was sent."""
        if self._is_waiting:
            self._is_last = True
        else:
            super().shutdown()
