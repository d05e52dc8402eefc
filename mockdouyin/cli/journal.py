"""`journal`: what happened, and what happens."""

from __future__ import annotations

from collections.abc import Iterator

import click

from mockdouyin.cli._commands import Command, Remote, connected
from mockdouyin.cli._exchange_lines import of_answer, render
from mockdouyin.cli._output import as_json_option, json_text, show_json, wants_colour
from mockdouyin.core.errors import NotFoundError, did_you_mean
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.server.signals import exit_on_interrupt

_PATIENCE = "20"
"""Seconds for which one request waits for news."""


@click.command(cls=Command, example="mockdouyin journal --follow --endpoint code_to_session")
@click.option("--follow", is_flag=True, help="Print what happens from now on; Ctrl-C ends it.")
@click.option("--endpoint", metavar="E", default="", help="Only this one: a name or a path.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="So many at most.",
)
@click.option("--reveal", is_flag=True, help="In JSON: secrets and phone numbers as they are.")
@as_json_option
@connected
def journal(
    remote: Remote, *, follow: bool, endpoint: str, limit: int, reveal: bool, as_json: bool
) -> None:
    """List what was asked, and what became of it.

    The newest is last. With --follow and --json, each exchange is one line of JSON.
    """
    _check(endpoint)
    query = {"endpoint": endpoint, "reveal": str(reveal).lower()}
    if follow:
        _follow(remote, query, as_json)
        return
    answer = remote.order("journal", query={**query, "limit": str(limit)})
    if as_json:
        show_json(answer)
        return
    colour = wants_colour()
    if answer["exchanges"] and remote.order("clock")["moved"]:
        click.echo("the world's clock was moved: times are its own, not the real ones", err=True)
    for exchange in answer["exchanges"]:
        click.echo(render(of_answer(exchange), colour))
    if not answer["exchanges"]:
        what = f"{endpoint} was not called" if endpoint else "nothing was called"
        click.echo(f"{what} in world {remote.world!r}", err=True)


def _check(endpoint: str) -> None:
    """Refuse a name that no exchange can have: one would wait for it in vain."""
    known = {family.name + ".*" for family in CATALOGUE.families}
    for each in CATALOGUE:
        known |= {each.full_name, each.name}
    if endpoint and not endpoint.startswith("/") and endpoint not in known:
        raise NotFoundError(f"no endpoint {endpoint!r}{did_you_mean(endpoint, known, ask=False)}")


def _follow(remote: Remote, query: dict[str, str], as_json: bool) -> None:
    colour = wants_colour()
    for exchange in _news(remote, query):
        if as_json:
            click.echo(json_text(exchange))
        else:
            click.echo(render(of_answer(exchange), colour))


def _news(remote: Remote, query: dict[str, str]) -> Iterator[dict[str, object]]:
    from mockdouyin.control.http_client import OperationRefusedError

    since = remote.order("journal", query={"limit": "1"})["total"]
    exit_on_interrupt()
    click.echo(f"following {remote.control.url}, world {remote.world}; Ctrl-C ends it", err=True)
    while True:
        asked = {**query, "since": str(since), "count": "1", "timeout": _PATIENCE}
        try:
            answer = remote.order("wait_for_journal", query=asked)
        except OperationRefusedError as error:
            if error.status == 408:
                continue
            raise
        for exchange in answer["exchanges"]:
            since = exchange["id"]
            yield exchange
