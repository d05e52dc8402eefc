"""One thing that happened in full, for people: an exchange or an act with what was sent in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click
from msgspec.structs import replace

from mockdouyin.cli._output import json_text, printable, table, wants_colour
from mockdouyin.cli._row_lines import row_line, row_of_act, row_of_exchange
from mockdouyin.cli._texts import heading

_MAX_LINE = 100_000
"""Characters of a line, at most: a long body stays one line unless it is JSON."""


def exchange_lines(shown: dict[str, Any]) -> Iterator[str]:
    """Yield an exchange: its line, why it was answered so, the request and the reply."""
    row = replace(row_of_exchange(shown), why="")
    yield row_line(row, shown["world"], colour=wants_colour())
    facts = [("why", _why(shown)), ("time", f"{shown['time']}, {shown['took_ms']} ms")]
    facts += [("rule", shown["rule"]), ("fault", shown["fault"])]
    facts += [("unread", ", ".join(shown["unread"])), ("links", " ".join(shown["links"]))]
    yield from _facts(facts)
    yield ""
    yield from request_lines(shown, headers=True)
    yield ""
    yield from reply_lines(shown, headers=True)


def act_lines(shown: dict[str, Any]) -> Iterator[str]:
    """Yield an act: its line, why it was refused, what was asked for and what came of it."""
    row = replace(row_of_act(shown), why="")
    yield row_line(row, shown["world"], colour=wants_colour())
    facts = [("why", _why(shown)), ("time", shown["time"]), ("rule", shown["rule"])]
    facts += [("links", " ".join(shown["links"])), ("delivery", shown["delivery"])]
    yield from _facts(facts)
    yield from value_lines(shown)


def value_lines(act: dict[str, Any]) -> Iterator[str]:
    """Yield what was asked for in an act, and what came of it."""
    for name in ("given", "result"):
        if act[name] not in (None, {}):
            yield f"  {_bold(heading(name))}"
            yield from _body(act[name])


def request_lines(exchange: dict[str, Any], *, headers: bool = False) -> Iterator[str]:
    """Yield the request of an exchange."""
    request = exchange["request"]
    query = f"?{request['query']}" if request["query"] else ""
    where = f"http://{exchange['host']}" if exchange["host"] else ""
    url = printable(where + exchange["path"] + query, _MAX_LINE)
    yield f"  {_bold(exchange['method'])} {url}"
    yield from _message(request, headers=headers)


def reply_lines(exchange: dict[str, Any], *, headers: bool = False) -> Iterator[str]:
    """Yield the reply of an exchange."""
    yield f"  {_bold('HTTP')} {exchange['status']}"
    yield from _message(exchange["reply"], headers=headers)


def _message(message: dict[str, Any], *, headers: bool) -> Iterator[str]:
    if headers:
        for name, value in message["headers"].items():
            yield f"    {printable(name)}: {printable(value, _MAX_LINE)}"
        if message["headers"] and message["body"] not in ("", None):
            yield ""
    yield from _body(message["body"])


def _body(body: Any) -> Iterator[str]:
    """Yield a body: JSON over several lines, everything else as it is."""
    text = body if isinstance(body, str) else json_text(body, indent=2)
    for line in text.splitlines():
        yield f"    {printable(line, _MAX_LINE)}"


def _why(shown: dict[str, Any]) -> str:
    return f"{shown['why']} ({shown['why_code']})" if shown["why"] else ""


def _facts(facts: Iterable[tuple[str, str | None]]) -> list[str]:
    """Return a line for each fact that there is."""
    known = [(heading(name), printable(text, _MAX_LINE)) for name, text in facts if text]
    return table(known, "  ")


def _bold(text: str) -> str:
    return click.style(text, bold=True) if wants_colour() else text
