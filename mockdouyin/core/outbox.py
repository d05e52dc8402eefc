"""Deliveries of webhooks, and the outbox that knows which of them are due."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush, nsmallest
from typing import ClassVar, Literal

import msgspec

from mockdouyin.core.links import Link
from mockdouyin.core.store import Record
from mockdouyin.core.texts import NOTHING, Text

MAX_KEPT_ANSWER = 4096
"""Characters of a receiver's answer that are kept for each attempt."""

DeliveryState = Literal["waiting", "planned", "held", "delivered", "failed"]
"""`held` is sent by hand: whoever made it makes the first attempt, not the outbox.

`planned` is nothing to send yet: a plan, which is carried out when it is due (`core/plans.py`).
"""

QUEUED_STATES = ("waiting", "planned")
"""States in which something is in the outbox until it is due."""

RETRIED_STATES = ("waiting", "held")
"""States in which a failed attempt is followed by another one."""


class Attempt(msgspec.Struct, frozen=True):
    """One attempt to deliver: the receiver's answer, or the error where none came."""

    time: float = 0.0
    """The world's time at which it was recorded."""
    status: int | None = None
    body: str = ""
    """Bytes that are not UTF-8 are surrogates (PEP 383) until it is recorded."""
    error: Text = msgspec.field(default=NOTHING, name="no_answer")
    """Why no answer came. Earlier versions kept it as a string, under another name."""
    took_ms: int = 0
    content_type: str = ""
    location: str = ""
    truncated: bool = False
    """Whether the answer's body was longer than what is read of it."""
    reached: bool = True
    """Whether a connection was made."""
    problem: Text = msgspec.field(default=NOTHING, name="not_delivered")
    """Why the platform does not take it for delivered; nothing if it does."""

    @property
    def accepted(self) -> bool:
        """Whether the receiver answered with any 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Delivery(Record, frozen=True):
    """One request that tells of an event: to send, or already sent."""

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
    state: DeliveryState = "waiting"
    once: bool = False
    """Whether it is never retried."""
    cause: int = 0
    """The number of the exchange or act that the event happened in."""
    born: float = 0.0
    """The world's time of the event."""
    links: tuple[Link, ...] = ()
    """What it belongs to."""
    secret: str = ""
    """The key that it is signed with, if that is not the app's own at the time of the attempt."""


class Outbox:
    """The queue of a world's waiting deliveries by due time; the deliveries are in the store."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, str]] = []
        self._entries = 0
        self.wake: Callable[[], None] = lambda: None
        """Called when a delivery was added."""

    def add(self, delivery: Delivery) -> None:
        """Queue a delivery if it is waiting, or planned."""
        if delivery.state in QUEUED_STATES:
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

    def soonest(self, limit: int) -> list[str]:
        """Return the ids of the deliveries that are due first, in order; some may be void."""
        return [delivery for _, _, delivery in nsmallest(limit, self._heap)]

    def claim(self, now: float) -> list[str]:
        """Remove the ids of all due deliveries from the queue, and return them in order."""
        claimed = []
        while self._heap and self._heap[0][0] <= now:
            claimed.append(heappop(self._heap)[2])
        return claimed

    def clear(self) -> None:
        """Empty the queue."""
        self._heap.clear()
