"""One thread that polls the journals of all worlds in which somebody waits for a call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from mockdouyin.core.journal import Entry, Listener
from mockdouyin.redis_store._availability import deadline, now
from mockdouyin.redis_store._scripts import FOLLOW

POLL_INTERVAL = 0.1
"""Seconds between two polls for entries that other processes wrote."""

MAX_OVERTAKEN = 200
"""Entries that may enter a shared journal before one with a lower number."""

MAX_POLLED = 1000
"""Entries of one journal that are read at once."""

Decode = Callable[[bytes], Entry]
JournalKeys = tuple[str, str]
"""The keys of a journal's stream, and of the places in it by number."""


class _FollowedJournal:
    """One journal: who follows it, and how far it has been read."""

    def __init__(self, decode: Decode) -> None:
        self.decode = decode
        self.listeners: dict[Listener, Callable[[Exception], None]] = {}
        """Each with what tells it that the journal cannot be read."""
        self.begin()

    def begin(self, since: int = 0) -> None:
        """Read the stream again from the first entry that is numbered above `since`."""
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
        self._journals: dict[JournalKeys, _FollowedJournal] = {}
        self._thread: threading.Thread | None = None

    def follow(
        self,
        keys: JournalKeys,
        decode: Decode,
        listener: Listener,
        since: int,
        fail: Callable[[Exception], None],
    ) -> None:
        """Call a listener with every entry of a journal numbered above `since`."""
        with self._lock:
            journal = self._journals.setdefault(keys, _FollowedJournal(decode))
            # Numbers are allotted before exchanges are written, so lower ones may come later.
            since = max(0, since - MAX_OVERTAKEN)
            journal.begin(min(since, journal.since) if journal.listeners else since)
            journal.listeners[listener] = fail
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="mockdouyin journals", daemon=True
                )
                self._thread.start()

    def unfollow(self, keys: JournalKeys, listener: Listener) -> None:
        """Call a listener no more."""
        with self._lock:
            journal = self._journals.get(keys)
            if journal is not None:
                journal.listeners.pop(listener, None)
                if not journal.listeners:
                    del self._journals[keys]

    def _run(self) -> None:
        while (wait := self._poll()) is not None:
            time.sleep(wait)

    def _poll(self) -> float | None:
        """Read what is new and tell the listeners; return when to go on, or None without any."""
        with self._lock:
            reading = [(keys, each, each.last_id) for keys, each in self._journals.items()]
            if not reading:
                self._thread = None
                return None
        commands = [
            FOLLOW(keys, last_id, journal.since, MAX_POLLED) for keys, journal, last_id in reading
        ]
        try:
            with deadline(now() + self._timeout):
                replies = self._call_many(*commands)
            for (_, journal, last_id), entries in zip(reading, replies, strict=True):
                if entries:
                    self._tell(journal, last_id, entries)
        except Exception as error:  # noqa: BLE001 - whoever waits has to hear of it
            self._fail([journal for _, journal, _ in reading], error)
            return POLL_INTERVAL
        is_behind = any(len(entries) == MAX_POLLED for entries in replies)
        return 0.0 if is_behind else POLL_INTERVAL

    def _tell(self, journal: _FollowedJournal, last_id: bytes, entries: list[Any]) -> None:
        with self._lock:
            listeners, since = list(journal.listeners), journal.since
            # Unless somebody came meanwhile, for whom the stream has to be read from further back.
            if journal.last_id == last_id:
                journal.last_id = entries[-1][0]
        for _, (_, number, _, data, *_) in entries:
            if int(number) <= since:
                continue
            entry = journal.decode(data)
            for listener in listeners:
                listener(entry)

    def _fail(self, journals: list[_FollowedJournal], error: Exception) -> None:
        with self._lock:
            told = [fail for journal in journals for fail in journal.listeners.values()]
        for fail in told:
            fail(error)
