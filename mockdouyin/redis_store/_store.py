"""A world's records in Redis: one hash for each kind, one slot of a cluster for all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar

from mockdouyin.core.store import Record, Records
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._deadline import PatientLock
from mockdouyin.redis_store._queries import CountRecords, ScanAll, ScanTable
from mockdouyin.redis_store._store_transaction import RecordKey, StoreTransaction
from mockdouyin.redis_store._transaction import Transaction, current, transact

R = TypeVar("R", bound=Record)


class SharedStore:
    """Where a world's records are, for every process that knows the world."""

    def __init__(self, link: RedisConnection, name: str) -> None:
        self.link = link
        self.name = name
        self.lock = PatientLock(link.presence.busy)
        self.version = ""
        """Which version of the world's definition this process has; empty where it has none."""
        self._head = f"{link.prefix}{{{name}}}:"
        self.tables = self._head + "records:"
        """How the keys of its tables begin."""
        self._table_of: dict[type[Record], str] = {}
        self.leads_on: dict[type[Record], bool] = {}
        """Whether work that lacks a record of a kind goes on as if there were none: the last time
        there was none, or more was found to be missing after it."""
        self._watchers: dict[type[Record], Callable[[Any], None]] = {}

    def key(self, what: str) -> str:
        """Give the key of something of this world's."""
        return self._head + what

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of all that a commit may write to, beside its tables."""
        return tuple(map(self.key, ("about", "journal", "missed", "due", "claimed", "kinds")))

    def table(self, kind: type[Record]) -> str:
        """Give the key of the records of a kind."""
        key = self._table_of.get(kind)
        if key is None:
            key = self._table_of[kind] = self.tables + kind.TABLE
        return key

    def store_transaction(self) -> StoreTransaction:
        """Give this store's part in the present work, or in none."""
        work = current()
        return (
            work if work is not None else Transaction(self.link, blocking=True)
        ).store_transaction(self)

    # What a world with a definition does otherwise.

    def check(self) -> None:
        """Refuse where the world has ended."""

    def mark(self) -> object:
        """Give what changes whenever the world's definition does."""
        return None

    def define(self) -> bytes:
        """Give the world's definition as it is here."""
        return b""

    def redefined(self, definition: bytes) -> None:
        """Remember the definition that was committed."""

    def undo(self) -> None:
        """Have the definition again that was committed last."""

    def learn(self, version: str) -> None:
        """Have the definition of this version."""

    # The store.

    def unit(self, now: float) -> SharedUnit:
        """Begin a unit of work."""
        part = self.store_transaction()
        part.now = now
        return SharedUnit(part, now)

    def watch(self, kind: type[R], watcher: Callable[[R], None]) -> None:
        """Tell of every record of a kind that this process writes, once it is committed."""
        self._watchers[kind] = watcher

    def tell(self, writes: dict[RecordKey, Record | None]) -> None:
        """Tell the watchers."""
        for (kind, _), record in writes.items():
            if record is not None and kind in self._watchers:
                self._watchers[kind](record)

    def clear(self) -> None:
        """Forget every record."""

        def forget() -> None:
            part = self.store_transaction()
            part.writes.clear()
            part.forget.add("r")

        transact(self.link, forget)

    def snapshot(self) -> Records:
        """Give every record as it stands."""
        found: Records = self.store_transaction().ask(ScanAll())
        return found

    def restore(self, records: Records) -> None:
        """Have these records and no others; the watchers are told of each."""

        def write() -> None:
            self.clear()
            writes = self.store_transaction().writes
            for kind, table in records.items():
                writes.update({(kind, key): record for key, record in table.items()})

        transact(self.link, write)

    def count(self) -> int:
        """Count the records, the dead ones that are kept included."""
        return int(self.store_transaction().ask(CountRecords()))


class SharedUnit:
    """A unit of work over what is fetched when it is missing."""

    __slots__ = ("_kept", "_part", "_writes", "now")

    def __init__(self, part: StoreTransaction, now: float) -> None:
        self.now = now
        self._part = part
        self._writes: dict[RecordKey, Record | None] = {}
        self._kept: dict[RecordKey, Record | None] = {}

    def find(self, kind: type[R], key: str) -> R | None:
        """Give the record, living or dead."""
        place = (kind, key)
        if place in self._writes:
            return self._writes[place]  # type: ignore[return-value]
        if place in self._kept:
            return self._kept[place]  # type: ignore[return-value]
        return self._part.record(kind, key)  # type: ignore[return-value]

    def read(self, kind: type[R], key: str) -> R | None:
        """Give the living record."""
        record = self.find(kind, key)
        return record if record is not None and record.expires > self.now else None

    def write(self, key: str, record: Record) -> None:
        """Set the record."""
        self._writes[(type(record), key)] = record

    def drop(self, kind: type[Record], key: str) -> None:
        """Remove the record."""
        self._writes[(kind, key)] = None

    def take(self, kind: type[R], key: str) -> R | None:
        """Read the living record and remove it."""
        record = self.read(kind, key)
        if record is not None:
            self.drop(kind, key)
        return record

    def scan(self, kind: type[R]) -> Iterator[tuple[str, R]]:
        """Give every living record of a kind, the oldest first."""
        found: dict[str, R | None] = {}
        if "r" not in self._part.forget:
            found.update(self._part.ask(ScanTable(kind)))
        for writes in (self._part.writes, self._kept, self._writes):
            found.update({key: writes[(of, key)] for of, key in writes if of is kind})  # type: ignore[misc]
        for key, record in found.items():
            if record is not None and record.expires > self.now:
                yield key, record

    def savepoint(self) -> None:
        """Keep what was written so far, whatever becomes of the rest."""
        self._kept.update(self._writes)
        self._writes.clear()

    def roll_back(self) -> None:
        """Forget what was written since the last `keep`."""
        self._writes.clear()

    def commit(self) -> None:
        """Let the work carry out what was written; alone, carry it out now."""
        self._part.writes.update(self._kept)
        self._part.writes.update(self._writes)
        self._part.unit_done()
