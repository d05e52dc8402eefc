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
    """Seconds of load for each contender and round."""
    connections: int = 32
    starts: int = 10
    """How often a process is started and stopped."""
    repeats: int = 2000
    """Calls of one kind within a process, per round."""
    live: int = 1_000_000
    """Codes and tokens in the full store."""
    tokens: int = 200_000
    """Tokens whose memory is measured."""
    requests: int = 300_000
    """Requests during which memory has to stay flat."""
    posts: int = 1000
    """Webhooks per round."""


QUICK = Size(1, 1, 8, 2, 50, 4000, 4000, 5000, 20)
"""Enough to see that everything works; the numbers mean nothing."""


class Bench:
    """What a row measures with: the sizes, the cores and the processes of this run."""

    def __init__(self, size: Size, cores: Cores, fleet: Fleet) -> None:
        self.size = size
        self.cores = cores
        self.fleet = fleet

    def inside(self, row: str, **given: Any) -> Any:
        """Run a row's `inside` in a process of its own, on the server's core."""
        command = python("-m", "benchmarks.inside", row, json.dumps(given))
        return json.loads(run(command, self.cores.server))
