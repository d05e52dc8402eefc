"""Orders about a world's clock."""

from __future__ import annotations

import msgspec

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.clock import iso, parse_duration, parse_time
from mockdouyin.core.errors import MockDouyinError


@operation("GET", "/clock")
def clock(ask: OperationCall) -> Answer:
    """Give the world's time; whether it stands still, and whether it is not the real time."""
    clock = ask.world.clock
    return {"now": iso(clock.now()), "frozen": clock.frozen, "moved": clock.moved}


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    """How far to move the clock."""

    by: str | float


@operation("POST", "/clock/advance", waits=True)
def advance_clock(ask: OperationCall) -> Answer:
    """Move the world's time ahead, and do all that falls due on the way, in order."""
    by = _ahead(ask.read(Advance).by)
    ask.world.transact(lambda: ask.world.clock.ahead(by))  # before anything falls due on the way
    quiet = ask.sandbox.deliverer.advance(ask.world, by)
    told = ask.world.transact(lambda: clock(ask))
    return told if quiet else {**told, "unfinished": True}


def _ahead(by: str | float) -> float:
    if str(by).strip().startswith("-"):
        raise MockDouyinError(
            f"time cannot go back, by {by!r}; `clock back` returns to the real time, and"
            " `freeze` stands still at any moment"
        )
    return parse_duration(by)


class Freeze(msgspec.Struct, forbid_unknown_fields=True):
    """When to stand still: a moment, or `now`."""

    at: str | None = None


@operation("POST", "/clock/freeze")
def freeze_clock(ask: OperationCall) -> Answer:
    """Let the world's time stand still."""
    at = ask.read(Freeze).at
    with ask.world.lock:
        ask.world.clock.freeze(None if at in (None, "", "now") else parse_time(at))
    ask.sandbox.deliverer.wake(ask.world)
    return clock(ask)


@operation("POST", "/clock/back")
def return_clock(ask: OperationCall) -> Answer:
    """Let the world's time be the real time again, running.

    What was issued stays: a token that expired while the clock was ahead lives again.
    """
    with ask.world.lock:
        ask.world.clock.reset()
    ask.sandbox.deliverer.wake(ask.world)
    return clock(ask)


@operation("POST", "/clock/resume")
def resume_clock(ask: OperationCall) -> Answer:
    """Let the world's time run on."""
    with ask.world.lock:
        ask.world.clock.resume()
    ask.sandbox.deliverer.wake(ask.world)
    return clock(ask)
