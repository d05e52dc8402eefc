"""A world as plain data: all that it is, but for its records and its journal."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core import codec
from mockdouyin.core.apps import App
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.people import Person, PersonSpec
from mockdouyin.core.scopes import SCOPES
from mockdouyin.core.settings import Settings
from mockdouyin.core.store import FOREVER
from mockdouyin.sandbox.timeline import Timeline
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.compiled import CompiledRule
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.rulebook import RulebookState
from mockdouyin.scenario.scenario import Scenario, TimedEvent

FORMAT = 1
"""Counts up when what is written could not be read, or would be misread, by the code before."""


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Somebody(_Data, frozen=True, kw_only=True):
    """A person: the profile, or what it is to be generated from once somebody asks."""

    name: str
    profile: Person | None = None
    spec: PersonSpec | None = None


class ClockState(_Data, frozen=True, kw_only=True):
    """Where a clock is: so far from real time, or standing."""

    offset: float = 0.0
    frozen_at: float | None = None


class RuleState(_Data, frozen=True, kw_only=True):
    """Every rule that is armed, with its id; how often each struck stands in the records."""

    outside: tuple[Rule, ...] = ()
    scenario: tuple[Rule, ...] = ()
    made: int = 0
    struck_before: tuple[str, ...] = ()
    """Ids of rules that were used before the world went back to a snapshot."""
    undone: tuple[dict[str, Any], ...] = ()
    """Rules that had struck nothing when a snapshot took them away."""
    ends: dict[str, float] = {}
    """The world's time from which a rule strikes no more, by its id, where it has an end."""


class Coming(_Data, frozen=True, kw_only=True):
    """An event of the scenario that is still to happen, and the world's time at which it does."""

    due: float
    event: TimedEvent


class Definition(_Data, frozen=True, kw_only=True):
    """A world as plain data."""

    format: int = FORMAT
    name: str
    scenario: Scenario
    settings: Settings
    """The seed is one of them."""
    apps: tuple[App, ...]
    people: tuple[Somebody, ...]
    rules: RuleState
    clock: ClockState
    timeline: tuple[Coming, ...] = ()
    shared_keys: bool = False
    claimed: tuple[str, ...] = ()
    """The app keys by which it is found, in alphabetical order."""
    snapshots: int = 0
    """How many were taken: they are not kept, and their numbers never come again."""


_EVERY = ("*",)
"""How the scopes are written of an app that has all: their names would be most of a world."""


def _written(app: App) -> App:
    return msgspec.structs.replace(app, scopes=_EVERY) if app.scopes == SCOPES else app


def _read(app: App) -> App:
    return msgspec.structs.replace(app, scopes=SCOPES) if app.scopes == _EVERY else app


def pack(definition: Definition) -> bytes:
    """Give a definition as bytes, once it is known that they can be read again."""
    data = codec.encode(definition)
    try:
        unpack(data)
    except MockDouyinError as error:
        raise MockDouyinError(f"world {definition.name!r} cannot be kept: {error}") from None
    return data


class _Head(msgspec.Struct):
    format: int = 0


def unpack(data: bytes) -> Definition:
    """Read a definition; one of another format is refused by its number."""
    try:
        found = codec.decode(_Head, data).format
    except MockDouyinError:
        raise MockDouyinError("these bytes are no world of ours") from None
    if found != FORMAT:
        raise MockDouyinError(f"a world of format {found} cannot be read here, only {FORMAT}")
    return codec.decode(Definition, data)


def define(world: World) -> Definition:
    """Give a world as plain data, as it is at this moment."""
    with world.lock:
        offset, frozen_at = world.clock.position
        return Definition(
            name=world.name,
            scenario=world.scenario,
            settings=world.settings,
            apps=tuple(_written(app) for app in world.apps.values()),
            people=tuple(_somebody(name, spec) for name, spec in world.people.specs.items()),
            rules=_rules_of(world),
            clock=ClockState(offset=offset, frozen_at=frozen_at),
            timeline=tuple(Coming(due=due, event=event) for due, event in world.timeline),
            shared_keys=world.shared_keys,
            claimed=tuple(sorted(world.claimed)),
            snapshots=world.snapshots.made,
        )


def _somebody(name: str, spec: Person | PersonSpec) -> Somebody:
    if isinstance(spec, Person):
        return Somebody(name=name, profile=spec)
    return Somebody(name=name, spec=spec)


def _rules_of(world: World) -> RuleState:
    held = world.rules.snapshot()
    return RuleState(
        outside=tuple(armed.rule for armed in held.outside),
        scenario=tuple(armed.rule for armed in held.scenario),
        made=held.made,
        struck_before=tuple(armed.id for armed in world.rules if armed.applied_before),
        undone=tuple(world.snapshots.undone),
        ends={armed.id: armed.ends for armed in world.rules if armed.ends < FOREVER},
    )


def build(definition: Definition, clock: Clock | None = None) -> World:
    """Make the world that was defined; it has no records, and no registry knows it yet."""
    world = World(
        definition.name,
        definition.scenario,
        definition.settings,
        clock or Clock(),
        shared_keys=definition.shared_keys,
    )
    apply(world, definition)
    return world


def apply(world: World, definition: Definition) -> None:
    """Let a living world be as it was defined; its records and its journal stay."""
    wanted = (definition.name, definition.settings.seed, definition.shared_keys)
    found = (world.name, world.settings.seed, world.shared_keys)
    if wanted != found:
        raise MockDouyinError(
            f"a world keeps its name, seed and way to share keys: {found} cannot become {wanted}"
        )
    with world.lock:
        rules = _armed(world, definition.rules)  # before anything changes: it may be refused
        world.reclaim(set(definition.claimed))
        world.claimed = set(definition.claimed)
        world.rules.replace(rules)
        world.snapshots.undone = list(definition.rules.undone)
        world.snapshots.made = definition.snapshots
        world.scenario, world.settings = definition.scenario, definition.settings
        world.apps = {app.client_key: _read(app) for app in definition.apps}
        world.revision += 1
        world.people.replace({each.name: _given(each) for each in definition.people})
        world.clock.set(definition.clock.offset, definition.clock.frozen_at)
        world.timeline = Timeline()
        for coming in definition.timeline:
            world.timeline.add(coming.due, coming.event)


def _armed(world: World, state: RuleState) -> RulebookState:
    def arm(rule: Rule) -> CompiledRule:
        armed = CompiledRule(rule, rule.id, world, state.ends.get(rule.id))
        armed.applied_before = rule.id in state.struck_before
        return armed

    return RulebookState(list(map(arm, state.outside)), list(map(arm, state.scenario)), state.made)


def _given(each: Somebody) -> Person | PersonSpec:
    return each.profile or each.spec or PersonSpec()
