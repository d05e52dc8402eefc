"""Work on many things in turns, so that the threads that answer requests need not wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter, sleep
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

TURN = 0.0005
"""Seconds of work after which other threads get a turn."""

_PAUSE = 0.0002
"""Seconds that a pause takes at least; a `sleep(0)` would have the interpreter back at once."""


def in_turns(things: Iterable[T], work: Callable[[T], R]) -> list[R]:
    """Return what the work makes of each thing, with a pause after each turn."""
    return [work(thing) for thing in paced(things)]


def paced(things: Iterable[T]) -> Iterator[T]:
    """Yield each thing, with a pause after each turn of whatever is done with them.

    Python itself switches threads after 5 ms, and an event loop waits so long for each of the
    several times that it needs the interpreter for one request.
    """
    end = perf_counter() + TURN
    for thing in things:
        yield thing
        if perf_counter() > end:
            pause()
            end = perf_counter() + TURN


def pause() -> None:
    """Let other threads run."""
    sleep(_PAUSE)
