"""A server's start and stop: the time to its first answer, what it imports until then, its end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.bench import Bench
from benchmarks.contenders import LOGIN_PROBE, TOKEN_PROBE, canned_command, serve_command
from benchmarks.machine import free_port
from benchmarks.processes import Process, answers, python, wait_until
from benchmarks.results import Measured, Row, at_most, ratios

ROWS: tuple[Row, ...] = (
    Row(
        "start", "start, from spawn to first answer, by the minimal Starlette", at_most(1.25, "×")
    ),
    Row("loaded", "packages loaded by then that this run does not use", at_most(0, "packages")),
    Row("stop", "stop, from SIGTERM to exit with nothing under way", at_most(50, "ms")),
)

_USED = {"mockdouyin", "benchmarks", "click", "msgspec", "uvicorn", "httptools", "uvloop"}
"""Packages that a server needs to answer a call without encryption or a page."""

_BROUGHT = {"typing_extensions"}
"""Packages that one of those imports by itself: msgspec does, to support others' types."""


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Start and stop both in turn; the first start of each only writes bytecode."""
    if wanted & {"start", "stop"}:
        yield from _started(bench, wanted)
    if "loaded" in wanted:
        yield _loaded(bench)


def _started(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    ours, theirs = list[tuple[float, float]](), list[tuple[float, float]]()
    for number in range(bench.size.starts + 1):
        port = free_port()
        one = _life(bench, serve_command("--port", str(port)), port, TOKEN_PROBE)
        port = free_port()
        other = _life(bench, canned_command("starlette_minimal", port), port, LOGIN_PROBE)
        if number:
            ours.append(one)
            theirs.append(other)
    starts = [start for start, _ in ours], [start for start, _ in theirs]
    stops = [stop * 1000 for _, stop in ours], [stop * 1000 for _, stop in theirs]
    if "start" in wanted:
        note = f"{median(starts[0]) * 1000:.0f} ms, Starlette {median(starts[1]) * 1000:.0f} ms"
        yield Measured("start", ratios(*starts), note)
    if "stop" in wanted:
        yield Measured("stop", tuple(stops[0]), f"Starlette {median(stops[1]):.0f} ms")


def _life(bench: Bench, command: list[str | Path], port: int, probe: bytes) -> tuple[float, float]:
    """Return the seconds to the first answer, and the seconds to stop."""
    began = time.perf_counter()
    process = bench.fleet.start(command, bench.cores.server)
    wait_until(lambda: answers(port, probe), process)
    start = time.perf_counter() - began
    time.sleep(0.1)
    return start, bench.fleet.stop(process)


def _loaded(bench: Bench) -> Measured:
    """Start a server with -X importtime, and return the packages it imports needlessly."""
    port = free_port()
    command = [*python("-X", "importtime"), *serve_command("--port", str(port))[1:]]
    process = bench.fleet.start(command, bench.cores.server)
    wait_until(lambda: answers(port, TOKEN_PROBE), process)
    bench.fleet.stop(process)
    strange = _packages(process) - _USED - _BROUGHT
    return Measured("loaded", (len(strange),), ", ".join(sorted(strange)))


def _packages(process: Process) -> set[str]:
    """Return the installed packages among the imported modules."""
    lines = process.log.read_text(encoding="utf-8", errors="replace").splitlines()
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines if "|" in line}
    return names & _installed()


def _installed() -> set[str]:
    from importlib.metadata import packages_distributions

    return {name for name in packages_distributions() if not name.startswith("_")}
