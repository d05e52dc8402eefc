"""The report at the end of a run: a few lines for the terminal, and all of it as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from mockdouyin.control.client import LocalControl
from mockdouyin.core.journal import Exchange
from mockdouyin.core.texts import Text
from mockdouyin.findings.requests import unknown_path
from mockdouyin.intercept._proxy import Proxy
from mockdouyin.sandbox import Sandbox

_MAX_LINES = 8
"""Lines of findings that are printed; the JSON report has all of them."""

_TRUST = (
    "does not trust this run's certificate authority. Have it trust the file that SSL_CERT_FILE"
    ' names (in Python verify=os.environ["SSL_CERT_FILE"]); where its roots are compiled in, give'
    " it MOCKDOUYIN_URL as its base URL"
)


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
        yield f"{_many(count, 'request')}, {_many(len(found), 'finding')}"
        yield from _finding_lines(found)
        yield from self._unanswered_lines()

    def _unanswered_lines(self) -> Iterator[str]:
        for text, count in Counter(self._unknown_paths()).items():
            yield f"no endpoint answers {text}{_times(count)}"
        for address, count in sorted(self._proxy.tunnel.refused.items()):
            yield f"{address}{_times(count)}: not let through, as nothing leaves (--offline)"
        for host, count in sorted(self._proxy.distrusted.items()):
            yield f"{host}{_times(count)}: the client broke the connection off; it {_TRUST}"
        for host, count in sorted(self._silent().items()):
            yield (
                f"{host}{_times(count)}: the client left without a request once it had seen the"
                f" certificate; most likely it {_TRUST}"
            )

    def _unknown_paths(self) -> Iterator[str]:
        for world in self._sandbox.worlds:
            mask = world.mask()
            yield from (mask(_describe(each)) for each in world.journal.unanswered)

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


def _finding_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each finding, except unknown paths, which have lines of their own."""
    rules = [each for each in found if each["rule"] != unknown_path.__name__]
    texts = [f"{each['rule']}: {each['says']}" for each in rules]
    lines = [f"{text}{_times(len(list(group)))}" for text, group in groupby(texts)]
    yield from lines[:_MAX_LINES]
    if len(lines) > _MAX_LINES:
        yield f"and {len(lines) - _MAX_LINES} more; --report FILE keeps them all"


def _describe(exchange: Exchange) -> str:
    request = exchange.request
    host = request.host or request.header(b"host")
    hint = exchange.why.parameters.get("hint")
    advice = f"; {hint.render('en')}" if isinstance(hint, Text) else ""
    return f"{request.method} {host}{request.path}{advice}"


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


def _many(count: int, thing: str) -> str:
    return f"1 {thing}" if count == 1 else f"{count or 'no'} {thing}s"
