"""Usage errors in the language of the command: our own, and those of click."""

from __future__ import annotations

import re

import click

from mockdouyin.cli._language import chosen_language
from mockdouyin.core.texts import Text, text

SEE_HELP = text(
    "cli_see_help", zh="{says}；见 `{command} --help`", en="{says}; see `{command} --help`"
)


MISSING_COMMAND = text("cli_missing_command", zh="缺少子命令", en="Missing command")


class UsageError(click.UsageError):
    """A command was called wrongly."""

    def __init__(self, says: Text, ctx: click.Context | None = None) -> None:
        super().__init__(says.render("en"), ctx)
        self.says = says


def usage_text(error: click.ClickException) -> str:
    """Return what an error says, with the command whose help explains more."""
    context: click.Context | None = getattr(error, "ctx", None)
    language = chosen_language(context)
    if isinstance(error, UsageError):
        says = error.says.render(language)
    elif type(error).__name__ == "NoArgsIsHelpError":  # its message is the whole help
        says = MISSING_COMMAND().render(language)
    else:
        says = " ".join(error.format_message().split()).removesuffix(".")
        says = in_chinese(says) if language == "zh" else says
    if context is None:
        return says
    return SEE_HELP(says=says, command=context.command_path).render(language)


def in_chinese(message: str) -> str:
    """Return a message of click's in Chinese; one that is unknown stays as it is.

    Click makes its messages where they are raised, so they are recognised by their words.
    """
    for english, chinese in CLICKS_MESSAGES.items():
        found = _pattern(english).fullmatch(message)
        if found is not None:
            parts = found.groupdict(default="")
            for name in ("message", "number_type"):
                if name in parts:
                    parts[name] = in_chinese(parts[name])
            for name in ("choices", "possibilities"):
                if name in parts:
                    parts[name] = parts[name].replace(", ", "、")
            return chinese.format_map(parts)
    return message


def _pattern(message: str) -> re.Pattern[str]:
    """Return a pattern for a message with `{names}` in it, or with `{name!r}`."""
    words = re.split(r"\{(\w+)(?:!r)?\}", message.removesuffix("."))
    parts = [re.escape(word) if n % 2 == 0 else f"(?P<{word}>.+?)" for n, word in enumerate(words)]
    return re.compile("".join(parts) + r"\.?")


CLICKS_MESSAGES = {
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Invalid value: {message}": "值不对：{message}",
    "Missing argument {param}. Choose from: {choices}": "缺少参数 {param}，可选：{choices}",
    "Missing option {param}. Choose from: {choices}": "缺少选项 {param}，可选：{choices}",
    "Missing argument {param}": "缺少参数 {param}",
    "Missing option {param}": "缺少选项 {param}",
    "Missing command.": "缺少子命令",
    "No such option {name!r}. Did you mean {possibility}?": (
        "没有选项 {name}（是否应为 {possibility}？）"
    ),
    "No such option {name!r}. (Did you mean one of: {possibilities}?)": (
        "没有选项 {name}（是否应为其中之一：{possibilities}？）"
    ),
    "No such option {name!r}.": "没有选项 {name}",
    "Option {name!r} requires an argument.": "选项 {name} 缺少值",
    "Option {name!r} does not take a value.": "选项 {name} 不带值",
    "Got unexpected extra argument ({args})": "多余的参数：{args}",
    "Got unexpected extra arguments ({args})": "多余的参数：{args}",
    "{value!r} is not one of {choices}.": "{value} 不在可选值之内：{choices}",
    "{value!r} is not a valid {number_type}.": "{value} 不是{number_type}",
    "{value} is not in the range {range}.": "{value} 超出范围 {range}",
    "{value!r} is not a number": "{value} 不是数字",
    "File {filename!r} does not exist.": "没有文件 {filename}",
    "File {filename!r} is a directory.": "{filename} 是目录",
    "File {filename!r} is not readable.": "无法读取文件 {filename}",
    "Directory {filename!r} does not exist.": "没有目录 {filename}",
    "Directory {filename!r} is a file.": "{filename} 是文件",
    "Path {filename!r} does not exist.": "路径 {filename} 不存在",
    "Path {filename!r} is not readable.": "无法读取 {filename}",
    "{value!r}: {message}": "{value}：{message}",
    "No such file or directory": "没有这个文件",
    "Is a directory": "是目录",
    "Permission denied": "没有权限",
    "integer range": "整数",
    "integer": "整数",
    "float range": "数字",
    "float": "数字",
}
"""What click says, without a full stop or with it, and the same in Chinese."""
