"""Sandboxes that carry out what falls due, in memory and over Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from mockdouyin import ManualClock, Sandbox
from mockdouyin.control import execute
from mockdouyin.delivery import Dispatcher
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from tests.conftest import Servers
from tests.endpoints.calls import SEED, Scene
from tests.support.receivers import says

ACCEPTS = says('{"err_no":0,"err_tips":"success"}')
"""The answer that acknowledges a callback of guaranteed payment."""

Make = Callable[[], Scene]


@pytest.fixture(params=["memory", "redis"])
def make(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Make]:
    """Yield what makes a sandbox in memory, or in Redis, that sends what is due."""
    if request.param == "memory":
        made = partial(Sandbox, clock=ManualClock, seed=SEED, deliverer=_dispatcher)
        yield lambda: Scene(made())
        return
    redis = RedisConnection(servers("redis").url)
    over = partial(SharedSandbox, redis, clock=ManualClock, seed=SEED, deliverer=_dispatcher)
    yield lambda: Scene(over())
    redis.close()


def _dispatcher(box: Sandbox) -> Dispatcher:
    return Dispatcher(box, allowed_hosts=("127.0.0.1",))


def advance(scene: Scene, by: str) -> Any:
    """Move the clock; return what that ran, when all that fell due is done."""
    moved = execute(scene.box, "advance_clock", body={"by": by})
    assert not moved.get("unfinished")
    return moved["ran"]
