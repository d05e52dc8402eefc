"""Orders about rules."""

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
def rules(ask: OperationCall) -> Answer:
    """List the rules in the order in which they decide, with how often each struck."""
    unit = ask.world.store.unit(ask.world.clock.now())
    return {"rules": [armed.show(unit) for armed in ask.world.rules]}


@operation("POST", "/rules")
def add_rule(ask: OperationCall) -> Answer:
    """Set a rule; an unknown endpoint, error or field is refused."""
    rule = _read_rule(ask)
    rule = replace(rule, set_by=rule.set_by or ask.caller or "control API")
    with ask.world.lock:
        armed = ask.world.rules.add(rule)
        unit = ask.world.store.unit(ask.world.clock.now())
        if rule.id:
            unit.drop(RuleCount, rule.id)  # of a rule that was called so before
            unit.commit()
        return armed.show(unit)


def _read_rule(ask: OperationCall) -> Rule:
    if not isinstance(ask.body, dict) or "on" not in ask.body:
        raise ScenarioError("a rule says `on` which endpoint it works")
    return ask.read(Rule)


@operation("DELETE", "/rules")
def clear_rules(ask: OperationCall) -> Answer:
    """Remove every rule, the scenario's too."""
    with ask.world.lock:
        ask.world.rules.clear()
    return {"rules": []}


@operation("DELETE", "/rules/{id}")
def remove_rule(ask: OperationCall) -> Answer:
    """Remove one rule."""
    with ask.world.lock:
        if not ask.world.rules.remove(ask.path["id"]):
            known = [armed.id for armed in ask.world.rules]
            raise NotFoundError(f"no rule {ask.path['id']!r}{did_you_mean(ask.path['id'], known)}")
    return rules(ask)
