"""An H5 share link as the Douyin app takes it: which part is wrong, and why.

The link is `snssdk1128://openplatform/share?…`; it is signed with an open ticket, and what it
shares has to be a picture, an album or a video that can be downloaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import format_duration
from mockdouyin.core.crypto import js_signature, share_signature
from mockdouyin.core.errors import nearest
from mockdouyin.core.store import Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import signature_diagnosis
from mockdouyin.domain.tickets import JsTicket, OpenTickets, held_open_tickets

SCHEMA = "snssdk1128://openplatform/share"

MEDIA = ("image_path", "image_list_path", "video_path")
KNOWN = (
    *("share_type", "client_key", "nonce_str", "timestamp", "signature", "state", "title"),
    *MEDIA,
    *("hashtag_list", "micro_app_info", "share_to_publish", "share_to_type", "poi_id"),
)
LISTS = ("image_list_path", "hashtag_list")

EXPIRED = "it is made with a ticket that has expired"
SUPERSEDED = (
    "it is made with a superseded ticket: each call of /open/getticket/ gives another,"
    " and five minutes later the one before is dead"
)
TRIED = 5
"""With how many of the newest tickets the mistakes that people make are tried."""

REMEMBERED = 1000
"""Among how many of an app's last tickets that of a wrong signature is looked for."""


class ShareProblem(msgspec.Struct, frozen=True):
    """One thing that is wrong with a link or a signature."""

    part: str
    seen: str
    expected: str
    why: str


class ShareVerdict(msgspec.Struct, frozen=True):
    """What the Douyin app makes of a link."""

    ok: bool
    problems: tuple[ShareProblem, ...]
    fields: dict[str, str]
    """What the link says, decoded."""
    warnings: tuple[ShareProblem, ...] = ()
    """What another version of the Douyin app would refuse."""


LONGEST = 64 * 1024
"""Characters of a link that is examined."""

LONGEST_NONCE = 256
"""Characters of a nonce_str: it is signed with each ticket that may be meant."""

LONGEST_URL = 8192
"""Characters of a page's address, which is signed likewise."""

PARAMETERS = 100
"""Parameters of a link that are looked at."""


def examine(world: WorldState, unit: Unit, schema: str) -> ShareVerdict:
    """Examine a share link part by part."""
    if len(schema) > LONGEST:
        seen, why = f"{len(schema)} characters", "no app opens so long a link"
        problem = ShareProblem("schema", seen, f"{LONGEST} characters at most", why)
        return ShareVerdict(False, (problem,), {})
    pairs, problems = _split(schema)
    fields = {name: unquote_plus(value) for name, value in pairs}
    problems += _encoding(pairs)
    problems += _shape(fields)
    problems += _media(fields)
    key = fields.get("client_key", "")
    app = world.apps.get(key)
    warnings: list[ShareProblem] = []
    if app is not None:
        problems += _scopes(app)
        (problems if _wants_second_scope(world) else warnings).extend(_second_scope(app))
        problems += _signed(world, unit, app, fields)
    elif key:
        problems.append(_no_app(key))
    return ShareVerdict(not problems, tuple(problems), fields, tuple(warnings))


def _no_app(key: str) -> ShareProblem:
    return ShareProblem("client_key", key[:80], "the key of an app", "no app of this world has it")


def _split(schema: str) -> tuple[list[tuple[str, str]], list[ShareProblem]]:
    head, mark, query = schema.strip().partition("?")
    problems = []
    if not mark or head.rstrip("/") != SCHEMA:
        problems.append(ShareProblem("schema", head[:80], SCHEMA, "another address opens nothing"))
    for swallowed in ("×tamp=", "%C3%97tamp="):
        if swallowed in query:
            why = "an HTML page read the &times of &timestamp as ×; write &amp;timestamp there"
            problems.append(ShareProblem("timestamp", swallowed, "&timestamp=", why))
            query = query.replace(swallowed, "&timestamp=")
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    if len(pairs) == 1 and not problems:
        why = "it ends after its first parameter: a shell cuts a link at & unless it is quoted"
        problems.append(ShareProblem("schema", schema[-80:], "the whole link, in quotes", why))
    if len(pairs) > PARAMETERS:
        why = "only the first ones are looked at"
        seen, expected = f"{len(pairs)} parameters", f"{PARAMETERS} at most"
        problems.append(ShareProblem("schema", seen, expected, why))
    return [(name, value) for name, value in pairs[:PARAMETERS]], problems


_ENCODED = re.compile(r"(?:[A-Za-z0-9._~*!'()+-]++|%[0-9A-Fa-f]{2})*+")


def _encoding(pairs: list[tuple[str, str]]) -> Iterator[ShareProblem]:
    seen = set()
    for name, value in pairs:
        if name not in KNOWN:
            yield _unknown(name, value)
        if name in seen:
            yield ShareProblem(name, value[:80], "each parameter once", "it is there twice")
        seen.add(name)
        if not _ENCODED.fullmatch(value):
            why = "the value is not URL-encoded; encode each value by itself"
            yield ShareProblem(name, value[:80], "%XX for all but letters, digits and -._~", why)


