"""Who somebody is: in another app, among one developer's apps, as a business; and players."""

from __future__ import annotations

import base64
import binascii
from typing import Literal

import msgspec

from mockdouyin.core.calls import Call, Fields, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.domain import accounts, videos
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.domain.videos import Video
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import identities as tables

douyin_accounts: Family = Family(
    "douyin_accounts", hosts=("open.douyin.com",), envelope=Gateway(), malformed=28001007
)
business_auth: Family = Family(
    "business_auth", hosts=("open.douyin.com",), envelope=Gateway(), malformed=28001007
)
_SUCCESS = Gateway("success")


class UnionFields(TokenFields, kw_only=True):
    """Two apps that are joined (联合授权), and a person in one of them."""

    b_client_key: str = ""
    c_client_key: str = ""
    open_id: str = ""


class OpenIdReply(msgspec.Struct):
    """The person in the other app."""

    open_id: str


def _other_open_id(call: Call[UnionFields], name: Literal["b", "c"]) -> OpenIdReply:
    """Return a person's open_id in the other one of two apps that are joined."""
    caller = app_of_token(call, "client")
    fields = call.fields
    call.need("bad_params", "b_client_key", "c_client_key", "open_id")
    keys = {"b": fields.b_client_key, "c": fields.c_client_key}
    apps = {each: call.world.apps.get(key) for each, key in keys.items()}
    user_app, business_app = apps["c"], apps["b"]
    if user_app is None or business_app is None or caller not in (user_app, business_app):
        raise DouyinError("bad_params", texts.NOT_JOINED(keys=list(keys.values())))
    known, other = (user_app, business_app) if name == "c" else (business_app, user_app)
    person = call.known_person(known, fields.open_id, "bad_open_id")
    if not accounts.is_joined(call.unit, user_app, person):
        raise DouyinError("not_granted", texts.NOT_IDENTIFIED(person=person, app=user_app.name))
    return OpenIdReply(call.world.people.open_id(other, person))


@douyin_accounts.endpoint(
    "POST",
    "/api/douyin/v1/auth/get_openid_by_c/",
    doc="dop/develop/openapi/union_auth/get-openid-by-c",
    basis="documented",
    envelope=_SUCCESS,
    errors=tables.UNION,
    scope=accounts.UNION_SCOPE,
)
@business_auth.endpoint(
    "POST",
    "/api/apps/v1/auth/get_openid_by_c/",
    doc="mini-app/develop/server/basic-abilities/union_auth/get-openid-by-c",
    basis="documented",
    envelope=_SUCCESS,
    errors=tables.UNION,
    scope=accounts.UNION_SCOPE,
)
def get_openid_by_c(call: Call[UnionFields]) -> OpenIdReply:
    """Return a person's open_id in the B app by that in the C app, which the person uses."""
    return _other_open_id(call, "c")


@douyin_accounts.endpoint(
    "POST",
    "/api/douyin/v1/auth/get_openid_by_b/",
    doc="dop/develop/openapi/union_auth/get-openid-by-b",
    basis="documented",
    envelope=_SUCCESS,
    errors=tables.UNION,
    scope=accounts.UNION_SCOPE,
)
def get_openid_by_b(call: Call[UnionFields]) -> OpenIdReply:
    """Return a person's open_id in the C app, which the person uses, by that in the B app."""
    return _other_open_id(call, "b")


class RelatedFields(TokenFields, kw_only=True):
    """A person in the calling app."""

    open_id: str = ""


class AlliedId(msgspec.Struct):
    """What a person has in all apps of one developer."""

    allied_id: str


@douyin_accounts.endpoint(
    "POST",
    "/api/douyin/v1/auth/get_related_id/",
    doc="dop/develop/openapi/account-permission/get-related-id",
    basis="documented",
    errors=tables.RELATED,
    scope="open.account.data",
)
@business_auth.endpoint(
    "POST",
    "/api/apps/v1/auth/get_related_id/",
    doc="mini-app/develop/server/basic-abilities/data-open/get-related-id",
    basis="documented",
    errors=tables.RELATED,
    scope="open.account.data",
)
def get_related_id(call: Call[RelatedFields]) -> AlliedId:
    """Return the id of a person that is the same in all apps of the developer."""
    app = app_of_token(call, "client")
    call.need("bad_params", "open_id")
    person = call.known_person(app, call.fields.open_id, "bad_open_id")
    return AlliedId(accounts.allied_id(call.world, app, person))


class RoleFields(TokenFields, kw_only=True):
    """A person, by open_id or by Douyin number, and the roles that are asked about."""

    open_id: str = ""
    douyin_shortId: str = ""  # noqa: N815 - the wire has it like this
    role_labels: list[str] = []


