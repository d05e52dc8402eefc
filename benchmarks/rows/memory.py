"""Memory of an idle server, of one token, and after many requests."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.contenders import TOKEN_PROBE, served, stocked
from benchmarks.contenders.stock import Load
from benchmarks.load import hold
from benchmarks.processes import Process, answers, wait_until
from benchmarks.results import Measured, Row, at_most

ROWS: tuple[Row, ...] = (
    Row("idle", "memory after the first answer", at_most(45, "MB")),
    Row("token", "memory of a live token, its consent included", at_most(600, "bytes")),
    Row("code", "memory of a live login code", unit="bytes", less=True),
    Row("flat", "memory after many requests, by what it was early on", at_most(1.05, "×")),
)

MB = 1024 * 1024
_SETTLE = 0.2


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Measure the resident memory of the process."""
    if "idle" in wanted:
        yield Measured("idle", tuple(_idle(bench) for _ in range(bench.size.rounds)))
    if "token" in wanted:
        yield _weigh(bench, "token", "consents")
    if "code" in wanted:
        yield _weigh(bench, "code", "logins")
    if "flat" in wanted:
        yield _flat(bench)


def _idle(bench: Bench) -> float:
    process = served(bench)
    wait_until(lambda: answers(process.port, TOKEN_PROBE), process)
    time.sleep(_SETTLE)
    rss = process.rss
    bench.fleet.stop(process)
    return rss / MB


def _weigh(bench: Bench, row: str, what: str) -> Measured:
    """Compare the memory before and after many tokens are issued, once the journal is full."""
    process, each = stocked(bench), 2  # a consent issues two tokens, a login two codes
    count = bench.size.tokens // each
    given = {"file": "/dev/null"} if what == "logins" else {}
    process.ask(do=what, count=3000, **given)
    before = process.rss
    process.ask(do=what, count=count, **given)
    grown = process.rss - before
    bench.fleet.stop(process)
    return Measured(row, (grown / (count * each),), f"{count * each:,} of them")


def _flat(bench: Bench) -> Measured:
    """Request tokens, tickets and profiles in turn, and measure the memory after each."""
    process, seconds = stocked(bench), min(5, bench.size.seconds)
    loads = [_load(process, name) for name in ("client_token", "userinfo", "notify", "js_ticket")]
    done, seen = 0, list[tuple[int, int]]()
    while done < bench.size.requests or len(seen) <= len(loads):
        load = loads[len(seen) % len(loads)]
        if load.path.endswith("getticket/"):
            load = _load(
                process, "js_ticket"
            )  # the tokens fetched meanwhile invalidated its token
        done += hold(bench, process, load, seconds=seconds).requests
        seen.append((done, process.rss))
    bench.fleet.stop(process)
    # The first round of all loads fills the journal and warms up every code path.
    early, late = seen[len(loads) - 1], seen[-1]
    note = f"{early[1] / MB:.1f} MB after {early[0]:,}, {late[1] / MB:.1f} MB after {late[0]:,}"
    return Measured("flat", (late[1] / early[1],), note)


def _load(process: Process, name: str) -> Load:
    return Load(*process.ask(do="load", name=name))
