"""What all commands share: help with an example, one-line errors, and a server to talk to."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from urllib.parse import unquote

import click

from mockdouyin.cli._completion import complete_values
from mockdouyin.cli._error_texts import (
    MISTAKES,
    NO_COMMAND,
    NOT_UTF8,
    OPTION_OF_COMMAND,
    SERVE_BEFORE_RUNS,
    SEVERAL_RUNS,
)
from mockdouyin.cli._help import SHOW_HELP, HelpContext, Option, option, short_help
from mockdouyin.cli._language import (
    LANGUAGE_OPTION,
    choose_language,
    chosen_language,
    find_language,
)
from mockdouyin.cli._usage_errors import UsageError, usage_text
from mockdouyin.core.default_world import DEFAULT_WORLD
from mockdouyin.core.env_vars import LANGUAGE_VARIABLE, TOKEN_VARIABLE, URL_VARIABLE
from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.texts import LANGUAGES, Language

if TYPE_CHECKING:
    from mockdouyin.control.client import Answer, Control

DEFAULT_PORT = 8600
DEFAULT_URL = f"http://127.0.0.1:{DEFAULT_PORT}"

DEFAULT_URL_TIMEOUT = 2.0
"""Seconds that the server at the default URL has to answer before a `run` is looked for."""

_Function = Callable[..., Any]


def _lang_option() -> Option:
    """Return the option --lang, which every command has."""
    return Option(
        [LANGUAGE_OPTION],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        callback=lambda ctx, _, value: choose_language(ctx, value),
        zh=f"输出语言，包括帮助和报错。  [环境变量：{LANGUAGE_VARIABLE}；默认：跟随系统 locale]",
        en="The language of all that is printed, help and errors too.  [env var:"
        f" {LANGUAGE_VARIABLE}; default: the locale's]",
    )


class Command(click.Command):
    """A command with help in Chinese and English, which ends with an example."""

    context_class: type[click.Context] = HelpContext

    def __init__(self, *args: Any, zh: str, en: str, example: str, **settings: Any) -> None:
        super().__init__(*args, **{**settings, "help": en})
        self.about: dict[Language, str] = {"zh": zh, "en": en}
        self.example = example
        self.params.append(_lang_option())
        complete_values(self)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; what is printed meanwhile is in the language that they name."""
        choose_language(ctx, find_language(ctx, args))
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # some of click's own do not say which command it was
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error is told in its language."""
        try:
            return super().invoke(ctx)
        except MockDouyinError as error:
            fail(error.render(chosen_language()))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option --help."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = SHOW_HELP[chosen_language(ctx)]
        return option

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the line that stands for this command in a list."""
        language = chosen_language()
        return short_help(self.about[language], language)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self.about[chosen_language(ctx)])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example without wrapping it, so that it can be copied."""
        with formatter.section("Example"):
            formatter.write(f"{'':{formatter.current_indent}}{self.example}\n")


def command(
    name: str | None = None, *, zh: str, en: str, example: str, **settings: Any
) -> Callable[[_Function], Command]:
    """Make a function a command, with its help in Chinese and English."""
    return click.command(name, cls=Command, zh=zh, en=en, example=example, **settings)


class Commands(Command, click.Group):
    """A group of commands. An error is printed as one line on stderr, with exit code 2."""

    command_class: type[click.Command] | None = Command
    group_class: type[click.Group | type] | None = type

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names in the order of their definition."""
        return list(self.commands)

    def main(self, *args: Any, **settings: Any) -> NoReturn:
        """Run a command and exit the process with its exit code."""
        try:
            result = super().main(
                *args, **{**settings, "prog_name": "mockdouyin", "standalone_mode": False}
            )
        except click.Abort:
            sys.exit(130)
        except click.ClickException as error:
            fail(usage_text(error))
        except MockDouyinError as error:
            fail(error.render(chosen_language()))
        except OSError as error:
            fail(str(error))
        sys.exit(result if isinstance(result, int) else 0)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; refuse bytes that are not UTF-8, which no JSON or URL can hold."""
        for number, arg in enumerate(args, 1):
            if any("\ud800" <= character <= "\udfff" for character in arg):
                raise UsageError(NOT_UTF8(number=number), ctx)
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = self._command_with(ctx, error.option_name, given)
            if name is None:
                raise
            command = f"{ctx.command_path} {name}"
            says = OPTION_OF_COMMAND(option=error.option_name, command=command)
            raise UsageError(says, ctx) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments call; an unknown one is told the nearest.

        Click looks for that among the commands that are loaded, which may be none.
        """
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            hint = suggestion(name, self.list_commands(ctx))
            raise UsageError(NO_COMMAND(name=name, hint=hint), ctx)
        return super().resolve_command(ctx, args)

    def _command_with(self, ctx: click.Context, option: str, args: list[str]) -> str | None:
        """Return a command that has an option: the one that is called, or else the first."""
        names = self.list_commands(ctx)
        for name in [*(each for each in args if each in names), *names]:
            command = self.get_command(ctx, name)
            if command and any(option in each.opts for each in command.params):
                return name
        return None


