"""The commands in a block of shell: where each ends, and what the page says of it."""

from __future__ import annotations

import functools
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from mockdouyin.cli import cli
from mockdouyin.cli.phone import PhoneCommands
from tests.docs.pages import ROOT, Block, PageError, name_of

_WANTED = re.compile(r"\s# → (.*?)\s*$")
_INNER = re.compile(r"\$\(([^()]+)\)")
_BEFORE = {"!", "do", "else", "exec", "if", "sudo", "then", "time", "until", "while", "{"}
_EXIT = re.compile(r"\s#.*\b(?:exit code|退出码)\D{0,4}(\d+)")


@dataclass(frozen=True)
class ShellCommand:
    """A command of a page, of one or more lines."""

    where: str
    text: str

    @property
    def wanted(self) -> str:
        """What has to be in its output: the words after `# →`."""
        found = _WANTED.search(self.text)
        return found[1] if found else ""

    @property
    def statuses(self) -> set[int]:
        """The exit codes that the page allows: 0, and one that its comment names."""
        found = _EXIT.search(self.text)
        return {0, int(found[1])} if found else {0}


def commands(block: Block) -> list[ShellCommand]:
    """Split a block into its commands; raise PageError for one that is no shell."""
    found: list[ShellCommand] = []
    held: list[str] = []
    complaint = ""
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if not held and (not line.strip() or line.lstrip().startswith("#")):
            continue
        held.append(line)
        complaint = _complaint("\n".join(held))
        if not complaint:
            where = f"{name_of(block.page)}:{number - len(held) + 1}"
            found.append(ShellCommand(where, "\n".join(held)))
            held = []
    if held:
        first = block.line + len(block.text.splitlines()) - len(held) + 1
        raise PageError(f"{name_of(block.page)}:{first}: no shell command: {complaint}")
    return found


@functools.cache
def _complaint(text: str) -> str:
    """Return what bash says of a text that is no whole command."""
    if text.endswith("\\"):
        return "a backslash at the end"
    done = subprocess.run(
        ["bash", "-n"], input=text + "\n", capture_output=True, text=True, check=False
    )
    return done.stderr.strip() if done.returncode or "here-document" in done.stderr else ""


def check(block: Block) -> None:
    """Check commands that cannot be run: their syntax, our own options, and targets of make."""
    for command in commands(block):
        for words in _simple_commands(command.text):
            program = Path(words[0]).name
            if program == "mockdouyin":
                _parse(command.where, words[1:])
            if program == "make":
                _check_targets(command.where, words[1:])


def _simple_commands(text: str) -> Iterator[list[str]]:
    """Yield the words of each simple command, without keywords and assignments before it."""
    for inner in _INNER.findall(text):
        yield from _simple_commands(inner)
    lexer = shlex.shlex(text.replace("\\\n", " "), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if set(word) <= set("();|&<>"):
            if words:
                yield words
            words = []
        elif words or not (word in _BEFORE or re.match(r"\w+=", word)):
            words.append(word)


def _check_targets(where: str, words: list[str]) -> None:
    known = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    for word in words:
        if "=" not in word and not word.startswith("-") and word not in known:
            raise PageError(f"{where}: the Makefile has no target {word}")


def _parse(where: str, words: list[str]) -> None:
    """Parse a command line of ours as click does, without doing it."""
    command: click.Command = cli
    context = click.Context(command, info_name="mockdouyin")
    while True:
        try:
            if isinstance(command, PhoneCommands) and words and words[0] not in command.commands:
                words = ["call", *words]
            given, rest, _ = command.make_parser(context).parse_args(list(words))
            _check_values(command, context, given)
        except click.ClickException as error:
            raise PageError(f"{where}: mockdouyin: {error.format_message()}") from None
        if not isinstance(command, click.Group) or not rest:
            break
        try:
            name, found, words = command.resolve_command(context, rest)
        except click.ClickException as error:
            raise PageError(f"{where}: mockdouyin: {error.format_message()}") from None
        assert found is not None
        command, context = found, click.Context(found, info_name=name, parent=context)
    if rest and not context.allow_extra_args:
        raise PageError(f"{where}: {context.command_path} takes no {rest[0]}")


def _check_values(
    command: click.Command, context: click.Context, given: dict[str, object]
) -> None:
    """Convert what is given, but no file: the page's may be anywhere."""
    for param in command.get_params(context):
        value = given.get(param.name or "")
        given_words = isinstance(value, str) or (isinstance(value, list | tuple) and any(value))
        if isinstance(param, click.Argument) and param.required and not given_words:
            raise click.MissingParameter(ctx=context, param=param)
        if isinstance(param.type, click.Choice | click.IntRange | click.FloatRange):
            for each in value if isinstance(value, list | tuple) else [value]:
                if isinstance(each, str) and "$" not in each:
                    param.type(each, param, context)
