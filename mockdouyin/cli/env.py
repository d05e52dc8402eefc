"""`env`: the settings that lead a client to a server started with `--intercept`."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path

import click

from mockdouyin.cli._commands import Command, Remote, with_remote
from mockdouyin.intercept.environment import RUNTIMES, ProxyEndpoint, Variables, variables

BROWSER = "browser"


@click.command(cls=Command, name="env", example="mockdouyin env --runtime java --shell json")
@click.option(
    "--runtime",
    type=click.Choice([*RUNTIMES, BROWSER]),
    help="Print only what clients of this runtime need.  [default: all runtimes]",
)
@click.option(
    "--shell",
    type=click.Choice(["sh", "fish", "powershell", "dotenv", "json"]),
    default="sh",
    show_default=True,
    help="The syntax of the output.",
)
@with_remote
def env(remote: Remote, *, runtime: str | None, shell: str) -> None:
    """Print the settings that lead clients to a running server instead of Douyin's own hosts.

    In a shell: eval "$(mockdouyin env)". The server has to be started with --intercept. Options
    and certificates that you have set already stay in force: these are added to them. For a
    browser, the command that starts a throw-away Chromium is printed.
    """
    interception = remote.operation("interception")
    if runtime == BROWSER:
        click.echo(_browser(remote.control.url, interception["key_hash"]))
        return
    endpoint = ProxyEndpoint(
        remote.control.url,
        interception["proxy"],
        Path(interception["folder"]),
        remote.world,
        remote.token,
    )
    click.echo(_SHELLS[shell](variables(endpoint, os.environ, runtime)))


def _browser(url: str, key_hash: str) -> str:
    return (
        'chromium --user-data-dir="$(mktemp -d)" --no-first-run'
        f" --proxy-pac-url={url}/_mock/proxy.pac"
        f" --ignore-certificate-errors-spki-list={key_hash}"
    )


def _sh(values: Variables) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in values.items())


def _fish(values: Variables) -> str:
    def quoted(value: str) -> str:
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    return "\n".join(f"set -gx {name} {quoted(value)}" for name, value in values.items())


def _powershell(values: Variables) -> str:
    def quoted(value: str) -> str:
        return "'" + value.replace("'", "''") + "'"

    return "\n".join(f"$env:{name} = {quoted(value)}" for name, value in values.items())


def _dotenv(values: Variables) -> str:
    def quoted(value: str) -> str:
        return "'" + value + "'" if "'" not in value else json.dumps(value)

    return "\n".join(f"{name}={quoted(value)}" for name, value in values.items())


def _json(values: Variables) -> str:
    return json.dumps(values, indent=2)


_SHELLS: dict[str, Callable[[Variables], str]] = {
    "sh": _sh,
    "fish": _fish,
    "powershell": _powershell,
    "dotenv": _dotenv,
    "json": _json,
}
