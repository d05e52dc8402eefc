"""A measurement within one process: `python -m benchmarks.inside ROW JSON`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module

_BLOCK = 50


def main() -> None:
    """Call the `inside` of a module of rows, and print what it gives."""
    module = import_module(f"benchmarks.rows.{sys.argv[1]}")
    print(json.dumps(module.inside(**json.loads(sys.argv[2]))))


def rates(
    acts: Mapping[str, Callable[[], object]], rounds: int, repeats: int
) -> dict[str, list[float]]:
    """Give how often a second each can be done, round by round, after one that does not count.

    They take turns after a few calls each, so that what disturbs one disturbs all.
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
