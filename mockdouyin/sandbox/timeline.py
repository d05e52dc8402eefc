"""The events that a scenario sends by itself, in the order in which they fall due."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from operator import itemgetter

from mockdouyin.scenario.scenario import TimedEvent


class Timeline:
    """A queue of a scenario's events by the world's time at which each falls due."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, TimedEvent]] = []
        self.revision: int = 0
        """Counts changes."""

    def add(self, due: float, event: TimedEvent) -> None:
        """Schedule an event."""
        self.revision += 1
        heappush(self._heap, (due, len(self._heap), event))

    def __iter__(self) -> Iterator[tuple[float, TimedEvent]]:
        return iter([(due, event) for due, _, event in sorted(self._heap, key=itemgetter(0, 1))])

    @property
    def next_due(self) -> float | None:
        """The world's time of the next event; None if there is none."""
        return self._heap[0][0] if self._heap else None

    def claim(self, now: float) -> Iterator[TimedEvent]:
        """Remove and yield every event that is due."""
        while self._heap and self._heap[0][0] <= now:
            self.revision += 1
            yield heappop(self._heap)[2]
