"""A connection to Redis on an event loop: answers come in the order of what was asked."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

import hiredis

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.redis_store._address import RedisAddress
from mockdouyin.redis_store._connection import Batch, RedisConnection, forgotten
from mockdouyin.redis_store._thread_connection import check_greeting, packed, reader, reason

if TYPE_CHECKING:
    from collections.abc import Sequence


class BatchCaller(Protocol):
    """Who wants the answers of a trip."""

    is_over: bool
    """Whether nobody wants them any more."""

    def go_on(self, answers: list[Any]) -> None:
        """Take them."""

    def refuse(self, error: MockDouyinError) -> None:
        """Hear that there are none."""


class PendingBatch:
    """A trip under way, and whom its answers are for; nobody, where only Redis is to know."""

    __slots__ = ("answers", "asker", "since", "tries", "trip")

    def __init__(self, trip: Batch, asker: BatchCaller | None, since: float) -> None:
        self.trip = trip
        self.asker = asker
        self.since = since
        self.answers: list[Any] = []
        self.tries = 0

    @property
    def is_wanted(self) -> bool:
        """Whether somebody still waits for it, or Redis is to know."""
        return self.asker is None or not self.asker.is_over

    def done(self) -> None:
        """Hand the answers over."""
        if self.asker is not None:
            self.asker.go_on(self.answers)

    def refuse(self, error: MockDouyinError) -> None:
        """Say that there are none."""
        if self.asker is not None:
            self.asker.refuse(error)


class ConnectionOwner(Protocol):
    """Who has a wire, and hears what becomes of what was asked on it."""

    link: RedisConnection

    def lost(
        self, wire: LoopConnection, asked: list[PendingBatch], why: str, *, late: bool
    ) -> None:
        """Hear that these will have no answer: the time is over, or the connection is."""

    def load(self, asked: PendingBatch) -> None:
        """Hear that Redis has forgotten a script."""


class LoopConnection(asyncio.Protocol):
    """One connection."""

    def __init__(self, owner: ConnectionOwner) -> None:
        self._owner = owner
        self._reader = reader()
        self._asked: deque[PendingBatch] = deque()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be ready."""
        self._transport = transport  # type: ignore[assignment]

    def send(self, asked: Sequence[PendingBatch]) -> None:
        """Send what is asked."""
        self._asked.extend(asked)
        if self._transport is not None:
            self._transport.write(packed([c for each in asked for c in each.trip.commands]))

    def look(self, late: float) -> None:
        """Give the connection up where something was asked before then and has no answer."""
        if self._asked and self._asked[0].since <= late:
            self._end("no answer in time", late=True)

    def data_received(self, data: bytes) -> None:
        """Hand out answers."""
        self._reader.feed(data)
        try:
            while (answer := self._reader.gets()) is not False:
                self._take(answer)
        except hiredis.HiredisError as error:
            self._end(reason(error))

    def _take(self, answer: Any) -> None:
        if not self._asked:
            self._end("an answer came to what nobody asked")
            return
        asked = self._asked[0]
        asked.answers.append(answer)
        if len(asked.answers) < len(asked.trip.commands):
            return
        self._asked.popleft()
        if any(map(forgotten, asked.answers)) and asked.tries < 2:
            self._owner.load(asked)
            return
        self._owner.link.heard(asked.answers, asked.since, asked.trip)
        asked.done()

    def connection_lost(self, exc: Exception | None) -> None:
        """Refuse what was not answered."""
        self._end("the connection was closed")

    def _end(self, why: str, *, late: bool = False) -> None:
        self.close()
        asked = list(self._asked)
        self._asked.clear()
        self._owner.lost(self, asked, why, late=late)

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()


class _Greeting:
    """Waits for the answers to what is said first."""

    is_over = False

    def __init__(self) -> None:
        self.answers: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()

    def go_on(self, answers: list[Any]) -> None:
        """Take them."""
        if not self.answers.done():
            self.answers.set_result(answers)

    def refuse(self, error: MockDouyinError) -> None:
        """Hear that there are none."""
        if not self.answers.done():
            self.answers.set_exception(EOFError("the connection was closed"))


async def greet(
    owner: ConnectionOwner, address: RedisAddress, loop: asyncio.AbstractEventLoop
) -> LoopConnection:
    """Return a connection that is ready for commands."""
    wire = LoopConnection(owner)
    if address.path:
        await loop.create_unix_connection(lambda: wire, address.path)
    else:
        await loop.create_connection(lambda: wire, address.host, address.port, ssl=address.tls)
    greeting = _Greeting()
    try:
        wire.send([PendingBatch(Batch([*address.greeting], again=False), greeting, loop.time())])
        check_greeting(await greeting.answers)
    except BaseException:
        wire.close()
        raise
    return wire
