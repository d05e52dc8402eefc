"""Runs an examination: posts each probe's messages and has the answers checked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from typing import NamedTuple

from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.delivery import Sender
from mockdouyin.webhook_check import _texts as texts
from mockdouyin.webhook_check.kinds import Exam
from mockdouyin.webhook_check.probe import (
    Case,
    CheckResult,
    CheckVerdict,
    Probe,
    ProbeExchange,
    TestMessage,
)

Send = Callable[[Delivery], Awaitable[Attempt]]
"""Posts a message, and returns what came back."""

LIMIT = 5.0
"""Seconds after which Douyin hangs up."""

_MAX_SILENT_PROBES = 3
"""Probes without any answer after which the examination ends."""


class Times(NamedTuple):
    """Time limits of an examination, in seconds."""

    limit: float = LIMIT
    """An answer that takes longer fails `slow-answer`."""
    timeout: float = 2 * LIMIT
    """How long to wait for an answer: longer than the limit, to tell a late answer from none."""
    total: float = 120.0
    """No further probe starts after this."""


class ProbeResult(NamedTuple):
    """A probe with its exchanges and the outcome of its check."""

    probe: Probe
    exchanges: tuple[ProbeExchange, ...]
    outcome: CheckResult

    @property
    def verdict(self) -> CheckVerdict:
        """The verdict on the receiver."""
        return self.outcome.verdict

    @property
    def took(self) -> float:
        """Seconds until its slowest answer."""
        return max(each.answer.took_ms for each in self.exchanges) / 1000


class Report(NamedTuple):
    """The results of an examination."""

    exam: Exam
    results: tuple[ProbeResult, ...]
    unsent: tuple[Probe, ...] = ()
    """Probes that were not sent because the examination ended early."""
    ended: Text = NOTHING
    """Why it ended early."""

    def of(self, verdict: CheckVerdict) -> tuple[ProbeResult, ...]:
        """Return the results with this verdict."""
        return tuple(each for each in self.results if each.verdict == verdict)

    @property
    def failed(self) -> bool:
        """Whether a probe failed."""
        return bool(self.of("fail"))


async def examine(
    url: str,
    exam: Exam,
    times: Times | None = None,
    on_result: Callable[[ProbeResult], None] = lambda result: None,
    allowed_hosts: Iterable[str] = (),
) -> Report:
    """Run the probes in order; call `on_result` with each result as it comes."""
    times = times or Times()
    # No kept connections: a receiver that closes one early would get a message twice.
    async with aclosing(Sender(allowed_hosts, timeout=times.timeout, max_idle=0)) as sender:
        return await run_probes(sender.send, url, exam, times, on_result)


async def run_probes(
    send: Send,
    url: str,
    exam: Exam,
    times: Times,
    on_result: Callable[[ProbeResult], None] = lambda result: None,
) -> Report:
    """Run the probes in order, whoever posts their messages."""
    ends = asyncio.get_running_loop().time() + times.total
    results: list[ProbeResult] = []
    run: list[ProbeExchange] = []
    for number, probe in enumerate(exam.probes):
        exchanges = await _post(send, url, probe.messages(exam.factory), at_once=probe.at_once)
        run += exchanges
        case = Case(exchanges, run, times.limit, exam.factory.remark)
        result = ProbeResult(probe, exchanges, probe.check(case))
        results.append(result)
        on_result(result)
        late = asyncio.get_running_loop().time() > ends
        time_is_up = texts.TIME_IS_UP(seconds=f"{times.total:g}")
        why = time_is_up if late else _reason_to_stop(results)
        if why and exam.probes[number + 1 :]:
            return Report(exam, tuple(results), exam.probes[number + 1 :], why)
    return Report(exam, tuple(results))


async def _post(
    send: Send, url: str, messages: Sequence[TestMessage], *, at_once: bool
) -> tuple[ProbeExchange, ...]:
    async def post(message: TestMessage) -> ProbeExchange:
        return ProbeExchange(message, await send(message.delivery(url)))

    if at_once:
        return tuple(await asyncio.gather(*map(post, messages)))
    return tuple([await post(message) for message in messages])


def _reason_to_stop(results: Sequence[ProbeResult]) -> Text:
    """Return why to end early, if nothing has ever answered."""
    answers = [each.answer for result in results for each in result.exchanges]
    if any(not answer.error for answer in answers):
        return NOTHING
    if not any(answer.reached for answer in answers):
        return texts.NOT_REACHED()
    return texts.SILENT() if len(results) >= _MAX_SILENT_PROBES else NOTHING
