"""An H5 share link as the Douyin app reads it: which part is wrong, and why.

The link is `snssdk1128://openplatform/share?…`; it is signed with an open ticket, and what it
shares has to be a picture, an album or a video that can be downloaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.crypto import share_signature
from mockdouyin.core.errors import nearest
from mockdouyin.core.store import Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import _share_texts as texts
from mockdouyin.domain.share_signatures import (
    JsCall,
    ShareProblem,
    check_page_signature,
    check_share_signature,
    unknown_app,
)
from mockdouyin.domain.texts import EITHER

SCHEMA = "snssdk1128://openplatform/share"

MEDIA = ("image_path", "image_list_path", "video_path")
LINK_PARAMETERS = (
    *("share_type", "client_key", "nonce_str", "timestamp", "signature", "state", "title"),
    *MEDIA,
    *("hashtag_list", "micro_app_info", "share_to_publish", "share_to_type", "poi_id"),
)
LISTS = ("image_list_path", "hashtag_list")

MAX_LINK_LENGTH = 64 * 1024
"""Characters of a link that is examined."""

MAX_PARAMETERS = 100
"""Parameters of a link, and addresses of an album, that are examined."""


class ShareVerdict(msgspec.Struct, frozen=True):
    """What the Douyin app makes of a link."""

    ok: bool
    problems: tuple[ShareProblem, ...]
    fields: dict[str, str]
    """The parameters of the link, decoded."""
    warnings: tuple[ShareProblem, ...] = ()
    """What another version of the Douyin app would refuse."""


def examine(world: WorldState, unit: Unit, schema: str) -> ShareVerdict:
    """Examine a share link part by part."""
    if len(schema) > MAX_LINK_LENGTH:
        seen = texts.SEEN_CHARACTERS(count=len(schema))
        expected = texts.EXPECTED_AT_MOST_CHARACTERS(most=MAX_LINK_LENGTH)
        problem = ShareProblem("schema", seen, expected, texts.LINK_TOO_LONG())
        return ShareVerdict(False, (problem,), {})
    pairs, problems = _split(schema)
    fields = {name: unquote_plus(value) for name, value in pairs}
    problems += _check_encoding(pairs)
    problems += _check_values(fields)
    problems += _check_media(fields)
    key = fields.get("client_key", "")
    app = world.apps.get(key)
    warnings: list[ShareProblem] = []
    if app is not None:
        problems += _check_scopes(app)
        (problems if _needs_second_scope(world) else warnings).extend(_check_second_scope(app))
        problems += check_share_signature(world, unit, app, fields)
    elif key:
        problems.append(unknown_app(key))
    return ShareVerdict(not problems, tuple(problems), fields, tuple(warnings))


def _split(schema: str) -> tuple[list[tuple[str, str]], list[ShareProblem]]:
    """Split a link into its encoded parameters; return what is wrong with it as a whole too."""
    head, mark, query = schema.strip().partition("?")
    problems = []
    if not mark or head.rstrip("/") != SCHEMA:
        problems.append(ShareProblem("schema", head[:80], SCHEMA, texts.LINK_OTHER_ADDRESS()))
    for swallowed in ("×tamp=", "%C3%97tamp="):
        if swallowed in query:
            why = texts.TIMESTAMP_BY_HTML()
            problems.append(ShareProblem("timestamp", swallowed, "&timestamp=", why))
            query = query.replace(swallowed, "&timestamp=")
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    if len(pairs) == 1 and not problems:
        seen, expected = schema[-80:], texts.EXPECTED_WHOLE_LINK()
        problems.append(ShareProblem("schema", seen, expected, texts.LINK_CUT()))
    if len(pairs) > MAX_PARAMETERS:
        count = texts.SEEN_PARAMETERS(count=len(pairs))
        most = texts.EXPECTED_AT_MOST_PARAMETERS(most=MAX_PARAMETERS)
        problems.append(ShareProblem("schema", count, most, texts.PARAMETERS_IGNORED()))
    return [(name, value) for name, value in pairs[:MAX_PARAMETERS]], problems


# Possessive, so that a long value does not backtrack.
_ENCODED = re.compile(r"(?:[A-Za-z0-9._~*!'()+-]++|%[0-9A-Fa-f]{2})*+")


def _check_encoding(pairs: list[tuple[str, str]]) -> Iterator[ShareProblem]:
    seen = set()
    for name, value in pairs:
        if name not in LINK_PARAMETERS:
            yield _unknown_parameter(name, value)
        if name in seen:
            why = texts.PARAMETER_TWICE()
            yield ShareProblem(name, value[:80], texts.EXPECTED_EACH_ONCE(), why)
        seen.add(name)
        if not _ENCODED.fullmatch(value):
            why = texts.VALUE_NOT_ENCODED()
            yield ShareProblem(name, value[:80], texts.EXPECTED_PERCENT_ENCODING(), why)


def _unknown_parameter(name: str, value: str) -> ShareProblem:
    """Return the problem of an unknown parameter: misspelt, or the rest of a bare address."""
    meant = _nearest(name)
    if meant:
        why = texts.PARAMETER_MISSPELT(meant=meant)
        return ShareProblem(name[:40], value[:80], meant, why)
    # The parameters of an address that is not encoded become parameters of the link.
    expected = texts.EXPECTED_ONE_OF(names=list(LINK_PARAMETERS))
    return ShareProblem(name[:40], value[:80], expected, texts.PARAMETER_UNKNOWN())


def _nearest(name: str) -> str:
    """Return the known parameter that differs by case, by separators or by a few letters."""
    squeezed = {known.replace("_", ""): known for known in LINK_PARAMETERS}
    plain = name[:40].lower().replace("_", "").replace("-", "")
    return squeezed.get(nearest(plain, squeezed), "")


def _check_values(fields: dict[str, str]) -> Iterator[ShareProblem]:
    if fields.get("share_type") != "h5":
        seen = fields.get("share_type", "")
        yield ShareProblem("share_type", seen, "h5", texts.SHARE_TYPE_NOT_H5())
    for name in ("client_key", "nonce_str", "timestamp", "signature"):
        if not fields.get(name):
            yield ShareProblem(name, "", texts.EXPECTED_VALUE(), texts.PARAMETER_MISSING())
    for name in LISTS:
        if name in fields and read_strings(fields[name]) is None:
            why = texts.NOT_AN_ARRAY_OF_STRINGS()
            yield ShareProblem(name, fields[name][:80], '["…", "…"]', why)
    if "micro_app_info" in fields and not isinstance(_decode(fields["micro_app_info"]), dict):
        seen, why = fields["micro_app_info"][:80], texts.NOT_AN_OBJECT()
        yield ShareProblem("micro_app_info", seen, '{"appId": …, "appTitle": …}', why)


def read_strings(text: str) -> list[str] | None:
    """Decode a JSON array of strings, such as hashtag_list; None if it is anything else."""
    value = _decode(text)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return None
    return value


def _decode(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None


_ADDRESS = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)


def _check_media(fields: dict[str, str]) -> Iterator[ShareProblem]:
    given = [name for name in MEDIA if fields.get(name)]
    if not given:
        yield ShareProblem(
            "media", "", texts.EXPECTED_ONE_OF(names=list(MEDIA)), texts.MEDIA_MISSING()
        )
    for name in given:
        album = name == "image_list_path"
        urls = read_strings(fields[name]) if album else [fields[name]]
        if urls == []:
            yield ShareProblem(name, fields[name][:80], '["https://…"]', texts.ALBUM_EMPTY())
        for url in (urls or ())[:MAX_PARAMETERS]:
            if not _ADDRESS.match(url):
                encoded_twice = _ADDRESS.match(unquote_plus(url))
                template = texts.VALUE_ENCODED_TWICE if encoded_twice else texts.MEDIA_NOT_PUBLIC
                yield ShareProblem(name, url[:80], "https://…", template())
    if fields.get("share_to_publish") == "1" and not fields.get("video_path"):
        why = texts.PUBLISH_NEEDS_VIDEO()
        yield ShareProblem("share_to_publish", "1", texts.EXPECTED_VIDEO_PATH(), why)


SECOND_SCOPES = ("aweme.share", "aweme.forward")
"""One of these is needed beside h5.share, from the version of the Douyin app below on.

