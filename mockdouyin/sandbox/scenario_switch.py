"""Switch a running world to another scenario, and back.

The world gets the scenario's rules, settings and timeline. What has happened in it stays: its
journal, what it issued, its apps and people, and what was set from outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from mockdouyin.core.apps import MAX_APPS, App, AppSpec, amend_app, kind_of_spec, make_app
from mockdouyin.core.errors import ConflictError
from mockdouyin.core.people import MAX_PEOPLE, Person, PersonSpec
from mockdouyin.core.settings import Settings, encode
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import Text, text
from mockdouyin.sandbox.error_texts import APPS, PEOPLE, RULE_FROM_OUTSIDE, TOO_MANY_OF
from mockdouyin.scenario.compiled import CompiledRule, RuleCount
from mockdouyin.scenario.declared_endpoints import catalogue_of
from mockdouyin.scenario.rulebook import RulebookState
from mockdouyin.scenario.scenario import Scenario, check, settings_of

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

_SEED_STAYS = text(
    "switch_seed_stays",
    zh="种子仍是 {seed}，不是场景里的 {wanted}：已签发的值都由它推导",
    en="the seed stays {seed}, not {wanted}: all that was issued derives from it",
)
_SETTINGS_STAY = text(
    "switch_settings_stay",
    zh="另外改过的设置保持不变：{names}",
    en="the settings {names} stay as they were changed beside the scenario",
)
_APP_STAYS = text(
    "switch_app_stays",
    zh="应用 {name} 已存在，{fields} 保持不变",
    en="the app {name} exists and keeps its {fields}",
)
_PERSON_STAYS = text(
    "switch_person_stays",
    zh="用户 {name} 已存在，{fields} 保持不变",
    en="{name} exists and keeps their {fields}",
)


class ScenarioSwitch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What there was before a world was switched to the scenario that it has now."""

    began_with: Scenario
    """The scenario that the world was made or loaded with."""
    amended: tuple[App, ...] = ()
    """Apps to which the scenario gave other properties, as they were before."""


class Kept(NamedTuple):
    """Something that a scenario says and a running world does not do."""

    what: str
    """`seed`, `settings`, `app` or `person`."""
    name: str
    """Of the app or person."""
    fields: tuple[str, ...]
    says: Text


class Switched(NamedTuple):
    """What came of a switch."""

    rules: int
    settings: tuple[str, ...]
    """The names of those that changed."""
    apps: tuple[str, ...]
    """The names of those that were added."""
    people: tuple[str, ...]
    """The names of those that were added."""
    amended: tuple[str, ...]
    """The names of apps that have other properties while the scenario is on."""
    kept: tuple[Kept, ...]


class _Plan(NamedTuple):
    """All that a switch is going to change, worked out before anything is changed."""

    rules: RulebookState
    settings: Settings
    apps: dict[str, App]
    """Apps that are added or changed, by client_key."""
    amended: tuple[App, ...]
    people: dict[str, PersonSpec]
    kept: tuple[Kept, ...]


def switch_scenario(world: World, scenario: Scenario, unit: Unit) -> Switched:
    """Switch a world to a scenario, or refuse it before anything has changed.

    Its rules begin anew: no calls counted, their ttl and the timeline from now. The caller
    commits the unit.
    """
    check(scenario)
    plan = _plan(world, scenario)
    new = [app for key, app in plan.apps.items() if key not in world.apps]
    world.index(*new)  # the last thing that can be refused: another world may have a key
    before = world.settings
    for compiled in (*world.rules.snapshot().scenario, *plan.rules.scenario):
        unit.drop(RuleCount, compiled.id)
    world.rules.replace(plan.rules)
    began_with = world.began_with
    is_back = scenario == began_with
    world.switch = None if is_back else ScenarioSwitch(began_with=began_with, amended=plan.amended)
    world.scenario = scenario
    world.use(plan.settings)
    for app in plan.apps.values():
        world.register(app)
    for name, spec in plan.people.items():
        world.people.add(name, spec)
    world.start_scenario()
    return Switched(
        rules=len(plan.rules.scenario),
        settings=tuple(_differing(before, plan.settings)),
        apps=tuple(app.name for app in new),
        people=tuple(plan.people),
        amended=tuple(app.name for app in plan.amended),
        kept=plan.kept,
    )


