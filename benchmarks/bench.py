"""One run: how long, how often, on which cores, and the processes that belong to it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from benchmarks.machine import Cores
from benchmarks.processes import Fleet, python, run


class Size(NamedTuple):
    """How much is measured."""

    rounds: int = 3
    seconds: int = 10
    """Of load, for each contender and round."""
    connections: int = 32
    starts: int = 10
    """Processes that are started and stopped."""
    repeats: int = 2000
    """Calls of one kind within a process, for each round."""
    live: int = 1_000_000
    """Codes and tokens in a full store."""
    tokens: int = 200_000
    """Tokens that are weighed."""
    requests: int = 300_000
    """Requests over which memory has to stay flat."""
    posts: int = 1000
    """Webhooks, for each round."""


QUICK = Size(1, 1, 8, 2, 50, 4000, 4000, 5000, 20)
"""Enough to see that everything works; the numbers say nothing."""


class Bench:
    """What the rows measure with."""

    def __init__(self, size: Size, cores: Cores, fleet: Fleet) -> None:
        self.size = size
        self.cores = cores
        self.fleet = fleet

    def inside(self, row: str, **given: Any) -> Any:
        """Run a row's `inside` in a process of its own on the server's core."""
        command = python("-m", "benchmarks.inside", row, json.dumps(given))
        return json.loads(run(command, self.cores.server))
