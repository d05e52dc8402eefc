"""Findings about how parameters are sent: unescaped ids, forms for JSON, wrong headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from mockdouyin.core.credentials import READ_HEADERS, stray_tokens
from mockdouyin.core.ids import is_mangled
from mockdouyin.findings._table import Hit, SeenExchange, by_endpoint, finding, grouped, times


@finding(
    source="{doc} ({basis}: an id that goes into an address is escaped, by itself)",
    fix="Escape the id by itself when it goes into an address: + is %2B, / is %2F, = is %3D.",
)
def unescaped_id(seen: list[SeenExchange]) -> Iterator[Hit]:
    """An id with a + goes unescaped in a query, where it arrives as a space, or escaped twice."""
    pairs = (
        ((each.called.full_name, name, how), each)
        for each in seen
        if each.endpoint is not None
        for name, how in _mangled(each)
    )
    for (endpoint, name, how), group in grouped(pairs).items():
        latest = group[-1]
        refused = latest.exchange.error
        came = f" ({refused.code})" if refused else f"; {_AFTERWARDS[how]}"
        yield Hit(latest, f"{name} was sent to {endpoint} {times(len(group))} {how}{came}")


_SPACED, _TWICE = "with a space in it, as a bare + arrives", "escaped twice"
_AFTERWARDS = {
    _SPACED: "it was mended here, Douyin may refuse it",
    _TWICE: "no id is written so",
}
_SEALED = re.compile(r"@(?:[A-Za-z0-9+/ ]{4}){6,}(?:[A-Za-z0-9+/ ]{2}==|[A-Za-z0-9+/ ]{3}=)?")


def _mangled(seen: SeenExchange) -> Iterator[tuple[str, str]]:
    """Yield each parameter with a damaged id, and how it was damaged."""
    for name, text in _texts("", seen.given):
        if is_mangled(text) and name.endswith(_ID_SUFFIXES) and _SEALED.fullmatch(unquote(text)):
            yield name, _TWICE if "%" in text else _SPACED


_ID_SUFFIXES = ("_id", "_ids", "_list")
"""The endings of parameters that carry sealed ids."""


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text in a value, with the name of its field."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key, each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(name, each)


_JSON_ONLY = ("mini_program.notify", "mini_game.notify")
"""Endpoints whose page requires the content type; others are known to accept JSON with any."""


@finding(
    source="{doc} (documented)",
    fix="Send JSON, with Content-Type: application/json.",
)
def wrong_content_type(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A form is sent where the page has JSON, or a body without application/json where it must."""
    for name, group in by_endpoint(filter(_is_of_another_type, seen)):
        sent = group[-1].request.header(b"content-type") or "no content type"
        form = " and a form in the body" if _is_form(group[-1]) else ""
        yield Hit(group[-1], f"{name} was called {times(len(group))} with {sent}{form}")


def _is_of_another_type(seen: SeenExchange) -> bool:
    if seen.endpoint is None or not seen.request.body.strip():
        return False
    if seen.endpoint.full_name in _JSON_ONLY:
        return "application/json" not in seen.request.header(b"content-type").lower()
    return seen.endpoint.wants_json and _is_form(seen)


def _is_form(seen: SeenExchange) -> bool:
    """Whether the body is a form, and was parsed as one."""
    body = seen.request.body.strip().removeprefix(b"\xef\xbb\xbf").strip()
    return body[:1] not in (b"{", b"[") and b"=" in body and bool(seen.given)


@finding(
    source="{doc} ({basis})",
    fix="Send the token alone, in the header access-token.",
)
def token_header(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A token travels in another header than the page's: access_token, Authorization: Bearer."""
    pairs = (
        ((each.called.full_name, header), each)
        for each in seen
        if each.endpoint is not None and each.endpoint.types.takes_token
        for header in _stray(each)
    )
    for (endpoint, header), group in grouped(pairs).items():
        is_read = header.encode("latin-1") in READ_HEADERS
        yield Hit(
            group[-1],
            f"{endpoint} was called {times(len(group))} with a token in the header {header},"
            f" which {'is read here all the same' if is_read else 'is not read'};"
            f" the page has {group[-1].called.token_headers[0]}",
        )


def _stray(seen: SeenExchange) -> Iterator[str]:
    known = [name.encode() for name in seen.called.token_headers]
    return stray_tokens(seen.request.headers, known)
