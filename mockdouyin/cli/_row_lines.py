"""One thing that happened in one line: on the console of `serve`, in `journal` and in `show`."""

from __future__ import annotations

from typing import Any

import click

from mockdouyin.cli._output import printable
from mockdouyin.cli._texts import ROW_CLOCK_MOVED, say
from mockdouyin.control.rows import RowShown
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.sandbox.worlds import DEFAULT_WORLD

_COLOURS = {"ok": "green", "refused": "yellow", "bent": "magenta", "unknown": "yellow"}

_MAX_WHY = 400
"""Characters of a reason, at most."""


def row_line(
    row: RowShown,
    world: str = DEFAULT_WORLD,
    *,
    colour: bool = False,
    moved: bool = False,
    catalogue: Catalogue = CATALOGUE,
) -> str:
    """Return the line of an exchange, an act or an attempt to deliver.

    Times are the world's, in Beijing's time zone; if its clock was moved, the date is shown too.
    """
    time = f"{row.time[11:19]}+08"
    if moved:
        time = f"{row.time[:10]} {time} {say(ROW_CLOCK_MOVED)}"
    number = f"#{row.id}".ljust(4)
    if colour:
        number, time = click.style(number, bold=True), click.style(time, dim=True)
    parts = [number, time]
    if world != DEFAULT_WORLD:
        parts.append(f"[{world}]")
    parts += _of_exchange(row, catalogue) if row.type == "exchange" else _of_act(row)
    if verdict := _verdict(row, catalogue):
        parts.append(
            click.style(verdict, fg=_COLOURS.get(row.verdict, "red")) if colour else verdict
        )
    line = "  ".join(part for part in parts if part)
    return f"{line}: {printable(row.why, _MAX_WHY)}" if row.why else line


def call_of(row: RowShown) -> str:
    """Return an exchange's method and path."""
    return printable(f"{row.method} {row.path}")


def verdict_of(row: RowShown, catalogue: Catalogue = CATALOGUE) -> str:
    """Return an exchange's verdict with the error, the fault or the rule behind it."""
    parts = [row.verdict]
    if row.code is not None:
        known = catalogue.named(row.endpoint or "")
        case = known.find_case(row.error or "") if known else None
        parts.append(f"{row.code} {case.text if case else row.error}")
    if row.fault:
        parts.append(row.fault)
    elif row.status != 200:
        parts.append(f"HTTP {row.status}")
    if row.rule and row.rule not in row.why:
        parts.append(f"by {row.rule}")
    return printable(" ".join(parts))


def _of_exchange(row: RowShown, catalogue: Catalogue) -> list[str]:
    endpoint = f"→ {row.endpoint}" if row.endpoint else ""
    return [call_of(row), endpoint, printable(row.app), printable(row.person)]


def _of_act(row: RowShown) -> list[str]:
    return [row.kind or "", printable(row.says, _MAX_WHY)]


def _verdict(row: RowShown, catalogue: Catalogue) -> str:
    """Return the verdict where it tells something: an attempt says itself that it failed."""
    if row.type == "exchange":
        return verdict_of(row, catalogue)
    return row.verdict if row.type == "act" and row.verdict != "ok" else ""


def row_of_exchange(shown: dict[str, Any]) -> RowShown:
    """Return the row of an exchange that the control API has shown whole."""
    error = shown["error"] or {}
    same = ("id", "time", "endpoint", "method", "path", "app", "person", "verdict", "status")
    more = ("fault", "why", "rule", "took_ms", "links")
    return RowShown(
        type="exchange",
        code=error.get("code"),
        error=error.get("name"),
        **{name: shown[name] for name in (*same, *more)},
    )


def row_of_act(shown: dict[str, Any]) -> RowShown:
    """Return the row of an act that the control API has shown whole."""
    same = ("id", "time", "kind", "app", "person", "verdict", "says", "why", "rule")
    return RowShown(
        type="delivery" if shown["delivery"] else "act",
        **{name: shown[name] for name in (*same, "links", "delivery")},
    )
