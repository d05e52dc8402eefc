"""A world's part in some work: what was read there, and what the commit will write."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockdouyin.core.errors import EndedError
from mockdouyin.core.journal import UNANSWERED, Exchange
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Record
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._connection import RedisCommand
from mockdouyin.redis_store._deadline import StoreBusyError
from mockdouyin.redis_store._exchange_codec import pack
from mockdouyin.redis_store._queries import HEAD, ClaimDue, Query, packed, unpacked
from mockdouyin.redis_store._transaction import NeedsFetch

if TYPE_CHECKING:
    from mockdouyin.redis_store._store import SharedStore
    from mockdouyin.redis_store._transaction import Transaction

RecordKey = tuple[type[Record], str]

YEAR = 366 * 86400
"""Seconds after which Redis forgets a table that nobody wrote to: a bound for garbage."""

JOURNAL_COUNT, JOURNAL_SIZE = 2000, 16 * 1024 * 1024


class StoreTransaction:
    """What work knows of one store, and what it will change there."""

    def __init__(self, work: Transaction, store: SharedStore) -> None:
        self._work = work
        self._store = store
        self.moment: float | None = None
        """Redis's time when it was last asked; None before that."""
        self.number: int | None = None
        """The number of the exchange."""
        self._found: dict[RecordKey, tuple[bytes, Record | None]] = {}
        self._answers: dict[Query, Any] = {}
        self._taken: dict[type[Any], Any] = {}
        """Answers that stay however often the work begins again: what was taken is ours."""
        self._places: list[RecordKey] = []
        self._wants: list[Query] = []
        self._version = store.version
        self._seen_version: str | None = None
        """The version that was read last, until the world is as it was then."""
        self.after: list[Callable[[], None]] = []
        """What is done once it is committed."""

    def begin(self) -> None:
        """Begin a pass."""
        self._store.check()
        self._version = self._store.version
        self._mark = self._store.mark()
        self.now = 0.0
        """The world's time, by which what has died is swept."""
        self.forget_writes()

    def forget_writes(self) -> None:
        """Have nothing to write: the next pass need not come here again."""
        self.writes: dict[RecordKey, Record | None] = {}
        self.exchanges: list[Exchange] = []
        self.forget: set[str] = set()
        self.after.clear()
        self._committed = False

    # What is read.

    def record(self, kind: type[Record], key: str) -> Record | None:
        """Give a record as it is after what this work wrote."""
        place = (kind, key)
        if place in self.writes:
            return self.writes[place]
        if "r" in self.forget:
            return None
        found = self._found.get(place)
        if found is None:
            if place not in self._places:
                self._places.append(place)
            if self._store.leads_on.get(kind) and not self._work.blocking:
                return None  # for this pass: what else is missing is fetched with it
            self._fetch()
            found = self._found[place]
        return found[1]

    def ask(self, want: Query) -> Any:
        """Give what is wanted."""
        if want not in self._answers:
            if not self._places:  # what is only supposed is no reason to fetch much
                self.prefetch(want)
            self._fetch()
        return self._answers[want]

    def prefetch(self, want: Query) -> None:
        """Fetch this with whatever is fetched next."""
        if want not in self._answers and want not in self._wants:
            self._wants.append(want)

    def claims(self, want: ClaimDue) -> dict[str, Delivery]:
        """Give what was taken, once for the whole work."""
        if ClaimDue not in self._taken:
            self._taken[ClaimDue] = self.ask(want)
        found: dict[str, Delivery] = self._taken[ClaimDue]
        return found

    def exchange_number(self) -> int:
        """Give the number of the exchange that this work is."""
        self._work.numbered = True
        if self.number is None:
            self._fetch()
        if self.number is None:
            raise EndedError(f"world {self._store.name!r} has ended")
        return self.number

    def _fetch(self) -> None:
        if not self._work.blocking:
            raise NeedsFetch
        self.learn(self._work.link.call(*self.questions()))

    def questions(self) -> list[RedisCommand]:
        """Give the commands that fetch what is missing."""
        store, places = self._store, self._places
        keys = [store.keys[0], *(store.table(kind) for kind, _ in places)]
        number = "1" if self._work.numbered and self.number is None else ""
        read = _scripts.READ(keys, number, *(key for _, key in places))
        return [read, *(want.command(store) for want in self._wants)]

    def learn(self, answers: list[Any]) -> None:
        """Take in what was fetched."""
        (seconds, micros, version, number, *values), *others = answers
        self.moment = int(seconds) + int(micros) / 1e6
        if number is not None:
            self.number = int(number)
        for left, (place, raw) in enumerate(zip(self._places, values, strict=True), -len(values)):
            record = None if raw is None else unpacked(place[0], raw)
            self._found[place] = (raw or b"", record)
            self._store.leads_on[place[0]] = raw is None or left < -1
        for want, answer in zip(self._wants, others, strict=True):
            self._answers[want] = found = want.read(self._store, answer)
            if isinstance(want, ClaimDue):
                self._taken[ClaimDue] = found
        self._places, self._wants = [], []
        self._seen_version = (version or b"").decode()
        if self._work.blocking:
            self.catch_up()

    def catch_up(self) -> None:
        """Have the world as it was when it was read, before more is computed on it."""
        if self._seen_version is not None:
            self._store.learn(self._seen_version)
            self._seen_version = None
        self._version = self._store.version

    @property
    def is_known(self) -> bool:
        """Whether Redis was asked, the world is what it says, and nothing was only supposed."""
        return self.moment is not None and not self._places

    # What is written.

    @property
    def is_redefined(self) -> bool:
        """Whether the pass changed what the world is."""
        return self._mark != self._store.mark()

    @property
    def is_to_commit(self) -> bool:
        """Whether the pass has anything that is to be written, and is not yet."""
        return not self._committed and bool(self.writes or self.exchanges or self.forget)

    def undo(self) -> None:
        """Let the world be as it was before the pass."""
        if self.is_redefined:
            self._store.undo()
        self.forget_writes()

    def commit_now(self) -> bool:
        """Write with the world's new definition; tell whether nothing had changed meanwhile."""
        try:
            definition = self._store.define()
            taken = self.take(self._work.link.one(*self.commit(definition), again=False))
        except BaseException:
            self._store.undo()
            raise
        if taken:
            self._store.redefined(definition)
        else:
            self._store.undo()
        return taken

    def unit_done(self) -> None:
        """Take note that a unit was committed: alone, it is carried out now."""
        if self._work.blocking:
            self._commit_alone()

    def _commit_alone(self) -> None:
        """Write what a unit wrote that is no part of any work."""
        if not self.take(self._work.link.one(*self.commit(), again=False)):
            raise StoreBusyError("somebody else changed what was read; nothing was written")
        self.finish()
        self._found.clear()
        self.begin()

    def take(self, answer: Any) -> bool:
        """Take Redis's word on the commit; where it was refused, all is read again."""
        self._committed = answer == b"done"
        if not self._committed:
            self._places = list(self._found)
            self._found.clear()
            self._answers.clear()
            self.moment = None
        return self._committed

    def commit(self, definition: bytes = b"") -> RedisCommand:
        """Give the command that compares what was read, and writes."""
        store = self._store
        tables: dict[type[Record], int] = {}

        def table(kind: type[Record]) -> int:
            return tables.setdefault(kind, len(tables) + 1 + len(store.keys))

        checks: list[Any] = [len(self._found)]
        for (kind, key), (raw, _) in self._found.items():
            checks += (table(kind), key, raw)
        writes, waiting = self._written(table)
        return _scripts.COMMIT(
            [*store.keys, *map(store.table, tables)],
            self._version,
            *checks,
            definition,
            store.tables,
            "".join(self.forget),
            self.now,
            YEAR,
            *writes,
            *waiting,
            JOURNAL_COUNT,
            JOURNAL_SIZE,
            *self._entries(),
        )

    def _written(self, table: Callable[[type[Record]], int]) -> tuple[list[Any], list[Any]]:
        writes: list[Any] = [len(self.writes)]
        waiting: list[Any] = [0]
        born = self.moment or 0.0
        for order, ((kind, key), record) in enumerate(self.writes.items()):
            raw = self._found.get((kind, key), (b"", None))[0]
            since = HEAD.unpack_from(raw)[1] if raw else born + order * 1e-6
            writes += (table(kind), key, b"" if record is None else packed(record, since))
            if kind is Delivery:
                waiting[0] += 1
                waiting += (key, _due(record))
        return writes, waiting

    def _entries(self) -> list[Any]:
        entries: list[Any] = [len(self.exchanges)]
        for exchange in self.exchanges:
            entries += (pack(exchange), UNANSWERED if exchange.is_unanswered else "")
        return entries

    def finish(self) -> None:
        """Tell of what was committed."""
        self._store.tell(self.writes)
        for each in self.after:
            each()


def _due(record: Record | None) -> float | str:
    return record.due if isinstance(record, Delivery) and record.state == "waiting" else ""
