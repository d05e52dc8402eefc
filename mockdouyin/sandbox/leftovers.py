"""Leftovers of a world: rules that struck nothing, and calls that nothing answered."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING, Any

from mockdouyin.core.store import Unit
from mockdouyin.sandbox.rules import ArmedRule

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World


def leftovers(world: World) -> dict[str, Any]:
    """Give what is left over since the world began, or began again."""
    unit = world.store.unit(world.clock.now())
    unused = [told(world, armed, unit) for armed in world.rules.unused(unit)]
    missed = world.journal.unanswered
    mask = world.mask() if missed else str
    from mockdouyin.core.showing import show  # nothing else needs it

    return {
        "unused_rules": [*world.snapshots.undone, *unused],
        "unanswered": [show(exchange, mask) for exchange in missed],
    }


def told(world: World, armed: ArmedRule, unit: Unit) -> dict[str, Any]:
    """Give a rule as the control API does, with the calls that came closest to it."""
    return {**armed.show(unit), "closest": _closest(world, armed)}


def _closest(world: World, armed: ArmedRule) -> str:
    """Say what was called that the rule names, or else whose name is nearest."""
    called = Counter(e.endpoint.full_name for e in world.journal if e.endpoint is not None)
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
