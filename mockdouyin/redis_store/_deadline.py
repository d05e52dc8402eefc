"""Deadlines of threads: how long this thread may wait for the store, and whether it may block."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mockdouyin.core.errors import AwayError

NEVER = float("inf")

LOOP_LOCK_TIMEOUT = 0.05
"""Seconds that an event loop blocks on a world's lock: another thread computes a pass under it."""


class StoreBusyError(AwayError):
    """The transaction lost every race: others kept changing what it read, or held the lock."""


class WouldBlock(BaseException):
    """The event loop's thread would have to block; the transaction continues in another thread."""

    # Not an Exception: `except Exception` in an endpoint or operation must not swallow it.


class _ThreadState(threading.local):
    must_not_wait = False
    until = NEVER


THIS_THREAD = _ThreadState()
"""The present thread's deadline, and whether it runs an event loop, which must not block."""


def now() -> float:
    """Return the monotonic time that deadlines are measured in."""
    return time.monotonic()


@contextmanager
def deadline(until: float) -> Iterator[None]:
    """Set this thread's deadline for the block; an earlier one stays in force."""
    before = THIS_THREAD.until
    THIS_THREAD.until = min(before, until)
    try:
        yield
    finally:
        THIS_THREAD.until = before


def time_left(until: float) -> float:
    """Return the seconds until then, or raise TimeoutError."""
    seconds = until - now()
    # A socket takes a timeout of 0 to mean non-blocking, so 0 must not get there.
    if seconds <= 0:
        raise TimeoutError("no answer in time")
    return seconds


def acquire_in_time(lock: threading.Lock | threading.RLock) -> bool:
    """Acquire a lock, waiting until this thread's deadline; return whether it was acquired."""
    if THIS_THREAD.until == NEVER:
        return lock.acquire()
    return lock.acquire(timeout=max(0.0, THIS_THREAD.until - now()))


class DeadlineLock:
    """A reentrant lock that a thread waits for until its deadline and no longer."""

    def __init__(self, busy_error: Callable[[], StoreBusyError]) -> None:
        self._lock = threading.RLock()
        self._busy_error = busy_error

    def acquire(self) -> None:
        """Acquire it; raise StoreBusyError at the deadline, or WouldBlock on an event loop."""
        if self._lock.acquire(blocking=False):
            return
        if THIS_THREAD.must_not_wait:
            # The holder computes a pass, mostly a short one: wait briefly before changing threads.
            if not self._lock.acquire(timeout=LOOP_LOCK_TIMEOUT):
                raise WouldBlock
        elif not acquire_in_time(self._lock):
            raise self._busy_error()

    def release(self) -> None:
        """Release it."""
        self._lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
