"""Reading much of a journal page by page, so that nobody has to wait for the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from mockdouyin.control._turns import pause
from mockdouyin.core.journal import Entry, Exchange, exchanges_of
from mockdouyin.core.outbox import Delivery
from mockdouyin.sandbox.deliveries import listed
from mockdouyin.sandbox.worlds import World

PAGE = 1000
"""Entries that one transaction reads."""


def pages(
    world: World, since: int = 0, before: int = 0, size: int = PAGE
) -> Iterator[list[Entry]]:
    """Yield the entries numbered between `since` and `before`, the newest page first.

    The first page has `size` entries; the next ones have more, since what is wanted is rare then.
    Each page is a transaction of its own: one for all would read, over Redis, the whole ring
    before it ends, and start over with each page. So it is called after an operation's own.
    """
    while True:
        page = world.transact(partial(world.journal.newest, size, since, before))
        if page:
            yield page
        if len(page) < size or page[0].number <= since + 1:
            return
        before, size = page[0].number, min(4 * size, PAGE)
        pause()


def every_entry(world: World, before: int = 0, since: int = 0) -> Iterator[Entry]:
    """Return all entries, or those numbered between `since` and `before`, oldest first."""
    read = list(pages(world, since, before))
    return (entry for page in reversed(read) for entry in page)


def every_exchange(world: World) -> list[Exchange]:
    """Return all exchanges, oldest first."""
    return exchanges_of(every_entry(world))


def every_delivery(world: World) -> Callable[[], list[Delivery]]:
    """Return what reads all deliveries, oldest first, in a transaction of its own."""
    return lambda: world.transact(lambda: listed(world))
