"""A rule compiled for a world: which calls it matches, how often it applies, what it replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

import msgspec
from msgspec.structs import replace

from mockdouyin.core.clock import iso
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ScenarioError
from mockdouyin.core.http import Headers, Reply
from mockdouyin.core.ids import Ids
from mockdouyin.core.patterns import compile_pattern
from mockdouyin.core.settings import encode
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.effects import apply_effect
from mockdouyin.domain.subjects import SUBJECTS
from mockdouyin.scenario import _mistake_texts as texts
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.rule_analysis import RuleAnalysis
from mockdouyin.scenario.targets import PathTarget, RuleTarget


class RuleCount(Record, frozen=True):
    """How many calls a rule matched, and to how many it was applied."""

    TABLE: ClassVar[str] = "RuleCount"

    seen: int = 0
    hits: int = 0


FindSubject = Callable[[str], str]
"""Returns the name of the `person` or the `app` that a call is about; empty if nothing tells."""


class MatchContext:
    """A call's parameters, with the text of each parameter computed once.

    What is no parameter, and is one of the `SUBJECTS`, is found when a rule first asks for it.
    """

    def __init__(self, parameters: Mapping[str, Any], find: FindSubject | None = None) -> None:
        self.parameters = parameters
        self._find = find
        self._texts: dict[str, str | None] = {}

    def text(self, name: str) -> str | None:
        """Return a parameter as text; None if it is absent."""
        if name not in self._texts:
            value = self.parameters.get(name)
            if value is None and self._find is not None and name in SUBJECTS:
                value = self._find(name) or None
            self._texts[name] = None if value is None else str(value)
        return self._texts[name]


class CompiledRule:
    """A rule without mistakes, in the world to whose calls it is applied."""

    def __init__(
        self, rule: Rule, analysis: RuleAnalysis, world: WorldState, ends: float | None = None
    ) -> None:
        if analysis.mistakes:
            raise ScenarioError(texts.ALL(each=[mistake.says for mistake in analysis.mistakes]))
        self.rule = rule
        self.id: str = rule.id
        self.world = world
        self.targets: tuple[RuleTarget, ...] = analysis.targets
        self.unserved_paths: frozenset[PathTarget] = analysis.unserved_paths
        """The paths without an endpoint that it is applied to."""
        self._calls = analysis.calls
        self._patterns = {
            n: compile_pattern(w) for n, w in rule.when.items() if isinstance(w, str)
        }
        self._values = {n: w for n, w in rule.when.items() if not isinstance(w, str)}
        self.applied_before = False
        """Whether it was applied before a snapshot was restored, which resets its count."""
        self.switched: bool | None = None
        """Whether it was switched off (True) or on since it was set; None if neither."""
        self.ends: float = ends if ends is not None else self._end_from_now()
        """The world's time at which it expires."""

    @property
    def off(self) -> bool:
        """Whether it is switched off, and matches no calls."""
        return self.rule.off if self.switched is None else self.switched

    def _end_from_now(self) -> float:
        return FOREVER if self.rule.ttl is None else self.world.clock.now() + self.rule.ttl

    def restart(self) -> None:
        """Count its ttl from now, and have it on or off as it was written."""
        self.ends = self._end_from_now()
        self.switched = None

    def matches(self, context: MatchContext) -> bool:
        """Whether the call's parameters match `when`."""
        return not self.rule.when or next(self.unmatched(context), None) is None

    def unmatched(self, context: MatchContext) -> Iterator[str]:
        """Yield the parameters of `when` that the call does not match."""
        for name, matches in self._patterns.items():
            text = context.text(name)
            if text is None or not matches(text):
                yield name
        for name, value in self._values.items():
            if context.parameters.get(name) != value and context.text(name) != str(value):
                yield name

    def is_on(self, target: Endpoint, method: str) -> bool:
        """Whether `on` names the endpoint when it is called with this method."""
        return (method, target.full_name) in self._calls

    def methods_on(self, target: Endpoint) -> list[str]:
        """Return the methods with which an endpoint has to be called."""
        return [method for method in target.methods if self.is_on(target, method)]

    def count(self, unit: Unit) -> RuleCount:
        """Return how many calls it matched, and to how many it was applied."""
        return unit.find(RuleCount, self.id) or RuleCount()

    def count_call(self, unit: Unit, ids: Ids) -> bool:
        """Count a matching call; return whether the rule is to be applied to it."""
        count = self.count(unit)
        is_due = self.not_due(count, ids) is None
        unit.write(self.id, RuleCount(seen=count.seen + 1, hits=count.hits + is_due))
        return is_due

    def not_due(self, count: RuleCount, ids: Ids) -> str | None:
        """Return the key that keeps it from the next matching call; None if it is due.

        `count` is of the calls before that one.
        """
        rule, seen = self.rule, count.seen + 1
        if seen <= rule.after:
            return "after"
        if (seen - rule.after) % rule.every:
            return "every"
        if rule.times is not None and count.hits >= rule.times:
            return "times"
        if rule.chance is not None and not _is_lucky(ids, self.id, seen, rule.chance):
            return "chance"
        return None

    def is_unused(self, unit: Unit) -> bool:
        """Whether it was never applied; a rule with a `chance` is used once it matched a call."""
        count = self.count(unit)
        used = count.hits or (self.rule.chance is not None and count.seen)
        return not used and not self.applied_before

    def show(self, unit: Unit) -> dict[str, Any]:
        """Return the rule in the control API's form, with its id and counts."""
        count = self.count(unit)
        given = {
            field: value
            for field, value in msgspec.to_builtins(self.rule, enc_hook=encode).items()
            if value not in (None, {}, [], "") and getattr(self.rule, field) != _DEFAULTS[field]
        }
        given.pop("off", None)
        if self.off:
            given["off"] = True
        shown = {**given, "id": self.id, "hits": count.hits, "seen": count.seen}
        if self.ends < FOREVER:
            shown |= {"ends": iso(self.ends), "expired": self.ends <= unit.now}
        return shown


