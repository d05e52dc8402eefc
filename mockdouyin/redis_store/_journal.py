"""The journal that several processes write: a capped Redis stream for each world."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.journal import Entry, Exchange, Followers, Journal, Listener
from mockdouyin.redis_store._error_texts import SHARED_JOURNAL
from mockdouyin.redis_store._queries import (
    CountsFound,
    EntriesBetween,
    FoundEntry,
    JournalCounts,
    UnansweredEntries,
    decode_entry,
)
from mockdouyin.redis_store._scripts import CLEAR_JOURNAL
from mockdouyin.redis_store._transaction import transact

if TYPE_CHECKING:
    from mockdouyin.redis_store._shared_world import SharedStore


class SharedJournal(Journal):
    """The latest exchanges and acts of one world, whichever process wrote them.

    A number is allotted before its entry is written, so a lower one may be written later. One
    whose transaction failed is never written.
    """

    def __init__(self, store: SharedStore, catalogue: Callable[[], Catalogue]) -> None:
        self._store = store
        self._catalogue = catalogue
        self.listeners: list[Listener] = []
        """Called with each entry that this process wrote."""
        self.followers: Followers = Followers()

    def _decode(self, data: bytes) -> Entry:
        return decode_entry(data, self._catalogue())

    @property
    def total(self) -> int:  # type: ignore[override]
        """The latest number that was allotted."""
        return self._counts().total

    @property
    def exchange_count(self) -> int:  # type: ignore[override]
        """Exchanges ever written."""
        return self._counts().exchanges

    @property
    def dropped(self) -> int:  # type: ignore[override]
        """Entries up to this number are gone."""
        return self._counts().dropped

    def _counts(self) -> CountsFound:
        found: CountsFound = self._store.store_transaction().query(JournalCounts())
        return found

    @property
    def next_number(self) -> int:
        """The number of what is happening in this transaction, once it is written."""
        return self._store.store_transaction().next_number()

    def expect(self) -> None:
        """Have the number of the next entry allotted by the next fetch."""
        self._store.store_transaction().expect_number()

    def limit(self, exchanges: int, size: int) -> None:
        """Keep at most so many exchanges, and at most so many bytes, from the next entry on."""
        self._store.journal_limits = (exchanges, size)

    @property
    def unanswered(self) -> list[Exchange]:  # type: ignore[override]
        """The first calls to paths that nothing answers."""
        entries = self._store.store_transaction().query(UnansweredEntries())
        return [self._decode(entry) for entry in entries]  # type: ignore[misc]

    def write(self, entry: Entry) -> None:
        """Add an entry to the write set of the current transaction."""
        store_transaction = self._store.store_transaction()
        store_transaction.entries.append(entry)

        def notify() -> None:
            for listener in self.listeners.copy():
                listener(entry)

        # Not now: the pass may be discarded and computed again.
        store_transaction.on_commit.append(notify)

    def follow(
        self, listener: Listener, since: int, fail: Callable[[Exception], None]
    ) -> Callable[[], None]:
        """Call a listener with every entry numbered above `since`; return what ends that."""
        # This process's own entries are heard of at once, those of the others by polling.
        poller, keys = self._store.redis.journal_poller, self._keys()
        self.listeners.append(listener)
        poller.follow(keys, self._decode, listener, since, fail)
        forget = self.followers.add(fail)

        def stop() -> None:
            self.listeners.remove(listener)
            poller.unfollow(keys, listener)
            forget()

        return stop

    def _keys(self) -> tuple[str, str]:
        return self._store.key("journal"), self._store.key("places")

    def clear(self) -> None:
        """Delete every entry; the numbers go on."""
        self._store.store_transaction().clears.add(CLEAR_JOURNAL)

    def restore(self, entries: Iterable[Entry]) -> None:
        """Refuse: what other processes wrote cannot be undone."""
        raise MockDouyinError(SHARED_JOURNAL())

    def newest(self, limit: int = 0, since: int = 0, before: int = 0) -> list[Entry]:
        """Return the newest entries numbered between `since` and `before`, oldest first."""
        page = self._page(EntriesBetween(since, before, limit, newest=True))
        return [self._decode(found.data) for found in page]

    def after(self, since: int, limit: int) -> list[Entry]:
        """Return the first entries numbered above `since`, oldest first, for whoever reads on.

        It ends before a number that may still be written, so that whoever goes on from the last
        one misses none.
        """
        return transact(self._store.redis, partial(self._after, since, limit))

    def _after(self, since: int, limit: int) -> list[Entry]:
        store_transaction, query = (
            self._store.store_transaction(),
            EntriesBetween(since, limit=limit),
        )
        # The counts come after the page: what is trimmed between the two then counts as dropped.
        store_transaction.prefetch(query)
        store_transaction.prefetch(JournalCounts())
        page = self._page(query)
        dropped, ready = self._counts().dropped, list[Entry]()
        # A transaction that has not committed by then never will.
        settled = (store_transaction.redis_time or 0.0) - self._store.redis.timeout
        expected = since + 1
        for found in page:
            is_gap = found.number > max(expected, dropped + 1)
            if is_gap and found.written > settled:
                break
            ready.append(self._decode(found.data))
            expected = found.number + 1
        return ready

    def _page(self, page: EntriesBetween) -> list[FoundEntry]:
        store_transaction = self._store.store_transaction()
        if CLEAR_JOURNAL in store_transaction.clears:
            return []
        found: list[FoundEntry] = store_transaction.query(page)
        return found
