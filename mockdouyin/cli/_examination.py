"""Runs an examination and prints it, probe by probe; loaded by `check-webhook` alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

import click

from mockdouyin.cli._output import wants_colour
from mockdouyin.core.clock import Clock
from mockdouyin.delivery import AsyncSender, CheckedTarget, check_address
from mockdouyin.webhook_check.checks import CheckVerdict
from mockdouyin.webhook_check.exam import ProbeResult, Report, Times, examine
from mockdouyin.webhook_check.messages import MessageFactory
from mockdouyin.webhook_check.probes import Probe, select
from mockdouyin.webhook_check.report import junit, plain, result_lines, summary_lines

_COLOURS: dict[CheckVerdict, str] = {"pass": "green", "fail": "red", "advice": "yellow"}


class Examination(NamedTuple):
    """What is to be examined, and how."""

    url: str
    secret: str
    client_key: str
    names: tuple[str, ...]
    allowed: tuple[str, ...]
    timeout: float


def run(order: Examination, junit_file: Path | None) -> int:
    """Examine; give the exit code."""
    probes = select(order.names)
    target = check_address(order.url, order.allowed)
    count = "1 probe" if len(probes) == 1 else f"{len(probes)} probes"
    click.echo(f"{count} to {target.url} at {', '.join(target.addresses)}\n")
    report = asyncio.run(_examine(order, target, probes))
    for line in summary_lines(report):
        click.echo(line)
    if junit_file is not None:
        junit_file.write_bytes(junit(report, str(target.url)))
    return int(report.failed)


async def _examine(order: Examination, target: CheckedTarget, probes: tuple[Probe, ...]) -> Report:
    paint = _paint if wants_colour() else plain

    def tell(result: ProbeResult) -> None:
        for line in result_lines(result, paint):
            click.echo(line)

    desk = MessageFactory(order.secret, order.client_key, Clock())
    times = Times(order.timeout, 2 * order.timeout)
    async with AsyncSender(target) as courier:
        return await examine(courier, desk, probes, times, tell)


def _paint(verdict: CheckVerdict, text: str) -> str:
    return click.style(text, fg=_COLOURS[verdict], bold=verdict == "fail")
