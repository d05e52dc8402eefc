"""Round trips of an event loop: what many requests ask at the same moment goes out together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.shared.link import TIMEOUT, Link, Trip, forgotten, packed
from mockdouyin.shared.replies import Replies
from mockdouyin.shared.work import Outcome, Work

T = TypeVar("T")


class _Asked:
    """A trip under way."""

    __slots__ = ("answers", "future", "since", "tries", "trip")

    def __init__(self, trip: Trip, future: asyncio.Future[list[Any]], since: float) -> None:
        self.trip = trip
        self.future = future
        self.since = since
        self.answers: list[Any] = []
        self.tries = 0


class Batches:
    """One connection for all requests of an event loop; nobody waits for another's answer."""

    def __init__(self, link: Link, loop: asyncio.AbstractEventLoop) -> None:
        self._link = link
        self._loop = loop
        self._turn = asyncio.Lock()
        self._waiting: list[_Asked] = []
        """What is to be sent at the end of this turn of the loop."""
        self._wire: Wire | None = None
        self._connecting: asyncio.Task[None] | None = None

    async def whole(self, action: Callable[[], T]) -> T:
        """Carry work out as a whole, without holding up the loop."""
        work = Work(self._link)
        steps = work.steps(action)
        try:
            trip = next(steps)
            while not work.is_refused:
                trip = steps.send(self._link.checked(await self._send(trip)))
            # One at a time, or all who want the same would refuse one another for long.
            async with self._turn:
                while True:
                    trip = steps.send(self._link.checked(await self._send(trip)))
        except StopIteration as end:
            outcome: Outcome[T] = end.value
        return outcome.give()

    def _send(self, trip: Trip) -> asyncio.Future[list[Any]]:
        future: asyncio.Future[list[Any]] = self._loop.create_future()
        self._queue(_Asked(trip, future, self._loop.time()))
        return future

    def _queue(self, asked: _Asked) -> None:
        self._waiting.append(asked)
        if len(self._waiting) == 1 and self._connecting is None:
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        if self._wire is None:
            self._connecting = self._loop.create_task(self._connect())
            return
        waiting, self._waiting = self._waiting, []
        self._link.trips += 1
        self._wire.send(waiting)

    async def _connect(self) -> None:
        try:
            taken = await self._loop.run_in_executor(None, self._link.socket)
            _, self._wire = await self._loop.create_connection(lambda: Wire(self), sock=taken)
        except MockDouyinError as error:
            waiting, self._waiting = self._waiting, []
            _refuse(waiting, error)
        finally:
            self._connecting = None
        if self._waiting:
            self._flush()

    def lost(self, wire: Wire, asked: list[_Asked], why: str) -> None:
        """Ask again what may be asked twice, once; refuse the rest."""
        if self._wire is wire:
            self._wire = None
        for each in asked:
            each.tries += 1
            if each.trip.again and each.tries < 2 and not self._loop.is_closed():
                each.answers.clear()
                self._queue(each)
            else:
                _refuse([each], self._link.away(why))

    def load(self, asked: _Asked) -> None:
        """Give Redis the scripts that it has forgotten, and ask again."""
        self._waiting.append(_Asked(self._link.loading, self._loop.create_future(), asked.since))
        asked.answers.clear()
        asked.tries += 1
        self._waiting.append(asked)
        if self._connecting is None:
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        """Close the connection; to be called on the loop."""
        if self._wire is not None:
            self._wire.close()


class Wire(asyncio.Protocol):
    """A connection to Redis: answers come in the order of what was asked."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._replies = Replies()
        self._asked: deque[_Asked] = deque()
        self._transport: asyncio.Transport | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be ready."""
        self._transport = transport  # type: ignore[assignment]

    def send(self, asked: list[_Asked]) -> None:
        """Send what is asked."""
        self._asked.extend(asked)
        if self._transport is not None:
            self._transport.write(packed([c for each in asked for c in each.trip.commands]))
        if self._alarm is None:
            self._alarm = self._loop.call_later(TIMEOUT, self._look)

    def _look(self) -> None:
        self._alarm = None
        if not self._asked:
            return
        if self._asked[0].since + TIMEOUT <= self._loop.time():
            self._end(f"no answer within {TIMEOUT:g} s")
        else:
            self._alarm = self._loop.call_later(TIMEOUT / 2, self._look)

    def data_received(self, data: bytes) -> None:
        """Hand out answers."""
        for answer in self._replies.feed(data):
            asked = self._asked[0]
            asked.answers.append(answer)
            if len(asked.answers) < len(asked.trip.commands):
                continue
            self._asked.popleft()
            if any(map(forgotten, asked.answers)) and asked.tries < 2:
                self._batches.load(asked)
            elif not asked.future.done():
                asked.future.set_result(asked.answers)

    def connection_lost(self, exc: Exception | None) -> None:
        """Refuse what was not answered."""
        self._end("the connection was closed")

    def _end(self, why: str) -> None:
        self.close()
        asked = list(self._asked)
        self._asked.clear()
        self._batches.lost(self, asked, why)

    def close(self) -> None:
        """Close the connection."""
        if self._alarm is not None:
            self._alarm.cancel()
        if self._transport is not None:
            self._transport.abort()


def _refuse(asked: list[_Asked], error: MockDouyinError) -> None:
    for each in asked:
        if not each.future.done():
            each.future.set_exception(error)
