"""The rules of one world: added, loaded, removed, and looked up by what a call targets."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.errors import ConflictError, ScenarioError
from mockdouyin.core.store import Unit
from mockdouyin.core.world import WorldState
from mockdouyin.scenario._error_texts import RULE_EXISTS, RULE_NO_SENSE, TOO_MANY_RULES
from mockdouyin.scenario.compiled import CompiledRule
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.rule_analysis import analyze


class RulebookState(NamedTuple):
    """The rules of a rulebook at one moment."""

    outside: list[CompiledRule]
    scenario: list[CompiledRule]
    made: int
    catalogue: Catalogue
    """The endpoints that they may name."""


MAX_RULES = 1000
"""Rules of one world: each call is compared with every rule on its endpoint."""


def _check_count(count: int) -> None:
    if count > MAX_RULES:
        raise ScenarioError(TOO_MANY_RULES(most=MAX_RULES, count=count))


class Rulebook:
    """The rules of one world: those set from outside first, then the scenario's, each in order."""

    def __init__(self, world: WorldState, catalogue: Catalogue) -> None:
        self._world = world
        self.catalogue: Catalogue = catalogue
        """The endpoints that the rules may name: those that answer in the world."""
        self._outside: list[CompiledRule] = []
        self._scenario: list[CompiledRule] = []
        self._made = 0
        self.revision: int = 0
        """Incremented whenever the rules change."""
        self._by_target: dict[str, list[CompiledRule]] = {}

    def __iter__(self) -> Iterator[CompiledRule]:
        return iter([*self._outside, *self._scenario])

    def compile(
        self, rule: Rule, ends: float | None = None, catalogue: Catalogue | None = None
    ) -> CompiledRule:
        """Compile a rule that has its id; raise ScenarioError if it has mistakes."""
        return CompiledRule(rule, analyze(rule, catalogue or self.catalogue), self._world, ends)

    def add(self, rule: Rule) -> CompiledRule:
        """Add a rule from outside, and drop those from outside that have expired."""
        left = self._alive()
        added = self.try_out(rule)
        if not rule.id:
            self._made = self._next_number()
        self._outside = [*left, added]
        self._index()
        return added

    def try_out(self, rule: Rule) -> CompiledRule:
        """Return the rule as `add` would have it, and add nothing."""
        left = self._alive()
        _check_count(len(left) + len(self._scenario) + 1)
        if rule.id in {compiled.id for compiled in (*left, *self._scenario)}:
            raise ScenarioError(RULE_EXISTS(id=rule.id))
        return self.compile(replace(rule, id=rule.id or f"rule-{self._next_number()}"))

    def _alive(self) -> list[CompiledRule]:
        """Return the rules from outside that have not expired."""
        now = self._world.clock.now()
        return [compiled for compiled in self._outside if compiled.ends > now]

    def _next_number(self) -> int:
        """Return a number whose id was never generated before and that no present rule has."""
        ids, number = {compiled.id for compiled in self}, self._made + 1
        while f"rule-{number}" in ids:
            number += 1
        return number

    def load(
        self, rules: Iterable[Rule], scenario: str = "", catalogue: Catalogue | None = None
    ) -> None:
        """Replace the scenario's rules, and the endpoints that rules may name.

        An unchanged rule keeps its id, counts and expiry, and whether it was switched off or on.
        """
        before = {compiled.id: compiled for compiled in self._scenario}
        loaded = self.compile_scenario(rules, scenario, catalogue)
        for compiled in loaded.scenario:
            other = before.get(compiled.id)
            if other is not None and other.rule.ttl == compiled.rule.ttl:
                compiled.ends = other.ends
            if other is not None and other.rule.off == compiled.rule.off:
                compiled.switched = other.switched
        self.replace(loaded)

    def compile_scenario(
        self, rules: Iterable[Rule], scenario: str, catalogue: Catalogue | None = None
    ) -> RulebookState:
        """Compile the rules of a scenario of this name, with ids; they are not set yet.

        Those from outside may name other endpoints then, or none, which is refused.
        """
        catalogue = catalogue or self.catalogue
        outside = self._recompiled(catalogue)
        compiled: list[CompiledRule] = []
        copies: Counter[str] = Counter()
        rules = list(rules)
        _check_count(len(rules) + len(self._outside))
        for rule in rules:
            digest = hashlib.sha256(_content(rule)).hexdigest()[:8]
            copies[digest] += 1
            copy = copies[digest]
            rule_id = rule.id or f"scenario-{digest}" + (f"-{copy}" if copy > 1 else "")
            set_by = rule.set_by or f"scenario {scenario}".rstrip()
            whole = replace(rule, id=rule_id, set_by=set_by)
            compiled.append(self.compile(whole, catalogue=catalogue))
        return RulebookState(outside, compiled, self._made, catalogue)

    def _recompiled(self, catalogue: Catalogue) -> list[CompiledRule]:
        """Return the rules from outside as they are where these endpoints answer."""
        if catalogue is self.catalogue:
            return self._outside
        made = []
        for compiled in self._outside:
            try:
                other = self.compile(compiled.rule, compiled.ends, catalogue)
            except ScenarioError as error:
                raise ConflictError(RULE_NO_SENSE(id=compiled.id, error=str(error))) from None
            other.applied_before, other.switched = compiled.applied_before, compiled.switched
            made.append(other)
        return made

    def restart(self) -> None:
        """Have the scenario's rules as they were at first: their ttl counts from now."""
        for compiled in self._scenario:
            compiled.restart()
        self._index()

    def switch(self, rule_id: str, *, off: bool) -> CompiledRule | None:
        """Switch a rule off or on, in its place; return it, or None if there is none."""
        found = next((compiled for compiled in self if compiled.id == rule_id), None)
        if found is not None and found.off != off:
            found.switched = off
            self._index()
        return found

    def remove(self, rule_id: str) -> bool:
        """Remove a rule; return whether there was one with this id."""
        before = len(self._outside) + len(self._scenario)
        self._outside = [compiled for compiled in self._outside if compiled.id != rule_id]
        self._scenario = [compiled for compiled in self._scenario if compiled.id != rule_id]
        self._index()
        return len(self._outside) + len(self._scenario) < before

    def clear(self) -> None:
        """Remove every rule."""
        self._outside, self._scenario = [], []
        self._index()

    def clear_outside(self) -> None:
        """Remove the rules set from outside."""
        self._outside = []
        self._index()

    def unused(self, unit: Unit) -> list[CompiledRule]:
        """Return the rules set from outside that were never applied."""
        return [compiled for compiled in self._outside if compiled.is_unused(unit)]

    def snapshot(self) -> RulebookState:
        """Return the present rules."""
        return RulebookState(list(self._outside), list(self._scenario), self._made, self.catalogue)

    def replace(self, saved: RulebookState) -> None:
        """Replace all rules."""
        self._outside, self._scenario = list(saved.outside), list(saved.scenario)
        self._made, self.catalogue = saved.made, saved.catalogue
        self._index()

    def _index(self) -> None:
        self.revision += 1
        self._by_target = {}
        for compiled in self:
            for target in () if compiled.off else compiled.targets:
                self._by_target.setdefault(target.full_name, []).append(compiled)

    def for_target(self, full_name: str) -> list[CompiledRule] | None:
        """Return the rules on an endpoint or phone API; None if there are none."""
        return self._by_target.get(full_name)

    def for_unserved(self, method: str, path: str) -> list[CompiledRule]:
        """Return the rules on a call that no endpoint serves."""
        return [
            compiled
            for compiled in self
            if not compiled.off
            and any(each.matches(method, path) for each in compiled.unserved_paths)
        ]


def _content(rule: Rule) -> bytes:
    """Encode a rule so that equal rules have equal bytes.

    Ids derive from this: fields that were added later are left out where they are not used, so
    that the ids of older rules stay.
    """
    plain = msgspec.to_builtins(rule, enc_hook=str)
    del plain["off"]  # a rule that is switched off in the file keeps its id and counts
    for later in ("ttl", "set_by", "sheet"):
        if not plain[later]:
            del plain[later]
    return msgspec.json.encode(plain, order="sorted")
