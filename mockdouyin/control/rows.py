"""Rows: what happened in a world, in a dozen plain fields each, without any body.

A row is cheap, where an exchange has to be masked before it can be shown: a list, a stream and a
story are made of rows, and an exchange is opened one at a time.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote, quote_plus

import msgspec

from mockdouyin.control._error_texts import FROM_FORM
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._pages import PAGE, pages
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.control._turns import in_turns
from mockdouyin.core.acts import Act
from mockdouyin.core.clock import iso, parse_duration, parse_time
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.journal import Entry, Exchange, fits
from mockdouyin.core.texts import Language, Text
from mockdouyin.sandbox.worlds import World

MAX_ROWS = 1000
"""Rows in one answer, at most; `before` fetches earlier ones."""


class RowShown(Shown, kw_only=True):
    """One thing that happened: an exchange, an act, or an attempt to deliver.

    发生的一件事：请求、操作，或一次投递的尝试。
    """

    id: int
    """Its number in the world's one sequence.

    在世界统一编号里的编号。"""
    type: Literal["exchange", "act", "delivery"]
    time: str
    endpoint: str | None = None
    """An exchange's endpoint; null if no endpoint has the path.

    请求的接口；没有接口在这个路径上则是 null。"""
    kind: str | None = None
    """An act's kind, such as `phone.login`, `consent.allow` or `clock.advance`.

    操作的种类，如 `phone.login`、`consent.allow`、`clock.advance`。"""
    method: str | None = None
    path: str | None = None
    app: str
    person: str
    verdict: str
    """`ok` or `refused`; of an exchange also `bent`, `fault`, `unknown` or `error`.

    `ok` 或 `refused`；请求还有 `bent`、`fault`、`unknown`、`error`。"""
    status: int | None = None
    code: int | None = None
    """The number of the error with which the platform refused it.

    平台拒绝时的错误码。"""
    error: str | None = None
    """The error's name.

    错误的名称。"""
    fault: str | None = None
    says: str = ""
    """What happened, where it is an act or an attempt.

    操作或尝试是什么。"""
    why: str = ""
    """Why it was refused.

    为什么被拒绝。"""
    rule: str | None = None
    """The id of the rule that decided.

    起作用的规则的 id。"""
    took_ms: float | None = None
    """How long the answer took, the delay of a rule included.

    响应用了多久，包括规则的延迟。"""
    links: list[str]
    """What it belongs to, such as `login:tt0123456789abcdef:小明:7`.

    属于什么，如 `login:tt0123456789abcdef:小明:7`。"""
    delivery: str | None = None
    """The id of the delivery that this is an attempt of, or sends again.

    这是哪个投递的尝试，或重发了哪个投递：它的 id。"""

    def __post_init__(self) -> None:
        """Do nothing: no field is an object, and rows are made by the thousand."""


def show_row(entry: Entry, mask: Callable[[str], str], language: Language) -> RowShown:
    """Return an entry of the journal as a row."""
    if isinstance(entry, Act):
        return _act_row(entry, mask, language)
    return _exchange_row(entry, mask, language)


def _exchange_row(exchange: Exchange, mask: Callable[[str], str], language: Language) -> RowShown:
    request, reply = exchange.request, exchange.reply
    endpoint, error = exchange.endpoint, exchange.error
    return RowShown(
        id=exchange.number,
        type="exchange",
        time=iso(exchange.time),
        endpoint=endpoint.full_name if endpoint else None,
        method=request.method,
        # The path of an endpoint holds no secrets, and masking is the slow part here.
        path=request.path if endpoint else mask(request.path),
        app=mask(exchange.app) if exchange.app else "",
        person=exchange.person,
        verdict=exchange.verdict,
        status=reply.status,
        code=error.code if error else None,
        error=error.name if error else None,
        fault=str(reply.fault) if reply.fault else None,
        why=_masked(exchange.why, mask, language) if exchange.why else "",
        rule=exchange.rule or None,
        took_ms=exchange.took_ms,
        links=[link.id for link in exchange.links],
    )


def _act_row(act: Act, mask: Callable[[str], str], language: Language) -> RowShown:
    return RowShown(
        id=act.number,
        type="delivery" if act.is_attempt else "act",
        time=iso(act.time),
        kind=act.kind,
        app=act.app,
        person=act.person,
        verdict=act.verdict,
        says=_masked(act.says, mask, language),
        why=_masked(act.why, mask, language) if act.why else "",
        rule=act.rule or None,
        links=[link.id for link in act.links],
        delivery=act.delivery or None,
    )


def _masked(words: Text, mask: Callable[[str], str], language: Language) -> str:
    """Render a text; one without parameters quotes nothing that a client sent."""
    text = words.render(language)
    return mask(text) if words.parameters else text


class RowsQuery(OperationQuery):
    """Which rows to list.

    列出哪些行。
    """

    since: int = 0
    """Only those with a number above this one.

    只要编号大于它的。"""
    before: int = 0
    """Only those with a number below this one.

    只要编号小于它的。"""
    limit: int = 100
    """At most so many, and never more than 1,000; 0 is as many as there may be.

    最多这么多，不超过 1,000；0 就按上限。"""
    endpoint: str = ""
    """Exchanges of this endpoint alone: its full name, bare name or path, or `family.*`.

    只要这个接口的请求：全名、短名或路径，或 `family.*`。"""
    person: str = ""
    """A name or an open_id.

    用户名或 open_id。"""
    app: str = ""
    """A client_key or a name.

    client_key 或应用名。"""
    error: bool = False
    """Only what is not `ok`.

    只要结果不是 `ok` 的。"""
    kind: str = ""
    """Acts of this kind, or of all that begin so: `clock.advance`, `clock`.

    只要这一类或以它开头的操作：`clock.advance`、`clock`。"""
    from_: str = msgspec.field(name="from", default="")
    """Not before this moment, or so long ago by the world's clock: `5m`.

    不早于这个时刻，或按世界的时钟往前多久：`5m`。"""
    text: str = ""
    """Only what has this text in its request or reply, or among what an act was given or gave.

    只要请求、响应或操作的内容里有这段文字的。"""


class RowsPage(Shown):
    """What happened, the newest last.

    发生过的事情，最新的在最后。
    """

    rows: list[RowShown]
    total: int
    """The number of the latest entry of the journal.

    最后一条记录的编号。"""
    more: bool
    """Whether there are earlier ones.

    之前是否还有。"""
    dropped: int
    """Entries up to this number are gone.

    这个编号及之前的记录已经丢弃。"""

    def __post_init__(self) -> None:
        """Do nothing: rows are no plain objects, and there may be a thousand."""


@operation("GET", "/rows", long=True)
def rows(call: OperationCall[RowsQuery]) -> Step[RowsPage]:
    """List what happened, as rows without bodies, the newest last: exchanges, acts, attempts.

    An answer has the newest 1,000 at most of those with ids above `since` and below `before` that
    pass all filters; `more` says whether there are earlier ones.

    按行列出发生过的一切（请求、操作、投递），不含 body，最新的在最后。
    """
    given, world = call.given, call.world
    wanted = _Wanted(given, world)
    limit = min(given.limit or MAX_ROWS, MAX_ROWS)
    total, dropped = world.journal.total, world.journal.dropped
    before = min(given.before or total + 1, total + 1)  # so that the answer is of one moment

    def show() -> RowsPage:
        found = _search(world, wanted, given.since, before, limit + 1)
        mask = world.mask()
        shown = in_turns(found[-limit:], lambda entry: show_row(entry, mask, call.language))
        return RowsPage(rows=shown, total=total, more=len(found) > limit, dropped=dropped)

    return After(show)


def _search(world: World, wanted: _Wanted, since: int, before: int, limit: int) -> list[Entry]:
    """Return the newest entries that are wanted, oldest first, looking page by page."""
    found: list[Entry] = []
    for page in pages(world, since, before, limit if wanted.is_all else PAGE):
        found = [*filter(wanted.has, page), *found]
        if len(found) >= limit:
            break
    return found[-limit:]


class _Wanted:
    """The filters of one query."""

    def __init__(self, given: RowsQuery, world: World) -> None:
        """Look up what the query names; an unknown person or app is an error."""
        self._endpoint, self._kind, self._error = given.endpoint, given.kind, given.error
        self._person = world.people.find(given.person) if given.person else ""
        app = world.find_app(given.app) if given.app else None
        self._app = (app.client_key, app.name) if app else ()
        self._from = moment(given.from_, world.clock.now()) if given.from_ else 0.0
        self._spellings = _spellings(given.text)
        self.is_all: bool = not any(
            (
                given.endpoint,
                given.kind,
                given.error,
                given.person,
                given.app,
                given.from_,
                given.text,
            )
        )

    def has(self, entry: Entry) -> bool:
        """Whether an entry passes all filters."""
        if entry.time < self._from or (self._error and entry.verdict == "ok"):
            return False
        if (self._person and entry.person != self._person) or (
            self._app and entry.app not in self._app
        ):
            return False
        if isinstance(entry, Exchange):
            of_endpoint = not self._kind and (not self._endpoint or fits(entry, self._endpoint))
            return of_endpoint and self._has_text(entry)
        of_kind = not self._kind or (entry.kind + ".").startswith(self._kind + ".")
        return of_kind and not self._endpoint and self._has_text(entry)

    def _has_text(self, entry: Entry) -> bool:
        """Whether the bytes of an entry hold the text, in one of its spellings."""
        if not self._spellings:
            return True
        if isinstance(entry, Exchange):
            places = (entry.request.query, entry.request.body, entry.reply.body)
        else:
            places = (entry.given, entry.result, b"")
        return any(spelling in place for spelling in self._spellings for place in places)


def _spellings(text: str) -> set[bytes]:
    """Return a text as bodies may have it: as it is, escaped in JSON, and in forms and queries."""
    if not text:
        return set()
    escaped = json.dumps(text)[1:-1].encode()
    return {text.encode(), escaped, quote_plus(text).encode(), quote(text, safe="").encode()}


def moment(text: str, now: float) -> float:
    """Return the time that a text names: a moment, or how long ago it was."""
    with contextlib.suppress(MockDouyinError):
        return now - parse_duration(text)
    # A `+` that was not escaped in a query is a space by now.
    for spelling in (text, "+".join(text.rsplit(" ", 1))):
        with contextlib.suppress(MockDouyinError):
            return parse_time(spelling)
    raise MockDouyinError(FROM_FORM(text=text[:60]))
