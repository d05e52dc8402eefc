"""A world as plain data: everything but its records and its journal.

State files, Redis and snapshots hold a world as its `Definition`, so a new field of a world is
added here, in `define` and in `apply`, and in `World.mark`, which tells that it has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.people import Person, PersonSpec
from mockdouyin.core.settings import Settings
from mockdouyin.core.store import FOREVER
from mockdouyin.sandbox.error_texts import WORLD_KEEPS
from mockdouyin.sandbox.scenario_switch import ScenarioSwitch
from mockdouyin.sandbox.timeline import Timeline
from mockdouyin.scenario.compiled import CompiledRule
from mockdouyin.scenario.declared_endpoints import catalogue_of
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.rulebook import RulebookState
from mockdouyin.scenario.scenario import Scenario, TimedEvent

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

FORMAT = 1
"""Incremented when older code could not read, or would misread, what is written now."""


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class PersonState(_Data, frozen=True, kw_only=True):
    """A person: the profile, or the spec that it is generated from when it is first needed."""

    name: str
    profile: Person | None = None
    spec: PersonSpec | None = None


class ClockState(_Data, frozen=True, kw_only=True):
    """Where a clock is: at an offset from real time, or frozen."""

    offset: float = 0.0
    frozen_at: float | None = None


class RuleState(_Data, frozen=True, kw_only=True):
    """Every compiled rule, with its id; how often each has matched is in the records."""

    outside: tuple[Rule, ...] = ()
    scenario: tuple[Rule, ...] = ()
    made: int = 0
    struck_before: tuple[str, ...] = ()
    """Ids of rules that had matched before the world was restored to a snapshot."""
    undone: tuple[dict[str, Any], ...] = ()
    """Rules that had matched nothing when restoring a snapshot removed them."""
    ends: dict[str, float] = {}
    """The world's time at which a rule ends, by its id, for rules that end."""
    switched: dict[str, bool] = {}
    """Whether a rule is off, by its id, for rules that were switched off or on."""


class TimelineEvent(_Data, frozen=True, kw_only=True):
    """An event of the scenario that is still to happen, and the world's time of it."""

    due: float
    event: TimedEvent


class Definition(_Data, frozen=True, kw_only=True):
    """A world as plain data."""

    format: int = FORMAT
    name: str
    scenario: Scenario
    settings: Settings
    """The seed included."""
    apps: tuple[App, ...]
    people: tuple[PersonState, ...]
    rules: RuleState
    clock: ClockState
    timeline: tuple[TimelineEvent, ...] = ()
    shared_keys: bool = False
    claimed: tuple[str, ...] = ()
    """The app keys that it is found by, sorted."""
    snapshots: int = 0
    """How many were taken. They are not kept, but their numbers are not given again."""
    switch: ScenarioSwitch | None = None
    """What there was before the world was switched to its scenario."""

    @property
    def began_with(self) -> Scenario:
        """The scenario that the world was made or loaded with."""
        return self.scenario if self.switch is None else self.switch.began_with


def define(world: World) -> Definition:
    """Return a world as plain data, as it is now; the caller holds its transaction."""
    offset, frozen_at = world.clock.position
    return Definition(
        name=world.name,
        scenario=world.scenario,
        settings=world.settings,
        apps=tuple(world.apps.values()),
        people=tuple(_person_state(name, spec) for name, spec in world.people.specs.items()),
        rules=_rule_state(world),
        clock=ClockState(offset=offset, frozen_at=frozen_at),
        timeline=tuple(TimelineEvent(due=due, event=event) for due, event in world.timeline),
        shared_keys=world.shared_keys,
        claimed=tuple(sorted(world.claimed)),
        snapshots=world.snapshots.made,
        switch=world.switch,
    )


def _person_state(name: str, spec: Person | PersonSpec) -> PersonState:
    if isinstance(spec, Person):
        return PersonState(name=name, profile=spec)
    return PersonState(name=name, spec=spec)


def _rule_state(world: World) -> RuleState:
    rules = world.rules.snapshot()
    return RuleState(
        outside=tuple(compiled.rule for compiled in rules.outside),
        scenario=tuple(compiled.rule for compiled in rules.scenario),
        made=rules.made,
        struck_before=tuple(each.id for each in world.rules if each.applied_before),
        undone=tuple(world.snapshots.undone),
        ends={each.id: each.ends for each in world.rules if each.ends < FOREVER},
        switched={each.id: each.switched for each in world.rules if each.switched is not None},
    )


def apply(world: World, definition: Definition) -> None:
    """Change a living world to a definition; its records and its journal stay.

    The caller holds the world's transaction.
    """
    wanted = (definition.name, definition.settings.seed, definition.shared_keys)
    found = (world.name, world.settings.seed, world.shared_keys)
    if wanted != found:
        raise MockDouyinError(WORLD_KEEPS(found=str(found), wanted=str(wanted)))
    rules = _compile(world, definition)  # first, for a rule may be refused
    world.reclaim(set(definition.claimed))
    world.claimed = set(definition.claimed)
    world.rules.replace(rules)
    world.snapshots.undone = list(definition.rules.undone)
    world.snapshots.made = definition.snapshots
    world.scenario, world.switch = definition.scenario, definition.switch
    world.use(definition.settings)
    world.apps = {app.client_key: app for app in definition.apps}
    world.revision += 1
    world.people.replace({each.name: _profile_or_spec(each) for each in definition.people})
    world.clock.set(definition.clock.offset, definition.clock.frozen_at)
    world.timeline = Timeline()
    for coming in definition.timeline:
        world.timeline.add(coming.due, coming.event)


def _compile(world: World, definition: Definition) -> RulebookState:
    state = definition.rules
    catalogue = catalogue_of(definition.scenario, world.emulated)

    def compile_rule(rule: Rule) -> CompiledRule:
        compiled = world.rules.compile(rule, state.ends.get(rule.id), catalogue)
        compiled.applied_before = rule.id in state.struck_before
        compiled.switched = state.switched.get(rule.id)
        return compiled

    outside, scenario = map(compile_rule, state.outside), map(compile_rule, state.scenario)
    return RulebookState(list(outside), list(scenario), state.made, catalogue)


def _profile_or_spec(person: PersonState) -> Person | PersonSpec:
    return person.profile or person.spec or PersonSpec()