def fail(text: str) -> NoReturn:
    """Print an error and exit with code 2."""
    print_error(text)
    sys.exit(2)


def print_error(text: str, head: str = "") -> None:
    """Print an error on stderr: one line, or a head and a line for each mistake in a file."""
    lines = text.splitlines()
    if len(lines) > 1 and not head:
        head = MISTAKES(count=len(lines)).render(chosen_language())
    message = f"mockdouyin: {head}\n{text}" if head else f"mockdouyin: {text}"
    with contextlib.suppress(OSError):  # stderr is closed
        click.echo(message, err=True)


class Remote(NamedTuple):
    """One world of a running server, and the client that talks to it."""

    control: Control
    world: str
    token: str = ""

    def operation(self, name: str, **given: Any) -> Answer:
        """Execute one operation in this world."""
        return self.control.operation(name, world=self.world, **given)


def names_of_apps(remote: Remote) -> dict[str, str]:
    """Return the names of a world's apps by client_key."""
    return {app["client_key"]: app["name"] for app in remote.operation("apps")["apps"]}


def with_remote(function: _Function) -> _Function:
    """Add --url, --world and --token to a command, and pass it a Remote as its first argument."""

    @functools.wraps(function)
    def run(url: str | None, world: str | None, token: str | None, **given: Any) -> Any:
        ctx = click.get_current_context()
        if ctx.invoked_subcommand is not None:
            return None
        return function(remote_of(ctx), **given)

    of_url = option(
        "--url",
        metavar="URL",
        zh=f"服务地址。  [环境变量：{URL_VARIABLE}；默认：{DEFAULT_URL}，这个地址没有服务时"
        "用正在运行的 `run`]",
        en=f"The server.  [env var: {URL_VARIABLE}; default: {DEFAULT_URL}, or if nothing"
        " answers there, the one `run` that is under way]",
    )
    of_world = option(
        "--world",
        metavar="NAME",
        zh=f"服务上的哪个世界。  [默认：{DEFAULT_WORLD}]",
        en=f"The world on that server.  [default: {DEFAULT_WORLD}]",
    )
    of_token = option(
        "--token",
        metavar="TOKEN",
        zh=f"服务的控制令牌，没有设置就不用填。  [环境变量：{TOKEN_VARIABLE}]",
        en=f"The server's control token, if it has one.  [env var: {TOKEN_VARIABLE}]",
    )
    return of_url(of_world(of_token(run)))


def _option(ctx: click.Context, name: str) -> str | None:
    """Return an option's value from the command, or else from the groups above it."""
    level: click.Context | None = ctx
    while level is not None:
        value: str | None = level.params.get(name)
        if value is not None:
            return value
        level = level.parent
    return None


def _find_server(named: str, *, is_completion: bool = False) -> tuple[str, str]:
    """Return the URL and the token of the server to use.

    It is the one that the user names; else a `serve` at the default URL; else this user's only
    `run`.
    """
    from mockdouyin.intercept.runs import find_token, list_runs

    runs = [] if named else list_runs()
    if runs:
        listed = "; ".join(map(str, runs))
        if _default_url_answers():
            if not is_completion:
                # A code of one platform is a bad code to the other, and neither says why.
                note = SERVE_BEFORE_RUNS(url=DEFAULT_URL, runs=listed)
                print_error(note.render(chosen_language()))
        elif len(runs) > 1:
            raise MockDouyinError(SEVERAL_RUNS(runs=listed))
        else:
            return runs[0].url, runs[0].token
    url = named or DEFAULT_URL
    return url, find_token(url) or os.environ.get(TOKEN_VARIABLE, "")


def _default_url_answers() -> bool:
    """Whether a mockdouyin server answers at the default URL."""
    from mockdouyin.control.http_client import HttpControl

    control = HttpControl(DEFAULT_URL, timeout=DEFAULT_URL_TIMEOUT)
    try:
        control.operation("health")
    except MockDouyinError:
        return False
    finally:
        control.close()
    return True


def remote_of(ctx: click.Context, *, timeout: float | None = None) -> Remote:
    """Return the world that a command's --url, --world and --token name."""
    from mockdouyin.control.http_client import HttpControl

    named = _option(ctx, "url") or os.environ.get(URL_VARIABLE) or ""
    url, token = _find_server(named, is_completion=ctx.resilient_parsing)
    token = _option(ctx, "token") or token
    # A world's base URL (http://…/@name), which applications under test get, names the world too.
    base, _, rest = url.partition("/@")
    limits = {} if timeout is None else {"timeout": timeout}
    control = HttpControl(base, **limits, token=token, language=chosen_language())
    ctx.call_on_close(control.close)
    world = _option(ctx, "world") or unquote(rest.partition("/")[0]) or DEFAULT_WORLD
    return Remote(control, world, token)
