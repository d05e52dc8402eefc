"""Drops worlds that nobody uses any more: an aborted test suite never drops its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from math import inf

from mockdouyin.core.clock import DAY, MINUTE, format_duration
from mockdouyin.core.errors import AwayError, MockDouyinError
from mockdouyin.core.texts import Text
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD
from mockdouyin.server._error_texts import DROPPED, DROPPED_ONE, GO_AFTER, MANY_WORLDS, STAY

DEFAULT_MAX_AGE = 3 * DAY
"""Real seconds after which an unused world is dropped by default: longer than a weekend."""

MAX_SWEEP_INTERVAL = MINUTE
"""The longest time between two sweeps, in real seconds."""

MAX_WORLDS = 5000
"""With more worlds than this, those unused for the longest time are dropped."""

MIN_AGE = 10 * MINUTE
"""Real seconds for which a used world is kept, however many there are."""

WARN_AT = 1000
"""With so many worlds a warning is logged, once."""


class Sweeper:
    """Drops worlds that were unused for `max_age`; the world `default` stays.

    A world is used by each request that it answers and by each change to it. No request pays for
    that: each sweep compares the counts of requests and changes with those of the sweep before.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        max_age: float = DEFAULT_MAX_AGE,
        log: Callable[[str], None] = lambda text: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sandbox = sandbox
        self._worlds = sandbox.worlds
        self._max_age = max_age
        self._log = log
        self._clock = clock
        self._last_use: dict[str, tuple[object, float]] = {}
        """For each world its counts, and when they were first seen with these values."""
        self._warned = False

    @property
    def interval(self) -> float:
        """Seconds until the next sweep."""
        return min(MAX_SWEEP_INTERVAL, max(self._max_age / 10, 1.0))

    def drop_unused(self) -> list[str]:
        """Drop the unused worlds, and return their names."""
        now = self._clock()
        self._update(now)
        dropped = [name for name in self._unused(now) if self._drop(name)]
        if dropped:
            left = len(self._last_use)
            self._tell(_dropped(len(dropped), left))
        elif len(self._last_use) >= WARN_AT and not self._warned:
            self._warned = True
            self._tell(_warning(len(self._last_use), self._max_age))
        return dropped

    def _tell(self, says: Text) -> None:
        self._log(says.render(self._sandbox.language))

    def _update(self, now: float) -> None:
        before, self._last_use = self._last_use, {}
        for name, counts in self._worlds.activity().items():
            last = before.get(name)
            self._last_use[name] = (
                last if last is not None and last[0] == counts else (counts, now)
            )

    def _unused(self, now: float) -> list[str]:
        """Return the worlds to drop: those past `max_age`, and the longest unused of too many."""
        since = {name: at for name, (_, at) in self._last_use.items() if name != DEFAULT_WORLD}
        longest = sorted(since, key=since.__getitem__)
        surplus = longest[: max(0, len(self._last_use) - MAX_WORLDS)]
        names = dict.fromkeys(name for name in surplus if now - since[name] >= MIN_AGE)
        names |= dict.fromkeys(name for name in longest if now - since[name] >= self._max_age)
        return list(names)

    def _drop(self, name: str) -> bool:
        counts, _ = self._last_use[name]
        if self._worlds.counts(name) != counts:  # it was used since this sweep began
            return False
        with suppress(MockDouyinError):  # another replica has dropped it already
            self._worlds.drop(name)
        del self._last_use[name]
        return True

    def try_drop_unused(self) -> None:
        """Drop the unused worlds, or leave it to the next sweep if the store is away."""
        with suppress(AwayError):
            self.drop_unused()


def _dropped(count: int, left: int) -> Text:
    return (DROPPED_ONE if count == 1 else DROPPED)(count=count, left=left)


def _warning(count: int, max_age: float) -> Text:
    goes = STAY() if max_age == inf else GO_AFTER(age=format_duration(max_age))
    return MANY_WORLDS(count=count, goes=goes, most=MAX_WORLDS)
