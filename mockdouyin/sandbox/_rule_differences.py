"""In what a call differed from those that a rule is applied to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mockdouyin.core.acts import Act
from mockdouyin.core.clock import iso
from mockdouyin.core.journal import Entry, Exchange
from mockdouyin.core.texts import text
from mockdouyin.endpoints.unserved_paths import either
from mockdouyin.sandbox._differences import Difference, MaskFunction, shown_value
from mockdouyin.scenario.compiled import CompiledRule, MatchContext, RuleCount
from mockdouyin.scenario.targets import PathTarget

_CALLS = text(
    "near_matching_calls", zh="至少 {count} 次匹配的请求", en="at least {count} matching calls"
)
_EVERY = text("near_every_nth", zh="每 {every} 次匹配的请求", en="one in {every} matching calls")
_AT_MOST = text("near_at_most", zh="最多 {count}", en="at most {count}")
_BY_NOW = text("near_by_now", zh="目前 {count}", en="{count} by now")
_BEFORE = text("near_before", zh="早于 {time}", en="before {time}")
_DRAWN = text("near_chance", zh="{seen} 次中抽中 {hits} 次", en="drawn for {hits} of {seen} calls")
_SET_BEFORE = text("near_rule_set_before", zh="早于该请求", en="before the call")
_SET_AFTER = text("near_rule_set_after", zh="晚于该请求", en="after the call")
_NOT_KEPT = text(
    "near_body_not_kept",
    zh="未知（请求过长，未完整保留）",
    en="unknown, as the call was too long and not kept whole",
)


class CountedRule(NamedTuple):
    """A rule with its counts at one moment."""

    compiled: CompiledRule
    counts: RuleCount


def rule_differences(
    rule: CountedRule, call: Entry, parameters: dict[str, Any] | None, mask: MaskFunction
) -> list[Difference]:
    """Return why a rule was not applied to a call that has its path, or is of its phone API.

    `parameters` are those by which rules match; None if they are not known.
    """
    compiled = rule.compiled
    found = [*mismatches(compiled, call, parameters, mask), *_expiry(compiled, call)]
    if compiled.off:
        found.append(Difference("off", False, True))
    return found or list(count_differences(rule, call.rule))


def mismatches(
    compiled: CompiledRule, call: Entry, parameters: dict[str, Any] | None, mask: MaskFunction
) -> list[Difference]:
    """Return why a rule does not match a call that has its path, or is of its phone API."""
    return [
        *(_fail(parameters, mask) if isinstance(call, Act) else _method(compiled, call)),
        *_when(compiled, parameters, mask),
    ]


def _fail(arguments: dict[str, Any] | None, mask: MaskFunction) -> Iterator[Difference]:
    """A call of a phone that was told how to end is not matched by rules."""
    if arguments and "fail" in arguments:
        yield Difference("fail", None, shown_value(arguments["fail"], "fail", mask))


def _method(compiled: CompiledRule, exchange: Exchange) -> Iterator[Difference]:
    method = exchange.request.method
    if exchange.endpoint is not None:
        methods = compiled.methods_on(exchange.endpoint)
    else:
        paths = paths_matching(compiled, exchange.request.path)
        methods = sorted({each.method for each in paths})
    if method not in methods and "*" not in methods:
        yield Difference("method", either(methods) if methods else None, method)


def paths_matching(compiled: CompiledRule, path: str) -> list[PathTarget]:
    """Return those of a rule's paths without an endpoint that are a path, whatever the method."""
    return [each for each in compiled.unserved_paths if each.is_at(path)]


def _when(
    compiled: CompiledRule, parameters: dict[str, Any] | None, mask: MaskFunction
) -> Iterator[Difference]:
    when = compiled.rule.when
    names = when if parameters is None else compiled.unmatched(MatchContext(parameters))
    for name in names:
        seen = _NOT_KEPT() if parameters is None else _seen(parameters.get(name), name, mask)
        yield Difference(f"when.{name}", shown_value(when[name], name, mask), seen)


def _seen(value: Any, name: str, mask: MaskFunction) -> Any:
    return None if value == "" else shown_value(value, name, mask)  # fields left out are empty


def _expiry(compiled: CompiledRule, call: Entry) -> Iterator[Difference]:
    if compiled.ends <= call.time:
        yield Difference("ttl", _BEFORE(time=iso(compiled.ends)), iso(call.time))


def count_differences(rule: CountedRule, applied: str = "") -> Iterator[Difference]:
    """Say why a rule was not applied to a call that it matches.

    `applied` is the id of the rule that was applied instead.
    """
    given, counts = rule.compiled.rule, rule.counts
    if rule.compiled.off:
        yield Difference("off", False, True)
        return
    first = given.after + given.every
    if not counts.seen:
        yield Difference("set", _SET_BEFORE(), _SET_AFTER())
    elif given.times is not None and counts.hits >= given.times:
        yield Difference("times", _AT_MOST(count=given.times), counts.seen)
    elif counts.seen < first:
        name = "after" if counts.seen <= given.after else "every"
        yield Difference(name, _CALLS(count=first), counts.seen)
    elif applied not in ("", rule.compiled.id):
        yield Difference("rule", rule.compiled.id, applied)
    elif given.chance is not None:
        drawn = _DRAWN(hits=counts.hits, seen=counts.seen)
        yield Difference("chance", given.chance, drawn)
    elif given.every > 1:
        yield Difference("every", _EVERY(every=given.every), _BY_NOW(count=counts.seen))
    elif given.after:
        yield Difference("after", _CALLS(count=first), _BY_NOW(count=counts.seen))
    else:
        yield Difference("set", _SET_BEFORE(), _SET_AFTER())


COUNTED = frozenset(("after", "chance", "every", "rule", "times"))
"""The fields by which a call differs that a rule matches and was not applied to."""
