"""The journal: what happened in a world lately, kept raw and interpreted when it is read.

Exchanges (requests of a client with their replies) and acts (what people, webhooks and testers do)
share one sequence of numbers. An entry names by its `links` what it belongs to; they are written
when it happens, and stories are joined by them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import msgspec

from mockdouyin.core.acts import Act
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ErrorCase
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.links import Link
from mockdouyin.core.settings import Settings
from mockdouyin.core.texts import NOTHING, Text, text

MAX_KEPT_BODY = 64 * 1024
"""Bytes of a request's body that the journal keeps; the rest is cut off."""

_DEFAULTS = Settings()

BY_HEADER = text(
    "by_header", zh="由请求头 Aweme-Negative-Test 指定", en="asked for by Aweme-Negative-Test"
)
BY_RULE = text("by_rule", zh="由规则 {rule} 指定", en="asked for by rule {rule}")
BY_VALUE = text("by_value", zh="由参数值 {value} 指定", en="asked for by the value {value}")
PROVOKED = frozenset((BY_HEADER.code, BY_RULE.code, BY_VALUE.code))
"""The reasons of what a trigger refused, and not Douyin."""

UNANSWERED = 100
"""Unanswered calls that are kept, however many exchanges follow."""


class Exchange(msgspec.Struct, kw_only=True, tag="exchange", gc=False):
    """One request with its reply, and what the sandbox knows about them."""

    number: int
    time: float
    world: str
    request: Request
    """The request, with its body cut to `MAX_KEPT_BODY` bytes."""
    length: int = 0
    """Bytes of the whole body."""
    reply: Reply
    endpoint: Endpoint | None = None
    app: str = ""
    """The client_key, or the name of the app that has it."""
    person: str = ""
    error: ErrorCase | None = None
    why: Text = NOTHING
    """Why it was refused, for the one who debugs; never on the wire."""
    rule: str = ""
    """The id of the rule that changed the answer."""
    denied: bool = False
    """Whether a person declined to consent; the platform itself did not refuse the call."""
    links: tuple[Link, ...] = ()
    took: float = 0.0
    """Seconds that the platform took to answer; the delay of a rule comes on top."""
    size: int = 0
    """Approximate bytes of memory; computed when the exchange is written to the journal."""

    @property
    def verdict(self) -> str:
        """`ok`, `refused`, `bent` (by a rule), `fault`, `unknown` (path), or `error` (our own)."""
        if self.reply.fault is not None:
            return "fault"
        if self.error is not None or self.denied:
            return "refused"
        if self.rule:
            return "bent"
        if self.endpoint is None:
            return "unknown"
        return "ok" if self.reply.status in (200, 302) else "error"

    @property
    def took_ms(self) -> float:
        """How long the answer took in milliseconds, as the client saw it: with a rule's delay."""
        return round((self.took + self.reply.delay) * 1000, 3)

    @property
    def is_unanswered(self) -> bool:
        """Whether no endpoint and no rule answered."""
        return self.endpoint is None and not self.rule


Entry = Exchange | Act
"""What the journal holds: everything that happens in a world, under one sequence of numbers."""

Listener = Callable[[Entry], None]
"""Is called with each entry by the thread that wrote it, so it must be fast."""


class Followers:
    """Those who follow a journal, by what tells each that its world has ended."""

    def __init__(self) -> None:
        self._fails: list[Callable[[Exception], None]] = []
        self._ended: Exception | None = None

    def add(self, fail: Callable[[Exception], None]) -> Callable[[], None]:
        """Tell one more of the end, at once if it came already; return what forgets it."""
        self._fails.append(fail)
        if self._ended is not None:
            fail(self._ended)
        return lambda: self._fails.remove(fail)

    def end(self, error: Exception) -> None:
        """Tell all of them that the world has ended."""
        self._ended = error
        for fail in list(self._fails):
            fail(error)


