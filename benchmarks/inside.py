"""Run a measurement inside one process: `python -m benchmarks.inside ROW JSON`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module

_BLOCK = 50


def main() -> None:
    """Call the `inside` function of a module of rows, and print its result as JSON."""
    module = import_module(f"benchmarks.rows.{sys.argv[1]}")
    print(json.dumps(module.inside(**json.loads(sys.argv[2]))))


def rates(
    acts: Mapping[str, Callable[[], object]], rounds: int, repeats: int
) -> dict[str, list[float]]:
    """Return calls per second of each act, per round, after a warm-up round that does not count.

    They alternate after a few calls each, so that a disturbance of the machine hits them all.
    """
    found: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(rounds + 1):
        took = dict.fromkeys(acts, 0.0)
        for _ in range(max(1, repeats // _BLOCK)):
            for name, act in acts.items():
                took[name] += _block(act)
        for name, seconds in took.items():
            if number:
                found[name].append(max(1, repeats // _BLOCK) * _BLOCK / seconds)
    return found


def _block(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(_BLOCK):
        act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
