"""Operations at the same time: each is one transaction of its world, and none is lost."""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import OPERATIONS, execute
from mockdouyin.control._operations import OperationCall
from mockdouyin.control._steps import Waiting
from mockdouyin.core import people
from mockdouyin.core.errors import NotFoundError
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.people import PersonSpec
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from mockdouyin.sandbox.deliveries import done
from mockdouyin.sandbox.worlds import World
from tests.attacks.operations import Answering
from tests.conftest import Servers
from tests.support.helpers import WEB, sandbox
from tests.support.threads import together

ROUNDS = 50

CHANGES = sorted(
    each.name for each in OPERATIONS.values() if each.in_world and each.method != "GET"
)
"""Operations that change a world."""


@pytest.fixture
def often() -> Iterator[None]:
    """Switch between threads as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


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

    def stand_in(call: OperationCall[None]) -> dict[str, Any]:
        entered.append(call.world.name)
        if len(entered) == 1:
            inside.set()
            assert go_on.wait(20)
        return {}

    monkeypatch.setattr(OPERATIONS[name], "function", stand_in)
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


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("waits", [False, True], ids=["", "waits"])
def test_what_another_replica_changes_is_not_lost(
    name: str, waits: bool, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one replica changes while a step runs on another is there, and so is its change."""
    url = servers("redis").url
    first, second = (SharedSandbox(RedisConnection(url)) for _ in range(2))
    passes = itertools.count()

    def set_quota(world: World, quota: int) -> None:
        world.settings = replace(world.settings, daily_quota=quota)

    def count_up(world: World) -> dict[str, Any]:
        quota = world.settings.daily_quota
        if next(passes) == 0:
            together(lambda: second.default.transact(partial(set_quota, second.default, 5)))
        set_quota(world, quota + 1)
        return {}

    def stand_in(call: OperationCall[None]) -> Any:
        if not waits:
            return count_up(call.world)
        over = Future[None]()
        over.set_result(None)
        return Waiting(lambda: over, lambda _: count_up(call.world))

    monkeypatch.setattr(OPERATIONS[name], "function", stand_in)
    execute(first, name)

    assert second.default.transact(lambda: second.default.settings.daily_quota) == 6
    assert next(passes) > 1
    first.close()
    second.close()


@pytest.mark.usefixtures("often")
def test_nobody_who_is_added_is_lost(box: Sandbox) -> None:
    """Many callers add people and apps at once, and each gets another name."""
    count = 10
    add = [partial(execute, box, name, body={}) for name in ("add_person", "add_app")]

    together(*add * count)

    for kind, before in (("people", 4), ("apps", 3)):
        names = [each["name"] for each in execute(box, kind)[kind]]
        assert len(set(names)) == len(names) == before + count


class Echoing(Answering):
    """Posts nothing: every receiver echoes the challenge."""

    def post(self, delivery: Delivery) -> Future[Attempt]:
        """Return the answer of such a receiver."""
        echo = json.dumps(json.loads(delivery.body)["content"])
        return done(lambda: Attempt(status=200, body=echo, content_type="application/json"))


@pytest.mark.usefixtures("often")
def test_no_change_of_an_app_is_lost(box: Sandbox) -> None:
    """What callers change about an app at once, its webhook included, is all there."""
    box.deliverer = Echoing()
    for number in range(10):
        changes: list[dict[str, Any]] = [
            {"developer": f"d{number}"},
            {"testers": [f"t{number}"]},
            {"webhook": {"url": f"http://127.0.0.1:9/{number}"}},
            {"webhook": {"secret": f"s{number}"}},
        ]

        together(
            *[partial(execute, box, "change_app", path={"key": "web"}, body=b) for b in changes]
        )

        [app] = [each for each in execute(box, "apps")["apps"] if each["name"] == "web"]
        assert (app["developer"], app["testers"]) == (f"d{number}", [f"t{number}"])
        hook = app["webhook"]
        assert (hook["url"], hook["secret"]) == (f"http://127.0.0.1:9/{number}", f"s{number}")


@pytest.mark.usefixtures("often")
def test_no_step_of_the_clock_is_lost(box: Sandbox) -> None:
    """Callers that advance a clock at once add up."""
    execute(box, "freeze_clock", body={"at": "2026-11-20T12:00:00+08:00"})

    together(*[partial(execute, box, "advance_clock", body={"by": "1m"})] * 10)

    assert execute(box, "clock")["now"] == "2026-11-20T12:10:00+08:00"


@pytest.mark.usefixtures("often")
def test_a_world_is_dropped_once(box: Sandbox) -> None:
    """Of two callers that drop a world at once, one does, and the other hears that it is gone."""
    for _ in range(10):
        execute(box, "create_world", body={"name": "w"})

        def drop() -> None:
            with contextlib.suppress(NotFoundError):
                execute(box, "drop_world", world="w")

        together(drop, drop)

        assert [each["world"] for each in execute(box, "worlds")["worlds"]] == ["default"]


def test_people_are_listed_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    """People who are removed while their profiles are generated are still in that answer."""
    box = sandbox()
    snapshot = execute(box, "take_snapshot")["snapshot"]
    for name in ("甲", "乙"):
        box.default.people.add(name, PersonSpec())
    real = people.generate

    def generate(*given: Any) -> Any:
        together(lambda: execute(box, "restore_snapshot", path={"id": snapshot}))
        return real(*given)

    monkeypatch.setattr(people, "generate", generate)

    assert [each["name"] for each in execute(box, "people")["people"]][-2:] == ["甲", "乙"]
    assert "甲" not in box.default.people


READINGS = 15
OF_A_CATALOGUE = {"world_endpoints", "world_errors", "world_openapi"}
"""Operations that say a second long what never changes: one reading of those is enough."""
DELIVERY = f"{WEB.client_key}-1"

READS = sorted(
    each.name
    for each in OPERATIONS.values()
    if each.method == "GET" and not each.is_static and not each.events
)
"""Operations that read what others change."""


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("name", READS)
def test_reading_beside_writers(name: str) -> None:
    """Whatever others change at the moment, a reader gets an answer, and so do they."""
    box = Sandbox(settings={"unknown_codes": "accept", "unknown_people": 50})
    over = threading.Event()

    def write(*calls: tuple[str, dict[str, Any]]) -> None:
        for number in itertools.count():
            if over.is_set():
                return
            for operation, given in calls:
                body = {**given, "name": f"{operation}-{number}"} if "name" in given else given
                path = {"id": "snapshot-1", "name": "小明", "api": "login"}
                with contextlib.suppress(MockDouyinError):
                    execute(box, operation, path=path, body=body)

    def read() -> None:
        try:
            for _ in range(1 if name in OF_A_CATALOGUE else READINGS):
                with contextlib.suppress(MockDouyinError):
                    path = {"id": DELIVERY if "deliver" in name else "1", "act": "1"}
                    execute(box, name, path=path, query={"count": "0"})
        finally:
            over.set()

    execute(box, "take_snapshot")
    known = {"name": "", "nickname": "x", "phone": "1"}
    together(
        read,
        partial(write, ("add_person", known), ("restore_snapshot", {})),
        partial(write, ("add_app", {"name": ""}), ("add_rule", {"on": "notify", "status": 500})),
        partial(write, ("create_world", {"name": ""}), ("reset", {}), ("take_snapshot", {})),
        partial(write, ("change_person", {"city": "上海"}), ("phone", {})),
    )
