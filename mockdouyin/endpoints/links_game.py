"""URL links and schemas of mini-games: their answers have a `BaseResp` of an internal call."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call
from mockdouyin.core.endpoint import Family
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints._link_calls import (
    LinkQuota,
    SchemaInfo,
    SchemaQuotas,
    check_app,
    find_link,
    make_schema,
    make_url_link,
)
from mockdouyin.endpoints.declared.envelopes import SortedWithBaseResp
from mockdouyin.endpoints.error_tables import content as tables
from mockdouyin.endpoints.links import (
    AppFields,
    AppSchema,
    LinkFields,
    LinkInfo,
    SchemaFields,
    SchemaInfoFields,
    UrlLink,
    UrlLinkFields,
)

game: Family = Family(
    "links_game",
    hosts=("minigame.zijieapi.com",),
    envelope=SortedWithBaseResp(),
    malformed=28001007,
    errors=tables.GAME_LINK,
)

_PATH = "/mgplatform/api/apps/"
_DOC = "mini-game/develop/server/link/"


def _caller(call: Call[Any]) -> App:
    """Return the game that calls; its app_id may be left out."""
    app = app_of_token(call, "app")
    if call.fields.app_id:
        check_app(app, call.fields.app_id)
    return app


@game.endpoint(
    "POST",
    _PATH + "url_link/generate",
    doc=_DOC + "generate-link",
    basis="assumed",
    errors=tables.GAME_LINK_MADE,
)
def generate(call: Call[UrlLinkFields]) -> UrlLink:
    """Make a URL link to a mini-game, which lasts for at most 180 days."""
    app = _caller(call)
    call.need("bad_params", "expire_time")
    return UrlLink(make_url_link(call, app, call.fields.app_name or "douyin"))


@game.endpoint(
    "POST",
    _PATH + "url_link/query_info",
    doc=_DOC + "query-link-info",
    basis="assumed",
    errors=tables.GAME_LINK_INFO,
)
def query_info(call: Call[LinkFields]) -> LinkInfo:
    """Tell where a URL link leads; an expired one is as good as none."""
    return LinkInfo.of(find_link(call, _caller(call), "url_link"))


@game.endpoint(
    "POST",
    _PATH + "url_link/query_quota",
    doc=_DOC + "query-link-quota",
    basis="documented",
)
def query_quota(call: Call[AppFields]) -> LinkQuota:
    """Tell how many URL links the mini-game has made, and how many it may make."""
    return LinkQuota.of(call, _caller(call))


@game.endpoint(
    "POST",
    _PATH + "schema/generate",
    doc=_DOC + "generate-schema",
    basis="assumed",
    errors=tables.GAME_LINK_MADE,
)
def generate_schema(call: Call[SchemaFields]) -> AppSchema:
    """Make a schema to a mini-game, which lasts for at most 180 days, or for ever."""
    return AppSchema(make_schema(call, _caller(call)))


@game.endpoint(
    "POST",
    _PATH + "schema/query_info",
    doc=_DOC + "query-schema-info",
    basis="assumed",
    errors=tables.GAME_LINK_INFO,
)
def query_schema(call: Call[SchemaInfoFields]) -> SchemaInfo:
    """Tell where a schema leads; an expired one is as good as none."""
    return SchemaInfo.of(find_link(call, _caller(call), "schema"))


@game.endpoint(
    "POST",
    _PATH + "schema/query_quota",
    doc=_DOC + "query-schema-quota",
    basis="assumed",
)
def query_schema_quota(call: Call[AppFields]) -> SchemaQuotas:
    """Tell how many schemas the mini-game has made of each kind, and how many it may make."""
    return SchemaQuotas.of(call, _caller(call))
