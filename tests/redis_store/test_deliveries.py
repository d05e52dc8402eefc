"""Deliveries of several replicas: each is sent, by one of them, and a killed one loses none."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from mockdouyin import Scenario, World
from mockdouyin.control import execute
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.texts import Text
from mockdouyin.delivery import Dispatcher, Sender
from mockdouyin.redis_store import (
    RedisConnection,
    SharedSandbox,
    StoreAwayError,
    _outbox,
    _queries,
    _scripts,
)
from mockdouyin.redis_store._outbox import SharedOutbox
from mockdouyin.sandbox.deliveries import claim_due, listed, put_back, stands
from tests.redis_store.conftest import Replica
from tests.redis_store.relay import Do, Relay, at_once, runs
from tests.support.posting import set_hook, tell
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

HOOK = "http://127.0.0.1:9/hook"


class Posts(Sender):
    """A sender that records what it has posted."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.came = threading.Semaphore(0)

    async def send(self, delivery: Delivery) -> Attempt:
        """Record a delivery, once the gate is open."""
        self.came.release()
        await asyncio.to_thread(self.gate.wait, 20)
        self.seen.append(delivery.headers["Msg-Id"])
        return Attempt(status=200)


class Posting(Dispatcher):
    """A dispatcher with such a sender."""

    def __init__(self, sandbox: SharedSandbox, posts: Posts) -> None:
        super().__init__(sandbox)
        self._posts = posts

    def make_sender(self) -> Sender:
        """Return the sender."""
        return self._posts


def dispatching(box: SharedSandbox, posts: Posts, look_every: float = 0.05) -> Dispatcher:
    """Start a dispatcher that sends what is due on a replica."""
    made = Posting(box, posts)
    box.deliverer, box.look_every = made, look_every
    box.renew_leases()
    made.wake()
    return made


def delivered(box: SharedSandbox) -> list[str]:
    """Return the state of each delivery."""
    return [each.state for each in listed(box.default)]


def lease_ends(box: SharedSandbox) -> float | None:
    """Return when the first claim ends, if anything is claimed."""
    outbox = box.default.outbox
    assert isinstance(outbox, SharedOutbox)
    return outbox.look().lease_ends


def test_each_delivery_is_posted_once(replica: Replica) -> None:
    """Two replicas that look for the same deliveries post each of them once."""
    boxes, posts = [replica() for _ in range(2)], [Posts() for _ in range(2)]
    dispatchers = [dispatching(box, each) for box, each in zip(boxes, posts, strict=True)]
    set_hook(boxes[0].default, HOOK)

    for number in range(30):
        tell(boxes[number % 2].default, "create_video")
    for dispatcher in dispatchers:
        assert dispatcher.advance(boxes[0].default, 0.0).result()

    assert delivered(boxes[0]) == ["delivered"] * 30
    assert all(each.seen for each in posts)
    assert set(Counter(posts[0].seen + posts[1].seen).values()) == {1}
    for dispatcher in dispatchers:
        dispatcher.stop()


def test_what_one_has_claimed_no_other_takes(replica: Replica) -> None:
    """A delivery is claimed by one replica alone, while its lease runs."""
    first, second = replica(), replica()
    set_hook(first.default, HOOK)
    tell(first.default, "create_video")

    claims = [len(claim_due(box.default)) for box in (first, second, first)]

    assert claims == [1, 0, 0]


def test_what_is_put_back_is_due_for_all(replica: Replica) -> None:
    """A delivery that was claimed and not tried is claimed by the next replica that looks."""
    first, second = replica(), replica()
    set_hook(first.default, HOOK)
    tell(first.default, "create_video")
    [delivery] = claim_due(first.default)

    put_back(first.default, delivery)

    assert claim_due(second.default) == [delivery]


