"""A call through the in-process httpx door, compared with httpx's own MockTransport."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.bench import Bench
from benchmarks.contenders.canned import ANSWER
from benchmarks.contenders.stock import client_token
from benchmarks.inside import rates
from benchmarks.results import Measured, Row, at_least, ratios

ROWS: tuple[Row, ...] = (
    Row("door", "a call through the httpx door, by httpx's MockTransport", at_least(0.9)),
    Row("door_respx", "the same call through respx, answered with a constant"),
)


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Call through each transport in turn with the same client."""
    if importlib.util.find_spec("mockdouyin.inproc") is None:
        for row in ROWS:
            if row.name in wanted:
                yield Measured(row.name, skipped="there is no mockdouyin.inproc")
        return
    size = bench.size
    found = bench.inside("door", rounds=size.rounds, repeats=size.repeats)
    for row in ROWS:
        if row.name in wanted and row.name in found:
            note = f"{1e6 / max(found[row.name]):.0f} µs, MockTransport"
            note += f" {1e6 / max(found['floor']):.0f} µs"
            yield Measured(row.name, ratios(found[row.name], found["floor"]), note)
        elif row.name in wanted:
            yield Measured(row.name, skipped="respx is not installed")


def inside(rounds: int, repeats: int) -> dict[str, list[float]]:
    """Return calls per second of each transport, per round."""
    import httpx

    from mockdouyin import Sandbox

    box = Sandbox()
    load = client_token(box)
    url = "https://open.douyin.com" + load.path
    acts: dict[str, Callable[[], object]] = {}
    for name, door in _transports(box).items():
        client = httpx.Client(transport=door)
        acts[name] = partial(client.post, url, content=load.body, headers=load.headers)
    return rates(acts, rounds, repeats)


def _transports(box: Any) -> dict[str, Any]:
    import httpx

    transport = import_module("mockdouyin.inproc.httpx").transport

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=ANSWER, headers={"content-type": "application/json"})

    found: dict[str, Any] = {"floor": httpx.MockTransport(answer), "door": transport(box.default)}
    if importlib.util.find_spec("respx") is not None:
        router = import_module("respx").Router()
        router.route(host="open.douyin.com").mock(side_effect=answer)
        found["door_respx"] = httpx.MockTransport(router.handler)
    return found
