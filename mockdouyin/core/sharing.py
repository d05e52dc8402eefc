"""An H5 share link as the Douyin app takes it: which part is wrong, and why.

The link is `snssdk1128://openplatform/share?…`; it is signed with an open ticket, and what it
shares has to be a picture, an album or a video that can be downloaded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import permutations
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import format_duration
from mockdouyin.core.crypto import js_signature, share_signature
from mockdouyin.core.store import Unit
from mockdouyin.core.tickets import JsTicket, OpenTicket
from mockdouyin.core.world import WorldState

SCHEMA = "snssdk1128://openplatform/share"

MEDIA = ("image_path", "image_list_path", "video_path")
KNOWN = (
    *("share_type", "client_key", "nonce_str", "timestamp", "signature", "state", "title"),
    *MEDIA,
    *("hashtag_list", "micro_app_info", "share_to_publish", "poi_id"),
)
LISTS = ("image_list_path", "hashtag_list")


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with a link or a signature."""

    part: str
    seen: str
    expected: str
    why: str


class Verdict(msgspec.Struct, frozen=True):
    """What the Douyin app makes of a link."""

    ok: bool
    problems: tuple[Problem, ...]
    fields: dict[str, str]
    """What the link says, decoded."""


def examine(world: WorldState, unit: Unit, schema: str) -> Verdict:
    """Examine a share link part by part."""
    pairs, problems = _split(schema)
    fields = {name: unquote_plus(value) for name, value in pairs}
    problems += _encoding(pairs)
    problems += _shape(fields)
    problems += _media(fields)
    app = world.apps.get(fields.get("client_key", ""))
    if app is None:
        problems.append(
            Problem(
                "client_key",
                fields.get("client_key", ""),
                "the key of an app",
                "no app of this world has it",
            )
        )
    else:
        problems += _scopes(app)
        problems += _signed(world, unit, app, fields)
    return Verdict(not problems, tuple(problems), fields)


def _split(schema: str) -> tuple[list[tuple[str, str]], list[Problem]]:
    head, mark, query = schema.strip().partition("?")
    problems = []
    if not mark or head.rstrip("/") != SCHEMA:
        problems.append(Problem("schema", head[:80], SCHEMA, "another address opens nothing"))
    if "×" in query:
        why = "an HTML page has read &times as ×; write &amp;timestamp there, or escape the link"
        problems.append(Problem("timestamp", "×tamp=", "&timestamp=", why))
        query = query.replace("×tamp", "&timestamp")
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    return [(name, value) for name, value in pairs], problems


_ENCODED = re.compile(r"(?:[A-Za-z0-9._~*!'()+-]|%[0-9A-Fa-f]{2})*")


def _encoding(pairs: list[tuple[str, str]]) -> Iterator[Problem]:
    seen = set()
    for name, value in pairs:
        if name not in KNOWN:
            why = "no such parameter; a value before it may not be URL-encoded"
            yield Problem(name[:40], value[:80], "one of " + ", ".join(KNOWN), why)
        if name in seen:
            yield Problem(name, value[:80], "each parameter once", "it is there twice")
        seen.add(name)
        if not _ENCODED.fullmatch(value):
            why = "the value is not URL-encoded; encode each value by itself"
            yield Problem(name, value[:80], "%XX for all but letters, digits and -._~", why)


def _shape(fields: dict[str, str]) -> Iterator[Problem]:
    if fields.get("share_type") != "h5":
        yield Problem("share_type", fields.get("share_type", ""), "h5", "it has to be h5")
    for name in ("client_key", "nonce_str", "timestamp", "signature"):
        if not fields.get(name):
            yield Problem(name, "", "a value", "it is missing")
    for name in LISTS:
        if name in fields:
            value = _json(fields[name])
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                why = "it is no JSON array of strings"
                yield Problem(name, fields[name][:80], '["…", "…"]', why)
    if "micro_app_info" in fields and not isinstance(_json(fields["micro_app_info"]), dict):
        seen, why = fields["micro_app_info"][:80], "it is no JSON object"
        yield Problem("micro_app_info", seen, '{"appId": …, "appTitle": …}', why)


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None


