"""All rows of the table, and the modules that measure them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from benchmarks.bench import Bench
from benchmarks.results import Measured, Row
from benchmarks.rows import (
    dashboard,
    door,
    heavy,
    imports,
    latency,
    life,
    memory,
    reading,
    redis,
    sealing,
    throughput,
    webhooks,
    worlds,
)


class Module(Protocol):
    """A module of rows that are measured together."""

    ROWS: tuple[Row, ...]

    def measure(self, bench: Bench, wanted: set[str]) -> Iterator[Measured]:
        """Measure the wanted ones of its rows."""


MODULES: tuple[Module, ...] = (
    throughput,
    latency,
    memory,
    life,
    imports,
    worlds,
    heavy,
    reading,
    door,
    sealing,
    webhooks,
    dashboard,
    redis,
)

ROWS = {row.name: row for module in MODULES for row in module.ROWS}
