"""Jump links on open.douyin.com: a server asks for a link, a person opens it in the Douyin app."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.credentials import CredentialKind, why_unknown
from mockdouyin.core.endpoint import Call, Family, TokenFields
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain.jump_links import new_link
from mockdouyin.domain.sharing import MEDIA
from mockdouyin.domain.tickets import is_open_ticket
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import error_tables

schema = Family(
    "schema",
    hosts=("open.douyin.com",),
    envelope=Gateway(),
    malformed=28001007,
    errors=error_tables.SCHEMA,
)

_DOC = "dop/develop/openapi/tools-ability/jump-management/"
_PATH = "/api/douyin/v1/schema/"

FAR = 1 << 53
"""As late as a moment can be told exactly."""


class SchemaLink(msgspec.Struct):
    """A link that opens the Douyin app."""

    schema: str


class LinkFields(TokenFields, kw_only=True):
    """How long a link should be good, as a Unix time."""

    expire_at: int = 0


class ShareLinkFields(LinkFields, kw_only=True):
    """What should be shared; a ticket in place of a signature."""

    client_ticket: str = ""
    image_path: str = ""
    image_list_path: list[str] = []
    video_path: str = ""
    title: str = ""
    title_hashtag_list: list[Any] = []
    hashtag_list: list[str] = []
    micro_app_info: dict[str, Any] = {}
    share_to_publish: int = 0
    share_to_type: int = 0
    poi_id: str = ""
    state: str = ""


def _link(call: Call[Any], app: App, what: str, fields: dict[str, str]) -> SchemaLink:
    expires = float(max(0, min(call.fields.expire_at, FAR)))
    if expires <= call.now:
        raise DouyinError(
            "bad_params",
            f"expire_at {call.fields.expire_at} is past",
            detail="expire_at must be in the future",
        )
    return SchemaLink(new_link(call.world, call.unit, app, what, fields, expires))


@schema.endpoint(
    "POST",
    _PATH + "get_share/",
    doc=_DOC + "get-share-schema",
    basis="documented",
    errors=(*error_tables.SCHEMA, *error_tables.pick(error_tables.CLIENT_TICKET, "bad_ticket")),
    scope="jump.basic",
)
def get_share(call: Call[ShareLinkFields]) -> SchemaLink:
    """Give a link that shares pictures or a video; an open ticket stands in for a signature."""
    fields = call.fields
    app = app_of_token(call, "client")
    call.need("bad_params", "client_ticket", "expire_at")
    if not is_open_ticket(call.unit, app, fields.client_ticket):
        gone = f"it is not an open ticket of app {app.name!r} that still lives"
        ticket = call.fields.client_ticket
        why = why_unknown(call.world, call.unit, ticket, CredentialKind.OPEN_TICKET, gone)
        raise DouyinError("bad_ticket", why)
    if not any(getattr(fields, name) for name in MEDIA):
        raise DouyinError(
            "bad_params",
            f"none of {', '.join(MEDIA)} is there",
            detail="image_path, image_list_path or video_path must have a value",
        )
    given = {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name in (*MEDIA, "title", "hashtag_list", "micro_app_info", "poi_id", "state")
        if (value := getattr(fields, name))
    }
    return _link(call, app, "share", given)


class ProfileFields(LinkFields, kw_only=True):
    """Whose page should open."""

    open_id: str = ""
    account: str = ""


def _about(name: str, about: str) -> Any:
    def jump(call: Call[ProfileFields]) -> SchemaLink:
        app = app_of_token(call, "client")
        call.need("bad_params", "expire_at")
        if not (call.fields.open_id or call.fields.account):
            call.need("bad_params", "open_id")
        return _link(call, app, name, {"open_id": call.fields.open_id})

    jump.__name__, jump.__doc__ = f"get_{name}", about
    return schema.endpoint(
        "POST",
        f"{_PATH}get_{name}/",
        doc=f"{_DOC}get-{name.replace('_', '-')}-schema",
        basis="documented",
        scope="jump.basic",
    )(jump)


get_user_profile = _about("user_profile", "Give a link to a person's page.")
get_chat = _about("chat", "Give a link to a conversation with a person.")
get_live = _about("live", "Give a link to a person's live room.")


class ItemLinkFields(LinkFields, kw_only=True):
    """Which video should open."""

    item_id: str = ""
    video_id: str = ""


@schema.endpoint(
    "POST",
    _PATH + "get_item_info/",
    doc=_DOC + "get-item-info-schema",
    basis="documented",
    scope="jump.basic",
)
def get_item_info(call: Call[ItemLinkFields]) -> SchemaLink:
    """Give a link to a video."""
    fields = call.fields
    app = app_of_token(call, "client")
    call.need("bad_params", "expire_at")
    if not (fields.item_id or fields.video_id):
        call.need("bad_params", "item_id")
    return _link(call, app, "item_info", {"item_id": fields.item_id, "video_id": fields.video_id})
