"""Operations on a world's rules."""

from __future__ import annotations

from msgspec.structs import replace

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.errors import (
    NotFoundError,
    ScenarioError,
    did_you_mean,
)
from mockdouyin.scenario.compiled import RuleCount
from mockdouyin.scenario.rule import Rule


@operation("GET", "/rules")
def rules(call: OperationCall) -> Answer:
    """List the rules in the order in which they decide, with how often each matched."""
    unit = call.world.store.unit(call.world.clock.now())
    return {"rules": [compiled.show(unit) for compiled in call.world.rules]}


@operation("POST", "/rules")
def add_rule(call: OperationCall) -> Answer:
    """Add a rule; one that names an unknown endpoint, error or field is refused."""
    rule = _read_rule(call)
    rule = replace(rule, set_by=rule.set_by or call.caller or "control API")
    compiled = call.world.rules.add(rule)
    unit = call.world.store.unit(call.world.clock.now())
    if rule.id:
        unit.drop(RuleCount, rule.id)  # an earlier rule may have counted under this id
        unit.commit()
    return compiled.show(unit)


def _read_rule(call: OperationCall) -> Rule:
    if not isinstance(call.body, dict) or "on" not in call.body:
        raise ScenarioError("a rule needs `on`: the endpoint that it works on")
    return call.read(Rule)


@operation("DELETE", "/rules")
def clear_rules(call: OperationCall) -> Answer:
    """Remove every rule, the scenario's rules included."""
    call.world.rules.clear()
    return {"rules": []}


@operation("DELETE", "/rules/{id}")
def remove_rule(call: OperationCall) -> Answer:
    """Remove one rule."""
    if not call.world.rules.remove(call.path["id"]):
        known = [compiled.id for compiled in call.world.rules]
        raise NotFoundError(f"no rule {call.path['id']!r}{did_you_mean(call.path['id'], known)}")
    return rules(call)
