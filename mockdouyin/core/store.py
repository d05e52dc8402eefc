"""Records and units of work: a request reads, computes, and commits all its writes or none.

Expiry is data, judged by the world's clock. A record that has died stays for its kind's `RETAIN`
seconds, so that the platform can still tell an expired token from one it never issued. Sweeping
is done by the way: each new record looks at the two that were looked at longest ago.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

FOREVER = float("inf")


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that the platform remembers, under a key within its kind.

    It holds plain values, so that the garbage collector need not look at a million of them.
    """

    TABLE: ClassVar[str]
    """The name that its kind has in state files and in Redis; a class may be renamed, this not."""

    RETAIN: ClassVar[float] = 0.0
    """Seconds that a dead record stays, so that "expired" differs from "never issued"."""

    expires: float = FOREVER
    """The world's time at which the platform stops honouring it."""


R = TypeVar("R", bound=Record)


class Unit(Protocol):
    """One request's unit of work. A write is seen by later reads and kept back until commit."""

    now: float

    def read(self, kind: type[R], key: str) -> R | None:
        """Give the living record."""

    def find(self, kind: type[R], key: str) -> R | None:
        """Give the record, living or dead."""

    def write(self, key: str, record: Record) -> None:
        """Set the record."""

    def drop(self, kind: type[Record], key: str) -> None:
        """Remove the record."""

    def take(self, kind: type[R], key: str) -> R | None:
        """Read the living record and remove it."""

    def scan(self, kind: type[R]) -> Iterator[tuple[str, R]]:
        """Give every living record of a kind; never on the path of a request."""

    def savepoint(self) -> None:
        """Keep what was written so far, whatever becomes of the rest."""

    def roll_back(self) -> None:
        """Forget what was written since the last `keep`."""

    def commit(self) -> None:
        """Carry out what was written."""


Records = dict[type[Record], dict[str, Record]]
"""Every record of a store, by kind and key; the dead ones that are kept included."""


class Store(Protocol):
    """Where a world's records are."""

    def unit(self, now: float) -> Unit:
        """Begin a unit of work."""

    def watch(self, kind: type[R], watcher: Callable[[R], None]) -> None:
        """Tell of every record of a kind that is written, once it is committed."""

    def clear(self) -> None:
        """Forget every record."""

    def snapshot(self) -> Records:
        """Give every record as it stands; what is written later does not change it."""

    def restore(self, records: Records) -> None:
        """Have these records and no others; the watchers are told of each."""

    def count(self) -> int:
        """Count the records, the dead ones that are kept included."""


class _Table(dict[str, Any]):
    """Records of one kind, with the order in which they are looked at for sweeping."""

    __slots__ = ("dropped", "round")

    def __init__(self, records: Mapping[str, Record] | None = None) -> None:
        super().__init__(records or {})
        self.round: deque[str] = deque(self)
        self.dropped: set[str] = set()
        """Keys that are in the round and no more in the table."""

    def drop(self, key: str) -> None:
        if self.pop(key, None) is not None:
            self.dropped.add(key)

    def put(self, key: str, record: Record, now: float) -> None:
        is_new = key not in self
        self[key] = record
        if not is_new:
            return
        if key in self.dropped:
            self.dropped.discard(key)
        else:
            self.round.append(key)
        self._sweep(now)

    def _sweep(self, now: float) -> None:
        """Look at two for each that comes, so that what is dead cannot pile up."""
        turn = self.round
        for _ in (1, 2):
            if not turn:
                return
            old = turn.popleft()
            seen = self.get(old)
            if seen is None:
                self.dropped.discard(old)
            elif seen.expires + seen.RETAIN < now:
                del self[old]
            else:
                turn.append(old)


class MemoryStore:
    """One world's records in plain dictionaries; nothing is serialised."""

    def __init__(self) -> None:
        self._tables: dict[type[Record], _Table] = {}
        self._watchers: dict[type[Record], Callable[[Any], None]] = {}

    def unit(self, now: float) -> MemoryUnit:
        """Begin a unit of work; the world's lock keeps others out until its commit."""
        return MemoryUnit(self._tables, self._watchers, now)

    def watch(self, kind: type[R], watcher: Callable[[R], None]) -> None:
        """Tell of every record of a kind that is written, once it is committed."""
        self._watchers[kind] = watcher

    def clear(self) -> None:
        """Forget every record."""
        self._tables.clear()

    def snapshot(self) -> Records:
        """Give every record as it stands: records never change, so their tables are copied."""
        return {kind: dict(table) for kind, table in self._tables.items() if table}

    def restore(self, records: Records) -> None:
        """Have these records and no others; the watchers are told of each."""
        self._tables.clear()
        for kind, saved in records.items():
            self._tables[kind] = _Table(saved)
            watcher = self._watchers.get(kind)
            for record in saved.values() if watcher else ():
                watcher(record)  # type: ignore[misc]

    def count(self) -> int:
        """Count the records."""
        return sum(map(len, self._tables.values()))


class MemoryUnit:
    """A unit of work over the dictionaries."""

    __slots__ = ("_kept", "_tables", "_watchers", "_writes", "now")

    def __init__(
        self,
        tables: dict[type[Record], _Table],
        watchers: dict[type[Record], Callable[[Any], None]],
        now: float,
    ) -> None:
        self.now = now
        self._tables = tables
        self._watchers = watchers
        self._writes: dict[tuple[type[Record], str], Record | None] = {}
        self._kept: dict[tuple[type[Record], str], Record | None] = {}

    def find(self, kind: type[R], key: str) -> R | None:
        """Give the record, living or dead."""
        if self._writes or self._kept:
            place = (kind, key)
            if place in self._writes:
                return self._writes[place]  # type: ignore[return-value]
            if place in self._kept:
                return self._kept[place]  # type: ignore[return-value]
        table = self._tables.get(kind)
        return None if table is None else table.get(key)

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
        """Give every living record of a kind."""
        if not self._kept and not self._writes:
            for key, record in list(self._tables.get(kind, {}).items()):
                if record.expires > self.now:
                    yield key, record
            return
        keys = list(self._tables.get(kind, ()))
        keys += [key for (of, key) in (*self._kept, *self._writes) if of is kind]
        for key in dict.fromkeys(keys):
            record = self.read(kind, key)
            if record is not None:
                yield key, record

    def savepoint(self) -> None:
        """Keep what was written so far, whatever becomes of the rest."""
        self._kept.update(self._writes)
        self._writes.clear()

    def roll_back(self) -> None:
        """Forget what was written since the last `keep`."""
        self._writes.clear()

    def commit(self) -> None:
        """Carry out what was written."""
        if self._kept:
            self._writes = {**self._kept, **self._writes}
        for (kind, key), record in self._writes.items():
            table = self._tables.get(kind)
            if table is None:
                table = self._tables[kind] = _Table()
            if record is None:
                table.drop(key)
            else:
                table.put(key, record, self.now)
                if kind in self._watchers:
                    self._watchers[kind](record)
