"""One world in Redis: its records are there, and a copy of its definition is held here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import EndedError
from mockdouyin.core.settings import Settings
from mockdouyin.core.store import Record, Records, TablePages, Unit, Writes
from mockdouyin.persistence.encoding import pack, unpack
from mockdouyin.redis_store._availability import DeadlineLock
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._journal import SharedJournal
from mockdouyin.redis_store._outbox import SharedOutbox
from mockdouyin.redis_store._queries import CountRecords, PageFound, ScanAll, TablePage
from mockdouyin.redis_store._scripts import CLEAR_RECORDS
from mockdouyin.redis_store._store_transaction import StoreTransaction
from mockdouyin.redis_store._transaction import Transaction, current, transact
from mockdouyin.sandbox.definition import apply, define
from mockdouyin.sandbox.error_texts import WORLD_ENDED
from mockdouyin.sandbox.worlds import Backing, World
from mockdouyin.scenario.scenario import Scenario

if TYPE_CHECKING:
    from mockdouyin.redis_store._world_registry import SharedWorlds

T = TypeVar("T")
R = TypeVar("R", bound=Record)

_SYSTEM_CLOCK = Clock()


class DefinitionCopy:
    """The copy of a world's definition that this process holds, under its version in Redis.

    This one is of a store without a world, as while a world is looked for: it never changes.
    """

    version = ""
    """The version of the definition that this process has; empty if it has none."""

    def check(self) -> None:
        """Raise EndedError if the world has ended."""

    def mark(self) -> object:
        """Return a value that differs once the definition was changed here."""
        return None

    def encode(self) -> bytes:
        """Encode the definition as it is here."""
        return b""

    def committed(self, definition: bytes) -> None:
        """Remember the definition that was committed."""

    def roll_back(self) -> None:
        """Roll the world back to the last committed definition."""

    def catch_up(self, version: str) -> None:
        """Load the definition from Redis unless this is the version held here."""


class LiveDefinition(DefinitionCopy):
    """The definition of a world that this process has loaded."""

    def __init__(self, world: SharedWorld, refresh: Callable[[SharedWorld], None]) -> None:
        self._world = world
        self._refresh = refresh
        self.version: str = ""
        self.last: bytes = b""
        """The last committed definition that this process knows, encoded."""
        self.has_ended = False

    def check(self) -> None:
        """Raise EndedError if the world has ended."""
        if self.has_ended:
            raise EndedError(WORLD_ENDED(name=self._world.name))

    def mark(self) -> object:
        """Return a value that differs once the definition was changed here."""
        return self._world.mark()

    def encode(self) -> bytes:
        """Encode the definition, without the people that every process can derive."""
        found = define(self._world)
        # There may be a thousand strangers (`unknown_people`): they follow from the settings.
        derived = self._world.people.derived
        people = tuple(each for each in found.people if each.name not in derived)
        return pack(msgspec.structs.replace(found, people=people))

    def is_at(self, version: str, definition: bytes) -> None:
        """Note the version and the definition that the world now has."""
        self.version, self.last = version, definition

    def committed(self, definition: bytes) -> None:
        """Remember the definition that was committed."""
        # The commit script counts the version up by one in the same step.
        self.is_at(str(int(self.version) + 1), definition)

    def roll_back(self) -> None:
        """Roll the world back to the last committed definition."""
        apply(self._world, unpack(self.last))

    def catch_up(self, version: str) -> None:
        """Load the definition from Redis unless this is the version held here."""
        if version != self.version:
            self._refresh(self._world)


class SharedStore:
    """The records of a world, shared with every process that knows the world.

    There is one hash for each kind; all keys are in one slot of a cluster.
    """

    def __init__(
        self, redis: RedisConnection, name: str, definition: DefinitionCopy | None = None
    ) -> None:
        self.redis = redis
        self.name = name
        self.definition: DefinitionCopy = definition or DefinitionCopy()
        self.lock: DeadlineLock = DeadlineLock(redis.availability.busy_error)
        """Held during a pass: it computes on the definition, which all threads share."""
        # The braces are a hash tag: a cluster puts keys with the same tag into the same slot.
        self._prefix = f"{redis.prefix}{{{name}}}:"
        self.tables: str = self._prefix + "records:"
        """The prefix of the keys of its tables."""
        self._table_keys: dict[type[Record], str] = {}
        usual = Settings()
        self.journal_limits: tuple[int, int] = (usual.journal_exchanges, usual.journal_bytes)
        """How many exchanges the journal keeps, and how many bytes in Redis."""
        self.speculates: dict[type[Record], bool] = {}
        """Whether a transaction assumes a record of this kind to be absent until it is fetched.

        Learned from the last fetch: it was absent, or more was found to be missing after it.
        """
        self._watchers: dict[type[Record], Callable[[Any], None]] = {}

    def key(self, what: str) -> str:
        """Return the Redis key of something of this world."""
        return self._prefix + what

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys that a commit may write to, in the script's order, without the tables."""
        return tuple(
            map(self.key, ("about", "journal", "places", "missed", "due", "claimed", "kinds"))
        )

    def table(self, kind: type[Record]) -> str:
        """Return the key of the hash that holds a kind of records."""
        # Remembered: every fetch and every commit asks for them.
        key = self._table_keys.get(kind)
        if key is None:
            key = self._table_keys[kind] = self.tables + kind.TABLE
        return key

    def store_transaction(self) -> StoreTransaction:
        """Return this store's part of the current transaction; without one, an autocommit part."""
        transaction = current()
        if transaction is None:
            transaction = Transaction(self.redis, autocommit=True)
        return transaction.store_transaction(self)

    def unit(self, now: float) -> SharedUnit:
        """Begin a unit of work."""
        store_transaction = self.store_transaction()
        store_transaction.now = now
        return SharedUnit(store_transaction, now)

    def pages(self, kind: type[R], after: float, until: Callable[[], float]) -> TablePages[R]:
        """Yield a table's records in pages, each as it is when it is read."""
        cursor, seen = "", set[str]()
        while cursor != "0":
            query = TablePage(kind, cursor or "0", after, until())
            page: PageFound = self.store_transaction().query(query)
            cursor = page.cursor
            # While a table grows or shrinks, Redis may list a record twice.
            yield [(key, record) for key, record in page.records.items() if key not in seen]
            seen.update(page.records)

    def watch(self, kind: type[R], watcher: Callable[[R], None]) -> None:
        """Call a function with every record of a kind that this process commits."""
        self._watchers[kind] = watcher

    def notify(self, writes: Writes) -> None:
        """Call the watchers of records that were committed."""
        for (kind, _), record in writes.items():
            if record is not None and kind in self._watchers:
                self._watchers[kind](record)

    def clear(self) -> None:
        """Delete every record."""

        def clear_records() -> None:
            store_transaction = self.store_transaction()
            store_transaction.write_set.clear()
            store_transaction.clears.add(CLEAR_RECORDS)

        transact(self.redis, clear_records)

    def snapshot(self) -> Records:
        """Return every record but those of calls under way."""
        found: Records = self.store_transaction().query(ScanAll())
        return {kind: table for kind, table in found.items() if not kind.UNDER_WAY}

    def restore(self, records: Records) -> None:
        """Replace all records by these; the watchers are called with each."""

        def replace_records() -> None:
            self.clear()
            write_set = self.store_transaction().write_set
            for kind, table in records.items():
                write_set.update({(kind, key): record for key, record in table.items()})

        transact(self.redis, replace_records)

    def count(self) -> int:
        """Count the records, dead ones that are retained included."""
        return int(self.store_transaction().query(CountRecords()))


