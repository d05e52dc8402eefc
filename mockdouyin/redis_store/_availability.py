"""Whether the store answers: one line is told when it goes away, and one when it is back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import IntEnum

from mockdouyin.core.errors import AwayError
from mockdouyin.redis_store._deadline import StoreBusyError, now

SHORT = 0.5
"""Seconds that a request waits while the store is known to be away."""


class StoreAwayError(AwayError):
    """The shared store does not answer; the next request tries it again."""


class Sign(IntEnum):
    """What was answered, and what has to be before an outage is over; more includes less."""

    ANYTHING = 0
    SCRIPT = 1
    COMMIT = 2


_NOT_READY = frozenset(
    ("LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOAUTH", "WRONGPASS")
)
_READS_ONLY = frozenset(("OOM", "READONLY", "MISCONF", "NOREPLICAS"))


def sign_of_refusal(kind: str) -> Sign | None:
    """Return what ends the outage that a refusal is part of; None where it is no outage."""
    if kind in _NOT_READY:
        return Sign.ANYTHING
    return Sign.COMMIT if kind in _READS_ONLY else None


def _log(text: str) -> None:
    logging.getLogger("mockdouyin").warning(text)


class Presence:
    """Whether a store is there.

    Threads find out together: while it is away one of them tries it, and the others wait a moment
    for what it finds.
    """

    def __init__(self, place: str, tell: Callable[[str], None] | None = None) -> None:
        self.place = place
        self.is_away = False
        self.was_there = False
        """Whether it has ever answered."""
        self._tell = tell or _log
        self._changed = threading.Condition()
        self._reason = ""
        self._since = 0.0
        self._ended = 0.0
        self._ends_with = Sign.ANYTHING
        self._is_tried = False
        self._tries = 0

    @property
    def is_silent(self) -> bool:
        """Whether it is away altogether; one that refuses to write still answers at once."""
        return self.is_away and self._ends_with is not Sign.COMMIT

    def failed(self, why: str, asked: float, ends_with: Sign = Sign.ANYTHING) -> None:
        """Take note that what was asked at some time was not answered."""
        with self._changed:
            if self.is_away or asked < self._ended or not self.was_there:
                return
            self.is_away, self._since = True, now()
            self._reason, self._ends_with = why, ends_with
        self._tell(f"{self._says(why)}; until it does, every request gets a 503")

    def answered(self, asked: float, sign: Sign) -> None:
        """Take note of an answer to what was asked at some time."""
        self.was_there = True
        if self.is_away and self._is_over(asked, sign):
            again = "takes writes" if self._ends_with is Sign.COMMIT else "answers"
            took = self._ended - self._since
            self._tell(f"the store at {self.place} {again} again, after {took:.1f} s")

    def _is_over(self, asked: float, sign: Sign) -> bool:
        """End the outage, if that is what an answer does; one alone does it."""
        with self._changed:
            if not self.is_away or asked < self._since or sign < self._ends_with:
                return False
            self.is_away, self._ended = False, now()
            self._changed.notify_all()
            return True

    def admit(self, until: float) -> bool:
        """Let a thread ask the store; tell whether it does so for all who wait meanwhile."""
        if not self.is_silent:
            return False
        with self._changed:
            if not self._is_tried:
                self._is_tried = True
                return True
            tries = self._tries
            patience = min(SHORT, max(0.0, until - now()))
            self._changed.wait_for(lambda: not self.is_away or self._tries != tries, patience)
            if self.is_silent:
                raise self.away(self._reason)
            return False

    def tried(self) -> None:
        """Let those who waited for a try go on."""
        with self._changed:
            self._is_tried = False
            self._tries += 1
            self._changed.notify_all()

    def away(self, why: str) -> StoreAwayError:
        """Return what to tell those who asked in vain."""
        after = "; mockdouyin goes on once it does" if self.was_there else ""
        return StoreAwayError(f"{self._says(why)}{after}")

    def busy(self) -> StoreBusyError:
        """Return what to tell those who had no turn in time."""
        return StoreBusyError(
            f"the store at {self.place} is busy: others change the same thing again and again;"
            " ask again"
        )

    def refused(self, why: str) -> StoreAwayError:
        """Return what to tell those who got a refusal that has nothing to do with an outage."""
        return StoreAwayError(f"the store at {self.place} answered with an error ({why})")

    def _says(self, why: str) -> str:
        does = "does not write" if why.partition(" ")[0] in _READS_ONLY else "does not answer"
        return f"the store at {self.place} {does} ({why})"
