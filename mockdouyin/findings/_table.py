"""The table of rules that findings come from, and what a rule is given to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple, cast

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import NotFoundError, did_you_mean
from mockdouyin.core.journal import PROVOKED, Exchange
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.parameters import parameters


class SeenExchange:
    """One exchange, as a rule looks at it."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.endpoint = exchange.endpoint
        self.request = exchange.request
        self.time = exchange.time

    @property
    def called(self) -> Endpoint:
        """The endpoint, where a rule knows that there is one."""
        return cast(Endpoint, self.endpoint)

    @cached_property
    def given(self) -> dict[str, Any]:
        """The parameters that were sent; none where they cannot be read."""
        try:
            return parameters(self.request)
        except Malformed:
            return {}

    @cached_property
    def token(self) -> str:
        """The token that was sent, in whichever place."""
        if self.endpoint is None or not self.endpoint.takes_token:
            return ""
        for name in (b"access-token", b"access_token", b"x-token"):
            if value := self.request.header(name):
                return value
        return str(self.given.get("access_token", ""))

    @property
    def provoked(self) -> bool:
        """Whether a trigger refused, in the platform's place."""
        return self.exchange.why.code in PROVOKED

    @property
    def refusal(self) -> str:
        """The name of the error by which Douyin itself refused, if the client heard of it."""
        error = self.exchange.error
        if error is None or self.provoked or self.exchange.verdict != "refused":
            return ""
        return error.name

    @property
    def error(self) -> str:
        """The error's number and text, and why it came."""
        error = self.exchange.error
        return f"{error.code} {error.text}: {self.exchange.why.render('en')}" if error else ""

    @property
    def transact(self) -> tuple[object, ...]:
        """All that tells one request from another."""
        request = self.request
        return (request.method, request.path, request.query, request.body, self.token)


class Hit(NamedTuple):
    """What a rule found: the exchange that shows it, and what is to be said of it."""

    seen: SeenExchange
    says: str
    fix: str = ""
    """In place of the rule's own."""


class Finding(NamedTuple):
    """Something that the client does wrong, with the exchange that shows it."""

    rule: str
    says: str
    exchange: Exchange
    source: str
    fix: str


FindingFunction = Callable[[list[SeenExchange]], Iterable[Hit]]


class FindingRule(NamedTuple):
    """One rule: how it looks, what it goes by, and what to do about it."""

    name: str
    look: FindingFunction
    source: str
    """Where it stands: `{doc}` is the endpoint's page, `{basis}` and `{error}` how sure we are."""
    fix: str

    @property
    def about(self) -> str:
        """What the client does wrong, in one sentence."""
        return (self.look.__doc__ or "").partition("\n")[0]

    def findings(self, seen: list[SeenExchange]) -> Iterator[Finding]:
        """Give what the rule finds."""
        for hit in self.look(seen):
            source = _stands(self.source, hit.seen)
            yield Finding(self.name, hit.says, hit.seen.exchange, source, hit.fix or self.fix)


def _stands(source: str, seen: SeenExchange) -> str:
    endpoint, error = seen.endpoint, seen.exchange.error
    if endpoint is None:
        return source
    error_basis = error.basis if error else endpoint.basis
    return source.format(doc=endpoint.doc, basis=endpoint.basis, error=error_basis)


RULES: dict[str, FindingRule] = {}
"""Every rule, by name, in the order in which findings are told."""


def finding(source: str, fix: str) -> Callable[[FindingFunction], FindingFunction]:
    """Declare a rule; its name is the function's, and what it is about the docstring's."""

    def declare(look: FindingFunction) -> FindingFunction:
        name = look.__name__
        RULES[name] = FindingRule(name, look, source, fix)
        return look

    return declare


def examine(exchanges: Iterable[Exchange], rule: str = "") -> list[Finding]:
    """Give what a world's exchanges show, the oldest first, by one rule or by all."""
    if rule and rule not in RULES:
        raise NotFoundError(f"no rule {rule!r}{did_you_mean(rule, RULES)}")
    seen = [SeenExchange(exchange) for exchange in exchanges]
    rules = [RULES[rule]] if rule else RULES.values()
    return [found for each in rules for found in each.findings(seen)]


def grouped(pairs: Iterable[tuple[Any, SeenExchange]]) -> dict[Any, list[SeenExchange]]:
    """Gather what was seen under what it has in common, in the order in which it came."""
    groups: dict[Any, list[SeenExchange]] = {}
    for key, each in pairs:
        groups.setdefault(key, []).append(each)
    return groups


def by_endpoint(seen: Iterable[SeenExchange]) -> Iterator[tuple[str, list[SeenExchange]]]:
    """Gather calls of endpoints by the name of the endpoint."""
    yield from grouped((each.called.full_name, each) for each in seen).items()


def times(count: int) -> str:
    """Write how often."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
