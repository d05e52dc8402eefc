"""Throughput, compared with a minimal Starlette route: every contender in every round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.bench import Bench
from benchmarks.contenders import canned, stocked, wiremock
from benchmarks.contenders.stock import LOADS, LOGIN, Load, strangers
from benchmarks.load import Held, SpentError, bodies_file, hold, need_wrk
from benchmarks.processes import BenchError, Process
from benchmarks.results import Measured, Row, at_least, ratios

_CANNED = {"bare": "bare_asgi", "starlette": "starlette_minimal"}
_WIREMOCK: dict[str, dict[str, bool]] = {
    "wiremock": {},
    "wiremock_default": {"tuned": False},
    "wiremock_dynamic": {"dynamic": True},
}
_FIRST_GUESS = 20_000.0
_RULES = (10, 100)
_FULL_RULES = (100, 1000)

ROWS: tuple[Row, ...] = (
    Row("bare", "a bare ASGI application: the ceiling"),
    Row("wiremock", "WireMock, static answer, journal off"),
    Row("wiremock_default", "WireMock as it comes, static answer, journal on"),
    Row("wiremock_dynamic", "WireMock, journal off, its answer from a template"),
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
    """One contender: its process, and a function that returns its load and a file of bodies."""

    process: Process
    ask: Callable[[int], tuple[Load, Path | None]]


class Legs:
    """The contenders of a run, each started when it is first needed."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._turns = 0

    def make(self, name: str) -> Leg:
        """Start a contender."""
        bench = self._bench
        if name in _WIREMOCK:
            return Leg(wiremock(bench, **_WIREMOCK[name]), self._any)
        if name in _CANNED:
            return Leg(canned(bench, _CANNED[name]), self._any)
        if name == "accept":
            return Leg(stocked(bench, unknown_codes="accept"), self._strange)
        process = stocked(bench)
        if name in LOADS:
            return Leg(process, lambda _: (Load(*process.ask(do="load", name=name)), None))
        worlds, rules = _FULL_RULES if name == "full" else _RULES
        process.ask(do="arm", worlds=worlds, rules=rules)
        if name == "full":
            process.ask(do="fill", live=bench.size.live)
        return Leg(process, lambda count: self._real(process, count))

    def _any(self, _: int) -> tuple[Load, Path]:
        """Return a few codes that repeat, for contenders that do not check them."""
        return self._strange(10_000)

    def _strange(self, count: int) -> tuple[Load, Path]:
        """Return codes that nobody issued."""
        self._turns += 1
        return LOGIN, bodies_file(self._bench, strangers(f"code-{self._turns}", count))

    def _real(self, process: Process, count: int) -> tuple[Load, Path]:
        """Return codes of that many logins."""
        file = self._bench.fleet.path("codes")
        process.ask(do="logins", count=count, file=str(file), fresh=True)
        return LOGIN, file


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Start and warm up every contender, then measure each in every round."""
    need_wrk()
    makers = Legs(bench)
    legs: dict[str, Leg] = {}
    held: dict[str, list[Held]] = {}
    for turn in range(bench.size.rounds + 1):
        for name in list(legs) if turn else _order(wanted):
            try:
                if turn == 0:
                    legs[name] = makers.make(name)
                # Java compiles hot code while it runs, so it gets a longer warm-up.
                longer = 2 if name in _WIREMOCK and turn == 0 else 1
                known = held.get(name) or held.get("starlette") or []
                rate = max((each.rate for each in known), default=_FIRST_GUESS)
                one = _turn(bench, legs[name], bench.size.seconds * longer, rate)
                held.setdefault(name, []).append(one)
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


def _turn(bench: Bench, leg: Leg, seconds: int, rate: float) -> Held:
    """Measure a contender; repeat with more codes if it was faster than expected."""
    for share in (1.5, 4):
        load, bodies = leg.ask(int(rate * share * seconds) + 10_000)
        try:
            return hold(bench, leg.process, load, bodies, seconds)
        except SpentError:
            if share == 4:
                raise
        finally:
            if bodies is not None:
                bodies.unlink()
    raise AssertionError("unreachable")


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
