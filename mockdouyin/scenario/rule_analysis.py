"""What is known of a rule before it is compiled: its mistakes, and which calls it covers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.scenario._rule_mistakes import label_mistakes, misshapen, mistakes_of
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.targets import (
    EVERY_PATH,
    PathTarget,
    RuleTarget,
    TargetCall,
    Targets,
    is_applicable,
)
from mockdouyin.scenario.validation import Mistake

MAX_RULE_MISTAKES = 10
"""Mistakes of one rule that are reported."""


class RuleAnalysis(NamedTuple):
    """A rule's mistakes, or what it is applied to."""

    mistakes: tuple[Mistake, ...]
    """The first few."""
    targets: tuple[RuleTarget, ...] = ()
    calls: frozenset[TargetCall] = frozenset()
    """The calls that it is applied to."""
    mask: int = 0
    """The same calls as a bit set, to be compared with those of another rule."""
    unserved_paths: frozenset[PathTarget] = frozenset()
    """The paths without an endpoint that it is applied to."""

    def covers(self, other: RuleAnalysis) -> bool:
        """Whether it is applied to every call that the other rule could be applied to."""
        if other.mask & ~self.mask:
            return False
        return EVERY_PATH in self.unserved_paths or other.unserved_paths <= self.unserved_paths


def analyze(rule: Rule, catalogue: Catalogue = CATALOGUE) -> RuleAnalysis:
    """Analyze a rule: the only place where one is validated.

    The results for rules of equal content are cached, so that a rule that was analyzed when its
    scenario was read is not analyzed again when a world loads it. The id and `set_by`, which a
    rule gets only then, are not part of the content.
    """
    wrong = tuple(label_mistakes(rule))
    content = replace(rule, id="", set_by="")
    try:
        text = msgspec.json.encode(content, enc_hook=str, order="sorted")
    except (UnicodeEncodeError, RecursionError):
        text = b""
    key = _CacheKey(content, text, catalogue)
    analysis = _cached(key) if 0 < len(text) <= _MAX_CACHED else _analyze(key)
    return analysis._replace(mistakes=(*wrong, *analysis.mistakes)) if wrong else analysis


_MAX_CACHED = 4096
"""Bytes of a rule's JSON; the results for longer rules are not cached."""


class _CacheKey:
    """A rule that is equal to every rule with the same JSON: a rule itself is not hashable."""

    def __init__(self, rule: Rule, text: bytes, catalogue: Catalogue) -> None:
        self.rule = rule
        self.catalogue = catalogue
        self._values = (text, catalogue)
        self._hash = hash(self._values)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _CacheKey) and self._values == other._values


@lru_cache(maxsize=4096)
def _cached(key: _CacheKey) -> RuleAnalysis:
    return _analyze(key)


def _analyze(key: _CacheKey) -> RuleAnalysis:
    rule, known = key.rule, _targets(key.catalogue)
    if wrong := _first(misshapen(rule)):
        return RuleAnalysis(wrong)
    named = known.named_by(rule)
    if wrong := _first(mistakes_of(rule, named, known)):
        return RuleAnalysis(wrong)
    targets = tuple(target for target in named.targets if is_applicable(rule, target))
    names = {target.full_name for target in targets}
    calls = frozenset(call for call in named.calls if call[1] in names)
    return RuleAnalysis((), targets, calls, known.mask(calls), frozenset(named.unserved_paths))


def _first(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    return tuple(islice(mistakes, MAX_RULE_MISTAKES))


@lru_cache(maxsize=16)
def _targets(catalogue: Catalogue) -> Targets:
    return Targets(catalogue)
