"""What Tab completes in a shell beyond commands and options: the names of things."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

from mockdouyin.core.errors import MockDouyinError

_TIMEOUT = 1.0
"""Seconds that a running server has: whoever presses Tab waits."""

_MAX_PEOPLE = 1000

Find = Callable[[click.Context], Iterable[str]]


class Completed(click.types.StringParamType):
    """A text of which a shell completes the values that `find` returns."""

    def __init__(self, find: Find, *, or_file: bool = False) -> None:
        self._find = find
        self._or_file = or_file

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the values that begin so; none if no server answers."""
        found = matching(self._find, ctx, incomplete)
        # A shell completes files if it is told to and nothing else fits.
        return [CompletionItem(incomplete, type="file")] * self._or_file + found


def matching(find: Find, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the values that begin so."""
    try:
        values = list(find(ctx))
    except (MockDouyinError, OSError):
        return []
    return [
        CompletionItem(value)
        for value in dict.fromkeys(values)
        # A shell takes what is printed as it is, and would split at a space.
        if value.startswith(incomplete) and len(value.split()) == 1
    ]


def complete_values(command: click.Command) -> None:
    """Have the command's texts completed that are names of something."""
    for param in command.params:
        name = param.name or ""
        kind = _OF_COMMANDS.get((command.name or "", name)) or _OF_PARAMETERS.get(name)
        if kind is not None and type(param.type) is click.types.StringParamType:
            param.type = kind


def phone_apis(_: click.Context) -> Iterable[str]:
    """Return the names of the tt APIs."""
    from mockdouyin.phone import APIS

    return APIS


def _scenarios(_: click.Context) -> list[str]:
    from mockdouyin.scenario.scenario_files import names

    return names()


def _endpoints(_: click.Context) -> list[str]:
    from mockdouyin.endpoints import CATALOGUE

    known = CATALOGUE.endpoints
    return [*known, *(name.partition(".")[2] for name in known)]


def _errors(ctx: click.Context) -> Iterable[str]:
    """Return the errors of the endpoints named before: by their names and by their numbers."""
    from mockdouyin.control.client import LocalControl
    from mockdouyin.sandbox import Sandbox

    control = LocalControl(Sandbox())
    for endpoint in ctx.params.get("on") or ():
        rows = control.operation("errors", query={"endpoint": endpoint})["errors"]
        yield from (str(row[key]) for key in ("name", "code") for row in rows)


def _events(_: click.Context) -> Iterable[str]:
    import mockdouyin.endpoints  # noqa: F401 - it declares the callbacks
    from mockdouyin.core.events import EVENT_KINDS

    return EVENT_KINDS


def _listed(operation: str, *keys: str) -> Find:
    """Return a function that lists what the running server has."""

    def find(ctx: click.Context) -> list[str]:
        from mockdouyin.cli._commands import remote_of

        remote = remote_of(ctx, timeout=_TIMEOUT)
        rows = remote.operation(operation, **_QUERIES.get(operation, {}))[operation]
        return [row[key] for key in keys for row in rows]

    return find


_QUERIES: dict[str, dict[str, Any]] = {"people": {"query": {"limit": str(_MAX_PEOPLE)}}}

_PEOPLE = Completed(_listed("people", "name"))
_APPS = Completed(_listed("apps", "client_key", "name"))
_SCENARIO = Completed(_scenarios, or_file=True)
_ENDPOINT = Completed(_endpoints)
_API = Completed(phone_apis)

_OF_PARAMETERS = {
    "person": _PEOPLE,
    "app": _APPS,
    "world": Completed(_listed("worlds", "world")),
    "scenario": _SCENARIO,
    "scenarios": _SCENARIO,
    "endpoint": _ENDPOINT,
    "on": _ENDPOINT,
    "error": Completed(_errors),
    "event": Completed(_events),
}
"""Parameters that mean the same in every command."""

_OF_COMMANDS = {
    ("people", "name"): _PEOPLE,
    ("apps", "name"): _APPS,
    ("show", "name"): Completed(_scenarios),
    ("use", "name"): _SCENARIO,
    ("call", "api"): _API,
}
"""Parameters of one command, by its name and theirs."""
