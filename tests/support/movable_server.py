"""A server whose event loop's time can be moved: limits of minutes are met at once."""

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
    """A running server on such a loop."""

    loop: MovableLoop

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.loop.close()
        self.loop = MovableLoop()

    def advance(self, seconds: float) -> None:
        """Let the server read what was sent, then let time pass and what is due happen."""
        self._settle()
        self.loop.call_soon_threadsafe(self._move, seconds)
        self._settle()

    def _move(self, seconds: float) -> None:
        self.loop.moved += seconds

    def _settle(self) -> None:
        asyncio.run_coroutine_threadsafe(_turns(), self.loop).result()


async def _turns() -> None:
    """What was sent over loopback is there to be read when the sender's call returns."""
    for _ in range(5):
        await asyncio.sleep(0)


@contextmanager
def movable(**given: Any) -> Iterator[MovableServer]:
    """Start and stop one."""
    with MovableServer(**given) as server:
        assert isinstance(server, MovableServer)
        yield server
