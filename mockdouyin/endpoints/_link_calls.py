"""What the three generations of calls for links have in common: checks, and what they do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.store import FOREVER
from mockdouyin.domain import app_links
from mockdouyin.domain import link_texts as texts
from mockdouyin.domain.app_links import AppLink, LinkKind
from mockdouyin.endpoints._texts import APP_ID_MISMATCH

HOSTS = ("douyin", "douyinlite")
"""The apps that a URL link can open."""

MAX_TEXT = 1024
"""Characters of a link's query, and of its path."""

_FOREIGN = re.compile(r"[^0-9A-Za-z {}!#$&'()*+,/:;=?@\-._~%\"]")
"""What a query cannot have in it, by the docs."""


def check_app(app: App, named: str) -> None:
    """Refuse a call whose token is not of the app that it names."""
    if named != app.client_key:
        raise DouyinError("bad_params", APP_ID_MISMATCH(app=app.client_key))


def check_one_of(name: str, got: str, known: Iterable[str], case: str) -> None:
    """Refuse a value that is none of those that the platform knows."""
    if got not in known:
        raise DouyinError(case, texts.LINK_HOST(name=name, got=got[:80], known=list(known)))


def check_text(name: str, got: str, most: int) -> None:
    """Refuse a text that is too long."""
    if len(got) > most:
        why = texts.LINK_TOO_LONG(name=name, length=len(got), most=most)
        raise DouyinError("bad_params", why)


class TargetFields(TokenFields, kw_only=True):
    """Which page of an app is opened, and until when."""

    path: str = ""
    query: str = ""
    expire_time: int = 0


def _check_target(call: Call[Any]) -> None:
    fields = call.fields
    check_text("path", fields.path, MAX_TEXT)
    check_text("query", fields.query, MAX_TEXT)
    if "?" in fields.path:
        raise DouyinError("bad_params", texts.LINK_PATH())
    foreign = _FOREIGN.search(fields.query)
    if foreign is not None:
        raise DouyinError("bad_params", texts.LINK_QUERY_CHARACTER(got=foreign[0]))
    if fields.query and not _is_object(fields.query):
        raise DouyinError("bad_params", texts.LINK_QUERY())


def _is_object(text: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(text), dict)
    except (msgspec.DecodeError, RecursionError):
        return False


def make_url_link(call: Call[Any], app: App, host: str) -> str:
    """Make a URL link; it lasts whole hours, rounded up."""
    fields = call.fields
    check_one_of("app_name", host, HOSTS, "bad_params")
    _check_target(call)
    expires = app_links.bounded(call.now, fields.expire_time)
    app_links.check_quota(call.world, app_links.counted(call.unit, app, "url_link").made)
    expires = app_links.whole_hours(call.now, expires)
    return app_links.url_of(_make(call, app, "url_link", host, expires))


def make_schema(call: Call[Any], app: App) -> str:
    """Make a schema, which expires or, with `no_expire`, never does."""
    fields = call.fields
    if not fields.no_expire:
        call.need("bad_params", "expire_time")
    _check_target(call)
    is_lasting = fields.no_expire
    expires = FOREVER if is_lasting else app_links.bounded(call.now, fields.expire_time)
    count = app_links.counted(call.unit, app, "schema")
    app_links.check_quota(call.world, count.lasting if is_lasting else count.passing)
    return app_links.schema_of(_make(call, app, "schema", "", expires))


def _make(call: Call[Any], app: App, kind: LinkKind, host: str, expires: float) -> str:
    fields = call.fields
    return app_links.make(
        call.world,
        call.unit,
        app,
        kind,
        path=fields.path,
        query=fields.query,
        host=host,
        expires=expires,
    )


def find_link(call: Call[Any], app: App, kind: LinkKind) -> AppLink:
    """Return an app's link that the parameter of its kind names, or refuse the call.

    One that has expired is as good as none.
    """
    call.need("bad_params", kind)
    address = getattr(call.fields, kind)
    _, link = app_links.living(call.unit, address, app)
    if link.kind != kind:
        raise DouyinError("not_found", texts.LINK_UNKNOWN(got=address[:200]))
    return link


class SchemaInfo(msgspec.Struct):
    """Where a schema leads, and its times in seconds; one that never expires has 0."""

    app_id: str
    path: str
    query: str
    create_time: int
    expire_time: int

    @classmethod
    def of(cls, link: AppLink) -> SchemaInfo:
        """Return what is told of a schema."""
        ends = 0 if link.is_lasting else int(link.expires)
        return cls(link.app, link.path, link.query, int(link.created), ends)


class LinkQuota(msgspec.Struct):
    """How many URL links an app has made, and how many it may make."""

    url_link_used: int
    url_link_limit: int

    @classmethod
    def of(cls, call: Call[Any], app: App) -> LinkQuota:
        """Return the quota of an app."""
        made = app_links.counted(call.unit, app, "url_link").made
        return cls(made, call.world.settings.link_quota)


class SchemaQuota(msgspec.Struct):
    """How many schemas of a kind an app has made, and how many it may make."""

    schema_used: int
    schema_limit: int


class SchemaQuotas(msgspec.Struct):
    """The quotas of schemas that never expire, and of those that do."""

    long_term_schema_quota: SchemaQuota
    short_term_schema_quota: SchemaQuota

    @classmethod
    def of(cls, call: Call[Any], app: App) -> SchemaQuotas:
        """Return the quotas of an app."""
        count, most = app_links.counted(call.unit, app, "schema"), call.world.settings.link_quota
        return cls(SchemaQuota(count.lasting, most), SchemaQuota(count.passing, most))
