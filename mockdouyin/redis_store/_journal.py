"""The journal that several processes write: a capped Redis stream for each world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.journal import Exchange, Journal, Listener, fits
from mockdouyin.redis_store._queries import (
    JournalEntries,
    JournalTotal,
    UnansweredEntries,
    decode_exchange,
    number_of,
)
from mockdouyin.redis_store._scripts import CLEAR_JOURNAL
from mockdouyin.redis_store._store_transaction import MAX_JOURNAL_EXCHANGES
from mockdouyin.redis_store._transaction import current

if TYPE_CHECKING:
    from mockdouyin.redis_store._shared_world import SharedStore


class SharedJournal(Journal):
    """The latest exchanges of one world, whichever process answered them."""

    def __init__(self, store: SharedStore, catalogue: Catalogue) -> None:
        self._store = store
        self._decode = partial(decode_exchange, catalogue=catalogue)
        self.listeners: list[Listener] = []
        """Called with each exchange that this process answered."""

    @property
    def total(self) -> int:  # type: ignore[override]
        """Exchanges ever written; within an exchange, those before it."""
        transaction = current()
        if transaction is not None and transaction.is_exchange:
            # No query needed: the fetch that reads the records also allots the number.
            store_transaction = self._store.store_transaction()
            return store_transaction.exchange_number() - 1 + len(store_transaction.exchanges)
        return int(self._store.store_transaction().query(JournalTotal()))

    @property
    def unanswered(self) -> list[Exchange]:  # type: ignore[override]
        """The first calls to paths that nothing answers."""
        entries = self._store.store_transaction().query(UnansweredEntries())
        return [self._decode(entry) for entry in entries]

    def write(self, exchange: Exchange) -> None:
        """Add an exchange to the write set of the current transaction."""
        store_transaction = self._store.store_transaction()
        store_transaction.exchanges.append(exchange)

        def notify() -> None:
            for listener in self.listeners.copy():
                listener(exchange)

        # Not now: the pass may be discarded and computed again.
        store_transaction.on_commit.append(notify)

    def follow(
        self, listener: Listener, since: int, fail: Callable[[Exception], None]
    ) -> Callable[[], None]:
        """Call a listener with every exchange numbered above `since`; return what ends that."""
        # This process's own exchanges are heard of at once, those of the others by polling.
        poller, key = self._store.redis.journal_poller, self._store.key("journal")
        self.listeners.append(listener)
        poller.follow(key, self._read, listener, since, fail)

        def stop() -> None:
            self.listeners.remove(listener)
            poller.unfollow(key, listener)

        return stop

    def _read(self, entry: bytes, since: int) -> Exchange | None:
        return self._decode(entry) if number_of(entry) > since else None

    def clear(self) -> None:
        """Delete every exchange; the numbers go on."""
        self._store.store_transaction().clears.add(CLEAR_JOURNAL)

    def restore(self, exchanges: Iterable[Exchange]) -> None:
        """Refuse: what other processes wrote cannot be undone."""
        raise MockDouyinError("a journal that several processes write cannot be restored")

    def __iter__(self) -> Iterator[Exchange]:
        # The commit script trims a hundred entries at a time, so the stream may hold more.
        return map(self._decode, self._entries()[-MAX_JOURNAL_EXCHANGES:])

    def select(
        self, endpoint: str = "", since: int = 0, limit: int = 0, before: int = 0
    ) -> list[Exchange]:
        """Return an endpoint's exchanges between two numbers, oldest first."""
        if not since and not before:
            return super().select(endpoint, since, limit, before)
        # Whoever waits polls with `since`: of the old entries, decode only the numbers.
        wanted = (
            entry
            for entry in self._entries()
            if since < number_of(entry) and not 0 < before <= number_of(entry)
        )
        found = [e for e in map(self._decode, wanted) if not endpoint or fits(e, endpoint)]
        return found[-limit:] if limit else found

    def _entries(self) -> list[bytes]:
        store_transaction = self._store.store_transaction()
        if CLEAR_JOURNAL in store_transaction.clears:
            return []
        entries: list[bytes] = store_transaction.query(JournalEntries())
        return entries

    def __len__(self) -> int:
        return sum(1 for _ in self)
