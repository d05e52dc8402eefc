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


class JournalExamination(NamedTuple):
    """What was found in a journal."""

    found: list[Finding]
    examined: int
    """How many exchanges were looked at."""
    of: tuple[int, int, int]
    """The journal's state: exchanges ever written, the latest number, the latest that is gone."""
    until: float
    """When those who follow may have the next one."""

    @property
    def exchange_count(self) -> int:
        """The exchanges that had ever been written."""
        return self.of[0]


_LATEST: WeakKeyDictionary[Journal, JournalExamination] = WeakKeyDictionary()
"""A cache of the latest examination of each journal."""


def examination(world: World) -> Callable[[], JournalExamination]:
    """Return what examines a world's journal, or tells what was found if nothing was written."""
    journal = world.journal
    latest, of = _LATEST.get(journal), _state(journal)
    if latest is not None and latest.of == of:
        return lambda: latest

    def examine_all() -> JournalExamination:
        from mockdouyin.findings import examine  # loaded late: most runs never ask

        began = perf_counter()
        exchanges = every_exchange(world)
        found = examine(exchanges, pace=paced, deliveries=every_delivery(world))
        ended = perf_counter()
        pause = max(MIN_INTERVAL, _REST * (ended - began))
        made = _LATEST[journal] = JournalExamination(found, len(exchanges), of, ended + pause)
        return made

    return examine_all


def _state(journal: Journal) -> tuple[int, int, int]:
    return journal.exchange_count, journal.total, journal.dropped


def examined(world: World, tell: Tell) -> Step[EventBatch]:
    """Examine the journal of a world, or use what was found a moment ago."""
    latest, count = _LATEST.get(world.journal), world.journal.exchange_count
    wait = latest.until - perf_counter() if latest is not None else 0.0
    if latest is not None and (wait > 0 or latest.exchange_count == count):
        found, again = latest.found, wait if latest.exchange_count != count else None
        return After(lambda: tell(found, again))
    examine_all = examination(world)
    return After(lambda: tell(examine_all().found, None))
