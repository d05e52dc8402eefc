"""Turn an event into a delivery, with the exact bytes and the signature over them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from mockdouyin.core.apps import App, Webhook
from mockdouyin.core.clock import DAY
from mockdouyin.core.crypto import webhook_signature
from mockdouyin.core.errors import MockDouyinError, did_you_mean
from mockdouyin.core.events import EVENTS, ContentForm, EventKind, Scene
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Record, Unit

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

DELIVERY_RETENTION = 7 * DAY
"""How long a delivery is kept after it was due."""


class DeliveryCount(Record, frozen=True):
    """The number of events sent to an app; message ids derive from it."""

    TABLE: ClassVar[str] = "DeliveryCount"

    count: int = 0
    failed_in_a_row: int = 0


def find_event_kind(name: str) -> EventKind:
    """Return the kind of event with this name; raise if there is none."""
    kind = EVENTS.get(name)
    if kind is None:
        raise MockDouyinError(f"no event {name!r}{did_you_mean(name, EVENTS)}")
    return kind


def encode_event(
    kind: EventKind, scene: Scene, log_id: str, what: EmittedEvent | None = None
) -> bytes:
    """Encode an event's body: compact, in raw UTF-8, with its keys in the platform's order."""
    inner = {**kind.content(scene), **(what.content if what else {})}
    form = (what.form if what else None) or kind.form
    without_users = kind.name == "verify_webhook" or kind.name.startswith("union_auth_info")
    values: dict[str, Any] = {
        "event": kind.name,
        "client_key": scene.client_key,
        "from_user_id": "" if without_users else scene.person,
        "to_user_id": "" if without_users else scene.other,
        "content": msgspec.json.encode(inner).decode() if form == "string" else inner,
        "log_id": log_id,
        "event_id": "",
        "msg_id": hashlib.sha256(log_id.encode()).hexdigest(),
    }
    body = {key: values[key] for key in kind.keys}
    for name, value in what.fields.items() if what else ():
        if name not in body:
            raise MockDouyinError(f"{kind.name} has no field {name!r}{did_you_mean(name, body)}")
        body[name] = value
    return msgspec.json.encode(body)


def is_subscribed(webhook: Webhook | None, name: str) -> bool:
    """Whether a webhook is verified and subscribed to an event."""
    if webhook is None or not webhook.url or not webhook.verified:
        return False
    return webhook.events is None or name in webhook.events


class EmittedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, and how the event about it may differ from the platform's default."""

    event: str
    person: str
    """The name of the person who acts."""
    other: str | None = None
    """The name of the person on the other side; by default any other person."""
    scopes: tuple[str, ...] = ("user_info",)
    content: Mapping[str, Any] = {}
    """Values that replace fields of the content."""
    fields: Mapping[str, Any] = {}
    """Values that replace fields beside the content."""
    form: ContentForm | None = None
    """Whether the content is an object or a string, if not as in Douyin's event."""
    url: str = ""
    """The URL to send it to, in place of the app's webhook."""
    secret: str = ""
    raw: bytes | None = None
    """The whole body, in place of the platform's."""


def emit(world: WorldState, unit: Unit, app: App, what: EmittedEvent) -> Delivery | None:
    """Write a delivery to the store if the app's webhook is subscribed, or a URL is given."""
    webhook = app.webhook
    if not what.url and not is_subscribed(webhook, what.event):
        return None
    record = unit.read(DeliveryCount, app.client_key) or DeliveryCount()
    count = record.count + 1
    unit.write(app.client_key, msgspec.structs.replace(record, count=count))
    body = what.raw if what.raw is not None else _body(world, app, what, unit.now, count)
    if world.settings.webhook_newline and what.raw is None:
        body += b"\n"
    due = unit.now + world.settings.webhook_delay
    delivery = Delivery(
        id=f"{app.client_key}-{count}",
        event=what.event,
        app=app.client_key,
        person=what.person,
        url=what.url or (webhook.url if webhook else ""),
        headers=delivery_headers(
            what.secret or signing_secret(app),
            body,
            # With the time, because a receiver may remember ids from an earlier run of the server.
            world.ids.hex(64, "message", app.client_key, count, unit.now),
        ),
        body=body,
        due=due,
        expires=due + DELIVERY_RETENTION,
    )
    unit.write(delivery.id, delivery)
    return delivery


def _body(world: WorldState, app: App, what: EmittedEvent, now: float, count: int) -> bytes:
    people = world.people
    other = what.other or next((name for name in people if name != what.person), what.person)
    scene = Scene(
        world.ids,
        app.client_key,
        people.open_id(app, what.person),
        people.open_id(app, other),
        people.profile(what.person).nickname,
        people.profile(other).nickname,
        what.scopes,
        now,
        count,
    )
    log_id = world.ids.log_id(world.clock.stamp(now), 0xE00000000000 + count)
    return encode_event(find_event_kind(what.event), scene, log_id, what)


def signing_secret(app: App) -> str:
    """Return the secret that an app's events are signed with."""
    return (app.webhook.secret if app.webhook else "") or app.client_secret


def delivery_headers(secret: str, body: bytes, message_id: str) -> dict[str, str]:
    """Return a delivery's headers; the signature covers the exact bytes that are sent."""
    return {
        "Content-Type": "application/json",
        "Msg-Id": message_id,
        "User-Agent": "Go-http-client/1.1",
        "X-Douyin-Signature": webhook_signature(secret, body),
    }
