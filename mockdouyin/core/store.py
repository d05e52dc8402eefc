"""Records and units of work: a request reads, computes, and commits all its writes or none.

Expiry is a field of the record, compared with the world's clock. An expired record is retained for
its class's `RETAIN` seconds, so that the platform can tell an expired token from one that it never
issued. There is no sweeper thread: each insert checks the two records that were checked longest
ago, so garbage is bounded and no request pays for a full scan.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from mockdouyin.core.links import Link

FOREVER = float("inf")


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base class of what the platform remembers: one table for each subclass, one key per record.

    Records are immutable and hold plain values, so they cannot form cycles. `gc=False` relies on
    that: it spares the garbage collector a walk over a million of them.
    """

    TABLE: ClassVar[str]
    """The table's name in state files and in Redis; unlike the class's name, it never changes."""

    RETAIN: ClassVar[float] = 0.0
    """Seconds that an expired record is retained, to tell "expired" from "never issued"."""

    UNDER_WAY: ClassVar[bool] = False
    """Whether it belongs to a call that is under way: no snapshot and no state file has it."""

    expires: float = FOREVER
    """The world's time from which the record counts as expired."""


R = TypeVar("R", bound=Record)

PAGE_SIZE = 1000
"""Records in one page of a table, roughly."""

TablePages = Iterator[list[tuple[str, R]]]
"""A table in pages of keys and records."""


RecordKey = tuple[type[Record], str]
"""Where a record is: its class, and its key in that table."""

Writes = dict[RecordKey, Record | None]
"""What a unit writes; None deletes."""


class Unit:
    """One request's unit of work: it sees its own writes, and nobody else does until `commit`.

    A store brings three steps: fetch a record, list a table, and apply the writes.
    """

    __slots__ = ("_saved", "_writes", "links", "now")

    def __init__(self, now: float) -> None:
        self.now: float = now
        self.links: tuple[Link, ...] = ()
        """What happens in this unit belongs to these; a roll-back keeps them."""
        self._writes: Writes = {}
        self._saved: Writes = {}
        """What was written before the last savepoint."""

    def find(self, kind: type[R], key: str) -> R | None:
        """Return the record, even if it has expired."""
        if self._writes or self._saved:
            address = (kind, key)
            if address in self._writes:
                return self._writes[address]  # type: ignore[return-value]
            if address in self._saved:
                return self._saved[address]  # type: ignore[return-value]
        return self._fetch(kind, key)

    def expect(self, kind: type[Record], keys: Iterable[str]) -> None:
        """Announce that these records will be read; a shared store fetches them together."""

    def read(self, kind: type[R], key: str) -> R | None:
        """Return the record if it exists and has not expired."""
        record = self.find(kind, key)
        return record if record is not None and record.expires > self.now else None

    def write(self, key: str, record: Record) -> None:
        """Insert or replace the record."""
        self._writes[(type(record), key)] = record

    def drop(self, kind: type[Record], key: str) -> None:
        """Delete the record."""
        self._writes[(kind, key)] = None

    def take(self, kind: type[R], key: str) -> R | None:
        """Return the record if it has not expired, and delete it: only one unit can take it."""
        record = self.read(kind, key)
        if record is not None:
            self.drop(kind, key)
        return record

    def scan(self, kind: type[R]) -> Iterator[tuple[str, R]]:
        """Iterate over a table's unexpired records; too slow for a request, and none does it."""
        found: dict[str, R | None] = self._list(kind)
        for (of, key), record in (*self._saved.items(), *self._writes.items()):
            if of is kind:
                found[key] = record  # type: ignore[assignment]
        for key, each in found.items():
            if each is not None and each.expires > self.now:
                yield key, each

    def link(self, link: Link) -> None:
        """Note what this unit belongs to."""
        if link not in self.links:
            self.links += (link,)

    def savepoint(self) -> None:
        """Set a savepoint: a later `roll_back` keeps what was written so far."""
        self._saved.update(self._writes)
        self._writes.clear()

    def roll_back(self) -> None:
        """Discard the writes since the last savepoint, or all of them if there is none."""
        self._writes.clear()

    def commit(self) -> None:
        """Apply the writes to the store, all together."""
        self._apply({**self._saved, **self._writes} if self._saved else self._writes)

    def _fetch(self, kind: type[R], key: str) -> R | None:
        """Return the record as the store has it."""
        raise NotImplementedError

    def _list(self, kind: type[R]) -> dict[str, R | None]:
        """Return a copy of a table as the store has it, oldest first."""
        raise NotImplementedError

    def _apply(self, writes: Writes) -> None:
        """Apply the writes to the store."""
        raise NotImplementedError


Records = dict[type[Record], dict[str, Record]]
"""Every record of a store by class and key, expired ones included."""


