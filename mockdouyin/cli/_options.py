"""Options that more than one command has."""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mockdouyin.core.env_vars import TOKEN_VARIABLE

_Function = Callable[..., Any]

PORT = click.IntRange(0, 65535)


class Finite(click.FloatRange):
    """A number in a range; what is not a number is in none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


def planned(function: _Function) -> _Function:
    """Let a command be told what is to be served: its argument `plan` is the Plan."""

    @functools.wraps(function)
    def run(
        scenarios: tuple[str, ...],
        apps: tuple[str, ...],
        app_file: Path | None,
        seed: int | None,
        accept_unknown: bool,
        unknown_people: int | None,
        **given: Any,
    ) -> Any:
        from mockdouyin.cli._plan import VARIABLE, Plan, read_apps

        over: dict[str, Any] = {}
        if accept_unknown:
            over = {"unknown_apps": "accept", "unknown_codes": "accept"}
        if unknown_people is not None:
            if not accept_unknown:
                raise click.UsageError("--people spreads the codes that --accept-unknown admits")
            over["unknown_people"] = unknown_people
        own = read_apps(apps, app_file, os.environ.get(VARIABLE, ""))
        return function(plan=Plan(scenarios, own, over, seed), **given)

    for option in reversed(_PLAN):
        run = option(run)
    return run


def guarded(function: _Function) -> _Function:
    """Let a command be told who may steer its server: its argument `access` is the Access."""

    @functools.wraps(function)
    def run(control_token: str | None, names: tuple[str, ...], **given: Any) -> Any:
        from mockdouyin.server.access import Access

        if control_token is None:
            control_token = os.environ.get(TOKEN_VARIABLE, "")
        return function(access=Access(control_token, names), **given)

    for option in reversed(_ACCESS):
        run = option(run)
    return run


_ACCESS = (
    click.option(
        "--control-token",
        metavar="TOKEN",
        help="What every call to /_mock has to show. A server that other machines reach makes"
        f" one up where none is given.  [env var: {TOKEN_VARIABLE}]",
    ),
    click.option(
        "--name",
        "names",
        metavar="HOST",
        multiple=True,
        help="A host name by which /_mock may be called too, beside localhost and addresses.",
    ),
)

allow_host = click.option(
    "--allow-host",
    "allowed",
    metavar="NAME",
    multiple=True,
    help="Send to this host though it is neither here nor in a private network.",
)

_PLAN = (
    click.option(
        "--scenario",
        "scenarios",
        metavar="NAME|FILE",
        multiple=True,
        help="What to start from; each further one is laid over the one before. A server that"
        " stays loads a file that changes again.",
    ),
    click.option(
        "--app",
        "apps",
        metavar="KEY:SECRET[:KIND]",
        multiple=True,
        help="Register your own credentials. KIND is mini_program, mini_game or web; it is"
        " guessed from the key. Every user of this machine sees them in the list of processes:"
        " real ones belong in --app-file or the variable.  [env var: MOCKDOUYIN_APPS, several"
        " separated by spaces]",
    ),
    click.option(
        "--app-file",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Register the credentials in a file: KEY:SECRET[:KIND] on each line, # for comments.",
    ),
    click.option(
        "--seed", metavar="N", type=int, help="What every id, code and token derives from."
    ),
    click.option(
        "--accept-unknown", is_flag=True, help="Admit any app key, and log any unknown code in."
    ),
    click.option(
        "--people",
        "unknown_people",
        metavar="N",
        type=click.IntRange(1, 10_000),
        help="With --accept-unknown: over how many people unknown codes spread.  [default: 1]",
    ),
)
