"""One thread that polls the journals of all worlds in which somebody waits for a call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from mockdouyin.core.journal import Exchange, Listener
from mockdouyin.redis_store._availability import deadline, now

POLL_INTERVAL = 0.1
"""Seconds between two polls for exchanges that other processes answered."""

MAX_OVERTAKEN = 200
"""Exchanges that may enter a shared journal before one with a lower number."""


Read = Callable[[bytes, int], Exchange | None]
"""Decodes an entry of a stream, unless the exchange has this number or a lower one."""


class _FollowedJournal:
    """One journal: who follows it, and how far it has been read."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.listeners: dict[Listener, Callable[[Exception], None]] = {}
        """Each with what tells it that the journal cannot be read."""
        self.begin()

    def begin(self, since: int = 0) -> None:
        """Read the stream again from its start, exchanges numbered up to `since` left out."""
        self.last_id = b""
        self.since = since


class JournalPoller:
    """Reads the new entries of all followed journals in one round trip, ten times a second.

    So many who wait cost no more than one. The thread exists only while somebody waits.
    """

    def __init__(self, call_many: Callable[..., list[Any]], timeout: float) -> None:
        self._call_many = call_many
        self._timeout = timeout
        self._lock = threading.Lock()
        self._journals: dict[str, _FollowedJournal] = {}
        """By the key of their streams."""
        self._thread: threading.Thread | None = None

    def follow(
        self,
        key: str,
        read: Read,
        listener: Listener,
        since: int,
        fail: Callable[[Exception], None],
    ) -> None:
        """Call a listener with every exchange of a journal numbered above `since`."""
        with self._lock:
            journal = self._journals.setdefault(key, _FollowedJournal(read))
            # Numbers are allotted before exchanges are written, so lower ones may come later.
            since = max(0, since - MAX_OVERTAKEN)
            journal.begin(min(since, journal.since) if journal.listeners else since)
            journal.listeners[listener] = fail
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="mockdouyin journals", daemon=True
                )
                self._thread.start()

    def unfollow(self, key: str, listener: Listener) -> None:
        """Call a listener no more."""
        with self._lock:
            journal = self._journals.get(key)
            if journal is not None:
                journal.listeners.pop(listener, None)
                if not journal.listeners:
                    del self._journals[key]

    def _run(self) -> None:
        while self._poll():
            time.sleep(POLL_INTERVAL)

    def _poll(self) -> bool:
        """Read what is new and tell the listeners; return False if there are none."""
        with self._lock:
            reading = [(key, each, each.last_id) for key, each in self._journals.items()]
            if not reading:
                self._thread = None
                return False
        commands = [
            ("XRANGE", key, b"(" + last_id if last_id else b"-", b"+")
            for key, _, last_id in reading
        ]
        try:
            with deadline(now() + self._timeout):
                replies = self._call_many(*commands)
            for (_, journal, last_id), entries in zip(reading, replies, strict=True):
                if entries:
                    self._tell(journal, last_id, entries)
        except Exception as error:  # noqa: BLE001 - whoever waits has to hear of it
            self._fail([journal for _, journal, _ in reading], error)
        return True

    def _tell(self, journal: _FollowedJournal, last_id: bytes, entries: list[Any]) -> None:
        with self._lock:
            listeners, since = list(journal.listeners), journal.since
            # Unless somebody came meanwhile, for whom the stream has to be read from its start.
            if journal.last_id == last_id:
                journal.last_id = entries[-1][0]
        for _, (_, entry) in entries:
            exchange = journal.read(entry, since)
            if exchange is None:
                continue
            for listener in listeners:
                listener(exchange)

    def _fail(self, journals: list[_FollowedJournal], error: Exception) -> None:
        with self._lock:
            told = [fail for journal in journals for fail in journal.listeners.values()]
        for fail in told:
            fail(error)