def test_a_killed_replica_loses_nothing(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a replica had claimed when it was killed is sent by another, once the lease is over."""
    monkeypatch.setattr(_queries, "LEASE", 0.2)
    killed, other, posts = replica(), replica(), Posts()
    set_hook(killed.default, HOOK)
    for _ in range(3):
        tell(killed.default, "create_video")
    assert len(claim_due(killed.default)) == 3  # and nothing more is heard of it

    dispatcher = dispatching(other, posts)
    for _ in range(3):
        assert posts.came.acquire(timeout=20)
    assert dispatcher.advance(other.default, 0.0).result()

    assert delivered(other) == ["delivered"] * 3
    dispatcher.stop()


def test_a_living_replica_keeps_its_claim(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim is renewed for as long as the post takes: nobody else sends it meanwhile."""
    for module in (_queries, _outbox):
        monkeypatch.setattr(module, "LEASE", 0.3)
    slow, other, posts = replica(), replica(), Posts()
    posts.gate.clear()
    set_hook(slow.default, HOOK)
    first = dispatching(slow, posts, look_every=60)  # or it might claim anew what it has lost
    tell(slow.default, "create_video")
    assert posts.came.acquire(timeout=20)
    looks: list[float | None] = []
    with_due_work = other.worlds_with_due_work

    def look() -> Iterator[World]:
        looks.append(lease_ends(other))
        return with_due_work()

    monkeypatch.setattr(other, "worlds_with_due_work", look)
    second = dispatching(other, posts)

    # Four renewals are more than a lease, and the other one has looked after each of them.
    until(lambda: len(set(looks)) > 4, "four renewals")
    assert not posts.came.acquire(blocking=False)
    posts.gate.set()
    assert first.advance(slow.default, 0.0).result()

    assert len(posts.seen) == 1
    first.stop()
    second.stop()


def test_an_advance_waits_for_what_others_send(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moving the clock answers once the deliveries that another replica claimed are recorded."""
    first, second, posts = replica(), replica(), Posts()
    posts.gate.clear()
    set_hook(first.default, HOOK)
    sending = dispatching(first, posts)
    tell(first.default, "create_video")
    assert posts.came.acquire(timeout=20)
    other = dispatching(second, posts)
    looks: list[object] = []
    claimed_elsewhere = SharedOutbox.claimed_elsewhere

    def look(outbox: SharedOutbox) -> bool:
        looks.append(outbox)
        return bool(claimed_elsewhere.fget(outbox))  # type: ignore[attr-defined]

    monkeypatch.setattr(SharedOutbox, "claimed_elsewhere", property(look))
    quiet = other.advance(second.default, 0.0)
    until(lambda: looks.count(second.default.outbox) >= 3, "an advance that waits")
    assert not quiet.done()
    posts.gate.set()

    assert quiet.result(20)
    assert delivered(second) == ["delivered"]
    sending.stop()
    other.stop()


def test_what_two_claim_at_once_is_claimed_by_one(
    relay: Relay, relayed: Replica, refused: list[bytes]
) -> None:
    """Of two replicas that both find a timed event due, one emits it."""
    timed = Scenario.parse("{name: timed, events: [{after: 1s, send: create_video}]}")
    boxes = [relayed(scenario=timed) for _ in range(2)]
    set_hook(boxes[0].default, HOOK)
    world = boxes[0].default
    world.transact(lambda: world.clock.advance(2.0))
    taken: list[int] = []

    at_once(
        relay,
        _scripts.COMMIT.sha,
        *(lambda box=box: taken.append(len(claim_due(box.default))) for box in boxes),
    )

    assert refused == [b"changed"]
    assert len(listed(world)) == 1


EVENTS = "{name: timed, events: [{after: 5s, send: create_video}, {after: 5s, send: authorize}]}"


def test_a_timed_event_happens_once(replica: Replica) -> None:
    """A timed event of a scenario happens on one replica, exactly once."""
    boxes, posts = [replica(scenario=Scenario.parse(EVENTS)) for _ in range(2)], Posts()
    dispatchers = [dispatching(box, posts) for box in boxes]
    set_hook(boxes[0].default, HOOK)

    execute(boxes[1], "advance_clock", body={"by": "1m"})

    assert Counter(each.event for each in listed(boxes[0].default)) == {
        "create_video": 1,
        "authorize": 1,
    }
    for dispatcher in dispatchers:
        dispatcher.stop()
    assert len(posts.seen) == 2


def test_a_claim_that_no_longer_stands_is_not_sent(replica: Replica) -> None:
    """A delivery of a world that another replica has reset does not stand any more."""
    first, second = replica(), replica()
    set_hook(first.default, HOOK)
    tell(first.default, "create_video")
    [claimed] = claim_due(first.default)
    assert stands(first.default, claimed)

    execute(second, "reset")

    assert not stands(first.default, claimed)


def test_an_advance_that_an_outage_breaks_off(relay: Relay) -> None:
    """After an advance that an outage breaks off, time runs on from where it had got."""
    box = SharedSandbox(RedisConnection(relay.url, log=lambda text: None), Scenario.parse(EVENTS))
    posts = Posts()
    dispatcher = dispatching(box, posts)
    stepped: list[bool] = []

    def lose_steps(command: list[Any]) -> Do:
        """Cut every commit after the one that freezes the clock."""
        if not runs(command, _scripts.COMMIT.sha):
            return Do.PASS
        stepped.append(True)
        return Do.PASS if len(stepped) == 1 else Do.CUT

    relay.rule = lose_steps
    with pytest.raises(StoreAwayError):
        dispatcher.advance(box.default, 60.0).result()
    assert len(stepped) > 1
    assert box.default.clock.frozen
    relay.let_go_on()

    until(lambda: not execute(box, "clock")["frozen"], "time that runs")
    dispatcher.stop()
    box.close()


def test_an_advance_whose_beginning_is_lost(relay: Relay) -> None:
    """Time runs on if it is not known whether the clock was frozen for the advance."""
    box = SharedSandbox(RedisConnection(relay.url, log=lambda text: None))
    dispatcher = dispatching(box, Posts())
    relay.rule = lambda command: Do.LOSE if runs(command, _scripts.COMMIT.sha) else Do.PASS
    with pytest.raises(StoreAwayError):
        dispatcher.advance(box.default, 60.0).result()
    relay.let_go_on()

    until(lambda: not execute(box, "clock")["frozen"], "time that runs")
    dispatcher.stop()
    box.close()


def test_a_clock_that_stood_still_stands_still(relay: Relay) -> None:
    """An advance of a frozen clock that is broken off leaves it frozen."""
    box = SharedSandbox(RedisConnection(relay.url, log=lambda text: None))
    execute(box, "freeze_clock", body={})
    dispatcher = dispatching(box, Posts())
    relay.rule = lambda command: Do.CUT if runs(command, _scripts.COMMIT.sha) else Do.PASS
    with pytest.raises(StoreAwayError):
        dispatcher.advance(box.default, 60.0).result()
    relay.let_go_on()

    until(lambda: not dispatcher.has_interrupted_advance, "the advance that was interrupted")
    assert execute(box, "clock")["frozen"] is True
    dispatcher.stop()
    box.close()


def test_what_falls_due_in_an_outage_is_sent_after_it(own_redis: RedisServer) -> None:
    """The dispatcher outlives an outage in which there was much to do, and sends what waits."""
    logged: list[Text] = []
    box, posts = (
        SharedSandbox(RedisConnection(own_redis.url, timeout=0.5, log=logged.append)),
        Posts(),
    )
    set_hook(box.default, HOOK)
    dispatcher = dispatching(box, posts)
    own_redis.pause()
    until(lambda: logged, "the outage")
    own_redis.resume()
    until(lambda: len(logged) == 2, "its end")

    for _ in range(3):
        tell(box.default, "create_video")
    for _ in range(3):
        assert posts.came.acquire(timeout=20)
    assert dispatcher.advance(box.default, 0.0).result()
    assert delivered(box) == ["delivered"] * 3
    dispatcher.stop()
    box.close()


def test_timed_events_of_a_redis_that_came_back_empty(own_redis: RedisServer) -> None:
    """A timed event happens though no request comes."""
    box = SharedSandbox(
        RedisConnection(own_redis.url, log=lambda text: None), Scenario.parse(SOON)
    )
    set_hook(box.default, HOOK)
    own_redis.stop()
    own_redis.start()
    posts = Posts()
    dispatcher = dispatching(box, posts)

    assert posts.came.acquire(timeout=20)
    dispatcher.stop()
    box.close()


SOON = "{name: timed, events: [{after: 1s, send: create_video}]}"
