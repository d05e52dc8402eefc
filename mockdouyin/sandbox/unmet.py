"""What a test left unmet: rules that were never applied, and calls that nothing answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mockdouyin.core.journal import Entry, Exchange
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import LANGUAGES, Language
from mockdouyin.scenario.compiled import CompiledRule

if TYPE_CHECKING:
    from mockdouyin.sandbox.near_misses import CountedRule
    from mockdouyin.sandbox.worlds import World


class ListedRules(NamedTuple):
    """Rules at one moment, with the calls among which the closest to each is looked for."""

    world: World
    rules: list[tuple[CountedRule, dict[str, Any]]]
    """Each with its form in the control API."""
    entries: list[Entry]
    """Those of the journal."""

    def show(self, language: Language) -> list[dict[str, Any]]:
        """Return them in the control API's form; slow, so not in the world's transaction.

        Those that were never applied come with the call that came closest.
        """
        if not any(_is_idle(rule) for rule, _ in self.rules):
            return [shown for _, shown in self.rules]
        from mockdouyin.sandbox.near_misses import CallSearch  # nothing else needs it

        search = CallSearch(self.world, self.entries, self.world.mask())
        return [
            {**shown, **search.show_rule(rule, language)} if _is_idle(rule) else shown
            for rule, shown in self.rules
        ]


def _is_idle(rule: CountedRule) -> bool:
    return not rule.counts.hits


def list_rules(world: World, rules: list[CompiledRule], unit: Unit) -> ListedRules:
    """Return rules as they are now; called in a transaction of the world."""
    if not rules:
        return ListedRules(world, [], [])
    from mockdouyin.sandbox.near_misses import CountedRule

    listed = [(CountedRule(each, each.count(unit)), each.show(unit)) for each in rules]
    idle = any(_is_idle(rule) for rule, _ in listed)
    return ListedRules(world, listed, world.journal.newest() if idle else [])


class Unmet(NamedTuple):
    """What a world left unmet since it began or was reset."""

    world: World
    undone: list[dict[str, Any]]
    unused: ListedRules
    unanswered: list[Exchange]

    def show(self, language: Language) -> dict[str, Any]:
        """Return it in the control API's form; slow, so not in the world's transaction."""
        undone = [_in_language(each, language) for each in self.undone]
        return {
            "unused_rules": [*undone, *self.unused.show(language)],
            "unanswered": self._show_unanswered(language) if self.unanswered else [],
        }

    def _show_unanswered(self, language: Language) -> list[dict[str, Any]]:
        from mockdouyin.core.exchange_view import show  # nothing else needs these
        from mockdouyin.sandbox.near_misses import PathSearch

        mask = self.world.mask()
        search = PathSearch(self.world, mask)
        return [
            {**show(each, mask, language), "near": search.show(each, language)}
            for each in self.unanswered
        ]


def unmet(world: World) -> Unmet:
    """Return the unused rules and unanswered calls; called in a transaction of the world."""
    unit = world.store.unit(world.clock.now())
    unused = list_rules(world, world.rules.unused(unit), unit)
    return Unmet(world, list(world.snapshots.undone), unused, list(world.journal.unanswered))


def format_undone(world: World, rules: list[CompiledRule], unit: Unit) -> list[dict[str, Any]]:
    """Return rules that a restore removes, each with the call that came closest until now.

    In every language: who asks later is not known, and the calls are gone by then.
    """
    if not rules:
        return []
    listed = list_rules(world, rules, unit)
    shown = {language: listed.show(language) for language in LANGUAGES}
    return [
        {**rule, _BY_LANGUAGE: {name: _near_part(shown[name][n]) for name in LANGUAGES}}
        for n, (_, rule) in enumerate(listed.rules)
    ]


_BY_LANGUAGE = "by_language"


def _near_part(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: shown[name] for name in ("closest", "near")}


def _in_language(undone: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return a rule that a restore removed; one from an older state file has no near miss."""
    rule = {name: value for name, value in undone.items() if name != _BY_LANGUAGE}
    return {"near": None, **rule, **undone.get(_BY_LANGUAGE, {}).get(language, {})}
