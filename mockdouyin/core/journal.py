"""The journal: the latest exchanges of a world, kept raw and interpreted when they are read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

import msgspec

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ErrorCase
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.texts import NOTHING, Text, text

MAX_KEPT_BODY = 64 * 1024
"""Bytes of a request's body that the journal keeps; the rest is cut off."""

BY_HEADER = text(
    "by_header", zh="由请求头 Aweme-Negative-Test 指定", en="asked for by Aweme-Negative-Test"
)
BY_RULE = text("by_rule", zh="由规则 {rule} 指定", en="asked for by rule {rule}")
BY_VALUE = text("by_value", zh="由参数值 {value} 指定", en="asked for by the value {value}")
PROVOKED = frozenset((BY_HEADER.code, BY_RULE.code, BY_VALUE.code))
"""The reasons of what a trigger refused, and not Douyin."""

UNANSWERED = 100
"""Unanswered calls that are kept, however many exchanges follow."""


class Exchange(msgspec.Struct, kw_only=True, gc=False):
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
    def is_unanswered(self) -> bool:
        """Whether no endpoint and no rule answered."""
        return self.endpoint is None and not self.rule


Listener = Callable[[Exchange], None]
"""Is called with each exchange by the thread that answered it, so it must be fast."""


class Journal:
    """The latest exchanges of one world, bounded by count and by bytes."""

    def __init__(self, count: int = 2000, size: int = 16 * 1024 * 1024) -> None:
        self._count = count
        self._size = size
        self._held = 0
        self._ring: deque[Exchange] = deque()
        self.unanswered: list[Exchange] = []
        """The first calls of paths that nothing answers; only `clear` removes them."""
        self.total: int = 0
        """Exchanges ever written; the next one gets this number plus one."""
        self.listeners: list[Listener] = []

    def write(self, exchange: Exchange) -> None:
        """Append an exchange, evict the oldest ones beyond the limits, and call the listeners."""
        self.total += 1
        ring = self._ring
        ring.append(exchange)
        size = exchange.size = _size(exchange)
        self._held += size
        if exchange.is_unanswered and len(self.unanswered) < UNANSWERED:
            self.unanswered.append(exchange)
        while len(ring) > self._count or (self._held > self._size and len(ring) > 1):
            self._held -= ring.popleft().size
        if self.listeners:
            for listener in list(self.listeners):  # one may be added or removed meanwhile
                listener(exchange)

    def follow(
        self, listener: Listener, since: int, fail: Callable[[Exception], None]
    ) -> Callable[[], None]:
        """Call a listener with every exchange numbered above `since`; return what ends that.

        It may hear of one twice, and in any thread. `fail` is called once if the journal cannot be
        followed any further, which happens only where several processes write it.
        """
        # Listen first and look after that, so that no exchange falls between the two.
        self.listeners.append(listener)
        if self.total > since:
            for exchange in self.select(since=since):
                listener(exchange)
        return lambda: self.listeners.remove(listener)

    def clear(self) -> None:
        """Remove every exchange; numbering continues."""
        self._ring.clear()
        self._held = 0
        self.unanswered.clear()

    def restore(self, exchanges: Iterable[Exchange]) -> None:
        """Replace all exchanges with these; numbering continues."""
        self._ring = deque(exchanges)
        self._held = sum(exchange.size for exchange in self._ring)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._ring))

    def __len__(self) -> int:
        return len(self._ring)

    def select(
        self, endpoint: str = "", since: int = 0, limit: int = 0, before: int = 0
    ) -> list[Exchange]:
        """Return an endpoint's exchanges numbered between `since` and `before`, newest last."""
        found = [
            e
            for e in self
            if e.number > since
            and (not before or e.number < before)
            and (not endpoint or fits(e, endpoint))
        ]
        return found[-limit:] if limit else found


def _size(exchange: Exchange) -> int:
    request = exchange.request
    size = 600 + len(request.query) + len(request.body) + len(exchange.reply.body)
    for name, value in request.headers:
        size += 80 + len(name) + len(value)
    return size


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
