"""Messages to a fan group: who wrote what, who can read it, and what the app is told."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from mockdouyin.core.apps import App
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.webhooks import emit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import direct_messages
from mockdouyin.domain.direct_messages import Message
from mockdouyin.domain.fan_groups import FanGroup, member_since

KINDS = ("text", "image", "video", "retain_consult_card", "applet_card", "template_card")
"""Kinds of messages to a group."""

MAX_TALK = 100
"""Messages that a group keeps to be read, the newest ones."""


class GroupTalk(Record, frozen=True):
    """The ids of a group's newest messages, oldest first."""

    TABLE: ClassVar[str] = "GroupTalk"

    ids: tuple[str, ...] = ()


class Posted(NamedTuple):
    """A message to a group, and the delivery that tells the app of it."""

    msg_id: str
    delivery: Delivery | None


def post(
    world: WorldState,
    unit: Unit,
    app: App,
    group: FanGroup,
    person: str,
    kind: str,
    content: dict[str, Any],
) -> Posted:
    """Write to a group as its owner or a member.

    The app gets `im_group_send_msg` for the owner's messages, `im_group_receive_msg` for others'.
    """
    unit.link(group.link)
    message = Message(
        app=app.client_key,
        person=person,
        other=group.owner,
        kind=kind,
        content=content,
        conversation=group.group_id,
        created=unit.now,
        group=group.group_id,
    )
    msg_id = direct_messages.write(world, unit, message)
    ids = (unit.read(GroupTalk, group.group_id) or GroupTalk()).ids
    unit.write(group.group_id, GroupTalk(ids=(*ids, msg_id)[-MAX_TALK:]))
    return Posted(msg_id, _tell(world, unit, app, msg_id, message))


def _tell(
    world: WorldState, unit: Unit, app: App, msg_id: str, message: Message
) -> Delivery | None:
    is_owners = message.person == message.other
    content = {
        "conversation_short_id": message.conversation,
        "server_message_id": msg_id,
        "message_type": message.message_type,
        "text": "",
        "owner_id": world.people.open_id(app, message.other),
        **message.content,
    }
    return emit(
        world,
        unit,
        app,
        "im_group_send_msg" if is_owners else "im_group_receive_msg",
        message.person,
        other=message.other,
        content=content,
    )


def greet(world: WorldState, unit: Unit, app: App, group: FanGroup) -> None:
    """Write the group's greeting in its owner's name."""
    for each in group.greeting:
        post(world, unit, app, group, group.owner, each["kind"], each["content"])


def read(unit: Unit, group: FanGroup, person: str) -> list[tuple[str, Message]]:
    """Return what somebody can read in a group: all since they joined that was not recalled."""
    unit.link(group.link)
    since = member_since(unit, group, person)
    if since is None:
        return []
    ids = (unit.read(GroupTalk, group.group_id) or GroupTalk()).ids
    unit.expect(Message, ids)
    found = ((each, unit.read(Message, each)) for each in ids)
    return [
        (each, message)
        for each, message in found
        if message is not None and message.created >= since and not message.recalled
    ]