Which of them belongs to which `share_to_type` is not established, so either is accepted."""
SECOND_SCOPE_SINCE = (30, 5)


def _check_scopes(app: App) -> Iterator[ShareProblem]:
    for scope in ("h5.share", "open.get.ticket"):
        if scope not in app.scopes:
            why = texts.SHARE_SCOPE_MISSING(app=app.name, scope=scope)
            yield ShareProblem("scope", ", ".join(app.scopes)[:80], scope, why)


def _needs_second_scope(world: WorldState) -> bool:
    version = [int(part) for part in world.settings.douyin_version.split(".")]
    return tuple(version) >= SECOND_SCOPE_SINCE


def _check_second_scope(app: App) -> Iterator[ShareProblem]:
    if not set(SECOND_SCOPES) & set(app.scopes):
        one, other = SECOND_SCOPES
        scopes = EITHER(one=one, other=other)
        why = texts.SECOND_SHARE_SCOPE_MISSING(app=app.name, scopes=scopes)
        yield ShareProblem("scope", ", ".join(app.scopes)[:80], scopes, why)


def build(app: App, ticket: str, nonce: str, stamp: int, given: dict[str, str]) -> dict[str, str]:
    """Return the parameters of a link that the Douyin app accepts."""
    return {
        "share_type": "h5",
        "client_key": app.client_key,
        "nonce_str": nonce,
        "timestamp": str(stamp),
        "signature": share_signature(ticket, nonce, str(stamp)),
        **given,
    }


def examine_js(world: WorldState, unit: Unit, call: JsCall) -> ShareVerdict:
    """Examine what a page passes to the JS SDK."""
    fields = {**msgspec.structs.asdict(call), "timestamp": call.stamp}
    app = world.apps.get(call.client_key)
    if app is None:
        return ShareVerdict(False, (unknown_app(call.client_key),), fields)
    problems = tuple(check_page_signature(world, unit, app, call))
    return ShareVerdict(not problems, problems, fields)
