"""What happens in a world of a running server, as it happens, for `journal --follow`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from mockdouyin.cli._commands import Remote
from mockdouyin.control.rows import RowShown
from mockdouyin.control.stream import StreamReset
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.server.signals import exit_on_interrupt


def followed(
    remote: Remote, endpoint: str = "", person: str = "", since: int | None = None
) -> Iterator[RowShown]:
    """Yield a row for whatever happens, from now on or after a number; an endpoint's, a person's.

    What was missed is said on stderr.
    """
    exit_on_interrupt()
    with remote.control.follow(world=remote.world, since=since) as events:
        click.echo(
            f"following {remote.control.url}, world {remote.world}; Ctrl-C ends it", err=True
        )
        for event in events:
            shown = event.data
            if isinstance(shown, StreamReset):
                click.echo(
                    f"what happened up to #{shown.dropped} is gone: the journal dropped it, or"
                    " the world was reset",
                    err=True,
                )
            elif isinstance(shown, RowShown) and is_about(shown, endpoint, person):
                yield shown


def is_about(row: RowShown, endpoint: str, person: str) -> bool:
    """Whether a row is of this endpoint (a name, `family.*` or a path) and this person."""
    if person and row.person != person:
        return False
    if not endpoint:
        return True
    known = CATALOGUE.endpoints.get(row.endpoint or "")
    if known is None:
        return row.path == endpoint
    return endpoint in (known.full_name, known.name, f"{known.family.name}.*") or any(
        path.rstrip("/") == endpoint.rstrip("/") for path in known.paths
    )
