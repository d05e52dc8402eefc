"""The journal: every exchange as it was, kept raw; what it means is worked out when it is read."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from mockdouyin.core.clock import iso
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ErrorCase
from mockdouyin.core.message import Fault, Headers, Reply, Request
from mockdouyin.core.parameters import Malformed, parameters

KEPT = 64 * 1024
"""Bytes of a body that the journal shows."""


class Exchange(msgspec.Struct, kw_only=True, gc=False):
    """One request with its reply, and what became of it."""

    number: int
    time: float
    world: str
    request: Request
    reply: Reply
    endpoint: Endpoint | None = None
    app: str = ""
    """The client_key, or the name of the app that has it."""
    person: str = ""
    error: ErrorCase | None = None
    why: str = ""
    rule: str = ""
    """The id of the rule that bent the answer."""

    @property
    def verdict(self) -> str:
        """`ok`, `refused`, `bent` by a rule, `fault`, `unknown` path, or `error` of our own."""
        if self.reply.fault is not None:
            return "fault"
        if self.error is not None:
            return "refused"
        if self.endpoint is None:
            return "unknown"
        if self.rule:
            return "bent"
        return "ok" if self.reply.status == 200 else "error"

    @property
    def size(self) -> int:
        """About how many bytes it holds on to."""
        request = self.request
        head = sum(len(name) + len(value) + 80 for name, value in request.headers)
        return 600 + head + len(request.query) + len(request.body) + len(self.reply.body)


class Journal:
    """The latest exchanges of one world, bounded by count and by bytes."""

    def __init__(self, count: int = 2000, size: int = 16 * 1024 * 1024) -> None:
        self._count = count
        self._size = size
        self._held = 0
        self._ring: deque[Exchange] = deque()
        self.total = 0
        """Exchanges ever written; the next one's number is one more."""
        self.listeners: list[Callable[[Exchange], None]] = []

    def write(self, exchange: Exchange) -> None:
        """Write an exchange down, and let go of the oldest where there is no room."""
        self.total += 1
        ring = self._ring
        ring.append(exchange)
        self._held += exchange.size
        while len(ring) > self._count or (self._held > self._size and len(ring) > 1):
            self._held -= ring.popleft().size
        for listener in self.listeners:
            listener(exchange)

    def clear(self) -> None:
        """Forget every exchange; the numbers go on."""
        self._ring.clear()
        self._held = 0

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._ring))

    def __len__(self) -> int:
        return len(self._ring)

    def select(self, endpoint: str = "", since: int = 0, limit: int = 0) -> list[Exchange]:
        """Give the exchanges of an endpoint after a number, the newest last."""
        found = [e for e in self if e.number > since and (not endpoint or fits(e, endpoint))]
        return found[-limit:] if limit else found


def fits(exchange: Exchange, name: str) -> bool:
    """Whether the exchange is of this endpoint: its full name, bare name, or path."""
    if exchange.endpoint is None:
        return exchange.request.path == name
    endpoint = exchange.endpoint
    return name in (endpoint.full_name, endpoint.name, endpoint.family.name + ".*") or any(
        path.rstrip("/") == name.rstrip("/") for path in endpoint.paths
    )


_HIDDEN = (
    "secret|client_secret|appsecret|session_key|phoneNumber|purePhoneNumber|phone|mobile|telNumber"
)
_FIELD = re.compile(
    rf"""(?P<head>(?<![A-Za-z0-9_])(?:{_HIDDEN})(?:"|\\")?\s*[:=]\s*)"""
    r"""(?P<quote>\\?")?(?P<value>(?(quote)(?:[^"\\]|\\.)*?|[^&,\s}"]*))(?=\\?"|[&,\s}]|$)"""
)
_TOKEN = re.compile(r"\b((?:act|rft|clt|isvact)\.[0-9A-Za-z]{4}|08011218[0-9a-f]{4})[\w.=-]{8,}")


class Mask:
    """Hides secrets, session keys, phone numbers and tokens in what the journal shows."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({s for s in secrets if len(s) > 5}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """Give the text with everything hidden that should not be seen."""
        text = _FIELD.sub(lambda m: f"{m['head']}{m['quote'] or ''}***", text)
        text = _TOKEN.sub(r"\1***", text)
        return self._known.sub("***", text) if self._known else text


def show(exchange: Exchange, mask: Callable[[str], str]) -> dict[str, Any]:
    """Give an exchange as the control API does."""
    request, reply, endpoint = exchange.request, exchange.reply, exchange.endpoint
    error = exchange.error
    return {
        "id": exchange.number,
        "time": iso(exchange.time),
        "world": exchange.world,
        "endpoint": endpoint.full_name if endpoint else None,
        "method": request.method,
        "host": request.header(b"host"),
        "path": mask(request.path),
        "app": mask(exchange.app),
        "person": exchange.person,
        "verdict": exchange.verdict,
        "status": reply.status,
        "error": {"code": error.code, "name": error.name} if error else None,
        "why": mask(exchange.why),
        "rule": exchange.rule or None,
        "fault": str(reply.fault) if isinstance(reply.fault, Fault) else None,
        "unread": unread(exchange),
        "request": {
            "query": mask(request.query.decode("utf-8", "replace")),
            "headers": _headers(request.headers, mask),
            "body": _body(request.body, mask),
        },
        "reply": {"headers": _headers(reply.headers, mask), "body": _body(reply.body, mask)},
    }


def unread(exchange: Exchange) -> list[str]:
    """Name the parameters that the client sent and the endpoint does not read."""
    if exchange.endpoint is None:
        return []
    try:
        given = parameters(exchange.request)
    except Malformed:
        return []
    known = exchange.endpoint.fields.__struct_fields__
    return [name for name in given if name not in known]


def _headers(headers: Iterable[tuple[bytes, bytes]] | Headers, mask: Callable[[str], str]) -> Any:
    return {
        name.decode("latin-1"): (
            mask(value.decode("latin-1")) if name != b"authorization" else "***"
        )
        for name, value in headers
    }


def _body(body: bytes, mask: Callable[[str], str]) -> Any:
    text = mask(body[:KEPT].decode("utf-8", "replace"))
    if len(body) > KEPT:
        return f"{text}… ({len(body)} bytes)"
    if text.lstrip()[:1] in ("{", "["):
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            return text
    return text
