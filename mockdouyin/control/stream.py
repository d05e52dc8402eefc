"""The operation that streams what happens in a world, as it happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import perf_counter
from typing import Any

from mockdouyin.control._examinations import MIN_INTERVAL, examined
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, EventBatch, Step, StreamEvent, Streaming
from mockdouyin.control._turns import paced
from mockdouyin.control.findings import FindingShown, show_finding
from mockdouyin.control.journal import exchange_shower
from mockdouyin.control.rows import RowShown, show_row
from mockdouyin.core.acts import Act
from mockdouyin.core.errors import EndedError
from mockdouyin.core.journal import Entry, Exchange

MAX_BATCH = 1000
"""Entries that are sent at once, at most."""

_CLEARED = ("world.reset", "snapshot.restore")
"""The acts before which everything, or what came last, is gone."""


class StreamQuery(OperationQuery):
    """Where to begin.

    从哪里开始。
    """

    since: int | None = None
    """The number after which it begins; by default it begins now.

    从这个编号之后开始，默认从现在开始。"""


class StreamReset(Shown):
    """What came between is gone: it was dropped, or the world was reset or restored.

    中间的记录没有了：已经丢弃，或者世界重置、恢复过。
    """

    dropped: int
    """The stream goes on after this number.

    流从这个编号之后继续。"""
    total: int
    """The number of the latest entry.

    最后一条记录的编号。"""


EVENTS: dict[str, type] = {
    **dict.fromkeys(("row", "act", "delivery", "clock", "rule"), RowShown),
    "reset": StreamReset,
    "finding": FindingShown,
}
"""The events of the stream, with the types of their data."""


@operation("GET", "/stream", long=True, events=EVENTS)
def stream(call: OperationCall[StreamQuery]) -> Streaming:
    """Stream what happens, as server-sent events, after the number `since` or from now on.

    The header Last-Event-ID, which a browser sends when it connects again, replaces `since`.

    用 SSE 推送发生的事情：从编号 `since` 之后，或从现在开始。
    """
    total, since = call.world.journal.total, call.given.since
    position = total if since is None else since
    feed = _Feed(call, total, position)
    return Streaming(position, feed.follow, feed.read, feed.review)


class _Feed:
    """What one reader of a stream has been sent: a position in the journal, and findings."""

    def __init__(self, call: OperationCall[Any], total: int, position: int) -> None:
        self._call = call
        self._began = total
        self._position = position
        self._heard = 0
        """The highest number that was heard of: over Redis, lower ones may still be written."""
        self._lock = threading.Lock()
        self._ended: Exception | None = None
        self._wake: Callable[[], None] = lambda: None
        self._unreviewed = False
        """Whether exchanges came since the last review."""
        self._reviewed = -MIN_INTERVAL
        self._told: set[tuple[str, str]] = set()
        """The findings that the reader has, by rule and what they say."""

    def follow(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call a function when there is something to read; return what ends that."""
        self._wake = wake
        hear = self._hear  # one object: each access makes another one
        return self._call.world.journal.follow(hear, self._began, self._fail)

    def _hear(self, entry: Entry) -> None:
        with self._lock:
            self._heard = max(self._heard, entry.number)
        self._wake()

    def _fail(self, error: Exception) -> None:
        """Have the reader look: it finds out whether the world has ended, or the store is away."""
        if isinstance(error, EndedError):
            self._ended = error
        self._wake()

    def _check(self) -> None:
        if self._ended is not None:
            raise self._ended

    def read(self) -> Step[EventBatch]:
        """Read on from the reader's position."""
        self._check()
        journal, heard, position = self._call.world.journal, self._heard, self._position
        entries = journal.after(position, MAX_BATCH)
        dropped, total = journal.dropped, journal.total
        reset: StreamReset | None = None
        if position < dropped or position > total:  # beyond the end: it is of an earlier world
            reset = StreamReset(dropped=dropped, total=total)
            # A page of that position may have some that outlived others with higher numbers.
            found = journal.after(dropped, MAX_BATCH) if position > total else entries
            entries = [entry for entry in found if entry.number > dropped]
        return After(lambda: self._batch(entries, reset, total, heard))

    def _batch(
        self, entries: list[Entry], reset: StreamReset | None, total: int, heard: int
    ) -> EventBatch:
        call, mask = self._call, self._call.world.mask()
        events: list[StreamEvent] = []
        if reset is not None:
            self._position = reset.dropped
            events.append(StreamEvent("reset", reset.dropped, reset))
        for entry in paced(entries):
            before = entry.number - 1
            if isinstance(entry, Act) and entry.kind in _CLEARED and self._at(events) != before:
                cleared = StreamReset(dropped=before, total=total)
                events.append(StreamEvent("reset", before, cleared))
            shown = show_row(entry, mask, call.language)
            events.append(StreamEvent(_event_of(entry), entry.number, shown))
            self._position = entry.number
        self._unreviewed |= any(isinstance(entry, Exchange) for entry in entries)
        is_behind = len(entries) >= MAX_BATCH or self._position < heard
        return EventBatch(events, is_behind, self._review_due())

    @staticmethod
    def _at(events: list[StreamEvent]) -> int | None:
        """Return where a reset at the end of the events stands."""
        return events[-1].id if events and events[-1].event == "reset" else None

    def _review_due(self) -> float | None:
        if not self._unreviewed:
            return None
        return max(0.0, self._reviewed + MIN_INTERVAL - perf_counter())

    def review(self) -> Step[EventBatch]:
        """Look for findings that the reader does not have."""
        self._check()
        self._unreviewed, self._reviewed = False, perf_counter()
        return examined(self._call.world, self._tell)

    def _tell(self, found: list[Any], wait: float | None) -> EventBatch:
        call, mask = self._call, self._call.world.mask()
        show_exchange = exchange_shower(call.world, mask, call.language)
        events: list[StreamEvent] = []
        for finding in found:
            key = finding.rule, finding.says.render(call.language)
            if key not in self._told:
                self._told.add(key)
                shown = show_finding(finding, mask, show_exchange, call.language)
                events.append(StreamEvent("finding", None, shown))
        return EventBatch(events, review=wait)


def _event_of(entry: Entry) -> str:
    if isinstance(entry, Exchange):
        return "row"
    if entry.delivery:
        return "delivery"
    subject = entry.kind.partition(".")[0]
    return subject if subject in ("clock", "rule") else "act"
