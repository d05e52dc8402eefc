"""`bills`: what an app's bills of a day or a month sum up to, or one of them as CSV."""

from __future__ import annotations

import sys
from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Command, Remote, with_remote
from mockdouyin.cli._output import as_json_option, printable, show_json, table
from mockdouyin.cli._texts import heading, say
from mockdouyin.domain.ledger import yuan

TYPES = ("payment", "settle", "refund", "return", "withdraw", "funds")

_MAX_LINE = 10_000
"""Characters of a line that are printed to a terminal, at most."""


@click.command(cls=Command, example="mockdouyin bills payment --date 20261130 > bill.csv")
@click.argument("bill", metavar="[TYPE]", type=click.Choice(TYPES), required=False)
@click.option("--app", metavar="KEY", default="", help="The app.  [default: the mini-program]")
@click.option(
    "--date",
    metavar="DATE",
    default="",
    help="yyyyMMdd, or yyyyMM for a month.  [default: the world's today]",
)
@click.option(
    "--merchant",
    metavar="ID",
    default="",
    help="Only what is about this merchant.  [default: all; of funds, the app's own]",
)
@click.option(
    "--environment",
    type=click.Choice(["production", "sandbox"]),
    default=None,
    help="[default: the setting payment_environment]",
)
@as_json_option
@with_remote
def bills(
    remote: Remote, *, bill: str | None, environment: str | None, as_json: bool, **given: str
) -> None:
    """Show what an app's bills of a day or a month sum up to, or print one as CSV.

    TYPE is payment, settle, refund, return, withdraw or funds. Rows of what failed or is not done
    yet are not summed up. Sums are in yuan; with --json in 分.
    """
    query = {**given, "type": bill or "", "environment": environment or ""}
    answer = remote.operation("list_bills", query=query)
    if as_json:
        show_json(answer)
    elif bill:
        _print_csv(answer["bills"][0]["csv"])
    else:
        fields = ("bill", "rows", "succeeded", "sums")
        rows = [tuple(map(heading, fields)), *map(_row, answer["bills"])]
        click.echo("\n".join(table(rows)))
        named = {name: answer[name] for name in ("app", "date", "environment")}
        click.echo(say(_texts.BILLS_OF, **named), err=True)


def _row(bill: dict[str, Any]) -> tuple[str, ...]:
    sums = "  ".join(f"{name} {yuan(amount)}" for name, amount in bill["sums"].items())
    return bill["type"], str(bill["rows"]), str(bill["succeeded"]), sums


def _print_csv(content: str) -> None:
    """Print a bill; a terminal is not steered by what stands in it."""
    if sys.stdout.isatty():
        content = "".join(f"{printable(line, _MAX_LINE)}\n" for line in content.splitlines())
    click.echo(content, nl=False)
