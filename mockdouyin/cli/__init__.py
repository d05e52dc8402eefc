"""The command line."""

from __future__ import annotations

import io
import sys

import click

from mockdouyin import __version__
from mockdouyin.cli.catalogue import endpoints, errors
from mockdouyin.cli.commands import Commands
from mockdouyin.cli.doctor import doctor
from mockdouyin.cli.env import env
from mockdouyin.cli.journal import journal
from mockdouyin.cli.open import open_
from mockdouyin.cli.person import code, decrypt, phone
from mockdouyin.cli.run import run
from mockdouyin.cli.scenarios import scenarios
from mockdouyin.cli.serve import serve
from mockdouyin.cli.share import share
from mockdouyin.cli.steering import clock, reset, rule
from mockdouyin.cli.trigger import events, trigger
from mockdouyin.cli.webhook import check_webhook

__all__ = ["main"]


@click.group(cls=Commands, invoke_without_command=True, example="mockdouyin serve")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """A Douyin open platform (抖音开放平台) that runs on your own machine."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (serve, run, env, open_, code, phone, decrypt, endpoints, errors, scenarios):
    cli.add_command(_command)
for _command in (journal, doctor, clock, rule, reset, trigger, events, check_webhook, share):
    cli.add_command(_command)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that cannot write 小明 shows her escaped, which is better than a traceback.
            stream.reconfigure(errors="backslashreplace")
    cli.main()
