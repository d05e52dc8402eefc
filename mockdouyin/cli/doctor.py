"""`doctor`: what the client does wrong."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import Any

import click

from mockdouyin.cli._commands import Command, Remote, connected
from mockdouyin.cli._exchange_lines import of_answer
from mockdouyin.cli._output import as_json_option, printable, show_json, wants_colour

_LONGEST = 600
"""Characters of what is said in one line."""


@click.command(cls=Command, example="mockdouyin doctor --fail")
@click.option("--rule", metavar="R", default="", help="Only what this rule finds.")
@click.option("--fail", is_flag=True, help="Exit 1 where there is something to complain about.")
@as_json_option
@connected
def doctor(remote: Remote, *, rule: str, fail: bool, as_json: bool) -> None:
    """Tell what your client does wrong, by what it has sent so far.

    Each finding comes with the newest exchange that shows it, what to do, and where it stands.
    """
    answer = remote.order("findings", query={"rule": rule})
    found = answer["findings"]
    if as_json:
        show_json(answer)
    else:
        for line in _lines(found, answer["exchanges"]):
            click.echo(line)
    if fail and found:
        sys.exit(1)


def _lines(found: list[dict[str, Any]], exchanges: int) -> list[str]:
    many = "1 exchange" if exchanges == 1 else f"{exchanges} exchanges"
    if not found:
        return [f"Nothing to complain about in {many}."]
    lines: list[str] = []
    for rule, group in groupby(found, lambda each: str(each["rule"])):
        lines.append(click.style(rule, bold=True) if wants_colour() else rule)
        for each in group:
            lines += _told(each)
    count = "1 finding" if len(found) == 1 else f"{len(found)} findings"
    return [*lines, f"{count} in {many}."]


def _told(finding: dict[str, Any]) -> list[str]:
    exchange = finding["exchange"]
    line = of_answer(exchange)
    seen = f"#{exchange['id']} at {line.time}  {line.call}  {line.verdict} {line.detail}".rstrip()
    rows = [("seen", seen), ("fix", finding["fix"]), ("source", finding["source"])]
    told = [f"  {printable(finding['says'], _LONGEST)}"]
    return told + [f"    {name:<7} {printable(text, _LONGEST)}" for name, text in rows] + [""]
