"""Optimistic transactions: computed without locks in Redis, validated and written by one script.

An action is a function that reads and writes worlds. A pass is one run of it, on what has been
fetched so far. Where a pass needs a record that has not been fetched, it raises `NeedsFetch`; all
that is known to be missing is fetched in one round trip, and the next pass begins from the start.
After a complete pass the commit script compares the read set with what Redis has now and applies
the write set. On a conflict nothing was written, so nothing has to be undone: the read set is
fetched again and the action retried. Actions may be repeated because they have no effect but the
write set, and because ids are derived: a retry makes the same ones. Suspending a pass in a
greenlet instead would save nothing: switching stacks costs as much as the second pass.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from time import perf_counter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mockdouyin.core.errors import AwayError, MockDouyinError
from mockdouyin.redis_store._availability import (
    THIS_THREAD,
    WouldBlock,
    acquire_in_time,
    deadline,
    now,
)
from mockdouyin.redis_store._connection import Batch, RedisConnection

if TYPE_CHECKING:
    from mockdouyin.redis_store._pipeline import Pipeline
    from mockdouyin.redis_store._shared_world import SharedStore
    from mockdouyin.redis_store._store_transaction import StoreTransaction

T = TypeVar("T")

Steps = Generator[Batch, "list[Any]", "TransactionResult[T]"]
"""Yields the batches of a transaction, is sent their replies, and returns the result."""

MAX_PASSES = 1000
"""Passes after which a transaction is given up as busy."""


class NeedsFetch(BaseException):
    """A pass needs something that has not been fetched; only the transaction catches this."""


CONTINUE_IN_THREAD = Batch([])
"""Yielded in place of a batch: the pass has to block, so it must run in another thread."""


class TransactionResult(Generic[T]):
    """What the action returned or raised."""

    def __init__(self, value: T | None, error: Exception | None) -> None:
        self._value = value
        self._error = error

    def unwrap(self) -> T:
        """Return the value, or raise the error."""
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]


class _ThreadCurrent(threading.local):
    transaction: Transaction | None = None


_CURRENT = _ThreadCurrent()


def current() -> Transaction | None:
    """Return the transaction of which this thread computes a pass."""
    return _CURRENT.transaction


def transact(redis: RedisConnection, action: Callable[[], T]) -> T:
    """Run an action as a transaction; within another one, as a part of that."""
    if _CURRENT.transaction is not None:
        return action()
    transaction = Transaction(redis)
    with deadline(now() + redis.timeout):
        result = run_to_end(redis, transaction, transaction.steps(action))
    return result.unwrap()


def run_to_end(
    redis: RedisConnection, transaction: Transaction, steps: Steps[T]
) -> TransactionResult[T]:
    """Run a transaction to its end in this thread, blocking for each batch."""
    replies: list[Any] | None = None
    has_lock = False
    try:
        while True:
            batch = steps.send(replies)  # type: ignore[arg-type]
            # Retries of this process take turns: transactions that write the same record would
            # otherwise invalidate one another again and again.
            if transaction.has_conflicted and not has_lock:
                has_lock = acquire_in_time(redis.retry_lock)
                if not has_lock:
                    raise redis.availability.busy_error()
            replies = redis.call_many(*batch.commands, retry=batch.retry)
    except StopIteration as end:
        result: TransactionResult[T] = end.value
        return result
    except Exception as error:  # noqa: BLE001 - it is raised where the result is unwrapped
        return TransactionResult(None, error)
    finally:
        if has_lock:
            redis.retry_lock.release()
        steps.close()


class Transaction:
    """One action on its way to a commit: the read and write sets of each store that it uses."""

    def __init__(self, redis: RedisConnection, *, autocommit: bool = False) -> None:
        self.redis = redis
        self.autocommit = autocommit
        """Fetch at once and commit each unit by itself: there is no action to begin again."""
        self.is_exchange = False
        """Whether it answers a request, which is given the world's next exchange number."""
        self.began: float = perf_counter()
        self.has_conflicted: bool = False
        """Whether a commit was refused, because something in the read set had changed."""
        self._would_block = False
        self._store_transactions: dict[SharedStore, StoreTransaction] = {}
        self._locked: list[SharedStore] = []

    def store_transaction(self, store: SharedStore) -> StoreTransaction:
        """Return the part of this transaction in one store; lock the store until the pass ends."""
        store_transaction = self._store_transactions.get(store)
        is_new = store_transaction is None
        if store_transaction is None:
            # Imported here: _store_transaction imports this module.
            from mockdouyin.redis_store._store_transaction import StoreTransaction

            store_transaction = StoreTransaction(self, store)
            self._store_transactions[store] = store_transaction
        # A pass computes on the world's definition, which all threads of the process share and
        # which a pass may change. The lock is local: between processes the commit decides.
        if store not in self._locked and not self.autocommit:
            store.lock.acquire()
            self._locked.append(store)
            store_transaction.begin_pass()
        elif is_new:
            store_transaction.begin_pass()
        return store_transaction

    def known(self, store: SharedStore) -> StoreTransaction | None:
        """Return the part of this transaction in a store, if there is one already."""
        return self._store_transactions.get(store)

    def steps(self, action: Callable[[], T]) -> Steps[T]:
        """Yield one batch after another until the action is committed; return its result."""
        conflicted = False
        for _ in range(MAX_PASSES):
            # After a conflict every pass would need a fetch first, so none is run before it.
            result = None if conflicted else self._run_pass(action)
            self.has_conflicted = self.has_conflicted or conflicted
            if self._would_block:
                self._would_block = False
                yield CONTINUE_IN_THREAD
                continue
            if result is None:
                yield from self._fetch()
                conflicted = False
                continue
            conflicted = not (yield from self._commit())
            if not conflicted:
                for each in self._store_transactions.values():
                    each.notify_committed()
                # Breaks a reference cycle, so that a finished transaction is freed at once.
                self._store_transactions.clear()
                return result
            for each in self._store_transactions.values():
                each.discard_writes()
        raise self.redis.availability.busy_error()

    def _fetch(self) -> Generator[Batch, list[Any], None]:
        """Fetch what every store is missing, in one batch."""
        wanted = [(each, each.fetch_commands()) for each in self._store_transactions.values()]
        replies = yield Batch([command for _, commands in wanted for command in commands])
        for each, commands in wanted:
            each.receive(replies[: len(commands)])
            replies = replies[len(commands) :]

    def _commit(self) -> Generator[Batch, list[Any], bool]:
        """Commit store by store; return whether none was refused.

        One script cannot span two worlds: they may be in different slots of a cluster.
        """
        for each in self._store_transactions.values():
            if each.needs_commit:
                [reply] = yield Batch([each.commit_command()], retry=False)
                if not each.accept(reply):
                    return False
        return True

    def _run_pass(self, action: Callable[[], T]) -> TransactionResult[T] | None:
        """Run the action once; return None if something must be fetched before it counts."""
        result: TransactionResult[T] | None = None
        _CURRENT.transaction = self
        try:
            for each in self._store_transactions.values():
                each.catch_up()
            try:
                result = TransactionResult(action(), None)
            except NeedsFetch:
                pass
            except AwayError:
                # Nothing can be validated now, so it is not known whether the pass was right.
                self._commit_definitions(None)
                raise
            except Exception as error:  # noqa: BLE001 - it counts only if the read set is valid
                result = TransactionResult(None, error)
            # A pass that went by assumptions, or by a definition of some time ago, never counts.
            if result is not None and not all(
                each.is_complete for each in self._store_transactions.values()
            ):
                result = None
            return self._commit_definitions(result)
        except WouldBlock:
            self._would_block = True
            return self._commit_definitions(None)
        finally:
            _CURRENT.transaction = None
            while self._locked:
                self._locked.pop().lock.release()

    def _commit_definitions(
        self, result: TransactionResult[T] | None
    ) -> TransactionResult[T] | None:
        """Commit or roll back changed definitions while the stores are still locked.

        The definition is a living object, so other threads would see the change once the lock is
        released: it has to be committed, or gone, by then.
        """
        for store in self._locked:
            store_transaction = self._store_transactions[store]
            if result is None:
                store_transaction.roll_back()
            elif store_transaction.is_redefined and not store_transaction.commit_definition():
                result = None
        return result


class RunningTransaction(Generic[T]):
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
