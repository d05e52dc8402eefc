"""Operations on a world's journal: list exchanges, and wait for them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from heapq import heappop, heappush
from typing import Any

from mockdouyin.control._near import NearShown
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._pages import every_entry, every_exchange, pages
from mockdouyin.control._shown import Shown, typed
from mockdouyin.control._steps import After, Step, Waiting
from mockdouyin.control._turns import in_turns, paced
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.journal import Entry, Exchange, exchanges_of, fits
from mockdouyin.core.texts import Language, text
from mockdouyin.sandbox.worlds import World

MAX_PAGE = 500
"""Exchanges in one answer, at most; `before` fetches earlier ones."""


class ErrorSeen(Shown):
    """The error with which Douyin refused a call.

    抖音拒绝调用时的错误。
    """

    code: int
    name: str


class RequestSeen(Shown):
    """A request of the client, with its secrets masked.

    客户端的请求，密钥已打码。
    """

    query: str
    headers: dict[str, str]
    body: Any


class ReplySeen(Shown):
    """Douyin's reply, with its secrets masked.

    抖音的响应，密钥已打码。
    """

    headers: dict[str, str]
    body: Any


class ExchangeShown(Shown, kw_only=True):
    """A request with its reply, and what is known about them.

    一次请求和响应，以及已知的情况。
    """

    id: int
    time: str
    world: str
    endpoint: str | None
    """Its full name; null if no endpoint has the path.

    接口全名；没有接口在这个路径上则是 null。"""
    method: str
    host: str
    path: str
    app: str
    person: str
    verdict: str
    """`ok`, `refused`, `bent` (by a rule), `fault`, `unknown` (path) or `error` (our own).

    `ok`、`refused`（拒绝）、`bent`（被规则改写）、`fault`（故障）、`unknown`（没有这个路径）或
    `error`（mockdouyin 自己的 bug）。"""
    status: int
    error: ErrorSeen | None
    why: str
    """Why it was refused.

    为什么被拒绝。"""
    why_code: str | None
    """The reason's code, the same in every language.

    原因的代号，与语言无关。"""
    rule: str | None
    """The id of the rule that changed the answer.

    改变响应的规则的 id。"""
    fault: str | None
    unread: list[str]
    """The parameters that the client sent and nothing read.

    客户端发了但没有被读取的参数。"""
    took_ms: float
    """How long the answer took, the delay of a rule included.

    响应用了多久，包括规则的延迟。"""
    links: list[str]
    """What it belongs to, such as `login:tt0123456789abcdef:小明:7`.

    属于什么，如 `login:tt0123456789abcdef:小明:7`。"""
    request: RequestSeen
    reply: ReplySeen
    near: NearShown | None = None
    """What a call that nothing answered came closest to: an endpoint, or a rule on a path.

    没有接口响应的请求最接近什么：接口，或路径上的规则。"""


def exchange_shower(
    world: World, mask: Callable[[str], str], language: Language
) -> Callable[[Exchange], ExchangeShown]:
    """Return a function that returns an exchange of a world as the API shows it.

    It is slow, so it is called without a lock: an exchange never changes.
    """
    from mockdouyin.core.exchange_view import show  # loaded late: most runs never ask
    from mockdouyin.sandbox.near_misses import PathSearch

    search = PathSearch(world, mask)

    def show_exchange(exchange: Exchange) -> ExchangeShown:
        near = search.show(exchange, language)
        return typed({**show(exchange, mask, language), "near": near}, ExchangeShown)

    return show_exchange


class JournalQuery(OperationQuery):
    """Which exchanges to list.

    列出哪些请求。
    """

    endpoint: str = ""
    """An endpoint's full name, bare name or path, or `family.*`.

    接口的全名、短名或路径，或 `family.*`。"""
    since: int = 0
    """Only those with a number above this one.

    只要编号大于它的。"""
    before: int = 0
    """Only those with a number below this one.

    只要编号小于它的。"""
    limit: int = 100
    """At most so many, and never more than 500.

    最多这么多，不超过 500。"""
    reveal: bool = False
    """Do not mask secrets.

    不给密钥打码。"""


class JournalPage(Shown):
    """Exchanges, the newest last.

    请求日志，最新的在最后。
    """

    exchanges: list[ExchangeShown]
    total: int
    """The number of the latest entry of the journal.

    最后一条记录的编号。"""
    more: bool
    """Whether there are earlier ones.

    之前是否还有。"""
    dropped: int
    """Entries up to this number are gone.

    这个编号及之前的记录已经丢弃。"""


@operation("GET", "/journal", long=True, views={"rows": "rows"})
def journal(call: OperationCall[JournalQuery]) -> Step[JournalPage]:
    """List exchanges, the newest last; secrets are masked unless `reveal=true`.

    An answer has the newest 500 at most of those with ids above `since` and below `before`;
    `more` says whether there are earlier ones. With `view=rows` it is the operation `rows`.

    列出请求日志，最新的在最后；密钥会打码，除非 `reveal=true`。
    """
    given, journal = call.given, call.world.journal
    limit = min(given.limit or MAX_PAGE, MAX_PAGE)
    total, dropped = journal.total, journal.dropped
    before = min(given.before or total + 1, total + 1)  # so that the answer is of one moment

    def show() -> JournalPage:
        found = _newest(call.world, given, before, limit + 1)
        shown = _shown(call, found[-limit:], reveal=given.reveal)
        return JournalPage(exchanges=shown, total=total, more=len(found) > limit, dropped=dropped)

    return After(show)


def _newest(world: World, given: JournalQuery, before: int, limit: int) -> list[Exchange]:
    """Return the newest exchanges that are wanted, oldest first, looking page by page."""
    found: list[Exchange] = []
    for page in pages(world, given.since, before, 2 * limit):
        exchanges = exchanges_of(page)
        if given.endpoint:
            exchanges = [each for each in exchanges if fits(each, given.endpoint)]
        found = exchanges + found
        if len(found) >= limit:
            break
    return found[-limit:]


def _shown(
    call: OperationCall[Any], found: list[Exchange], *, reveal: bool
) -> list[ExchangeShown]:
    hide = (lambda text: text) if reveal else call.world.mask()
    return in_turns(found, exchange_shower(call.world, hide, call.language))


class WaitQuery(OperationQuery):
    """Which calls to wait for, how many, and for how long.

    等哪些调用、等几次、等多久。
    """

    endpoint: str = ""
    """The endpoint's full name, bare name or path, or `family.*`.

    接口的全名、短名或路径，或 `family.*`。"""
    since: int = 0
    """Only calls with a number above this one count.

    只算编号大于它的调用。"""
    count: int = 1
    """How many calls to wait for.

    等几次调用。"""
    timeout: float = 5
    """Seconds, 60 at most.

    最多等几秒，不超过 60。"""
    reveal: bool = False
    """Do not mask secrets.

    不给密钥打码。"""


class Exchanges(Shown):
    """Exchanges, the newest last.

    请求日志，最新的在最后。
    """

    exchanges: list[ExchangeShown]


@operation("GET", "/journal/wait", long=True)
def wait_for_journal(call: OperationCall[WaitQuery]) -> Step[Exchanges]:
    """Wait for `count` calls of an endpoint; 408 with the closest one when `timeout` is over.

    等到某个接口被调用 `count` 次；超过 `timeout` 返回 408，并给出最接近的一次调用。
    """
    given, journal = call.given, call.world.journal
    endpoint, since, count = given.endpoint, given.since, given.count
    timeout = min(given.timeout, 60.0)

    def answer(found: list[Exchange] | None) -> Step[Exchanges]:
        if found is not None:
            return After(lambda: Exchanges(exchanges=_shown(call, found, reveal=given.reveal)))

        def refuse() -> Exchanges:
            from mockdouyin.sandbox.near_misses import ANY_ENDPOINT, CallSearch  # loaded late

            exchanges = every_exchange(call.world)
            later = (each for each in paced(exchanges) if each.number > since)
            seen = sum(not endpoint or fits(each, endpoint) for each in later)
            search = CallSearch(call.world, exchanges, call.world.mask())
            near = search.closest_to_wait(endpoint, since, count)
            says = _WAITED(
                seconds=f"{timeout:g}",
                count=count,
                endpoint=endpoint or ANY_ENDPOINT(),
                seen=seen,
                closest=search.describe_wait(near, call.language),
            )
            shown = near.show(call.language) if near else None
            raise WaitTimeoutError(says.render(call.language), shown)

        return After(refuse)

    total = journal.total

    def look() -> Step[Exchanges]:
        entries = every_entry(call.world, total + 1, since)
        found = [each for each in exchanges_of(entries) if not endpoint or fits(each, endpoint)]
        if len(found) >= count:
            return answer(found[-MAX_PAGE:])
        if not timeout:
            return answer(None)
        counter = _Counter(endpoint, since, count, found)
        return Waiting(lambda: _follow(call, counter, total), answer, timeout)

    return After(look)


_WAITED = text(
    "journal_waited",
    zh="等待了 {seconds} 秒，期望 {endpoint} 被调用 {count} 次，实际 {seen} 次；{closest}",
    en="waited {seconds}s for {count} calls of {endpoint} and saw {seen}; {closest}",
)


class WaitTimeoutError(MockDouyinError):
    """The calls that were waited for did not come in time."""

    status = 408

    def __init__(self, text: str, near: dict[str, Any] | None) -> None:
        super().__init__(text)
        self.near = near
        """The call that came closest, as data."""


class _Counter:
    """Counts an endpoint's exchanges, and has a future of the latest of them once enough came."""

    def __init__(self, endpoint: str, since: int, count: int, found: list[Exchange]) -> None:
        self.enough = Future[list[Exchange]]()
        self._lock = threading.RLock()
        self._endpoint = endpoint
        self._since = since
        self._count = count
        self._seen: set[int] = set()
        self._latest: list[tuple[int, Exchange]] = []
        """A heap of as many as an answer has."""
        for exchange in found:
            self.note(exchange)

    def note(self, entry: Entry) -> None:
        """Count one exchange, once."""
        if isinstance(entry, Exchange):
            with self._lock:  # the one that answered it and the one that looks back may meet
                self._note(entry)

    def _note(self, exchange: Exchange) -> None:
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


def _follow(call: OperationCall[Any], counter: _Counter, total: int) -> Future[list[Exchange]]:
    """Have the exchanges after number `total` counted, as long as somebody waits for them."""
    note = counter.note  # one object: each access makes another one
    stop = call.world.journal.follow(note, total, counter.fail)
    counter.enough.add_done_callback(lambda _: stop())
    return counter.enough
