"""Leftovers of a world: rules that struck nothing, and calls that nothing answered."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING, Any

from mockdouyin.core.journal import Exchange
from mockdouyin.core.store import Unit
from mockdouyin.scenario.compiled import CompiledRule

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World


def unmet(world: World) -> dict[str, Any]:
    """Give what is left over since the world began, or began again."""

    def look() -> tuple[list[dict[str, Any]], list[Exchange]]:
        unit = world.store.unit(world.clock.now())
        unused = format_rules(world, world.rules.unused(unit), unit)
        return [*world.snapshots.undone, *unused], list(world.journal.unanswered)

    unused, missed = world.transact(look)
    mask = world.mask() if missed else str
    from mockdouyin.core.exchange_view import show  # nothing else needs it

    return {"unused_rules": unused, "unanswered": [show(exchange, mask) for exchange in missed]}


def format_rules(world: World, rules: list[CompiledRule], unit: Unit) -> list[dict[str, Any]]:
    """Give rules as the control API does, each with the calls that came closest to it."""
    if not rules:
        return []
    called = Counter(e.endpoint.full_name for e in world.journal if e.endpoint is not None)
    return [{**armed.show(unit), "closest": _closest(called, armed)} for armed in rules]


def _closest(called: Counter[str], armed: CompiledRule) -> str:
    """Say what was called that the rule names, or else whose name is nearest."""
    named = [target.full_name for target in armed.targets if target.full_name in called]
    if named:
        return ", ".join(f"{name} was called {_times(called[name])}" for name in named)
    if not called:
        return "no endpoint was called"
    wanted = armed.targets[0].full_name
    near = difflib.get_close_matches(wanted, called, n=1, cutoff=0.0)[0]
    return f"the closest call was {near}, {_times(called[near])}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
