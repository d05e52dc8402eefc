"""The table of finding rules, and the view of an exchange that they work on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from ipaddress import ip_address
from typing import Any, Literal, NamedTuple, cast

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import Basis, NotFoundError, suggestion
from mockdouyin.core.http import Request
from mockdouyin.core.journal import PROVOKED, Exchange
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.pace import Pace
from mockdouyin.core.parameters import parameters
from mockdouyin.core.texts import NOTHING, Text, TextTemplate, text
from mockdouyin.findings._error_texts import NO_FINDING_RULE

_ONCE = text("finding_once", zh="1 次", en="once")
_TWICE = text("finding_twice", zh="2 次", en="twice")
_TIMES = text("finding_times", zh="{count} 次", en="{count} times")

# Where a mistake is documented: `{doc}` is the page, `{basis}` and `{error}` are their basis.

PAGE = text("finding_source_page", zh="{doc}（{basis}）", en="{doc} ({basis})")
PAGE_OF_ERROR = text("finding_source_error", zh="{doc}（{error}）", en="{doc} ({error})")
DOCUMENTED_PAGE = text("finding_source_documented", zh="{doc}（文档）", en="{doc} (documented)")

_REFUSAL = text("finding_refusal", zh="{code} {text}：{why}", en="{code} {text}: {why}")

BASES: dict[Basis, TextTemplate] = {
    "documented": text("basis_documented", zh="文档", en="documented"),
    "observed": text("basis_observed", zh="实测", en="observed"),
    "assumed": text("basis_assumed", zh="推定", en="assumed"),
}


class SeenExchange:
    """An exchange with what finding rules need to know of it."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.endpoint: Endpoint | None = exchange.endpoint
        self.request: Request = exchange.request
        self.time: float = exchange.time

    @property
    def called(self) -> Endpoint:
        """The endpoint, for a rule that has checked that there is one."""
        return cast(Endpoint, self.endpoint)

    @cached_property
    def given(self) -> dict[str, Any]:
        """The parameters that were sent; empty if they cannot be parsed."""
        try:
            return parameters(self.request)
        except Malformed:
            return {}

    @cached_property
    def token(self) -> str:
        """The token that was sent, in a header or as a parameter."""
        if self.endpoint is None or not self.endpoint.types.takes_token:
            return ""
        for name in (b"access-token", b"access_token", b"x-token"):
            if value := self.request.header(name):
                return value
        return str(self.given.get("access_token", ""))

    @property
    def provoked(self) -> bool:
        """Whether a trigger refused the call, not the platform."""
        return self.exchange.why.code in PROVOKED

    @property
    def refusal(self) -> str:
        """The name of the error by which Douyin itself refused, if the client received it."""
        error = self.exchange.error
        if error is None or self.provoked or self.exchange.verdict != "refused":
            return ""
        return error.name

    @property
    def error(self) -> Text:
        """The error's number and text, and its reason."""
        error = self.exchange.error
        if error is None:
            return NOTHING
        return _REFUSAL(code=error.code, text=error.text, why=self.exchange.why)

    @property
    def identity(self) -> tuple[object, ...]:
        """A key that is equal for identical requests."""
        request = self.request
        return (request.method, request.path, request.query, request.body, self.token)


Level = Literal["mistake", "note"]
"""A note is of something that is right here and would not be at the platform: it fails nothing."""


class Hit(NamedTuple):
    """A match of a rule: the exchange that shows it, and a description."""

    seen: SeenExchange
    says: Text
    fix: Text = NOTHING
    """Replaces the rule's own fix."""


class Finding(NamedTuple):
    """A mistake of the client, or a note, with the exchange that shows it."""

    rule: str
    level: Level
    says: Text
    exchange: Exchange
    source: Text
    fix: Text


FindingFunction = Callable[["SeenExchanges"], Iterable[Hit]]


