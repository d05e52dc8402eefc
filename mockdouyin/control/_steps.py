"""What remains of an operation once its transaction is over, as a value."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

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
    up: its future is cancelled then, and when the client has gone or the server stops. If the
    client has gone, `abandon` runs in place of `then`.
    """

    def __init__(
        self,
        start: Callable[[], Future[Any]],
        then: Callable[[Any], Step[R]],
        timeout: float | None = None,
        abandon: Callable[[], None] | None = None,
    ) -> None:
        self.start = start
        self.then = then
        self.timeout = timeout
        self.abandon = abandon


class StreamEvent(NamedTuple):
    """One event of a stream."""

    event: str
    """What it is, such as `row` or `act`."""
    id: int | None
    """Where a stream that is resumed goes on: after this number. None if that stays as it was."""
    data: Any
    """What happened, of the type that the operation declares for such events."""


class EventBatch(NamedTuple):
    """The events that a stream has for its reader at the moment."""

    events: list[StreamEvent]
    is_behind: bool = False
    """Whether there is more to read without another signal."""
    review: float | None = None
    """Seconds after which `review` is worth a call; None if nothing is to be reviewed."""


class Streaming:
    """A reply without an end: events, read whenever something has happened. It holds no thread.

    It begins after the number `position`. `follow` is called after the commit with a function that
    may be called from any thread whenever there may be something to read; it returns what ends
    that. `read` runs in a transaction of its own each time; so does `review`, which is slow and
    may be run beside it. Both raise EndedError when there will be nothing more.
    """

    def __init__(
        self,
        position: int,
        follow: Callable[[Callable[[], None]], Callable[[], None]],
        read: Callable[[], Step[EventBatch]],
        review: Callable[[], Step[EventBatch]],
    ) -> None:
        self.position = position
        self.follow = follow
        self.read = read
        self.review = review


Step: TypeAlias = R | After[R] | Waiting[R]
"""What an operation's function returns: its reply, or what remains to be done for it."""
