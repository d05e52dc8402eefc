"""The language of a command's output: --lang, else MOCKDOUYIN_LANG, else the locale's."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from mockdouyin.core.env_vars import LANGUAGE_VARIABLE
from mockdouyin.core.texts import LANGUAGES, Language, first_language, parse_language

LANGUAGE_OPTION = "--lang"

_KEY = "mockdouyin.language"


def chosen_language(ctx: click.Context | None = None) -> Language:
    """Return the language of --lang, else of MOCKDOUYIN_LANG, else of the locale."""
    ctx = ctx or click.get_current_context(silent=True)
    if ctx is not None and _KEY in ctx.meta:
        language: Language = ctx.meta[_KEY]
        return language
    own = parse_language(os.environ.get(LANGUAGE_VARIABLE, ""))
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    return own or first_language(os.environ.get(variable, "") for variable in variables)


def choose_language(ctx: click.Context, language: str | None) -> None:
    """Set the language of a command and of those below it; None leaves it as it is."""
    if language in LANGUAGES:
        ctx.meta[_KEY] = language


def find_language(ctx: click.Context, args: Sequence[str]) -> str | None:
    """Return the value of --lang among arguments that are not parsed yet.

    Help and usage errors are written while the arguments are parsed, so they cannot wait for the
    option's value. The search ends where a subcommand, or the command of `run`, begins.
    """
    with_value = {
        name
        for option in ctx.command.params
        if isinstance(option, click.Option) and not option.is_flag
        for name in option.opts
    }
    found, words = None, iter(args)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--" or not (word.startswith("-") or ctx.allow_interspersed_args):
            break
        if not equals and name in with_value:
            value = next(words, "")
        if name == LANGUAGE_OPTION:
            found = value
    return found
