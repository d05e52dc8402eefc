"""Private messages: send, list who allows messages, upload images; recall of any message."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields, TokenFields
from mockdouyin.core.clock import DAY
from mockdouyin.core.credentials import why_nobody
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import BesideExtra, Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.multipart import File
from mockdouyin.domain import direct_messages, fan_groups, pagination, uploads
from mockdouyin.domain.grants import person_of_call
from mockdouyin.domain.rate_limits import limit
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints._message_contents import read_content
from mockdouyin.endpoints._sent_files import sent_file
from mockdouyin.endpoints.error_tables import user_apis as tables

im: Family = Family(
    "im",
    hosts=("open.douyin.com",),
    envelope=Gateway(),
    malformed=28001007,
    errors=tables.AUTHORIZED,
)
tool: Family = Family(
    "tool",
    hosts=("open.douyin.com",),
    envelope=BesideExtra(),
    malformed=2100005,
    errors=tables.APP,
)

_DOC = "mini-app/develop/server/reach-marketing/instant-message/"
_SCOPE = "im.direct_message"

MAX_IMAGE = 10 * uploads.MB
"""Bytes of an image that is sent in messages."""


class SendFields(PersonFields, kw_only=True):
    """One message or several, the receiver, and the message that they answer."""

    msg_id: str = ""
    conversation_id: str = ""
    conversion_id: str = ""
    """`conversation_id`, as the official library spells it."""
    to_user_id: str = ""
    scene: str = ""
    content: dict[str, Any] = {}
    content_list: list[dict[str, Any]] = []


class SentMessages(msgspec.Struct):
    """The ids of the messages; `msg_id` is the first one's."""

    msg_id: str
    msg_list: list[str]


@im.endpoint(
    "POST",
    "/im/send/msg/",
    doc=_DOC + "private-message/send-message",
    basis="documented",
    errors=tables.SEND,
    envelope=BesideExtra(),
    malformed=2100005,
    scope=_SCOPE,
)
def send_msg(call: Call[SendFields]) -> SentMessages:
    """Send private messages: replies to one, or first messages to somebody who allows them.

    The app's webhook gets one event `im_send_msg` for each.
    """
    app, person = person_of_call(call)
    fields = call.fields
    call.need("bad_params", "to_user_id")
    other = call.world.people.owner(app, fields.to_user_id)
    if other is None:
        raise DouyinError("bad_params", why_nobody(call, app, fields.to_user_id))
    if not fields.content_list:
        call.need("bad_params", "content")
    contents = [
        read_content(call, app, person, each, direct_messages.PRIVATE)
        for each in fields.content_list or [fields.content]
    ]
    if not fields.msg_id:
        _check_first_message(call, app, person, other)
    sent = [_send(call, app, person, other, *content) for content in contents]
    return SentMessages(sent[0], sent)


def _check_first_message(call: Call[Any], app: App, person: str, other: str) -> None:
    """Refuse a message that answers none, unless the other allows it; limit how many there are."""
    if not direct_messages.may_write(call.world, call.unit, app, person, other):
        raise DouyinError("not_permitted", texts.MESSAGE_NOT_ALLOWED(person=other))
    key = f"{app.client_key} {person} {other}"
    limit(call, key, direct_messages.MAX_UNSOLICITED_PER_DAY, DAY, "too_many_touches")


def _send(
    call: Call[SendFields], app: App, person: str, other: str, kind: str, content: dict[str, Any]
) -> str:
    fields = call.fields
    conversation = fields.conversation_id or fields.conversion_id
    msg_id, made = direct_messages.send(
        call.world,
        call.unit,
        app,
        person,
        other,
        kind=kind,
        content=content,
        conversation_id=conversation,
    )
    event = {
        "conversation_short_id": made.conversation,
        "server_message_id": msg_id,
        "conversation_type": 1,
        "create_time": int(call.now * 1000),
        "message_type": made.message_type,
        "source": app.client_key,
        "text": "",
        **content,
        "user_infos": [_user(call, app, name) for name in (person, other)],
    }
    call.emit("im_send_msg", person, other=other, content=event)
    return msg_id


def _user(call: Call[Any], app: App, name: str) -> dict[str, str]:
    people = call.world.people
    profile = people.profile(name)
    return {
        "open_id": people.open_id(app, name),
        "nick_name": profile.nickname,
        "avatar": profile.avatar,
    }


class RecallFields(PersonFields, kw_only=True):
    """The message to recall."""

    msg_id: str = ""
    conversation_id: str = ""
    conversation_type: int = 0


