"""What a test left unmet: rules that were never applied, and calls that nothing answered."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from mockdouyin.core.journal import Exchange
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import Language
from mockdouyin.scenario.compiled import CompiledRule

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World


class Unmet(NamedTuple):
    """What a world left unmet since it began or was reset."""

    world: World
    unused_rules: list[dict[str, Any]]
    unanswered: list[Exchange]

    def show(self, language: Language) -> dict[str, Any]:
        """Return it in the control API's form; slow, so not in the world's transaction."""
        from mockdouyin.core.exchange_view import show  # nothing else needs it

        mask = self.world.mask() if self.unanswered else str
        return {
            "unused_rules": self.unused_rules,
            "unanswered": [show(exchange, mask, language) for exchange in self.unanswered],
        }


def unmet(world: World) -> Unmet:
    """Return the unused rules and unanswered calls; called in a transaction of the world."""
    unit = world.store.unit(world.clock.now())
    unused = format_rules(world, world.rules.unused(unit), unit)
    return Unmet(world, [*world.snapshots.undone, *unused], list(world.journal.unanswered))


def format_rules(world: World, rules: list[CompiledRule], unit: Unit) -> list[dict[str, Any]]:
    """Return rules in the control API's form, each with the calls that came closest to it."""
    if not rules:
        return []
    called = Counter(e.endpoint.full_name for e in world.journal if e.endpoint is not None)
    return [{**rule.show(unit), "closest": _closest(called, rule)} for rule in rules]


def _closest(called: Counter[str], rule: CompiledRule) -> str:
    """Describe which of the rule's targets were called, or else the call with the nearest name."""
    named = [target.full_name for target in rule.targets if target.full_name in called]
    if named:
        return ", ".join(f"{name} was called {_times(called[name])}" for name in named)
    if not called:
        return "no endpoint was called"
    wanted = rule.targets[0].full_name
    near = difflib.get_close_matches(wanted, called, n=1, cutoff=0.0)[0]
    return f"the closest call was {near}, {_times(called[near])}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
