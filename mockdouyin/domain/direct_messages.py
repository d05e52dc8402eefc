"""Private messages that an app sends for a person, and whom that person may write to first."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY
from mockdouyin.core.ids import restore_plus_signs
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
"""`msg_type`, and the name of the field in which such a message has its content."""

NEEDED = {
    "text": "text",
    "image": "media_id",
    "video": "item_id",
    "retain_consult_card": "card_id",
}
"""What the content of a kind cannot be without."""

TOUCHES = 3
"""Messages in a day to somebody who did not write first, where limits are enforced."""


class Message(Record, frozen=True):
    """A private message that was sent."""

    TABLE = "Message"

    app: str
    person: str
    other: str
    kind: str
    content: dict[str, Any]
    conversation: str
    created: float
    recalled: bool = False


class SentCount(Record, frozen=True):
    """How many messages a person sent through an app."""

    TABLE = "Sent"

    count: int = 0


def conversation(world: WorldState, app: App, person: str, other: str) -> str:
    """Give the id of the conversation between two people, the same for both and for good."""
    return world.ids.sealed(64, "conversation", app.client_key, *sorted((person, other)))


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
    """Send a message; give its id with it."""
    place = f"{app.client_key} {person}"
    count = (unit.read(SentCount, place) or SentCount()).count
    unit.write(place, SentCount(count=count + 1))
    msg_id = world.ids.sealed(64, "message", app.client_key, person, count)
    made = Message(
        app=app.client_key,
        person=person,
        other=other,
        kind=kind,
        content=content,
        conversation=conversation_id or conversation(world, app, person, other),
        created=unit.now,
    )
    unit.write(msg_id, made)
    return msg_id, made


def find(unit: Unit, app: App, person: str, msg_id: str) -> Message | None:
    """Give a message that the person sent through the app."""
    found = unit.read(Message, restore_plus_signs(msg_id))
    ours = found is not None and (found.app, found.person) == (app.client_key, person)
    return found if ours else None


def recall(unit: Unit, msg_id: str, message: Message) -> None:
    """Take a message back."""
    unit.write(restore_plus_signs(msg_id), msgspec.structs.replace(message, recalled=True))


class Allowance(Record, frozen=True):
    """That somebody allowed a person to write to them first, or ceased to."""

    TABLE = "Allowance"

    allowed: bool
    since: float


def allow(unit: Unit, app: App, person: str, other: str, *, allowed: bool = True) -> None:
    """Let somebody allow a person to write to them first, or take it back."""
    made = Allowance(allowed=allowed, since=unit.now, expires=unit.now + 30 * DAY)
    unit.write(f"{app.client_key} {person} {other}", made)


def may_write(world: WorldState, unit: Unit, app: App, person: str, other: str) -> bool:
    """Whether a person may write to somebody who did not write first.

    Whoever follows a person of their own accord has allowed it.
    """
    told = _told(unit, app, person, other)
    return audience.follows(world, unit, other, person) is not None if told is None else told


def _told(unit: Unit, app: App, person: str, other: str) -> bool | None:
    told = unit.read(Allowance, f"{app.client_key} {person} {other}")
    return None if told is None else told.allowed


def reachable(world: WorldState, unit: Unit, app: App, person: str) -> list[str]:
    """Give the world's people whom a person may write to first."""
    fans = set(audience.fans(world, unit, person))
    told = {name: _told(unit, app, person, name) for name in world.people}
    return [name for name, said in told.items() if (name in fans if said is None else said)]
