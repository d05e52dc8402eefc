"""The table of results: in the terminal, in the docs, and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.chinese import in_chinese
from benchmarks.machine import described
from benchmarks.processes import ROOT
from benchmarks.results import Measured, Row, number
from benchmarks.rows import ROWS

PAGE = ROOT / "docs" / "performance.md"
TWIN = PAGE.with_name("performance.zh.md")
PART = re.compile(r"(<!-- benchmarks: [^\n]*-->\n).*?(<!-- /benchmarks -->)", re.S)
_HEAD = "| row | what | goal | median | best round | goal kept | |\n|---|---|---|---|---|---|---|"
_NOTHING = ["—", "—", "—", ""]


def table(found: Iterable[Measured], rows: Iterable[Row] | None = None, before: str = "") -> str:
    """Return the table in Markdown; a row that was not measured keeps its former cells."""
    by_name = {each.row: each for each in found}
    old = dict(_cells(line) for line in before.splitlines() if line.startswith("| `"))
    chosen = list(ROWS.values()) if rows is None else list(rows)
    lines = [_line(row, by_name.get(row.name), old.get(row.name, _NOTHING)) for row in chosen]
    return "\n".join([_HEAD, *lines]) + "\n"


def _cells(line: str) -> tuple[str, list[str]]:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return cells[0].strip("`"), cells[3:]


def _line(row: Row, measured: Measured | None, old: list[str]) -> str:
    goal = str(row.goal) if row.goal else ""
    if measured is None:
        cells = old
    elif measured.skipped:
        cells = [*_NOTHING[:3], f"skipped: {measured.skipped.splitlines()[0]}"]
    else:
        cells = [*_numbers(row, measured), measured.note]
    return "| " + " | ".join([f"`{row.name}`", row.what, goal, *cells]) + " |"


def _numbers(row: Row, measured: Measured) -> list[str]:
    goal = row.goal
    unit = goal.unit if goal else row.unit
    kept = "" if goal is None else "yes" if goal.kept_by(measured.value) else "**no**"
    return [
        f"{number(measured.value)} {unit}",
        f"{number(row.best(measured.values))} {unit}",
        kept,
    ]


def missed(found: Iterable[Measured]) -> list[str]:
    """Return the names of the rows that missed their goal."""
    return [
        each.row
        for each in found
        if each.values and (goal := ROWS[each.row].goal) and not goal.kept_by(each.value)
    ]


def as_json(found: Iterable[Measured], size: dict[str, Any]) -> str:
    """Return all measurements as JSON, round by round."""
    rows = {
        each.row: {
            "values": each.values,
            "median": each.value if each.values else None,
            "goal": str(ROWS[each.row].goal or ""),
            "note": each.note,
            "skipped": each.skipped,
        }
        for each in found
    }
    return json.dumps({"machine": described(), "size": size, "rows": rows}, indent=2) + "\n"


def into(page: str, found: Iterable[Measured], how: str) -> str:
    """Return the page with the new table between its markers."""
    said = f"Measured on {described()}; {how}." if how else "No run was written down yet."
    part = PART.search(page)
    before = part[0] if part else ""
    made = f"\n{said}\n\n{table(found, before=before)}\n"
    return PART.sub(lambda match: match[1] + made + match[2], page)


def write(found: Iterable[Measured], how: str, page: Path = PAGE, twin: Path = TWIN) -> None:
    """Write the table into the docs page, and into its Chinese twin."""
    english = into(page.read_text(encoding="utf-8"), found, how)
    page.write_text(english, encoding="utf-8")
    chinese = part_in_chinese(english)
    text = PART.sub(lambda _: chinese, twin.read_text(encoding="utf-8"))
    twin.write_text(text, encoding="utf-8")


def part_in_chinese(page: str) -> str:
    """Return the part between the markers of a page, markers included, in Chinese."""
    part = PART.search(page)
    return in_chinese(part[0]) if part else ""
