"""How long a login waits while somebody reads all that happened, over and over."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.bench import Bench
from benchmarks.contenders import stocked
from benchmarks.contenders.stock import LOGIN
from benchmarks.pace import Paced, pace
from benchmarks.processes import BenchError, Process
from benchmarks.results import Measured, Row, at_most

ROWS: tuple[Row, ...] = (
    Row(
        "reading",
        "p99 of a login while 10,000 exchanges are read over and over",
        at_most(5, "ms"),
    ),
    Row("reading_longest", "the longest of these logins", at_most(25, "ms")),
)

KEPT = 10_000
"""Exchanges in the journal before it is read."""

PAGE = 1000

RATE = 500.0
"""Logins per second: few enough that only the reader makes them wait."""


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Send logins at a constant rate while another client reads page after page."""
    server = stocked(bench)
    pace(bench, server, LOGIN, 4000, KEPT / 4000, _codes(bench, server, KEPT))
    taken: list[Paced] = []
    rows = 0
    for _ in range(bench.size.rounds):
        count = int(RATE * bench.size.seconds)
        with _Reader(server) as reader:
            codes = _codes(bench, server, count)
            taken.append(pace(bench, server, LOGIN, RATE, bench.size.seconds, codes))
        rows += reader.rows
    bench.fleet.stop(server)
    each_second = rows / sum(each.seconds for each in taken)
    note = f"{each_second:.0f} rows/s; p50 {median(each.p50 for each in taken):.2f} ms"
    found = {
        "reading": tuple(each.p99 for each in taken),
        "reading_longest": tuple(each.worst for each in taken),
    }
    for name in sorted(wanted):
        yield Measured(name, found[name], note)


def _codes(bench: Bench, server: Process, count: int) -> Path:
    """Return a file with a login body for each request, and for those that warm up."""
    file = bench.fleet.path("codes")
    server.ask(do="logins", count=count + 1000, file=str(file), fresh=True)
    return file


class _Reader:
    """A client that reads the whole journal in pages, again and again, until it is left."""

    def __init__(self, server: Process) -> None:
        self._server = server
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._error: Exception | None = None
        self.rows = 0

    def __enter__(self) -> _Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()
        if self._error is not None:
            raise BenchError(f"reading failed: {self._error!r}")

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=60)
        try:
            before = 0
            while not self._left.is_set():
                connection.request("GET", f"/_mock/journal?view=rows&limit={PAGE}&before={before}")
                answer = json.loads(connection.getresponse().read())
                self.rows += len(answer["rows"])
                before = answer["rows"][0]["id"] if answer["more"] else 0
        except Exception as error:  # noqa: BLE001 - raised where the reader is left
            self._error = error
        finally:
            connection.close()
