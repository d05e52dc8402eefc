"""A dry run: to which calls of the past a rule would have been applied that is not set.

The journal is read in pages, each in a transaction of its own; nothing is held in between, and
nothing is written.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.journal import Entry, Exchange
from mockdouyin.core.pace import Pace
from mockdouyin.sandbox._differences import NearMiss, called_name
from mockdouyin.sandbox._rule_differences import CountedRule, mismatches, paths_matching
from mockdouyin.sandbox.near_misses import CallSearch
from mockdouyin.scenario.compiled import CompiledRule, RuleCount

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

MAX_CALLS = 200
"""The newest calls on what a rule is on that it is tried against."""

MAX_ENTRIES = 10_000
"""The newest entries of the journal among which those are looked for."""

_PAGE = 500
"""Entries that are read in one transaction."""


class TriedCall(NamedTuple):
    """A call of the past that a rule matches."""

    number: int
    held_by: str | None
    """Why the rule would not have been applied to it: one of its keys, such as `times`, or `rule`
    where one that comes first decided; None if it would."""


class CheckedRule(NamedTuple):
    """What came of a dry run."""

    calls: int
    """How many calls it was tried against."""
    more: bool
    """Whether there are earlier calls that it was not tried against."""
    matched: list[TriedCall]
    """Oldest first."""
    near: NearMiss | None
    """The call that came closest of those that it does not match."""


class RuleCheck:
    """A dry run of a rule: made in a transaction, and run outside of any."""

    def __init__(self, world: World, rule: CompiledRule, pace: Pace) -> None:
        self._world = world
        self._rule = rule
        self._pace = pace
        self._before = world.journal.next_number
        outside = world.rules.snapshot().outside
        self._first = {compiled.id for compiled in outside if not compiled.off}
        """Rules that decide before this one would."""
        self._names = {target.full_name for target in rule.targets}

    def run(self) -> CheckedRule:
        """Try the rule against the newest calls, as if it had been set before the first of them.

        Its counts and its chance begin as they would from now.
        """
        entries, is_complete = self._read()
        on = [entry for entry in entries if self._is_on(entry)]
        calls = on[-MAX_CALLS:]
        search = CallSearch(self._world, () if calls else entries, self._world.mask())
        matched: list[TriedCall] = []
        best: NearMiss | None = None
        count, ids = RuleCount(), self._world.ids
        for call in self._pace(calls):
            found = mismatches(self._rule, call, search.parameters(call), search.mask)
            if found:
                if best is None or len(found) <= len(best.differences):
                    best = NearMiss(called_name(call, search.mask), call.number, tuple(found))
                continue
            held_by = "rule" if call.rule in self._first else self._rule.not_due(count, ids)
            count = RuleCount(seen=count.seen + 1, hits=count.hits + (held_by is None))
            matched.append(TriedCall(call.number, held_by))
        if not calls:
            best = search.closest_to_rule(CountedRule(self._rule, RuleCount()))[0]
        more = len(on) > len(calls) or not is_complete
        return CheckedRule(len(calls), more, matched, best)

    def _read(self) -> tuple[list[Entry], bool]:
        """Return the newest entries, and whether these are all that the journal has."""
        pages: list[list[Entry]] = []
        count, found, before = 0, 0, self._before
        while count < MAX_ENTRIES and found <= MAX_CALLS:
            page = self._world.transact(partial(self._world.journal.newest, _PAGE, 0, before))
            pages.insert(0, page)
            if len(page) < _PAGE:
                return [entry for each in pages for entry in each], True
            count += len(page)
            found += sum(1 for each in self._pace(page) if self._is_on(each))
            before = page[0].number
        return [entry for each in pages for entry in each], False

    def _is_on(self, entry: Entry) -> bool:
        if not isinstance(entry, Exchange):
            return entry.kind in self._names
        if isinstance(entry.endpoint, Endpoint):
            return entry.endpoint.full_name in self._names
        return bool(paths_matching(self._rule, entry.request.path))