class Journal:
    """The latest exchanges and acts of one world, bounded by count and by bytes."""

    def __init__(
        self, count: int = _DEFAULTS.journal_exchanges, size: int = _DEFAULTS.journal_bytes
    ) -> None:
        self._most = count
        self._size = size
        self._held = 0
        self._exchanges_held = 0
        self._ring: deque[Entry] = deque()
        self.unanswered: list[Exchange] = []
        """The first calls of paths that nothing answers; only `clear` removes them."""
        self.total: int = 0
        """The number of the latest entry."""
        self.exchange_count: int = 0
        """Exchanges ever written."""
        self.dropped: int = 0
        """Entries up to this number are gone: evicted, or cleared."""
        self.listeners: list[Listener] = []
        self.followers: Followers = Followers()

    @property
    def next_number(self) -> int:
        """The number of what is happening in this transaction, once it is written."""
        return self.total + 1

    def expect(self) -> None:
        """Announce that an entry will be written; a shared journal fetches its number early."""

    def limit(self, exchanges: int, size: int) -> None:
        """Keep at most so many exchanges, and at most so many bytes, from the next entry on."""
        self._most, self._size = exchanges, size

    def write(self, entry: Entry) -> None:
        """Append an entry, evict the oldest ones beyond the limits, and call the listeners."""
        self.total += 1
        ring = self._ring
        ring.append(entry)
        if entry.__class__ is Exchange:  # faster than isinstance, and every call comes here
            size = entry.size = _exchange_size(entry)
            self.exchange_count += 1
            self._exchanges_held += 1
            if entry.endpoint is None and entry.is_unanswered:
                self._keep_unanswered(entry)
        else:
            size = entry.size = _act_size(entry)  # type: ignore[arg-type]
        self._held += size
        while self._exchanges_held > self._most or (self._held > self._size and len(ring) > 1):
            self._evict()
        if self.listeners:
            for listener in list(self.listeners):  # one may be added or removed meanwhile
                listener(entry)

    def _keep_unanswered(self, exchange: Exchange) -> None:
        if len(self.unanswered) < UNANSWERED:
            self.unanswered.append(exchange)

    def _evict(self) -> None:
        oldest = self._ring.popleft()
        self._held -= oldest.size
        self._exchanges_held -= type(oldest) is Exchange
        self.dropped = oldest.number

    def follow(
        self, listener: Listener, since: int, fail: Callable[[Exception], None]
    ) -> Callable[[], None]:
        """Call a listener with every entry numbered above `since`; return what ends that.

        It may hear of one twice, and in any thread. `fail` is called if the journal cannot be
        followed any further: its world has ended, or the store that several processes share fails.
        """
        # Listen first and look after that, so that no entry falls between the two.
        self.listeners.append(listener)
        if self.total > since:
            for entry in self.newest(since=since):
                listener(entry)
        forget = self.followers.add(fail)

        def stop() -> None:
            self.listeners.remove(listener)
            forget()

        return stop

    def clear(self) -> None:
        """Remove every entry; numbering continues."""
        self._ring.clear()
        self._held = self._exchanges_held = 0
        self.dropped = self.total
        self.unanswered.clear()

    def count_on(self, total: int, exchanges: int) -> None:
        """Continue the numbers of a journal whose entries were not kept."""
        self.total = self.dropped = total
        self.exchange_count = exchanges

    def save(self) -> list[Entry]:
        """Return every entry, for `restore`."""
        return list(self._ring)

    def restore(self, entries: Iterable[Entry]) -> None:
        """Replace all entries with these; numbering continues."""
        self._ring = deque(entries)
        self._held = sum(entry.size for entry in self._ring)
        self._exchanges_held = sum(type(entry) is Exchange for entry in self._ring)

    def newest(self, limit: int = 0, since: int = 0, before: int = 0) -> list[Entry]:
        """Return the newest entries numbered between `since` and `before`, oldest first."""
        end = self._index(before - 1) if before else len(self._ring)
        start = self._index(since) if since else 0
        if limit:
            start = max(start, end - limit)
        return list(islice(self._ring, start, max(start, end)))

    def after(self, since: int, limit: int) -> list[Entry]:
        """Return the first entries numbered above `since`, oldest first, for whoever reads on."""
        start = self._index(since)
        return list(islice(self._ring, start, start + limit))

    def find(self, number: int) -> Entry | None:
        """Return the entry with this number."""
        found = self.after(number - 1, 1)
        return found[0] if found and found[0].number == number else None

    def _index(self, number: int) -> int:
        """Return the index of the first entry numbered above `number`."""
        return bisect_right(self._ring, number, key=lambda entry: entry.number)

    def __iter__(self) -> Iterator[Exchange]:
        """Iterate over the exchanges, oldest first."""
        return iter(exchanges_of(self.newest()))

    def __len__(self) -> int:
        """Return the number of exchanges that are kept."""
        return len(list(iter(self)))

    def select(
        self, endpoint: str = "", since: int = 0, limit: int = 0, before: int = 0
    ) -> list[Exchange]:
        """Return an endpoint's exchanges numbered between `since` and `before`, newest last."""
        found = exchanges_of(self.newest(since=since, before=before))
        if endpoint:
            found = [exchange for exchange in found if fits(exchange, endpoint)]
        return found[-limit:] if limit else found


def exchanges_of(entries: Iterable[Entry]) -> list[Exchange]:
    """Return the exchanges among the entries."""
    return [entry for entry in entries if isinstance(entry, Exchange)]


def _exchange_size(exchange: Exchange) -> int:
    """Return approximately how many bytes of memory an exchange holds."""
    request, reply = exchange.request, exchange.reply
    size = 700 + len(request.query) + len(request.body) + len(reply.body)
    size += len(request.path) + len(request.method) + len(request.host)
    for name, value in request.headers:
        size += 80 + len(name) + len(value)
    if reply.status == 302:  # the other ones have no headers that are long
        size += sum(len(value) for _, value in reply.headers)
    if exchange.why is not NOTHING:
        size += _text_size(exchange.why)
    return size


def _act_size(act: Act) -> int:
    return 800 + len(act.given) + len(act.result) + _text_size(act.says) + _text_size(act.why)


def _text_size(words: Text) -> int:
    return 200 + sum(len(str(value)) for value in words.parameters.values())


def fits(exchange: Exchange, name: str) -> bool:
    """Whether its endpoint has this full name, bare name, family (`family.*`) or path."""
    if exchange.endpoint is None:
        return exchange.request.path == name
    return is_called(exchange.endpoint, name)


def is_called(endpoint: Endpoint, name: str) -> bool:
    """Whether an endpoint has this full name, bare name, family (`family.*`) or path."""
    return name in (endpoint.full_name, endpoint.name, endpoint.family.name + ".*") or any(
        path.rstrip("/") == name.rstrip("/") for path in endpoint.paths
    )
