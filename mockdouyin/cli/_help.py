"""Help of commands and options in Chinese and English, and how it is laid out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import click

from mockdouyin.cli._language import choose_language, chosen_language
from mockdouyin.core.columns import padded, width_of, wrap
from mockdouyin.core.texts import Language

_WIDE = "\u2e80-\uffef“”…"
_JOINED = re.compile(rf"(?<=[{_WIDE}])\n(?=[{_WIDE}])")
_FIRST_SENTENCE = {"zh": re.compile(r"[。；]"), "en": re.compile(r"[.;](?=\s|$)")}

_HEADINGS = {
    "Options": {"zh": "选项：", "en": "Options:"},
    "Commands": {"zh": "命令：", "en": "Commands:"},
    "Example": {"zh": "示例：", "en": "Example:"},
}
SHOW_HELP: dict[Language, str] = {"zh": "显示帮助。", "en": "Show this help."}
_USAGE = {"zh": "用法：", "en": "Usage: "}
_CLICKS_OWN = {"default: ": "默认：", "env var: ": "环境变量：", "required": "必填", "; ": "；"}
"""Words that click puts behind the help of an option, in Chinese."""

_MAX_TERM = 30
"""Columns of options that stand beside their help; a longer one stands above it."""


class Option(click.Option):
    """An option whose help is in Chinese and English."""

    def __init__(self, *args: Any, zh: str, en: str, **settings: Any) -> None:
        super().__init__(*args, **{**settings, "help": en})
        self.about: dict[Language, str] = {"zh": zh, "en": en}

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option as it is written, and its help with its default."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        language = chosen_language(ctx)
        text, added = self.about[language], record[1].removeprefix(self.about["en"]).strip()
        if language == "zh":
            for english, chinese in _CLICKS_OWN.items():
                added = added.replace(english, chinese)
        if added and text.endswith("]"):
            return record[0], f"{text[:-1]}{'；' if language == 'zh' else '; '}{added[1:]}"
        return record[0], f"{text}  {added}".rstrip()


def option(
    *names: str, zh: str, en: str, **settings: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add an option to a command, with its help in Chinese and English."""
    return click.option(*names, cls=Option, zh=zh, en=en, **settings)


def short_help(about: str, language: Language) -> str:
    """Return the first sentence of a command's help, without its full stop."""
    return _FIRST_SENTENCE[language].split(unwrapped(about.partition("\n\n")[0]), 1)[0]


def unwrapped(paragraph: str) -> str:
    """Return a paragraph on one line; Chinese has no space where the source has a line end."""
    return " ".join(_JOINED.sub("", paragraph.strip()).split("\n"))


class HelpFormatter(click.HelpFormatter):
    """Lays out help for a terminal, where a Chinese character is two columns wide."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how a command is called."""
        head = _USAGE[chosen_language()]
        lines = wrap(f"{prog} {args}", self.width - width_of(head))
        self.write(f"{head}{lines[0]}\n")
        for line in lines[1:]:
            self.write(f"{' ' * width_of(head)}{line}\n")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        self.write(f"{'':{self.current_indent}}{_HEADINGS[heading][chosen_language()]}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs, each wrapped."""
        paragraphs = (unwrapped(each) for each in text.strip().split("\n\n"))
        room, margin = self.width - self.current_indent, " " * self.current_indent
        wrapped = ("\n".join(margin + line for line in wrap(each, room)) for each in paragraphs)
        self.write("\n\n".join(wrapped) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _MAX_TERM, col_spacing: int = 2
    ) -> None:
        """Write terms, and beside each what it means."""
        rows, margin = list(rows), " " * self.current_indent
        column = min(max(width_of(term) for term, _ in rows), col_max) + col_spacing
        for term, meaning in rows:
            first, *more = wrap(meaning, max(self.width - column - self.current_indent, 10))
            is_beside = width_of(term) <= column - col_spacing
            head = padded(term, column) if is_beside else f"{term}\n{margin}{' ' * column}"
            self.write(f"{margin}{head}{first}".rstrip() + "\n")
            for line in more:
                self.write(f"{margin}{' ' * column}{line}\n")


class HelpContext(click.Context):
    """A command's context, whose help is laid out as above."""

    formatter_class = HelpFormatter


def help_text(root: click.Command, path: str, language: Language, width: int = 80) -> str:
    """Return the help of a command, such as `clock advance`, as a terminal shows it."""
    ctx = HelpContext(root, info_name="mockdouyin", terminal_width=width - 2)
    choose_language(ctx, language)
    command = root
    for name in path.split():
        below = command.get_command(ctx, name) if isinstance(command, click.Group) else None
        if below is None:
            raise KeyError(f"no command {name!r} in {path!r}")
        command, ctx = below, HelpContext(below, parent=ctx, info_name=name)
    with ctx:
        return command.get_help(ctx)
