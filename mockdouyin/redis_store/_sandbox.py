"""A sandbox whose worlds are in Redis: one replica of several."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import CallbackHandler, Reply, Request
from mockdouyin.core.pages import complaint_about
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._availability import NEVER, deadline, now
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._due_worlds import SOON
from mockdouyin.redis_store._outbox import LeaseRenewer
from mockdouyin.redis_store._pipeline import Pipeline
from mockdouyin.redis_store._transaction import TransactionResult, current, transact
from mockdouyin.redis_store._world_registry import SharedWorlds
from mockdouyin.sandbox import Sandbox, World
from mockdouyin.scenario.scenario import DEFAULT, Scenario

T = TypeVar("T")


class SharedSandbox(Sandbox):
    """One replica: it answers from the state in Redis and holds nothing that others lack."""

    worlds: SharedWorlds

    blocks = True
    look_every = SOON

    def __init__(
        self,
        redis: RedisConnection,
        scenario: Scenario = DEFAULT,
        *,
        seed: int | None = None,
        clock: Callable[[], Clock] = Clock,
        settings: dict[str, Any] | None = None,
        catalogue: Catalogue = CATALOGUE,
        **parts: Any,
    ) -> None:
        self.redis = redis
        redis.register(*_scripts.ALL_SCRIPTS)
        super().__init__(
            scenario, seed=seed, clock=clock, settings=settings, catalogue=catalogue, **parts
        )
        self._lease_renewer: LeaseRenewer | None = None
        self._pipelines: dict[asyncio.AbstractEventLoop, Pipeline] = {}

    def make_registry(self, clock: Callable[[], Clock]) -> SharedWorlds:
        """Return the registry of worlds, which is in Redis."""
        return SharedWorlds(self.redis, clock, self.catalogue)

    def transact(self, action: Callable[[], T]) -> T:
        """Run an action as a transaction; it may be called several times until it commits."""
        return transact(self.redis, action)

    def timed(self, work: Callable[[], T], *, long: bool = False) -> Callable[[], T]:
        """Return the work with a deadline, which in an outage is counted from now.

        It may stand in line for a thread. While the store answers, that is not the store's
        silence, and the deadline is counted from when the work begins. Long work has to begin
        before the deadline, and may end after it.
        """
        asked = now()

        def run() -> T:
            began = asked if self.redis.availability.is_away else now()
            until = began + self.redis.timeout
            self.redis.check_deadline(until)
            with deadline(NEVER if long else until):
                return work()

        return run

    def handle(self, request: Request) -> Reply:
        """Answer a request to any of Douyin's addresses."""
        transaction = current()
        if transaction is not None:
            transaction.is_exchange = True
            return super().handle(request)
        try:
            return transact(self.redis, lambda: self.handle(request))
        except MockDouyinError as error:
            return complaint_about(error, request, self.language)

    def began(self) -> float:
        """Return when the first pass began: the round trips to Redis count too."""
        transaction = current()
        return super().began() if transaction is None else transaction.began

    def callback_handler(self, loop: asyncio.AbstractEventLoop) -> CallbackHandler:
        """Return a handler for this event loop that calls back with the reply."""
        pipeline = self._pipelines.get(loop)
        if pipeline is None:
            pipeline = self._pipelines[loop] = Pipeline(self.redis, loop)
        return partial(self._handle_in, pipeline)

    def _handle_in(
        self, pipeline: Pipeline, request: Request, done: Callable[[Reply], None]
    ) -> None:
        handle = partial(self.handle, request)
        pipeline.transact(handle, lambda result: done(self._reply_of(result, request)))

    def _reply_of(self, result: TransactionResult[Reply], request: Request) -> Reply:
        try:
            return result.unwrap()
        except Exception as error:  # noqa: BLE001 - a bug of ours is reported as one, at every door
            return complaint_about(error, request, self.language)

    async def detach_loop(self) -> None:
        """Close the pipeline of the running event loop."""
        pipeline = self._pipelines.pop(asyncio.get_running_loop(), None)
        if pipeline is not None:
            await pipeline.close()

    def worlds_with_due_work(self) -> Iterator[World]:
        """Yield the worlds in which something may be due."""
        return self.worlds.worlds_with_due_work()

    def renew_leases(self) -> None:
        """Start to renew the claims of this replica, until it is closed."""
        if self._lease_renewer is None:
            self._lease_renewer = LeaseRenewer(self.worlds.renew_claims)

    def close(self) -> None:
        """Close the connections; the state in Redis stays for the other replicas."""
        if self._lease_renewer is not None:
            self._lease_renewer.stop()
        self.redis.close()
