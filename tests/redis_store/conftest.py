"""Replicas: sandboxes of one process that share a Redis as those of several machines do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockdouyin import ManualClock
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from mockdouyin.redis_store._store_transaction import StoreTransaction
from tests.redis_store.relay import Relay
from tests.support.redis_server import RedisServer

Replica = Callable[..., SharedSandbox]


@pytest.fixture
def replica(redis_url: str) -> Iterator[Replica]:
    """Yield a function that makes one more replica."""
    made: list[SharedSandbox] = []

    def make(**given: Any) -> SharedSandbox:
        made.append(SharedSandbox(RedisConnection(redis_url), **{"clock": ManualClock, **given}))
        return made[-1]

    yield make
    for box in made:
        box.close()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Collect the replies to commits of this process that were refused."""
    seen: list[bytes] = []
    accept = StoreTransaction.accept

    def note(store_transaction: StoreTransaction, reply: Any) -> bool:
        if reply != b"done":
            seen.append(reply)
        return accept(store_transaction, reply)

    monkeypatch.setattr(StoreTransaction, "accept", note)
    return seen


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """Yield a Redis that a test may stop."""
    server = RedisServer().start()
    yield server
    server.close()


@pytest.fixture
def relay(redis_server: RedisServer) -> Iterator[Relay]:
    """Yield a relay in front of the shared Redis."""
    between = Relay(redis_server.port)
    yield between
    between.close()


@pytest.fixture
def relayed(relay: Relay) -> Iterator[Replica]:
    """Yield a function that makes a replica whose Redis is behind the relay."""
    made: list[SharedSandbox] = []

    def make(**given: Any) -> SharedSandbox:
        redis = RedisConnection(relay.url, log=lambda text: None)
        made.append(SharedSandbox(redis, **{"clock": ManualClock, **given}))
        return made[-1]

    yield make
    relay.close()
    for box in made:
        box.close()
