"""A state file, a snapshot and Redis carry the same of a world: every field of its definition."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any

import pytest
from msgspec.structs import replace

from mockdouyin import ManualClock, Sandbox, Scenario, World
from mockdouyin.core.apps import AppSpec, make_app
from mockdouyin.core.people import PersonSpec
from mockdouyin.core.scopes import SCOPES
from mockdouyin.core.settings import Duration
from mockdouyin.persistence.state_dump import dump, frames, from_frames, load
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from mockdouyin.sandbox.definition import Definition, RuleState, apply, define
from mockdouyin.sandbox.scenario_switch import ScenarioSwitch
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.scenario import TimedEvent

RULE = Rule(on="client_token", error=10003, id="mine")


def add_app(world: World) -> None:
    """Register an app with a key of its own."""
    world.register(make_app("shop", AppSpec(client_key="aw00shop"), world.ids))


def strike(world: World) -> None:
    """Add a rule that was applied before a restore."""
    world.rules.add(RULE).applied_before = True
    world.rules.add(replace(RULE, id="other"))  # the flag alone is no change of the rules


def switch_off(world: World) -> None:
    """Add a rule and switch it off."""
    world.rules.add(RULE)
    world.rules.switch("mine", off=True)


CHANGES: dict[str, Callable[[World], object]] = {
    "scenario": lambda world: world.load(Scenario(name="another"), world.settings),
    "settings": lambda world: setattr(world, "settings", replace(world.settings, daily_quota=7)),
    "apps": add_app,
    "people": lambda world: world.people.add("丁", PersonSpec(nickname="n")),
    "rules": lambda world: world.rules.add(RULE),
    "clock": lambda world: world.clock.advance(60),
    "timeline": lambda world: world.timeline.add(
        world.clock.now() + 5, TimedEvent(after=Duration(5), send="authorize")
    ),
    "claimed": add_app,
    "snapshots": lambda world: setattr(world.snapshots, "made", 3),
    "switch": lambda world: setattr(
        world,
        "switch",
        ScenarioSwitch(began_with=Scenario(name="first"), amended=tuple(world.apps.values())[:1]),
    ),
}
"""For each field of a definition, something that changes it."""

IDENTITY = {"format", "name", "shared_keys"}
"""What a world keeps for all its life."""

RULE_CHANGES: dict[str, Callable[[World], object]] = {
    "rules.outside": lambda world: world.rules.add(RULE),
    "rules.scenario": lambda world: world.rules.load([RULE]),
    "rules.made": lambda world: world.rules.add(replace(RULE, id="")),
    "rules.struck_before": strike,
    "rules.undone": lambda world: world.snapshots.undone.append({"id": "gone"}),
    "rules.switched": switch_off,
    "rules.ends": lambda world: world.rules.add(replace(RULE, ttl=Duration(60))),
}
"""The same for each field of its rules."""

ALL = {**CHANGES, **RULE_CHANGES}

ONLY_SNAPSHOTS = {"snapshots", "rules.undone", "rules.struck_before"}
"""What taking and restoring snapshots counts: a restore does not take it back, and worlds in Redis
have no snapshots."""


def changed(world: World, field: str) -> tuple[Definition, Any]:
    """Change a field of a world; return the definition before, and the field's new value."""
    before = define(world)
    ALL[field](world)
    value = attrgetter(field)(define(world))
    assert value != attrgetter(field)(before)
    return before, value


def test_every_field_is_tried() -> None:
    """A new field of a definition is added to these tests, or they fail."""
    assert {*CHANGES} | IDENTITY == {*Definition.__struct_fields__}
    assert {*RULE_CHANGES} == {f"rules.{name}" for name in RuleState.__struct_fields__}


@pytest.mark.parametrize("field", ALL)
def test_a_state_file_carries_it(field: str) -> None:
    """A sandbox that is loaded from the bytes of another one has the change."""
    box = Sandbox(clock=ManualClock)
    _, value = changed(box.default, field)

    again = Sandbox(clock=ManualClock)
    load(again, from_frames(frames(dump(box))))

    assert attrgetter(field)(define(again.default)) == value
    assert define(again.default) == define(box.default)


@pytest.mark.parametrize("field", sorted(ALL.keys() - ONLY_SNAPSHOTS))
def test_a_snapshot_carries_it(field: str) -> None:
    """A change that was undone after a snapshot is there again after its restore."""
    world = Sandbox(clock=ManualClock).default
    before, value = changed(world, field)
    saved = world.snapshots.take()
    apply(world, replace(before, snapshots=1))
    assert attrgetter(field)(define(world)) != value

    world.snapshots.restore(saved)

    assert attrgetter(field)(define(world)) == value


def read(box: Sandbox) -> Definition:
    """Return the definition of the default world, within a transaction."""
    return define(box.worlds.get(box.default.name))


@pytest.mark.parametrize("field", sorted(ALL.keys() - ONLY_SNAPSHOTS))
def test_redis_carries_it(field: str, redis_url: str) -> None:
    """A change in one process is seen by another, and by one that begins later."""
    boxes = [SharedSandbox(RedisConnection(redis_url), clock=ManualClock) for _ in range(2)]
    world = boxes[0].default

    def change() -> None:
        ALL[field](world)

    world.transact(change)
    boxes.append(SharedSandbox(RedisConnection(redis_url), clock=ManualClock))

    try:
        first, *others = [box.transact(partial(read, box)) for box in boxes]
        value = attrgetter(field)(first)
        assert value != attrgetter(field)(define(Sandbox(clock=ManualClock).default))
        assert [attrgetter(field)(other) for other in others] == [value, value]
        assert others == [first, first]
    finally:
        for box in boxes:
            box.close()


def test_the_scopes_of_an_app_with_all_are_in_each() -> None:
    """Their names are left out of the bytes only, so no reader has to know."""
    apps = define(Sandbox().default).apps

    assert SCOPES in [app.scopes for app in apps]
