"""Operations on a world's rules."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from mockdouyin.control._error_texts import NO_RULE, RULE_NEEDS_ON
from mockdouyin.control._near import NearShown
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown, typed
from mockdouyin.control._steps import After, Step
from mockdouyin.control._turns import paced
from mockdouyin.core.errors import (
    NotFoundError,
    ScenarioError,
    suggestion,
)
from mockdouyin.domain import act_texts
from mockdouyin.sandbox.unmet import list_rules
from mockdouyin.scenario.compiled import RuleCount
from mockdouyin.scenario.rule import Rule


class RuleShown(Shown, kw_only=True):
    """A rule as it was written, without what was left out, and how often it matched.

    规则，按写的样子（没写的省略），以及匹配了几次。
    """

    on: str | list[str]
    off: bool | UnsetType = UNSET
    """True while it is switched off, as it was written or since then.

    已停用则是 true，不论是一开始就停用，还是后来停用的。"""
    when: dict[str, Any] | UnsetType = UNSET
    times: int | UnsetType = UNSET
    after: int | UnsetType = UNSET
    every: int | UnsetType = UNSET
    chance: float | UnsetType = UNSET
    error: int | str | UnsetType = UNSET
    status: int | UnsetType = UNSET
    reply: dict[str, Any] | UnsetType = UNSET
    happens: str | UnsetType = UNSET
    sheet: str | UnsetType = UNSET
    patch: dict[str, Any] | UnsetType = UNSET
    fault: str | UnsetType = UNSET
    delay: str | UnsetType = UNSET
    ttl: str | UnsetType = UNSET
    set_by: str | UnsetType = UNSET
    id: str
    hits: int
    """How often it was applied.

    生效了几次。"""
    seen: int
    """How many calls it matched.

    匹配了几次调用。"""
    ends: str | UnsetType = UNSET
    """The world's time from which a rule with a `ttl` no longer matches.

    有 `ttl` 的规则到世界的这个时间就不再匹配。"""
    expired: bool | UnsetType = UNSET
    closest: str | UnsetType = UNSET
    """If it was never applied and `near=true`: the call that came closest to it, and why not.

    从未生效、且 `near=true`：最接近的那次调用，以及差在哪里。"""
    near: NearShown | None | UnsetType = UNSET
    """The same as data; null if nothing came close.

    同样的内容，作为数据；没有接近的则是 null。"""


class UnusedRule(RuleShown, kw_only=True):
    """A rule that was never applied.

    从未生效的规则。
    """

    closest: str
    """The call that came closest to it, and why not.

    最接近的那次调用，以及差在哪里。"""
    near: NearShown | None
    """The same as data; null if nothing came close.

    同样的内容，作为数据；没有接近的则是 null。"""


class RulesShown(Shown):
    """A world's rules, in the order in which they decide.

    世界的规则，按生效顺序。
    """

    rules: list[RuleShown]
    scenario: str
    """The world's scenario, whose rules stand last.

    世界的场景，它的规则在最后。"""
    outside: int
    """How many were set from outside; they stand first.

    外部设置的有多少条，它们在最前。"""


class RulesQuery(OperationQuery):
    """What to tell of the rules.

    规则的哪些信息。
    """

    near: bool = False
    """Tell of each rule that was never applied which call came closest to it.

    对从未生效的规则，给出最接近的那次调用。"""


@operation("GET", "/rules", long=True)
def rules(call: OperationCall[RulesQuery]) -> Step[RulesShown]:
    """List the rules in the order in which they decide, with how often each matched.

    按生效顺序列出规则，以及每条匹配了几次。
    """
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
    """Add a rule; one that names an unknown endpoint, error or field is refused.

    添加规则；写了不存在的接口、错误或字段会被拒绝。
    """
    rule = _given_rule(call)
    rule = replace(rule, set_by=rule.set_by or call.caller or "/_mock")
    compiled = call.world.rules.add(rule)
    unit = call.world.store.unit(call.world.clock.now())
    if rule.id:
        unit.drop(RuleCount, rule.id)  # an earlier rule may have counted under this id
        unit.commit()
    call.note("rule.add", act_texts.RULE_ADDED(by=rule.set_by, rule=compiled.id))
    return typed(compiled.show(unit), RuleShown)


def _given_rule(call: OperationCall[Rule]) -> Rule:
    if not isinstance(call.body, dict) or "on" not in call.body:
        raise ScenarioError(RULE_NEEDS_ON())
    return call.given


class RuleChange(msgspec.Struct, forbid_unknown_fields=True):
    """What can be changed of a rule: to change anything else, remove it and add another.

    规则能改的部分；要改别的，就删掉再加一条。
    """

    off: bool
    """Whether it is switched off.

    是否停用。"""


@operation("PATCH", "/rules/{id}")
def switch_rule(call: OperationCall[RuleChange]) -> RuleShown:
    """Switch a rule off, or on again: it keeps its place, its counts and its id.

    停用或重新启用规则，位置、计数和 id 不变。
    """
    rule_id, off = call.path["id"], call.given.off
    before = next((each.off for each in call.world.rules if each.id == rule_id), None)
    compiled = call.world.rules.switch(rule_id, off=off)
    if compiled is None:
        raise _no_rule(call)
    if off != before:
        says = act_texts.RULE_OFF if off else act_texts.RULE_ON
        call.note("rule.off" if off else "rule.on", says(rule=rule_id))
    return typed(compiled.show(call.world.store.unit(call.world.clock.now())), RuleShown)


class MatchedCall(Shown):
    """A call of the past that a rule matches.

    规则匹配的一次过去的调用。
    """

    id: int
    held_by: str | None
    """Null if the rule would have been applied to it; else why not: `after`, `every`, `times` or
    `chance`, or `rule` where one that comes first decided.

    会生效则是 null；否则是原因：`after`、`every`、`times`、`chance`，或 `rule`（前面的
    规则先生效）。"""


class RuleChecked(Shown):
    """What a rule would have done, had it been set before the calls that it was tried against.

    如果在这些调用之前就设了规则，它会做什么。
    """

    calls: int
    """How many calls it was tried against: the newest on its endpoints, 200 at most.

    用多少次调用来试：它的接口上最新的，最多 200 次。"""
    more: bool
    """Whether there are earlier ones.

    之前是否还有。"""
    applied: list[int]
    """The numbers of the calls to which it would have been applied, oldest first.

    会对哪些调用生效：编号，最早的在前。"""
    matched: list[MatchedCall]
    """All that it matches, oldest first.

    匹配的全部调用，最早的在前。"""
    near: NearShown | None
    """Of the calls that it does not match, the one that came closest, and why not.

    不匹配的调用里最接近的一次，以及差在哪里。"""


@operation("POST", "/rules/check", long=True, changes=False)
def check_rule(call: OperationCall[Rule]) -> Step[RuleChecked]:
    """Try a rule that is not set against the calls of the past; nothing is changed.

    用过去的调用试一条还没设的规则，什么都不改变。
    """
    from mockdouyin.sandbox.rule_check import RuleCheck  # nothing else needs it

    rule = replace(_given_rule(call), ttl=None)  # its time would begin now
    compiled = call.world.rules.try_out(rule)
    check = RuleCheck(call.world, compiled, paced)

    def run() -> RuleChecked:
        found = check.run()
        return RuleChecked(
            calls=found.calls,
            more=found.more,
            applied=[each.number for each in found.matched if each.held_by is None],
            matched=[MatchedCall(each.number, each.held_by) for each in found.matched],
            near=typed(found.near.show(call.language), NearShown) if found.near else None,
        )

    return After(run)


@operation("DELETE", "/rules")
def clear_rules(call: OperationCall[None]) -> RulesShown:
    """Remove every rule, the scenario's rules included.

    删除所有规则，包括场景自带的。
    """
    call.world.rules.clear()
    call.note("rule.clear", act_texts.RULES_CLEARED())
    return _shown(call)


@operation("DELETE", "/rules/{id}")
def remove_rule(call: OperationCall[None]) -> RulesShown:
    """Remove one rule.

    删除一条规则。
    """
    if not call.world.rules.remove(call.path["id"]):
        raise _no_rule(call)
    call.note("rule.remove", act_texts.RULE_REMOVED(rule=call.path["id"]))
    return _shown(call)


def _no_rule(call: OperationCall[Any]) -> NotFoundError:
    rule_id, known = call.path["id"], [compiled.id for compiled in call.world.rules]
    return NotFoundError(NO_RULE(rule_id=rule_id, hint=suggestion(rule_id, known)))