def _unknown(name: str, value: str) -> ShareProblem:
    """Name the parameter that was meant, or what most often makes a name of a value's rest."""
    meant = _nearest(name)
    why = "no such parameter; a value before it may not be URL-encoded"
    if meant:
        why = f"no such parameter; did you mean {meant}?"
    return ShareProblem(name[:40], value[:80], meant or "one of " + ", ".join(KNOWN), why)


def _nearest(name: str) -> str:
    """Return the known parameter that differs by case, by separators or by a few letters."""
    squeezed = {known.replace("_", ""): known for known in KNOWN}
    plain = name[:40].lower().replace("_", "").replace("-", "")
    return squeezed.get(nearest(plain, squeezed), "")


def _shape(fields: dict[str, str]) -> Iterator[ShareProblem]:
    if fields.get("share_type") != "h5":
        yield ShareProblem("share_type", fields.get("share_type", ""), "h5", "it has to be h5")
    for name in ("client_key", "nonce_str", "timestamp", "signature"):
        if not fields.get(name):
            yield ShareProblem(name, "", "a value", "it is missing")
    for name in LISTS:
        if name in fields and texts(fields[name]) is None:
            why = "it is no JSON array of strings"
            yield ShareProblem(name, fields[name][:80], '["…", "…"]', why)
    if "micro_app_info" in fields and not isinstance(_json(fields["micro_app_info"]), dict):
        seen, why = fields["micro_app_info"][:80], "it is no JSON object"
        yield ShareProblem("micro_app_info", seen, '{"appId": …, "appTitle": …}', why)


def texts(text: str) -> list[str] | None:
    """Read a JSON array of strings, as hashtag_list is; None where it is no such thing."""
    value = _json(text)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return None
    return value


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None


_ADDRESS = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)


def _media(fields: dict[str, str]) -> Iterator[ShareProblem]:
    given = [name for name in MEDIA if fields.get(name)]
    if not given:
        expected = " or ".join(MEDIA)
        yield ShareProblem("media", "", expected, "there is nothing to share")
    for name in given:
        album = name == "image_list_path"
        urls = texts(fields[name]) if album else [fields[name]]
        if urls == []:
            yield ShareProblem(
                name, fields[name][:80], '["https://…"]', "there is no picture in it"
            )
        for url in (urls or ())[:PARAMETERS]:
            if not _ADDRESS.match(url):
                why = "the Douyin app downloads it: it needs a public http or https address"
                if _ADDRESS.match(unquote_plus(url)):
                    why = "it is URL-encoded twice; encode each value once"
                yield ShareProblem(name, url[:80], "https://…", why)
    if fields.get("share_to_publish") == "1" and not fields.get("video_path"):
        why = "only a single video goes straight to the publish page"
        yield ShareProblem("share_to_publish", "1", "a video_path", why)


AS_SHOWN = "the Douyin app shows a missing scope as `verify signature fail`"

SECOND_SCOPES = ("aweme.share", "aweme.forward")
"""From this version of the Douyin app on, h5.share is not enough: one of these is needed too.

Which of them belongs to which `share_to_type` is not established, so either will do."""
SECOND_SCOPE_SINCE = (30, 5)


def _scopes(app: App) -> Iterator[ShareProblem]:
    for scope in ("h5.share", "open.get.ticket"):
        if scope not in app.scopes:
            why = f"app {app.name!r} lacks {scope}, without which nothing is shared; {AS_SHOWN}"
            yield ShareProblem("scope", ", ".join(app.scopes)[:80], scope, why)


def _wants_second_scope(world: WorldState) -> bool:
    version = [int(part) for part in world.settings.douyin_version.split(".")]
    return tuple(version) >= SECOND_SCOPE_SINCE


def _second_scope(app: App) -> Iterator[ShareProblem]:
    if not set(SECOND_SCOPES) & set(app.scopes):
        wanted = " or ".join(SECOND_SCOPES)
        why = (
            f"app {app.name!r} lacks {wanted}, which Douyin 30.5.0 and newer want beside h5.share;"
            f" {AS_SHOWN}"
        )
        yield ShareProblem("scope", ", ".join(app.scopes)[:80], wanted, why)


def _signed(
    world: WorldState, unit: Unit, app: App, fields: dict[str, str]
) -> Iterator[ShareProblem]:
    nonce, stamp = fields.get("nonce_str", ""), fields.get("timestamp", "")
    signature = fields.get("signature", "")
    if not (nonce and stamp and signature):
        return
    if long := _too_long("nonce_str", nonce, LONGEST_NONCE):
        yield long
        return
    fresh = _freshness(world, unit, stamp)
    if fresh is not None:
        yield fresh
    if len(stamp) > LONGEST_NONCE:
        return
    alive = [ticket for ticket, _ in held_open_tickets(unit, app)]
    right = [share_signature(ticket, nonce, stamp) for ticket in alive]
    if signature in right:
        return
    expected = right[0] if right else "the MD5 over nonce_str, ticket and timestamp"
    why = _why_signature(world, unit, app, signature, nonce, stamp, alive)
    yield ShareProblem("signature", signature[:80], expected, why)


