"""Orders about webhooks: events, deliveries, message pushes."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

import msgspec

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.errors import (
    MockDouyinError,
)
from mockdouyin.core.events import EVENTS
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.webhooks import EmittedEvent, find_event_kind
from mockdouyin.domain import message_push
from mockdouyin.sandbox import deliveries
from mockdouyin.sandbox.deliveries import OutgoingRequest, prepare
from mockdouyin.sandbox.worlds import World


class NewEvent(msgspec.Struct, forbid_unknown_fields=True):
    """An event to be sent now, whether the app subscribed to it or not."""

    event: str
    app: str | None = None
    person: str | None = None
    other: str | None = None
    to: str = ""
    secret: str = ""
    content: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    form: Literal["object", "string"] | None = None
    raw: str | None = None
    """The whole body, in place of the platform's."""
    once: bool = False
    """Try once. What goes to the app's own webhook is otherwise tried again as any event is."""


@operation("GET", "/events", in_world=False)
def events(ask: OperationCall) -> Answer:
    """List the kinds of events, and whether the content of each is an object or a string."""
    return {
        "events": [
            {"event": e.name, "about": e.about, "content": e.form, "basis": e.basis}
            for e in EVENTS.values()
        ]
    }


@operation("POST", "/events", waits=True)
def send_event(ask: OperationCall) -> Answer:
    """Send an event to an app's webhook, or once to a URL; the delivery, with what came back.

    What the app's own webhook does not take is tried again, 10 s and 60 s later by the world's
    clock, unless it is sent `once`.
    """
    given, world = ask.read(NewEvent), ask.world
    if given.raw is None:
        find_event_kind(given.event)

    def make() -> Delivery:
        app = world.find_app(given.app, "web")
        url = given.to or (app.webhook.url if app.webhook else "")
        if not url:
            raise MockDouyinError(f"app {app.name!r} has no webhook; say `to` which URL")
        what = EmittedEvent(
            event=given.event,
            person=world.people.find(given.person) if given.person else world.people.first,
            other=world.people.find(given.other) if given.other else None,
            content=given.content,
            fields=given.fields,
            form=given.form,
            url=url,
            secret=given.secret,
            raw=None if given.raw is None else given.raw.encode(),
        )
        return prepare(world, app, what, once=given.once or bool(given.to))

    made = world.transact(make)
    return deliveries.show(ask.sandbox.deliverer.try_now(world, made))


class NewPush(msgspec.Struct, forbid_unknown_fields=True):
    """A message push to be sent now."""

    to: str
    token: str
    kind: str = "verify_request"
    """A mini-game's x-msg-type; or `verify_mini_app` for a mini-app's handshake, a GET."""
    app: str | None = None
    person: str | None = None
    content: dict[str, Any] = {}


@operation("POST", "/pushes", waits=True)
def send_push(ask: OperationCall) -> Answer:
    """Send a mini-game's message push, or a mini-app's push verification; what came back."""
    given, world = ask.read(NewPush), ask.world
    parcel = world.transact(lambda: _push(world, given))
    posted = ask.sandbox.deliverer.post(parcel)
    return {
        "sent": {
            "method": parcel.method,
            "url": parcel.url,
            "headers": parcel.headers,
            "body": parcel.body.decode(),
        },
        "status": posted.status,
        "body": posted.body,
        "error": posted.error or None,
        "took_ms": posted.took_ms,
    }


def _push(world: World, given: NewPush) -> OutgoingRequest:
    now = world.clock.now()
    if given.kind == "verify_mini_app":
        query = message_push.app_verification(world.ids, given.token, now)
        joint = "&" if "?" in given.to else "?"
        return OutgoingRequest("GET", f"{given.to}{joint}{urlencode(query)}", {}, b"")
    app = world.find_app(given.app, "mini_game")
    who = world.people.find(given.person) if given.person else world.people.first
    content = dict(given.content)
    if given.kind != "verify_request":
        content.setdefault("open_id", world.people.open_id(app, who))
    headers, body = message_push.game_push(
        world.ids, app.client_key, given.token, given.kind, now, content
    )
    return OutgoingRequest("POST", given.to, headers, body)


@operation("GET", "/deliveries", long=True)
def list_deliveries(ask: OperationCall) -> Answer:
    """List every delivery with its attempts, the oldest first."""
    found = ask.world.transact(lambda: deliveries.listed(ask.world))
    return {"deliveries": [deliveries.show(each) for each in found]}


@operation("POST", "/deliveries/{id}/replay", waits=True)
def replay(ask: OperationCall) -> Answer:
    """Send the same bytes again, under the same Msg-Id."""
    found = ask.world.transact(lambda: deliveries.find(ask.world, ask.path["id"]))
    return deliveries.show(ask.sandbox.deliverer.try_now(ask.world, found))
