"""`env`: the settings that make a client come to a server that takes Douyin's hosts over."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path

import click

from mockdouyin.cli._commands import Command, Remote, connected
from mockdouyin.intercept.environment import RUNTIMES, ProxyEndpoint, Variables, variables

BROWSER = "browser"


@click.command(cls=Command, name="env", example="mockdouyin env --runtime java --shell json")
@click.option(
    "--runtime",
    type=click.Choice([*RUNTIMES, BROWSER]),
    help="Only what clients of one runtime need.  [default: all of them]",
)
@click.option(
    "--shell",
    type=click.Choice(["sh", "fish", "powershell", "dotenv", "json"]),
    default="sh",
    show_default=True,
    help="How to write it.",
)
@connected
def env(remote: Remote, *, runtime: str | None, shell: str) -> None:
    """Print what leads clients to a running server in place of Douyin's own hosts.

    In a shell: eval "$(mockdouyin env)". The server was started with --intercept. What is set
    already stays in force: options are added to, and so are certificates. For a browser it prints
    the line that starts a throw-away Chromium.
    """
    told = remote.order("interception")
    if runtime == BROWSER:
        click.echo(_browser(remote.control.url, told["key_hash"]))
        return
    reach = ProxyEndpoint(
        remote.control.url,
        told["proxy"],
        Path(told["folder"]),
        remote.world,
        remote.token,
    )
    click.echo(_SHELLS[shell](variables(reach, os.environ, runtime)))


def _browser(url: str, key_hash: str) -> str:
    return (
        'chromium --user-data-dir="$(mktemp -d)" --no-first-run'
        f" --proxy-pac-url={url}/_mock/proxy.pac"
        f" --ignore-certificate-errors-spki-list={key_hash}"
    )


def _sh(made: Variables) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in made.items())


def _fish(made: Variables) -> str:
    def quoted(value: str) -> str:
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    return "\n".join(f"set -gx {name} {quoted(value)}" for name, value in made.items())


def _powershell(made: Variables) -> str:
    def quoted(value: str) -> str:
        return "'" + value.replace("'", "''") + "'"

    return "\n".join(f"$env:{name} = {quoted(value)}" for name, value in made.items())


def _dotenv(made: Variables) -> str:
    def quoted(value: str) -> str:
        return "'" + value + "'" if "'" not in value else json.dumps(value)

    return "\n".join(f"{name}={quoted(value)}" for name, value in made.items())


def _json(made: Variables) -> str:
    return json.dumps(made, indent=2)


_SHELLS: dict[str, Callable[[Variables], str]] = {
    "sh": _sh,
    "fish": _fish,
    "powershell": _powershell,
    "dotenv": _dotenv,
    "json": _json,
}
