"""What remains of an operation once its transaction is over, as a value."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeAlias, TypeVar

R = TypeVar("R")


class After(Generic[R]):
    """Work for after the commit, outside every lock.

    For what is slow, as rendering a page of exchanges, and for what reaches outside, as waking the
    deliverer: a transaction may be computed several times before it is committed.
    """

    def __init__(self, work: Callable[[], Step[R]]) -> None:
        self.work = work


class Waiting(Generic[R]):
    """A wait that holds no thread: for a future, and then the next step.

    `start` is called after the commit and returns the future. `then` gets its result, or None when
    the timeout is over, and runs in a transaction of its own. A wait with a timeout may be given
    up: its future is cancelled then, and when the client has gone or the server stops.
    """

    def __init__(
        self,
        start: Callable[[], Future[Any]],
        then: Callable[[Any], Step[R]],
        timeout: float | None = None,
    ) -> None:
        self.start = start
        self.then = then
        self.timeout = timeout


Step: TypeAlias = R | After[R] | Waiting[R]
"""What an operation's function returns: its reply, or what remains to be done for it."""
