"""Runs an examination for `check-webhook` and prints its results, probe by probe."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

import click

from mockdouyin.cli._output import wants_colour
from mockdouyin.core.clock import Clock
from mockdouyin.delivery import CheckedTarget, check_address
from mockdouyin.webhook_check.checks import CheckVerdict
from mockdouyin.webhook_check.exam import ProbeResult, Report, Times, examine
from mockdouyin.webhook_check.messages import MessageFactory
from mockdouyin.webhook_check.probes import Probe, select
from mockdouyin.webhook_check.report import junit, plain, result_lines, summary_lines

_COLOURS: dict[CheckVerdict, str] = {"pass": "green", "fail": "red", "advice": "yellow"}


class Examination(NamedTuple):
    """The receiver to examine, and the options of the examination."""

    url: str
    secret: str
    client_key: str
    names: tuple[str, ...]
    allowed: tuple[str, ...]
    timeout: float


def run(examination: Examination, junit_file: Path | None) -> int:
    """Run the examination and return the exit code: 1 if a probe failed."""
    probes = select(examination.names)
    target = check_address(examination.url, examination.allowed)
    count = "1 probe" if len(probes) == 1 else f"{len(probes)} probes"
    click.echo(f"{count} to {target.url} at {', '.join(target.addresses)}\n")
    report = asyncio.run(_examine(examination, target, probes))
    for line in summary_lines(report):
        click.echo(line)
    if junit_file is not None:
        junit_file.write_bytes(junit(report, str(target.url)))
    return int(report.failed)


async def _examine(
    examination: Examination, target: CheckedTarget, probes: tuple[Probe, ...]
) -> Report:
    paint = _paint if wants_colour() else plain

    def show(result: ProbeResult) -> None:
        for line in result_lines(result, paint):
            click.echo(line)

    factory = MessageFactory(examination.secret, examination.client_key, Clock())
    times = Times(examination.timeout, 2 * examination.timeout)
    return await examine(str(target.url), factory, probes, times, show, examination.allowed)


def _paint(verdict: CheckVerdict, text: str) -> str:
    return click.style(text, fg=_COLOURS[verdict], bold=verdict == "fail")
