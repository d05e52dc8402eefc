"""Round trips of an event loop: what many requests ask at the same moment goes out together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.shared.link import TIMEOUT, Link, Trip, forgotten, packed, reader
from mockdouyin.shared.work import Outcome, Work

T = TypeVar("T")


class _Asked:
    """A trip under way, and whom its answers are for; nobody, where only Redis is to know."""

    __slots__ = ("answers", "since", "tries", "trip", "walk")

    def __init__(self, trip: Trip, walk: _Walk[Any] | None, since: float) -> None:
        self.trip = trip
        self.walk = walk
        self.since = since
        self.answers: list[Any] = []
        self.tries = 0

    def done(self) -> None:
        """Hand the answers over."""
        if self.walk is not None:
            self.walk.go_on(self.answers)

    def refuse(self, error: MockDouyinError) -> None:
        """Say that there are none."""
        if self.walk is not None:
            self.walk.end(Outcome(None, error))


class _Walk(Generic[T]):
    """Work on its way, from one trip to the next; no task is needed for that."""

    __slots__ = ("_batches", "_done", "_has_turn", "_steps", "_work")

    def __init__(
        self, batches: Batches, action: Callable[[], T], done: Callable[[Outcome[T]], None]
    ) -> None:
        self._batches = batches
        self._work = Work(batches.link)
        self._steps = self._work.steps(action)
        self._done = done
        self._has_turn = False

    def go_on(self, answers: list[Any] | None = None) -> None:
        """Take a trip's answers, and begin the next one."""
        try:
            given = None if answers is None else self._batches.link.checked(answers)
            trip = self._steps.send(given)  # type: ignore[arg-type]
        except StopIteration as end:
            self.end(end.value)
        except Exception as error:  # noqa: BLE001 - it is told to whoever wanted the work done
            self.end(Outcome(None, error))
        else:
            # One at a time, or all who want the same would refuse one another for long.
            if self._work.is_refused and not self._has_turn:
                self._has_turn = True
                self._batches.take_turn(self, trip)
            else:
                self._batches.ask(trip, self)

    def end(self, outcome: Outcome[T]) -> None:
        """Tell what became of the work."""
        if self._has_turn:
            self._batches.leave_turn()
        self._steps.close()
        try:
            self._done(outcome)
        except Exception as error:  # noqa: BLE001 - the connection carries others' answers too
            self._batches.report(error)


class Batches:
    """One connection for all requests of an event loop; nobody waits for another's answer."""

    def __init__(self, link: Link, loop: asyncio.AbstractEventLoop) -> None:
        self.link = link
        self._loop = loop
        self._turns: deque[tuple[_Walk[Any], Trip]] = deque()
        """Work that others had refused; the first has its turn."""
        self._waiting: list[_Asked] = []
        """What is to be sent at the end of this turn of the loop."""
        self._wire: Wire | None = None
        self._connecting: asyncio.Task[None] | None = None

    def whole(self, action: Callable[[], T], done: Callable[[Outcome[T]], None]) -> None:
        """Carry work out as a whole, without holding up the loop, and tell what became of it."""
        _Walk(self, action, done).go_on()

    def ask(self, trip: Trip, walk: _Walk[Any]) -> None:
        """Send a trip with what else is sent in this turn of the loop."""
        self._queue(_Asked(trip, walk, self._loop.time()))

    def report(self, error: Exception) -> None:
        """Tell of a mistake of ours where the loop tells of them."""
        message = "an answer could not be given"
        self._loop.call_exception_handler({"message": message, "exception": error})

    def take_turn(self, walk: _Walk[Any], trip: Trip) -> None:
        """Send a trip when all who wait before are done."""
        self._turns.append((walk, trip))
        if len(self._turns) == 1:
            self.ask(trip, walk)

    def leave_turn(self) -> None:
        """Let the next one have its turn."""
        self._turns.popleft()
        if self._turns:
            walk, trip = self._turns[0]
            self.ask(trip, walk)

    def _queue(self, *asked: _Asked) -> None:
        if not self._waiting and self._connecting is None:
            self._loop.call_soon(self._flush)
        self._waiting.extend(asked)

    def _flush(self) -> None:
        if self._wire is None:
            self._connecting = self._loop.create_task(self._connect())
            return
        waiting, self._waiting = self._waiting, []
        self.link.trips += 1
        self._wire.send(waiting)

    async def _connect(self) -> None:
        try:
            taken = await self._loop.run_in_executor(None, self.link.socket)
            _, self._wire = await self._loop.create_connection(lambda: Wire(self), sock=taken)
        except (MockDouyinError, OSError) as error:
            away = self.link.away(error) if isinstance(error, OSError) else error
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                each.refuse(away)
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
                each.refuse(self.link.away(why))

    def load(self, asked: _Asked) -> None:
        """Give Redis the scripts that it has forgotten, and ask again."""
        asked.answers.clear()
        asked.tries += 1
        self._queue(_Asked(self.link.loading, None, asked.since), asked)

    def close(self) -> None:
        """Close the connection; to be called on the loop."""
        if self._wire is not None:
            self._wire.close()


class Wire(asyncio.Protocol):
    """A connection to Redis: answers come in the order of what was asked."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._reader = reader()
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
        self._reader.feed(data)
        while (answer := self._reader.gets()) is not False:
            asked = self._asked[0]
            asked.answers.append(answer)
            if len(asked.answers) < len(asked.trip.commands):
                continue
            self._asked.popleft()
            if any(map(forgotten, asked.answers)) and asked.tries < 2:
                self._batches.load(asked)
            else:
                asked.done()

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
