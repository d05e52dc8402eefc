"""Round trips of an event loop: what many requests ask at the same moment goes out together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.redis_store._availability import SHORT, Sign
from mockdouyin.redis_store._connection import Batch, RedisConnection
from mockdouyin.redis_store._deadline import HERE, deadline, now
from mockdouyin.redis_store._loop_connection import LoopConnection, PendingBatch, greet
from mockdouyin.redis_store._thread_connection import AWAY, reason
from mockdouyin.redis_store._transaction import (
    ELSEWHERE,
    Transaction,
    TransactionResult,
    run_to_end,
)

T = TypeVar("T")

TICK = 0.1
"""Seconds between two looks at who has waited for too long."""

THREADS = 8
"""Threads for work that has to wait in the middle of a pass."""


class _Walk(Generic[T]):
    """Work on its way, from one trip to the next; no task is needed for that."""

    __slots__ = ("_batches", "_done", "_has_turn", "_is_elsewhere", "_steps", "_work", "is_over")

    def __init__(
        self,
        batches: Pipeline,
        action: Callable[[], T],
        done: Callable[[TransactionResult[T]], None],
    ) -> None:
        self._batches = batches
        self._work = Transaction(batches.link)
        self._steps = self._work.steps(action)
        self._done = done
        self._has_turn = False
        self._is_elsewhere = False
        self.is_over = False
        """Whether its outcome was told; answers that come later are for nobody."""

    def go_on(self, answers: list[Any] | None = None) -> None:
        """Take a trip's answers, and begin the next one."""
        if self.is_over:
            return
        trip = self._next(answers)
        if trip is not None:
            self._begin(trip)

    def _next(self, answers: list[Any] | None) -> Batch | None:
        """Compute on; None where the work is over."""
        HERE.must_not_wait = True
        try:
            given = None if answers is None else self._batches.link.checked(answers)
            return self._steps.send(given)  # type: ignore[arg-type]
        except StopIteration as end:
            outcome = end.value
        except Exception as error:  # noqa: BLE001 - it is told to whoever wanted the work done
            outcome = TransactionResult(None, error)
        finally:
            HERE.must_not_wait = False
        self.end(outcome)
        return None

    def _begin(self, trip: Batch) -> None:
        if trip is ELSEWHERE:
            self._is_elsewhere = True
            self._batches.send_away(self)
        # One at a time, or all who want the same would refuse one another for long.
        elif self._work.is_refused and not self._has_turn:
            self._has_turn = True
            self._batches.take_turn(self, trip)
        else:
            self._batches.ask(trip, self)

    def carry_on(self) -> TransactionResult[T]:
        """Carry the work to its end in a thread that may wait."""
        return run_to_end(self._batches.link, self._work, self._steps)

    def end(self, outcome: TransactionResult[T]) -> None:
        """Tell what became of the work, once."""
        if self.is_over:
            return
        self.is_over = True
        self._batches.leave(self, has_turn=self._has_turn)
        if not self._is_elsewhere:
            self._steps.close()
        try:
            self._done(outcome)
        except Exception as error:  # noqa: BLE001 - the connection carries others' answers too
            self._batches.report(error)

    def refuse(self, error: MockDouyinError) -> None:
        """Tell that a trip had no answer."""
        self.end(TransactionResult(None, error))

    def give_up(self) -> None:
        """Tell that the time is over."""
        presence = self._batches.link.presence
        self.refuse(presence.busy() if self._has_turn else presence.away("no answer in time"))


