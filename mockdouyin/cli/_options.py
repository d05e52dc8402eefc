"""Options that several commands share."""

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
    """A number in a range; click's FloatRange would accept nan."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse the number, and refuse nan."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


def with_sandbox_options(function: _Function) -> _Function:
    """Add the options of a sandbox to a command, and pass it them as `sandbox_options`."""

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
        from mockdouyin.cli._app_options import APPS_VARIABLE, parse_apps
        from mockdouyin.cli._sandbox_options import SandboxOptions

        overrides: dict[str, Any] = {}
        if accept_unknown:
            overrides = {"unknown_apps": "accept", "unknown_codes": "accept"}
        if unknown_people is not None:
            if not accept_unknown:
                raise click.UsageError("--people needs --accept-unknown: it spreads unknown codes")
            overrides["unknown_people"] = unknown_people
        own = parse_apps(apps, app_file, os.environ.get(APPS_VARIABLE, ""))
        options = SandboxOptions(scenarios, own, overrides, seed)
        return function(sandbox_options=options, **given)

    for option in reversed(_SANDBOX):
        run = option(run)
    return run


def with_access(function: _Function) -> _Function:
    """Add the options of access control to a command, and pass it them as `access`."""

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
        help="The token that every call to /_mock then needs. A server that other machines can"
        f" reach makes one up if none is given.  [env var: {TOKEN_VARIABLE}]",
    ),
    click.option(
        "--name",
        "names",
        metavar="HOST",
        multiple=True,
        help="Accept calls to /_mock under this host name, besides localhost and IP addresses;"
        " may be repeated.",
    ),
)

allow_host = click.option(
    "--allow-host",
    "allowed",
    metavar="NAME",
    multiple=True,
    help="Allow webhooks to this host, though it is neither this machine nor in a private"
    " network; may be repeated.",
)

_SANDBOX = (
    click.option(
        "--scenario",
        "scenarios",
        metavar="NAME|FILE",
        multiple=True,
        help="The scenario to start from; may be repeated, each laid over the one before. `serve`"
        " reloads a file that changes.",
    ),
    click.option(
        "--app",
        "apps",
        metavar="KEY:SECRET[:KIND]",
        multiple=True,
        help="Register your own credentials; may be repeated. KIND is mini_program, mini_game or"
        " web; without it, it is guessed from the key. Other users of this machine can see them"
        " in the process list, so put real ones into --app-file or the variable.  [env var:"
        " MOCKDOUYIN_APPS, separated by spaces]",
    ),
    click.option(
        "--app-file",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Register the credentials in this file: KEY:SECRET[:KIND] on each line; # begins a"
        " comment.",
    ),
    click.option("--seed", metavar="N", type=int, help="The seed of every id, code and token."),
    click.option(
        "--accept-unknown",
        is_flag=True,
        help="Accept any app key, and any login code: an unknown code logs a person in.",
    ),
    click.option(
        "--people",
        "unknown_people",
        metavar="N",
        type=click.IntRange(1, 10_000),
        help="With --accept-unknown: spread unknown codes over this many people.  [default: 1]",
    ),
)