class RoleReply(msgspec.Struct):
    """Whether the person has one of the roles, and which of them they do not have."""

    match_result: bool
    filter_role: dict[str, bool]


@douyin_accounts.endpoint(
    "POST",
    "/api/douyin/v1/role/check/",
    doc="dop/develop/openapi/account-permission/check-user-business-role",
    basis="documented",
    errors=tables.ROLE,
    scope="op.business.status",
)
def role_check(call: Call[RoleFields]) -> RoleReply:
    """Tell which of the roles of a business somebody has; the open_id counts if both are sent.

    Here a person's roles and Douyin number are derived from the world's seed.
    """
    app = app_of_token(call, "client")
    fields = call.fields
    if not fields.douyin_shortId:
        call.need("bad_params", "open_id")
    call.need("bad_params", "role_labels")
    unknown = [label for label in fields.role_labels if label not in accounts.ROLES]
    if unknown:
        known = list(accounts.ROLES)
        raise DouyinError("bad_params", texts.ROLE_UNKNOWN(got=unknown[0], known=known))
    if fields.open_id:
        person = call.known_person(app, fields.open_id, "bad_open_id")
    else:
        person = call.person = _person_of_number(call)
    held = {label: accounts.has_role(call.world, person, label) for label in fields.role_labels}
    lacking = {label: False for label in held if not held[label]}
    return RoleReply(any(held.values()), lacking)


def _person_of_number(call: Call[RoleFields]) -> str:
    """Return the person with a Douyin number, or refuse the call."""
    number = call.fields.douyin_shortId
    person = accounts.person_of_number(call.world, number)
    if person is None:
        first = call.world.people.first
        known = accounts.douyin_number(call.world, first)
        why = texts.NUMBER_UNKNOWN(got=number, person=first, number=known)
        raise DouyinError("bad_douyin_id", why)
    return person


class PlayerReply(msgspec.Struct):
    """The player of a work, to be put into a page."""

    iframe_code: str
    video_height: int
    video_title: str
    video_width: int


class ItemPlayerFields(Fields, kw_only=True):
    """A work, by an item_id or the base64 of one, and the app that shows it."""

    item_id: str = ""
    client_key: str = ""


class VideoPlayerFields(Fields, kw_only=True):
    """A work, by the id that it has outside the open platform."""

    video_id: str = ""


_PLAYER = "dop/develop/openapi/video-management/douyin/iframe-player/"


@douyin_accounts.endpoint(
    "GET",
    "/api/douyin/v1/video/get_iframe_by_item",
    doc=_PLAYER + "get-iframe-by-item",
    basis="documented",
    errors=tables.ITEM_PLAYER,
)
def get_iframe_by_item(call: Call[ItemPlayerFields]) -> PlayerReply:
    """Return the code of a player for a public work, by its item_id; no token is needed."""
    call.need("bad_params", "item_id", "client_key")
    call.known_app(call.fields.client_key, "bad_client_key")
    item_id = restore_plus_signs(call.fields.item_id)
    work = call.unit.read(Video, _decoded(item_id))
    return _player(work)


@douyin_accounts.endpoint(
    "GET",
    "/api/douyin/v1/video/get_iframe_by_video",
    doc=_PLAYER + "get-iframe-by-video",
    basis="observed",
    errors=tables.PLAYER,
)
def get_iframe_by_video(call: Call[VideoPlayerFields]) -> PlayerReply:
    """Return the code of a player for a public work, by its video_id; no token is needed."""
    call.need("bad_params", "video_id")
    everyones = videos.everyones(call.world, call.unit)
    found = (work for work in everyones if work.video_id == call.fields.video_id)
    return _player(next(found, None))


def _decoded(item_id: str) -> str:
    """Return an item_id that was sent as it is, or as base64, as in a share_url."""
    if item_id.startswith("@"):
        return item_id
    try:
        return base64.b64decode(item_id, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return item_id


def _player(work: Video | None) -> PlayerReply:
    if work is None:
        raise DouyinError("no_video", texts.WORK_UNKNOWN())
    if work.privacy:
        raise DouyinError("no_video", texts.WORK_NOT_PUBLIC())
    width, height = 720, 1280
    source = f"https://open.douyin.com/player/video?vid={work.video_id}&autoplay=0"
    code = (
        f'<iframe width="{width}" height="{height}" frameborder="0" src="{source}"'
        ' referrerpolicy="unsafe-url" allowfullscreen></iframe>'
    )
    return PlayerReply(code, height, work.title, width)
