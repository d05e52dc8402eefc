"""Round trips of an event loop: what many requests ask at the same moment goes out together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.shared.link import Link
from mockdouyin.shared.work import Outcome, Trip, Work

T = TypeVar("T")

MOST = 64
"""Trips that go out together, so that the first of them does not wait long for the last."""


class _Waiting(NamedTuple):
    trip: Trip
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[list[Any]]


class Batches:
    """One thread with one connection, for all requests of an event loop."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._waiting: list[_Waiting] = []
        self._changed = threading.Condition()
        self._over = False
        self._thread: threading.Thread | None = None
        self._turn = asyncio.Lock()

    async def whole(self, action: Callable[[], T]) -> T:
        """Carry work out as a whole, without holding up the loop."""
        work = Work(self._link)
        steps = work.steps(action)
        try:
            trip = next(steps)
            while not work.is_refused:
                trip = steps.send(await self._send(trip))
            # One at a time, or all who want the same would refuse one another for long.
            async with self._turn:
                while True:
                    trip = steps.send(await self._send(trip))
        except StopIteration as end:
            outcome: Outcome[T] = end.value
        return outcome.give()

    def _send(self, trip: Trip) -> asyncio.Future[list[Any]]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[Any]] = loop.create_future()
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="mockdouyin store", daemon=True
                )
                self._thread.start()
            self._waiting.append(_Waiting(trip, loop, future))
            if len(self._waiting) == 1:
                self._changed.notify()
        return future

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._over:
                    self._changed.wait()
                if self._over:
                    return
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            commands = [command for each in batch for command in each.trip.commands]
            try:
                answers = self._link.ask(commands, again=all(each.trip.again for each in batch))
            except MockDouyinError as error:
                batch[0].loop.call_soon_threadsafe(_refuse, batch, error)
            else:
                batch[0].loop.call_soon_threadsafe(self._answer, batch, answers)

    def _answer(self, batch: list[_Waiting], answers: list[Any]) -> None:
        start = 0
        for each in batch:
            end = start + len(each.trip.commands)
            if not each.future.cancelled():
                try:
                    each.future.set_result(self._link.checked(answers[start:end]))
                except MockDouyinError as error:
                    each.future.set_exception(error)
            start = end

    def close(self) -> None:
        """Send nothing more."""
        with self._changed:
            self._over = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()


def _refuse(batch: list[_Waiting], error: MockDouyinError) -> None:
    for each in batch:
        if not each.future.done():
            each.future.set_exception(error)
