"""The page that a link into a mini-app opens: where the Douyin app would go from there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

import msgspec
from msgspec.structs import replace

from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.clock import DAY, HOUR, MINUTE, beijing, format_duration
from mockdouyin.core.envelopes import PlainText
from mockdouyin.core.http import Page, Request
from mockdouyin.core.pages import LinkPage, language_of
from mockdouyin.core.parameters import query_pairs
from mockdouyin.domain import app_links
from mockdouyin.domain import link_texts as texts
from mockdouyin.domain.app_links import PAGE_PATH, SHORT_HOST, AppLink
from mockdouyin.domain.consent import visitor
from mockdouyin.endpoints.error_tables import content as tables
from mockdouyin.endpoints.links import links

_MAX_SHOWN = 50
"""Parameters that the page shows."""


class PageFields(Fields, kw_only=True):
    """The link, by its key or as it was made, and who opens it."""

    link: str = ""
    person: str = ""
    lang: str = ""


@links.endpoint(
    "GET",
    PAGE_PATH,
    doc="mini-app/develop/server/basic-abilities/url-and-qrcode/link/url-link-generate",
    basis="assumed",
    errors=tables.PAGE,
    envelope=PlainText(),
)
def link_page(call: Call[PageFields]) -> Page:
    """Show where a link leads: to which page of which app, with which parameters."""
    call.need("bad_params", "link")
    key, link = app_links.living(call.unit, call.fields.link)
    call.app = call.world.app_of(link.app)
    call.person = visitor(call.world, call.fields.person)
    path, query = _target(link)
    name = call.app.name if call.app is not None else link.app
    call.world.note(
        call.unit,
        "link.open",
        texts.LINK_OPENED(
            person=call.person, app=name, kind=texts.KINDS[link.kind](), path=path or texts.HOME()
        ),
        app=link.app,
        person=call.person,
        result={"path": path, "query": dict(query)},
    )
    language = language_of(call.request)
    given = dict(query_pairs(call.request.query))
    content = LinkPage(
        kind=link.kind,
        address=_address(key, link),
        app=name,
        client_key=link.app,
        host=link.host,
        path=path,
        query=query[:_MAX_SHOWN],
        made=_time(link.created),
        ends="" if link.is_lasting else _time(link.expires),
        left="" if link.is_lasting else _left(link.expires - call.now),
        person=call.person,
        turned=urlencode({**given, "lang": "en" if language == "zh" else "zh"}),
    )
    return Page("link", language, content)


def _target(link: AppLink) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the page of the app and its parameters; those of a QR code are in its path."""
    if link.kind == "qr_code":
        path, _, query = unquote(link.path).partition("?")
        return path, tuple(parse_qsl(query, keep_blank_values=True))
    given: dict[str, Any] = msgspec.json.decode(link.query or "{}")
    return link.path, tuple((name, _shown(value)) for name, value in given.items())


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _address(key: str, link: AppLink) -> str:
    """Return the link as it was made; a QR code has no address of the platform's."""
    if link.kind == "qr_code":
        return ""
    return app_links.url_of(key) if link.kind == "url_link" else app_links.schema_of(key)


def _left(seconds: float) -> str:
    """Return how long it lasts, in whole days, hours or minutes as long as there is one."""
    unit = next((each for each in (DAY, HOUR, MINUTE) if seconds >= each), 1)
    return format_duration(max(1, round(seconds / unit)) * unit)


def _time(at: float) -> str:
    moment: datetime = beijing(at)
    return f"{moment:%Y-%m-%d %H:%M}"


def is_short(request: Request) -> bool:
    """Whether a request is for a short link's own address, as `https://z.douyin.com/Lu86lrX`."""
    host = request.host or request.header(b"host").partition(":")[0]
    return host == SHORT_HOST and request.method == "GET" and request.path.count("/") == 1


def page_request(request: Request) -> Request:
    """Return the request for the page of a short link's address."""
    given = dict(query_pairs(request.query))
    query = urlencode({**given, "link": request.path[1:]})
    return replace(request, path=PAGE_PATH, query=query.encode())
