"""Findings for those who follow a world: examined once for all of them, and not all the time."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from mockdouyin.control._pages import every_delivery, every_exchange
from mockdouyin.control._steps import After, EventBatch, Step
from mockdouyin.control._turns import paced
from mockdouyin.core.journal import Journal
from mockdouyin.sandbox.worlds import World

if TYPE_CHECKING:
    from mockdouyin.findings import Finding

MIN_INTERVAL = 5.0
"""Seconds between two examinations of a world, at least."""

_REST = 20
"""The pause after an examination, in times of what it took: ten thousand exchanges take from 0.3
to 2.5 seconds, and following a world must not cost more than a twentieth of a processor."""

Tell = Callable[[list["Finding"], float | None], EventBatch]
"""Is called with the findings, and the seconds after which another examination is worth it."""


class _Examination(NamedTuple):
    found: list[Finding]
    exchanges: int
    """The count of exchanges when it was made."""
    until: float
    """When the next one may be made."""


_LATEST: WeakKeyDictionary[Journal, _Examination] = WeakKeyDictionary()
"""A cache of the latest examination of each journal that somebody follows."""


def examined(world: World, tell: Tell) -> Step[EventBatch]:
    """Examine the journal of a world, or use what was found a moment ago."""
    journal = world.journal
    latest, count = _LATEST.get(journal), journal.exchange_count
    wait = latest.until - perf_counter() if latest is not None else 0.0
    if latest is not None and (wait > 0 or latest.exchanges == count):
        found, again = latest.found, wait if latest.exchanges != count else None
        return After(lambda: tell(found, again))

    def examine_all() -> EventBatch:
        from mockdouyin.findings import examine  # loaded late: most runs never ask

        began = perf_counter()
        found = examine(every_exchange(world), pace=paced, deliveries=every_delivery(world))
        ended = perf_counter()
        pause = max(MIN_INTERVAL, _REST * (ended - began))
        _LATEST[journal] = _Examination(found, count, ended + pause)
        return tell(found, None)

    return After(examine_all)
