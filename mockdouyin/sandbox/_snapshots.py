"""Snapshots of a world: everything that a test can change, as it was at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from mockdouyin.core.errors import ConflictError, NotFoundError, suggestion
from mockdouyin.core.journal import Entry
from mockdouyin.core.store import Records
from mockdouyin.sandbox.definition import Definition, apply, define
from mockdouyin.sandbox.error_texts import NO_SNAPSHOT, TOO_MANY_SNAPSHOTS
from mockdouyin.sandbox.unmet import format_undone

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

MAX_SNAPSHOTS = 20
"""Snapshots of one world: each keeps all of its records alive."""


class Snapshot(NamedTuple):
    """A world at one moment. The outbox is left out: waiting deliveries are records."""

    definition: Definition
    records: Records
    entries: list[Entry]
    now: float
    """The world's time, to which also a clock that runs is put back."""

    @property
    def frozen(self) -> bool:
        """Whether the clock stood still."""
        return self.definition.clock.frozen_at is not None


class Snapshots:
    """The snapshots of one world, by id, oldest first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._saved: dict[str, Snapshot] = {}
        self.made: int = 0
        """Snapshots ever taken: numbers are not reused."""
        self.undone: list[dict[str, Any]] = []
        """Rules that had never been applied when a restore removed them."""

    def __iter__(self) -> Iterator[tuple[str, Snapshot]]:
        return iter(list(self._saved.items()))

    def take(self) -> str:
        """Take a snapshot and return its id."""
        if self._world.no_snapshots:
            raise ConflictError(self._world.no_snapshots)
        if len(self._saved) >= MAX_SNAPSHOTS:
            raise ConflictError(TOO_MANY_SNAPSHOTS(world=self._world.name, most=MAX_SNAPSHOTS))
        self.made += 1
        name = f"snapshot-{self.made}"
        self._saved[name] = _capture(self._world)
        return name

    def restore(self, name: str) -> None:
        """Restore a snapshot; deliveries being sent at this moment are not called back."""
        world, saved = self._world, self._get(name)
        # First, because it may be refused: another world may have taken a key by now.
        apply(world, self._as_restored(saved.definition))
        world.clock.rewind(saved.now)
        world.journal.restore(saved.entries)
        world.outbox.clear()  # the store notifies it of each delivery that is restored
        world.store.restore(saved.records)

    def _as_restored(self, saved: Definition) -> Definition:
        """Return the saved definition with what has become known since, and is not forgotten."""
        world = self._world
        unit = world.store.unit(world.clock.now())
        unused = world.rules.unused(unit)
        kept = {rule.id: rule for rule in saved.rules.outside}
        gone = [each for each in unused if kept.get(each.id) != each.rule]
        idle = {each.id for each in unused}
        applied = [
            each.id
            for each in world.rules
            if each.id not in idle and kept.get(each.id) == each.rule
        ]
        rules = replace(
            saved.rules,
            struck_before=(*saved.rules.struck_before, *applied),
            undone=(*self.undone, *format_undone(world, gone, unit)),
        )
        return replace(saved, rules=rules, snapshots=self.made)

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
            raise NotFoundError(NO_SNAPSHOT(name=name, hint=suggestion(name, self._saved)))
        return self._saved[name]


def _capture(world: World) -> Snapshot:
    return Snapshot(define(world), world.store.snapshot(), world.journal.save(), world.clock.now())
