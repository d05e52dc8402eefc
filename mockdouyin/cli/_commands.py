"""What all commands have in common: an example each, one way to fail, and a server to talk to."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from urllib.parse import unquote

import click

from mockdouyin.core.env_vars import TOKEN_VARIABLE
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.sandbox.worlds import DEFAULT_WORLD

if TYPE_CHECKING:
    from mockdouyin.control.client import Answer, Control

DEFAULT_PORT = 8600
DEFAULT_URL = f"http://127.0.0.1:{DEFAULT_PORT}"
URL_VARIABLE = "MOCKDOUYIN_URL"
USUAL_PATIENCE = 2.0
"""Seconds that the usual port has to answer, before a run is taken to be meant."""


class Command(click.Command):
    """A command whose help ends with an example."""

    def __init__(self, *args: Any, example: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.example = example

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example as it stands: a command is not to be wrapped."""
        with formatter.section("Example"):
            formatter.write(f"{'':{formatter.current_indent}}{self.example}\n")


class Commands(Command, click.Group):
    """Commands under one name. What goes wrong is one line on stderr, and exit code 2."""

    command_class = Command
    group_class = type

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which one meets them."""
        return list(self.commands)

    def main(self, *args: Any, **settings: Any) -> NoReturn:
        """Run, and leave with an exit code."""
        try:
            result = super().main(
                *args, **{**settings, "prog_name": "mockdouyin", "standalone_mode": False}
            )
        except click.Abort:
            sys.exit(130)
        except click.ClickException as error:
            fail(_usage(error))
        except (MockDouyinError, OSError) as error:
            fail(str(error))
        sys.exit(result if isinstance(result, int) else 0)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; what is no text cannot go into JSON or an address."""
        for number, arg in enumerate(args, 1):
            if any("\ud800" <= character <= "\udfff" for character in arg):
                raise click.UsageError(f"argument {number} is not UTF-8 text", ctx)
        return super().parse_args(ctx, args)


def fail(text: str) -> NoReturn:
    """Say what is wrong, and leave with exit code 2."""
    complain(text)
    sys.exit(2)


def complain(text: str, head: str = "") -> None:
    """Say on stderr what is wrong: in one line, unless a file has several mistakes."""
    lines = text.splitlines()
    if len(lines) > 1 and not head:
        head = f"{len(lines)} mistakes:"
    said = f"mockdouyin: {head}\n{text}" if head else f"mockdouyin: {text}"
    with contextlib.suppress(OSError):  # nobody reads it
        click.echo(said, err=True)


def _usage(error: click.ClickException) -> str:
    text = " ".join(error.format_message().split()).removesuffix(".")
    context = getattr(error, "ctx", None)
    return text if context is None else f"{text}; see `{context.command_path} --help`"


class Remote(NamedTuple):
    """One world of a running server."""

    control: Control
    world: str
    token: str = ""

    def order(self, name: str, **given: Any) -> Answer:
        """Carry out one order there."""
        return self.control.order(name, world=self.world, **given)


_Function = Callable[..., Any]


def connected(function: _Function) -> _Function:
    """Let a command talk to a running server: its first argument is the Remote."""

    @functools.wraps(function)
    def run(url: str | None, world: str | None, token: str | None, **given: Any) -> Any:
        ctx = click.get_current_context()
        if ctx.invoked_subcommand is not None:
            return None
        return function(_remote(ctx), **given)

    of_url = click.option(
        "--url",
        metavar="URL",
        help=f"The server.  [env var: {URL_VARIABLE}; default: {DEFAULT_URL}, else the one `run`"
        " that is under way]",
    )
    of_world = click.option(
        "--world", metavar="NAME", help=f"One of its worlds.  [default: {DEFAULT_WORLD}]"
    )
    of_token = click.option(
        "--token",
        metavar="TOKEN",
        help=f"The server's control token, where it has one.  [env var: {TOKEN_VARIABLE}]",
    )
    return of_url(of_world(of_token(run)))


def _around(ctx: click.Context, name: str) -> str | None:
    """Give an option of the command, or of the group that it is called through."""
    each: click.Context | None = ctx
    while each is not None:
        value: str | None = each.params.get(name)
        if value is not None:
            return value
        each = each.parent
    return None


def _found(named: str) -> tuple[str, str]:
    """Return the server that is meant, and its token.

    It is the one that is named; else a `serve` at its usual port; else the one `run` of this user.
    """
    from mockdouyin.intercept.runs import find_token, list_runs

    runs = [] if named else list_runs()
    if runs and not _is_served():
        if len(runs) > 1:
            several = "; ".join(map(str, runs))
            raise MockDouyinError(f"several runs are under way; name one with --url: {several}")
        return runs[0].url, runs[0].token
    url = named or DEFAULT_URL
    return url, find_token(url) or os.environ.get(TOKEN_VARIABLE, "")


def _is_served() -> bool:
    """Whether a server of ours answers where `serve` listens unless told otherwise."""
    from mockdouyin.control.http_client import HttpControl

    usual = HttpControl(DEFAULT_URL, timeout=USUAL_PATIENCE)
    try:
        usual.order("health")
    except MockDouyinError:
        return False
    finally:
        usual.close()
    return True


def _remote(ctx: click.Context) -> Remote:
    from mockdouyin.control.http_client import HttpControl

    url, token = _found(_around(ctx, "url") or os.environ.get(URL_VARIABLE) or "")
    token = _around(ctx, "token") or token
    # The base URL of one world, as an application under test is given it, names both.
    base, _, told = url.partition("/@")
    control = HttpControl(base, token=token)
    ctx.call_on_close(control.close)
    world = _around(ctx, "world") or unquote(told.partition("/")[0]) or DEFAULT_WORLD
    return Remote(control, world, token)
