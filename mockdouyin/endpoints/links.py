"""URL links and schemas that open a page of a mini-app, on open.douyin.com."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.domain.app_links import SHORT_HOST, AppLink
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints._link_calls import (
    LinkQuota,
    SchemaInfo,
    SchemaQuotas,
    TargetFields,
    check_app,
    find_link,
    make_schema,
    make_url_link,
)
from mockdouyin.endpoints.error_tables import content as tables

links: Family = Family(
    "links",
    hosts=("open.douyin.com", "open-sandbox.douyin.com", SHORT_HOST),
    envelope=Gateway(),
    malformed=28005001,
    errors=tables.LINK,
)

_DOC = "mini-app/develop/server/basic-abilities/url-and-qrcode/"


def _caller(call: Call[Any]) -> App:
    """Return the app that calls and is named, or refuse the call."""
    app = app_of_token(call, "client")
    call.need("bad_params", "app_id")
    check_app(app, call.fields.app_id)
    return app


class UrlLinkFields(TargetFields, kw_only=True):
    """The page that a URL link opens, and in which app."""

    app_id: str = ""
    app_name: str = ""


class UrlLink(msgspec.Struct):
    """A link such as `https://z.douyin.com/Lu86lrX`."""

    url_link: str


@links.endpoint(
    "POST",
    "/api/apps/v1/url_link/generate/",
    doc=_DOC + "link/url-link-generate",
    basis="documented",
    errors=tables.LINK,
    scope="apps.url_link.generate",
)
def generate(call: Call[UrlLinkFields]) -> UrlLink:
    """Make a URL link, which lasts for at most 180 days."""
    app = _caller(call)
    call.need("bad_params", "app_name", "query", "expire_time")
    return UrlLink(make_url_link(call, app, call.fields.app_name))


class AppFields(TokenFields, kw_only=True):
    """The app that asks."""

    app_id: str = ""


class LinkFields(AppFields, kw_only=True):
    """The link that is asked about."""

    url_link: str = ""


class LinkInfo(msgspec.Struct):
    """Where a URL link leads, and its times in seconds."""

    app_name: str
    app_id: str
    path: str
    query: str
    create_time: int
    expire_time: int

    @classmethod
    def of(cls, link: AppLink) -> LinkInfo:
        """Return what is told of a URL link."""
        times = int(link.created), int(link.expires)
        return cls(link.host, link.app, link.path, link.query, *times)


@links.endpoint(
    "POST",
    "/api/apps/v1/url_link/query_info/",
    doc=_DOC + "link/url-link-query-v2",
    basis="documented",
    errors=tables.LINK_INFO,
    scope="apps.url_link.query_info",
)
def query_info(call: Call[LinkFields]) -> LinkInfo:
    """Tell where a URL link leads; an expired one is as good as none."""
    return LinkInfo.of(find_link(call, _caller(call), "url_link"))


@links.endpoint(
    "POST",
    "/api/apps/v1/url_link/query_quota/",
    doc=_DOC + "link/url-link-query-quota-v2",
    basis="documented",
    scope="apps.url_link.query_quota",
)
def query_quota(call: Call[AppFields]) -> LinkQuota:
    """Tell how many URL links the app has made, and how many it may make."""
    return LinkQuota.of(call, _caller(call))


class SchemaFields(TargetFields, kw_only=True):
    """The page that a schema opens."""

    app_id: str = ""
    no_expire: bool = False


class AppSchema(msgspec.Struct):
    """A link such as `sslocal://miniapp?ticket=v1_…`."""

    schema: str


@links.endpoint(
    "POST",
    "/api/apps/v1/url/generate_schema/",
    doc=_DOC + "schema/generate-schema-v2",
    basis="documented",
    scope="ma.share.schema",
)
def generate_schema(call: Call[SchemaFields]) -> AppSchema:
    """Make a schema, which lasts for at most 180 days, or for ever."""
    return AppSchema(make_schema(call, _caller(call)))


class SchemaInfoFields(AppFields, kw_only=True):
    """The schema that is asked about."""

    schema: str = ""


@links.endpoint(
    "POST",
    "/api/apps/v1/url/query_schema/",
    doc=_DOC + "schema/query-schema-v2",
    basis="documented",
    errors=tables.LINK_INFO,
    scope="ma.share.schema",
)
def query_schema(call: Call[SchemaInfoFields]) -> SchemaInfo:
    """Tell where a schema leads; an expired one is as good as none."""
    return SchemaInfo.of(find_link(call, _caller(call), "schema"))


@links.endpoint(
    "POST",
    "/api/apps/v1/url/query_schema_quota/",
    doc=_DOC + "schema/query-schema-quota-v2",
    basis="documented",
    scope="ma.share.schema",
)
def query_schema_quota(call: Call[AppFields]) -> SchemaQuotas:
    """Tell how many schemas the app has made of each kind, and how many it may make."""
    return SchemaQuotas.of(call, _caller(call))
