"""Writes the answers of one turn of the event loop together."""

from __future__ import annotations

import asyncio


class BatchedWriter:
    """Collects the answers of one turn of the event loop, and writes them at its end.

    Whoever receives them is then woken once for all. A wake-up for each answer would cost more
    than computing the answer.
    """

    def __init__(self) -> None:
        self._queue: list[tuple[asyncio.Transport, bytes, bool]] = []

    def put(
        self,
        loop: asyncio.AbstractEventLoop,
        transport: asyncio.Transport,
        message: bytes,
        keep_alive: bool,
    ) -> None:
        """Queue a message; the connection is closed after it unless it is kept alive."""
        if not self._queue:
            loop.call_soon(self.flush)
        self._queue.append((transport, message, keep_alive))

    def flush(self) -> None:
        """Write the queued messages now."""
        queue, self._queue = self._queue, []
        for transport, message, keep_alive in queue:
            transport.write(message)
            if not keep_alive:
                transport.close()
