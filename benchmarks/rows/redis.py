"""A worker on Redis compared with one on memory, by each worker's own CPU time."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.bench import Bench
from benchmarks.contenders import served
from benchmarks.contenders.stock import LOGIN, strangers
from benchmarks.load import Held, bodies_file, hold, need_wrk
from benchmarks.machine import free_port
from benchmarks.processes import BenchError, Process, python, run, wait_until
from benchmarks.results import Measured, Row, at_least, ratios

SCENARIO = Path(__file__).parents[1] / "strangers.yaml"
"""With a single person every login would write the same record: that person's session."""

ROWS: tuple[Row, ...] = (
    Row("redis", "a worker on Redis, per CPU second of its own, by one on memory", at_least(0.5)),
)


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Exchange unknown codes with both in turn; Redis has the other core and is counted apart."""
    need_wrk()
    if "--store" not in run(python("-m", "mockdouyin", "serve", "--help"), bench.cores.server):
        raise BenchError("`mockdouyin serve` has no --store yet")
    store, port = _store(bench)
    url = f"redis://127.0.0.1:{port}"
    ours = served(bench, "--scenario", str(SCENARIO), "--store", url)
    theirs = served(bench, "--scenario", str(SCENARIO))
    held: dict[Process, list[Held]] = {ours: [], theirs: []}
    used = asked = 0.0
    for _ in range(bench.size.rounds):
        for process in held:
            before = store.cpu
            bodies = bodies_file(bench, strangers(f"r{len(held[process])}", 300_000))
            held[process].append(hold(bench, process, LOGIN, bodies))
            if process is ours:
                used += store.cpu - before
                asked += held[process][-1].requests
    for process in (ours, theirs, store):
        bench.fleet.stop(process)
    values = ratios([each.per_cpu for each in held[ours]], [each.per_cpu for each in held[theirs]])
    per_cpu = median(each.per_cpu for each in held[ours])
    note = f"{per_cpu:.0f} per CPU second of the worker, {asked / max(used, 0.01):.0f} of Redis's"
    yield Measured("redis", values, note)


def _store(bench: Bench) -> tuple[Process, int]:
    if shutil.which("redis-server") is None:
        raise BenchError("this needs Redis: apt-get install redis-server")
    port = free_port()
    flags = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", "/"]
    command = ["redis-server", "--port", str(port), *flags]
    process = bench.fleet.start(command, bench.cores.load)
    wait_until(lambda: _pings(port), process)
    return process, port


def _pings(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
