"""Operations on a world's rules."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from mockdouyin.control._near import NearShown
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown, typed
from mockdouyin.control._steps import After, Step
from mockdouyin.core.errors import (
    NotFoundError,
    ScenarioError,
    did_you_mean,
)
from mockdouyin.domain import act_texts
from mockdouyin.sandbox.unmet import list_rules
from mockdouyin.scenario.compiled import RuleCount
from mockdouyin.scenario.rule import Rule


class RuleShown(Shown, kw_only=True):
    """A rule as it was written, without what was left out, and how often it matched."""

    on: str | list[str]
    when: dict[str, Any] | UnsetType = UNSET
    times: int | UnsetType = UNSET
    after: int | UnsetType = UNSET
    every: int | UnsetType = UNSET
    chance: float | UnsetType = UNSET
    error: int | str | UnsetType = UNSET
    status: int | UnsetType = UNSET
    reply: dict[str, Any] | UnsetType = UNSET
    happens: str | UnsetType = UNSET
    patch: dict[str, Any] | UnsetType = UNSET
    fault: str | UnsetType = UNSET
    delay: str | UnsetType = UNSET
    ttl: str | UnsetType = UNSET
    set_by: str | UnsetType = UNSET
    id: str
    hits: int
    """How often it was applied."""
    seen: int
    """How many calls it matched."""
    ends: str | UnsetType = UNSET
    """The world's time from which a rule with a `ttl` no longer matches."""
    expired: bool | UnsetType = UNSET
    closest: str | UnsetType = UNSET
    """If it was never applied and `near=true`: the call that came closest to it, and why not."""
    near: NearShown | None | UnsetType = UNSET
    """The same as data; null if nothing came close."""


class UnusedRule(RuleShown, kw_only=True):
    """A rule that was never applied."""

    closest: str
    """The call that came closest to it, and why not."""
    near: NearShown | None
    """The same as data; null if nothing came close."""


class RulesShown(Shown):
    """A world's rules, in the order in which they decide."""

    rules: list[RuleShown]
    scenario: str
    """The world's scenario, whose rules stand last."""
    outside: int
    """How many were set from outside; they stand first."""


class RulesQuery(OperationQuery):
    """What to tell of the rules."""

    near: bool = False
    """Tell of each rule that was never applied which call came closest to it."""


@operation("GET", "/rules", long=True)
def rules(call: OperationCall[RulesQuery]) -> Step[RulesShown]:
    """List the rules in the order in which they decide, with how often each matched."""
    if not call.given.near:
        return _shown(call)
    unit = call.world.store.unit(call.world.clock.now())
    listed = list_rules(call.world, list(call.world.rules), unit)
    origin = _origin(call)
    return After(lambda: typed({**origin, "rules": listed.show(call.language)}, RulesShown))


def _shown(call: OperationCall[Any]) -> RulesShown:
    unit = call.world.store.unit(call.world.clock.now())
    shown = [compiled.show(unit) for compiled in call.world.rules]
    return typed({**_origin(call), "rules": shown}, RulesShown)


def _origin(call: OperationCall[Any]) -> dict[str, Any]:
    outside = call.world.rules.snapshot().outside
    return {"scenario": call.world.scenario.name, "outside": len(outside)}


@operation("POST", "/rules")
def add_rule(call: OperationCall[Rule]) -> RuleShown:
    """Add a rule; one that names an unknown endpoint, error or field is refused."""
    if not isinstance(call.body, dict) or "on" not in call.body:
        raise ScenarioError("a rule needs `on`: the endpoint that it works on")
    rule = call.given
    rule = replace(rule, set_by=rule.set_by or call.caller or "control API")
    compiled = call.world.rules.add(rule)
    unit = call.world.store.unit(call.world.clock.now())
    if rule.id:
        unit.drop(RuleCount, rule.id)  # an earlier rule may have counted under this id
        unit.commit()
    call.note("rule.add", act_texts.RULE_ADDED(by=rule.set_by, rule=compiled.id))
    return typed(compiled.show(unit), RuleShown)


@operation("DELETE", "/rules")
def clear_rules(call: OperationCall[None]) -> RulesShown:
    """Remove every rule, the scenario's rules included."""
    call.world.rules.clear()
    call.note("rule.clear", act_texts.RULES_CLEARED())
    return _shown(call)


@operation("DELETE", "/rules/{id}")
def remove_rule(call: OperationCall[None]) -> RulesShown:
    """Remove one rule."""
    if not call.world.rules.remove(call.path["id"]):
        known = [compiled.id for compiled in call.world.rules]
        raise NotFoundError(f"no rule {call.path['id']!r}{did_you_mean(call.path['id'], known)}")
    call.note("rule.remove", act_texts.RULE_REMOVED(rule=call.path["id"]))
    return _shown(call)