_DEFAULTS = msgspec.structs.asdict(Rule(on=""))


def _is_lucky(ids: Ids, rule_id: str, seen: int, chance: float) -> bool:
    return ids.number(1_000_000, "chance", rule_id, seen) < chance * 1_000_000


def choose(
    rules: list[CompiledRule],
    parameters: Mapping[str, Any],
    unit: Unit,
    ids: Ids,
    find: FindSubject | None = None,
) -> CompiledRule | None:
    """Count the call in every matching rule; return the first that is due, its effect applied."""
    chosen, context = None, MatchContext(parameters, find)
    for compiled in rules:
        if compiled.ends <= unit.now or not compiled.matches(context):
            continue
        if chosen is None:
            chosen = compiled if compiled.count_call(unit, ids) else None
        else:
            count = compiled.count(unit)
            unit.write(compiled.id, replace(count, seen=count.seen + 1))
    if chosen is not None and chosen.rule.happens is not None:
        apply_effect(chosen.rule.happens, chosen.world, unit, parameters)
    # A refusal by the endpoint rolls back to here: counts and effects stay.
    unit.savepoint()
    return chosen


def apply_to_reply(reply: Reply, rule: Rule) -> Reply:
    """Return the reply with the rule's patch, fault and delay."""
    body = reply.body
    if rule.patch:
        content = msgspec.json.decode(body)
        for path, value in rule.patch.items():
            _set(content, path.split("."), value)
        body = msgspec.json.encode(content)
    return replace(reply, body=body, fault=rule.fault, delay=rule.wait)


def _set(content: Any, steps: list[str], value: Any) -> None:
    """Set the value at a path; change nothing if the path leads nowhere in this reply."""
    *parents, last = steps
    for step in parents:
        if isinstance(content, dict):
            content = content.setdefault(step, {})
        elif isinstance(content, list) and int(step) < len(content):
            content = content[int(step)]
        else:
            return
    if isinstance(content, dict):
        content[last] = value
    elif isinstance(content, list) and int(last) < len(content):
        content[int(last)] = value


_BODILESS = (204, 304)


def stub_reply(rule: Rule) -> Reply:
    """Return the reply of a rule that answers in Douyin's place."""
    if rule.reply is not None:
        stub = rule.reply
        is_json = stub.json is not msgspec.UNSET
        body = msgspec.json.encode(stub.json) if is_json else stub.text.encode()
        kind = b"application/json; charset=utf-8" if is_json else b"text/plain; charset=utf-8"
        headers: Headers = [(k.lower().encode(), v.encode()) for k, v in stub.headers.items()]
        if not any(name == b"content-type" for name, _ in headers):
            headers.insert(0, (b"content-type", kind))
        return Reply(stub.status, b"" if stub.status in _BODILESS else body, tuple(headers))
    status = rule.status or 502
    if status in _BODILESS:
        return Reply(status, b"")
    page = f"<html><head><title>{status}</title></head><body>{status}</body></html>\n"
    return Reply(status, page.encode(), ((b"content-type", b"text/html"),))