@im.endpoint(
    "POST",
    "/im/recall/msg/",
    doc=_DOC + "group-chat/group-message/group-msg-recall",
    basis="documented",
    errors=tables.RECALL,
    scope="im.recall_message",
)
def recall_msg(call: Call[RecallFields]) -> None:
    """Recall a message that the app sent; the app's webhook gets the event `im_recall_msg`."""
    app, person = person_of_call(call)
    fields = call.fields
    call.need("bad_params", "msg_id", "conversation_id", "conversation_type")
    if fields.conversation_type not in (1, 2):
        why = texts.CONVERSATION_TYPE(got=str(fields.conversation_type))
        raise DouyinError("bad_params", why)
    found = direct_messages.find(call.unit, app, person, fields.msg_id)
    if found is None or found.recalled:
        why = texts.MESSAGE_RECALLED() if found else texts.MESSAGE_NOT_SENT(person=person)
        raise DouyinError("bad_message", why)
    if found.group:
        fan_groups.find(call.unit, app, person, found.group)
    direct_messages.recall(call.unit, fields.msg_id, found)
    content = {"server_message_id": fields.msg_id}
    call.emit("im_recall_msg", person, other=found.other, content=content)


class ReachableFields(PersonFields, kw_only=True):
    """A page, by cursor and limit or by number and size."""

    cursor: int = 0
    limit: int = 0
    page_num: int = 0
    page_size: int = 0


class Reachable(msgspec.Struct):
    """Somebody who allows first messages, and where they allowed it."""

    target_open_id: str
    auth_user_source_app_id: str
    enter_from: str = ""
    query: str = ""
    path: str = ""
    data_im_extra: str = ""
    attribution: dict[str, str] = {}


class ReachablePage(msgspec.Struct):
    """A page of the people who allow first messages."""

    auth_user_list: list[Reachable]
    has_more: bool
    next_cursor: int


@im.endpoint(
    "POST",
    "/im/authorize/user_list/",
    doc=_DOC + "private-message/query-private-auth-user",
    basis="documented",
    scope=_SCOPE,
)
def authorized_users(call: Call[ReachableFields]) -> ReachablePage:
    """List the people to whom a person may write first."""
    app, person = person_of_call(call)
    fields = call.fields
    cursor, count, max_count = fields.cursor, fields.limit, 100
    if fields.page_num or fields.page_size:
        call.need("bad_params", "page_num", "page_size")
        cursor, count, max_count = (fields.page_num - 1) * fields.page_size, fields.page_size, 50
    else:
        call.need("bad_params", "limit")
    pagination.check(cursor, count, max_count)
    page = pagination.at(
        direct_messages.reachable(call.world, call.unit, app, person), cursor, count
    )
    open_ids = [call.world.people.open_id(app, name) for name in page.rows]
    rows = [Reachable(open_id, app.client_key) for open_id in open_ids]
    return ReachablePage(rows, page.has_more, page.cursor)


class AuthorizedFields(PersonFields, kw_only=True):
    """The person who may allow first messages."""

    c_open_id: str = ""
    app_id: str = ""


class AuthorizedStatus(msgspec.Struct):
    """1 if first messages are allowed, 0 if not, and where they were allowed."""

    status: int
    enter_from: str = ""
    query: str = ""
    path: str = ""
    data_im_extra: str = ""
    attribution: dict[str, str] = {}


@im.endpoint(
    "POST",
    "/im/authorize/status/",
    doc=_DOC + "private-message/query-authorize-atatus",
    basis="documented",
    errors=tables.GATEWAY_PERSON,
    scope=_SCOPE,
)
def authorize_status(call: Call[AuthorizedFields]) -> AuthorizedStatus:
    """Check whether a person may write first to somebody."""
    app, person = person_of_call(call)
    call.need("bad_params", "c_open_id")
    other = call.world.people.owner(app, call.fields.c_open_id)
    if other is None:
        raise DouyinError("bad_open_id", why_nobody(call, app, call.fields.c_open_id))
    return AuthorizedStatus(
        int(direct_messages.may_write(call.world, call.unit, app, person, other))
    )


class MessageImageFields(TokenFields, kw_only=True):
    """An image to be sent in messages."""

    image: File | None = None


class ClientImage(msgspec.Struct):
    """The id that messages name the image by, its MD5 and its size."""

    image_id: str
    md5: str
    width: int
    height: int


@tool.endpoint(
    "POST",
    "/tool/imagex/client_upload/",
    doc=_DOC + "business-tool/image-upload",
    basis="documented",
    scope="tool.image.upload",
    body_limit=MAX_IMAGE + uploads.MB,
)
def client_upload(call: Call[MessageImageFields]) -> ClientImage:
    """Upload an image of up to 10 MB for private messages, with a client token."""
    app = app_of_token(call, "client")
    file = sent_file(call, "image", MAX_IMAGE, "bad_params")
    shape = uploads.picture_size(file.head)
    image_id, _ = uploads.store_upload(call.world, call.unit, app, "", "image", file.size, shape)
    return ClientImage(image_id, file.md5, *shape)
