"""Output of the commands: aligned tables for people, JSON for machines; and values to parse."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from mockdouyin.cli._error_texts import AT_PLACE, BAD_VALUE, PAIR_FORM
from mockdouyin.cli._help import option
from mockdouyin.cli._usage_errors import UsageError
from mockdouyin.core import bounds
from mockdouyin.core.columns import padded, width_of, wrap
from mockdouyin.core.texts import NOTHING

as_json_option = option("--json", "as_json", is_flag=True, zh="输出 JSON。", en="Print JSON.")


def show_json(value: Any) -> None:
    """Print a value as indented JSON."""
    click.echo(json_text(value, indent=2))


def json_text(value: Any, indent: int | None = None) -> str:
    r"""Return a value as JSON; Chinese is \uXXXX where stdout's encoding is not UTF-8."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    return json.dumps(value, ensure_ascii=encoding != "utf8", indent=indent)


def compact(value: Any) -> str:
    """Return a value on one line: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def parse_value(text: str) -> Any:
    """Parse a value that the user typed: JSON if it is valid JSON, else the text itself."""
    try:
        value = json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text
    for where, problem in bounds.find_problems(value):
        place = AT_PLACE(place=bounds.format_path(where)) if where else NOTHING
        raise UsageError(BAD_VALUE(text=ascii(text[:60]), place=place, problem=problem))
    return value


def parse_pairs(
    given: Iterable[str], option: str, parse: Callable[[str], Any] = parse_value
) -> dict[str, Any]:
    """Parse the NAME=VALUE arguments of an option."""
    parsed: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name or not equals:
            from mockdouyin.core.redaction import safe_repr

            raise UsageError(PAIR_FORM(option=option, text=safe_repr(text)))
        parsed[name] = parse(value)
    return parsed


def wants_colour() -> bool:
    """Whether stdout is a terminal, and neither NO_COLOR nor TERM=dumb is set."""
    declined = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not declined


def table(rows: Iterable[Sequence[str]], indent: str = "") -> list[str]:
    """Return rows with aligned columns; a Chinese character is two columns wide."""
    rows = list(rows)
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    return [indent + "  ".join(map(padded, row, widths)).rstrip() for row in rows]


def wrapped_table(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Return names with descriptions beside them, which are wrapped to a terminal's width."""
    width = max(width_of(name) for name, _ in rows)
    room = shutil.get_terminal_size().columns - width - 2 if sys.stdout.isatty() else 0
    lines = []
    for name, text in rows:
        first, *more = wrap(text, room) if room > 20 else [text]
        lines.append(f"{padded(name, width)}  {first}")
        lines += [" " * (width + 2) + each for each in more]
    return lines


def printable(text: str, max_length: int = 200) -> str:
    """Truncate text and escape its control characters, which could steer a terminal."""
    if len(text) > max_length:
        text = text[:max_length] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
