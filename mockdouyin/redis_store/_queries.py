"""What a transaction reads of a world beside single records, and how Redis holds what it reads."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import replace

from mockdouyin.core import codec
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import Endpoint, forgotten_endpoint
from mockdouyin.core.journal import Entry, Exchange
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import FOREVER, PAGE_SIZE, Record, Records
from mockdouyin.core.typed import thread_safe
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._address import RedisCommand

if TYPE_CHECKING:
    from mockdouyin.redis_store._shared_world import SharedStore

RECORD_HEADER = struct.Struct(">dd")
"""Two times before each stored record: after which it may be swept, and when it was created."""

LEASE = 15.0
"""Seconds of real time that a claim on a delivery lasts, unless it is renewed."""

MAX_CLAIMS = 1000
"""Deliveries that are claimed at once."""


def encode_record(record: Record, created: float) -> bytes:
    """Encode a record as it is stored in Redis."""
    return RECORD_HEADER.pack(record.expires + record.RETAIN, created) + codec.encode(record)


def decode_record(kind: type[Any], data: bytes) -> Any:
    """Decode a record."""
    return codec.decode(kind, data[RECORD_HEADER.size :])


def _to_plain(value: Any) -> Any:
    if isinstance(value, Endpoint):
        return value.full_name
    raise NotImplementedError(type(value))


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_to_plain)


@lru_cache(maxsize=16)
def _decoder(catalogue: Catalogue) -> msgspec.msgpack.Decoder[Entry]:
    def from_plain(kind: type, value: Any) -> Any:
        if kind is Endpoint:
            known = catalogue.named(value) or catalogue.replaced.get(value)
            # A scenario that declared it may have been left since then.
            return known or forgotten_endpoint(value)
        raise NotImplementedError(kind)

    return msgspec.msgpack.Decoder(thread_safe(Entry), dec_hook=from_plain)  # type: ignore[arg-type]


def encode_entry(entry: Entry) -> bytes:
    """Encode an entry of the journal."""
    # The journal needs a page's text only, and that is the reply's body.
    if isinstance(entry, Exchange) and entry.reply.page is not None:
        entry = replace(entry, reply=replace(entry.reply, page=None))
    return _ENCODER.encode(entry)


def decode_entry(data: bytes, catalogue: Catalogue) -> Entry:
    """Decode an entry of the journal; an exchange has one of the catalogue's endpoints."""
    return _decoder(catalogue).decode(data)


def _table(kind: type[Any], flat: list[bytes]) -> dict[str, Any]:
    """Decode a whole table, ordered by creation."""
    # The header's times are big-endian, and positive doubles sort as their bytes do.
    pairs = sorted(zip(flat[::2], flat[1::2], strict=True), key=lambda pair: pair[1][8:16])
    return {key.decode(): decode_record(kind, data) for key, data in pairs}


@dataclass(frozen=True)
class ScanTable:
    """Every record of a kind, dead ones included."""

    kind: type[Any]

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        return ("HGETALL", store.table(self.kind))

    def parse(self, store: SharedStore, reply: Any) -> dict[str, Any]:
        """Parse the reply."""
        return _table(self.kind, reply)


class PageFound(NamedTuple):
    """One page of a table."""

    cursor: str
    """Where the next page begins; `0` after the last one."""
    records: dict[str, Any]


@dataclass(frozen=True)
class TablePage:
    """The records of one page of a table that expire after one time and until another."""

    kind: type[Any]
    cursor: str
    after: float
    until: float

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        retained = self.kind.RETAIN
        low, high = self.after + retained, self.until + retained
        if retained == FOREVER:
            low = 0.0  # the header of such a record does not tell when it expires
        bounds = (low, "" if high == FOREVER else high)
        return _scripts.TABLE_PAGE([store.table(self.kind)], self.cursor, PAGE_SIZE, *bounds)

    def parse(self, store: SharedStore, reply: Any) -> PageFound:
        """Parse the reply."""
        cursor, flat = reply
        pairs = zip(flat[::2], flat[1::2], strict=True)
        found = {key.decode(): decode_record(self.kind, data) for key, data in pairs}
        return PageFound(cursor.decode(), found)


