"""How long an answer takes at 70 % of what the server holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.bench import Bench
from benchmarks.contenders import canned, stocked
from benchmarks.contenders.stock import LOGIN
from benchmarks.load import bodies_file, hold
from benchmarks.pace import Paced, pace
from benchmarks.processes import Process
from benchmarks.results import Measured, Row, at_most

SHARE = 0.7

ENOUGH = 90_000
"""Codes for a second of all that a server can take; none is sent twice."""

ROWS: tuple[Row, ...] = (
    Row("p99", "p99 of jscode2session at 70 % load, by its p50", at_most(3, "× p50")),
    Row("p99_starlette", "the minimal Starlette route, the same", unit="× p50"),
)


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Find out in each round what a server holds, and then ask it for 70 % of that."""
    running: dict[str, Process] = {}
    if "p99" in wanted:
        running["p99"] = stocked(bench)
    if "p99_starlette" in wanted:
        running["p99_starlette"] = canned(bench, "starlette_minimal")
    paced: dict[str, list[Paced]] = {name: [] for name in running}
    for _ in range(bench.size.rounds):
        for name, process in running.items():
            paced[name].append(_at_share(bench, process, name == "p99"))
    for name, process in running.items():
        bench.fleet.stop(process)
        yield Measured(
            name, tuple(each.p99 / each.p50 for each in paced[name]), _note(paced[name])
        )


def _at_share(bench: Bench, process: Process, real: bool) -> Paced:
    seconds = max(1, bench.size.seconds // 3)
    held = hold(bench, process, LOGIN, _codes(bench, process, real, ENOUGH * seconds), seconds)
    count = int(held.rate * SHARE * bench.size.seconds) + 1000
    bodies = _codes(bench, process, real, count)
    return pace(bench, process, LOGIN, held.rate * SHARE, bodies)


def _codes(bench: Bench, process: Process, real: bool, count: int) -> Path:
    file = bench.fleet.path("codes")
    if not real:
        return bodies_file(bench, [LOGIN.body])
    process.ask(do="logins", count=count, file=str(file), fresh=True)
    return file


def _note(paced: list[Paced]) -> str:
    p50, p99 = median(each.p50 for each in paced), median(each.p99 for each in paced)
    worst = max(each.worst for each in paced)
    late = sum(each.late for each in paced) / sum(each.requests for each in paced)
    waited = f"; {late:.1%} had to wait for a connection" if late > 0.001 else ""
    return f"p50 {p50:.2f} ms, p99 {p99:.2f} ms, worst {worst:.0f} ms{waited}"
