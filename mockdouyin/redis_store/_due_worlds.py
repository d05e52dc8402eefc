"""Find the worlds in which something falls due, without loading them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

import msgspec

from mockdouyin.core import codec
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._queries import PendingDeliveries, PendingSummary
from mockdouyin.redis_store._shared_world import SharedStore
from mockdouyin.redis_store._world_index import WorldIndex
from mockdouyin.sandbox.definition import ClockState

SOON = 1.0
"""Seconds of real time between two rounds, and how far each looks ahead."""

QUIET_ROUNDS = 10
"""Rounds within which every quiet world is polled once."""


class DueState(NamedTuple):
    """When something falls due in a world, as far as its definition says."""

    version: str
    clock: ClockState
    due: float | None
    """When the next event of its scenario is due, by its clock."""
    is_quiet: bool = False
    """Whether nothing waited there at the last poll."""

    def is_due_soon(self, pending: PendingSummary) -> bool:
        """Whether something may fall due before the next round, or a claim has lapsed."""
        times = [due for due in (pending.due, self.due) if due is not None]
        frozen_at = self.clock.frozen_at
        now = pending.time + self.clock.offset if frozen_at is None else frozen_at
        ahead = 0 if frozen_at is not None else SOON  # a frozen clock gets to nothing by itself
        if any(due <= now + ahead for due in times):
            return True
        return pending.lease_ends is not None and pending.lease_ends <= pending.time


class _Due(msgspec.Struct):
    due: float


class DefinitionTiming(msgspec.Struct):
    """The part of a definition that says when something falls due; the rest is not decoded."""

    clock: ClockState = ClockState()
    timeline: list[_Due] = []


class DueWorlds:
    """Polls worlds for due work: the busy ones each round, the quiet ones in turn."""

    def __init__(self, redis: RedisConnection, index: WorldIndex) -> None:
        self._redis = redis
        self._index = index
        self._states: dict[str, DueState] = {}
        self._round = 0

    def poll(self, names: Iterable[str]) -> list[str]:
        """Return those of these worlds in which something may fall due within a second."""
        before, self._states = self._states, {}
        self._round = (self._round + 1) % QUIET_ROUNDS
        stores = {}
        for name in names:
            state = before.get(name)
            if state is not None:
                self._states[name] = state
            # In a quiet world only a process that has died can have left anything behind, so it
            # can wait. The hash spreads the quiet worlds evenly over the rounds.
            is_turn = crc32(name.encode()) % QUIET_ROUNDS == self._round
            if state is None or not state.is_quiet or is_turn:
                stores[name] = SharedStore(self._redis, name)
        query = PendingDeliveries()
        replies = self._redis.call_many(*(query.command(store) for store in stores.values()))
        pending = {
            name: query.parse(store, reply)
            for (name, store), reply in zip(stores.items(), replies, strict=True)
        }
        self._update(pending)
        return [
            name
            for name, each in pending.items()
            if name in self._states and self._states[name].is_due_soon(each)
        ]

    def _update(self, pending: dict[str, PendingSummary]) -> None:
        """Read the definitions that have changed, and note which worlds are quiet."""
        changed = [
            name
            for name, each in pending.items()
            if each.version and getattr(self._states.get(name), "version", "") != each.version
        ]
        for name, (version, definition) in self._index.about(changed, "definition"):
            timing = codec.decode(DefinitionTiming, definition)
            due = min((each.due for each in timing.timeline), default=None)
            self._states[name] = DueState(version, timing.clock, due)
        for name, each in pending.items():
            state = self._states.get(name)
            if state is not None:
                quiet = state.due is None and each.due is None and each.lease_ends is None
                self._states[name] = state._replace(is_quiet=quiet)
