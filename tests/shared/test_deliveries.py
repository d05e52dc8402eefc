"""Deliveries of several replicas: each is sent, by one of them, and a killed one loses none."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest

from mockdouyin import Scenario
from mockdouyin.sandbox.control import carry_out
from mockdouyin.sandbox.deliveries import Parcel, Posted, claim_due, listed, stands
from mockdouyin.server.delivery import Dispatcher
from mockdouyin.shared import SharedSandbox, outbox, wants
from tests.server.posting import set_hook, tell
from tests.shared.conftest import Replica

HOOK = "http://127.0.0.1:9/hook"


class Posts:
    """A courier for several dispatchers that writes down what each has posted."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.came = threading.Semaphore(0)

    def __call__(self, parcel: Parcel) -> Posted:
        """Take a parcel, once the gate is open."""
        self.came.release()
        self.gate.wait(20)
        self.seen.append(parcel.headers["Msg-Id"])
        return Posted(200)


def dispatching(box: SharedSandbox, posts: Posts, **given: Any) -> Dispatcher:
    """Let a replica send what is due."""
    made = Dispatcher(box.stirring, posts, look_every=0.05, **given)
    box.deliverer = made
    box.keep_claims()
    made.wake()
    return made


def delivered(box: SharedSandbox) -> list[str]:
    """Give the state of each delivery."""
    return [each.state for each in listed(box.default)]


def test_each_delivery_is_posted_once(replica: Replica) -> None:
    """Two replicas that look for the same deliveries post each of them once."""
    boxes, posts = [replica() for _ in range(2)], Posts()
    dispatchers = [dispatching(box, posts) for box in boxes]
    set_hook(boxes[0].default, HOOK)

    for number in range(30):
        tell(boxes[number % 2].default, "create_video")
    for dispatcher in dispatchers:
        assert dispatcher.advance(boxes[0].default, 0.0)

    assert delivered(boxes[0]) == ["delivered"] * 30
    assert set(Counter(posts.seen).values()) == {1}
    for dispatcher in dispatchers:
        dispatcher.stop()


def test_what_one_has_claimed_no_other_takes(replica: Replica) -> None:
    """A delivery is claimed by one replica alone, while its lease runs."""
    first, second = replica(), replica()
    set_hook(first.default, HOOK)
    tell(first.default, "create_video")

    claims = [len(claim_due(box.default)) for box in (first, second, first)]

    assert claims == [1, 0, 0]


def test_a_killed_replica_loses_nothing(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a replica had claimed when it was killed is sent by another, once the lease is over."""
    monkeypatch.setattr(wants, "LEASE", 0.2)
    killed, other, posts = replica(), replica(), Posts()
    set_hook(killed.default, HOOK)
    for _ in range(3):
        tell(killed.default, "create_video")
    assert len(claim_due(killed.default)) == 3  # and nothing more is heard of it

    dispatcher = dispatching(other, posts)
    for _ in range(3):
        assert posts.came.acquire(timeout=20)
    assert dispatcher.advance(other.default, 0.0)

    assert delivered(other) == ["delivered"] * 3
    dispatcher.stop()


def test_a_living_replica_keeps_its_claim(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim is renewed for as long as the post takes: nobody else sends it meanwhile."""
    for module in (wants, outbox):
        monkeypatch.setattr(module, "LEASE", 0.3)
    slow, other, posts = replica(), replica(), Posts()
    posts.gate.clear()
    set_hook(slow.default, HOOK)
    first = dispatching(slow, posts)
    tell(slow.default, "create_video")
    assert posts.came.acquire(timeout=20)
    second = dispatching(other, posts)

    assert not posts.came.acquire(timeout=1.0)  # three leases long
    posts.gate.set()
    assert first.advance(slow.default, 0.0)

    assert len(posts.seen) == 1
    first.stop()
    second.stop()


def test_an_advance_waits_for_what_others_send(replica: Replica) -> None:
    """Moving the clock answers once the deliveries that another replica claimed are recorded."""
    first, second, posts = replica(), replica(), Posts()
    posts.gate.clear()
    set_hook(first.default, HOOK)
    sending = dispatching(first, posts)
    tell(first.default, "create_video")
    assert posts.came.acquire(timeout=20)
    other = dispatching(second, posts)
    threading.Timer(0.3, posts.gate.set).start()

    assert other.advance(second.default, 0.0)

    assert delivered(second) == ["delivered"]
    sending.stop()
    other.stop()


EVENTS = "{name: timed, events: [{after: 5s, send: create_video}, {after: 5s, send: authorize}]}"


def test_a_timed_event_happens_once(replica: Replica) -> None:
    """What a scenario lets happen by itself happens on one replica, exactly once."""
    boxes, posts = [replica(scenario=Scenario.parse(EVENTS)) for _ in range(2)], Posts()
    dispatchers = [dispatching(box, posts) for box in boxes]
    set_hook(boxes[0].default, HOOK)

    carry_out(boxes[1], "advance_clock", body={"by": "1m"})

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

    carry_out(second, "reset")

    assert not stands(first.default, claimed)
