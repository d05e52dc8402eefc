"""The stream where several replicas write: nothing is overtaken, and an outage is survived."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.control.client import LocalControl
from mockdouyin.control.http_client import HttpControl
from mockdouyin.core.http import Request
from mockdouyin.redis_store import RedisConnection, SharedSandbox, _scripts
from mockdouyin.redis_store._journal import SharedJournal
from mockdouyin.server.serving import ThreadedServer
from tests.redis_store.conftest import Replica
from tests.redis_store.relay import Do, Relay, runs
from tests.support.redis_server import RedisServer
from tests.support.streams import RawReader, limited
from tests.support.threads import together
from tests.support.waiting import until

LOST = Request("GET", "/nowhere")


def test_two_replicas_write(replica: Replica) -> None:
    """Whoever reads at one gets what both write, each thing once, in the order of numbers."""
    boxes = [replica() for _ in range(2)]
    got: list[int] = []

    def write(box: Sandbox) -> None:
        for _ in range(40):
            box.handle(LOST)

    def read(url: str) -> None:
        """Read, and be cut off again and again."""
        last = 0
        while len(got) < 8 * 40:
            with RawReader(url, last=last) as reader:
                for event in reader.events():
                    if event.id is not None:
                        got.append(event.id)
                        last = event.id
                    if len(got) == 8 * 40 or len(got) % 50 == 0:
                        break

    with ThreadedServer(replica()) as server:
        together(*(lambda box=box: write(box) for box in boxes * 4), lambda: read(server.url))

    journal = boxes[0].default.journal
    written = [entry.number for entry in boxes[0].default.transact(journal.newest)]
    assert got == written
    assert len(got) == 8 * 40


def test_what_is_overtaken_comes_first(
    relay: Relay, relayed: Replica, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that is written late is waited for, so that higher ones do not hide it."""
    slow, fast = relayed(), replica()
    looks: list[int] = []
    after = SharedJournal.after

    def note(journal: SharedJournal, since: int, limit: int) -> Any:
        looks.append(since)
        return after(journal, since, limit)

    monkeypatch.setattr(SharedJournal, "after", note)
    with limited(LocalControl(fast).follow()) as events:
        relay.rule = lambda command: Do.HOLD if runs(command, _scripts.COMMIT.sha) else Do.PASS
        late = threading.Thread(target=lambda: slow.handle(LOST))
        late.start()
        assert relay.held.acquire(timeout=20)
        for _ in range(2):
            fast.handle(LOST)
        got: list[int | None] = []
        reading = threading.Thread(target=lambda: got.extend(next(events).id for _ in range(3)))
        reading.start()
        until(lambda: len(looks) > 6, "several looks")
        assert got == []
        relay.let_go_on()
        late.join()
        reading.join(20)

    assert got == [1, 2, 3]


def test_what_a_reset_overtakes_gets_a_new_number(
    relay: Relay, relayed: Replica, replica: Replica
) -> None:
    """What is written after a reset is numbered after it, so whoever reads on does not miss it."""
    slow, fast = relayed(), replica()
    with limited(LocalControl(fast).follow()) as events:
        relay.rule = lambda command: Do.HOLD if runs(command, _scripts.COMMIT.sha) else Do.PASS
        late = threading.Thread(target=lambda: slow.handle(LOST))
        late.start()
        assert relay.held.acquire(timeout=20)
        execute(fast, "reset")
        relay.let_go_on()
        late.join()
        got = [next(events) for _ in range(3)]

    assert [(event.event, event.id) for event in got] == [("reset", 1), ("act", 2), ("row", 3)]
    page = execute(fast, "rows")
    assert [row["id"] for row in page["rows"]] == [2, 3]
    assert page["dropped"] == 1


def test_a_world_that_another_replica_drops(replica: Replica) -> None:
    """A stream ends too when its world is dropped elsewhere."""
    first, second = replica(), replica()
    execute(first, "create_world", body={"name": "w"})
    with (
        ThreadedServer(first) as server,
        RawReader(server.url, "/_mock/worlds/w/stream") as reader,
    ):
        reader.opened()
        execute(second, "drop_world", world="w")
        list(first.worlds_with_due_work())  # as its deliverer looks, each second
        assert list(reader.events()) == []


def test_an_outage(own_redis: RedisServer) -> None:
    """A stream outlives an outage; if the store comes back empty, it says so and goes on."""
    box = SharedSandbox(RedisConnection(own_redis.url, log=lambda text: None))
    with ThreadedServer(box) as server:
        control = HttpControl(server.url)
        with limited(control.follow()) as events:
            box.handle(LOST)
            assert next(events).id == 1
            box.handle(LOST)
            assert next(events).id == 2
            own_redis.stop()
            assert box.handle(LOST).status == 503
            own_redis.start()
            assert box.handle(LOST).status == 404
            entries = (event for event in events if event.event != "finding")
            reset, row = next(entries), next(entries)
        control.close()
    box.close()

    assert (reset.event, reset.id) == ("reset", 0)
    assert row.id == 1


def test_a_number_that_is_never_written(relay: Relay, relayed: Replica, redis_url: str) -> None:
    """A number whose transaction failed is waited for until it can come no more."""
    lost = relayed()
    fast = SharedSandbox(RedisConnection(redis_url, timeout=1.0))
    with limited(LocalControl(fast).follow()) as events:
        relay.rule = lambda command: Do.CUT if runs(command, _scripts.COMMIT.sha) else Do.PASS
        assert lost.handle(LOST).status == 503
        for _ in range(2):
            fast.handle(LOST)
        written = [entry.number for entry in fast.default.transact(fast.default.journal.newest)]
        got = [next(events).id for _ in range(2)]
    fast.close()

    assert got == written
    assert got[0] != 1
