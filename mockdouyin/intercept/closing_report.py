"""What a run came to: told in short when its command ends, and kept whole in a file."""

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

_SHOWN = 8
"""Findings that are told at the end; a report has them all."""

_TRUST = (
    "does not trust this run's certificate authority. Have it trust the file that SSL_CERT_FILE"
    ' names (in Python verify=os.environ["SSL_CERT_FILE"]); where its roots are compiled in, give'
    " it MOCKDOUYIN_URL as its base URL"
)


class ClosingReport:
    """All that a run has to say of its command's requests."""

    def __init__(self, sandbox: Sandbox, interceptor: Proxy) -> None:
        self._control = LocalControl(sandbox)
        self._sandbox = sandbox
        self._interceptor = interceptor
        self._findings = {
            world.name: self._control.order("findings", world=world.name)
            for world in sandbox.worlds
        }

    def lines(self) -> Iterator[str]:
        """Tell in short what the command did wrong, and what it asked for and did not get."""
        found = [each for answer in self._findings.values() for each in answer["findings"]]
        count = sum(world.journal.total for world in self._sandbox.worlds)
        yield f"{_many(count, 'request')}, {_many(len(found), 'finding')}"
        yield from _in_short(found)
        yield from self._not_got()

    def _not_got(self) -> Iterator[str]:
        for text, count in Counter(self._missed()).items():
            yield f"no endpoint answers {text}{_times(count)}"
        for place, count in sorted(self._interceptor.passage.refused.items()):
            yield f"{place}{_times(count)}: not let through, as nothing leaves (--offline)"
        for host, count in sorted(self._interceptor.distrusted.items()):
            yield f"{host}{_times(count)}: the client broke the connection off; it {_TRUST}"
        for host, count in sorted(self._silent().items()):
            yield (
                f"{host}{_times(count)}: the client left without a request once it had seen the"
                f" certificate; most likely it {_TRUST}"
            )

    def _missed(self) -> Iterator[str]:
        for world in self._sandbox.worlds:
            mask = world.mask()
            yield from (mask(_unanswered(each)) for each in world.journal.unanswered)

    def _silent(self) -> Counter[str]:
        """Count those who left without a request, where nobody trusted the same host."""
        heard = {each.request.host for world in self._sandbox.worlds for each in world.journal}
        left = self._interceptor.unheard
        return Counter({host: count for host, count in left.items() if host not in heard})

    def report(self, command: Sequence[str], code: int) -> str:
        """Return all of it as JSON, with what must not be seen hidden."""
        mask = self._sandbox.default.mask()
        whole = {
            "command": [mask(word) for word in command],
            "exit_code": code,
            "worlds": [self._world(name) for name in self._findings],
            "not_let_through": dict(self._interceptor.passage.refused),
            "distrusted": dict(self._interceptor.distrusted + self._silent()),
        }
        return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"

    def _world(self, name: str) -> dict[str, Any]:
        journal = self._control.order("journal", world=name, query={"limit": "0"})
        return {
            "world": name,
            "journal": journal["exchanges"],
            "requests": journal["total"],
            "findings": self._findings[name]["findings"],
        }


def _in_short(found: list[dict[str, Any]]) -> Iterator[str]:
    """Tell the findings, a line each; unknown paths have lines of their own."""
    rules = [each for each in found if each["rule"] != unknown_path.__name__]
    told = [f"{each['rule']}: {each['says']}" for each in rules]
    lines = [f"{text}{_times(len(list(group)))}" for text, group in groupby(told)]
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"and {len(lines) - _SHOWN} more; --report FILE keeps them all"


def _unanswered(exchange: Exchange) -> str:
    request = exchange.request
    host = request.host or request.header(b"host")
    hint = exchange.why.parameters.get("hint")
    advice = f"; {hint.render('en')}" if isinstance(hint, Text) else ""
    return f"{request.method} {host}{request.path}{advice}"


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


def _many(count: int, thing: str) -> str:
    return f"1 {thing}" if count == 1 else f"{count or 'no'} {thing}s"