class FindingRule(NamedTuple):
    """One rule: how it detects a mistake, and what a developer is told of it."""

    name: str
    look: FindingFunction
    about: Text
    """The mistake in a few words."""
    why: Text
    """Why it matters."""
    fix: Text
    """What to do instead."""
    source: TextTemplate
    """Where it is documented."""
    level: Level

    def findings(self, seen: SeenExchanges) -> Iterator[Finding]:
        """Iterate over what the rule finds."""
        for hit in self.look(seen):
            source = _source(self.source, hit.seen)
            fix = hit.fix or self.fix
            yield Finding(self.name, self.level, hit.says, hit.seen.exchange, source, fix)


def _source(source: TextTemplate, seen: SeenExchange) -> Text:
    endpoint, error = seen.endpoint, seen.exchange.error
    if endpoint is None:
        return source()
    basis = BASES[endpoint.basis]()
    return source(doc=endpoint.doc, basis=basis, error=BASES[error.basis]() if error else basis)


RULES: dict[str, FindingRule] = {}
"""Every rule by name, in the order in which findings are listed; notes come after mistakes."""


def finding(
    *,
    about: TextTemplate,
    why: TextTemplate,
    fix: TextTemplate,
    source: TextTemplate,
    level: Level = "mistake",
) -> Callable[[FindingFunction], FindingFunction]:
    """Declare a rule, named after the function."""

    def declare(look: FindingFunction) -> FindingFunction:
        name = look.__name__
        RULES[name] = FindingRule(name, look, about(), why(), fix(), source, level)
        return look

    return declare


def select(name: str = "") -> list[FindingRule]:
    """Return the rule with this name, or every rule if it is empty."""
    if name and name not in RULES:
        raise NotFoundError(NO_FINDING_RULE(name=name, hint=suggestion(name, RULES)))
    return [RULES[name]] if name else list(RULES.values())


class SeenExchanges(list[SeenExchange]):
    """Exchanges, oldest first, that each rule iterates over at this pace."""

    def __init__(
        self, exchanges: Iterable[Exchange], pace: Pace, deliveries: Callable[[], list[Delivery]]
    ) -> None:
        super().__init__(map(SeenExchange, exchanges))
        self.pace = pace
        self._deliveries = deliveries

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """What was sent to the client's receivers; read only if a rule asks for it."""
        return self._deliveries()

    def __iter__(self) -> Iterator[SeenExchange]:
        return self.pace(super().__iter__())


def examine(
    exchanges: Iterable[Exchange],
    rule: str = "",
    pace: Pace = iter,
    deliveries: Callable[[], list[Delivery]] = list,
) -> list[Finding]:
    """Return what one rule, or every rule, finds in exchanges, which come oldest first.

    Notes come last. A few rules also look at what was delivered meanwhile.
    """
    rules = sorted(select(rule), key=lambda each: each.level == "note")
    seen = SeenExchanges(exchanges, pace, deliveries)
    return [found for each in rules for found in each.findings(seen)]


def grouped(pairs: Iterable[tuple[Any, SeenExchange]]) -> dict[Any, list[SeenExchange]]:
    """Group pairs by their key, in order of appearance."""
    groups: dict[Any, list[SeenExchange]] = {}
    for key, each in pairs:
        groups.setdefault(key, []).append(each)
    return groups


def by_endpoint(seen: Iterable[SeenExchange]) -> Iterator[tuple[str, list[SeenExchange]]]:
    """Group calls by the full name of their endpoint."""
    yield from grouped((each.called.full_name, each) for each in seen).items()


def times(count: int) -> Text:
    """Return a count in words: once, twice, 3 times."""
    return _ONCE() if count == 1 else _TWICE() if count == 2 else _TIMES(count=count)


_NOWHERE = ("localhost", "local", "test", "invalid", "example", "internal")
"""Top-level domains that no host of Douyin's can have: a test's own base URL has one."""


def is_local_name(name: str) -> bool:
    """Whether the name can only be a test server's: an IP address, a local or a reserved name."""
    if "." not in name or name.rpartition(".")[2] in _NOWHERE:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
