"""Orders about the journal: what was asked, and waiting for it."""

from __future__ import annotations

import threading
from functools import partial

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.journal import Exchange, fits
from mockdouyin.sandbox.worlds import World

PAGE = 500
"""Exchanges of one answer; `before` leads to the earlier ones."""


@operation("GET", "/journal", long=True)
def journal(ask: OperationCall) -> Answer:
    """List exchanges, the newest last, with what must not be seen hidden unless `reveal=true`.

    An answer has the newest 500 at most, of those with numbers over `since` and below `before`;
    `more` tells whether there are earlier ones.
    """
    since, before = ask.transact("since", 0), ask.transact("before", 0)
    limit = min(ask.transact("limit", 100) or PAGE, PAGE)
    world, endpoint = ask.world, ask.query.get("endpoint", "")

    def select() -> tuple[list[Exchange], int]:
        return world.journal.select(endpoint, since, limit + 1, before), world.journal.total

    found, total = world.transact(select)
    shown = _shown(ask, found[-limit:])
    return {"exchanges": shown, "total": total, "more": len(found) > limit}


def _shown(ask: OperationCall, found: list[Exchange]) -> list[Answer]:
    """Show exchanges, which takes long and needs no lock: they never change."""
    from mockdouyin.core.exchange_view import show  # most runs have nobody who looks

    reveal = ask.query.get("reveal", "").lower() in ("true", "1", "yes")
    hide = (lambda text: text) if reveal else ask.world.mask()
    return [show(exchange, hide) for exchange in found]


@operation("GET", "/journal/wait", waits=True)
def wait_for_journal(ask: OperationCall) -> Answer:
    """Wait until an endpoint was called so often; 408 with the closest call if it was not."""
    endpoint = ask.query.get("endpoint", "")
    count, timeout = ask.transact("count", 1), min(ask.seconds("timeout", 5), 60.0)
    since = ask.transact("since", 0)
    found = _wait(ask, endpoint, since, count, timeout)
    world = ask.world
    if len(found) < count:
        closest = world.transact(lambda: _closest(world, endpoint, count, timeout, len(found)))
        raise WaitedInVainError(closest)
    return {"exchanges": _shown(ask, found[-PAGE:])}


_OVERTAKEN = 200
"""Exchanges that may be written down before one with a lower number."""


class WaitedInVainError(MockDouyinError):
    """What was waited for did not happen in time."""

    status = 408


def _wait(
    ask: OperationCall, endpoint: str, since: int, count: int, timeout: float
) -> list[Exchange]:
    world, journal, enough = ask.world, ask.world.journal, threading.Event()
    seen: set[int] = set()

    def note(exchange: Exchange) -> None:
        """Count one exchange; who answers it does not look through the journal for us."""
        if exchange.number > since and (not endpoint or fits(exchange, endpoint)):
            seen.add(exchange.number)
        if len(seen) >= count:
            enough.set()

    def look(last: int = 0) -> int:
        """Count what others wrote after a number, and return the number of the latest."""
        total = journal.total
        if total != last or not total:
            for each in journal.select(endpoint, max(since, last - _OVERTAKEN)):
                note(each)
        if len(seen) >= count:
            enough.set()
        return total

    with world.lock:
        journal.listeners.append(note)
    last = world.transact(look)
    ask.sandbox.waits.append(enough.set)
    try:
        step = journal.poll or timeout
        for _ in range(max(1, round(timeout / step)) if timeout else 1):
            if enough.wait(min(step, timeout)):
                break
            last = world.transact(partial(look, last))
    finally:
        ask.sandbox.waits.remove(enough.set)
        with world.lock:
            journal.listeners.remove(note)
    return world.transact(lambda: journal.select(endpoint, since))


def _closest(world: World, endpoint: str, count: int, timeout: float, seen: int) -> str:
    latest = next(iter(reversed(list(world.journal))), None)
    last = "nothing was called at all"
    if latest is not None:
        mask = world.mask()
        name = latest.endpoint.full_name if latest.endpoint else "no endpoint"
        last = (
            f"the latest call was {latest.request.method} {mask(latest.request.path)} ({name},"
            f" {latest.verdict}{': ' + mask(latest.why.render('en')) if latest.why else ''})"
        )
    what = endpoint or "any endpoint"
    return f"waited {timeout:g}s for {count} calls of {what} and saw {seen}; {last}"
