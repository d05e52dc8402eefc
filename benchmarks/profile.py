"""Profile calls without sockets: `python -m benchmarks.profile login [--count N]`."""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import time

from benchmarks.contenders import stock
from mockdouyin import Sandbox
from mockdouyin.core.http import Request

_KINDS = ("login", "accept", *stock.LOADS)


def requests(kind: str, count: int) -> tuple[Sandbox, list[Request]]:
    """Return a filled sandbox and the requests for it."""
    settings = {"unknown_codes": "accept"} if kind == "accept" else {}
    box = Sandbox(stock.SCENARIO, settings=settings)
    stock.arm(box, 10, 100)
    if kind in stock.LOADS:
        return box, [stock.request_of(stock.LOADS[kind](box))] * count
    bodies = stock.logins(box, count) if kind == "login" else stock.strangers("code", count)
    return box, [stock.request_of(stock.LOGIN, body) for body in bodies]


def timed(box: Sandbox, asked: list[Request]) -> float:
    """Return the microseconds of one call, on average."""
    gc.collect()
    began = time.perf_counter()
    for request in asked:
        box.handle(request)
    return (time.perf_counter() - began) / len(asked) * 1e6


def main() -> None:
    """Time plain calls first, then profile the functions in which they spend it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("kind", choices=_KINDS)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--lines", type=int, default=30)
    parser.add_argument("--sort", default="tottime", help="tottime or cumulative")
    given = parser.parse_args()
    times = [timed(*requests(given.kind, given.count)) for _ in range(3)]
    print(f"{given.kind}: {min(times):.2f} µs a call, the best of 3 × {given.count:,}")
    box, asked = requests(given.kind, given.count)
    profile = cProfile.Profile()
    profile.enable()
    timed(box, asked)
    profile.disable()
    pstats.Stats(profile).strip_dirs().sort_stats(given.sort).print_stats(given.lines)


if __name__ == "__main__":
    main()