class Store(Protocol):
    """The records of one world."""

    def unit(self, now: float) -> Unit:
        """Begin a unit of work at this time of the world's clock."""

    def pages(self, kind: type[R], after: float, until: Callable[[], float]) -> TablePages[R]:
        """Return a table in pages, with all records that expire in this interval, if not more.

        It is called in a transaction, and the pages are read outside of any: a table may be large.
        `until` may tell an earlier time for later pages.
        """

    def watch(self, kind: type[R], watcher: Callable[[R], None]) -> None:
        """Call `watcher` with every record of this class when it is committed."""

    def clear(self) -> None:
        """Delete every record."""

    def snapshot(self) -> Records:
        """Return a copy of the tables, which later writes do not change.

        What belongs to a call under way is not in it.
        """

    def restore(self, records: Records) -> None:
        """Replace all records with these; the watchers are called with each."""

    def count(self) -> int:
        """Return the number of records, expired ones included."""


class _Table(dict[str, Any]):
    """The records of one class by key, with the queue in which they are checked for expiry."""

    __slots__ = ("dropped", "sweep_queue")

    def __init__(self, records: Mapping[str, Record] | None = None) -> None:
        super().__init__(records or {})
        self.sweep_queue: deque[str] = deque(self)
        self.dropped: set[str] = set()
        """Deleted keys whose entries are still in the queue.

        Finding an entry in the middle of a deque is linear. So it stays until its turn comes, and
        a key that is inserted again meanwhile uses it instead of being queued twice.
        """

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
            self.sweep_queue.append(key)
        self._sweep(now)

    def _sweep(self, now: float) -> None:
        """Amortised sweep: each insert checks the two keys that were checked longest ago."""
        queue = self.sweep_queue
        # Two and not one: then expired records go faster than new ones come.
        for _ in range(2):
            if not queue:
                return
            key = queue.popleft()
            record = self.get(key)
            if record is None:
                self.dropped.discard(key)
            elif record.expires + record.RETAIN < now:
                del self[key]
            else:
                queue.append(key)


class MemoryStore:
    """One world's records in plain dictionaries; nothing is serialised."""

    def __init__(self) -> None:
        self._tables: dict[type[Record], _Table] = {}
        self._watchers: dict[type[Record], Callable[[Any], None]] = {}

    def unit(self, now: float) -> MemoryUnit:
        """Begin a unit of work; the caller holds the world's lock until the commit."""
        return MemoryUnit(self._tables, self._watchers, now)

    def pages(self, kind: type[R], after: float, until: Callable[[], float]) -> TablePages[R]:
        """Return a table in pages, as it is now: records that expire at other times, too."""
        table: dict[str, R] = self._tables.get(kind) or {}
        # Two lists take a fifth of the time of a dictionary's copy: 30 ms for a million records.
        pairs = zip(list(table), list(table.values()), strict=True)
        return iter(lambda: list(islice(pairs, PAGE_SIZE)), [])

    def watch(self, kind: type[R], watcher: Callable[[R], None]) -> None:
        """Call `watcher` with every record of this class when it is committed."""
        self._watchers[kind] = watcher

    def clear(self) -> None:
        """Delete every record."""
        self._tables.clear()

    def snapshot(self) -> Records:
        """Return shallow copies of the tables; records are immutable, so they are shared."""
        kept = {kind: each for kind, each in self._tables.items() if not kind.UNDER_WAY}
        return {kind: dict(table) for kind, table in kept.items() if table}

    def restore(self, records: Records) -> None:
        """Replace all records with these; the watchers are called with each."""
        self._tables.clear()
        for kind, saved in records.items():
            self._tables[kind] = _Table(saved)
            watcher = self._watchers.get(kind)
            for record in saved.values() if watcher else ():
                watcher(record)  # type: ignore[misc]

    def count(self) -> int:
        """Return the number of records, expired ones included."""
        return sum(map(len, self._tables.values()))


class MemoryUnit(Unit):
    """A unit of work over the dictionaries of a `MemoryStore`."""

    __slots__ = ("_tables", "_watchers")

    def __init__(
        self,
        tables: dict[type[Record], _Table],
        watchers: dict[type[Record], Callable[[Any], None]],
        now: float,
    ) -> None:
        super().__init__(now)
        self._tables = tables
        self._watchers = watchers

    def _fetch(self, kind: type[R], key: str) -> R | None:
        table = self._tables.get(kind)
        return None if table is None else table.get(key)

    def _list(self, kind: type[R]) -> dict[str, R | None]:
        return dict(self._tables.get(kind, ()))

    def _apply(self, writes: Writes) -> None:
        for (kind, key), record in writes.items():
            table = self._tables.get(kind)
            if table is None:
                table = self._tables[kind] = _Table()
            if record is None:
                table.drop(key)
            else:
                table.put(key, record, self.now)
                if kind in self._watchers:
                    self._watchers[kind](record)
