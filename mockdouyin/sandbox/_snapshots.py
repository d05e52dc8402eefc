"""Snapshots of a world: everything that a test can change, as it was at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from mockdouyin.core.apps import App
from mockdouyin.core.errors import ConflictError, NotFoundError, did_you_mean
from mockdouyin.core.journal import Exchange
from mockdouyin.core.people import People
from mockdouyin.core.settings import Settings
from mockdouyin.core.store import Records
from mockdouyin.sandbox.timeline import Timeline
from mockdouyin.sandbox.unmet import format_rules
from mockdouyin.scenario.rulebook import RulebookState
from mockdouyin.scenario.scenario import Scenario

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

MAX_SNAPSHOTS = 20
"""Snapshots of one world: each keeps all of its records alive."""


class Snapshot(NamedTuple):
    """A world at one moment. The outbox is left out: waiting deliveries are records."""

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
    """The snapshots of one world, by id, oldest first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._saved: dict[str, Snapshot] = {}
        self.made: int = 0
        """Snapshots ever taken: numbers are not reused."""
        self.refusal = ""
        """Why this world takes no snapshots; empty if it does."""
        self.undone: list[dict[str, Any]] = []
        """Rules that had never been applied when a restore removed them."""

    def __iter__(self) -> Iterator[tuple[str, Snapshot]]:
        return iter(list(self._saved.items()))

    def take(self) -> str:
        """Take a snapshot and return its id."""
        if self.refusal:
            raise ConflictError(self.refusal)
        if len(self._saved) >= MAX_SNAPSHOTS:
            raise ConflictError(
                f"world {self._world.name!r} keeps {MAX_SNAPSHOTS} snapshots and no more;"
                " drop one first"
            )
        self.made += 1
        name = f"snapshot-{self.made}"
        self._saved[name] = _capture(self._world)
        return name

    def restore(self, name: str) -> None:
        """Restore a snapshot; deliveries being sent at this moment are not called back."""
        world, saved = self._world, self._get(name)
        # First, while nothing has changed: a key may be taken by another world by now.
        world.reclaim(saved.claimed)
        unit = world.store.unit(world.clock.now())
        unused = world.rules.unused(unit)
        gone = [rule for rule in unused if rule not in saved.rules.outside]
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
        world.outbox.clear()  # the store notifies it of each delivery that is restored
        world.store.restore(saved.records)

    def drop(self, name: str) -> None:
        """Drop a snapshot."""
        self._get(name)
        del self._saved[name]

    def clear(self) -> None:
        """Drop all snapshots, and the list of rules that they undid."""
        self._saved.clear()
        self.undone.clear()

    def _get(self, name: str) -> Snapshot:
        if name not in self._saved:
            raise NotFoundError(f"no snapshot {name!r}{did_you_mean(name, self._saved)}")
        return self._saved[name]


def _capture(world: World) -> Snapshot:
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
