"""The report at the end of a run: a few lines for the terminal, and all of it as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from mockdouyin.control.client import LocalControl
from mockdouyin.core.journal import Exchange
from mockdouyin.core.texts import NOTHING, Parameter, Text, TextTemplate
from mockdouyin.findings.requests import unknown_path
from mockdouyin.intercept import _texts
from mockdouyin.intercept._proxy import Proxy
from mockdouyin.sandbox import Sandbox

_MAX_LINES = 8
"""Lines of findings that are printed; the JSON report has all of them."""


class ClosingReport:
    """The findings on a command's requests, and the requests that were not answered."""

    def __init__(self, sandbox: Sandbox, proxy: Proxy) -> None:
        self._control = LocalControl(sandbox)
        self._sandbox = sandbox
        self._proxy = proxy
        self._findings = {
            world.name: self._control.order("findings", world=world.name)
            for world in sandbox.worlds
        }

    def lines(self) -> Iterator[str]:
        """Yield the counts, the findings, and what the command requested in vain."""
        found = [each for answer in self._findings.values() for each in answer["findings"]]
        count = sum(world.journal.exchange_count for world in self._sandbox.worlds)
        requests, findings = _texts.requests(count), _texts.findings(len(found))
        yield self._say(_texts.COUNTS, requests=requests, findings=findings)
        yield from self._finding_lines(found)
        yield from self._unanswered_lines()

    def _unanswered_lines(self) -> Iterator[str]:
        say, trust = self._say, _texts.HOW_TO_TRUST
        for (request, hint), count in Counter(self._unknown_paths()).items():
            yield say(_texts.NO_ENDPOINT, request=request, hint=hint, times=_times(count))
        for address, count in sorted(self._proxy.tunnel.refused.items()):
            yield say(_texts.NOT_LET_THROUGH, address=address, times=_times(count))
        for host, count in sorted(self._proxy.distrusted.items()):
            yield say(_texts.DISTRUSTED, host=host, times=_times(count), trust=trust)
        for host, count in sorted(self._silent().items()):
            yield say(_texts.LEFT_SILENTLY, host=host, times=_times(count), trust=trust)

    def _finding_lines(self, found: list[dict[str, Any]]) -> Iterator[str]:
        """Yield a line for each finding, except unknown paths, which have lines of their own."""
        rules = [each for each in found if each["rule"] != unknown_path.__name__]
        texts = [f"{each['rule']}: {each['says']}" for each in rules]
        lines = [
            f"{says}{self._render(_times(len(list(group))))}" for says, group in groupby(texts)
        ]
        yield from lines[:_MAX_LINES]
        if len(lines) > _MAX_LINES:
            yield self._say(_texts.MORE_FINDINGS, count=len(lines) - _MAX_LINES)

    def _unknown_paths(self) -> Iterator[tuple[str, str]]:
        """Yield each request that nothing answered, with what may have been meant."""
        for world in self._sandbox.worlds:
            mask = world.mask()
            for each in world.journal.unanswered:
                yield mask(_describe(each)), mask(self._render(_hint(each)))

    def _say(self, template: TextTemplate, **parameters: Parameter) -> str:
        return self._render(template(**parameters))

    def _render(self, words: Text) -> str:
        return words.render(self._sandbox.language)

    def _silent(self) -> Counter[str]:
        """Count clients that left without a request, for hosts that got none from any client."""
        requested = {each.request.host for world in self._sandbox.worlds for each in world.journal}
        left = self._proxy.left_silently
        return Counter({host: count for host, count in left.items() if host not in requested})

    def report(self, command: Sequence[str], code: int) -> str:
        """Return the whole report as JSON, with secrets masked."""
        mask = self._sandbox.default.mask()
        report = {
            "command": [mask(word) for word in command],
            "exit_code": code,
            "worlds": [self._world(name) for name in self._findings],
            "not_let_through": dict(self._proxy.tunnel.refused),
            "distrusted": dict(self._proxy.distrusted + self._silent()),
        }
        return json.dumps(report, ensure_ascii=False, indent=2) + "\n"

    def _world(self, name: str) -> dict[str, Any]:
        journal = self._control.order("journal", world=name, query={"limit": "0"})
        return {
            "world": name,
            "journal": journal["exchanges"],
            "requests": self._sandbox.worlds.find(name).journal.exchange_count,
            "findings": self._findings[name]["findings"],
        }


def _describe(exchange: Exchange) -> str:
    request = exchange.request
    host = request.host or request.header(b"host")
    return f"{request.method} {host}{request.path}"


def _hint(exchange: Exchange) -> Text:
    hint = exchange.why.parameters.get("hint")
    return _texts.HINT(hint=hint) if isinstance(hint, Text) and hint else NOTHING


def _times(count: int) -> Text:
    return _texts.TIMES(count=count) if count > 1 else NOTHING
