"""Events on their way out: from what happened to a delivery, from an attempt to what is next.

Here is also the channel of webhooks, on which most events are declared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, Unpack

import msgspec

from mockdouyin.core._error_texts import NO_BODY_FIELD
from mockdouyin.core.apps import App, Webhook
from mockdouyin.core.clock import DAY
from mockdouyin.core.crypto import webhook_signature
from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.events import (
    EVENT_KINDS,
    Channel,
    Content,
    ContentForm,
    Event,
    EventKind,
    find_event_kind,
)
from mockdouyin.core.outbox import RETRIED_STATES, Attempt, Delivery, DeliveryState
from mockdouyin.core.store import Record, Unit

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

DELIVERY_RETENTION = 7 * DAY
"""How long a delivery is kept after it was due."""

FIRST_DELIVERY = 0xE00000000000
"""What the number in a log id exceeds by an app's count of deliveries; an exchange's is lower."""


class DeliveryCount(Record, frozen=True):
    """The number of events sent to an app; message ids derive from it."""

    TABLE: ClassVar[str] = "DeliveryCount"

    count: int = 0
    failed_in_a_row: int = 0


# The channel of webhooks.


def is_subscribed(webhook: Webhook | None, name: str) -> bool:
    """Whether a webhook is verified and subscribed to an event."""
    if webhook is None or not webhook.url or not webhook.verified:
        return False
    return webhook.events is None or name in webhook.events


def signing_secret(app: App) -> str:
    """Return the secret that an app's events are signed with."""
    return (app.webhook.secret if app.webhook else "") or app.client_secret


def _receiver(app: App, name: str) -> str:
    return app.webhook.url if app.webhook and is_subscribed(app.webhook, name) else ""


def _encode(event: Event, inner: Content) -> bytes:
    """Encode an event's body: compact, in raw UTF-8, with its keys in the platform's order."""
    kind = event.kind
    without_users = kind.name == "verify_webhook" or kind.name.startswith("union_auth_info")
    in_text = (event.form or kind.form) == "string"
    values: dict[str, Any] = {
        "event": kind.name,
        "client_key": event.client_key,
        "from_user_id": "" if without_users else event.person,
        "to_user_id": "" if without_users else event.other,
        "content": msgspec.json.encode(inner).decode() if in_text else inner,
        "log_id": event.log_id,
        "event_id": "",
        "msg_id": hashlib.sha256(event.log_id.encode()).hexdigest(),
    }
    body = {key: values[key] for key in kind.keys}
    for name, value in event.fields.items():
        if name not in body:
            raise MockDouyinError(
                NO_BODY_FIELD(kind=kind.name, name=name, hint=suggestion(name, body))
            )
        body[name] = value
    return msgspec.json.encode(body) + (b"\n" if event.settings.webhook_newline else b"")


def _headers(event: Event, body: bytes) -> dict[str, str]:
    """Return a delivery's headers; the signature covers the exact bytes that are sent."""
    return {
        "Content-Type": "application/json",
        # With the time, because a receiver may remember ids from an earlier run of the server.
        "Msg-Id": event.ids.hex(64, "message", event.client_key, event.number, event.now),
        "User-Agent": "Go-http-client/1.1",
        "X-Douyin-Signature": webhook_signature(event.secret or signing_secret(event.app), body),
    }


WEBHOOK = Channel(
    "webhook",
    headers=_headers,
    encode=_encode,
    # Three attempts in all are documented, the intervals are not.
    retries=(10.0, 60.0),
    receiver=_receiver,
)


# From an event to a delivery, and on to its end.


def kind_of(name: str) -> EventKind:
    """Return the kind of event with this name; what a tester made up is taken for a webhook's."""
    kind = EVENT_KINDS.get(name)
    return kind or EventKind(name, "", "none", (), lambda event: {}, "assumed", WEBHOOK)


class Details(TypedDict, total=False):
    """The fields of an `Event` that whoever emits it may set."""

    scopes: tuple[str, ...]
    secret: str
    content: Mapping[str, Any]
    fields: Mapping[str, Any]
    form: ContentForm | None
    raw: bytes | None


def emit(
    world: WorldState,
    unit: Unit,
    app: App,
    name: str,
    person: str,
    *,
    other: str | None = None,
    url: str = "",
    **details: Unpack[Details],
) -> Delivery | None:
    """Write a delivery to the store if the app wants to be told of the event, or a URL is given.

    `person` and `other` are names; by default the person on the other side is any other one.
    """
    kind = find_event_kind(name) if details.get("raw") is None else kind_of(name)
    url = url or kind.channel.receiver(app, name)
    if not url:
        return None
    record = unit.read(DeliveryCount, app.client_key) or DeliveryCount()
    count = record.count + 1
    unit.write(app.client_key, msgspec.structs.replace(record, count=count))
    people = world.people
    other = other or next((each for each in people if each != person), person)
    event = Event(
        kind=kind,
        app=app,
        ids=world.ids,
        settings=world.settings,
        person=people.open_id(app, person),
        other=people.open_id(app, other),
        nickname=people.profile(person).nickname,
        other_nickname=people.profile(other).nickname,
        now=unit.now,
        number=count,
        log_id=world.ids.log_id(world.clock.stamp(unit.now), FIRST_DELIVERY + count),
        **details,
    )
    delivery = msgspec.structs.replace(
        _delivery(event, person, url), cause=world.journal.next_number, links=unit.links
    )
    unit.write(delivery.id, delivery)
    return delivery


def _delivery(event: Event, person: str, url: str) -> Delivery:
    channel, body = event.kind.channel, event.encode()
    headers = channel.headers(event, body)
    if channel.method == "GET":
        url, body = f"{url}{'&' if '?' in url else '?'}{body.decode()}", b""
    due = event.now + event.settings.webhook_delay
    return Delivery(
        id=f"{event.client_key}-{event.number}",
        event=event.kind.name,
        app=event.client_key,
        person=person,
        url=url,
        headers=headers,
        body=body,
        method=channel.method,
        due=due,
        born=event.now,
        expires=due + DELIVERY_RETENTION,
        secret=event.secret,
    )


def settle(delivery: Delivery, attempt: Attempt) -> Delivery:
    """Return the delivery after an attempt: delivered, due for a retry, or failed."""
    channel = kind_of(delivery.event).channel
    problem = attempt.error or channel.problem(attempt, delivery)
    attempts = (*delivery.attempts, msgspec.structs.replace(attempt, problem=problem))
    state: DeliveryState = "waiting"
    due = delivery.due
    if not problem:
        state = "delivered"
    elif (
        delivery.once
        or delivery.state not in RETRIED_STATES
        or len(attempts) > len(channel.retries)
    ):
        state = "failed"
    else:
        due = attempt.time + channel.retries[len(attempts) - 1]
    settled = msgspec.structs.replace(delivery, attempts=attempts, state=state, due=due)
    return channel.renew(settled) if due > delivery.due else settled
