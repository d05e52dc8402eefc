"""`endpoints` and `errors`: what is emulated, on what basis, and which errors can be provoked."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Command, chosen_language
from mockdouyin.cli._output import as_json_option, show_json, table
from mockdouyin.cli._texts import say
from mockdouyin.core.columns import padded
from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.texts import TextTemplate

if TYPE_CHECKING:
    from mockdouyin.control.client import Answer


def _ask(operation: str, scenario: str = "", **query: str) -> Answer:
    """Execute an operation on a sandbox of this process: the catalogue needs no server."""
    from mockdouyin.control.client import LocalControl
    from mockdouyin.sandbox import Sandbox
    from mockdouyin.scenario.scenario import DEFAULT, load

    sandbox = Sandbox(load(scenario) if scenario else DEFAULT)
    sandbox.language = chosen_language()
    return LocalControl(sandbox).operation(operation, query=query)


@click.command(cls=Command, example="mockdouyin endpoints")
@as_json_option
@click.option("--markdown", is_flag=True, help="Print the README's table.")
@click.option(
    "--scenario",
    default="",
    metavar="NAME|FILE",
    help="List also the endpoints that a scenario declares.",
)
def endpoints(*, as_json: bool, markdown: bool, scenario: str) -> None:
    """List what is emulated, and on what basis.

    The basis of an endpoint is `documented` if Douyin's docs say how it behaves, `observed` if
    clients or recorded answers show it, `assumed` if we had to choose.
    """
    answer = _ask("world_endpoints", scenario)
    if as_json:
        show_json(answer)
    elif markdown:
        _show_markdown(answer["endpoints"])
    else:
        _show_endpoints(answer, scenario)


def _show_endpoints(answer: Answer, scenario: str) -> None:
    rows = [
        (each["name"], each["basis"], f"{', '.join(each['methods'])} {path}")
        for each in answer["endpoints"]
        for path in each["paths"]
    ]
    lines = iter(table(rows, "  "))
    for hosts, members in groupby(answer["endpoints"], lambda each: each["hosts"]):
        click.echo(", ".join(hosts) or say(_texts.DECLARED_BY, scenario=scenario))
        for _ in (path for each in members for path in each["paths"]):
            click.echo(next(lines))
        click.echo()
    click.echo("on the person's phone: `mockdouyin phone NAME`")
    apis = [(each["name"].removeprefix("phone."), each["about"]) for each in answer["phone"]]
    for line in table(apis, "  "):
        click.echo(line)


def _show_markdown(rows: list[dict[str, Any]]) -> None:
    click.echo("| Method | Path | Host | Name | Basis |")
    click.echo("|---|---|---|---|---|")
    for row in rows:
        cells = (
            ", ".join(row["methods"]),
            "<br>".join(f"`{path}`" for path in row["paths"]),
            "<br>".join(row["hosts"]),
            f"`{row['name']}`",
            row["basis"],
        )
        click.echo(f"| {' | '.join(cells)} |")


@click.command(cls=Command, example="mockdouyin errors code_to_session")
@click.argument("endpoint", required=False, default="")
@as_json_option
def errors(endpoint: str, *, as_json: bool) -> None:
    """List every error that can be provoked.

    ENDPOINT limits the list to one: a name as in `mockdouyin endpoints`, or a path. With the name
    of a tt API, such as phone.login, it is what that passes to `fail`.
    """
    answer = _ask("errors", endpoint=endpoint)
    if as_json:
        show_json(answer)
        return
    rows = answer["errors"]
    cells = [
        (str(row["code"]), row["name"], row["basis"], row["text"], _cause(row)) for row in rows
    ]
    lines = iter(table(cells, "  "))
    for name, cases in groupby(rows, lambda row: row["endpoint"]):
        click.echo(name)
        for _ in cases:
            click.echo(next(lines))
        click.echo()
    click.echo(_how_to_provoke(rows[-1]))


def _cause(row: dict[str, Any]) -> str:
    return say(_texts.ONLY_ON_DEMAND) if row["cause"] in ("", SYSTEM) else row["cause"]


def _how_to_provoke(row: dict[str, Any]) -> str:
    code, name = row["code"], row["endpoint"]
    if name.startswith("phone."):
        case, api = row["name"], name.removeprefix("phone.")
        rule = f"mockdouyin rule add '{{on: {name}, error: {case}, times: 1}}'"
        call = f"mockdouyin phone {api} --arg fail={case}"
        return _listed(_texts.HOW_TO_FAIL, {_texts.BY_RULE: rule, _texts.BY_CALL: call})
    ways = {
        _texts.BY_RULE: f"mockdouyin rule add '{{on: {name}, error: {code}, times: 1}}'",
        _texts.BY_HEADER: f"Aweme-Negative-Test: {code}",
        _texts.BY_PARAMETER: say(_texts.ANY_PARAMETER, value=f"mock-error-{code}"),
    }
    return _listed(_texts.HOW_TO_PROVOKE, ways)


def _listed(title: TextTemplate, ways: dict[TextTemplate, str]) -> str:
    return "\n".join(
        [say(title), *(f"  {padded(say(way), 13)}  {how}" for way, how in ways.items())]
    )
