"""Looking up hosts without blocking the event loop, for no longer than anyone waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from mockdouyin.delivery import _texts as texts
from mockdouyin.delivery._addresses import AddressError, CheckedTarget

MAX_LOOKUPS = 256
"""Lookups that may hang at the same time; further ones wait for one of them to end."""


class Lookups:
    """Runs lookups on the running event loop, each in a daemon thread of its own.

    The system's resolver can hang for longer than any deadline and cannot be interrupted. In a
    pool of threads a few hosts that hang would block all others.
    """

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(MAX_LOOKUPS)

    async def run(self, check: Callable[[], CheckedTarget]) -> CheckedTarget:
        """Return what a lookup returns; whoever is cancelled meanwhile leaves it to itself."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[CheckedTarget] = loop.create_future()

        def finish(target: CheckedTarget | None, error: Exception | None) -> None:
            self._free.release()
            if found.cancelled():
                return
            if error is not None:
                found.set_exception(error)
            elif target is not None:
                found.set_result(target)

        def look_up() -> None:
            target, problem = None, None
            try:
                target = check()
            except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
                problem = error
            with suppress(RuntimeError):  # the event loop may be closed by now
                loop.call_soon_threadsafe(finish, target, problem)

        try:
            threading.Thread(target=look_up, name="mockdouyin lookup", daemon=True).start()
        except RuntimeError as error:  # there are too many threads
            self._free.release()
            raise AddressError(texts.NO_LOOKUP(error=str(error))) from None
        return await found