def _media(fields: dict[str, str]) -> Iterator[Problem]:
    given = [name for name in MEDIA if fields.get(name)]
    if not given:
        expected = " or ".join(MEDIA)
        yield Problem("media", "", expected, "there is nothing to share")
    for name in given:
        listed = _json(fields[name]) if name == "image_list_path" else None
        for url in listed if isinstance(listed, list) else [fields[name]]:
            if name == "image_list_path" and not isinstance(listed, list):
                continue
            if not isinstance(url, str) or not url.startswith(("http://", "https://")):
                why = "the Douyin app downloads it: it needs a public http or https address"
                yield Problem(name, str(url)[:80], "https://…", why)
    if fields.get("share_to_publish") == "1" and "video_path" not in fields:
        why = "only a single video goes straight to the publish page"
        yield Problem("share_to_publish", "1", "a video_path", why)


def _scopes(app: App) -> Iterator[Problem]:
    for scope in ("h5.share", "open.get.ticket"):
        if scope not in app.scopes:
            why = f"app {app.name!r} lacks it"
            yield Problem("scope", ", ".join(app.scopes)[:80], scope, why)


def _signed(world: WorldState, unit: Unit, app: App, fields: dict[str, str]) -> Iterator[Problem]:
    nonce, stamp = fields.get("nonce_str", ""), fields.get("timestamp", "")
    signature = fields.get("signature", "")
    if not (nonce and stamp and signature):
        return
    fresh = _freshness(world, unit, stamp)
    if fresh is not None:
        yield fresh
    held = unit.read(OpenTicket, app.client_key)
    alive = [ticket for ticket, end in held.held if end > unit.now] if held else []
    right = [share_signature(ticket, nonce, stamp) for ticket in alive]
    if signature in right:
        return
    expected = right[-1] if right else "the MD5 over nonce_str, ticket and timestamp"
    why = _why_signature(world, unit, app, signature, nonce, stamp, alive)
    yield Problem("signature", signature[:80], expected, why)


def _freshness(world: WorldState, unit: Unit, stamp: str) -> Problem | None:
    if not stamp.isdigit():
        return Problem("timestamp", stamp[:40], "seconds since 1970", "it is no number")
    now = str(int(unit.now))
    if len(stamp) >= 13:
        why = "it is in milliseconds; sign and send seconds"
        return Problem("timestamp", stamp[:40], now, why)
    life = world.settings.ticket_lifetime
    away = unit.now - int(stamp)
    if abs(away) > life:
        side = "old" if away > 0 else "ahead"
        why = f"it is {format_duration(int(abs(away)))} {side}; at most {format_duration(life)}"
        return Problem("timestamp", stamp[:40], now, why)
    return None


def _why_signature(
    world: WorldState,
    unit: Unit,
    app: App,
    signature: str,
    nonce: str,
    stamp: str,
    alive: list[str],
) -> str:
    """Try the mistakes that people make, and name the one that gives this signature."""
    for ticket in alive:
        if found := _slip(signature, ticket, nonce, stamp):
            return found
    last = unit.find(OpenTicket, app.client_key)
    for number in range(last.count, -1, -1) if last else ():
        old = world.ids.open_ticket(app.client_key, number)
        if signature == share_signature(old, nonce, stamp):
            if number == (last.count if last else 0):
                return "it is made with a ticket that has expired"
            return "it is made with a superseded ticket: each call of /open/getticket/ makes a new"
    js = unit.find(JsTicket, app.client_key)
    if js is not None and signature == share_signature(js.ticket, nonce, stamp):
        return "it is made with a JS ticket (/js/getticket/); a share needs /open/getticket/'s"
    if last is None:
        return "the app never asked for an open ticket (/open/getticket/)"
    return "it fits no ticket of the app with this nonce_str and timestamp"


