"""The command line: one module for each command, or for a few that belong together.

Commands talk to a running server through `control`, or start one. A command's module is imported
when the command is called; modules whose names begin with an underscore are shared by several.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from mockdouyin.cli._commands import Commands
from mockdouyin.cli._help import Option
from mockdouyin.core.version import __version__

__all__ = ["main"]


COMMANDS = {
    "serve": "serve",
    "run": "run",
    "env": "env",
    "open": "open",
    "code": "person",
    "phone": "phone",
    "decrypt": "person",
    "endpoints": "catalogue",
    "errors": "catalogue",
    "scenarios": "scenarios",
    "journal": "journal",
    "show": "show",
    "stories": "stories",
    "deliveries": "deliveries",
    "bills": "bills",
    "worlds": "worlds",
    "apps": "worlds",
    "people": "worlds",
    "doctor": "doctor",
    "clock": "clock",
    "rule": "rule",
    "reset": "clock",
    "trigger": "trigger",
    "events": "trigger",
    "check-webhook": "check_webhook",
    "share": "share",
    "sign": "sign",
}
"""Every command and its module, in the order in which the help lists them."""


class LazyCommands(Commands):
    """The commands of the table, each imported on its first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command's module and return the command."""
        if name not in COMMANDS:
            return None
        module = import_module(f"mockdouyin.cli.{COMMANDS[name]}")
        found: click.Command = getattr(module, _function(name))
        return found

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that begin so, and import no command for that."""
        names = [CompletionItem(name) for name in COMMANDS if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)


def _function(name: str) -> str:
    return {"open": "open_"}.get(name, name.replace("-", "_"))


@click.group(
    cls=LazyCommands,
    invoke_without_command=True,
    zh="在本机运行的抖音开放平台。",
    en="A Douyin open platform (抖音开放平台) that runs on your own machine.",
    example="mockdouyin serve",
)
@click.version_option(
    __version__,
    message="%(prog)s %(version)s",
    cls=Option,
    zh="显示版本号。",
    en="Show the version.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """A Douyin open platform (抖音开放平台) that runs on your own machine."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # On a console whose encoding lacks 小明, an escaped name is better than a traceback.
            stream.reconfigure(errors="backslashreplace")
    cli.main()
