"""The commands, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from mockdouyin.cli import cli
from mockdouyin.cli._help import HelpContext, Option, unwrapped
from mockdouyin.cli._language import choose_language
from mockdouyin.core.texts import Language
from tests.docs.made.markdown import COLON, escaped, facts, joined, say, section

_EVERYWHERE = ("--help", "--lang")
"""Options that every command has."""


def page(language: Language) -> str:
    """Return the page."""
    intro = say(
        language,
        "`mockdouyin` 的每个命令。`mockdouyin COMMAND --help` 在终端里显示同样的内容；每个命令都有"
        " `--lang zh|en` 和 `--help`。选项的默认值和环境变量写在方括号里，变量见[环境变量]"
        "(environment.md)。",
        "Every command of `mockdouyin`; `mockdouyin COMMAND --help` shows the same in a terminal."
        " Each has `--lang zh|en` and `--help`. Defaults and variables stand in brackets;"
        " [Environment variables](environment.md) tells of those.",
    )
    title = say(language, "命令", "Commands")
    rows = [_command(path, command, language) for path, command in commands()]
    return joined([section(1, title, intro), *rows])


def commands() -> Iterator[tuple[str, click.Command]]:
    """Iterate over every command with its name; those of a group follow it."""
    ctx = click.Context(cli, info_name="mockdouyin")
    for name in sorted(cli.list_commands(ctx)):
        command = cli.get_command(ctx, name)
        assert command is not None
        yield from _below(name, command, ctx)


def _below(
    path: str, command: click.Command, parent: click.Context
) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        ctx = click.Context(command, parent=parent, info_name=path)
        for name in sorted(command.list_commands(ctx)):
            below = command.get_command(ctx, name)
            assert below is not None
            yield from _below(f"{path} {name}", below, ctx)


def _command(path: str, command: click.Command, language: Language) -> str:
    ctx = HelpContext(command, info_name=f"mockdouyin {path}", terminal_width=10_000)
    choose_language(ctx, language)
    with ctx:
        usage = f"`{' '.join([f'mockdouyin {path}', *command.collect_usage_pieces(ctx)])}`"
        options = [
            record
            for parameter in command.get_params(ctx)
            if not set(parameter.opts) & set(_EVERYWHERE)
            and (record := parameter.get_help_record(ctx))
        ]
    rows = [f"`{term}`{COLON[language]}{escaped(says)}" for term, says in options if says]
    example: Any = getattr(command, "example", "")
    return section(
        2,
        f"`{path}`",
        *map(escaped, about(command, language)),
        usage,
        facts(*rows),
        f"{say(language, '例：', 'For example:')}\n\n```text\n{example}\n```" if example else "",
    )


def about(command: click.Command, language: Language) -> list[str]:
    """Return what a command does, in paragraphs."""
    told: dict[Language, str] = getattr(command, "about", {})
    return [unwrapped(each) for each in told[language].split("\n\n")]


def options_of(command: click.Command) -> list[Option]:
    """Return a command's own options."""
    return [each for each in command.params if isinstance(each, Option)]
