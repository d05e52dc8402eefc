"""The endpoints as tables of Markdown: how many there are, then those of each family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockdouyin.control.client import Answer

STATES = ("full", "generic", "shape only")
BASES = ("documented", "observed", "assumed")

Row = dict[str, Any]
Column = Callable[[Row], str]


def family_of(row: Row) -> str:
    """Return the name of an endpoint's family."""
    return str(row["name"]).partition(".")[0]


def coverage(answer: Answer, driven_by: Column | None = None) -> Iterator[str]:
    """Return the lines: a table of numbers, and each family; with a column for who calls what."""
    yield from _numbers(answer["endpoints"])
    for family, members in groupby(answer["endpoints"], family_of):
        yield from _family(family, answer["families"][family], list(members), driven_by)


def _numbers(rows: list[Row]) -> Iterator[str]:
    counted = Counter((row["basis"], row["state"]) for row in rows)
    yield f"| | {' | '.join(STATES)} | all |"
    yield "|---" * (len(STATES) + 2) + "|"
    for basis in BASES:
        cells = [counted[basis, state] for state in STATES]
        yield f"| {basis} | {' | '.join(map(str, cells))} | {sum(cells)} |"
    totals = [sum(counted[basis, state] for basis in BASES) for state in STATES]
    yield f"| **all** | {' | '.join(map(str, totals))} | **{len(rows)}** |"


def _family(name: str, title: str, rows: list[Row], driven_by: Column | None) -> Iterator[str]:
    head = ["operation", "call", "what it is", "basis", "state"]
    if driven_by:
        head.append("driven by")
    yield ""
    yield f"### {name}"
    yield ""
    yield f"{title} · {', '.join(rows[0]['hosts'])}"
    yield ""
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        calls = "<br>".join(f"{', '.join(row['methods'])} `{path}`" for path in row["paths"])
        short = str(row["name"]).removeprefix(f"{name}.")
        cells = [f"`{short}`", calls, row["title"], row["basis"], row["state"]]
        if driven_by:
            cells.append(driven_by(row))
        yield f"| {' | '.join(cells)} |"
