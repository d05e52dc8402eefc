"""`doctor`: what the client does wrong."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Remote, command, with_remote
from mockdouyin.cli._help import option
from mockdouyin.cli._output import as_json_option, printable, show_json, table, wants_colour
from mockdouyin.cli._row_lines import call_of, row_of_exchange, verdict_of
from mockdouyin.cli._texts import heading, say

_MAX_LINE = 600
"""Characters of a line, at most."""


@command(
    zh="根据已收到的请求，列出你的代码有哪些问题。\n\n"
    "每个问题附上最近的一次请求、改法和文档出处。最后是提示：在这里没有问题，"
    "到了平台上会有。",
    en="List what your client does wrong, judging by its requests.\n\n"
    "Each finding comes with the newest exchange that shows it, what to do"
    " instead, and the page that says so. Notes come last: what is right here and"
    " would not be at the platform.",
    example="mockdouyin doctor --fail",
)
@option(
    "--rule",
    metavar="R",
    default="",
    zh="只看这条规则发现的问题。",
    en="Show only what this rule found.",
)
@option(
    "--fail",
    is_flag=True,
    zh="有问题时退出码为 1，提示不算。",
    en="Exit with code 1 if anything but notes was found.",
)
@as_json_option
@with_remote
def doctor(remote: Remote, *, rule: str, fail: bool, as_json: bool) -> None:
    """List what your client does wrong, judging by its requests."""
    answer = remote.operation("findings", query={"rule": rule})
    mistakes = [each for each in answer["findings"] if each["level"] == "mistake"]
    if as_json:
        show_json(answer)
    else:
        for line in _lines(answer["findings"], mistakes, answer["exchanges"]):
            click.echo(line)
    if fail and mistakes:
        sys.exit(1)


def _lines(
    findings: list[dict[str, Any]], mistakes: list[dict[str, Any]], exchanges: int
) -> list[str]:
    lines: list[str] = []
    for (rule, level), group in groupby(findings, lambda each: (each["rule"], each["level"])):
        head = click.style(rule, bold=True) if wants_colour() else rule
        lines.append(head if level == "mistake" else say(_texts.NOTE_RULE, rule=head))
        for each in group:
            lines += _finding_lines(each)
    lines.append(_count(mistakes, exchanges))
    if notes := len(findings) - len(mistakes):
        lines.append(say(_texts.ONE_NOTE if notes == 1 else _texts.NOTES, count=notes))
    return lines


def _count(mistakes: list[dict[str, Any]], exchanges: int) -> str:
    if not mistakes:
        return say(_texts.NO_FINDINGS, exchanges=_texts.exchanges(exchanges))
    return say(
        _texts.ONE_FINDING if len(mistakes) == 1 else _texts.FINDINGS,
        count=len(mistakes),
        exchanges=_texts.exchanges(exchanges),
        opens=_texts.SHOW_OPENS(number=mistakes[0]["exchange"]["id"]),
    )


def _finding_lines(finding: dict[str, Any]) -> list[str]:
    exchange = finding["exchange"]
    row = row_of_exchange(exchange)
    seen = f"#{row.id}  {row.time[11:19]}+08  {call_of(row)}  {verdict_of(row)}"
    rows = [("seen", seen), ("fix", finding["fix"]), ("source", finding["source"])]
    cells = [(heading(name), printable(text, _MAX_LINE)) for name, text in rows]
    head = f"  {printable(finding['says'], _MAX_LINE)}"
    return [head, *table(cells, "    "), ""]