@dataclass(frozen=True)
class ScanAll:
    """Every record of every kind, dead ones included."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        return _scripts.SCAN_ALL([store.key("kinds")], store.tables, "")

    def parse(self, store: SharedStore, reply: Any) -> Records:
        """Parse the reply."""
        known = codec.kinds()
        kinds = {known[name.decode()]: flat for name, flat in reply}
        return {kind: _table(kind, flat) for kind, flat in kinds.items()}


@dataclass(frozen=True)
class CountRecords:
    """The number of records."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        return _scripts.SCAN_ALL([store.key("kinds")], store.tables, "count")

    def parse(self, store: SharedStore, reply: Any) -> int:
        """Parse the reply."""
        return int(reply)


class FoundEntry(NamedTuple):
    """An entry of the journal as Redis has it."""

    number: int
    written: float
    """Redis's time at which it was committed."""
    data: bytes


@dataclass(frozen=True)
class EntriesBetween:
    """Entries numbered between two numbers, oldest first: the first ones, or the newest."""

    since: int = 0
    before: int = 0
    limit: int = 0
    newest: bool = False

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        low = f"({self.since}"
        high = f"({self.before}" if self.before else "+inf"
        keys = [store.key("journal"), store.key("places")]
        return _scripts.PAGE(keys, low, high, self.limit or -1, "newest" if self.newest else "")

    def parse(self, store: SharedStore, reply: Any) -> list[FoundEntry]:
        """Parse the reply."""
        flat = iter(reply)
        found = [
            FoundEntry(int(number), int(place.split(b"-")[0]) / 1e3, data)
            for number, place, data in zip(flat, flat, flat, strict=True)
        ]
        return found[::-1] if self.newest else found


@dataclass(frozen=True)
class UnansweredEntries:
    """The first exchanges that nothing answered, still encoded."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        return ("LRANGE", store.key("missed"), 0, -1)

    def parse(self, store: SharedStore, reply: Any) -> list[bytes]:
        """Parse the reply."""
        return list(reply)


class CountsFound(NamedTuple):
    """How far a journal has counted."""

    total: int
    """The latest number that was allotted."""
    exchanges: int
    """Exchanges ever written."""
    dropped: int
    """Entries up to this number are gone."""


@dataclass(frozen=True)
class JournalCounts:
    """How far the journal has counted."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        return ("HMGET", store.key("about"), "total", "exchanges", "dropped")

    def parse(self, store: SharedStore, reply: Any) -> CountsFound:
        """Parse the reply."""
        return CountsFound(*(int(each or 0) for each in reply))


class PendingSummary(NamedTuple):
    """What waits to be sent in a world."""

    time: float
    """Redis's time."""
    version: str
    """The version of the world's definition; empty where there is no such world."""
    due: float | None
    """The world's time at which the next delivery is due."""
    lease_ends: float | None
    """Redis's time at which the first claim ends, if there is one."""


@dataclass(frozen=True)
class PendingDeliveries:
    """When the next delivery is due, and when the first claim ends."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        return _scripts.PENDING([store.key("about"), store.key("due"), store.key("claimed")])

    def parse(self, store: SharedStore, reply: Any) -> PendingSummary:
        """Parse the reply."""
        seconds, micros, version, due, claimed = reply
        return PendingSummary(
            int(seconds) + int(micros) / 1e6,
            (version or b"").decode(),
            float(due[1]) if due else None,
            float(claimed[1]) if claimed else None,
        )


@dataclass(frozen=True)
class SoonestDeliveries:
    """The ids of the deliveries that are due first."""

    limit: int

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        return ("ZRANGE", store.key("due"), 0, self.limit - 1)

    def parse(self, store: SharedStore, reply: Any) -> list[str]:
        """Parse the reply."""
        return [each.decode() for each in reply]


@dataclass(frozen=True)
class ClaimDue:
    """Claim the deliveries that are due at a world's time, and return them.

    The one query that writes: a retried transaction must keep its result and not ask again.
    """

    now: float

    def command(self, store: SharedStore) -> RedisCommand:
        """Return the command to send."""
        keys = [store.key("due"), store.key("claimed"), store.table(Delivery)]
        return _scripts.CLAIM_DUE(keys, self.now, LEASE, MAX_CLAIMS)

    def parse(self, store: SharedStore, reply: Any) -> dict[str, Delivery]:
        """Parse the reply."""
        return _table(Delivery, reply)


Query = (
    ScanTable
    | TablePage
    | ScanAll
    | CountRecords
    | EntriesBetween
    | UnansweredEntries
    | JournalCounts
    | PendingDeliveries
    | SoonestDeliveries
    | ClaimDue
)
