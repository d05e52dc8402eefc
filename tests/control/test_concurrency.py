"""Operations at the same time: each is one transaction of its world, and none is lost."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import OPERATIONS, execute
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from tests.conftest import Servers
from tests.support.helpers import sandbox
from tests.support.threads import together

ROUNDS = 50

CHANGES = sorted(
    each.name
    for each in OPERATIONS.values()
    if each.in_world and each.method != "GET" and not (each.waits or each.long)
)
"""Operations that change a world, and are one transaction."""


@pytest.fixture
def often() -> Iterator[None]:
    """Switch between threads as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.fixture(params=["memory", "redis"])
def box(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Sandbox]:
    """Yield a sandbox in memory, then one in Redis."""
    if request.param == "memory":
        yield sandbox()
        return
    redis = RedisConnection(servers("redis").url)
    yield SharedSandbox(redis)
    redis.close()


@pytest.mark.usefixtures("often")
def test_no_change_of_settings_is_lost(box: Sandbox) -> None:
    """Two callers change different settings at once, and both changes are there."""
    for number in range(ROUNDS):
        life = f"{number + 1}m"
        changes: list[dict[str, Any]] = [
            {"login_code_lifetime": life},
            {"daily_quota": number + 1},
        ]

        together(*[partial(execute, box, "change_settings", body=body) for body in changes])

        found = execute(box, "settings")["settings"]
        assert (found["login_code_lifetime"], found["daily_quota"]) == (life, number + 1)


@pytest.mark.parametrize("name", CHANGES)
def test_one_at_a_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While an operation runs, a second one in the same world waits; in another it does not."""
    box = sandbox()
    execute(box, "create_world", body={"name": "other"})
    inside, go_on, entered = threading.Event(), threading.Event(), list[str]()

    def stand_in(call: Any) -> dict[str, Any]:
        entered.append(call.world.name)
        if len(entered) == 1:
            inside.set()
            assert go_on.wait(20)
        return {}

    monkeypatch.setitem(OPERATIONS, name, OPERATIONS[name]._replace(function=stand_in))
    first = threading.Thread(target=lambda: execute(box, name))
    first.start()
    assert inside.wait(20)
    second = threading.Thread(target=lambda: execute(box, name))
    second.start()

    execute(box, name, world="other")
    # Whoever wants the world now waits: its lock is taken, the other's is free.
    assert not box.default._lock.acquire(blocking=False)
    assert entered == ["default", "other"]
    go_on.set()
    first.join()
    second.join()
    assert entered == ["default", "other", "default"]
