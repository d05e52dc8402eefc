"""One world in Redis: its state is there, and its definition is held here under a version."""

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

_SYSTEM_CLOCK = Clock()


def encode_definition(world: World) -> bytes:
    """Encode a world's definition, without the people that every process can derive."""
    found = define(world)
    # A world may have a thousand strangers (`unknown_people`): they follow from the settings.
    people = tuple(each for each in found.people if each.name not in world.people.derived)
    return pack(msgspec.structs.replace(found, people=people))


class WorldStore(SharedStore):
    """The store of a world, whose commits check the version of the definition."""

    world: SharedWorld
    worlds: SharedWorlds
    has_ended = False

    def check(self) -> None:
        """Raise EndedError if the world has ended."""
        if self.has_ended:
            raise EndedError(f"world {self.name!r} has ended")

    def mark(self) -> object:
        """Return a value that differs once the world's definition was changed."""
        return self.world.mark()

    def encode_definition(self) -> bytes:
        """Encode the world's definition as it is in this process."""
        return encode_definition(self.world)

    def definition_committed(self, definition: bytes) -> None:
        """Remember the definition that was committed, and its version."""
        # The commit script counts the version up by one in the same step.
        self.version: str = str(int(self.version) + 1)
        self.world.committed = definition

    def roll_back_definition(self) -> None:
        """Roll the world back to the last committed definition."""
        apply(self.world, unpack(self.world.committed))

    def catch_up(self, version: str) -> None:
        """Load the definition from Redis unless this process has this version of it."""
        if version != self.version:
            self.worlds.refresh(self.world)


class SharedWorld(World):
    """A world whose store, journal and outbox are in Redis."""

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
        """The last committed definition that this process knows, encoded."""

    def use_redis(self, worlds: SharedWorlds) -> None:
        """Replace the store, journal and outbox in memory by those in Redis."""
        self.store = WorldStore(worlds.redis, self.name)
        self.store.world, self.store.worlds = self, worlds
        self.journal = SharedJournal(self.store)
        self.outbox = SharedOutbox(self.store)
        self.store.watch(Delivery, self.outbox.add)
        self.snapshots.refusal = "a world that several processes share has no snapshots"
        self.people.strangers = lambda: self.settings.unknown_people
        self.clock.follow(self._redis_time)

    def _redis_time(self) -> float:
        """Return Redis's time at the transaction's last fetch."""
        # So replicas need no common clock, and a pass sees one time from beginning to end. Before
        # the first fetch the system's time will do, as that pass never counts.
        transaction = current()
        store_transaction = None if transaction is None else transaction.known(self.store)
        if store_transaction is not None and store_transaction.redis_time is not None:
            return store_transaction.redis_time
        return _SYSTEM_CLOCK.now()

    def transact(self, action: Callable[[], T]) -> T:
        """Run an action as a transaction; it may be called several times until it commits."""

        def take_part() -> T:
            # Takes part even if it reads no record: the pass counts only on a current definition.
            self.store.store_transaction()
            return action()

        return transact(self.store.redis, take_part)

    def touch(self) -> None:
        """Do nothing: whether a world was used is seen in Redis."""

    def end(self) -> None:
        """End the world in this process; whoever dropped it has deleted its state."""
        self.store.has_ended = True
