"""A server whose event loop's time can be moved, so that limits of minutes are reached at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mockdouyin.server.serving import ThreadedServer


class MovableLoop(asyncio.SelectorEventLoop):
    """An event loop whose time can be moved forward."""

    moved = 0.0

    def time(self) -> float:
        """Return the time as moved."""
        return super().time() + self.moved


class MovableServer(ThreadedServer):
    """A server on such a loop."""

    loop: MovableLoop

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.loop.close()
        self.loop = MovableLoop()

    def advance(self, seconds: float) -> None:
        """Let the server read what was sent, move its time, and run what is due."""
        self._settle()
        self.loop.call_soon_threadsafe(self._move, seconds)
        self._settle()

    def _move(self, seconds: float) -> None:
        self.loop.moved += seconds

    def _settle(self) -> None:
        asyncio.run_coroutine_threadsafe(_turns(), self.loop).result()


async def _turns() -> None:
    """Run a few turns: what was sent over loopback is readable once `send` has returned."""
    for _ in range(5):
        await asyncio.sleep(0)


@contextmanager
def movable(**given: Any) -> Iterator[MovableServer]:
    """Start and stop a movable server."""
    with MovableServer(**given) as server:
        assert isinstance(server, MovableServer)
        yield server