class Pipeline:
    """One connection for all requests of an event loop; nobody waits for another's answer."""

    def __init__(self, link: RedisConnection, loop: asyncio.AbstractEventLoop) -> None:
        self.link = link
        self._loop = loop
        self._walks: dict[_Walk[Any], float] = {}
        """Work under way, and when it has to be over."""
        self._clock: asyncio.TimerHandle | None = None
        self._turns: deque[tuple[_Walk[Any], Batch]] = deque()
        """Work that others had refused; the first has its turn."""
        self._waiting: list[PendingBatch] = []
        """What is to be sent at the end of this turn of the loop."""
        self._wire: LoopConnection | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._is_closed = False

    def transact(
        self, action: Callable[[], T], done: Callable[[TransactionResult[T]], None]
    ) -> None:
        """Carry work out as a whole, without holding up the loop, and tell what became of it."""
        walk = _Walk(self, action, done)
        patience = SHORT if self.link.presence.is_silent else self.link.timeout
        self._walks[walk] = self._loop.time() + patience
        if self._clock is None:
            self._clock = self._loop.call_later(TICK, self._tick)
        walk.go_on()

    def _tick(self) -> None:
        """End what has taken too long, whatever it waits for."""
        self._clock = None
        moment = self._loop.time()
        if self._wire is not None:
            self._wire.look(moment - self.link.timeout)
        for walk in [each for each, until in self._walks.items() if until <= moment]:
            walk.give_up()
        if self._walks:
            self._clock = self._loop.call_later(TICK, self._tick)

    def leave(self, walk: _Walk[Any], *, has_turn: bool) -> None:
        """Forget work that is over, and let the next one have its turn."""
        del self._walks[walk]
        if not has_turn:
            return
        had_it = self._turns[0][0] is walk
        self._turns = deque(turn for turn in self._turns if turn[0] is not walk)
        if had_it and self._turns:
            following, trip = self._turns[0]
            self.ask(trip, following)

    def take_turn(self, walk: _Walk[Any], trip: Batch) -> None:
        """Send a trip when all who wait before are done."""
        self._turns.append((walk, trip))
        if len(self._turns) == 1:
            self.ask(trip, walk)

    def report(self, error: Exception) -> None:
        """Tell of a mistake of ours where the loop tells of them."""
        message = "an answer could not be given"
        self._loop.call_exception_handler({"message": message, "exception": error})

    # Work that has to wait in the middle of a pass.

    def send_away(self, walk: _Walk[Any]) -> None:
        """Let work go on in another thread."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(THREADS, "mockdouyin store")
        until = now() + self._walks[walk] - self._loop.time()

        def run() -> None:
            if walk.is_over:
                return
            with deadline(until):
                outcome = walk.carry_on()
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(walk.end, outcome)

        self._threads.submit(run)

    # Trips.

    def ask(self, trip: Batch, walk: _Walk[Any]) -> None:
        """Send a trip with what else is sent in this turn of the loop."""
        self._queue(PendingBatch(trip, walk, self._loop.time()))

    def _queue(self, *asked: PendingBatch) -> None:
        if self._is_closed:
            for each in asked:
                each.refuse(self.link.presence.away("the server stopped"))
            return
        if not self._waiting and self._connecting is None:
            self._loop.call_soon(self._flush)
        self._waiting.extend(asked)

    def _flush(self) -> None:
        if self._wire is None:
            if self._connecting is None:
                self._connecting = self._loop.create_task(self._connect())
            return
        waiting, self._waiting = self._waiting, []
        self.link.round_trips += 1
        self._wire.send([each for each in waiting if each.is_wanted])

    async def _connect(self) -> None:
        asked = now()
        try:
            async with asyncio.timeout(self.link.timeout):
                self._wire = await greet(self, self.link.address, self._loop)
        except AWAY as error:
            self._refuse_all(self.link.lost(error, asked, Sign.ANYTHING))
        except Exception as error:  # noqa: BLE001 - those who wait are told, whatever it is
            self.report(error)
            self._refuse_all(self.link.presence.away(reason(error)))
        finally:
            self._connecting = None
        if self._waiting:
            self._flush()

    def _refuse_all(self, error: MockDouyinError) -> None:
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.refuse(error)

    def lost(
        self, wire: LoopConnection, asked: list[PendingBatch], why: str, *, late: bool
    ) -> None:
        """Ask again what may be asked twice, once; refuse the rest."""
        if self._wire is wire:
            self._wire = None
        for each in asked:
            each.tries += 1
            is_last = late or each.tries > 1
            if each.trip.again and each.is_wanted and not is_last and not self._is_closed:
                each.answers.clear()
                self._queue(each)
            elif is_last:
                each.refuse(self.link.lost(why, each.since, each.trip.sign))
            else:
                each.refuse(self.link.presence.away(why))

    def load(self, asked: PendingBatch) -> None:
        """Give Redis the scripts that it has forgotten, and ask again."""
        asked.answers.clear()
        asked.tries += 1
        self._queue(PendingBatch(self.link.loading, None, asked.since), asked)

    async def close(self) -> None:
        """Close the connection, also one that is being made, and make no other."""
        self._is_closed = True
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait((self._connecting,))
        if self._wire is not None:
            self._wire.close()
        if self._clock is not None:
            self._clock.cancel()
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
