"""Lives of credentials: what became of the codes, tokens and tickets of one exchange.

Records say until when one counts; the journal says who got it, and what was done with it since.
What neither says is left out, rather than guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import quote_plus

import msgspec

from mockdouyin.core.acts import Act
from mockdouyin.core.credentials import CredentialKind, kind_by_form
from mockdouyin.core.http import Request
from mockdouyin.core.ids import world_tag
from mockdouyin.core.journal import Entry, Exchange
from mockdouyin.core.links import Link
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.pace import Pace
from mockdouyin.core.parameters import parameters
from mockdouyin.domain.expiry import EXPIRING, Ending
from mockdouyin.domain.tokens import LADDERS

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

MAX_LIVES = 8
"""Credentials of one exchange whose lives are told; no endpoint has half as many."""
MAX_REFRESHES = 3
"""Refreshes of one user token that are told, the newest."""

MarkKind = Literal["issued", "used", "refreshed", "superseded", "ended", "revoked", "call"]

_GROUPS = ("code", "token", "ticket", "session")
_KINDS = [each for each in EXPIRING.values() if each.group in _GROUPS]
_DEPTH = 4
_SAME_TIME = 1.0
"""Seconds within which an entry was written at the time that a record tells."""


class Mark(NamedTuple):
    """One moment in a credential's life."""

    what: MarkKind
    entry: Entry


class Credential(NamedTuple):
    """A code, token, ticket or session key of an exchange, and what its record tells."""

    value: str
    is_sent: bool
    """Whether the client sent it; else it got it."""
    group: str
    name: str
    """`login_code`, `user_token`, …; `code` if the record is gone and several have this form."""
    app: str
    person: str
    ending: Ending | None
    """When it expires; None if its record is gone."""
    is_used: bool
    is_revoked: bool
    link: Link | None
    """What it belongs to."""


class Life(NamedTuple):
    """What became of a credential, in the order in which it happened."""

    of: Credential
    marks: list[Mark]


def find_credentials(world: World, exchange: Exchange) -> list[Credential]:
    """Return this world's credentials in an exchange, those that were sent first.

    It is called in a transaction.
    """
    app = exchange.app
    if app not in world.apps:  # an exchange may have the name of its app
        app = next((key for key, each in world.apps.items() if each.name == app), app)
    unit = world.store.unit(world.clock.now())
    values = {**dict.fromkeys(_got(exchange), False), **dict.fromkeys(_sent(exchange), True)}
    found = []
    for (name, value), is_sent in values.items():
        if name != "session_key" and world_tag(value) != world.ids.tag:
            continue
        credential = _look_up(world, unit, exchange, app, name, value, is_sent=is_sent)
        if credential is not None:
            found.append(credential)
    unique = {each.value: each for each in found}  # what was sent replaces what came back
    return sorted(unique.values(), key=lambda each: not each.is_sent)[:MAX_LIVES]


def _sent(exchange: Exchange) -> Iterator[tuple[str, str]]:
    request = exchange.request
    try:
        given = parameters(request)
    except Malformed:
        given = {}
    for name, value in given.items():
        if isinstance(value, str):
            yield name, value
    for header, content in request.headers:
        yield header.decode("latin-1"), content.decode("latin-1")


def _got(exchange: Exchange) -> Iterator[tuple[str, str]]:
    if exchange.endpoint is None or exchange.verdict != "ok":
        return
    try:
        yield from _texts("", msgspec.json.decode(exchange.reply.body), _DEPTH)
    except (msgspec.DecodeError, RecursionError):
        return