def _plan(world: World, scenario: Scenario) -> _Plan:
    catalogue = catalogue_of(scenario, world.emulated)
    rules = world.rules.compile_scenario(scenario.rules, scenario.name, catalogue)
    _check_ids(world, rules.scenario)
    settings, kept = _settings(world, scenario)
    restored = _restored(world)
    apps = {app.client_key: app for app in restored}
    amended: list[App] = []
    # The world was made with the apps of the scenario that it began with.
    specs = {} if scenario == world.began_with else scenario.apps
    for name, spec in specs.items():
        found = _find_app(world, name, spec)
        if found is None:
            app = make_app(name, spec, world.ids)
            apps[app.client_key] = app
            continue
        kept += _kept_of_app(found, spec)
        base = apps.get(found.client_key, found)
        app = amend_app(base, replace(spec, client_secret=None))
        if app != base:
            apps[app.client_key] = app
            amended.append(base)
    present, people = world.people.specs, dict[str, PersonSpec]()
    for name, person in scenario.people.items():
        if name in present:
            kept += _kept_of_person(name, person, present[name])
        else:
            people[name] = person
    _check_room(world, apps, people)
    return _Plan(rules, settings, apps, tuple(amended), people, tuple(kept))


def _check_ids(world: World, rules: list[CompiledRule]) -> None:
    """Refuse rules of the scenario that have the id of a rule set from outside."""
    taken = {compiled.id for compiled in world.rules.snapshot().outside}
    for compiled in rules:
        if compiled.id in taken:
            raise ConflictError(RULE_FROM_OUTSIDE(id=compiled.id))


def _check_room(world: World, apps: dict[str, App], people: dict[str, PersonSpec]) -> None:
    """Refuse a scenario with more new apps or people than the world has room for."""
    counts = (
        (APPS(), len(world.apps.keys() | apps), MAX_APPS, bool(apps)),
        (PEOPLE(), len(world.people) + len(people), MAX_PEOPLE, bool(people)),
    )
    for what, count, most, is_more in counts:
        if is_more and count > most:
            raise ConflictError(TOO_MANY_OF(world=world.name, count=count, what=what, most=most))


def _settings(world: World, scenario: Scenario) -> tuple[Settings, list[Kept]]:
    """Return the scenario's settings, with those that were changed beside the one before."""
    present = world.settings
    wanted = settings_of(scenario)
    changed = _differing(settings_of(world.scenario), present)
    plain = msgspec.to_builtins(present, enc_hook=encode)
    stay = [name for name in changed if name not in scenario.settings]
    settings = settings_of(scenario, **{name: plain[name] for name in stay}, seed=present.seed)
    kept = []
    if "seed" in scenario.settings and wanted.seed != present.seed:
        says = _SEED_STAYS(seed=present.seed, wanted=wanted.seed)
        kept.append(Kept("seed", "", ("seed",), says))
    if stay:
        kept.append(Kept("settings", "", tuple(stay), _SETTINGS_STAY(names=stay)))
    return settings, kept


def _differing(one: Settings, other: Settings) -> list[str]:
    names: Iterable[str] = Settings.__struct_fields__
    return [n for n in names if n != "seed" and getattr(one, n) != getattr(other, n)]


def _find_app(world: World, name: str, spec: AppSpec) -> App | None:
    """Return the world's app with this name, else that with the key of the spec."""
    named = (app for app in world.apps.values() if app.name == name)
    return next(named, None) or world.apps.get(spec.client_key or "")


def _find_spec(scenario: Scenario, app: App) -> AppSpec | None:
    """Return what a scenario says of an app: the reverse of `_find_app`."""
    keyed = (spec for spec in scenario.apps.values() if spec.client_key == app.client_key)
    return scenario.apps.get(app.name) or next(keyed, None)


def _kept_of_app(app: App, spec: AppSpec) -> list[Kept]:
    """Return what an app keeps for all its life, where the scenario says otherwise."""
    wanted = {"client_key": spec.client_key, "client_secret": spec.client_secret}
    if spec.kind or spec.client_key:
        wanted["kind"] = kind_of_spec(spec)
    fields = [name for name, value in wanted.items() if value and value != getattr(app, name)]
    if not fields:
        return []
    return [Kept("app", app.name, tuple(fields), _APP_STAYS(name=app.name, fields=fields))]


def _kept_of_person(name: str, spec: PersonSpec, present: Person | PersonSpec) -> list[Kept]:
    """Return what a person keeps where the scenario says otherwise."""
    fields = [f for f, value in spec.given().items() if getattr(present, f) != value]
    if not fields:
        return []
    return [Kept("person", name, tuple(fields), _PERSON_STAYS(name=name, fields=fields))]


def _restored(world: World) -> list[App]:
    """Return the apps that the present scenario had changed, as they were before.

    What was changed again since then stays.
    """
    found = []
    for before in world.switch.amended if world.switch is not None else ():
        app = world.apps.get(before.client_key)
        spec = _find_spec(world.scenario, before)
        if app is None or spec is None:
            continue
        changed = amend_app(before, replace(spec, client_secret=None))
        back = {
            name: getattr(before, name)
            for name in App.__struct_fields__
            if getattr(changed, name) != getattr(before, name)
            and getattr(changed, name) == getattr(app, name)
        }
        if "trial" in back:
            back["trial_since"] = before.trial_since
        found.append(replace(app, **back))
    return found
