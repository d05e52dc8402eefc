"""The report at the end of a run: a few lines for the terminal, and all of it as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from weakref import WeakSet

from mockdouyin.control.client import LocalControl
from mockdouyin.core.errors import near_hint
from mockdouyin.core.journal import PROVOKED, Exchange, exchanges_of
from mockdouyin.core.texts import NOTHING, Parameter, Text, TextTemplate
from mockdouyin.findings.requests import unknown_path
from mockdouyin.intercept import _texts
from mockdouyin.intercept._proxy import Proxy
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.worlds import World

T = TypeVar("T")

_MAX_LINES = 8
"""Lines of findings that are printed; the JSON report has all of them."""

_MAX_NOTES = 2
"""Lines of notes that are printed: they are of no mistake."""

_MAX_REFUSALS = 4
"""Lines of refusals that are printed: a test suite provokes many on purpose."""


class _WorldReport(NamedTuple):
    """What is kept of one world."""

    name: str
    requests: int
    findings: list[dict[str, Any]]
    refusals: Counter[str]
    """How often calls were refused, by what is said of it."""
    unknown_paths: Counter[tuple[str, str]]
    """How often nothing answered a request, by it and what may have been meant."""
    hosts: set[str]
    """The hosts that got a request."""
    journal: list[dict[str, Any]]


class ClosingReport:
    """The findings on a command's requests, and the requests that were not answered.

    Made before the command starts: a test suite drops each of its worlds before the run ends.
    """

    def __init__(self, sandbox: Sandbox, proxy: Proxy, *, keeps_journals: bool) -> None:
        self._control = LocalControl(sandbox)
        self._sandbox = sandbox
        self._proxy = proxy
        self._keeps_journals = keeps_journals
        self._dropped: list[_WorldReport] = []
        self._seen: WeakSet[World] = WeakSet()
        sandbox.worlds.drop_listeners.append(self._keep)

    def _keep(self, world: World) -> None:
        if world in self._seen:  # two callers are dropping it at once
            return
        self._seen.add(world)
        self._dropped.append(self._look_at(world))

    @cached_property
    def _worlds(self) -> list[_WorldReport]:
        """The living worlds, and then the dropped ones; the command has ended."""
        return [*map(self._look_at, self._sandbox.worlds), *self._dropped]

    def _look_at(self, world: World) -> _WorldReport:
        found = self._control.order("findings", world=world.name)["findings"]
        explained = {each["exchange"]["id"] for each in found if each["level"] == "mistake"}
        exchanges = exchanges_of(world.journal)
        if not self._keeps_journals:  # the exchanges of thousands of worlds would add up
            found = [{name: each[name] for name in ("rule", "level", "says")} for each in found]
        return _WorldReport(
            world.name,
            world.journal.exchange_count,
            found,
            Counter(self._refusals(world, exchanges, explained)),
            Counter(self._unknown_paths(world)),
            {each.request.host for each in exchanges},
            self._journal(world) if self._keeps_journals else [],
        )

    def lines(self) -> Iterator[str]:
        """Yield the counts, the findings, the notes, and what the command requested in vain."""
        found = [each for world in self._worlds for each in world.findings]
        mistakes = [each for each in found if each["level"] == "mistake"]
        notes = [each for each in found if each["level"] == "note"]
        yield self._say(
            _texts.COUNTS,
            requests=_texts.requests(sum(world.requests for world in self._worlds)),
            findings=_texts.findings(len(mistakes)),
            notes=_texts.notes(len(notes)),
        )
        yield from self._finding_lines(mistakes, _MAX_LINES, _texts.MORE_FINDINGS)
        yield from self._finding_lines(notes, _MAX_NOTES, _texts.MORE_NOTES)
        yield from self._refusal_lines()
        yield from self._unanswered_lines()

    def _refusal_lines(self) -> Iterator[str]:
        refusals = _total(world.refusals for world in self._worlds)
        for line, count in islice(refusals.items(), _MAX_REFUSALS):
            yield f"{line}{self._render(_times(count))}"
        if len(refusals) > _MAX_REFUSALS:
            yield self._say(_texts.MORE_REFUSALS, count=len(refusals) - _MAX_REFUSALS)

    def _unanswered_lines(self) -> Iterator[str]:
        say, trust = self._say, _texts.HOW_TO_TRUST
        unknown = _total(world.unknown_paths for world in self._worlds)
        for (request, hint), count in unknown.items():
            yield say(_texts.NO_ENDPOINT, request=request, hint=hint, times=_times(count))
        for address, count in sorted(self._proxy.tunnel.refused.items()):
            near = self._near(address)
            yield say(_texts.NOT_LET_THROUGH, address=address, times=_times(count), hint=near)
        for address, count in sorted(self._proxy.tunnel.passed_on.items()):
            near = self._near(address)
            yield say(_texts.PASSED_ON, address=address, times=_times(count), hint=near)
        for host, count in sorted(self._proxy.distrusted.items()):
            yield say(_texts.DISTRUSTED, host=host, times=_times(count), trust=trust)
        for host, count in sorted(self._silent().items()):
            yield say(_texts.LEFT_SILENTLY, host=host, times=_times(count), trust=trust)

    def _near(self, address: str) -> Text:
        return near_hint(address.rpartition(":")[0] or address, self._proxy.hosts)

    def _finding_lines(
        self, found: list[dict[str, Any]], most: int, more: TextTemplate
    ) -> Iterator[str]:
        """Yield a line for each finding, except unknown paths, which have lines of their own."""
        rules = [each for each in found if each["rule"] != unknown_path.__name__]
        texts = Counter(map(self._line_of, rules))
        lines = [f"{says}{self._render(_times(count))}" for says, count in texts.items()]
        yield from lines[:most]
        if len(lines) > most:
            yield self._say(more, count=len(lines) - most)

    def _line_of(self, finding: dict[str, Any]) -> str:
        line = f"{finding['rule']}: {finding['says']}"
        return line if finding["level"] == "mistake" else self._say(_texts.NOTE, note=line)

    def _refusals(
        self, world: World, exchanges: list[Exchange], explained: set[int]
    ) -> Iterator[str]:
        """Yield a line for each refusal that nobody ordered and no finding explains."""
        mask = world.mask()
        for each in exchanges:
            if each.endpoint is None or each.error is None:
                continue
            if each.number in explained or each.why.code in PROVOKED:
                continue
            error = f"{each.error.code} {each.error.text}"
            why = _texts.WHY(why=each.why) if each.why else NOTHING
            name = each.endpoint.full_name
            yield mask(
                self._say(_texts.REFUSED_CALL, endpoint=name, error=error, why=why, times=NOTHING)
            )

    def _unknown_paths(self, world: World) -> Iterator[tuple[str, str]]:
        mask = world.mask()
        for each in world.journal.unanswered:
            yield mask(_describe(each)), mask(self._render(_hint(each)))

    def _say(self, template: TextTemplate, **parameters: Parameter) -> str:
        return self._render(template(**parameters))

    def _render(self, words: Text) -> str:
        return words.render(self._sandbox.language)

    def _silent(self) -> Counter[str]:
        """Count clients that left without a request, for hosts that got none from any client."""
        requested = {host for world in self._worlds for host in world.hosts}
        left = self._proxy.left_silently
        return Counter({host: count for host, count in left.items() if host not in requested})

    def report(self, command: Sequence[str], code: int) -> str:
        """Return the whole report as JSON, with secrets masked; it must keep the journals."""
        mask = self._sandbox.default.mask()
        report = {
            "command": [mask(word) for word in command],
            "exit_code": code,
            "worlds": [
                {
                    "world": world.name,
                    "journal": world.journal,
                    "requests": world.requests,
                    "findings": world.findings,
                }
                for world in self._worlds
            ],
            "not_let_through": dict(self._proxy.tunnel.refused),
            "passed_on": dict(self._proxy.tunnel.passed_on),
            "distrusted": dict(self._proxy.distrusted + self._silent()),
        }
        return json.dumps(report, ensure_ascii=False, indent=2) + "\n"

    def _journal(self, world: World) -> list[dict[str, Any]]:
        shown = self._control.order("journal", world=world.name, query={"limit": "0"})
        exchanges: list[dict[str, Any]] = shown["exchanges"]
        return exchanges


def _total(counts: Iterable[Counter[T]]) -> Counter[T]:
    total: Counter[T] = Counter()
    for each in counts:
        total.update(each)
    return total


def _describe(exchange: Exchange) -> str:
    request = exchange.request
    host = request.host or request.header(b"host")
    return f"{request.method} {host}{request.path}"


def _hint(exchange: Exchange) -> Text:
    hint = exchange.why.parameters.get("hint")
    return _texts.HINT(hint=hint) if isinstance(hint, Text) and hint else NOTHING


def _times(count: int) -> Text:
    return _texts.TIMES(count=count) if count > 1 else NOTHING
