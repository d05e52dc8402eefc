"""How long a thread waits for the store, and whether the store answers at all.

Logs one line when an outage begins and one when it ends.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum

from mockdouyin.core.errors import AwayError
from mockdouyin.core.texts import DEFAULT_LANGUAGE, NOTHING, Text
from mockdouyin.redis_store._error_texts import (
    ANSWERS_AGAIN,
    GOES_ON,
    NO_REPLY,
    NO_WRITES,
    OUTAGE_BEGAN,
    STORE_AWAY,
    STORE_BUSY,
    STORE_ERROR,
    WRITES_AGAIN,
)

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


OUTAGE_PATIENCE = 0.5
"""Seconds that a request waits for the store during a known outage."""


class StoreAwayError(AwayError):
    """The shared store does not answer; the next request tries it again."""


class HealthLevel(IntEnum):
    """What a reply proves about the store; each level includes the ones below it.

    An outage ends with a reply of the level that failed: reads that succeed do not prove that
    writes do.
    """

    ANYTHING = 0
    SCRIPT = 1
    COMMIT = 2


_NOT_READY = frozenset(
    ("LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOAUTH", "WRONGPASS")
)
# These refuse writes only, so an outage that began with one ends with a commit.
_READS_ONLY = frozenset(("OOM", "READONLY", "MISCONF", "NOREPLICAS"))


def recovery_level(kind: str) -> HealthLevel | None:
    """Return the level that ends the outage an error reply is part of; None if there is none."""
    if kind in _NOT_READY:
        return HealthLevel.ANYTHING
    return HealthLevel.COMMIT if kind in _READS_ONLY else None


def _log_warning(text: Text) -> None:
    logging.getLogger("mockdouyin").warning(text.render(DEFAULT_LANGUAGE))


class Availability:
    """A circuit breaker that all threads share.

    While the store does not answer, one thread at a time probes it, and the others wait half a
    second for the result. So an outage does not occupy every thread until its own deadline.
    """

    def __init__(self, display_url: str, log: Callable[[Text], None] | None = None) -> None:
        self.display_url = display_url
        self.is_away: bool = False
        self.has_answered: bool = False
        """Whether the store has ever answered."""
        self._log = log or _log_warning
        self._changed = threading.Condition()
        self._reason = ""
        self._began = 0.0
        self._ended = 0.0
        self._ends_with = HealthLevel.ANYTHING
        self._is_probing = False
        self._probes = 0

    @property
    def is_unreachable(self) -> bool:
        """Whether nothing is answered; a store that only refuses writes replies at once."""
        return self.is_away and self._ends_with is not HealthLevel.COMMIT

    def record_failure(
        self, reason: str, sent_at: float, ends_with: HealthLevel = HealthLevel.ANYTHING
    ) -> None:
        """Begin an outage, unless there is one or the failed batch is older than the last end."""
        with self._changed:
            # Requests from before the recovery still fail after it; they are not a new outage.
            if self.is_away or sent_at < self._ended or not self.has_answered:
                return
            self.is_away, self._began = True, now()
            self._reason, self._ends_with = reason, ends_with
        self._log(OUTAGE_BEGAN(reason=self._describe(reason)))

    def record_success(self, sent_at: float, level: HealthLevel) -> None:
        """End the outage if a reply proves that it is over."""
        self.has_answered = True
        if self.is_away and self._end_outage(sent_at, level):
            template = WRITES_AGAIN if self._ends_with is HealthLevel.COMMIT else ANSWERS_AGAIN
            self._log(template(url=self.display_url, seconds=f"{self._ended - self._began:.1f}"))

    def _end_outage(self, sent_at: float, level: HealthLevel) -> bool:
        with self._changed:
            # Checked again under the lock: many replies arrive at once, and one line is logged.
            # A reply to a batch from before the outage proves nothing.
            if not self.is_away or sent_at < self._began or level < self._ends_with:
                return False
            self.is_away, self._ended = False, now()
            self._changed.notify_all()
            return True

    def admit(self, until: float) -> bool:
        """Return whether this thread is the probe; wait for the probe's result if it is not.

        Raise StoreAwayError if the store is still unreachable after that. The probe must call
        `probe_done`.
        """
        if not self.is_unreachable:
            return False
        with self._changed:
            if not self._is_probing:
                self._is_probing = True
                return True
            probes = self._probes
            patience = min(OUTAGE_PATIENCE, max(0.0, until - now()))
            self._changed.wait_for(lambda: not self.is_away or self._probes != probes, patience)
            if self.is_unreachable:
                raise self.away_error(self._reason)
            return False

    def probe_done(self) -> None:
        """Wake the threads that wait for the probe's result."""
        with self._changed:
            self._is_probing = False
            self._probes += 1
            self._changed.notify_all()

    def away_error(self, reason: str) -> StoreAwayError:
        """Return the error for a request that got no answer."""
        # At startup nothing would go on by itself: the server exits.
        after = GOES_ON() if self.has_answered else NOTHING
        return StoreAwayError(STORE_AWAY(reason=self._describe(reason), after=after))

    def busy_error(self) -> StoreBusyError:
        """Return the error for a transaction that did not commit in time."""
        return StoreBusyError(STORE_BUSY(url=self.display_url))

    def refused_error(self, reply: str) -> StoreAwayError:
        """Return the error for an error reply that is not part of an outage."""
        return StoreAwayError(STORE_ERROR(url=self.display_url, reply=reply))

    def _describe(self, reason: str) -> Text:
        template = NO_WRITES if reason.partition(" ")[0] in _READS_ONLY else NO_REPLY
        return template(url=self.display_url, reason=reason)
