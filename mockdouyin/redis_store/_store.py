"""A world's records in Redis: one hash for each kind, all keys in one slot of a cluster."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from mockdouyin.core.store import Record, Records, Unit, Writes
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._deadline import DeadlineLock
from mockdouyin.redis_store._queries import CountRecords, ScanAll
from mockdouyin.redis_store._scripts import CLEAR_RECORDS
from mockdouyin.redis_store._store_transaction import StoreTransaction
from mockdouyin.redis_store._transaction import Transaction, current, transact

R = TypeVar("R", bound=Record)


class SharedStore:
    """The records of a world, shared with every process that knows the world."""

    def __init__(self, redis: RedisConnection, name: str) -> None:
        self.redis = redis
        self.name = name
        self.lock: DeadlineLock = DeadlineLock(redis.availability.busy_error)
        """Held during a pass: it computes on the definition, which all threads share."""
        self.version: str = ""
        """The version of the world's definition that this process has; empty if it has none."""
        # The braces are a hash tag: a cluster puts keys with the same tag into the same slot.
        self._prefix = f"{redis.prefix}{{{name}}}:"
        self.tables: str = self._prefix + "records:"
        """The prefix of the keys of its tables."""
        self._table_keys: dict[type[Record], str] = {}
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
        return tuple(map(self.key, ("about", "journal", "missed", "due", "claimed", "kinds")))

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

    # A bare store has no definition, so its transactions find nothing to check; `WorldStore` has.

    def check(self) -> None:
        """Raise EndedError if the world has ended."""

    def mark(self) -> object:
        """Return a value that differs once the world's definition was changed."""
        return None

    def encode_definition(self) -> bytes:
        """Encode the world's definition as it is in this process."""
        return b""

    def definition_committed(self, definition: bytes) -> None:
        """Remember the definition that was committed."""

    def roll_back_definition(self) -> None:
        """Roll the world back to the last committed definition."""

    def catch_up(self, version: str) -> None:
        """Load the definition from Redis unless this process has this version of it."""

    def unit(self, now: float) -> SharedUnit:
        """Begin a unit of work."""
        store_transaction = self.store_transaction()
        store_transaction.now = now
        return SharedUnit(store_transaction, now)

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
        """Return every record."""
        found: Records = self.store_transaction().query(ScanAll())
        return found

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

    def _fetch(self, kind: type[R], key: str) -> R | None:
        return self._store_transaction.record(kind, key)  # type: ignore[return-value]

    def _list(self, kind: type[R]) -> dict[str, R | None]:
        return self._store_transaction.table(kind)

    def _apply(self, writes: Writes) -> None:
        self._store_transaction.write(writes)
