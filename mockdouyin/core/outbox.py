"""Deliveries, and which of them are due: what waits to be posted to a receiver."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Literal

import msgspec

from mockdouyin.core.store import Record

TRIES = 3
INTERVALS = (10.0, 60.0)
"""Seconds of the world's time before the second and the third try; no page tells them."""

State = Literal["waiting", "held", "delivered", "failed"]
"""`held` is what somebody is sending by hand: they make the first try, not the outbox."""

OPEN = ("waiting", "held")
"""States in which a failed try is followed by another one."""


class Attempt(msgspec.Struct, frozen=True):
    """One try to deliver, and what came back."""

    time: float
    status: int | None = None
    body: str = ""
    error: str = ""
    took_ms: int = 0
    content_type: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Delivery(Record, frozen=True):
    """One webhook to send, or that was sent."""

    TABLE = "Delivery"

    id: str
    event: str
    app: str
    person: str
    url: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"
    due: float = 0.0
    attempts: tuple[Attempt, ...] = ()
    state: State = "waiting"
    once: bool = False
    """Whether a single try is all it gets."""

    def settled(self, attempt: Attempt) -> Delivery:
        """Record a try: delivered, to be tried again in the world's time, or given up."""
        attempts = (*self.attempts, attempt)
        state: State = "waiting"
        due = self.due
        if attempt.accepted:
            state = "delivered"
        elif self.once or self.state not in OPEN or len(attempts) >= TRIES:
            state = "failed"
        else:
            due = attempt.time + INTERVALS[len(attempts) - 1]
        return msgspec.structs.replace(self, attempts=attempts, state=state, due=due)


class Outbox:
    """Which deliveries of a world are due, and when; what they are stands in the store."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, str]] = []
        self._entries = 0
        self.wake: Callable[[], None] = lambda: None
        """Called when something was put in."""

    def add(self, delivery: Delivery) -> None:
        """Wait for a delivery's time, if it is still to be sent."""
        if delivery.state == "waiting":
            self._entries += 1
            heappush(self._heap, (delivery.due, self._entries, delivery.id))
            self.wake()

    def let_go(self, delivery: Delivery) -> None:
        """Claim a delivery no longer: whatever became of it, it is not sent from here."""

    @property
    def is_out(self) -> bool:
        """Whether another process is sending what it claimed."""
        return False

    @property
    def next_due(self) -> float | None:
        """The world's time at which something is due."""
        return self._heap[0][0] if self._heap else None

    def claim(self, now: float) -> list[str]:
        """Take the ids of everything that is due, in order."""
        claimed = []
        while self._heap and self._heap[0][0] <= now:
            claimed.append(heappop(self._heap)[2])
        return claimed

    def clear(self) -> None:
        """Forget everything."""
        self._heap.clear()
