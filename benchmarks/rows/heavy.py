"""How long a login waits while another client sends the heaviest inputs."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.contenders import stocked
from benchmarks.contenders.heavy import HEAVY, Heavy
from benchmarks.contenders.stock import LOGIN_PATH
from benchmarks.processes import BenchError, Process
from benchmarks.results import Measured, Row, at_most

ROWS: tuple[Row, ...] = (
    Row(
        "heaviest",
        "the longest wait of a login while each of the heaviest inputs runs",
        at_most(100, "ms"),
    ),
)

FULL = 2000
"""Exchanges in the journal before it is read."""

CODES = 20_000
"""Logins prepared for one input, at most."""

PATIENCE = 60.0
"""Seconds that one input may take."""


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Send logins in a loop while each input is processed."""
    server = stocked(bench)
    longest: list[float] = []
    notes: list[str] = []
    for number in range(bench.size.rounds):
        codes = _codes(bench, server)
        for _ in range(FULL if not number else 0):
            _log_in(server, next(codes))
        waits = {name: _longest(server, make(), codes) for name, make in HEAVY.items()}
        worst = max(waits, key=waits.__getitem__)
        longest.append(waits[worst] * 1000)
        notes.append(worst)
    bench.fleet.stop(server)
    usual = sorted(waits.values())[len(waits) // 2] * 1000
    note = f"{', '.join(dict.fromkeys(notes))}; of {len(HEAVY)} inputs, half within {usual:.1f} ms"
    yield Measured("heaviest", tuple(longest), note)


def _codes(bench: Bench, server: Process) -> Iterator[str]:
    """Yield login bodies, each once; more are made when they run out."""
    while True:
        file = bench.fleet.path("codes")
        server.ask(do="logins", count=CODES, file=str(file), fresh=False)
        yield from file.read_text(encoding="utf-8").splitlines()


def _longest(server: Process, heavy: Heavy, codes: Iterator[str]) -> float:
    """Return the seconds of the slowest login while one input is being processed."""
    sender = threading.Thread(target=_send, args=(server, heavy), daemon=True)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    _log_in(server, next(codes), connection)
    sender.start()
    longest, until = 0.0, time.monotonic() + PATIENCE
    while sender.is_alive():
        code = next(codes)
        began = time.perf_counter()
        _log_in(server, code, connection)
        longest = max(longest, time.perf_counter() - began)
        if time.monotonic() > until:
            raise BenchError(f"{heavy.path[:60]} takes longer than {PATIENCE:.0f} s")
        time.sleep(0.002)  # paces the logins, so that the codes last
    connection.close()
    return longest


def _send(server: Process, heavy: Heavy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request(heavy.method, heavy.path, heavy.body, {"content-type": heavy.kind})
    connection.getresponse().read()
    connection.close()


def _log_in(
    server: Process, body: str, connection: http.client.HTTPConnection | None = None
) -> None:
    made = connection or http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    made.request("POST", LOGIN_PATH, body.encode(), {"content-type": "application/json"})
    answer = made.getresponse().read()
    if b'"err_no":0' not in answer:
        raise BenchError(f"a login was refused: {answer[:200]!r}")
    if connection is None:
        made.close()
