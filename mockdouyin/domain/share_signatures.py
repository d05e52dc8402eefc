"""Signatures of share links and pages: with which ticket they were made, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import format_duration
from mockdouyin.core.crypto import js_signature, share_signature
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import Text
from mockdouyin.core.world import WorldState
from mockdouyin.domain import _share_texts as texts
from mockdouyin.domain.signatures import share
from mockdouyin.domain.tickets import JsTicket, OpenTickets, held_open_tickets

MAX_DIAGNOSED_TICKETS = 5
"""How many of the newest tickets are tried with each common mistake."""

MAX_PAST_TICKETS = 1000
"""How many of an app's last tickets are tried with a wrong signature."""

MAX_NONCE_LENGTH = 256
"""Characters of a nonce_str and of a timestamp: both are signed again with each ticket."""

MAX_URL_LENGTH = 8192
"""Characters of a page's address, which is signed again likewise."""


class ShareProblem(msgspec.Struct, frozen=True):
    """One thing that is wrong with a link or a signature."""

    part: str
    seen: Text | str
    expected: Text | str
    why: Text


def unknown_app(key: str) -> ShareProblem:
    """Return the problem of a client_key that no app has."""
    return ShareProblem("client_key", key[:80], texts.EXPECTED_CLIENT_KEY(), texts.APP_UNKNOWN())


def check_share_signature(
    world: WorldState, unit: Unit, app: App, fields: dict[str, str]
) -> Iterator[ShareProblem]:
    """Yield what is wrong with the timestamp and the signature of a link."""
    nonce, stamp = fields.get("nonce_str", ""), fields.get("timestamp", "")
    signature = fields.get("signature", "")
    if not (nonce and stamp and signature):
        return
    if too_long := _check_length("nonce_str", nonce, MAX_NONCE_LENGTH):
        yield too_long
        return
    wrong_time = _check_timestamp(world, unit, stamp)
    if wrong_time is not None:
        yield wrong_time
    if len(stamp) > MAX_NONCE_LENGTH:
        return
    valid = [ticket for ticket, _ in held_open_tickets(unit, app)]
    right = [share_signature(ticket, nonce, stamp) for ticket in valid]
    if signature in right:
        return
    names = ["nonce_str", "ticket", "timestamp"]
    expected = right[0] if right else texts.EXPECTED_MD5(names=names)
    why = _why_share_signature(world, unit, app, signature, nonce, stamp, valid)
    yield ShareProblem("signature", signature[:80], expected, why)


def _check_length(name: str, value: str, most: int) -> ShareProblem | None:
    if len(value) <= most:
        return None
    seen, expected = (
        texts.SEEN_CHARACTERS(count=len(value)),
        texts.EXPECTED_AT_MOST_CHARACTERS(most=most),
    )
    return ShareProblem(name, seen, expected, texts.SIGNED_TEXT_TOO_LONG())


def _check_timestamp(world: WorldState, unit: Unit, stamp: str) -> ShareProblem | None:
    now = str(int(unit.now))
    # isdigit() alone accepts digits that int() does not, such as ².
    if not (stamp.isascii() and stamp.isdigit()):
        return ShareProblem("timestamp", stamp[:40], now, texts.TIMESTAMP_NOT_SECONDS())
    if len(stamp) >= 13:
        return ShareProblem("timestamp", stamp[:40], now, texts.TIMESTAMP_IN_MILLISECONDS())
    life = world.settings.ticket_lifetime
    age = unit.now - int(stamp)
    if abs(age) > life:
        template = texts.TIMESTAMP_OLD if age > 0 else texts.TIMESTAMP_AHEAD
        why = template(by=format_duration(int(abs(age))), most=format_duration(life))
        return ShareProblem("timestamp", stamp[:40], now, why)
    return None


