"""URL links at the older host: the token is in the body, and answers have no `data`."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.endpoint import OLDER_TOKEN_HEADERS, Family
from mockdouyin.core.envelopes import BesideTips
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints._link_calls import (
    LinkQuota,
    TargetFields,
    check_app,
    find_link,
    make_url_link,
)
from mockdouyin.endpoints.error_tables import content as tables
from mockdouyin.endpoints.links import UrlLink

older: Family = Family(
    "links_toutiao",
    hosts=("developer.toutiao.com", "open-sandbox.douyin.com"),
    envelope=BesideTips(ok=""),
    malformed=40014,
    errors=tables.OLDER_LINK,
    token_headers=OLDER_TOKEN_HEADERS,
)

_DOC = "mini-app/develop/server/url-and-qrcode/link/"


def _caller(call: Call[Any]) -> App:
    """Return the app that calls and is named, or refuse the call."""
    app = app_of_token(call, "app")
    call.need("bad_params", "ma_app_id")
    check_app(app, call.fields.ma_app_id)
    return app


class OlderUrlLinkFields(TargetFields, kw_only=True):
    """The page that a URL link opens, and in which app."""

    ma_app_id: str = ""
    app_name: str = ""


@older.endpoint(
    "POST",
    "/api/apps/url_link/generate",
    doc=_DOC + "url-link-generate",
    basis="documented",
    errors=tables.OLDER_LINK_MADE,
)
def generate(call: Call[OlderUrlLinkFields]) -> UrlLink:
    """Make a URL link, which lasts for at most 180 days."""
    app = _caller(call)
    call.need("bad_params", "app_name", "expire_time")
    return UrlLink(make_url_link(call, app, call.fields.app_name))


class OlderAppFields(TokenFields, kw_only=True):
    """The app that asks."""

    ma_app_id: str = ""


class OlderLinkFields(OlderAppFields, kw_only=True):
    """The link that is asked about."""

    url_link: str = ""


class OlderLinkInfo(msgspec.Struct):
    """Where a URL link leads, and its times in seconds."""

    app_name: str
    ma_app_id: str
    path: str
    query: str
    create_time: int
    expire_time: int


class OlderInfoReply(msgspec.Struct):
    """What is told of a URL link."""

    url_link_info: OlderLinkInfo


@older.endpoint(
    "POST",
    "/api/apps/url_link/query_info",
    doc=_DOC + "url-link-query",
    basis="documented",
    errors=tables.OLDER_LINK_INFO,
)
def query_info(call: Call[OlderLinkFields]) -> OlderInfoReply:
    """Tell where a URL link leads; an expired one is as good as none."""
    it = find_link(call, _caller(call), "url_link")
    times = int(it.created), int(it.expires)
    return OlderInfoReply(OlderLinkInfo(it.host, it.app, it.path, it.query, *times))


class OlderQuotaReply(msgspec.Struct):
    """The quota of an app."""

    url_link_quota: LinkQuota


@older.endpoint(
    "POST",
    "/api/apps/url_link/query_quota",
    doc=_DOC + "url-link-query-quota",
    basis="documented",
)
def query_quota(call: Call[OlderAppFields]) -> OlderQuotaReply:
    """Tell how many URL links the app has made, and how many it may make."""
    return OlderQuotaReply(LinkQuota.of(call, _caller(call)))
