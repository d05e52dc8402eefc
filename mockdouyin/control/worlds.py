"""Orders about worlds: made, listed, dropped, reset, and their settings."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.control.apps import apps_of, people_of
from mockdouyin.core.errors import (
    ConflictError,
    MockDouyinError,
    ScenarioError,
)
from mockdouyin.core.settings import encode
from mockdouyin.sandbox.unmet import unmet
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World
from mockdouyin.scenario.scenario import (
    DEFAULT,
    Finder,
    Scenario,
    find_known,
    load_file,
    read_data,
    settings_of,
)


class NewWorld(msgspec.Struct, forbid_unknown_fields=True):
    """A world to be made."""

    name: str | None = None
    scenario: str | dict[str, Any] | None = None
    seed: int | None = None
    settings: dict[str, Any] = {}
    shared_keys: bool = False
    """Let its app keys live elsewhere too: it is found by its name and what it issued."""


_WORLD_NAME = "letters, digits and . _ - only, up to 200"


@operation("POST", "/worlds", in_world=False, long=True)
def create_world(ask: OperationCall) -> Answer:
    """Make a world of its own, with fresh credentials unless the scenario pins them."""
    wanted = ask.read(NewWorld)
    if wanted.name is not None:
        plain = wanted.name.translate(str.maketrans("", "", "._-"))
        if not plain.isalnum() or len(wanted.name) > 200:
            raise MockDouyinError(f"a world's name has {_WORLD_NAME}, not {wanted.name!r}")
    scenario = _scenario(wanted.scenario, partial(find_known, allowed=ask.sandbox.scenarios))
    world = ask.sandbox.worlds.create(
        wanted.name,
        scenario,
        wanted.seed,
        wanted.settings,
        shared_keys=wanted.shared_keys,
    )
    return _show_world(world)


def _scenario(given: str | dict[str, Any] | None, find: Finder) -> Scenario:
    """Return the scenario of a name that the finder knows, or of its content."""
    if given is None:
        return DEFAULT
    if not isinstance(given, str):
        return _inline(given, find)
    try:
        return load_file(find(given), given)
    except ScenarioError:  # its words are for the one whose file it is
        raise ScenarioError(
            f"the scenario {given} has mistakes; `mockdouyin scenarios lint {given}` lists them"
        ) from None


def _inline(given: dict[str, Any], find: Finder) -> Scenario:
    """Read a scenario that came as JSON; many YAML readers make `true` of a rule's key `on`."""
    rules = given.get("rules")
    if isinstance(rules, list):
        given = {**given, "rules": [_with_on(rule) for rule in rules]}
    return read_data({"name": "inline", **given}, find)


def _with_on(rule: Any) -> Any:
    if isinstance(rule, dict) and "true" in rule and "on" not in rule:
        return {"on" if name == "true" else name: value for name, value in rule.items()}
    return rule


def _show_world(world: World) -> Answer:
    return {
        "world": world.name,
        "scenario": world.scenario.name,
        "seed": world.settings.seed,
        **apps_of(world),
        **people_of(world),
    }


@operation("GET", "/worlds", in_world=False, long=True)
def worlds(ask: OperationCall) -> Answer:
    """List the living worlds, and count them."""
    listed = ask.sandbox.worlds.listed()
    return {"worlds": [each._asdict() for each in listed], "count": len(listed)}


@operation("DELETE", "", long=True)
def drop_world(ask: OperationCall) -> Answer:
    """End a world: what it issued is no longer known. Its leftovers are told once more."""
    if ask.world.name == DEFAULT_WORLD:
        raise ConflictError("the world default stays; reset it instead")
    left = unmet(ask.world)
    ask.sandbox.worlds.drop(ask.world.name)
    return {"dropped": ask.world.name, **left}


@operation("GET", "/leftovers", long=True)
def list_leftovers(ask: OperationCall) -> Answer:
    """List the rules set from outside that struck nothing, and the calls nothing answered."""
    return unmet(ask.world)


@operation("POST", "/reset", long=True)
def reset(ask: OperationCall) -> Answer:
    """Let a world begin again: nothing issued, no rules from outside, its clock running."""
    ask.world.transact(ask.world.reset)
    ask.sandbox.deliverer.wake(ask.world)
    return _show_world(ask.world)


@operation("GET", "/settings")
def settings(ask: OperationCall) -> Answer:
    """Give the world's settings."""
    return {"settings": msgspec.to_builtins(ask.world.settings, enc_hook=encode)}


@operation("PATCH", "/settings")
def change_settings(ask: OperationCall) -> Answer:
    """Change some of the world's settings; its seed stays."""
    given: dict[str, Any] = ask.read(dict)
    if "seed" in given:
        raise MockDouyinError("the seed of a living world cannot change; make another world")
    before = msgspec.to_builtins(ask.world.settings, enc_hook=encode)
    wanted = settings_of(DEFAULT, **{**before, **given})
    with ask.world.lock:
        ask.world.settings = wanted
    return settings(ask)
