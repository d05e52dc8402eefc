"""The part of a transaction in one store: its read set, its write set, and the commit command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from mockdouyin.core.errors import EndedError
from mockdouyin.core.journal import UNANSWERED, Entry, Exchange
from mockdouyin.core.outbox import QUEUED_STATES, Delivery
from mockdouyin.core.store import Record, RecordKey, Writes
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._address import RedisCommand
from mockdouyin.redis_store._availability import StoreBusyError
from mockdouyin.redis_store._error_texts import CHANGED_MEANWHILE
from mockdouyin.redis_store._queries import (
    RECORD_HEADER,
    ClaimDue,
    Query,
    ScanTable,
    decode_record,
    encode_entry,
    encode_record,
)
from mockdouyin.redis_store._scripts import CLEAR_RECORDS
from mockdouyin.redis_store._transaction import NeedsFetch
from mockdouyin.sandbox.error_texts import WORLD_ENDED

if TYPE_CHECKING:
    from mockdouyin.redis_store._shared_world import SharedStore
    from mockdouyin.redis_store._transaction import Transaction

TABLE_TTL = 366 * 86400
"""Seconds after which Redis deletes a table that is not written to, so that garbage is bounded."""


class StoreTransaction:
    """The read set and write set of one store in a transaction.

    The read set outlives a pass: each pass finds what the ones before it have fetched. The write
    set begins empty with each pass.
    """

    def __init__(self, transaction: Transaction, store: SharedStore) -> None:
        self._transaction = transaction
        self._store = store
        self.redis_time: float | None = None
        """Redis's time at the last fetch; None if nothing was fetched, or a commit was refused."""
        self.numbers: list[int] = []
        """The numbers of the journal that were allotted to this transaction."""
        self._needs_number = False
        self._read_set: dict[RecordKey, tuple[bytes, Record | None]] = {}
        """Records as they were read: the bytes, which the commit compares, and decoded."""
        self._query_results: dict[Query, Any] = {}
        self._claimed: dict[str, Delivery] | None = None
        """What was claimed; kept over retries, because the claim has been made in Redis."""
        self._missing: list[RecordKey] = []
        self._missing_queries: list[Query] = []
        self._version = store.definition.version
        """The version of the definition that this pass computes on."""
        self._fetched_version: str | None = None
        """The version at the last fetch, until the world has caught up with it."""
        self.on_commit: list[Callable[[], None]] = []
        """Called once the write set is committed."""

    def begin_pass(self) -> None:
        """Begin a pass, on the definition that the process has now."""
        self._version = self._store.definition.version
        self._mark = self._store.definition.mark()
        self.now: float = 0.0
        """The world's time, by which the commit sweeps dead records."""
        self.discard_writes()
        # Last: a pass that is refused here is rolled back, which needs all of the above.
        self._store.definition.check()

    def discard_writes(self) -> None:
        """Empty the write set: the next pass may not come to this store at all."""
        self.write_set: Writes = {}
        self.entries: list[Entry] = []
        self.clears: set[str] = set()
        self.on_commit.clear()
        self._committed = False

    def record(self, kind: type[Record], key: str) -> Record | None:
        """Return a record, with what this transaction has written."""
        record_key = (kind, key)
        if record_key in self.write_set:
            return self.write_set[record_key]
        if CLEAR_RECORDS in self.clears:
            return None
        found = self._read_set.get(record_key)
        if found is None:
            if record_key not in self._missing:
                self._missing.append(record_key)
            # Speculate that there is no such record: the pass does not count, but shows what else
            # has to be fetched, in the same round trip.
            if self._store.speculates.get(kind) and not self._transaction.autocommit:
                return None
            self._fetch()
            found = self._read_set[record_key]
        return found[1]

    def expect(self, keys: Iterable[RecordKey]) -> None:
        """Have the next fetch bring these records, too."""
        known = {*self._read_set, *self._missing}
        self._missing += [key for key in dict.fromkeys(keys) if key not in known]

    def table(self, kind: type[Any]) -> dict[str, Any]:
        """Return a whole table, oldest first, with what this transaction has written."""
        # It is not in the read set: a commit does not check what a scan has seen.
        cleared = CLEAR_RECORDS in self.clears
        found: dict[str, Any] = {} if cleared else dict(self.query(ScanTable(kind)))
        found.update({key: each for (of, key), each in self.write_set.items() if of is kind})
        return found

    def write(self, writes: Writes) -> None:
        """Add the writes of a unit; commit them now if it is not part of a transaction."""
        self.write_set.update(writes)
        if self._transaction.autocommit:
            self._autocommit()

    def query(self, query: Query) -> Any:
        """Return the result of a query."""
        if query not in self._query_results:
            # A speculating pass may never come here once its records are known, and a query can be
            # a whole table: fetch the records first.
            if not self._missing:
                self.prefetch(query)
            self._fetch()
        return self._query_results[query]

    def prefetch(self, query: Query) -> None:
        """Send a query with the next fetch."""
        if query not in self._query_results and query not in self._missing_queries:
            self._missing_queries.append(query)

    def claims(self, query: ClaimDue) -> dict[str, Delivery]:
        """Return the deliveries that were claimed; a transaction claims once."""
        if self._claimed is None:
            self._claimed = self.query(query)
        claimed: dict[str, Delivery] = self._claimed
        return claimed

    def expect_number(self) -> None:
        """Have the next fetch allot the number of the first entry."""
        self._needs_number = self._needs_number or not self.numbers

    def next_number(self) -> int:
        """Return the number of the next entry of the journal that this transaction writes."""
        place = len(self.entries)
        if place == len(self.numbers):
            self._needs_number = True
            self._fetch()
        # The script allots none where there is no definition.
        if place == len(self.numbers):
            raise EndedError(WORLD_ENDED(name=self._store.name))
        return self.numbers[place]

    def _fetch(self) -> None:
        if not self._transaction.autocommit:
            raise NeedsFetch
        self.receive(self._transaction.redis.call_many(*self.fetch_commands()))

    def fetch_commands(self) -> list[RedisCommand]:
        """Return the commands that fetch what is missing."""
        store, missing = self._store, self._missing
        keys = [store.keys[0], *(store.table(kind) for kind, _ in missing)]
        # For an exchange, one is allotted with the first fetch. A retry keeps what it has.
        first = self._transaction.is_exchange and not self.numbers
        allot = "1" if first or self._needs_number else ""
        self._needs_number = False
        read = _scripts.READ(keys, allot, *(key for _, key in missing))
        return [read, *(query.command(store) for query in self._missing_queries)]

    def receive(self, replies: list[Any]) -> None:
        """Add what was fetched to the read set."""
        (seconds, micros, version, number, *values), *others = replies
        self.redis_time = int(seconds) + int(micros) / 1e6
        if number is not None:
            self.numbers.append(int(number))
        pairs = zip(self._missing, values, strict=True)
        for from_end, (record_key, raw) in enumerate(pairs, -len(values)):
            kind = record_key[0]
            record = None if raw is None else decode_record(kind, raw)
            self._read_set[record_key] = (raw or b"", record)
            # Speculation on a kind pays if it was right, or if more was found missing after it.
            self._store.speculates[kind] = raw is None or from_end < -1
        for query, reply in zip(self._missing_queries, others, strict=True):
            self._query_results[query] = query.parse(self._store, reply)
            if isinstance(query, ClaimDue):
                self._claimed = self._query_results[query]
        self._missing, self._missing_queries = [], []
        self._fetched_version = (version or b"").decode()
        if self._transaction.autocommit:
            self.catch_up()

    def catch_up(self) -> None:
        """Bring the world to the definition of the last fetch before the next pass computes."""
        if self._fetched_version is not None:
            self._store.definition.catch_up(self._fetched_version)
            self._fetched_version = None
        self._version = self._store.definition.version

    @property
    def is_complete(self) -> bool:
        """Whether the pass went by what was fetched alone: no speculation, no old definition."""
        return self.redis_time is not None and not self._missing

    @property
    def is_redefined(self) -> bool:
        """Whether the pass changed the world's definition."""
        return self._mark != self._store.definition.mark()

    @property
    def needs_commit(self) -> bool:
        """Whether the write set holds anything that is not committed yet."""
        return not self._committed and bool(self.write_set or self.entries or self.clears)

    def roll_back(self) -> None:
        """Roll back the definition and discard the write set."""
        if self.is_redefined:
            self._store.definition.roll_back()
        self.discard_writes()

    def commit_definition(self) -> bool:
        """Commit the write set with the new definition; roll the definition back if refused."""
        try:
            definition = self._store.definition.encode()
            reply = self._transaction.redis.call(*self.commit_command(definition), retry=False)
            accepted = self.accept(reply)
        except BaseException:
            # Redis may have it all the same. Then its version is a newer one than ours, and the
            # next fetch catches up with it.
            self._store.definition.roll_back()
            raise
        if accepted:
            self._store.definition.committed(definition)
        else:
            self._store.definition.roll_back()
        return accepted

    def _autocommit(self) -> None:
        reply = self._transaction.redis.call(*self.commit_command(), retry=False)
        # Not retried: the caller computed the writes itself, outside any action.
        if not self.accept(reply):
            raise StoreBusyError(CHANGED_MEANWHILE())
        self.notify_committed()
        self._read_set.clear()
        self.begin_pass()

    def accept(self, reply: Any) -> bool:
        """Take the reply to a commit; after a conflict, mark the whole read set as missing."""
        self._committed = reply == b"done"
        if reply == b"passed":
            self.numbers.clear()
        if not self._committed:
            self._missing = list(self._read_set)
            self._read_set.clear()
            self._query_results.clear()
            self.redis_time = None
        return self._committed

    def commit_command(self, definition: bytes = b"") -> RedisCommand:
        """Return the command that compares the read set and applies the write set."""
        store = self._store
        tables: dict[type[Record], int] = {}

        def table(kind: type[Record]) -> int:
            """Return the index in KEYS of a kind's table."""
            return tables.setdefault(kind, len(tables) + 1 + len(store.keys))

        read_set: list[Any] = [len(self._read_set)]
        for (kind, key), (raw, _) in self._read_set.items():
            read_set += (table(kind), key, raw)
        writes, deliveries = self._encode_writes(table)
        # The order is the one in which the script takes them.
        return _scripts.COMMIT(
            [*store.keys, *map(store.table, tables)],
            self.entries[0].number if self.entries else 0,
            self._version,
            *read_set,
            definition,
            store.tables,
            "".join(self.clears),
            self.now,
            TABLE_TTL,
            *writes,
            *deliveries,
            *store.journal_limits,
            *self._encode_entries(),
        )

    def _encode_writes(self, table: Callable[[type[Record]], int]) -> tuple[list[Any], list[Any]]:
        writes: list[Any] = [len(self.write_set)]
        deliveries: list[Any] = [0]
        redis_time = self.redis_time or 0.0
        for order, ((kind, key), record) in enumerate(self.write_set.items()):
            raw = self._read_set.get((kind, key), (b"", None))[0]
            # A record that is replaced keeps its place in a scan. New ones of one commit are a
            # microsecond apart, so that they stay in the order in which they were written.
            created = RECORD_HEADER.unpack_from(raw)[1] if raw else redis_time + order * 1e-6
            value = b"" if record is None else encode_record(record, created)
            writes += (table(kind), key, value)
            if kind is Delivery:
                deliveries[0] += 1
                deliveries += (key, _due(record))
        return writes, deliveries

    def _encode_entries(self) -> list[Any]:
        encoded: list[Any] = [len(self.entries)]
        for entry in self.entries:
            is_exchange = isinstance(entry, Exchange)
            keep = UNANSWERED if isinstance(entry, Exchange) and entry.is_unanswered else ""
            encoded += (entry.number, encode_entry(entry), int(is_exchange), keep)
        return encoded

    def notify_committed(self) -> None:
        """Call the watchers and listeners of what was committed."""
        self._store.notify(self.write_set)
        for callback in self.on_commit:
            callback()


def _due(record: Record | None) -> float | str:
    if isinstance(record, Delivery) and record.state in QUEUED_STATES:
        return record.due
    return ""
