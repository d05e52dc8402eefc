"""A world's records in Redis: one hash for each kind, all keys in one slot of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar

from mockdouyin.core.store import Record, Records
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._deadline import DeadlineLock
from mockdouyin.redis_store._queries import CountRecords, ScanAll, ScanTable
from mockdouyin.redis_store._scripts import CLEAR_RECORDS
from mockdouyin.redis_store._store_transaction import RecordKey, StoreTransaction
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

    def notify(self, writes: dict[RecordKey, Record | None]) -> None:
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


class SharedUnit:
    """A unit of work; what it reads is fetched by the transaction that it belongs to."""

    __slots__ = ("_saved", "_store_transaction", "_writes", "now")

    def __init__(self, store_transaction: StoreTransaction, now: float) -> None:
        self.now: float = now
        self._store_transaction = store_transaction
        self._writes: dict[RecordKey, Record | None] = {}
        self._saved: dict[RecordKey, Record | None] = {}
        """What was written before the last savepoint."""

    def find(self, kind: type[R], key: str) -> R | None:
        """Return the record, living or dead."""
        record_key = (kind, key)
        if record_key in self._writes:
            return self._writes[record_key]  # type: ignore[return-value]
        if record_key in self._saved:
            return self._saved[record_key]  # type: ignore[return-value]
        return self._store_transaction.record(kind, key)  # type: ignore[return-value]

    def read(self, kind: type[R], key: str) -> R | None:
        """Return the living record."""
        record = self.find(kind, key)
        return record if record is not None and record.expires > self.now else None

    def write(self, key: str, record: Record) -> None:
        """Set the record."""
        self._writes[(type(record), key)] = record

    def drop(self, kind: type[Record], key: str) -> None:
        """Delete the record."""
        self._writes[(kind, key)] = None

    def take(self, kind: type[R], key: str) -> R | None:
        """Read the living record and delete it."""
        record = self.read(kind, key)
        if record is not None:
            self.drop(kind, key)
        return record

    def scan(self, kind: type[R]) -> Iterator[tuple[str, R]]:
        """Yield every living record of a kind, oldest first."""
        found: dict[str, R | None] = {}
        # The table itself is not in the read set: a commit does not check what a scan has seen.
        if CLEAR_RECORDS not in self._store_transaction.clears:
            found.update(self._store_transaction.query(ScanTable(kind)))
        for writes in (self._store_transaction.write_set, self._saved, self._writes):
            found.update({key: writes[(of, key)] for of, key in writes if of is kind})  # type: ignore[misc]
        for key, record in found.items():
            if record is not None and record.expires > self.now:
                yield key, record

    def savepoint(self) -> None:
        """Keep what was written so far, whatever becomes of the rest."""
        self._saved.update(self._writes)
        self._writes.clear()

    def roll_back(self) -> None:
        """Discard what was written since the last savepoint."""
        self._writes.clear()

    def commit(self) -> None:
        """Add the writes to the transaction's write set; without a transaction, commit now."""
        self._store_transaction.write_set.update(self._saved)
        self._store_transaction.write_set.update(self._writes)
        self._store_transaction.unit_committed()
