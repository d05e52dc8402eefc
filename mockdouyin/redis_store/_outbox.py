"""The outbox that several processes send from: each delivery is claimed under a lease."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from mockdouyin.core.errors import AwayError
from mockdouyin.core.outbox import QUEUED_STATES, Delivery, Outbox
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._queries import (
    LEASE,
    ClaimDue,
    PendingDeliveries,
    PendingSummary,
    SoonestDeliveries,
)

if TYPE_CHECKING:
    from mockdouyin.redis_store._shared_world import SharedStore


class SharedOutbox(Outbox):
    """Which deliveries of a world are due; what one process has claimed, no other sends."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store
        self._claimed: set[str] = set()
        """Ids of the deliveries that this process has claimed and not recorded yet."""
        self.wake: Callable[[], None] = lambda: None
        """Called when this process added a delivery."""

    def add(self, delivery: Delivery) -> None:
        """Forget the claim on a delivery that was committed; wake the dispatcher if it waits."""
        # The commit script has entered it in the sorted set of due times, or removed it there.
        self._claimed.discard(delivery.id)
        if delivery.state in QUEUED_STATES:
            self.wake()

    def release(self, delivery: Delivery) -> None:
        """Stop renewing the claim on a delivery that this process does not send after all."""
        self._claimed.discard(delivery.id)

    @property
    def next_due(self) -> float | None:
        """The world's time at which the next delivery is due."""
        return self.look().due

    @property
    def claimed_elsewhere(self) -> bool:
        """Whether any process holds a claim."""
        return self.look().lease_ends is not None

    def look(self) -> PendingSummary:
        """Return when the next delivery is due and when the first claim ends."""
        summary: PendingSummary = self._store.store_transaction().query(PendingDeliveries())
        return summary

    def soonest(self, limit: int) -> list[str]:
        """Return the ids of the deliveries that are due first, without those that are claimed."""
        return list(self._store.store_transaction().query(SoonestDeliveries(limit)))

    def claim(self, now: float) -> list[str]:
        """Claim every delivery that is due, and return their ids in order."""
        store_transaction = self._store.store_transaction()
        found = store_transaction.claims(ClaimDue(now))
        # The entry of a lapsed lease returns with the score 0: its record says whether it is due.
        claimed = [
            each for each in found.values() if each.state in QUEUED_STATES and each.due <= now
        ]
        # Not before the commit: a claim of a discarded transaction must lapse.
        store_transaction.on_commit.append(
            lambda: self._claimed.update(each.id for each in claimed)
        )
        return [each.id for each in sorted(claimed, key=_sort_key)]

    def clear(self) -> None:
        """Remove every delivery from the sorted sets; the records are the store's."""
        self._store.store_transaction().clears.add(_scripts.CLEAR_OUTBOX)
        self._claimed.clear()

    def renew(self) -> None:
        """Extend the lease of every delivery that this process has still to send."""
        claimed = list(self._claimed)
        if claimed:
            keys = [self._store.key("claimed")]
            self._store.redis.call(*_scripts.RENEW_CLAIMS(keys, LEASE, *claimed))


def _sort_key(delivery: Delivery) -> tuple[float, str, int]:
    # Ids end in a count: compared as text, the tenth would come before the second.
    head, count = re.fullmatch(r"(.*?)(\d*)", delivery.id, re.DOTALL).groups()  # type: ignore[union-attr]
    return delivery.due, head, int(count or 0)


class LeaseRenewer:
    """A thread that renews this process's claims; when the process dies, they run out."""

    def __init__(self, renew: Callable[[], None]) -> None:
        self._renew = renew
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mockdouyin leases", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        # Three times in a lease, so that one failed renewal does not lose the claim.
        while not self._stopped.wait(LEASE / 3):
            with contextlib.suppress(AwayError):
                self._renew()

    def stop(self) -> None:
        """Stop renewing."""
        self._stopped.set()
        self._thread.join()
