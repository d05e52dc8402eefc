"""Findings about mistakes that no retry can mend: wrong redirects, addresses and upload parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mockdouyin.core.multipart import File, Multipart
from mockdouyin.domain.consent import is_loopback
from mockdouyin.findings._table import Hit, SeenExchange, by_endpoint, finding, grouped, times


@finding(
    source="{doc} (documented: https; that http is refused is assumed)",
    fix="Register and send a whole address with https://. Only addresses of this machine may be"
    " http, and only here.",
)
def unusable_redirect(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A redirect_uri is a bare domain, or http on another machine."""
    pairs = ((uri, each) for each in seen if (uri := _redirect(each)) and _why_unusable(uri))
    for uri, group in grouped(pairs).items():
        yield Hit(group[-1], f"redirect_uri {uri} {_why_unusable(uri)}")


def _redirect(seen: SeenExchange) -> str:
    """Return the redirect address of a consent."""
    if seen.endpoint is None:
        return ""
    fields = seen.endpoint.types.fields.__struct_fields__
    name = next((name for name in ("redirect_uri", "next") if name in fields), "")
    return str(seen.given.get(name, ""))


def _why_unusable(uri: str) -> str:
    if "://" not in uri:
        return "is a bare domain or path: it lacks https://"
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        return "is not an address"
    if parts.scheme == "http" and not is_loopback(host):
        return "is http: Douyin sends people back to https only"
    return ""


@finding(
    source="{doc} (documented)",
    fix="Send the person's browser there, by a link or a 302. The page is for a person who is"
    " logged in to Douyin; a server that fetches it gets HTML and no code.",
)
def consent_page_fetched(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A consent page is fetched by a program, and not opened in a person's browser."""
    group = [each for each in seen if _is_page(each) and not _is_browser(each)]
    if group:
        agent = group[-1].request.header(b"user-agent") or "a client without a name"
        path = group[-1].request.path
        yield Hit(group[-1], f"{path} was fetched {times(len(group))} by {agent[:80]}")


def _is_page(seen: SeenExchange) -> bool:
    is_page = seen.endpoint is not None and seen.endpoint.is_page
    return is_page and seen.request.method == "GET" and "redirect_uri" in seen.given


def _is_browser(seen: SeenExchange) -> bool:
    """Whether a browser sent the request: every browser sends one of these headers."""
    request = seen.request
    return "text/html" in request.header(b"accept") or bool(request.header(b"sec-fetch-mode"))


_MIN_SAME_PARTS = 3
"""Equal parts that count as a mistake: a correct video may contain the same bytes twice."""

_COMPARED_BYTES = 32 * 1024
"""Bytes of a part that are compared: the journal keeps no more of a long form."""


@finding(
    source="{doc} (assumed: Douyin puts together what it gets)",
    fix="Read on in the file for each part: a stream that is opened anew, or a buffer that is not"
    " refilled, sends the beginning again.",
)
def same_part(seen: list[SeenExchange]) -> Iterator[Hit]:
    """Parts of one video have the same bytes."""
    uploads = ((part, each) for each in seen if (part := _part(each)) is not None)
    for group in grouped(uploads).values():
        numbers = dict.fromkeys(str(each.given.get("part_number")) for each in group)
        if len(numbers) >= _MIN_SAME_PARTS:
            listed = ", ".join(list(numbers)[:8])
            yield Hit(group[-1], f"parts {listed} of one upload_id begin with the same bytes")


def _part(seen: SeenExchange) -> tuple[Any, ...] | None:
    """Return a key that is equal for parts of one upload that begin with the same bytes."""
    endpoint, request = seen.endpoint, seen.request
    if endpoint is None or endpoint.name != "upload_video_part" or seen.exchange.error is not None:
        return None
    form = Multipart(request.header(b"content-type"))
    form.feed(request.body)
    file = form.close().get("video")
    if not isinstance(file, File) or not file.size:
        return None
    return seen.given.get("upload_id"), file.head[:_COMPARED_BYTES]


_SUCCESSORS = {
    "mini_program.notify": (
        "/api/notification/v2/subscription/notify_user/",
        "its end was announced for 2024-07-01",
    ),
    "mini_program.code_to_session_v1": ("/api/apps/v2/jscode2session", "it is the first version"),
    "mini_program.app_token_v1": ("/api/apps/v2/token", "it is the first version"),
}
"""Endpoints whose addresses Douyin has replaced, with the new address and the reason."""


@finding(
    source="{doc} (documented)",
    fix="Move to the address that replaced it; its fields have other names, so read its page.",
)
def retired_address(seen: list[SeenExchange]) -> Iterator[Hit]:
    """An address is called that Douyin has replaced by another."""
    for name, group in by_endpoint(each for each in seen if each.endpoint is not None):
        if name in _SUCCESSORS:
            successor, since = _SUCCESSORS[name]
            yield Hit(
                group[-1],
                f"{group[-1].request.path} was called {times(len(group))}: {since}; {successor}"
                " takes its place",
                f"Call {successor}; its fields have other names, so read its page.",
            )
