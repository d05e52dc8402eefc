"""The endpoints as tables of Markdown: how many there are, then those of each family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from mockdouyin.core.texts import Language, Text, text

if TYPE_CHECKING:
    from mockdouyin.control.client import Answer

STATES = ("full", "generic", "shape only")
BASES = ("documented", "observed", "assumed")

COLUMNS: dict[str, Text] = {
    "operation": text("coverage_operation", zh="接口", en="operation")(),
    "call": text("coverage_call", zh="调用", en="call")(),
    "title": text("coverage_title", zh="名称", en="what it is")(),
    "basis": text("coverage_basis", zh="依据", en="basis")(),
    "state": text("coverage_state", zh="程度", en="state")(),
    "driven_by": text("coverage_driven_by", zh="由谁调用", en="driven by")(),
    "all": text("coverage_all", zh="合计", en="all")(),
}

Row = dict[str, Any]
Column = Callable[[Row], str]


def family_of(row: Row) -> str:
    """Return the name of an endpoint's family."""
    return str(row["name"]).partition(".")[0]


def coverage(answer: Answer, language: Language, driven_by: Column | None = None) -> Iterator[str]:
    """Return the lines: a table of numbers, and each family; with a column for who calls what."""
    yield from _numbers(answer["endpoints"], language)
    for family, members in groupby(answer["endpoints"], family_of):
        title = answer["families"][family]
        yield from _family(family, title, list(members), language, driven_by)


def _numbers(rows: list[Row], language: Language) -> Iterator[str]:
    counted = Counter((row["basis"], row["state"]) for row in rows)
    every = COLUMNS["all"].render(language)
    yield f"| | {' | '.join(STATES)} | {every} |"
    yield "|---" * (len(STATES) + 2) + "|"
    for basis in BASES:
        cells = [counted[basis, state] for state in STATES]
        yield f"| {basis} | {' | '.join(map(str, cells))} | {sum(cells)} |"
    totals = [sum(counted[basis, state] for basis in BASES) for state in STATES]
    yield f"| **{every}** | {' | '.join(map(str, totals))} | **{len(rows)}** |"


def _family(
    name: str, title: str, rows: list[Row], language: Language, driven_by: Column | None
) -> Iterator[str]:
    columns = ["operation", "call", "title", "basis", "state"]
    if driven_by:
        columns.append("driven_by")
    yield ""
    yield f"### {name}"
    yield ""
    yield f"{title} · {', '.join(rows[0]['hosts'])}"
    yield ""
    yield f"| {' | '.join(COLUMNS[each].render(language) for each in columns)} |"
    yield "|---" * len(columns) + "|"
    for row in rows:
        calls = "<br>".join(f"{', '.join(row['methods'])} `{path}`" for path in row["paths"])
        short = str(row["name"]).removeprefix(f"{name}.")
        cells = [f"`{short}`", calls, row["title"], row["basis"], row["state"]]
        if driven_by:
            cells.append(driven_by(row))
        yield f"| {' | '.join(cells)} |"
