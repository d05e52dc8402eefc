"""A sandbox whose worlds are shared: one replica of several."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import CallbackHandler, Reply, Request, complaint
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._deadline import NEVER, deadline, now
from mockdouyin.redis_store._outbox import LeaseRenewer
from mockdouyin.redis_store._pipeline import Pipeline
from mockdouyin.redis_store._transaction import TransactionResult, current, transact
from mockdouyin.redis_store._world_registry import SharedWorlds
from mockdouyin.redis_store._world_summary import SOON
from mockdouyin.sandbox import Sandbox, World
from mockdouyin.sandbox.worlds import DEFAULT_WORLD
from mockdouyin.scenario.scenario import DEFAULT, Scenario

T = TypeVar("T")


class SharedSandbox(Sandbox):
    """One replica: it answers from what all share, and holds nothing that others lack."""

    blocks = True
    look_every = SOON

    def __init__(
        self,
        link: RedisConnection,
        scenario: Scenario = DEFAULT,
        *,
        seed: int | None = None,
        clock: Callable[[], Clock] = Clock,
        settings: dict[str, Any] | None = None,
    ) -> None:
        self.link = link
        link.know(*_scripts.EVERY)
        super().__init__(scenario, seed=seed, clock=clock, settings=settings)
        self._keeper: LeaseRenewer | None = None
        self._batches: dict[asyncio.AbstractEventLoop, Pipeline] = {}

    @property
    def default(self) -> World:
        """The world that is always there."""
        return self._worlds.find(DEFAULT_WORLD)

    @default.setter
    def default(self, world: World) -> None:
        """Take note of nothing: it may be another one after Redis was emptied."""

    def make_registry(self, clock: Callable[[], Clock]) -> SharedWorlds:
        """Give what worlds are registered in."""
        self._worlds = SharedWorlds(self.link, clock)
        return self._worlds

    def transact(self, work: Callable[[], T]) -> T:
        """Do work as a whole: it is computed again until all that it read still stands."""
        return transact(self.link, work)

    def timed(self, work: Callable[[], T], *, long: bool = False) -> Callable[[], T]:
        """Return work whose time is up so long after now, however late it begins.

        Long work has only to begin by then.
        """
        until = now() + self.link.timeout

        def act() -> T:
            self.link.check(until)
            with deadline(NEVER if long else until):
                return work()

        return act

    def handle(self, request: Request) -> Reply:
        """Answer a request to any of Douyin's addresses."""
        work = current()
        if work is not None:
            work.numbered = True
            return super().handle(request)
        try:
            return transact(self.link, lambda: self.handle(request))
        except MockDouyinError as error:
            return complaint(error.status, str(error))

    def callback_handler(self, loop: asyncio.AbstractEventLoop) -> CallbackHandler:
        """Return a handler that answers on this event loop without blocking it."""
        batches = self._batches.get(loop)
        if batches is None:
            batches = self._batches[loop] = Pipeline(self.link, loop)
        return partial(self._together, batches)

    def _together(
        self, batches: Pipeline, request: Request, done: Callable[[Reply], None]
    ) -> None:
        """Answer a request: what many of them ask at once is sent at once."""
        batches.transact(partial(self.handle, request), lambda outcome: done(_given(outcome)))

    async def detach_loop(self) -> None:
        """Close what this event loop had open."""
        batches = self._batches.pop(asyncio.get_running_loop(), None)
        if batches is not None:
            await batches.close()

    def phone(
        self, world: World, api: str, *, app: str | None, person: str | None, args: dict[str, Any]
    ) -> dict[str, Any]:
        """Call a tt API on a person's phone: give what it hands to `success`, or to `fail`."""

        def call() -> dict[str, Any]:
            return super(SharedSandbox, self).phone(world, api, app=app, person=person, args=args)

        return transact(self.link, call)

    def worlds_with_due_work(self) -> Iterator[World]:
        """Give the worlds in which something may fall due."""
        return self._worlds.worlds_with_due_work()

    def renew_leases(self) -> None:
        """Hold on to what this replica has claimed to send, for as long as it lives."""
        if self._keeper is None:
            self._keeper = LeaseRenewer(self._worlds.renew_claims)

    def close(self) -> None:
        """Leave what is shared to the others."""
        if self._keeper is not None:
            self._keeper.stop()
        self.link.close()


def _given(outcome: TransactionResult[Reply]) -> Reply:
    try:
        return outcome.give()
    except MockDouyinError as error:
        return complaint(error.status, str(error))
    except Exception as error:  # noqa: BLE001 - a bug of ours is told as one, at every door
        traceback.print_exc(file=sys.stderr)
        return complaint(500, f"a bug of mockdouyin's: {type(error).__name__}: {error}")
