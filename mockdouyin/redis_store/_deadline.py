"""How long this thread may wait for the store, and whether it may wait at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mockdouyin.core.errors import AwayError

NEVER = float("inf")

SPIN = 0.05
"""Seconds for which an event loop stands still for a lock: another thread computes under it."""


class StoreBusyError(AwayError):
    """Others were always quicker."""


class Waits(BaseException):
    """An event loop's thread would have to wait; the work goes on in another thread."""


class _Here(threading.local):
    must_not_wait = False
    until = NEVER


HERE = _Here()
"""What holds for the present thread: an event loop's own work must not wait."""


def now() -> float:
    """Return the time by which deadlines are measured."""
    return time.monotonic()


@contextmanager
def deadline(until: float) -> Iterator[None]:
    """Let this thread wait until then and no longer; an earlier deadline stays."""
    before = HERE.until
    HERE.until = min(before, until)
    try:
        yield
    finally:
        HERE.until = before


def left(until: float) -> float:
    """Return the seconds that are left, or raise TimeoutError."""
    seconds = until - now()
    if seconds <= 0:
        raise TimeoutError("no answer in time")
    return seconds


def take(lock: threading.Lock | threading.RLock) -> bool:
    """Acquire a lock for which this thread waits no longer than it may; tell whether it did."""
    if HERE.until == NEVER:
        return lock.acquire()
    return lock.acquire(timeout=max(0.0, HERE.until - now()))


class PatientLock:
    """A reentrant lock for which no thread waits longer than it may."""

    def __init__(self, busy: Callable[[], StoreBusyError]) -> None:
        self._lock = threading.RLock()
        self._busy = busy

    def acquire(self) -> None:
        """Acquire it, or raise StoreBusyError."""
        if self._lock.acquire(blocking=False):
            return
        if HERE.must_not_wait:
            if not self._lock.acquire(timeout=SPIN):
                raise Waits
        elif not take(self._lock):
            raise self._busy()

    def release(self) -> None:
        """Release it."""
        self._lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
