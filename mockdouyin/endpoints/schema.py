"""Jump links on open.douyin.com: a server asks for a link that opens a page of the Douyin app."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.credentials import CredentialKind, why_unknown
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.domain.jump_links import new_link
from mockdouyin.domain.share_ids import find_share
from mockdouyin.domain.sharing import MEDIA
from mockdouyin.domain.tickets import is_open_ticket
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import tools as tables

schema: Family = Family(
    "schema",
    hosts=("open.douyin.com",),
    envelope=Gateway(),
    malformed=28001007,
    errors=tables.SCHEMA,
)

_DOC = "dop/develop/openapi/tools-ability/jump-management/"
_PATH = "/api/douyin/v1/schema/"

MAX_TIME = 1 << 53
"""The latest Unix time used: a float holds whole seconds exactly up to here."""


class SchemaLink(msgspec.Struct):
    """A link that opens the Douyin app."""

    schema: str


class LinkFields(TokenFields, kw_only=True):
    """When the link expires, as a Unix time."""

    expire_at: int = 0


class ShareLinkFields(LinkFields, kw_only=True):
    """What the link shares, with an open ticket in place of a signature."""

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
    expires = float(max(0, min(call.fields.expire_at, MAX_TIME)))
    if expires <= call.now:
        why = texts.EXPIRE_AT_PAST(got=str(call.fields.expire_at))
        raise DouyinError("bad_params", why, detail="expire_at must be in the future")
    return SchemaLink(new_link(call.world, call.unit, app, what, fields, expires))


@schema.endpoint(
    "POST",
    _PATH + "get_share/",
    doc=_DOC + "get-share-schema",
    basis="documented",
    errors=tables.GET_SHARE,
    scope="jump.basic",
)
def get_share(call: Call[ShareLinkFields]) -> SchemaLink:
    """Return a link that shares pictures or a video; it needs an open ticket, no signature."""
    fields = call.fields
    app = app_of_token(call, "client")
    call.need("bad_params", "client_ticket", "expire_at")
    if not is_open_ticket(call.unit, app, fields.client_ticket):
        raise DouyinError("bad_ticket", _why_no_ticket(call, app))
    if not any(getattr(fields, name) for name in MEDIA):
        raise DouyinError(
            "bad_params",
            texts.SHARE_MEDIA_MISSING(names=list(MEDIA)),
            detail="image_path, image_list_path or video_path must have a value",
        )
    given = {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name in (*MEDIA, "title", "hashtag_list", "micro_app_info", "poi_id", "state")
        if (value := getattr(fields, name))
    }
    find_share(call.unit, fields.state)  # the link belongs to the share whose id it carries
    return _link(call, app, "share", given)


def _why_no_ticket(call: Call[ShareLinkFields], app: App) -> Text:
    ticket, kind = call.fields.client_ticket, CredentialKind.OPEN_TICKET
    # Empty for a ticket that this world issued: it expired, or is another app's.
    why = why_unknown(call.world, call.unit, ticket, kind, NOTHING)
    return why or texts.OPEN_TICKET_ENDED(app=app.name)


class ProfileFields(LinkFields, kw_only=True):
    """The person whose page should open."""

    open_id: str = ""
    account: str = ""


def _person_link(name: str, about: str) -> Any:
    """Declare an endpoint for a link to something of a person's."""

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


get_user_profile: Any = _person_link("user_profile", "Return a link to a person's page.")
get_chat: Any = _person_link("chat", "Return a link to a conversation with a person.")
get_live: Any = _person_link("live", "Return a link to a person's live room.")


class ItemLinkFields(LinkFields, kw_only=True):
    """The video that should open, by either id."""

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
    """Return a link to a video."""
    fields = call.fields
    app = app_of_token(call, "client")
    call.need("bad_params", "expire_at")
    if not (fields.item_id or fields.video_id):
        call.need("bad_params", "item_id")
    return _link(call, app, "item_info", {"item_id": fields.item_id, "video_id": fields.video_id})
