"""Work that is whole or not done: computed again until nothing is missing and nothing changed.

Work is a function that reads and writes worlds. What it reads and we do not have yet, it is told
by `Missing`; all that is known to be missing is fetched in one round trip, and the work begins
again. When it gets to its end, one script compares all that was read, and writes. Where something
changed meanwhile, it is computed again: nothing was done, so nothing has to be undone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Generic, TypeVar

from mockdouyin.core.errors import AwayError
from mockdouyin.redis_store.connection import Link, Trip
from mockdouyin.redis_store.deadline import Waits, deadline, now, take

if TYPE_CHECKING:
    from typing import Any

    from mockdouyin.redis_store.store import SharedStore
    from mockdouyin.redis_store.store_transaction import Part

T = TypeVar("T")

Steps = Generator[Trip, "list[Any]", "Outcome[T]"]
"""One trip after another, and in the end what became of the work."""

PASSES = 1000
"""How often work is computed again before it is given up."""


class Missing(BaseException):
    """Work cannot go on before something is fetched; nobody but its runner catches this."""


ELSEWHERE = Trip([])
"""No trip at all: the work has to wait in the middle of a pass, and goes on where it may."""


class Outcome(Generic[T]):
    """What work gave, or raised."""

    def __init__(self, value: T | None, error: Exception | None) -> None:
        self._value = value
        self._error = error

    def give(self) -> T:
        """Give it, or raise it."""
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]


class _Local(threading.local):
    work: Work | None = None


_LOCAL = _Local()


def current() -> Work | None:
    """Give the work of which this thread computes a pass."""
    return _LOCAL.work


def whole(link: Link, action: Callable[[], T]) -> T:
    """Carry work out as a whole; within other work it is a part of that."""
    if _LOCAL.work is not None:
        return action()
    work = Work(link)
    with deadline(now() + link.timeout):
        outcome = carry_on(link, work, work.steps(action))
    return outcome.give()


def carry_on(link: Link, work: Work, steps: Steps[T]) -> Outcome[T]:
    """Carry work to its end; trip for trip, this thread waits."""
    answers: list[Any] | None = None
    has_turn = False
    try:
        while True:
            trip = steps.send(answers)  # type: ignore[arg-type]
            # One at a time, or all who want the same would refuse one another for long.
            if work.is_refused and not has_turn:
                has_turn = take(link.turn)
                if not has_turn:
                    raise link.presence.busy()
            answers = link.call(*trip.commands, again=trip.again)
    except StopIteration as end:
        outcome: Outcome[T] = end.value
        return outcome
    except Exception as error:  # noqa: BLE001 - it is raised where the outcome is wanted
        return Outcome(None, error)
    finally:
        if has_turn:
            link.turn.release()
        steps.close()


class Work:
    """One piece of work: what it knows of each store that it touches, and what it will change."""

    def __init__(self, link: Link, *, blocking: bool = False) -> None:
        self.link = link
        self.blocking = blocking
        """Fetch what is missing at once: the work is not a function that could begin again."""
        self.numbered = False
        """Whether it is an exchange, which needs a number."""
        self.is_refused = False
        """Whether something that it read had changed when it was to commit."""
        self._has_to_wait = False
        self._parts: dict[SharedStore, Part] = {}
        self._locked: list[SharedStore] = []

    def part(self, store: SharedStore) -> Part:
        """Give what is known of a store; nobody else here computes on it until the pass ends."""
        part = self._parts.get(store)
        is_new = part is None
        if part is None:
            from mockdouyin.redis_store.store_transaction import Part

            part = self._parts[store] = Part(self, store)
        if store not in self._locked and not self.blocking:
            store.lock.acquire()
            self._locked.append(store)
            part.begin()
        elif is_new:
            part.begin()
        return part

    def known(self, store: SharedStore) -> Part | None:
        """Give what is known of a store, if anything is."""
        return self._parts.get(store)

    def steps(self, action: Callable[[], T]) -> Steps[T]:
        """Give one round trip after another, and take its answers, until the work is done."""
        refused = False
        for _ in range(PASSES):
            outcome = None if refused else self._attempt(action)
            self.is_refused = self.is_refused or refused
            if self._has_to_wait:
                self._has_to_wait = False
                yield ELSEWHERE
                continue
            if outcome is None:
                asking = [(part, part.questions()) for part in self._parts.values()]
                answers = yield Trip([command for _, some in asking for command in some])
                for part, some in asking:
                    part.learn(answers[: len(some)])
                    answers = answers[len(some) :]
                refused = False
                continue
            for part in self._parts.values():
                if part.is_to_commit and not part.take((yield Trip([part.commit()], False))[0]):
                    refused = True
                    break  # what comes after goes by this
            if not refused:
                for part in self._parts.values():
                    part.finish()
                self._parts.clear()  # nothing is left that refers to itself
                return outcome
            for part in self._parts.values():
                part.forget_writes()
        raise self.link.presence.busy()

    def _attempt(self, action: Callable[[], T]) -> Outcome[T] | None:
        """Compute the work; None where something is missing first."""
        outcome: Outcome[T] | None = None
        _LOCAL.work = self
        try:
            for part in self._parts.values():
                part.catch_up()
            try:
                outcome = Outcome(action(), None)
            except Missing:
                pass
            except AwayError:  # whatever was read: there is nobody to go by
                self._settled(None)
                raise
            except Exception as error:  # noqa: BLE001 - it is raised once we know it to be true
                outcome = Outcome(None, error)
            if outcome is not None and not all(part.is_known for part in self._parts.values()):
                outcome = None  # it went by what was so a while ago
            return self._settled(outcome)
        except Waits:
            self._has_to_wait = True
            return self._settled(None)
        finally:
            _LOCAL.work = None
            while self._locked:
                self._locked.pop().lock.release()

    def _settled(self, outcome: Outcome[T] | None) -> Outcome[T] | None:
        """Commit at once what changed a world's definition: nobody else may see it before."""
        for store in self._locked:
            part = self._parts[store]
            if outcome is None:
                part.undo()
            elif part.is_redefined and not part.commit_now():
                outcome = None
        return outcome
