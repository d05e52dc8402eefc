"""What the server holds, next to a minimal Starlette route: every contender in every round."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.bench import Bench
from benchmarks.contenders import canned, stocked, wiremock
from benchmarks.contenders.stock import LOADS, LOGIN, Load, strangers
from benchmarks.load import Held, bodies_file, hold, need_wrk
from benchmarks.processes import BenchError, Process
from benchmarks.results import Measured, Row, at_least, ratios

_RULES = (10, 100)
_FULL_RULES = (100, 1000)

ROWS: tuple[Row, ...] = (
    Row("bare", "a bare ASGI application: the ceiling"),
    Row("wiremock", "WireMock, static answer, journal off"),
    Row("login", "jscode2session, all real, rules armed elsewhere", at_least(1.25)),
    Row("accept", "the same with unknown codes accepted, each another one", at_least(1.25)),
    Row("client_token", "client_token, a new one each time", at_least(1.25)),
    Row("open_ticket", "open/getticket, a new one each time", at_least(1.25)),
    Row("js_ticket", "js/getticket", at_least(1.25)),
    Row("userinfo", "userinfo", at_least(1.25)),
    Row("notify", "notify", at_least(1.25)),
    Row(
        "full",
        "login with 1,000 rules in 100 worlds and 1,000,000 live codes and tokens,"
        " next to itself empty",
        at_least(0.95),
    ),
)


class Leg(NamedTuple):
    """One contender: where it listens, and what it is asked for so many seconds."""

    process: Process
    ask: Callable[[int], tuple[Load, Path | None]]


class Legs:
    """The contenders of a run, started as they are wanted."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._turns = 0
        self.rate = 0.0
        """What the minimal Starlette route holds: how many codes a turn may need."""

    def make(self, name: str) -> Leg:
        """Start a contender."""
        bench = self._bench
        if name == "wiremock":
            return Leg(wiremock(bench), self._any)
        if name in ("bare", "starlette"):
            program = {"bare": "bare_asgi", "starlette": "starlette_minimal"}[name]
            return Leg(canned(bench, program), self._any)
        if name == "accept":
            return Leg(stocked(bench, unknown_codes="accept"), self._any)
        process = stocked(bench)
        if name in LOADS:
            return Leg(process, lambda _: (Load(*process.ask(do="load", name=name)), None))
        worlds, rules = _FULL_RULES if name == "full" else _RULES
        process.ask(do="arm", worlds=worlds, rules=rules)
        if name == "full":
            process.ask(do="fill", live=bench.size.live)
        return Leg(process, lambda seconds: self._real(process, seconds))

    def _count(self, seconds: int) -> int:
        return int(self.rate * 2.5 * seconds) + 20_000

    def _any(self, seconds: int) -> tuple[Load, Path]:
        """Give codes that nobody issued; those who know no codes take them over again."""
        self._turns += 1
        codes = strangers(f"code-{self._turns}", self._count(seconds))
        return LOGIN, bodies_file(self._bench, codes)

    def _real(self, process: Process, seconds: int) -> tuple[Load, Path]:
        file = self._bench.fleet.path("codes")
        process.ask(do="logins", count=self._count(seconds), file=str(file))
        return LOGIN, file


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Start every contender, warm it up, and let each have its turn in every round."""
    need_wrk()
    makers = Legs(bench)
    legs: dict[str, Leg] = {}
    held: dict[str, list[Held]] = {}
    for turn in range(bench.size.rounds + 1):
        for name in list(legs) if turn else _order(wanted):
            try:
                if turn == 0:
                    legs[name] = makers.make(name)
                # Java compiles while it runs: it gets longer to warm up.
                warm = bench.size.seconds * (2 if name == "wiremock" else 1)
                seconds = bench.size.seconds if turn else warm
                held.setdefault(name, []).append(_turn(bench, legs[name], seconds))
                makers.rate = held["starlette"][-1].rate
            except BenchError as error:
                if name == "starlette":
                    raise
                legs.pop(name, None)
                if name in wanted:
                    yield Measured(name, skipped=str(error))
    for name in legs:
        theirs = "login" if name == "full" else "starlette"
        if name in wanted and theirs in legs:
            yield _compared(name, held[name][1:], held[theirs][1:])


def _order(wanted: set[str]) -> list[str]:
    names = [row.name for row in ROWS if row.name in wanted]
    if "full" in wanted and "login" not in names:
        names.insert(0, "login")
    return ["starlette", *names]


def _turn(bench: Bench, leg: Leg, seconds: int) -> Held:
    load, bodies = leg.ask(seconds)
    gc.collect()
    held = hold(bench, leg.process, load, bodies, seconds)
    if bodies is not None:
        bodies.unlink()
    return held


def _compared(name: str, ours: list[Held], theirs: list[Held]) -> Measured:
    values = ratios([held.rate for held in ours], [held.rate for held in theirs])
    return Measured(name, values, _note(ours, theirs))


def _note(ours: list[Held], theirs: list[Held]) -> str:
    each = ratios([held.per_cpu for held in ours], [held.per_cpu for held in theirs])
    warning = ""
    if max(held.load_busy for held in ours) > 0.95:
        warning += "; wrk had no more to give"
    if min(held.server_busy for held in (*ours, *theirs)) < 0.9:
        warning += "; others used the core"
    rate = median(held.rate for held in ours)
    return f"{median(each):.2f} × per CPU second; {rate:.0f} requests/s{warning}"
