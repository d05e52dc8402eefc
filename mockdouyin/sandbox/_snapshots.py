"""Snapshots of a world: all that a test could change, as it was at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from mockdouyin.core.apps import App
from mockdouyin.core.errors import ConflictError, NotFoundError, did_you_mean
from mockdouyin.core.journal import Exchange
from mockdouyin.core.people import People
from mockdouyin.core.settings import Settings
from mockdouyin.core.store import Records
from mockdouyin.sandbox.deliveries import Timeline
from mockdouyin.sandbox.unmet import format_rules
from mockdouyin.scenario.rulebook import RulebookState
from mockdouyin.scenario.scenario import Scenario

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

MAX_SNAPSHOTS = 20
"""Snapshots that a world keeps: each holds on to all that was there."""


class Snapshot(NamedTuple):
    """A world as it was. What is waiting to be sent stands in the records."""

    records: Records
    apps: dict[str, App]
    claimed: set[str]
    people: People
    settings: Settings
    scenario: Scenario
    rules: RulebookState
    timeline: Timeline
    exchanges: list[Exchange]
    now: float
    frozen: bool


class Snapshots:
    """The snapshots of one world, by id, the oldest first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._saved: dict[str, Snapshot] = {}
        self.made = 0
        """Snapshots ever taken; the next one's number is one more."""
        self.refusal = ""
        """Why none can be taken, where none can."""
        self.undone: list[dict[str, Any]] = []
        """Rules that had struck nothing when a restore took them away."""

    def __iter__(self) -> Iterator[tuple[str, Snapshot]]:
        return iter(list(self._saved.items()))

    def take(self) -> str:
        """Keep the world as it is; give the id that it is restored by."""
        if self.refusal:
            raise ConflictError(self.refusal)
        if len(self._saved) >= MAX_SNAPSHOTS:
            raise ConflictError(
                f"world {self._world.name!r} keeps {MAX_SNAPSHOTS} snapshots and no more;"
                " drop one first"
            )
        self.made += 1
        name = f"snapshot-{self.made}"
        self._saved[name] = _taken(self._world)
        return name

    def restore(self, name: str) -> None:
        """Let the world be as it was; what it sends at this moment is not called back."""
        world, saved = self._world, self._found(name)
        world.reclaim(saved.claimed)  # before anything changes: a key may live elsewhere by now
        unit = world.store.unit(world.clock.now())
        unused = world.rules.unused(unit)
        gone = [armed for armed in unused if armed not in saved.rules.outside]
        self.undone += format_rules(world, gone, unit)
        world.rules.restore(saved.rules, unit)
        world.apps, world.revision = dict(saved.apps), world.revision + 1
        world.people.restore(saved.people)
        world.settings, world.scenario = saved.settings, saved.scenario
        world.timeline = saved.timeline.snapshot()
        world.journal.restore(saved.exchanges)
        world.clock.freeze(saved.now)
        if not saved.frozen:
            world.clock.resume()
        world.outbox.clear()
        world.store.restore(saved.records)

    def drop(self, name: str) -> None:
        """Forget one snapshot."""
        self._found(name)
        del self._saved[name]

    def clear(self) -> None:
        """Forget them all, and what they undid."""
        self._saved.clear()
        self.undone.clear()

    def _found(self, name: str) -> Snapshot:
        if name not in self._saved:
            raise NotFoundError(f"no snapshot {name!r}{did_you_mean(name, self._saved)}")
        return self._saved[name]


def _taken(world: World) -> Snapshot:
    return Snapshot(
        records=world.store.snapshot(),
        apps=dict(world.apps),
        claimed=set(world.claimed),
        people=world.people.snapshot(),
        settings=world.settings,
        scenario=world.scenario,
        rules=world.rules.snapshot(),
        timeline=world.timeline.snapshot(),
        exchanges=list(world.journal),
        now=world.clock.now(),
        frozen=world.clock.frozen,
    )
