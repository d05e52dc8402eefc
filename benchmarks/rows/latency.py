"""The latency of answers while the server's core is 70 % busy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.bench import Bench
from benchmarks.contenders import canned, stocked
from benchmarks.contenders.stock import LOGIN
from benchmarks.load import bodies_file, hold
from benchmarks.pace import Paced, pace
from benchmarks.processes import Process, python
from benchmarks.results import Measured, Row, at_most

SHARE = 0.7
"""The share of time for which the core is busy, or of the rate that wrk reaches."""

ENOUGH = 90_000
"""Codes per second of a server's full rate; none is sent twice."""

SEARCH = 8
"""Rates tried, at most, to find one that keeps the core as busy as wanted."""

NEAR = 0.02
"""The accepted difference from that share."""

ROWS: tuple[Row, ...] = (
    Row("p99", "p99 of jscode2session, the core 70 % busy, by its p50", at_most(3, "× p50")),
    Row("p99_starlette", "the minimal Starlette route, the same", unit="× p50", less=True),
    Row("p99_pressed", "p99 at 70 % of what wrk gets, by its p50", unit="× p50", less=True),
)


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Find, in each round, the rate that keeps a server as busy as wanted, and measure at it."""
    real = wanted - {"p99_starlette"}
    servers = {"starlette": canned(bench, "starlette_minimal")} if wanted - real else {}
    if real:
        servers["ours"] = stocked(bench)
    turns: dict[str, list[Turn]] = {name: [] for name in sorted(wanted)}
    for _ in range(bench.size.rounds):
        for name, taken in turns.items():
            server = servers["ours" if name in real else "starlette"]
            taken.append(_Asker(bench, server, name in real).take(pressed=name == "p99_pressed"))
    for process in servers.values():
        bench.fleet.stop(process)
    for name, taken in turns.items():
        yield Measured(
            name, tuple(each.paced.p99 / each.paced.p50 for each in taken), _note(taken)
        )


@contextmanager
def _let_alone(bench: Bench, process: Process, *, rests: bool) -> Iterator[None]:
    """Keep other processes off the server's core, if the system permits that.

    A hypervisor takes an idle virtual core away and gives it back milliseconds later; that delay
    would be measured. So a program of idle priority keeps the core busy. Under full load it would
    starve, and the kernel would then grant it 50 ms of each second; so it runs only with `rests`.
    """
    with suppress(PermissionError):
        os.sched_setscheduler(process.pid, os.SCHED_FIFO, os.sched_param(1))
    command = ["chrt", "--idle", "0", *python("-c", "while True: pass")]
    awake = bench.fleet.start(command, bench.cores.server) if rests else None
    yield
    if awake is not None:
        bench.fleet.stop(awake)
    os.sched_setscheduler(process.pid, os.SCHED_OTHER, os.sched_param(0))


class Turn(NamedTuple):
    """The result of one round."""

    paced: Paced
    busy: float
    """The share of its core that the server had."""


class _Asker:
    """Loads one server at a rate below its maximum."""

    def __init__(self, bench: Bench, process: Process, real: bool) -> None:
        self._bench = bench
        self._process = process
        self._real = real

    def take(self, *, pressed: bool) -> Turn:
        """Measure one round."""
        seconds = max(1, self._bench.size.seconds // 3)
        held = hold(self._bench, self._process, LOGIN, self._codes(ENOUGH * seconds), seconds)
        rate = held.rate * SHARE
        with _let_alone(self._bench, self._process, rests=not pressed):
            if not pressed:
                rate = self._find_rate(rate, most=held.rate)
            return self._pace(rate, self._bench.size.seconds)

    def _find_rate(self, rate: float, *, most: float) -> float:
        """Return the rate that keeps the core as busy as wanted."""
        for _ in range(SEARCH):
            busy = self._pace(rate, 1).busy
            if abs(busy - SHARE) < NEAR:
                break
            # On a machine that is busy otherwise the share stays low whatever the rate is.
            rate = min(rate * SHARE / busy, most)
        return rate

    def _pace(self, rate: float, seconds: float) -> Turn:
        bodies = self._codes(int(rate * seconds) + 1000)
        before = self._process.cpu
        paced = pace(self._bench, self._process, LOGIN, rate, seconds, bodies)
        return Turn(paced, (self._process.cpu - before) / paced.seconds)

    def _codes(self, count: int) -> Path:
        if not self._real:
            return bodies_file(self._bench, [LOGIN.body])
        file = self._bench.fleet.path("codes")
        self._process.ask(do="logins", count=count, file=str(file), fresh=True)
        return file


def _note(turns: list[Turn]) -> str:
    paced = [each.paced for each in turns]
    p50, p99 = median(each.p50 for each in paced), median(each.p99 for each in paced)
    worst = max(each.worst for each in paced)
    rate = median(each.requests / each.seconds for each in paced)
    busy = median(each.busy for each in turns)
    note = f"p50 {p50:.2f} ms, p99 {p99:.2f} ms, worst {worst:.0f} ms"
    note += f"; {rate:.0f} requests/s kept the core {busy:.0%} busy"
    late = sum(each.late for each in paced) / sum(each.requests for each in paced)
    away = sum(each.away for each in paced) / sum(each.seconds for each in paced)
    note += f"; {late:.1%} had to wait for a connection" if late > 0.001 else ""
    return note + (f"; not watched for {away:.0%} of the time" if away > 0.01 else "")
