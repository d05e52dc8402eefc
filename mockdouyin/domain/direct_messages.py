"""Messages that an app sends for a person, and whom the person may write to first."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import audience

KINDS = {
    1: "text",
    2: "image",
    3: "video",
    8: "retain_consult_card",
    9: "group_invitation",
    10: "applet_card",
    11: "applet_coupon",
    12: "auth_private_message_card",
}
"""The field that holds the content of a message, by `msg_type`."""

PRIVATE = tuple(KINDS.values())
"""Kinds of messages to a person."""

NEEDED = {
    "text": "text",
    "image": "media_id",
    "video": "item_id",
    "retain_consult_card": "card_id",
}
"""The field that the content of a kind must have."""

MAX_UNSOLICITED_PER_DAY = 3
"""Messages a day to somebody who did not write first, where limits are enforced."""


MEDIA = {
    "image": "image",
    "video": "video",
    "user_local_image": "image",
    "user_local_video": "video",
}
"""Kinds of messages that are a picture or a video; the latter two are what a person sends."""

_TOLD = (*NEEDED, *MEDIA)
"""Kinds that events call by their name; any other kind is `other` there."""


class Message(Record, frozen=True):
    """A message to a person or to a group, sent and perhaps recalled."""

    TABLE: ClassVar[str] = "Message"

    app: str
    person: str
    other: str
    kind: str
    content: dict[str, Any]
    conversation: str
    created: float
    recalled: bool = False
    group: str = ""
    """The group that it was written to; `other` is its owner then."""

    @property
    def message_type(self) -> str:
        """What events call its kind."""
        return self.kind if self.kind in _TOLD else "other"


class SentCount(Record, frozen=True):
    """How many messages a person sent through an app."""

    TABLE: ClassVar[str] = "Sent"

    count: int = 0


def conversation(world: WorldState, app: App, person: str, other: str) -> str:
    """Return the id of the conversation between two people; it is the same from both sides."""
    return world.ids.sealed(64, "conversation", app.client_key, *sorted((person, other)))


def conversation_link(client_key: str, person: str, other: str) -> Link:
    """Return the link of what two people write to each other; the same from both sides."""
    one, two = sorted((person, other))
    return Link("conversation", client_key, one, part=two)


def send(
    world: WorldState,
    unit: Unit,
    app: App,
    person: str,
    other: str,
    *,
    kind: str,
    content: dict[str, Any],
    conversation_id: str = "",
) -> tuple[str, Message]:
    """Send a message to a person; return its id and record."""
    unit.link(conversation_link(app.client_key, person, other))
    message = Message(
        app=app.client_key,
        person=person,
        other=other,
        kind=kind,
        content=content,
        conversation=conversation_id or conversation(world, app, person, other),
        created=unit.now,
    )
    return write(world, unit, message), message


def write(world: WorldState, unit: Unit, message: Message) -> str:
    """Keep a message that was sent; return its id."""
    key = f"{message.app} {message.person}"
    count = (unit.read(SentCount, key) or SentCount()).count
    unit.write(key, SentCount(count=count + 1))
    msg_id = world.ids.sealed(64, "message", message.app, message.person, count)
    unit.write(msg_id, message)
    return msg_id


def find(unit: Unit, app: App, person: str, msg_id: str) -> Message | None:
    """Return a message that the person sent through the app, by its id."""
    found = unit.read(Message, restore_plus_signs(msg_id))
    own = found is not None and (found.app, found.person) == (app.client_key, person)
    return found if own else None


def find_any(unit: Unit, app: App, person: str, msg_id: str) -> Message | None:
    """Return a message that the person sent or got through the app, or that their group has."""
    found = unit.read(Message, restore_plus_signs(msg_id))
    if found is None or found.app != app.client_key:
        return None
    return found if person in (found.person, found.other) else None


def recall(unit: Unit, msg_id: str, message: Message) -> None:
    """Recall a message."""
    if not message.group:
        unit.link(conversation_link(message.app, message.person, message.other))
    unit.write(restore_plus_signs(msg_id), msgspec.structs.replace(message, recalled=True))


class Allowance(Record, frozen=True):
    """Whether somebody lets a person write to them first, as they last decided."""

    TABLE: ClassVar[str] = "Allowance"

    allowed: bool
    since: float


def allow(unit: Unit, app: App, person: str, other: str, *, allowed: bool = True) -> None:
    """Record that somebody lets a person write to them first, or no longer does."""
    allowance = Allowance(allowed=allowed, since=unit.now, expires=unit.now + 30 * DAY)
    unit.write(f"{app.client_key} {person} {other}", allowance)
    unit.link(conversation_link(app.client_key, person, other))


def may_write(world: WorldState, unit: Unit, app: App, person: str, other: str) -> bool:
    """Whether a person may write to somebody who did not write first.

    Whoever follows the person allows it, unless they decided otherwise.
    """
    unit.link(conversation_link(app.client_key, person, other))
    decided = _decision(unit, app, person, other)
    if decided is not None:
        return decided
    return audience.follows(world, unit, other, person) is not None


def _decision(unit: Unit, app: App, person: str, other: str) -> bool | None:
    allowance = unit.read(Allowance, f"{app.client_key} {person} {other}")
    return None if allowance is None else allowance.allowed


def reachable(world: WorldState, unit: Unit, app: App, person: str) -> list[str]:
    """Return the world's people whom a person may write to first."""
    fans = set(audience.fans(world, unit, person))
    decided = {name: _decision(unit, app, person, name) for name in world.people}
    return [name for name, may in decided.items() if (name in fans if may is None else may)]
