"""Many worlds in Redis: nobody loads or looks at all of them for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockdouyin.control import execute
from mockdouyin.core.apps import Webhook
from mockdouyin.redis_store import SharedSandbox
from mockdouyin.redis_store._due_worlds import QUIET_ROUNDS
from mockdouyin.server.sweeper import Sweeper
from tests.support.helpers import PROGRAM, PROGRAM_LOGIN, phone, post

Replica = Callable[..., SharedSandbox]

COUNT = 60
LOGIN = "/api/apps/v2/jscode2session"


@pytest.fixture
def redis_url(servers: Any) -> str:
    """Return the URL of an empty Redis; Valkey does not differ in this."""
    server = servers("redis")
    url: str = server.url
    return url


def commands(box: SharedSandbox, act: Callable[[], object]) -> int:
    """Count the commands that something sends to Redis."""
    count, real = 0, box.redis.call_many

    def call(*given: Any, **options: Any) -> Any:
        nonlocal count
        count += len(given)
        return real(*given, **options)

    box.redis.call_many = call  # type: ignore[method-assign]
    try:
        act()
    finally:
        del box.redis.call_many
    return count


def test_quiet_worlds_are_looked_at_in_turn(replica: Replica) -> None:
    """Another replica loads none of many quiet worlds, and polls a few of them each round."""
    first, second = replica(), replica()
    for number in range(COUNT):
        first.worlds.create(f"w{number}")
    list(second.worlds_with_due_work())

    each = [
        commands(second, lambda: list(second.worlds_with_due_work())) for _ in range(QUIET_ROUNDS)
    ]

    assert [world.name for world in second.worlds.loaded()] == ["default"]
    assert sum(each) <= COUNT + 3 * QUIET_ROUNDS, "each is polled once in as many rounds"
    assert max(each) < COUNT / 2


def test_what_another_replica_left_is_found(replica: Replica) -> None:
    """A delivery that a replica left in a world is found by one that never met that world."""
    first, second = replica(), replica()
    world = first.worlds.create("left")
    list(second.worlds_with_due_work())
    body = {"webhook": {"url": "http://127.0.0.1:9/hook"}, "verify": False}
    execute(first, "change_app", world="left", path={"key": "web"}, body=body)
    execute(first, "authorize", world="left", body={})
    assert isinstance(world.find_app(None, "web").webhook, Webhook)

    found = [{each.name for each in second.worlds_with_due_work()} for _ in range(QUIET_ROUNDS)]

    assert {"left"} in found


def test_worlds_are_listed_without_being_loaded(replica: Replica) -> None:
    """The list of worlds has those of every replica, and loads none."""
    first, second = replica(), replica()
    first.worlds.create("more", seed=7)

    listed = execute(second, "worlds")

    [more] = [each for each in listed["worlds"] if each["world"] == "more"]
    assert listed["count"] == 2
    assert (more["seed"], more["scenario"], more["exchanges"]) == (7, "default", 0)
    assert more["people"] == len(first.worlds.get("more").people)
    assert [world.name for world in second.worlds.loaded()] == ["default"]


def test_a_login_among_many_worlds(replica: Replica) -> None:
    """A login sends as many commands with many worlds in Redis as with one."""
    box = replica()

    def log_in() -> None:
        code = phone(box, "login", app=PROGRAM.client_key)["code"]
        assert post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})["err_no"] == 0

    for _ in range(2):
        log_in()
    alone = commands(box, log_in)
    for number in range(COUNT):
        box.worlds.create(f"w{number}")
    log_in()

    assert commands(box, log_in) == alone


def test_an_unused_world_goes_for_all(replica: Replica) -> None:
    """A world that no replica used for an age goes; one that another replica uses stays."""
    first, second = replica(), replica()
    now = 0.0
    sweep = Sweeper(first, 100.0, clock=lambda: now)
    for name in ("used", "unused"):
        second.worlds.create(name)
    sweep.drop_unused()
    execute(second, "change_settings", world="used", body={"limits": "enforce"})
    now = 101.0

    assert sweep.drop_unused() == ["unused"]
    assert {each.world for each in second.worlds.listed()} == {"default", "used"}


def test_a_providers_world_is_found_by_another_replica(replica: Replica) -> None:
    """A provider that two worlds have leads to the first of them, wherever it asks."""
    first, second = replica(), replica()
    for name in ("one", "two"):
        scenario = {"apps": {"shop": {"payment": {"thirdparty_id": "ttprovider00000001"}}}}
        execute(first, "create_world", body={"name": name, "scenario": scenario})
    second.worlds.find("two")

    for box in (first, second):
        found = box.worlds.of_provider("ttprovider00000001")
        assert found is not None
        assert found.name == "one"
    execute(second, "drop_world", world="one")
    assert first.worlds.of_provider("ttprovider00000001") is None
