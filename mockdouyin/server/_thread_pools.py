"""The threads in which slow operations of the control API run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from mockdouyin.control import Operation
from mockdouyin.sandbox import Sandbox

T = TypeVar("T")

_MAX_INLINE_BODY = 16 * 1024
"""Bytes of a body; a longer one is parsed and validated in a thread."""

_MAX_LONG = 4
"""Long operations that run at the same time; further ones are queued."""


class ThreadPools:
    """Runs the steps of an operation on the event loop if they are fast, else in a thread.

    Each kind has threads of its own: however many of one kind work, those of the others are
    answered. Nothing waits in a thread.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._working = CapacityLimiter(_MAX_LONG)
        self._released = CapacityLimiter(_MAX_LONG)
        self._without_store = CapacityLimiter(_MAX_LONG)

    async def run(self, operation: Operation, step: Callable[[], T], length: int) -> T:
        """Run the first step of an operation whose body has `length` bytes."""
        is_long = operation.long or length > _MAX_INLINE_BODY
        if operation.is_static:
            return (
                await to_thread.run_sync(step, limiter=self._without_store) if is_long else step()
            )
        if not is_long and not self._sandbox.blocks:
            return step()
        limiter = self._working if is_long else None
        # In an outage the store's deadline starts here, not when a thread is free.
        timed = self._sandbox.timed(step, long=is_long)
        return await to_thread.run_sync(timed, limiter=limiter)

    async def run_released(self, operation: Operation, step: Callable[[], T]) -> T:
        """Run a step after a wait: one call may release a thousand, which then take turns."""
        sandbox = self._sandbox
        if not operation.long and not sandbox.blocks:
            return step()
        return await to_thread.run_sync(
            lambda: sandbox.timed(step, long=operation.long)(), limiter=self._released
        )
