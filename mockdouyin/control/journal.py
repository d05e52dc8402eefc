"""Operations on a world's journal: list exchanges, and wait for them."""

from __future__ import annotations

import threading
from functools import partial

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.journal import Exchange, fits

MAX_PAGE = 500
"""Exchanges in one answer, at most; `before` fetches earlier ones."""


@operation("GET", "/journal", long=True)
def journal(call: OperationCall) -> Answer:
    """List exchanges, the newest last; secrets are masked unless `reveal=true`.

    An answer has the newest 500 at most of those with ids above `since` and below `before`;
    `more` says whether there are earlier ones.
    """
    since, before = call.whole_number("since", 0), call.whole_number("before", 0)
    limit = min(call.whole_number("limit", 100) or MAX_PAGE, MAX_PAGE)
    world, endpoint = call.world, call.query.get("endpoint", "")

    def select() -> tuple[list[Exchange], int]:
        return world.journal.select(endpoint, since, limit + 1, before), world.journal.total

    found, total = world.transact(select)
    shown = _shown(call, found[-limit:])
    return {"exchanges": shown, "total": total, "more": len(found) > limit}


def _shown(call: OperationCall, found: list[Exchange]) -> list[Answer]:
    """Return exchanges as the API shows them. Slow, so done without a lock: they never change."""
    from mockdouyin.core.exchange_view import show  # loaded late: most runs never ask

    reveal = call.query.get("reveal", "").lower() in ("true", "1", "yes")
    hide = (lambda text: text) if reveal else call.world.mask()
    return [show(exchange, hide, call.language) for exchange in found]


@operation("GET", "/journal/wait", waits=True)
def wait_for_journal(call: OperationCall) -> Answer:
    """Wait for `count` calls of an endpoint; 408, with the latest call, when `timeout` is over."""
    endpoint = call.query.get("endpoint", "")
    count, timeout = call.whole_number("count", 1), min(call.seconds("timeout", 5), 60.0)
    since = call.whole_number("since", 0)
    found = _wait(call, endpoint, since, count, timeout)
    world = call.world
    if len(found) < count:
        text = world.transact(lambda: _timed_out(call, endpoint, count, timeout, len(found)))
        raise WaitTimeoutError(text)
    return {"exchanges": _shown(call, found[-MAX_PAGE:])}


_MAX_OVERTAKEN = 200
"""Exchanges that may enter a shared journal before one with a lower number."""


class WaitTimeoutError(MockDouyinError):
    """The calls that were waited for did not come in time."""

    status = 408


def _wait(
    call: OperationCall, endpoint: str, since: int, count: int, timeout: float
) -> list[Exchange]:
    """Block until enough exchanges are in the journal or the time is up; return those there are.

    A listener hears of this process's exchanges at once. Those of other workers are in a shared
    journal only, so it is polled.
    """
    world, journal, enough = call.world, call.world.journal, threading.Event()
    seen: set[int] = set()

    def note(exchange: Exchange) -> None:
        """Count one exchange; called by the thread that answered it, so it must be cheap."""
        if exchange.number > since and (not endpoint or fits(exchange, endpoint)):
            seen.add(exchange.number)
        if len(seen) >= count:
            enough.set()

    def look(last: int = 0) -> int:
        """Count the exchanges written after number `last`; return the number of the latest."""
        total = journal.total
        if total != last or not total:
            for each in journal.select(endpoint, max(since, last - _MAX_OVERTAKEN)):
                note(each)
        if len(seen) >= count:
            enough.set()
        return total

    journal.listeners.append(note)
    # Listen first and look after that, so that no exchange falls between the two.
    last = world.transact(look)
    call.sandbox.waits.append(enough.set)  # a server that stops ends the wait
    try:
        step = journal.poll or timeout
        for _ in range(max(1, round(timeout / step)) if timeout else 1):
            if enough.wait(min(step, timeout)):
                break
            last = world.transact(partial(look, last))
    finally:
        call.sandbox.waits.remove(enough.set)
        journal.listeners.remove(note)
    return world.transact(lambda: journal.select(endpoint, since))


def _timed_out(call: OperationCall, endpoint: str, count: int, timeout: float, seen: int) -> str:
    world = call.world
    latest = next(iter(reversed(list(world.journal))), None)
    last = "nothing was called at all"
    if latest is not None:
        mask = world.mask()
        name = latest.endpoint.full_name if latest.endpoint else "no endpoint"
        why = mask(latest.why.render(call.language))
        last = (
            f"the latest call was {latest.request.method} {mask(latest.request.path)} ({name},"
            f" {latest.verdict}{': ' if why else ''}{why})"
        )
    what = endpoint or "any endpoint"
    return f"waited {timeout:g}s for {count} calls of {what} and saw {seen}; {last}"
