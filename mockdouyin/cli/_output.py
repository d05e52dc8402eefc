"""How the command line writes things down: aligned for people, JSON for machines."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from mockdouyin.core import bounds

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def show_json(value: Any) -> None:
    """Print as indented JSON."""
    click.echo(json_text(value, indent=2))


def json_text(value: Any, indent: int | None = None) -> str:
    r"""Write JSON: Chinese as it is, or as \uXXXX where the terminal's encoding has no Chinese."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    return json.dumps(value, ensure_ascii=encoding != "utf8", indent=indent)


def compact(value: Any) -> str:
    """Give a value in one line: text bare, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read_value(text: str) -> Any:
    """Read JSON where it is JSON; everything else is text."""
    try:
        value = json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text
    for where, says in bounds.find_problems(value):
        place = f" at {bounds.format_path(where)}" if where else ""
        raise click.UsageError(f"{ascii(text[:60])}{place} {says}")
    return value


def pairs(
    given: Iterable[str], option: str, read_one: Callable[[str], Any] = read_value
) -> dict[str, Any]:
    """Read `k=v` options."""
    read: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name or not equals:
            from mockdouyin.core.redaction import safe_repr

            raise click.UsageError(f"{option} takes NAME=VALUE, not {safe_repr(text)}")
        read[name] = read_one(value)
    return read


def wants_colour() -> bool:
    """Whether the output goes to someone who sees colours and has not declined them."""
    declined = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not declined


def table(rows: Iterable[Sequence[str]], indent: str = "") -> list[str]:
    """Align columns; a Chinese character is two columns wide."""
    rows = list(rows)
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [indent + "  ".join(map(_padded, row, widths)).rstrip() for row in rows]


def folded(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Align names and what is said of them, folded where a terminal is too narrow for it."""
    width = max(_width(name) for name, _ in rows)
    room = shutil.get_terminal_size().columns - width - 2 if sys.stdout.isatty() else 0
    lines = []
    for name, text in rows:
        first, *more = textwrap.wrap(text, room) if room > 20 and text else [text]
        lines.append(f"{_padded(name, width)}  {first}")
        lines += [" " * (width + 2) + each for each in more]
    return lines


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in text)


def printable(text: str, longest: int = 200) -> str:
    """Give text that cannot steer a terminal: control characters escaped, its end cut."""
    if len(text) > longest:
        text = text[:longest] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
