"""What work may want to know of a world beside its records, each by one command of a trip."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from mockdouyin.core import codec
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Record, Records
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._connection import RedisCommand

if TYPE_CHECKING:
    from mockdouyin.redis_store._store import SharedStore

HEAD = struct.Struct(">dd")
"""How a record begins: the moment after which it may go, and the one at which it came."""

LEASE = 15.0
"""Seconds of real time for which a delivery is ours alone, unless the claim is renewed."""

_MOST_CLAIMS = 1000


def packed(record: Record, born: float) -> bytes:
    """Give a record as it stands in Redis."""
    return HEAD.pack(record.expires + record.RETAIN, born) + codec.encode(record)


def unpacked(kind: type[Any], data: bytes) -> Any:
    """Read a record."""
    return codec.decode(kind, data[HEAD.size :])


def _table(kind: type[Any], flat: list[bytes]) -> dict[str, Any]:
    """Read a whole table, the record that came first first."""
    pairs = sorted(zip(flat[::2], flat[1::2], strict=True), key=lambda pair: pair[1][8:16])
    return {key.decode(): unpacked(kind, data) for key, data in pairs}


@dataclass(frozen=True)
class ScanTable:
    """Every record of a kind, living or dead."""

    kind: type[Any]

    def command(self, store: SharedStore) -> RedisCommand:
        """Give the command."""
        return ("HGETALL", store.table(self.kind))

    def read(self, store: SharedStore, answer: Any) -> dict[str, Any]:
        """Read its answer."""
        return _table(self.kind, answer)


@dataclass(frozen=True)
class ScanAll:
    """Every record of every kind."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Give the command."""
        return _scripts.ALL([store.key("kinds")], store.tables, "")

    def read(self, store: SharedStore, answer: Any) -> Records:
        """Read its answer."""
        known = codec.kinds()
        kinds = {known[name.decode()]: flat for name, flat in answer}
        return {kind: _table(kind, flat) for kind, flat in kinds.items()}


@dataclass(frozen=True)
class CountRecords:
    """How many records there are."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Give the command."""
        return _scripts.ALL([store.key("kinds")], store.tables, "count")

    def read(self, store: SharedStore, answer: Any) -> int:
        """Read its answer."""
        return int(answer)


@dataclass(frozen=True)
class JournalEntries:
    """The journal's exchanges, as bytes."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Give the command."""
        return ("XRANGE", store.key("journal"), "-", "+")

    def read(self, store: SharedStore, answer: Any) -> list[bytes]:
        """Read its answer."""
        return [entry[1] for _, entry in answer]


@dataclass(frozen=True)
class UnansweredEntries:
    """The first exchanges that nothing answered, as bytes."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Give the command."""
        return ("LRANGE", store.key("missed"), 0, -1)

    def read(self, store: SharedStore, answer: Any) -> list[bytes]:
        """Read its answer."""
        return list(answer)


@dataclass(frozen=True)
class JournalTotal:
    """How many exchanges were ever numbered."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Give the command."""
        return ("HGET", store.key("about"), "total")

    def read(self, store: SharedStore, answer: Any) -> int:
        """Read its answer."""
        return int(answer or 0)


class PendingSummary(NamedTuple):
    """What is waiting to be sent, at a glance."""

    moment: float
    version: str
    due: float | None
    """The world's time at which the next delivery is due."""
    leased: float | None
    """Real time at which the first claim ends, where something is claimed."""


@dataclass(frozen=True)
class HasPending:
    """Whether anything is waiting to be sent."""

    def command(self, store: SharedStore) -> RedisCommand:
        """Give the command."""
        return _scripts.LOOK([store.key("about"), store.key("due"), store.key("claimed")])

    def read(self, store: SharedStore, answer: Any) -> PendingSummary:
        """Read its answer."""
        seconds, micros, version, due, leased = answer
        return PendingSummary(
            int(seconds) + int(micros) / 1e6,
            (version or b"").decode(),
            float(due[1]) if due else None,
            float(leased[1]) if leased else None,
        )


@dataclass(frozen=True)
class ClaimDue:
    """Take what is due: nobody else gets it while the lease runs."""

    now: float

    def command(self, store: SharedStore) -> RedisCommand:
        """Give the command."""
        keys = [store.key("due"), store.key("claimed"), store.table(Delivery)]
        return _scripts.CLAIM(keys, self.now, LEASE, _MOST_CLAIMS)

    def read(self, store: SharedStore, answer: Any) -> dict[str, Delivery]:
        """Read its answer."""
        return _table(Delivery, answer)


Query = (
    ScanTable
    | ScanAll
    | CountRecords
    | JournalEntries
    | UnansweredEntries
    | JournalTotal
    | HasPending
    | ClaimDue
)
