"""What a world's definition says in short: for a list of worlds, and of what falls due."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from mockdouyin.persistence.definition import ClockState
from mockdouyin.redis_store._queries import PendingSummary

SOON = 1.0
"""Seconds of real time within which a world is looked at again for what falls due."""


class Pulse(NamedTuple):
    """When something falls due in a world that need not be loaded."""

    version: str
    clock: ClockState
    due: float | None
    """When the next event of its scenario is due, by its clock."""
    is_quiet: bool = False
    """Whether nothing waited there when it was last looked at."""

    def stirs(self, seen: PendingSummary) -> bool:
        """Whether something may fall due within a second."""
        times = [due for due in (seen.due, self.due) if due is not None]
        stands = self.clock.frozen_at
        now = seen.moment + self.clock.offset if stands is None else stands
        if any(due <= now + (0 if stands is not None else SOON) for due in times):
            return True
        return seen.leased is not None and seen.leased <= seen.moment


class _Due(msgspec.Struct):
    due: float


class Timing(msgspec.Struct):
    """What a definition says of time."""

    clock: ClockState = ClockState()
    timeline: list[_Due] = []


class _Named(msgspec.Struct):
    name: str


class _Seeded(msgspec.Struct):
    seed: int = 0


class Summary(msgspec.Struct):
    """What a definition says in a list of worlds."""

    scenario: _Named
    settings: _Seeded
    people: list[msgspec.Raw]
