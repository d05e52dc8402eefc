"""A journal that several processes write: a capped stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.journal import Exchange, Journal, fits
from mockdouyin.redis_store._exchange_codec import number_of, unpack
from mockdouyin.redis_store._queries import JournalEntries, JournalTotal, UnansweredEntries
from mockdouyin.redis_store._store_transaction import JOURNAL_COUNT
from mockdouyin.redis_store._transaction import current

if TYPE_CHECKING:
    from mockdouyin.redis_store._store import SharedStore

POLL = 0.1
"""Seconds between two looks of somebody who waits for what others write."""


class SharedJournal(Journal):
    """The latest exchanges of one world, whoever answered them."""

    poll = POLL

    def __init__(self, store: SharedStore) -> None:
        self._store = store
        self.listeners: list[Callable[[Exchange], None]] = []
        """Told of what this process answered."""

    @property
    def total(self) -> int:  # type: ignore[override]
        """Exchanges ever written; within an exchange, those before it."""
        work = current()
        if work is not None and work.numbered:
            part = self._store.store_transaction()
            return part.exchange_number() - 1 + len(part.exchanges)
        return int(self._store.store_transaction().ask(JournalTotal()))

    @property
    def unanswered(self) -> list[Exchange]:  # type: ignore[override]
        """The first calls of paths that nothing answers."""
        return [
            unpack(entry) for entry in self._store.store_transaction().ask(UnansweredEntries())
        ]

    def write(self, exchange: Exchange) -> None:
        """Write an exchange down, with what its work commits."""
        part = self._store.store_transaction()
        part.exchanges.append(exchange)

        def tell() -> None:
            for listener in list(self.listeners):
                listener(exchange)

        part.after.append(tell)

    def clear(self) -> None:
        """Forget every exchange; the numbers go on."""
        self._store.store_transaction().forget.add("j")

    def restore(self, exchanges: Iterable[Exchange]) -> None:
        """Refuse: what others write cannot be taken back."""
        raise MockDouyinError("a journal that several processes write cannot be restored")

    def __iter__(self) -> Iterator[Exchange]:
        if "j" in self._store.store_transaction().forget:
            return iter(())
        return map(unpack, self._store.store_transaction().ask(JournalEntries())[-JOURNAL_COUNT:])

    def select(
        self, endpoint: str = "", since: int = 0, limit: int = 0, before: int = 0
    ) -> list[Exchange]:
        """Give the exchanges of an endpoint between two numbers, the newest last."""
        if not since and not before:
            return super().select(endpoint, since, limit, before)
        entries = (
            ()
            if "j" in self._store.store_transaction().forget
            else self._store.store_transaction().ask(JournalEntries())
        )
        wanted = (e for e in entries if since < number_of(e) and not 0 < before <= number_of(e))
        found = [e for e in map(unpack, wanted) if not endpoint or fits(e, endpoint)]
        return found[-limit:] if limit else found

    def __len__(self) -> int:
        return sum(1 for _ in self)
