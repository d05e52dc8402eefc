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
from mockdouyin.redis_store._connection import Batch, RedisConnection
from mockdouyin.redis_store._deadline import Waits, deadline, now, take

if TYPE_CHECKING:
    from typing import Any

    from mockdouyin.redis_store._store import SharedStore
    from mockdouyin.redis_store._store_transaction import StoreTransaction

T = TypeVar("T")

Steps = Generator[Batch, "list[Any]", "TransactionResult[T]"]
"""One trip after another, and in the end what became of the work."""

PASSES = 1000
"""How often work is computed again before it is given up."""


class NeedsFetch(BaseException):
    """Work cannot go on before something is fetched; nobody but its runner catches this."""


ELSEWHERE = Batch([])
"""No trip at all: the work has to wait in the middle of a pass, and goes on where it may."""


class TransactionResult(Generic[T]):
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
    work: Transaction | None = None


_LOCAL = _Local()


def current() -> Transaction | None:
    """Give the work of which this thread computes a pass."""
    return _LOCAL.work


def transact(link: RedisConnection, action: Callable[[], T]) -> T:
    """Carry work out as a whole; within other work it is a part of that."""
    if _LOCAL.work is not None:
        return action()
    work = Transaction(link)
    with deadline(now() + link.timeout):
        outcome = run_to_end(link, work, work.steps(action))
    return outcome.give()


def run_to_end(link: RedisConnection, work: Transaction, steps: Steps[T]) -> TransactionResult[T]:
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
        outcome: TransactionResult[T] = end.value
        return outcome
    except Exception as error:  # noqa: BLE001 - it is raised where the outcome is wanted
        return TransactionResult(None, error)
    finally:
        if has_turn:
            link.turn.release()
        steps.close()


class Transaction:
    """One piece of work: what it knows of each store that it touches, and what it will change."""

    def __init__(self, link: RedisConnection, *, blocking: bool = False) -> None:
        self.link = link
        self.blocking = blocking
        """Fetch what is missing at once: the work is not a function that could begin again."""
        self.numbered = False
        """Whether it is an exchange, which needs a number."""
        self.is_refused = False
        """Whether something that it read had changed when it was to commit."""
        self._has_to_wait = False
        self._parts: dict[SharedStore, StoreTransaction] = {}
        self._locked: list[SharedStore] = []

    def store_transaction(self, store: SharedStore) -> StoreTransaction:
        """Give what is known of a store; nobody else here computes on it until the pass ends."""
        part = self._parts.get(store)
        is_new = part is None
        if part is None:
            from mockdouyin.redis_store._store_transaction import StoreTransaction

            part = self._parts[store] = StoreTransaction(self, store)
        if store not in self._locked and not self.blocking:
            store.lock.acquire()
            self._locked.append(store)
            part.begin()
        elif is_new:
            part.begin()
        return part

    def known(self, store: SharedStore) -> StoreTransaction | None:
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
                answers = yield Batch([command for _, some in asking for command in some])
                for part, some in asking:
                    part.learn(answers[: len(some)])
                    answers = answers[len(some) :]
                refused = False
                continue
            for part in self._parts.values():
                if part.is_to_commit and not part.take((yield Batch([part.commit()], False))[0]):
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

    def _attempt(self, action: Callable[[], T]) -> TransactionResult[T] | None:
        """Compute the work; None where something is missing first."""
        outcome: TransactionResult[T] | None = None
        _LOCAL.work = self
        try:
            for part in self._parts.values():
                part.catch_up()
            try:
                outcome = TransactionResult(action(), None)
            except NeedsFetch:
                pass
            except AwayError:  # whatever was read: there is nobody to go by
                self._settled(None)
                raise
            except Exception as error:  # noqa: BLE001 - it is raised once we know it to be true
                outcome = TransactionResult(None, error)
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

    def _settled(self, outcome: TransactionResult[T] | None) -> TransactionResult[T] | None:
        """Commit at once what changed a world's definition: nobody else may see it before."""
        for store in self._locked:
            part = self._parts[store]
            if outcome is None:
                part.undo()
            elif part.is_redefined and not part.commit_now():
                outcome = None
        return outcome
