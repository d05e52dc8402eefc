"""Transactions of an event loop: the batches of concurrent requests go out in one write.

A transaction continues in the callback that brings its replies: no request needs a task or a
thread. Only a pass that has to block goes on in a thread.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.redis_store._availability import OUTAGE_PATIENCE, HealthLevel
from mockdouyin.redis_store._connection import Batch, RedisConnection
from mockdouyin.redis_store._deadline import THIS_THREAD, deadline, now
from mockdouyin.redis_store._loop_connection import LoopConnection, PendingBatch, open_connection
from mockdouyin.redis_store._thread_connection import CONNECTION_ERRORS, describe_error
from mockdouyin.redis_store._transaction import (
    CONTINUE_IN_THREAD,
    Transaction,
    TransactionResult,
    run_to_end,
)

T = TypeVar("T")

CHECK_INTERVAL = 0.1
"""Seconds between two checks for transactions that have run out of time."""

MAX_THREADS = 8
"""Threads for transactions that have to block in the middle of a pass."""


class _RunningTransaction(Generic[T]):
    """A transaction that is driven by callbacks, from one batch to the next."""

    __slots__ = (
        *("_done", "_holds_turn", "_is_in_thread", "_pipeline", "_steps", "_transaction"),
        "is_done",
    )

    def __init__(
        self,
        pipeline: Pipeline,
        action: Callable[[], T],
        done: Callable[[TransactionResult[T]], None],
    ) -> None:
        self._pipeline = pipeline
        self._transaction = Transaction(pipeline.redis)
        self._steps = self._transaction.steps(action)
        self._done = done
        self._holds_turn = False
        self._is_in_thread = False
        self.is_done = False
        """Whether it has reported its result; replies that come later are dropped."""

    def resume(self, replies: list[Any] | None = None) -> None:
        """Compute with the replies to the last batch, and send the next one."""
        if self.is_done:
            return
        batch = self._next_batch(replies)
        if batch is not None:
            self._send(batch)

    def _next_batch(self, replies: list[Any] | None) -> Batch | None:
        """Compute until the next batch; None if the transaction has ended."""
        # This is the loop's own thread: whatever would block in the pass raises WouldBlock.
        THIS_THREAD.must_not_wait = True
        try:
            if replies is not None:
                self._pipeline.redis.raise_for_errors(replies)
            return self._steps.send(replies)  # type: ignore[arg-type]
        except StopIteration as end:
            result = end.value
        except Exception as error:  # noqa: BLE001 - it is raised where the result is unwrapped
            result = TransactionResult(None, error)
        finally:
            THIS_THREAD.must_not_wait = False
        self.finish(result)
        return None

    def _send(self, batch: Batch) -> None:
        if batch is CONTINUE_IN_THREAD:
            self._is_in_thread = True
            self._pipeline.run_in_thread(self)
        # Retries take turns: transactions that write the same record would otherwise invalidate
        # one another again and again.
        elif self._transaction.has_conflicted and not self._holds_turn:
            self._holds_turn = True
            self._pipeline.enqueue_retry(self, batch)
        else:
            self._pipeline.send(batch, self)

    def run_to_end(self) -> TransactionResult[T]:
        """Run the rest of the transaction in this thread, which may block."""
        return run_to_end(self._pipeline.redis, self._transaction, self._steps)

    def finish(self, result: TransactionResult[T]) -> None:
        """Report the result, once."""
        if self.is_done:
            return
        self.is_done = True
        self._pipeline.remove(self, holds_turn=self._holds_turn)
        # A generator that another thread is running cannot be closed here; that thread does it.
        if not self._is_in_thread:
            self._steps.close()
        try:
            self._done(result)
        except Exception as error:  # noqa: BLE001 - the connection carries other replies too
            self._pipeline.report(error)

    def fail(self, error: MockDouyinError) -> None:
        """End with an error: a batch got no replies."""
        self.finish(TransactionResult(None, error))

    def time_out(self) -> None:
        """End with an error: the time is over."""
        availability = self._pipeline.redis.availability
        if self._holds_turn:
            self.fail(availability.busy_error())
        else:
            self.fail(availability.away_error("no answer in time"))


class Pipeline:
    """One connection for all transactions of an event loop; none waits for another's replies."""

    def __init__(self, redis: RedisConnection, loop: asyncio.AbstractEventLoop) -> None:
        self.redis = redis
        self._loop = loop
        self._running: dict[_RunningTransaction[Any], float] = {}
        """Transactions under way, with the loop's time at which each times out."""
        self._timer: asyncio.TimerHandle | None = None
        self._retries: deque[tuple[_RunningTransaction[Any], Batch]] = deque()
        """Transactions that had a conflict; only the first one is being retried."""
        self._outgoing: list[PendingBatch] = []
        """Batches to be sent at the end of this turn of the loop."""
        self._connection: LoopConnection | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._is_closed = False

    def transact(
        self, action: Callable[[], T], done: Callable[[TransactionResult[T]], None]
    ) -> None:
        """Run an action as a transaction without blocking the loop; call back with the result."""
        running = _RunningTransaction(self, action, done)
        # During an outage nobody waits for the full timeout.
        unreachable = self.redis.availability.is_unreachable
        patience = OUTAGE_PATIENCE if unreachable else self.redis.timeout
        self._running[running] = self._loop.time() + patience
        if self._timer is None:
            self._timer = self._loop.call_later(CHECK_INTERVAL, self._check_deadlines)
        running.resume()

    def _check_deadlines(self) -> None:
        """Time out the transactions whose time is over, whatever they wait for."""
        self._timer = None
        moment = self._loop.time()
        if self._connection is not None:
            self._connection.check_timeout(moment - self.redis.timeout)
        for running in [each for each, until in self._running.items() if until <= moment]:
            running.time_out()
        if self._running:
            self._timer = self._loop.call_later(CHECK_INTERVAL, self._check_deadlines)

    def remove(self, running: _RunningTransaction[Any], *, holds_turn: bool) -> None:
        """Remove a transaction that has ended; if it was being retried, start the next retry."""
        del self._running[running]
        if not holds_turn:
            return
        was_first = self._retries[0][0] is running
        # It may also have timed out in the middle of the queue.
        self._retries = deque(each for each in self._retries if each[0] is not running)
        if was_first and self._retries:
            following, batch = self._retries[0]
            self.send(batch, following)

    def enqueue_retry(self, running: _RunningTransaction[Any], batch: Batch) -> None:
        """Send a batch once the retries before it have ended."""
        self._retries.append((running, batch))
        if len(self._retries) == 1:
            self.send(batch, running)

    def report(self, error: Exception) -> None:
        """Report a bug of ours to the loop's exception handler."""
        message = "an answer could not be given"
        self._loop.call_exception_handler({"message": message, "exception": error})

    def run_in_thread(self, running: _RunningTransaction[Any]) -> None:
        """Run the rest of a transaction in a thread."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(MAX_THREADS, "mockdouyin store")
        # The deadline stays the same, measured by the thread's clock.
        until = now() + self._running[running] - self._loop.time()

        def run() -> None:
            # It may have timed out while it stood in line for a thread.
            if running.is_done:
                return
            with deadline(until):
                result = running.run_to_end()
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(running.finish, result)

        self._threads.submit(run)

    def send(self, batch: Batch, running: _RunningTransaction[Any]) -> None:
        """Send a batch together with the others of this turn of the loop."""
        self._enqueue(PendingBatch(batch, running, self._loop.time()))

    def _enqueue(self, *pending: PendingBatch) -> None:
        if self._is_closed:
            for each in pending:
                each.fail(self.redis.availability.away_error("the server stopped"))
            return
        # call_soon runs after the callbacks that are due now: each may add a batch to this write.
        if not self._outgoing and self._connecting is None:
            self._loop.call_soon(self._flush)
        self._outgoing.extend(pending)

    def _flush(self) -> None:
        if self._connection is None:
            if self._connecting is None:
                self._connecting = self._loop.create_task(self._connect())
            return
        outgoing, self._outgoing = self._outgoing, []
        self.redis.round_trips += 1
        self._connection.send([each for each in outgoing if each.is_needed])

    async def _connect(self) -> None:
        started = now()
        try:
            async with asyncio.timeout(self.redis.timeout):
                self._connection = await open_connection(self, self.redis.address, self._loop)
        except CONNECTION_ERRORS as error:
            self._fail_outgoing(self.redis.record_loss(error, started, HealthLevel.ANYTHING))
        except Exception as error:  # noqa: BLE001 - whoever waits must get an answer
            self.report(error)
            self._fail_outgoing(self.redis.availability.away_error(describe_error(error)))
        finally:
            self._connecting = None
        if self._outgoing:
            self._flush()

    def _fail_outgoing(self, error: MockDouyinError) -> None:
        outgoing, self._outgoing = self._outgoing, []
        for each in outgoing:
            each.fail(error)

    def connection_lost(
        self, connection: LoopConnection, pending: list[PendingBatch], why: str, *, timed_out: bool
    ) -> None:
        """Retry each batch once if it may be repeated; fail the others."""
        # A connection whose handshake failed is not this one, and leaves it alone.
        if self._connection is connection:
            self._connection = None
        for each in pending:
            each.attempts += 1
            is_last = timed_out or each.attempts > 1
            if each.batch.retry and each.is_needed and not is_last and not self._is_closed:
                each.replies.clear()
                self._enqueue(each)
            # A single closed connection is not an outage; a timeout or a second loss is.
            elif is_last:
                each.fail(self.redis.record_loss(why, each.sent_at, each.batch.level))
            else:
                each.fail(self.redis.availability.away_error(why))

    def reload_scripts(self, pending: PendingBatch) -> None:
        """Load the scripts, and send a batch again that needed one."""
        pending.replies.clear()
        pending.attempts += 1
        # A connection runs commands in order, so the scripts are loaded before the batch runs.
        self._enqueue(PendingBatch(self.redis.script_loads, None, pending.sent_at), pending)

    async def close(self) -> None:
        """Close the connection, even one that is being made, and make no other."""
        self._is_closed = True
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait((self._connecting,))
        if self._connection is not None:
            self._connection.close()
        if self._timer is not None:
            self._timer.cancel()
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