def _too_long(name: str, value: str, most: int) -> ShareProblem | None:
    if len(value) <= most:
        return None
    why = "no signature is looked for over so long a text"
    return ShareProblem(name, f"{len(value)} characters", f"{most} characters at most", why)


def _freshness(world: WorldState, unit: Unit, stamp: str) -> ShareProblem | None:
    now = str(int(unit.now))
    if not (stamp.isascii() and stamp.isdigit()):
        return ShareProblem("timestamp", stamp[:40], now, "it is no number of seconds since 1970")
    if len(stamp) >= 13:
        why = "it is in milliseconds; sign and send seconds"
        return ShareProblem("timestamp", stamp[:40], now, why)
    life = world.settings.ticket_lifetime
    away = unit.now - int(stamp)
    if abs(away) > life:
        side = "old" if away > 0 else "ahead"
        by, most = format_duration(int(abs(away))), format_duration(life)
        why = f"it is {by} {side}; it may be {most} away from the world's time at most"
        return ShareProblem("timestamp", stamp[:40], now, why)
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
    for ticket in alive[:TRIED]:
        parts = {"nonce_str": nonce, "ticket": ticket, "timestamp": stamp}
        if found := signature_diagnosis.find(
            signature, parts, signature_diagnosis.Named("ticket", "jsapi_ticket")
        ):
            return found
    last = unit.find(OpenTickets, app.client_key)
    if last is None:
        why = "the app never asked for an open ticket (/open/getticket/)"
    else:
        why = "it fits no ticket of the app with this nonce_str and timestamp"
        newest = last.count - 1
        for number in range(newest, max(-1, newest - REMEMBERED), -1):
            old = world.ids.open_ticket(app.client_key, number)
            if signature == share_signature(old, nonce, stamp):
                return EXPIRED if number == newest else SUPERSEDED
    js = unit.find(JsTicket, app.client_key)
    if js is not None and signature == share_signature(js.ticket, nonce, stamp):
        return "it is made with a JS ticket (/js/getticket/); a share needs /open/getticket/'s"
    return why


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
    timestamp: str | int
    url: str
    signature: str

    @property
    def stamp(self) -> str:
        """The timestamp as it was signed: pages write a number, the signed text has its digits."""
        return str(self.timestamp)


def examine_js(world: WorldState, unit: Unit, given: JsCall) -> ShareVerdict:
    """Examine a signature of the JS SDK."""
    fields = {**msgspec.structs.asdict(given), "timestamp": given.stamp}
    app = world.apps.get(given.client_key)
    if app is None:
        return ShareVerdict(False, (_no_app(given.client_key),), fields)
    long = (
        _too_long("nonce_str", given.nonce_str, LONGEST_NONCE),
        _too_long("url", given.url, LONGEST_URL),
    )
    if any(long):
        return ShareVerdict(False, tuple(p for p in long if p is not None), fields)
    problems = [p for p in (_freshness(world, unit, given.stamp),) if p is not None]
    held = unit.read(JsTicket, app.client_key)
    tickets = [held.ticket, *(old for old, end in held.older if end > unit.now)] if held else []
    right = [js_signature(t, given.nonce_str, given.stamp, given.url) for t in tickets]
    if given.signature not in right:
        why = _why_js(unit, app, given, tickets)
        expected = right[0] if right else "the MD5 over jsapi_ticket, nonce_str, timestamp, url"
        problems.append(ShareProblem("signature", given.signature[:80], expected, why))
    return ShareVerdict(not problems, tuple(problems), fields)


def _why_js(unit: Unit, app: App, given: JsCall, tickets: list[str]) -> str:
    nonce, stamp, whole = given.nonce_str, given.stamp, given.url
    page = whole.partition("#")[0]
    for ticket in tickets:
        parts = {"jsapi_ticket": ticket, "nonce_str": nonce, "timestamp": stamp, "url": page}
        if found := signature_diagnosis.find(
            given.signature, parts, signature_diagnosis.Named("nonce_str", "noncestr")
        ):
            return found
        if given.signature == signature_diagnosis.sign({**parts, "url": whole}):
            return "the url was signed with its fragment; sign it up to the #"
    last = unit.find(JsTicket, app.client_key)
    if last is None:
        return "the app never asked for a JS ticket (/js/getticket/)"
    if given.signature == js_signature(last.ticket, nonce, stamp, page):
        return EXPIRED
    for ticket, _ in islice(held_open_tickets(unit, app), REMEMBERED):
        if given.signature == js_signature(ticket, nonce, stamp, page):
            return "it is made with an open ticket; pages need /js/getticket/'s"
    return "it fits no ticket of the app with this nonce_str, timestamp and url"
