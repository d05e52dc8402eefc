"""Deliveries that several processes send: each is claimed for a while, and longer if needed."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from mockdouyin.core.errors import AwayError
from mockdouyin.core.outbox import Delivery, Outbox
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._queries import LEASE, ClaimDue, HasPending, PendingSummary

if TYPE_CHECKING:
    from mockdouyin.redis_store._store import SharedStore


class SharedOutbox(Outbox):
    """Which deliveries of a world are due; what one process has claimed, no other sends."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store
        self._held: set[str] = set()
        self.wake: Callable[[], None] = lambda: None
        """Called when this process put something in."""

    def noticed(self, delivery: Delivery) -> None:
        """Take note of a delivery that was committed: the store knows when it is due."""
        self._held.discard(delivery.id)
        if delivery.state == "waiting":
            self.wake()

    def add(self, delivery: Delivery) -> None:
        """Let a delivery be due again that was claimed and not tried."""
        self._held.discard(delivery.id)
        due = delivery.due if delivery.state == "waiting" else ""
        keys = [self._store.key("due"), self._store.key("claimed")]
        self._store.link.one(*_scripts.PUT_BACK(keys, due, delivery.id))

    def release(self, delivery: Delivery) -> None:
        """Claim a delivery no longer: whatever became of it, this process does not send it."""
        self._held.discard(delivery.id)

    @property
    def next_due(self) -> float | None:
        """The world's time at which something is due."""
        return self.look().due

    @property
    def claimed_elsewhere(self) -> bool:
        """Whether somebody is sending what they claimed."""
        return self.look().leased is not None

    def look(self) -> PendingSummary:
        """See what waits and what is claimed."""
        seen: PendingSummary = self._store.store_transaction().ask(HasPending())
        return seen

    def claim(self, now: float) -> list[str]:
        """Take the ids of everything that is due, in order."""
        part = self._store.store_transaction()
        found = part.claims(ClaimDue(now))
        mine = [each for each in found.values() if each.state == "waiting" and each.due <= now]
        part.after.append(lambda: self._held.update(each.id for each in mine))
        return [each.id for each in sorted(mine, key=_turn)]

    def clear(self) -> None:
        """Forget everything."""
        self._store.store_transaction().forget.add("o")
        self._held.clear()

    def renew(self) -> None:
        """Claim for longer what is still to be sent."""
        held = list(self._held)
        if held:
            self._store.link.one(*_scripts.RENEW([self._store.key("claimed")], LEASE, *held))


def _turn(delivery: Delivery) -> tuple[float, str, int]:
    """Give the order in which deliveries were made: ids end in a count."""
    head, count = re.fullmatch(r"(.*?)(\d*)", delivery.id, re.DOTALL).groups()  # type: ignore[union-attr]
    return delivery.due, head, int(count or 0)


class LeaseRenewer:
    """Renews what this process has claimed, until it stops; a killed one renews nothing."""

    def __init__(self, renew: Callable[[], None]) -> None:
        self._renew = renew
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mockdouyin leases", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(LEASE / 3):
            with contextlib.suppress(AwayError):  # the next time, or another replica sends it
                self._renew()

    def stop(self) -> None:
        """Renew nothing more."""
        self._over.set()
        self._thread.join()
