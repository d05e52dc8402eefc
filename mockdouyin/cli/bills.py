"""`bills`: what an app's bills of a day or a month sum up to, or one of them as CSV."""

from __future__ import annotations

import sys
from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Remote, command, with_remote
from mockdouyin.cli._help import option
from mockdouyin.cli._output import as_json_option, printable, show_json, table
from mockdouyin.cli._texts import heading, say
from mockdouyin.domain.ledger import yuan

TYPES = ("payment", "settle", "refund", "return", "withdraw", "funds")

_MAX_LINE = 10_000
"""Characters of a line that are printed to a terminal, at most."""


@command(
    zh="查看应用某天或某月的账单汇总，或以 CSV 输出一份账单。\n\n"
    "TYPE 是 payment（支付）、settle（结算）、refund（退款）、return（退分账）、"
    "withdraw（提现）或 funds（资金）。失败的和未完成的不计入合计。合计以元为单"
    "位，--json 以分为单位。",
    en="Sum up an app's bills, or print one as CSV.\n\n"
    "The bills are of a day or a month. TYPE is payment, settle, refund, return,"
    " withdraw or funds. Rows of what failed or is not done yet are not summed"
    " up. Sums are in yuan; with --json in fen (0.01 yuan).",
    example="mockdouyin bills payment --date 20261130 > bill.csv",
)
@click.argument("bill", metavar="[TYPE]", type=click.Choice(TYPES), required=False)
@option(
    "--app",
    metavar="KEY",
    default="",
    zh="哪个应用。  [默认：小程序]",
    en="The app.  [default: the mini-program]",
)
@option(
    "--date",
    metavar="DATE",
    default="",
    zh="日期 yyyyMMdd，或月份 yyyyMM。  [默认：当天，按虚拟时间]",
    en="A day as yyyyMMdd, or a month as yyyyMM.  [default: the world's today]",
)
@option(
    "--merchant",
    metavar="ID",
    default="",
    zh="只看这个商户的。  [默认：全部；资金账单只看应用自己的]",
    en="Only what is about this merchant.  [default: all; of funds, the app's own]",
)
@option(
    "--environment",
    type=click.Choice(["production", "sandbox"]),
    default=None,
    zh="生产环境还是沙盒。  [默认：设置项 payment_environment]",
    en="Production or sandbox.  [default: the setting payment_environment]",
)
@as_json_option
@with_remote
def bills(
    remote: Remote, *, bill: str | None, environment: str | None, as_json: bool, **given: str
) -> None:
    """Sum up an app's bills, or print one as CSV."""
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
