"""What is known of a rule before it is compiled: its mistakes, and which calls it covers."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

import msgspec

from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.rule_validation import mistakes_of
from mockdouyin.scenario.targets import (
    EVERY_PATH,
    PathTarget,
    RuleTarget,
    TargetCall,
    applicable_targets,
    calls_of,
    every_call,
    unserved_paths,
)
from mockdouyin.scenario.validation import Mistake

MAX_RULE_MISTAKES = 10
"""Mistakes of one rule that are reported."""


class RuleAnalysis(NamedTuple):
    """A rule's mistakes, or what it is applied to."""

    mistakes: tuple[Mistake, ...]
    """The first few."""
    targets: tuple[RuleTarget, ...]
    calls: frozenset[TargetCall]
    """The calls that it is applied to."""
    mask: int
    """The same calls as a bit set, to be compared with those of another rule."""
    unserved_paths: frozenset[PathTarget]
    """The paths without an endpoint that it is applied to."""

    def covers(self, other: RuleAnalysis) -> bool:
        """Whether it is applied to every call that the other rule could be applied to."""
        if other.mask & ~self.mask:
            return False
        return EVERY_PATH in self.unserved_paths or other.unserved_paths <= self.unserved_paths


def analyze(rule: Rule) -> RuleAnalysis:
    """Analyze a rule; the results for rules of equal content are cached, except for long ones."""
    try:
        text = msgspec.json.encode(rule, enc_hook=str, order="sorted")
    except (UnicodeEncodeError, RecursionError):
        return _analyze(rule)
    return _cached(_CacheKey(rule, text)) if len(text) <= _MAX_CACHED else _analyze(rule)


_MAX_CACHED = 4096
"""Bytes of a rule's JSON; the results for longer rules are not cached."""


class _CacheKey:
    """A rule that is equal to every rule with the same JSON: a rule itself is not hashable."""

    def __init__(self, rule: Rule, text: bytes) -> None:
        self.rule = rule
        self._text = text
        self._hash = hash(text)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _CacheKey) and self._text == other._text


@lru_cache(maxsize=4096)
def _cached(key: _CacheKey) -> RuleAnalysis:
    return _analyze(key.rule)


def _analyze(rule: Rule) -> RuleAnalysis:
    mistakes = tuple(islice(mistakes_of(rule), MAX_RULE_MISTAKES))
    if mistakes:
        return RuleAnalysis(mistakes, (), frozenset(), 0, frozenset())
    targets = tuple(applicable_targets(rule))
    names = {target.full_name for target in targets}
    calls = frozenset(call for call in calls_of(rule) if call[1] in names)
    bits = _bits()
    mask = sum(bits[call] for call in calls)
    return RuleAnalysis((), targets, calls, mask, frozenset(unserved_paths(rule)))


@cache
def _bits() -> dict[TargetCall, int]:
    return {call: 1 << place for place, call in enumerate(every_call())}
