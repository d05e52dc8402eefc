"""Messages to fan groups, and the pictures and videos in messages."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call, PersonFields
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.domain import direct_messages, group_messages
from mockdouyin.domain.grants import person_of_call
from mockdouyin.endpoints import _group_texts as texts
from mockdouyin.endpoints._message_contents import read_content
from mockdouyin.endpoints.direct_messages import im
from mockdouyin.endpoints.error_tables import fan_groups as tables
from mockdouyin.endpoints.fan_groups import beside, named_groups

_DOC = "mini-app/develop/server/reach-marketing/instant-message/"


class GroupMessageFields(PersonFields, kw_only=True):
    """One message or several, and the group."""

    group_id: str = ""
    content: dict[str, Any] = {}
    content_list: list[dict[str, Any]] = []


class SentToGroup(msgspec.Struct):
    """The id of the message; of several the first one's."""

    msg_id: str


@beside(
    "POST",
    "/im/send/msg/group/",
    doc=_DOC + "group-chat/group-message/im-group-message-send",
    basis="documented",
    errors=tables.SEND,
    scope="im.group_message",
)
def send_group_msg(call: Call[GroupMessageFields]) -> SentToGroup:
    """Send messages to a person's fan group; each is an event `im_group_send_msg`.

    Without a group_id, which ByteDance's own SDK cannot send, it is the newest (assumed).
    """
    app, person = person_of_call(call)
    fields = call.fields
    if not fields.content_list:
        call.need("bad_params", "content")
    kinds = group_messages.KINDS
    contents = [
        read_content(call, app, person, each, kinds)
        for each in fields.content_list or [fields.content]
    ]
    group = named_groups(call, app, person)[-1]
    sent = [
        group_messages.post(call.world, call.unit, app, group, person, *content)
        for content in contents
    ]
    return SentToGroup(sent[0].msg_id)


class ResourceFields(PersonFields, kw_only=True):
    """A message, and the conversation or group that it is in."""

    conversation_id: str = ""
    message_id: str = ""


class MessageResource(msgspec.Struct):
    """Whether it is an `image` or a `video`, and where it can be fetched."""

    media_type: str
    url: str


@im.endpoint(
    "GET",
    "/api/im/message/resources/",
    doc=_DOC + "business-tool/get-message-resources",
    basis="documented",
    errors=tables.RESOURCES,
    scope="im.multimedia_message",
)
def message_resources(call: Call[ResourceFields]) -> MessageResource:
    """Give the address of the picture or the video in a message that a person sent or got."""
    app, person = person_of_call(call)
    fields = call.fields
    call.need("bad_params", "conversation_id", "message_id")
    found = direct_messages.find_any(call.unit, app, person, fields.message_id)
    if found is None or found.conversation != restore_plus_signs(fields.conversation_id):
        raise DouyinError("not_found", texts.MESSAGE_UNKNOWN(person=person))
    media = direct_messages.MEDIA.get(found.kind)
    if media is None:
        raise DouyinError("not_found", texts.MESSAGE_WITHOUT_MEDIA(kind=found.kind))
    secret = call.world.ids.base62(22, "message_resource", restore_plus_signs(fields.message_id))
    url = f"https://p3.example.test/im_open/media?type={media}&secret={secret}"
    return MessageResource(media, url)
