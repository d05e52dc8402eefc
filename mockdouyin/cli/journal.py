"""`journal`: list the exchanges of a world, or follow them."""

from __future__ import annotations

from typing import Any

import click

from mockdouyin.cli._commands import Command, Remote, with_remote
from mockdouyin.cli._exchange_lines import line_from_json, render
from mockdouyin.cli._following import followed
from mockdouyin.cli._output import as_json_option, json_text, show_json, wants_colour
from mockdouyin.control import plain
from mockdouyin.control.rows import RowShown
from mockdouyin.core.errors import NotFoundError, did_you_mean
from mockdouyin.endpoints import CATALOGUE


@click.command(cls=Command, example="mockdouyin journal --follow --endpoint code_to_session")
@click.option("--follow", is_flag=True, help="Print exchanges as they happen; Ctrl-C ends it.")
@click.option(
    "--endpoint", metavar="E", default="", help="Show only this endpoint: a name or a path."
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Show at most this many.",
)
@click.option(
    "--reveal", is_flag=True, help="With --json: show secrets and phone numbers in full."
)
@as_json_option
@with_remote
def journal(
    remote: Remote, *, follow: bool, endpoint: str, limit: int, reveal: bool, as_json: bool
) -> None:
    """List the exchanges: each request, and how it was answered.

    The newest is last. With --follow and --json, each thing that happens is a line of JSON.
    """
    _check(endpoint)
    query = {"endpoint": endpoint, "reveal": str(reveal).lower()}
    if follow:
        _follow(remote, endpoint, as_json)
        return
    answer = remote.operation("journal", query={**query, "limit": str(limit)})
    if as_json:
        show_json(answer)
        return
    colour = wants_colour()
    if answer["exchanges"] and remote.operation("clock")["moved"]:
        click.echo("the world's clock was moved: times are its own, not the real ones", err=True)
    for exchange in answer["exchanges"]:
        click.echo(render(line_from_json(exchange), colour))
    if not answer["exchanges"]:
        what = f"{endpoint} was not called" if endpoint else "nothing was called"
        click.echo(f"{what} in world {remote.world!r}", err=True)


def _check(endpoint: str) -> None:
    """Refuse the name of an endpoint that does not exist, rather than wait for it forever."""
    known = {family.name + ".*" for family in CATALOGUE.families}
    for each in CATALOGUE:
        known |= {each.full_name, each.name}
    if endpoint and not endpoint.startswith("/") and endpoint not in known:
        raise NotFoundError(f"no endpoint {endpoint!r}{did_you_mean(endpoint, known, ask=False)}")


def _follow(remote: Remote, endpoint: str, as_json: bool) -> None:
    colour = wants_colour()
    for row in followed(remote, endpoint):
        if as_json:
            click.echo(json_text(plain(row)))
        elif row.type == "exchange":
            click.echo(render(line_from_json(_as_exchange(row, remote.world)), colour))


def _as_exchange(row: RowShown, world: str) -> dict[str, Any]:
    error = {"code": row.code, "name": row.error} if row.error else None
    return {**row, "world": world, "error": error}
