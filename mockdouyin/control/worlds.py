"""Operations on worlds: create, list, drop, reset, and their settings."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.control._steps import After, Step
from mockdouyin.control.apps import show_app
from mockdouyin.control.people import Roster
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
    Scenario,
    find_known,
    load_file,
    read_data,
    settings_of,
)


class NewWorld(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `create_world`."""

    name: str | None = None
    scenario: str | dict[str, Any] | None = None
    seed: int | None = None
    settings: dict[str, Any] = {}
    shared_keys: bool = False
    """Allow its app keys in other worlds too: it is found by its name and by what it issued."""


_NAME_RULE = "letters, digits and . _ - only, up to 200"


@operation("POST", "/worlds", in_world=False, long=True)
def create_world(call: OperationCall) -> Step[Answer]:
    """Create a world, with fresh credentials unless the scenario pins them."""
    given = call.read(NewWorld)
    if given.name is not None:
        plain = given.name.translate(str.maketrans("", "", "._-"))
        if not plain.isalnum() or len(given.name) > 200:
            raise MockDouyinError(f"a world's name has {_NAME_RULE}, not {given.name!r}")
    scenario = _scenario(call, given.scenario)
    world = call.sandbox.worlds.create(
        given.name,
        scenario,
        given.seed,
        given.settings,
        shared_keys=given.shared_keys,
    )
    return world.transact(lambda: _show_world(world))


def _scenario(call: OperationCall, given: str | dict[str, Any] | None) -> Scenario:
    """Return the scenario with a name that this server knows, or parse one from its content."""
    if given is None:
        return DEFAULT
    find = partial(find_known, allowed=call.sandbox.scenarios)
    catalogue = call.sandbox.catalogue
    if not isinstance(given, str):
        return read_data({"name": "inline", **_with_ons(given)}, find, catalogue)
    try:
        return load_file(find(given), given, catalogue)
    except ScenarioError:  # its text quotes the file, which a caller over HTTP may not read
        raise ScenarioError(
            f"the scenario {given} has mistakes; `mockdouyin scenarios lint {given}` lists them"
        ) from None


def _with_ons(given: dict[str, Any]) -> dict[str, Any]:
    """Undo what YAML 1.1 does to the key `on` of the rules of a scenario sent as JSON."""
    rules = given.get("rules")
    if isinstance(rules, list):
        return {**given, "rules": [_with_on(rule) for rule in rules]}
    return given


def _with_on(rule: Any) -> Any:
    # YAML 1.1 reads a bare `on` as true, and a caller's YAML library dumps that key as "true".
    if isinstance(rule, dict) and "true" in rule and "on" not in rule:
        return {"on" if name == "true" else name: value for name, value in rule.items()}
    return rule


def _show_world(world: World) -> Step[Answer]:
    roster, found = Roster(world), list(world.apps.values())
    head = {"world": world.name, "scenario": world.scenario.name, "seed": world.settings.seed}
    return After(
        lambda: {**head, "apps": [show_app(app) for app in found], "people": roster.show()}
    )


@operation("GET", "/worlds", in_world=False, long=True)
def worlds(call: OperationCall) -> Answer:
    """List the worlds there are, and their number."""
    listed = call.sandbox.worlds.listed()
    return {"worlds": [each._asdict() for each in listed], "count": len(listed)}


@operation("DELETE", "", long=True)
def drop_world(call: OperationCall) -> Step[Answer]:
    """Drop a world and all that it issued; the answer has its leftovers once more."""
    if call.world.name == DEFAULT_WORLD:
        raise ConflictError("the world default stays; reset it instead")
    left = unmet(call.world)

    def drop() -> Answer:
        shown = left.show(call.language)
        call.sandbox.worlds.drop(call.world.name)
        return {"dropped": call.world.name, **shown}

    return After(drop)


@operation("GET", "/leftovers", long=True)
def list_leftovers(call: OperationCall) -> Step[Answer]:
    """List the rules set from outside that never matched, and the calls no endpoint answered."""
    left = unmet(call.world)
    return After(lambda: left.show(call.language))


@operation("POST", "/reset", long=True)
def reset(call: OperationCall) -> Step[Answer]:
    """Reset a world: nothing issued, no rules from outside, no snapshots, its clock running."""
    call.world.reset()
    shown = _show_world(call.world)

    def wake() -> Step[Answer]:
        call.sandbox.deliverer.wake(call.world)
        return shown

    return After(wake)


@operation("GET", "/settings")
def settings(call: OperationCall) -> Answer:
    """Show the world's settings."""
    return {"settings": msgspec.to_builtins(call.world.settings, enc_hook=encode)}


@operation("PATCH", "/settings")
def change_settings(call: OperationCall) -> Answer:
    """Change some of the world's settings; its seed stays."""
    given: dict[str, Any] = call.read(dict)
    if "seed" in given:
        raise MockDouyinError("the seed of a world cannot change; create another world")
    before = msgspec.to_builtins(call.world.settings, enc_hook=encode)
    changed = settings_of(DEFAULT, **{**before, **given})
    call.world.settings = changed
    return settings(call)
