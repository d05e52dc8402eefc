"""Unused worlds are dropped, by real time."""

from __future__ import annotations

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.server import sweeper
from mockdouyin.server.serving import Server, ThreadedServer
from mockdouyin.server.sweeper import Sweeper
from tests.support.helpers import sandbox, send
from tests.support.waiting import until


class Clock:
    """A real time that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock at zero."""
    return Clock()


@pytest.fixture
def said() -> list[str]:
    """Return the list of logged lines."""
    return []


def ask(box: Sandbox, world: str) -> None:
    """Send a request to a world."""
    send(box, "POST", "/api/apps/v2/jscode2session", headers={"x-mockdouyin-world": world})


def names(box: Sandbox) -> set[str]:
    """Name the living worlds."""
    return {each.world for each in box.worlds.listed()}


def test_an_unused_world_goes(clock: Clock, said: list[str]) -> None:
    """A world that was unused for too long is dropped; a used one stays, and so does default."""
    box = sandbox()
    sweep = Sweeper(box, 100.0, said.append, clock)
    for name in ("used", "changed", "unused"):
        box.worlds.create(name)

    for clock.now in (0.0, 60.0, 120.0):
        ask(box, "used")
        box.worlds.get("changed").transact(box.worlds.get("changed").touch)
        gone = sweep.drop_unused()

    assert gone == ["unused"]
    assert names(box) == {"default", "used", "changed"}
    assert said == ["dropped 1 world that nobody used for long; 3 left"]
    clock.now = 1e9
    sweep.drop_unused()
    assert names(box) == {"default"}


def test_its_keys_are_free_again(clock: Clock) -> None:
    """What a dropped world issued is unknown, and its app keys can live elsewhere."""
    box = sandbox()
    sweep = Sweeper(box, 100.0, clock=clock)
    world = box.worlds.create("gone")
    key, issued = next(iter(world.apps)), world.ids.login_code("x")
    assert box.worlds.of_credential(issued) is world
    sweep.drop_unused()
    clock.now = 101.0

    assert sweep.drop_unused() == ["gone"]
    assert box.worlds.of_app(key) is None
    assert box.worlds.of_credential(issued) is None


def test_too_many_worlds(clock: Clock, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many worlds the longest unused are dropped, but no recently used one."""
    monkeypatch.setattr(sweeper, "MAX_WORLDS", 10)
    box = sandbox()
    sweep = Sweeper(box, float("inf"), said.append, clock)
    for number in range(12):
        box.worlds.create(f"w{number:02}")
    sweep.drop_unused()
    for name in ("w00", "w01", "w02"):
        ask(box, name)

    clock.now = 540.0
    assert sweep.drop_unused() == [], "nine minutes ago is late"
    clock.now = 660.0
    assert sweep.drop_unused() == ["w03", "w04", "w05"]
    assert len(names(box)) == 10


def test_a_world_that_is_used_at_the_last_moment(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A world that is used between the sweep and the drop stays."""
    box = sandbox()
    sweep = Sweeper(box, 100.0, clock=clock)
    for name in ("first", "second"):
        box.worlds.create(name)
    sweep.drop_unused()
    real = box.worlds.drop

    def drop(name: str) -> None:
        ask(box, "second" if name == "first" else "first")
        real(name)

    monkeypatch.setattr(box.worlds, "drop", drop)
    clock.now = 101.0

    assert len(sweep.drop_unused()) == 1
    assert len(names(box)) == 2


def test_many_worlds_are_told_of_once(
    clock: Clock, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning says how many worlds there are, what to do, and what becomes of them: once."""
    monkeypatch.setattr(sweeper, "WARN_AT", 3)
    box = sandbox()
    sweep = Sweeper(box, 3 * 86400.0, said.append, clock)
    sweep.drop_unused()
    for _ in range(2):
        box.worlds.create()
        box.worlds.create()
        sweep.drop_unused()

    [told] = said
    assert told.startswith("there are 3 worlds: do the tests drop theirs")
    assert "each goes 3d after its use (--world-age)" in told


def test_a_server_sweeps() -> None:
    """A server sweeps by itself."""
    quick = ThreadedServer(Sandbox())
    quick._server = Server(quick.sandbox, sweeper=Sweeper(quick.sandbox, 0.05))
    quick.sandbox.worlds.create("gone")
    with quick:
        until(lambda: "gone" not in names(quick.sandbox), "the unused world to go")
    assert names(quick.sandbox) == {"default"}


def test_worlds_are_counted() -> None:
    """The list of worlds says how many there are, and how many people each has."""
    box = sandbox()
    box.worlds.create("more")

    listed = execute(box, "worlds")
    assert listed["count"] == 2
    assert [each["world"] for each in listed["worlds"]] == ["default", "more"]
    assert listed["worlds"][1]["people"] == len(box.worlds.get("more").people)