def _texts(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value:
        yield name, value
    elif isinstance(value, dict) and depth:
        for key, each in value.items():
            yield from _texts(key, each, depth - 1)


def _look_up(
    world: World, unit: Any, exchange: Exchange, app: str, name: str, value: str, *, is_sent: bool
) -> Credential | None:
    for kind in _KINDS:
        found = kind.find(unit, value, app, exchange.person)
        if found is None:
            continue
        key, record = found
        endings = kind.endings(world, unit, key, record)
        ending = next((each for each in endings if each.value == value), None)
        if ending is None:
            continue
        return Credential(
            value,
            is_sent,
            kind.group,
            ending.name,
            *kind.owner(key, record),
            ending,
            is_used=getattr(record, "used", False),
            is_revoked=kind.is_void(unit, record),
            link=ending.link,
        )
    return _without_record(exchange, app, name, value, is_sent=is_sent)


def _without_record(
    exchange: Exchange, app: str, name: str, value: str, *, is_sent: bool
) -> Credential | None:
    """Return what a credential's form alone tells; None if that is nothing."""
    link = None
    if name == "session_key":
        found, group = "session_key", "session"
        link = next((each for each in exchange.links if each.kind == "login"), None)
    else:
        form = kind_by_form(value)
        if form is None:
            return None
        found = "code" if form is CredentialKind.LOGIN_CODE else form.name.lower()
        group = found.rpartition("_")[2]
    return Credential(value, is_sent, group, found, app, exchange.person, None, False, False, link)


def tell_lives(
    credentials: Sequence[Credential],
    exchange: Exchange,
    entries: Sequence[Entry],
    pace: Pace,
    *,
    is_whole: bool,
) -> list[Life]:
    """Return the lives of an exchange's credentials, as the entries of a journal tell them.

    The entries come oldest first; `is_whole` says that none was dropped.
    """
    traces = [_Trace(each, exchange, is_whole=is_whole) for each in credentials]
    for entry in pace(entries):
        for trace in traces:
            trace.see(entry)
    return [Life(each.of, each.marks()) for each in traces]


class _Trace:
    """Where a credential turns up in the journal, and what that says of it."""

    def __init__(self, of: Credential, exchange: Exchange, *, is_whole: bool) -> None:
        self.of = of
        self._exchange = exchange
        self._is_whole = is_whole
        self._spellings = {of.value.encode(), quote_plus(of.value).encode()}
        self._issued: Entry | None = None
        self._others: list[Mark] = []
        self._doubtful: list[Exchange] = []
        """Calls that a rule bent or broke, and that may have used a code all the same."""
        self._is_used = False
        self._successors = 0
        """How many were issued in its place."""

    def see(self, entry: Entry) -> None:
        """Note what an entry says of it; they come in order."""
        if isinstance(entry, Act):
            self._see_act(entry)
        elif entry.endpoint is not None and entry.verdict in ("ok", "bent", "fault"):
            self._see_exchange(entry)

    def marks(self) -> list[Mark]:
        """Return what is known, in order."""
        marks = [Mark("issued", self._issued)] if self._issued is not None else []
        refreshes = [each for each in self._others if each.what == "refreshed"]
        marks += [each for each in self._others if each not in refreshes[:-MAX_REFRESHES]]
        if self.of.is_used and not self._is_used and len(self._doubtful) == 1:
            marks.append(Mark("used", self._doubtful[0]))
        if all(each.entry.number != self._exchange.number for each in marks):
            marks.append(Mark("call", self._exchange))
        return sorted(marks, key=lambda each: each.entry.number)

    def _see_act(self, act: Act) -> None:
        of, link = self.of, self.of.link
        if self._issued is None and (self._begins(act) or self._is_in(act.result)):
            self._issued = act
        elif link is None:
            return
        elif of.is_revoked and act.kind == "consent.revoke" and _reaches(act, link):
            self._add("revoked", act)
        elif of.group == "session" and act.kind == "phone.login" and _follows(act, link):
            self._add("ended", act)

    def _begins(self, act: Act) -> bool:
        """Whether a code or a session comes of this login or consent."""
        begins = act.kind in ("phone.login", "consent.allow")
        return begins and self.of.group in ("code", "session") and self.of.link in act.links

    def _see_exchange(self, exchange: Exchange) -> None:
        of, comes_back = self.of, self._is_in(exchange.reply.body)
        if comes_back and self._is_issue(exchange):
            self._issued = exchange
        elif of.group == "code":
            self._see_use(exchange)
        elif of.name in ("user_token", "business_token", "business_refresh_token"):
            if comes_back and _has_refresh_token(exchange.request):
                self._others.append(Mark("refreshed", exchange))
        elif comes_back or exchange.verdict != "ok":
            return
        elif of.name == "refresh_token":
            is_new = b'"rft.' in exchange.reply.body
            if of.ending is None and is_new and self._sends(exchange):
                self._add("ended", exchange)
        elif isinstance(self._issued, Exchange):
            self._see_successor(exchange, self._issued)
        elif of.ending is None and _resets(exchange) and exchange.person == of.person:
            self._add("ended", exchange)

    def _see_use(self, exchange: Exchange) -> None:
        if self._is_used or not self._sends(exchange):
            return
        if exchange.verdict == "ok":
            self._is_used = True
            self._others.append(Mark("used", exchange))
        else:
            self._doubtful.append(exchange)

    def _see_successor(self, exchange: Exchange, issued: Exchange) -> None:
        """Note that another token or ticket was issued in its place."""
        of, place = self.of, _place(issued)
        if exchange.app != issued.app or _place(exchange) != place:
            return
        self._successors += 1
        lives_on = of.group == "ticket" or isinstance(place, str)
        if self._successors == 1 and lives_on:
            if of.ending is None or of.ending.superseded:
                self._add("superseded", exchange)
        elif of.ending is None and of.group == "token":
            self._add("ended", exchange)

    def _add(self, what: MarkKind, entry: Entry) -> None:
        """Note something that happens once."""
        if all(each.what != what for each in self._others):
            self._others.append(Mark(what, entry))

    def _is_issue(self, exchange: Exchange) -> bool:
        """Whether it was issued here: the first reply that has it, if none before is gone."""
        if self._issued is not None or self._sends(exchange):
            return False
        ending = self.of.ending
        if self._is_whole:
            return True
        if ending is None or ending.superseded or _has_refresh_token(exchange.request):
            return False
        return abs(ending.at - ending.lifetime - exchange.time) < _SAME_TIME

    def _sends(self, exchange: Exchange) -> bool:
        request = exchange.request
        return (
            self._is_in(request.body)
            or self._is_in(request.query)
            or any(self._is_in(value) for _, value in request.headers)
        )

    def _is_in(self, content: bytes) -> bool:
        return any(spelling in content for spelling in self._spellings)


def _has_refresh_token(request: Request) -> bool:
    return b"rft." in request.body + request.query


def _place(exchange: Exchange) -> object:
    """Return what the next one comes from: the kind of a ladder, or else the same endpoint."""
    endpoint = exchange.endpoint
    return LADDERS.get(endpoint.name, endpoint) if endpoint is not None else None


def _resets(exchange: Exchange) -> bool:
    return exchange.endpoint is not None and exchange.endpoint.name == "reset_session_key"


def _reaches(act: Act, link: Link) -> bool:
    """Whether a revocation ends the consent of this link, as it does all before it."""
    return link in act.links or _follows(act, link)


def _follows(act: Act, link: Link) -> bool:
    """Whether an act belongs to a later login, or consent, of the same person in the app."""
    return any(_is_later(each, link) for each in act.links)


def _is_later(one: Link, other: Link) -> bool:
    same = (one.kind, one.app, one.person) == (other.kind, other.app, other.person)
    return same and one.number > other.number


def lives_of(world: World, exchange: Exchange) -> partial[list[Life]]:
    """Return, in a transaction, a function that tells an exchange's lives from the entries."""
    credentials = find_credentials(world, exchange)
    return partial(tell_lives, credentials, exchange, is_whole=world.journal.dropped == 0)
