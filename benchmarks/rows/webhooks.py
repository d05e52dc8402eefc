"""Webhook deliveries, compared with httpx2 posting the same bytes in a loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.bench import Bench
from benchmarks.machine import free_port
from benchmarks.processes import answers, python, wait_until
from benchmarks.results import Measured, Row, at_least, ratios

ROWS: tuple[Row, ...] = (
    Row("webhooks", "webhooks delivered, signed, by httpx2 in a loop", at_least(0.8)),
)


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Send from the server's core to a receiver on the other core."""
    port = free_port()
    command = python("-m", "benchmarks.contenders.receiver", str(port))
    receiver = bench.fleet.start(command, bench.cores.load)
    wait_until(lambda: answers(port, b"GET / HTTP/1.1\r\n\r\n"), receiver)
    size = bench.size
    rates = bench.inside("webhooks", port=port, rounds=size.rounds, posts=size.posts)
    bench.fleet.stop(receiver)
    note = f"{max(rates['delivered']):.0f} webhooks/s, httpx2 {max(rates['posted']):.0f}/s"
    yield Measured("webhooks", ratios(rates["delivered"], rates["posted"]), note)


def inside(port: int, rounds: int, posts: int) -> dict[str, list[float]]:
    """Return posts per second of each, per round."""
    from mockdouyin import Sandbox
    from mockdouyin.delivery import Dispatcher

    box = Sandbox(deliverer=Dispatcher)
    ways = _ways(box, f"http://127.0.0.1:{port}/hook", posts)
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            if number:
                rates[name].append(posts / (time.perf_counter() - began))
    box.deliverer.stop()
    return rates


def _ways(box: Any, url: str, posts: int) -> dict[str, Callable[[], None]]:
    import httpx2
    import msgspec

    from mockdouyin.core.apps import Webhook
    from mockdouyin.core.outbox import Delivery
    from mockdouyin.core.webhooks import emit

    world = box.default
    app = msgspec.structs.replace(world.find_app(None, "web"), webhook=Webhook(url=url))
    world.register(app)
    person = world.people.first
    samples: list[Delivery] = []

    def emit_one() -> None:
        unit = world.store.unit(world.clock.now())
        emit(world, unit, app, "create_video", person)
        unit.commit()

    def delivered() -> None:
        for _ in range(posts):
            world.transact(emit_one)
        box.deliverer.advance(world, 0.0).result()
        unit = world.store.unit(world.clock.now())
        states = {each.state for _, each in unit.scan(Delivery)}
        if states != {"delivered"}:
            raise RuntimeError(f"not every webhook arrived: {states}")
        samples[:] = [each for _, each in unit.scan(Delivery)][:1]

    client = httpx2.Client()

    def posted() -> None:
        for _ in range(posts):
            client.post(url, content=samples[0].body, headers=samples[0].headers)

    return {"delivered": delivered, "posted": posted}
