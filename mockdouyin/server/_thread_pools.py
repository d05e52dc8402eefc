"""The threads in which slow operations of the control API run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from mockdouyin.control import Operation
from mockdouyin.sandbox import Sandbox

T = TypeVar("T")

MAX_WAITING = 100
"""Operations that may wait for an event at the same time; further ones are queued."""

_MAX_INLINE_BODY = 16 * 1024
"""Bytes of a body; a longer one is parsed and validated in a thread."""

_MAX_LONG = 4
"""Long operations that run at the same time; further ones are queued."""


class ThreadPools:
    """Runs an operation on the event loop if it is fast, else in a thread.

    Each kind has threads of its own: however many of one kind wait or work, those of the others
    are answered.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._waiting = CapacityLimiter(MAX_WAITING)
        self._working = CapacityLimiter(_MAX_LONG)
        self._without_store = CapacityLimiter(_MAX_LONG)

    async def run(self, operation: Operation, act: Callable[[], T], length: int) -> T:
        """Run an operation whose body has `length` bytes, in a thread if it may take long."""
        is_long = operation.long or length > _MAX_INLINE_BODY
        if operation.waits:
            return await to_thread.run_sync(act, limiter=self._waiting)
        if operation.is_static:
            return await to_thread.run_sync(act, limiter=self._without_store) if is_long else act()
        if not is_long and not self._sandbox.blocks:
            return act()
        limiter = self._working if is_long else None
        # The store's deadline starts here, not when a thread is free.
        timed = self._sandbox.timed(act, long=is_long)
        return await to_thread.run_sync(timed, limiter=limiter)
