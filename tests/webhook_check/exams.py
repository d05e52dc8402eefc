"""How tests examine a receiver: in this process, with the verdicts at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from mockdouyin.core.clock import Clock
from mockdouyin.webhook_check.exam import Report, Times, examine
from mockdouyin.webhook_check.messages import MessageFactory
from mockdouyin.webhook_check.probes import PROBES, select
from tests.webhook_check.receivers import SECRET, Behaviour, running

NAMES = frozenset(probe.name for probe in PROBES)

UNSEEN = {"same-msg-id", "unauthorize-first"}
"""What cannot be seen from outside: always advice."""


def exam(url: str, *names: str, times: Times | None = None) -> Report:
    """Examine whoever is at a URL."""
    factory = MessageFactory(SECRET, "awtestclientkey0", Clock())
    return asyncio.run(examine(url, factory, select(names), times))


def examined(receiver: Behaviour, *names: str, times: Times | None = None) -> Report:
    """Examine a receiver."""
    with running(receiver) as url:
        return exam(url, *names, times=times)


def failed(report: Report) -> set[str]:
    """Return the names of the probes that failed."""
    return {result.probe.name for result in report.of("fail")}


def advised(report: Report) -> set[str]:
    """Return the names of the probes with advice, without those that always give it."""
    return {result.probe.name for result in report.of("advice")} - UNSEEN


def meaning(report: Report, name: str) -> str:
    """Return the explanation of a probe's outcome."""
    [text] = [each.outcome.explanation for each in report.results if each.probe.name == name]
    return text


def left_out(report: Report) -> Iterable[str]:
    """Return the names of the probes that were not sent."""
    return [probe.name for probe in report.unsent]