class SharedUnit(Unit):
    """A unit of work; what it reads is fetched by the transaction that it belongs to."""

    __slots__ = ("_store_transaction",)

    def __init__(self, store_transaction: StoreTransaction, now: float) -> None:
        super().__init__(now)
        self._store_transaction = store_transaction

    def expect(self, kind: type[Record], keys: Iterable[str]) -> None:
        """Announce records that will be read."""
        self._store_transaction.expect((kind, key) for key in keys)

    def _fetch(self, kind: type[R], key: str) -> R | None:
        return self._store_transaction.record(kind, key)  # type: ignore[return-value]

    def _list(self, kind: type[R]) -> dict[str, R | None]:
        return self._store_transaction.table(kind)

    def _apply(self, writes: Writes) -> None:
        self._store_transaction.write(writes)


class SharedWorld(World):
    """A world whose store, journal and outbox are in Redis."""

    store: SharedStore
    outbox: SharedOutbox
    journal: SharedJournal

    no_snapshots = "a world that several processes share has no snapshots"

    def __init__(
        self,
        worlds: SharedWorlds,
        name: str,
        scenario: Scenario,
        settings: Settings,
        clock: Clock,
        *,
        catalogue: Catalogue,
        shared_keys: bool = False,
    ) -> None:
        self.definition: LiveDefinition = LiveDefinition(self, worlds.refresh)
        store = SharedStore(worlds.redis, name, self.definition)
        super().__init__(
            name,
            scenario,
            settings,
            clock.following(self._redis_time),
            catalogue=catalogue,
            shared_keys=shared_keys,
            backing=Backing(
                store, SharedJournal(store, lambda: self.catalogue), SharedOutbox(store)
            ),
        )

    def _redis_time(self) -> float:
        """Return Redis's time at the transaction's last fetch."""
        # So replicas need no common clock, and a pass sees one time from beginning to end. Before
        # the first fetch the system's time will do, as that pass never counts.
        transaction = current()
        known = None if transaction is None else transaction.known(self.store)
        if known is not None and known.redis_time is not None:
            return known.redis_time
        return _SYSTEM_CLOCK.now()

    def strangers_elsewhere(self) -> int:
        """Return how many strangers other processes may have added."""
        return self.settings.unknown_people

    def transact(self, work: Callable[[], T]) -> T:
        """Run work as one transaction; it may be called several times until it commits."""

        def take_part() -> T:
            # Takes part even if it reads no record: the pass counts only on a current definition.
            self.store.store_transaction()
            return work()

        return transact(self.store.redis, take_part)

    def touch(self) -> None:
        """Do nothing: whether a world was used is seen in Redis."""

    def end(self) -> None:
        """End the world in this process; whoever dropped it has deleted its state."""
        if not self.definition.has_ended:
            self.definition.has_ended = True
            self.journal.followers.end(EndedError(WORLD_ENDED(name=self.name)))
            self.outbox.wake()  # once: whoever is woken finds that it has ended, and ends it again
