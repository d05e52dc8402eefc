"""Waiting on an event loop for what other threads do, without a thread."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import anyio
from anyio import get_cancelled_exc_class
from anyio.lowlevel import current_token

from mockdouyin.control import Pending
from mockdouyin.server.app import ClientDisconnected, Receive, wait_for_disconnect


class Waits:
    """The waits of one application's requests; a server that stops ends those with a timeout."""

    def __init__(self) -> None:
        self._ends: set[Callable[[], None]] = set()

    async def wait(self, pending: Pending, receive: Receive) -> Any:
        """Return the outcome; raise ClientDisconnected if the client goes first."""
        with anyio.move_on_after(pending.timeout) as scope:
            call_soon = caller_on_loop()
            pending.future.add_done_callback(lambda _: call_soon(scope.cancel))
            if pending.timeout is not None:
                self._ends.add(scope.cancel)
            try:
                # Cancelled by the future and by the timeout, so that one task waits for all three.
                await wait_for_disconnect(receive)
            except get_cancelled_exc_class():
                if not scope.cancel_called:  # the task itself is cancelled: nobody waits any more
                    pending.give_up()
                raise
            finally:
                self._ends.discard(scope.cancel)
        if scope.cancelled_caught:
            return pending.outcome()
        pending.give_up()
        raise ClientDisconnected

    @contextlib.contextmanager
    def ended_by(self, end: Callable[[], None]) -> Iterator[None]:
        """Have a server that stops call this function, as long as the block runs."""
        self._ends.add(end)
        try:
            yield
        finally:
            self._ends.discard(end)

    def end(self) -> None:
        """End every wait that has a timeout as if it were over, and every stream."""
        for end in list(self._ends):
            end()


def caller_on_loop() -> Callable[[Callable[[], None]], None]:
    """Return what calls a function on the running event loop, from any thread."""
    loop: Any = current_token().native_token  # of asyncio or trio
    call = loop.run_sync_soon if hasattr(loop, "run_sync_soon") else loop.call_soon_threadsafe

    def call_soon(function: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed, and nobody waits
            call(function)

    return call_soon
