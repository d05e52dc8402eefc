"""Operations on a world's journal: list exchanges, and wait for them."""

from __future__ import annotations

import contextlib
from concurrent.futures import Future, InvalidStateError
from heapq import heappop, heappush

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.control._steps import After, Step, Waiting
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.journal import Exchange, fits

MAX_PAGE = 500
"""Exchanges in one answer, at most; `before` fetches earlier ones."""


@operation("GET", "/journal", long=True)
def journal(call: OperationCall) -> Step[Answer]:
    """List exchanges, the newest last; secrets are masked unless `reveal=true`.

    An answer has the newest 500 at most of those with ids above `since` and below `before`;
    `more` says whether there are earlier ones.
    """
    since, before = call.whole_number("since", 0), call.whole_number("before", 0)
    limit = min(call.whole_number("limit", 100) or MAX_PAGE, MAX_PAGE)
    world, endpoint = call.world, call.query.get("endpoint", "")
    found, total = world.journal.select(endpoint, since, limit + 1, before), world.journal.total
    more = len(found) > limit
    return After(lambda: {"exchanges": _shown(call, found[-limit:]), "total": total, "more": more})


def _shown(call: OperationCall, found: list[Exchange]) -> list[Answer]:
    """Return exchanges as the API shows them. Slow, so done without a lock: they never change."""
    from mockdouyin.core.exchange_view import show  # loaded late: most runs never ask

    reveal = call.query.get("reveal", "").lower() in ("true", "1", "yes")
    hide = (lambda text: text) if reveal else call.world.mask()
    return [show(exchange, hide, call.language) for exchange in found]


@operation("GET", "/journal/wait", long=True)
def wait_for_journal(call: OperationCall) -> Step[Answer]:
    """Wait for `count` calls of an endpoint; 408, with the latest call, when `timeout` is over."""
    endpoint = call.query.get("endpoint", "")
    count, timeout = call.whole_number("count", 1), min(call.seconds("timeout", 5), 60.0)
    since, journal = call.whole_number("since", 0), call.world.journal

    def answer(found: list[Exchange] | None) -> Step[Answer]:
        if found is not None:
            return After(lambda: {"exchanges": _shown(call, found)})
        seen, latest = len(journal.select(endpoint, since)), next(reversed(list(journal)), None)
        waited = f"waited {timeout:g}s for {count} calls of {endpoint or 'any endpoint'}"

        def refuse() -> Answer:
            raise WaitTimeoutError(f"{waited} and saw {seen}; {_described(call, latest)}")

        return After(refuse)

    total, found = journal.total, journal.select(endpoint, since)
    if len(found) >= count:
        return answer(found[-MAX_PAGE:])
    if not timeout:
        return answer(None)
    counter = _Counter(endpoint, since, count, found)
    return Waiting(lambda: _follow(call, counter, total), answer, timeout)


class WaitTimeoutError(MockDouyinError):
    """The calls that were waited for did not come in time."""

    status = 408


class _Counter:
    """Counts an endpoint's exchanges, and has a future of the latest of them once enough came."""

    def __init__(self, endpoint: str, since: int, count: int, found: list[Exchange]) -> None:
        self.enough = Future[list[Exchange]]()
        self._endpoint = endpoint
        self._since = since
        self._count = count
        self._seen: set[int] = set()
        self._latest: list[tuple[int, Exchange]] = []
        """A heap of as many as an answer has."""
        for exchange in found:
            self.note(exchange)

    def note(self, exchange: Exchange) -> None:
        """Count one exchange, once."""
        number = exchange.number
        if number <= self._since or number in self._seen or self.enough.done():
            return
        if not self._endpoint or fits(exchange, self._endpoint):
            self._seen.add(number)
            heappush(self._latest, (number, exchange))
            if len(self._latest) > MAX_PAGE:
                heappop(self._latest)
        if len(self._seen) >= self._count:
            with contextlib.suppress(InvalidStateError):  # given up at this moment
                self.enough.set_result([exchange for _, exchange in sorted(self._latest)])

    def fail(self, error: Exception) -> None:
        """End the wait with an error."""
        with contextlib.suppress(InvalidStateError):
            self.enough.set_exception(error)


def _follow(call: OperationCall, counter: _Counter, total: int) -> Future[list[Exchange]]:
    """Have the exchanges after number `total` counted, as long as somebody waits for them."""
    note = counter.note  # one object: each access makes another one
    stop = call.world.journal.follow(note, total, counter.fail)
    counter.enough.add_done_callback(lambda _: stop())
    return counter.enough


def _described(call: OperationCall, latest: Exchange | None) -> str:
    if latest is None:
        return "nothing was called at all"
    mask = call.world.mask()
    name = latest.endpoint.full_name if latest.endpoint else "no endpoint"
    why = mask(latest.why.render(call.language))
    return (
        f"the latest call was {latest.request.method} {mask(latest.request.path)} ({name},"
        f" {latest.verdict}{': ' if why else ''}{why})"
    )
