"""Transactions of an event loop: the batches of concurrent requests go out in one write.

A transaction continues in the callback that brings its replies: no request needs a task or a
thread. Only a pass that has to block goes on in a thread.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import hiredis

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.redis_store._address import RedisAddress
from mockdouyin.redis_store._availability import OUTAGE_PATIENCE, HealthLevel, deadline, now
from mockdouyin.redis_store._connection import (
    CONNECTION_ERRORS,
    Batch,
    RedisConnection,
    check_handshake,
    describe_error,
    encode_commands,
    is_noscript,
    make_reader,
)
from mockdouyin.redis_store._transaction import RunningTransaction, TransactionResult

T = TypeVar("T")

CHECK_INTERVAL = 0.1
"""Seconds between two checks for transactions that have run out of time."""

MAX_THREADS = 8
"""Threads for transactions that have to block in the middle of a pass."""


class _HandshakeCaller:
    """Waits for the replies to the handshake."""

    is_done = False

    def __init__(self) -> None:
        self.replies: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()

    def resume(self, replies: list[Any]) -> None:
        """Take the replies."""
        if not self.replies.done():
            self.replies.set_result(replies)

    def fail(self, error: MockDouyinError) -> None:
        """Raise where they are awaited."""
        if not self.replies.done():
            self.replies.set_exception(EOFError("the connection was closed"))


BatchCaller = RunningTransaction[Any] | _HandshakeCaller
"""Who waits for the replies to a batch."""


class PendingBatch:
    """A batch that was sent or waits to be, and its caller; None if nobody needs the replies."""

    __slots__ = ("attempts", "batch", "caller", "replies", "sent_at")

    def __init__(self, batch: Batch, caller: BatchCaller | None, sent_at: float) -> None:
        self.batch = batch
        self.caller = caller
        self.sent_at = sent_at
        self.replies: list[Any] = []
        self.attempts = 0
        """How often it has failed so far."""

    @property
    def is_needed(self) -> bool:
        """Whether its caller still waits, or it has none and is sent for its effect."""
        return self.caller is None or not self.caller.is_done

    def deliver(self) -> None:
        """Hand the replies to the caller."""
        if self.caller is not None:
            self.caller.resume(self.replies)

    def fail(self, error: MockDouyinError) -> None:
        """Hand an error to the caller."""
        if self.caller is not None:
            self.caller.fail(error)


class LoopConnection(asyncio.Protocol):
    """One connection of an event loop."""

    def __init__(self, owner: Pipeline) -> None:
        self._owner = owner
        self._reader = make_reader()
        self._pending: deque[PendingBatch] = deque()
        self._heard_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]

    def send(self, pending: Sequence[PendingBatch]) -> None:
        """Send batches with one write."""
        self._pending.extend(pending)
        if self._transport is not None:
            self._transport.write(
                encode_commands([c for each in pending for c in each.batch.commands])
            )

    def check_timeout(self, oldest: float) -> None:
        """End the connection if nothing came since this time, and a batch was sent before it."""
        # The first is the oldest: replies come in the order of the batches.
        if self._pending and max(self._pending[0].sent_at, self._heard_at) <= oldest:
            self._end("no answer in time", timed_out=True)

    def data_received(self, data: bytes) -> None:
        """Parse replies and hand them out."""
        self._reader.feed(data)
        try:
            while (reply := self._reader.gets()) is not False:
                self._receive(reply)
        except hiredis.HiredisError as error:
            self._end(describe_error(error))
        # After them: what they took is not the store's silence either.
        self._heard_at = now()

    def _receive(self, reply: Any) -> None:
        if not self._pending:
            # Out of step: from here on, replies would go to the wrong callers.
            self._end("an answer came to what nobody asked")
            return
        pending = self._pending[0]
        pending.replies.append(reply)
        if len(pending.replies) < len(pending.batch.commands):
            return
        self._pending.popleft()
        # Bounded: a Redis that drops scripts again and again must not keep a batch here for ever.
        if any(map(is_noscript, pending.replies)) and pending.attempts < 2:
            self._owner.reload_scripts(pending)
            return
        self._owner.redis.record_replies(pending.replies, pending.sent_at, pending.batch)
        pending.deliver()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand the unanswered batches back to the owner."""
        self._end("the connection was closed")

    def _end(self, why: str, *, timed_out: bool = False) -> None:
        self.close()
        # Emptied first: closing leads here a second time, through `connection_lost`.
        pending = list(self._pending)
        self._pending.clear()
        self._owner.connection_lost(self, pending, why, timed_out=timed_out)

    def close(self) -> None:
        """Close the connection at once."""
        if self._transport is not None:
            self._transport.abort()


async def open_connection(
    owner: Pipeline, address: RedisAddress, loop: asyncio.AbstractEventLoop
) -> LoopConnection:
    """Connect, complete the handshake and return the connection."""
    connection = LoopConnection(owner)
    if address.path:
        await loop.create_unix_connection(lambda: connection, address.path)
    else:
        await loop.create_connection(
            lambda: connection, address.host, address.port, ssl=address.tls
        )
    caller = _HandshakeCaller()
    handshake = Batch([*address.handshake], retry=False)
    try:
        connection.send([PendingBatch(handshake, caller, loop.time())])
        check_handshake(await caller.replies)
    except BaseException:
        connection.close()
        raise
    return connection


class Pipeline:
    """One connection for all transactions of an event loop; none waits for another's replies."""

    def __init__(self, redis: RedisConnection, loop: asyncio.AbstractEventLoop) -> None:
        self.redis = redis
        self._loop = loop
        self._running: dict[RunningTransaction[Any], float] = {}
        """Transactions under way, with the loop's time at which each times out."""
        self._timer: asyncio.TimerHandle | None = None
        self._retries: deque[tuple[RunningTransaction[Any], Batch]] = deque()
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
        running = RunningTransaction(self, action, done)
        # During an outage nobody waits for the full timeout.
        unreachable = self.redis.availability.is_unreachable
        patience = OUTAGE_PATIENCE if unreachable else self.redis.timeout
        self._running[running] = self._loop.time() + patience
        if self._timer is None:
            self._check_later()
        running.resume()

    def _check_later(self) -> None:
        due = self._loop.time() + CHECK_INTERVAL
        self._timer = self._loop.call_at(due, self._check_deadlines, due)

    def _check_deadlines(self, due: float) -> None:
        """Time out the transactions whose time is over, whatever they wait for."""
        self._timer = None
        moment = self._loop.time()
        # What this loop, busy with other things, was late is not the store's silence.
        late = moment - due
        self._running = {each: until + late for each, until in self._running.items()}
        if self._connection is not None:
            self._connection.check_timeout(moment - late - self.redis.timeout)
        for running in [each for each, until in self._running.items() if until <= moment]:
            running.time_out()
        if self._running:
            self._check_later()

    def remove(self, running: RunningTransaction[Any], *, holds_turn: bool) -> None:
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

    def enqueue_retry(self, running: RunningTransaction[Any], batch: Batch) -> None:
        """Send a batch once the retries before it have ended."""
        self._retries.append((running, batch))
        if len(self._retries) == 1:
            self.send(batch, running)

    def report(self, error: Exception) -> None:
        """Report a bug of ours to the loop's exception handler."""
        message = "an answer could not be given"
        self._loop.call_exception_handler({"message": message, "exception": error})

    def run_in_thread(self, running: RunningTransaction[Any]) -> None:
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

    def send(self, batch: Batch, running: RunningTransaction[Any]) -> None:
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
