"""What happens in a world of a running server, as it happens, for `journal --follow`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from mockdouyin.cli._commands import Remote
from mockdouyin.cli._texts import FOLLOWING, MISSED, say
from mockdouyin.control.rows import RowShown
from mockdouyin.control.stream import StreamReset
from mockdouyin.core.journal import is_called
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.server.signals import exit_on_interrupt


def followed(
    remote: Remote, endpoint: str = "", person: str = "", since: int | None = None
) -> Iterator[RowShown]:
    """Yield a row for whatever happens after a number, or from now on.

    Only an endpoint's, and a person's; what was missed is said on stderr.
    """
    person = _name_of(remote, person) if person else ""
    undo = exit_on_interrupt()
    try:
        stream = remote.control.follow(world=remote.world, since=since)
    except BaseException:
        undo()  # a command that is refused leaves signals as they were
        raise
    with stream as events:
        click.echo(say(FOLLOWING, url=remote.control.url, world=remote.world), err=True)
        for event in events:
            shown = event.data
            if isinstance(shown, StreamReset):
                click.echo(say(MISSED, dropped=shown.dropped), err=True)
            elif isinstance(shown, RowShown) and is_about(shown, endpoint, person):
                yield shown


def _name_of(remote: Remote, person: str) -> str:
    """Return the name of a person who may be given by open_id, as rows have it."""
    [known] = remote.operation("people", query={"person": person})["people"]
    name: str = known["name"]
    return name


def is_about(row: RowShown, endpoint: str, person: str) -> bool:
    """Whether a row is of this endpoint (a name, `family.*` or a path) and this person."""
    if person and row.person != person:
        return False
    if not endpoint:
        return True
    known = CATALOGUE.named(row.endpoint or "")
    if known is None:
        return row.path == endpoint
    return is_called(known, endpoint)
