"""The run of an examination: post each probe's letters, hear the answers, let them be judged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from mockdouyin.delivery import AsyncSender
from mockdouyin.webhook_check.checks import Case, CheckResult, CheckVerdict, ProbeExchange
from mockdouyin.webhook_check.messages import MessageFactory, TestMessage
from mockdouyin.webhook_check.probes import Probe

LIMIT = 5.0
"""Seconds after which Douyin hangs up."""

_SILENT = 3
"""After so many probes without any answer, nobody is there."""


class Times(NamedTuple):
    """How long the examination waits, in seconds."""

    limit: float = LIMIT
    """An answer that comes later is too late."""
    patience: float = 2 * LIMIT
    """An answer is waited for so long: a right one that comes late is told from none."""
    whole: float = 120.0
    """No further probe begins after this."""


class ProbeResult(NamedTuple):
    """One probe, what became of its letters, and what that means."""

    probe: Probe
    exchanges: tuple[ProbeExchange, ...]
    finding: CheckResult

    @property
    def verdict(self) -> CheckVerdict:
        """How it went."""
        return self.finding.verdict

    @property
    def took(self) -> float:
        """Seconds until its slowest answer."""
        return max(each.answer.took for each in self.exchanges)


class Report(NamedTuple):
    """A whole examination."""

    results: tuple[ProbeResult, ...]
    unsent: tuple[Probe, ...] = ()
    """The probes that were left out, because the examination ended early."""
    ended: str = ""
    """Why it ended early."""

    def of(self, verdict: CheckVerdict) -> tuple[ProbeResult, ...]:
        """Give the results with this verdict."""
        return tuple(each for each in self.results if each.verdict == verdict)

    @property
    def failed(self) -> bool:
        """Whether a probe failed."""
        return bool(self.of("fail"))


async def examine(
    courier: AsyncSender,
    desk: MessageFactory,
    probes: Sequence[Probe],
    times: Times | None = None,
    tell: Callable[[ProbeResult], None] = lambda result: None,
) -> Report:
    """Run the probes one after the other; each result is told as soon as it is there."""
    times = times or Times()
    ends = asyncio.get_running_loop().time() + times.whole
    results: list[ProbeResult] = []
    run: list[ProbeExchange] = []
    for number, probe in enumerate(probes):
        exchanges = await _send(courier, probe.letters(desk), times.patience, probe.at_once)
        run += exchanges
        result = ProbeResult(probe, exchanges, probe.judge(Case(exchanges, run, times.limit)))
        results.append(result)
        tell(result)
        late = asyncio.get_running_loop().time() > ends
        why = f"{times.whole:g} s are over" if late else _hopeless(results)
        if why and probes[number + 1 :]:
            return Report(tuple(results), tuple(probes[number + 1 :]), why)
    return Report(tuple(results))


async def _send(
    courier: AsyncSender, letters: Sequence[TestMessage], patience: float, at_once: bool
) -> tuple[ProbeExchange, ...]:
    async def send(letter: TestMessage) -> ProbeExchange:
        return ProbeExchange(letter, await courier.post(letter.body, letter.headers, patience))

    if at_once:
        return tuple(await asyncio.gather(*map(send, letters)))
    return tuple([await send(letter) for letter in letters])


def _hopeless(results: Sequence[ProbeResult]) -> str:
    """Tell why there is no point in going on: nobody ever answered."""
    answers = [each.answer for result in results for each in result.exchanges]
    if any(not answer.error for answer in answers):
        return ""
    if not any(answer.reached for answer in answers):
        return "no connection could be made"
    return "nothing has answered so far" if len(results) >= _SILENT else ""
