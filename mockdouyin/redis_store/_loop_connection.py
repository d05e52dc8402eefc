"""A connection to Redis on an event loop: batches are pipelined, replies come in their order."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

import hiredis

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.redis_store._address import RedisAddress
from mockdouyin.redis_store._connection import Batch, RedisConnection, is_noscript
from mockdouyin.redis_store._thread_connection import (
    check_handshake,
    describe_error,
    encode_commands,
    make_reader,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class BatchCaller(Protocol):
    """Waits for the replies to a batch."""

    is_done: bool
    """Whether it no longer waits; its replies are dropped."""

    def resume(self, replies: list[Any]) -> None:
        """Take the replies."""

    def fail(self, error: MockDouyinError) -> None:
        """Take the error: there will be no replies."""


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


class ConnectionOwner(Protocol):
    """Owns a connection, and decides what becomes of batches that get no replies."""

    redis: RedisConnection

    def connection_lost(
        self, connection: LoopConnection, pending: list[PendingBatch], why: str, *, timed_out: bool
    ) -> None:
        """Retry or fail these batches: the connection has ended or did not answer in time."""

    def reload_scripts(self, pending: PendingBatch) -> None:
        """Load the scripts and send this batch again."""


class LoopConnection(asyncio.Protocol):
    """One connection of an event loop."""

    def __init__(self, owner: ConnectionOwner) -> None:
        self._owner = owner
        self._reader = make_reader()
        self._pending: deque[PendingBatch] = deque()
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
        """End the connection if a batch that was sent at or before this time has no replies."""
        # The first is the oldest: replies come in the order of the batches.
        if self._pending and self._pending[0].sent_at <= oldest:
            self._end("no answer in time", timed_out=True)

    def data_received(self, data: bytes) -> None:
        """Parse replies and hand them out."""
        self._reader.feed(data)
        try:
            while (reply := self._reader.gets()) is not False:
                self._receive(reply)
        except hiredis.HiredisError as error:
            self._end(describe_error(error))

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


async def open_connection(
    owner: ConnectionOwner, address: RedisAddress, loop: asyncio.AbstractEventLoop
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
