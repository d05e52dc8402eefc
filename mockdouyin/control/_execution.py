"""Executing an operation: a transaction for each of its steps, and nothing held while it waits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from typing import Any, NamedTuple

from mockdouyin.control._error_texts import ENDLESS
from mockdouyin.control._operations import Answer, Operation, OperationCall, find_operation
from mockdouyin.control._shown import plain
from mockdouyin.control._steps import After, EventBatch, Step, Streaming, Waiting
from mockdouyin.core.errors import MockDouyinError, told_in
from mockdouyin.core.texts import Language
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World


class Pending(NamedTuple):
    """What an execution waits for."""

    future: Future[Any]
    timeout: float | None
    """Seconds after which the execution goes on without the result; None if it needs it."""

    def outcome(self) -> Any:
        """Return the result, or None if it is not there yet: the wait is given up then."""
        if self.future.done():
            return self.future.result()
        self.give_up()
        return None

    def give_up(self) -> None:
        """Cancel a wait that has a timeout: nobody needs what it waits for any more."""
        if self.timeout is not None:
            self.future.cancel()


class LiveReply(NamedTuple):
    """A reply without an end: what reads its events, each call in a transaction of its own."""

    position: int
    follow: Callable[[Callable[[], None]], Callable[[], None]]
    read: Callable[[], EventBatch]
    review: Callable[[], EventBatch]


class Execution:
    """One call of an operation on its way to the reply."""

    def __init__(
        self,
        sandbox: Sandbox,
        name: str,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        body: Any = None,
        caller: str = "",
        address: str = "",
        language: Language | None = None,
    ) -> None:
        self._sandbox = sandbox
        self.operation: Operation = find_operation(name).for_view(query or {})
        self._world_name = world
        self._world: World | None = None
        self._make_call = partial(
            OperationCall[Any],
            sandbox,
            takes=self.operation.takes,
            path=path or {},
            query=query or {},
            body=body,
            caller=caller,
            address=address,
            language=language or sandbox.language,
        )
        self._next: Callable[[Any], Step[Any]] = self._begin
        self._abandon: Callable[[], None] | None = None

    def step(self, outcome: Any = None) -> Any:
        """Go on with the outcome of the last wait.

        Return the reply, a `LiveReply` if it has no end, or what is `Pending` next.
        """
        step = _finished(self._next(outcome))
        if isinstance(step, Waiting):
            self._next = partial(self._continue, step.then)
            self._abandon = step.abandon
            return Pending(step.start(), step.timeout)
        if isinstance(step, Streaming):
            return LiveReply(
                step.position,
                step.follow,
                lambda: _finished(self._transact(step.read)),
                lambda: _finished(self._transact(step.review)),
            )
        return step

    def abandon(self) -> None:
        """Leave a wait whose caller has gone."""
        if self._abandon is not None:
            self._abandon()

    def _begin(self, _: Any) -> Step[Any]:
        if self.operation.in_world:
            return self._sandbox.transact(self._begin_in_world)
        no_world: Any = None
        return self.operation.function(self._make_call(no_world))

    def _begin_in_world(self) -> Step[Any]:
        self._world = self._sandbox.worlds.get(self._world_name)
        return self._transact(partial(self.operation.function, self._make_call(self._world)))

    def _continue(self, then: Callable[[Any], Step[Any]], outcome: Any) -> Step[Any]:
        return self._transact(partial(then, outcome))

    def _transact(self, work: Callable[[], Step[Any]]) -> Step[Any]:
        """Run one step: in one transaction, so that of two changes at once none is lost."""
        world = self._world
        if world is None:
            return work()
        if not self.operation.changes:
            return world.transact(work)

        def change() -> Step[Any]:
            try:
                return work()
            finally:
                # Also after a failure: an operation may have changed something before it raised.
                world.touch()

        return world.transact(change)


def _finished(step: Step[Any]) -> Any:
    """Do what was left for after the commit."""
    while isinstance(step, After):
        step = step.work()
    return step


def reply_to(execution: Execution) -> Any:
    """Run an execution to its end and return the reply; blocks this thread while it waits."""
    if execution.operation.events:
        raise endless(execution.operation.name)
    found = execution.step()
    while isinstance(found, Pending):
        try:
            wait([found.future], found.timeout)
        except BaseException:  # Ctrl-C: nobody waits any more
            found.give_up()
            execution.abandon()
            raise
        found = execution.step(found.outcome())
    return found


def endless(name: str) -> MockDouyinError:
    """Return the error for a stream that is called as if it had an end."""
    return MockDouyinError(ENDLESS(name=name))


def execute(sandbox: Sandbox, name: str, **call: Any) -> Answer:
    """Execute one operation; a mistake in the call is raised as a MockDouyinError.

    `call` is what an `Execution` takes. The answer is plain data.
    """
    with told_in(call.get("language") or sandbox.language):
        answer: Answer = plain(reply_to(Execution(sandbox, name, **call)))
        return answer
