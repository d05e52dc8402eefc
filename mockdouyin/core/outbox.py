"""Deliveries of webhooks, and the outbox that knows which of them are due."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import ClassVar, Literal

import msgspec

from mockdouyin.core.store import Record

MAX_ATTEMPTS = 3
RETRY_INTERVALS = (10.0, 60.0)
"""Seconds of the world's time before the second and third attempt; Douyin documents none."""

State = Literal["waiting", "held", "delivered", "failed"]
"""`held` is sent by hand: whoever made it makes the first attempt, not the outbox."""

RETRIED_STATES = ("waiting", "held")
"""States in which a failed attempt is followed by another one."""


class Attempt(msgspec.Struct, frozen=True):
    """One attempt to deliver, and the receiver's answer.

    Until it is recorded its time is 0, and bytes of the body that are not UTF-8 are surrogates.
    """

    time: float
    status: int | None = None
    body: str = ""
    error: str = ""
    took_ms: int = 0
    content_type: str = ""
    location: str = ""
    """Where a redirect leads to; it is not followed."""
    truncated: bool = False
    """Whether the answer was longer than what is read of it."""
    reached: bool = True
    """Whether a connection was made."""

    @property
    def accepted(self) -> bool:
        """Whether the receiver accepted it, with any 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Delivery(Record, frozen=True):
    """One webhook request to send, or already sent."""

    TABLE: ClassVar[str] = "Delivery"

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
    """Whether it is never retried."""

    def after_attempt(self, attempt: Attempt) -> Delivery:
        """Return the delivery after an attempt: delivered, due for a retry, or failed."""
        attempts = (*self.attempts, attempt)
        state: State = "waiting"
        due = self.due
        if attempt.accepted:
            state = "delivered"
        elif self.once or self.state not in RETRIED_STATES or len(attempts) >= MAX_ATTEMPTS:
            state = "failed"
        else:
            due = attempt.time + RETRY_INTERVALS[len(attempts) - 1]
        return msgspec.structs.replace(self, attempts=attempts, state=state, due=due)


class Outbox:
    """The queue of a world's waiting deliveries by due time; the deliveries are in the store."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, str]] = []
        self._entries = 0
        self.wake: Callable[[], None] = lambda: None
        """Called when a delivery was added."""

    def add(self, delivery: Delivery) -> None:
        """Queue a delivery if it is waiting."""
        if delivery.state == "waiting":
            self._entries += 1
            heappush(self._heap, (delivery.due, self._entries, delivery.id))
            self.wake()

    def release(self, delivery: Delivery) -> None:
        """Release the claim on a delivery; without a shared store there is none."""

    @property
    def claimed_elsewhere(self) -> bool:
        """Whether another process is sending deliveries that it has claimed."""
        return False

    @property
    def next_due(self) -> float | None:
        """The world's time at which the next delivery is due, or None."""
        return self._heap[0][0] if self._heap else None

    def claim(self, now: float) -> list[str]:
        """Remove the ids of all due deliveries from the queue, and return them in order."""
        claimed = []
        while self._heap and self._heap[0][0] <= now:
            claimed.append(heappop(self._heap)[2])
        return claimed

    def clear(self) -> None:
        """Empty the queue."""
        self._heap.clear()
