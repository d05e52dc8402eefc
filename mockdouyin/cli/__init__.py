"""The command line: one module for each command, or for a few that belong together.

Commands talk to a running server through `control`, or start one. A command's module is imported
when the command is called; what several share is in the modules that begin with an underscore.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module

import click

from mockdouyin.cli._commands import Commands
from mockdouyin.core.version import __version__

__all__ = ["main"]


COMMANDS = {
    "serve": "serve",
    "run": "run",
    "env": "env",
    "open": "open",
    "code": "person",
    "phone": "person",
    "decrypt": "person",
    "endpoints": "catalogue",
    "errors": "catalogue",
    "scenarios": "scenarios",
    "journal": "journal",
    "doctor": "doctor",
    "clock": "steering",
    "rule": "steering",
    "reset": "steering",
    "trigger": "trigger",
    "events": "trigger",
    "check-webhook": "webhook",
    "share": "share",
}
"""Every command, in the order in which one meets them, with the module that is loaded for it."""


class AllCommands(Commands):
    """The commands of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Load a command."""
        if name not in COMMANDS:
            return None
        module = import_module(f"mockdouyin.cli.{COMMANDS[name]}")
        found: click.Command = getattr(module, _function(name))
        return found


def _function(name: str) -> str:
    return {"open": "open_"}.get(name, name.replace("-", "_"))


@click.group(cls=AllCommands, invoke_without_command=True, example="mockdouyin serve")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """A Douyin open platform (抖音开放平台) that runs on your own machine."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that cannot write 小明 shows her escaped, which is better than a traceback.
            stream.reconfigure(errors="backslashreplace")
    cli.main()
