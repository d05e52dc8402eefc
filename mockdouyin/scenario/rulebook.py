"""The rules of one world: added, loaded, removed, and looked up by what a call targets."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.errors import ScenarioError
from mockdouyin.core.store import Unit
from mockdouyin.core.world import WorldState
from mockdouyin.scenario.compiled import CompiledRule
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.rule_analysis import analyze


class RulebookState(NamedTuple):
    """The rules of a rulebook at one moment."""

    outside: list[CompiledRule]
    scenario: list[CompiledRule]
    made: int


MAX_RULES = 1000
"""Rules of one world: each call is compared with every rule on its endpoint."""


def _check_count(count: int) -> None:
    if count > MAX_RULES:
        raise ScenarioError(f"a world has {MAX_RULES} rules at most, not {count}")


class Rulebook:
    """The rules of one world: those set from outside first, then the scenario's, each in order."""

    def __init__(self, world: WorldState, catalogue: Catalogue) -> None:
        self._world = world
        self._catalogue = catalogue
        self._outside: list[CompiledRule] = []
        self._scenario: list[CompiledRule] = []
        self._made = 0
        self.revision: int = 0
        """Incremented whenever the rules change."""
        self._by_target: dict[str, list[CompiledRule]] = {}

    def __iter__(self) -> Iterator[CompiledRule]:
        return iter([*self._outside, *self._scenario])

    def compile(self, rule: Rule, ends: float | None = None) -> CompiledRule:
        """Compile a rule that has its id; raise ScenarioError if it has mistakes."""
        return CompiledRule(rule, analyze(rule, self._catalogue), self._world, ends)

    def add(self, rule: Rule) -> CompiledRule:
        """Add a rule from outside, and drop those from outside that have expired."""
        now = self._world.clock.now()
        left = [compiled for compiled in self._outside if compiled.ends > now]
        _check_count(len(left) + len(self._scenario) + 1)
        ids = {compiled.id for compiled in (*left, *self._scenario)}
        if rule.id in ids:
            raise ScenarioError(f"there is a rule {rule.id!r} already")
        added = self.compile(replace(rule, id=rule.id or self._free_id(ids)))
        self._outside = [*left, added]
        self._index()
        return added

    def _free_id(self, ids: Collection[str]) -> str:
        """Generate an id that was never generated before and that no present rule has."""
        while True:
            self._made += 1
            if f"rule-{self._made}" not in ids:
                return f"rule-{self._made}"

    def load(self, rules: Iterable[Rule], scenario: str = "") -> None:
        """Replace the scenario's rules; an unchanged rule keeps its id, counts and expiry."""
        ends = {(compiled.id, compiled.rule.ttl): compiled.ends for compiled in self._scenario}
        loaded: list[CompiledRule] = []
        copies: Counter[str] = Counter()
        rules = list(rules)
        _check_count(len(rules) + len(self._outside))
        for rule in rules:
            digest = hashlib.sha256(_content(rule)).hexdigest()[:8]
            copies[digest] += 1
            copy = copies[digest]
            rule_id = rule.id or f"scenario-{digest}" + (f"-{copy}" if copy > 1 else "")
            set_by = rule.set_by or f"scenario {scenario}".rstrip()
            rule = replace(rule, id=rule_id, set_by=set_by)
            loaded.append(self.compile(rule, ends.get((rule_id, rule.ttl))))
        self._scenario = loaded
        self._index()

    def restart_ttls(self) -> None:
        """Count the ttl of the scenario's rules from now."""
        for compiled in self._scenario:
            compiled.restart_ttl()

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
        return RulebookState(list(self._outside), list(self._scenario), self._made)

    def replace(self, saved: RulebookState) -> None:
        """Replace all rules."""
        self._outside, self._scenario = list(saved.outside), list(saved.scenario)
        self._made = saved.made
        self._index()

    def _index(self) -> None:
        self.revision += 1
        self._by_target = {}
        for compiled in self:
            for target in compiled.targets:
                self._by_target.setdefault(target.full_name, []).append(compiled)

    def for_target(self, full_name: str) -> list[CompiledRule] | None:
        """Return the rules on an endpoint or phone API; None if there are none."""
        return self._by_target.get(full_name)

    def for_unserved(self, method: str, path: str) -> list[CompiledRule]:
        """Return the rules on a call that no endpoint serves."""
        return [
            compiled
            for compiled in self
            if any(each.matches(method, path) for each in compiled.unserved_paths)
        ]


def _content(rule: Rule) -> bytes:
    """Encode a rule so that equal rules have equal bytes.

    Ids derive from this: fields that were added later are left out where they are not used, so
    that the ids of older rules stay.
    """
    plain = msgspec.to_builtins(rule, enc_hook=str)
    for later in ("ttl", "set_by"):
        if not plain[later]:
            del plain[later]
    return msgspec.json.encode(plain, order="sorted")
