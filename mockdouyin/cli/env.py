"""`env`: the settings that lead a client to a server started with `--intercept`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from mockdouyin.cli._commands import Command, Remote, with_remote
from mockdouyin.intercept.client_settings import SHELLS, browser_command
from mockdouyin.intercept.environment import RUNTIMES, ProxyEndpoint, variables

BROWSER = "browser"


@click.command(cls=Command, name="env", example="mockdouyin env --runtime java --shell json")
@click.option(
    "--runtime",
    type=click.Choice([*RUNTIMES, BROWSER]),
    help="Print only what clients of this runtime need.  [default: all runtimes]",
)
@click.option(
    "--shell",
    type=click.Choice([*SHELLS]),
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
        click.echo(browser_command(remote.control.url, interception["key_hash"]))
        return
    endpoint = ProxyEndpoint(
        remote.control.url,
        interception["proxy"],
        Path(interception["folder"]),
        remote.world,
        remote.token,
    )
    click.echo(SHELLS[shell](variables(endpoint, os.environ, runtime)))
