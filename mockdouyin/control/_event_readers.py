"""Readers of a stream: an iterator of events that is closed when nobody reads on."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from time import perf_counter
from types import TracebackType

from mockdouyin.control._execution import LiveReply
from mockdouyin.control._steps import EventBatch, StreamEvent

_BEHIND = 0.1
"""Seconds until a number is looked for again that others have still to write."""


class EventReader(Iterator[StreamEvent]):
    """The events of a stream, as they happen; waits for the next one. Close it after use."""

    def close(self) -> None:
        """End it; whoever waits for the next event, in another thread, gets no more."""

    def __enter__(self) -> EventReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class LocalEventReader(EventReader):
    """Reads a stream of this process, in the thread that asks for the next event."""

    def __init__(self, live: LiveReply) -> None:
        self._live = live
        self._ready: deque[StreamEvent] = deque()
        self._happened = threading.Event()
        self._closed = threading.Event()
        self._review_at: float | None = None
        self._stop = live.follow(self._happened.set)
        self._happened.set()  # what came before is there to be read

    def __next__(self) -> StreamEvent:
        """Wait for the next event."""
        while not self._ready and not self._closed.is_set():
            self._ready.extend(self._read().events)
        if self._closed.is_set():
            raise StopIteration
        return self._ready.popleft()

    def _read(self) -> EventBatch:
        review_at = self._review_at
        wait = None if review_at is None else max(0.0, review_at - perf_counter())
        if not self._happened.wait(wait):
            self._review_at = None
            batch = self._live.review()
        else:
            self._happened.clear()
            if self._closed.is_set():
                return EventBatch([])
            batch = self._live.read()
        if batch.is_behind:
            self._happened.set()
            if not batch.events:
                self._closed.wait(_BEHIND)
        if batch.review is not None:
            self._review_at = perf_counter() + batch.review
        return batch

    def close(self) -> None:
        """End it; whoever waits for the next event, in another thread, gets no more."""
        if not self._closed.is_set():
            self._closed.set()
            self._stop()
            self._happened.set()