def _slip(signature: str, ticket: str, nonce: str, stamp: str) -> str:
    parts = {"nonce_str": nonce, "ticket": ticket, "timestamp": stamp}
    text = "&".join(f"{name}={parts[name]}" for name in sorted(parts))
    if signature.lower() == _md5(text):
        return "it is in upper case; the platform's is lower-case hex"
    if signature == hashlib.sha1(text.encode()).hexdigest():
        return "it is SHA1; the platform's is MD5"
    for order in permutations(parts):
        if signature == _md5("&".join(f"{name}={parts[name]}" for name in order)):
            return f"the parts are unsorted: {', '.join(order)}; sort them by name"
    for wrong, says in ((stamp + "000", "milliseconds"), (stamp[:10], "seconds")):
        if signature == share_signature(ticket, nonce, wrong):
            return f"it was signed over the timestamp in {says}, and another one was sent"
    if signature == _md5(text.replace("&ticket=", "&jsapi_ticket=")):
        return "the ticket's name in the signed text is ticket, not jsapi_ticket"
    return ""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def build(app: App, ticket: str, nonce: str, stamp: int, given: dict[str, str]) -> dict[str, str]:
    """Give the parameters of a link that the Douyin app takes."""
    return {
        "share_type": "h5",
        "client_key": app.client_key,
        "nonce_str": nonce,
        "timestamp": str(stamp),
        "signature": share_signature(ticket, nonce, str(stamp)),
        **given,
    }


class JsCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page gives to `sdk.config`."""

    client_key: str
    nonce_str: str
    timestamp: str
    url: str
    signature: str


def examine_js(world: WorldState, unit: Unit, given: JsCall) -> Verdict:
    """Examine a signature of the JS SDK."""
    fields = msgspec.structs.asdict(given)
    app = world.apps.get(given.client_key)
    if app is None:
        missing = Problem("client_key", given.client_key, "the key of an app", "no app has it")
        return Verdict(False, (missing,), fields)
    problems = [p for p in (_freshness(world, unit, given.timestamp),) if p is not None]
    held = unit.read(JsTicket, app.client_key)
    tickets = [held.ticket, *(old for old, end in held.older if end > unit.now)] if held else []
    right = [js_signature(t, given.nonce_str, given.timestamp, given.url) for t in tickets]
    if given.signature not in right:
        why = _why_js(unit, app, given, tickets)
        expected = right[0] if right else "the MD5 over jsapi_ticket, nonce_str, timestamp, url"
        problems.append(Problem("signature", given.signature, expected, why))
    return Verdict(not problems, tuple(problems), fields)


def _why_js(unit: Unit, app: App, given: JsCall, tickets: list[str]) -> str:
    nonce, stamp, page = given.nonce_str, given.timestamp, given.url
    for ticket in tickets:
        text = f"jsapi_ticket={ticket}&nonce_str={nonce}&timestamp={stamp}&url={page}"
        if given.signature in (_md5(text), _md5(text.replace("nonce_str", "noncestr"))):
            return "the url was signed with its fragment, or nonce_str under another name"
        if given.signature == hashlib.sha1(text.partition("#")[0].encode()).hexdigest():
            return "it is SHA1, as in WeChat; the platform's is MD5"
        if given.signature.lower() == js_signature(ticket, nonce, stamp, page):
            return "it is in upper case; the platform's is lower-case hex"
    held = unit.read(OpenTicket, app.client_key)
    for ticket, _ in held.held if held else ():
        if given.signature == js_signature(ticket, nonce, stamp, page):
            return "it is made with an open ticket; pages need /js/getticket/'s"
    if not tickets:
        return "the app has no JS ticket that lives (/js/getticket/)"
    return "it fits no ticket of the app with this nonce_str, timestamp and url"
