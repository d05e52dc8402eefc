"""Load at full speed, by wrk, on the core that the servers do not use."""

from __future__ import annotations

import json
import resource
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench import Bench
from benchmarks.contenders.stock import Load
from benchmarks.processes import ROOT, BenchError, Process, run

_SCRIPT = ROOT / "benchmarks" / "wrk" / "requests.lua"


class SpentError(BenchError):
    """There were fewer codes than requests."""


class Held(NamedTuple):
    """What a server achieved under load."""

    rate: float
    """Requests per second."""
    per_cpu: float
    """Requests per second of the server's CPU time, which other processes disturb less."""
    server_busy: float
    """The share of its core that the server had; well below 1, other processes ran there too."""
    load_busy: float
    """The share of its core that wrk used; close to 1, it is the client that was measured."""
    requests: int
    p50: float
    p99: float
    """In milliseconds, with every connection sending as fast as it can."""


def need_wrk() -> None:
    """Raise, and so skip the row, if wrk is not installed."""
    if shutil.which("wrk") is None:
        raise BenchError("this needs wrk: apt-get install wrk")


def bodies_file(bench: Bench, bodies: Iterable[str]) -> Path:
    """Write a load's request bodies to a file, one per line."""
    path = bench.fleet.path("bodies")
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{body}\n" for body in bodies)
    return path


def hold(
    bench: Bench, process: Process, load: Load, bodies: Path | None = None, seconds: int = 0
) -> Held:
    """Load a server with wrk; raise unless every request succeeded."""
    need_wrk()
    file = bodies or bodies_file(bench, [load.body])
    seconds = seconds or bench.size.seconds
    command = ["wrk", "-t1", f"-c{bench.size.connections}", f"-d{seconds}s", "--timeout", "10s"]
    command += ["-s", str(_SCRIPT)]
    command += [f"http://127.0.0.1:{process.port}", "--"]
    command += [load.method, load.path, load.expect, str(file)]
    command += [f"{name}: {value}" for name, value in load.headers.items()]
    before, used, began = process.cpu, _children(), time.perf_counter()
    said = json.loads(run(command, bench.cores.load).splitlines()[-1])
    cpu, busy = process.cpu - before, (_children() - used) / (time.perf_counter() - began)
    _check(said, load)
    return Held(
        said["requests"] / said["seconds"],
        said["requests"] / max(cpu, 0.01),
        cpu / said["seconds"],
        busy,
        said["requests"],
        said["p50"],
        said["p99"],
    )


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _check(said: dict[str, float], load: Load) -> None:
    """Raise if some requests failed: the numbers would then measure something else."""
    if said["refused"] and said["again"]:
        raise SpentError(f"{load.path}: the codes ran out; {said['again']} were sent again")
    if said["failed"] or said["refused"] or not said["requests"]:
        raise BenchError(f"{load.path}: not every request was granted: {said}")
