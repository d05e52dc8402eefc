"""Runs an examination for `check-webhook` and prints its results, probe by probe."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click

from mockdouyin.cli._language import chosen_language
from mockdouyin.cli._output import wants_colour
from mockdouyin.core.apps import demo_apps
from mockdouyin.delivery import CheckedTarget, check_address
from mockdouyin.webhook_check import _report_texts
from mockdouyin.webhook_check.exam import ProbeResult, Report, Times, examine
from mockdouyin.webhook_check.kinds import Exam, ReceiverKind, find_kind
from mockdouyin.webhook_check.probe import CheckVerdict
from mockdouyin.webhook_check.report import junit, plain, result_lines, summary_lines

_COLOURS: dict[CheckVerdict, str] = {"pass": "green", "fail": "red", "advice": "yellow"}


class Examination(NamedTuple):
    """The receiver to examine, and the options of the examination."""

    url: str
    kind: str
    options: Mapping[str, Any]
    """By name; what is not given is None."""
    names: tuple[str, ...]
    allowed: tuple[str, ...]
    timeout: float


def run(examination: Examination, junit_file: Path | None) -> int:
    """Run the examination and return the exit code: 1 if a probe failed."""
    kind = find_kind(examination.kind)
    exam = kind.exam(_options(examination, kind), examination.names)
    target = check_address(examination.url, examination.allowed)
    language, url = chosen_language(), str(target.url)
    begins = _report_texts.ONE_PROBE_TO if len(exam.probes) == 1 else _report_texts.PROBES_TO
    said = begins(count=len(exam.probes), url=url, addresses=list(target.addresses))
    click.echo(f"{said.render(language)}\n")
    report = asyncio.run(_examine(examination, target, exam))
    for line in summary_lines(report, language):
        click.echo(line)
    if junit_file is not None:
        junit_file.write_bytes(junit(report, url, language))
    return int(report.failed)


def _options(examination: Examination, kind: ReceiverKind) -> dict[str, Any]:
    """Return the options; a demo app may be named, and what it signs with is known."""
    from mockdouyin.sandbox import Sandbox  # loaded late: few name a demo app

    given = {name: value for name, value in examination.options.items() if value}
    demo = {name: app.client_key for name, app in demo_apps().items()}
    if not (named := given.get("client_key")):
        return {"client_key": demo[kind.app_kind], **given}
    key = demo.get(named, named)
    if key not in demo.values():
        return given
    _, own = kind.registered(Sandbox().default.apps[key])
    return {**own, **given, "client_key": key}


async def _examine(examination: Examination, target: CheckedTarget, exam: Exam) -> Report:
    paint = _paint if wants_colour() else plain

    def show(result: ProbeResult) -> None:
        for line in result_lines(result, paint, chosen_language()):
            click.echo(line)

    times = Times(examination.timeout, 2 * examination.timeout)
    return await examine(str(target.url), exam, times, show, examination.allowed)


def _paint(verdict: CheckVerdict, text: str) -> str:
    return click.style(text, fg=_COLOURS[verdict], bold=verdict == "fail")
