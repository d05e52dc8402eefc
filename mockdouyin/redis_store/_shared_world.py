"""One world whose state is in Redis: what it is, is held here under a version."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec

from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import EndedError
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.settings import Settings
from mockdouyin.persistence.definition import apply, define, pack, unpack
from mockdouyin.redis_store._journal import SharedJournal
from mockdouyin.redis_store._outbox import SharedOutbox
from mockdouyin.redis_store._store import SharedStore
from mockdouyin.redis_store._transaction import current, transact
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.scenario import Scenario

if TYPE_CHECKING:
    from mockdouyin.redis_store._world_registry import SharedWorlds

T = TypeVar("T")

_REAL = Clock()


def defined(world: World) -> bytes:
    """Give a world's definition as bytes, without the people that every process can derive."""
    found = define(world)
    people = tuple(each for each in found.people if each.name not in world.people.derived)
    return pack(msgspec.structs.replace(found, people=people))


class WorldStore(SharedStore):
    """The store of a world that has a definition there."""

    world: SharedWorld
    worlds: SharedWorlds
    gone = False

    def check(self) -> None:
        """Refuse where the world has ended."""
        if self.gone:
            raise EndedError(f"world {self.name!r} has ended")

    def mark(self) -> object:
        """Give what changes whenever the world's definition does."""
        return self.world.mark()

    def define(self) -> bytes:
        """Give the world's definition as it is here."""
        return defined(self.world)

    def redefined(self, definition: bytes) -> None:
        """Remember the definition that was committed."""
        self.version = str(int(self.version) + 1)
        self.world.committed = definition

    def undo(self) -> None:
        """Have the definition again that was committed last."""
        apply(self.world, unpack(self.world.committed))

    def learn(self, version: str) -> None:
        """Have the definition of this version."""
        if version != self.version:
            self.worlds.renew(self.world)


class SharedWorld(World):
    """A world whose state is in Redis; what it is, is held here under a version."""

    store: WorldStore
    outbox: SharedOutbox
    journal: SharedJournal

    def __init__(
        self,
        name: str,
        scenario: Scenario,
        settings: Settings,
        clock: Clock,
        *,
        shared_keys: bool = False,
    ) -> None:
        super().__init__(name, scenario, settings, clock, shared_keys=shared_keys)
        self.committed = b""
        """The definition that this process had last."""

    def share(self, worlds: SharedWorlds) -> None:
        """Have all state in Redis from now on."""
        self.store = WorldStore(worlds.link, self.name)
        self.store.world, self.store.worlds = self, worlds
        self.lock = self.store.lock
        self.journal = SharedJournal(self.store)
        self.outbox = SharedOutbox(self.store)
        self.store.watch(Delivery, self.outbox.noticed)
        self.snapshots.refusal = "a world that several processes share has no snapshots"
        self.people.strangers = lambda: self.settings.unknown_people
        self.clock.follow(self._time)

    def _time(self) -> float:
        """Give Redis's time: within some work, the moment at which it was asked."""
        work = current()
        part = None if work is None else work.known(self.store)
        if part is not None and part.moment is not None:
            return part.moment
        return _REAL.now()

    def transact(self, work: Callable[[], T]) -> T:
        """Do work of which nobody sees the half; it may be done more than once until it fits."""

        def act() -> T:
            self.store.store_transaction()
            return work()

        return transact(self.store.link, act)

    def end(self) -> None:
        """Do nothing more."""
        self.store.gone = True
