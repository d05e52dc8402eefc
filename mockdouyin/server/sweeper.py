"""Worlds that nobody uses any more: suites that are aborted never drop theirs."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from math import inf

from mockdouyin.core.clock import DAY, MINUTE, format_duration
from mockdouyin.core.errors import AwayError, MockDouyinError
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD

AGE = 3 * DAY
"""Real seconds after which an unused world goes, unless told otherwise: a weekend, and some."""

LOOK_EVERY = MINUTE
"""Real seconds between two looks, at most."""

MAX_WORLDS = 5000
"""Worlds beyond which those go that were unused for the longest time."""

RECENT = 10 * MINUTE
"""Real seconds for which a world that was used is kept, however many there are."""

MANY = 1000
"""Worlds at which there is a warning."""


class Sweeper:
    """Drops the worlds in which nothing happened for an age; the world `default` stays.

    A world is used by each request that it answers and by whatever changes it. Nothing is noted
    when that happens: each look compares the counts that there are with those of the last one.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        age: float = AGE,
        say: Callable[[str], None] = lambda text: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._worlds = sandbox.worlds
        self._age = age
        self._say = say
        self._clock = clock
        self._used: dict[str, tuple[object, float]] = {}
        """What a world's counts were, and when they were first seen to be so."""
        self._warned = False

    @property
    def pause(self) -> float:
        """How long to wait for the next look."""
        return min(LOOK_EVERY, max(self._age / 10, 1.0))

    def look(self) -> list[str]:
        """Drop what is unused, and return the names."""
        now = self._clock()
        self._note(now)
        gone = [name for name in self._unused(now) if self._drop(name)]
        if gone:
            self._say(
                f"dropped {_worlds(len(gone))} that nobody used for long; {len(self._used)} left"
            )
        elif len(self._used) >= MANY and not self._warned:
            self._warned = True
            self._say(_warning(len(self._used), self._age))
        return gone

    def _note(self, now: float) -> None:
        before, self._used = self._used, {}
        for name, counts in self._worlds.activity().items():
            last = before.get(name)
            self._used[name] = last if last is not None and last[0] == counts else (counts, now)

    def _unused(self, now: float) -> list[str]:
        """Return who goes: those unused for an age, and the longest unused of too many."""
        since = {name: at for name, (_, at) in self._used.items() if name != DEFAULT_WORLD}
        longest = sorted(since, key=since.__getitem__)
        surplus = longest[: max(0, len(self._used) - MAX_WORLDS)]
        left = dict.fromkeys(name for name in surplus if now - since[name] >= RECENT)
        left |= dict.fromkeys(name for name in longest if now - since[name] >= self._age)
        return list(left)

    def _drop(self, name: str) -> bool:
        used, _ = self._used[name]
        if self._worlds.counts(name) != used:  # somebody came meanwhile
            return False
        with suppress(MockDouyinError):  # another process was quicker
            self._worlds.drop(name)
        del self._used[name]
        return True

    def try_to_look(self) -> None:
        """Look, if the store answers; the next time is soon enough."""
        with suppress(AwayError):
            self.look()


def _worlds(count: int) -> str:
    return "1 world" if count == 1 else f"{count} worlds"


def _warning(count: int, age: float) -> str:
    goes = (
        "they stay for ever" if age == inf else f"each goes {format_duration(age)} after its use"
    )
    return (
        f"there are {count} worlds: do the tests drop theirs (DELETE /_mock/worlds/NAME)?"
        f" Unused, {goes} (--world-age); beyond {MAX_WORLDS} the longest unused go sooner"
    )