def _why_share_signature(
    world: WorldState,
    unit: Unit,
    app: App,
    signature: str,
    nonce: str,
    stamp: str,
    valid: list[str],
) -> Text:
    """Return the common mistake, or the wrong ticket, that leads to this signature."""
    for ticket in valid[:MAX_DIAGNOSED_TICKETS]:
        plan = share.share_plan(ticket, nonce, stamp)
        if mistake := share.find(share.SHARE, signature, plan):
            return mistake
    last = unit.find(OpenTickets, app.client_key)
    if last is None:
        why = texts.OPEN_TICKET_NEVER_FETCHED()
    else:
        why = texts.SIGNATURE_OF_NO_TICKET(names=["nonce_str", "timestamp"])
        newest = last.count - 1
        for number in range(newest, max(-1, newest - MAX_PAST_TICKETS), -1):
            old = world.ids.open_ticket(app.client_key, number)
            if signature == share_signature(old, nonce, stamp):
                if number == newest:
                    return texts.SIGNATURE_OF_EXPIRED_TICKET()
                return texts.SIGNATURE_OF_SUPERSEDED_TICKET()
    js = unit.find(JsTicket, app.client_key)
    if js is not None and signature == share_signature(js.ticket, nonce, stamp):
        return texts.SIGNATURE_OF_JS_TICKET()
    return why


class JsCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page passes to `sdk.config`.

    页面传给 `sdk.config` 的参数。
    """

    client_key: str
    """The app's key.

    应用的 key。"""
    nonce_str: str
    """The random text that was signed.

    参与签名的随机串。"""
    timestamp: str | int
    """The time that was signed, in seconds.

    参与签名的时间（秒）。"""
    url: str
    """The page's address that was signed.

    参与签名的页面地址。"""
    signature: str
    """The signature to check.

    要检查的签名。"""

    @property
    def stamp(self) -> str:
        """The timestamp as it was signed: pages write a number, the signed text has its digits."""
        return str(self.timestamp)


def check_page_signature(
    world: WorldState, unit: Unit, app: App, call: JsCall
) -> Iterator[ShareProblem]:
    """Yield what is wrong with the timestamp and the signature of a page."""
    too_long = (
        _check_length("nonce_str", call.nonce_str, MAX_NONCE_LENGTH),
        _check_length("url", call.url, MAX_URL_LENGTH),
    )
    if any(too_long):
        yield from (problem for problem in too_long if problem is not None)
        return
    wrong_time = _check_timestamp(world, unit, call.stamp)
    if wrong_time is not None:
        yield wrong_time
    current = unit.read(JsTicket, app.client_key)
    tickets = (
        [current.ticket, *(old for old, end in current.older if end > unit.now)] if current else []
    )
    right = [js_signature(t, call.nonce_str, call.stamp, call.url) for t in tickets]
    if call.signature not in right:
        names = ["jsapi_ticket", "nonce_str", "timestamp", "url"]
        expected = right[0] if right else texts.EXPECTED_MD5(names=names)
        why = _why_page_signature(unit, app, call, tickets)
        yield ShareProblem("signature", call.signature[:80], expected, why)


def _why_page_signature(unit: Unit, app: App, call: JsCall, tickets: list[str]) -> Text:
    """Return the common mistake, or the wrong ticket, that leads to this signature."""
    nonce, stamp, url = call.nonce_str, call.stamp, call.url
    page = url.partition("#")[0]
    for ticket in tickets:
        plan = share.page_plan(ticket, nonce, stamp, url)
        if mistake := share.find(share.JS, call.signature, plan):
            return mistake
    last = unit.find(JsTicket, app.client_key)
    if last is None:
        return texts.JS_TICKET_NEVER_FETCHED()
    if call.signature == js_signature(last.ticket, nonce, stamp, page):
        return texts.SIGNATURE_OF_EXPIRED_TICKET()
    for ticket, _ in islice(held_open_tickets(unit, app), MAX_PAST_TICKETS):
        if call.signature == js_signature(ticket, nonce, stamp, page):
            return texts.SIGNATURE_OF_OPEN_TICKET()
    return texts.SIGNATURE_OF_NO_TICKET(names=["nonce_str", "timestamp", "url"])
