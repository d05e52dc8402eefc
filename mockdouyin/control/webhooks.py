"""Operations on webhooks: events, deliveries, message pushes."""

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
from mockdouyin.sandbox.deliveries import prepare
from mockdouyin.sandbox.worlds import World


class NewEvent(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `send_event`: an event to send now, whether the app subscribed to it or not."""

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
    """The whole body, instead of the platform's."""
    once: bool = False
    """Try once only. A delivery to the app's own webhook is otherwise retried, as any event is."""


@operation("GET", "/events", in_world=False)
def events(call: OperationCall) -> Answer:
    """List the events, each with whether its content is an object or a string."""
    return {
        "events": [
            {"event": e.name, "about": e.about, "content": e.form, "basis": e.basis}
            for e in EVENTS.values()
        ]
    }


@operation("POST", "/events", waits=True)
def send_event(call: OperationCall) -> Answer:
    """Send an event to an app's webhook, or to a URL; the answer is the delivery with its attempt.

    A delivery that the app's own webhook does not accept is retried 10 s and 60 s later by the
    world's clock, unless `once` is set. One to a URL is sent once.
    """
    given, world = call.read(NewEvent), call.world
    if given.raw is None:
        find_event_kind(given.event)

    def make() -> Delivery:
        app = world.find_app(given.app, "web")
        url = given.to or (app.webhook.url if app.webhook else "")
        if not url:
            raise MockDouyinError(f"app {app.name!r} has no webhook; say `to` which URL")
        happened = EmittedEvent(
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
        return prepare(world, app, happened, once=given.once or bool(given.to))

    delivery = world.transact(make)
    return deliveries.show(call.sandbox.deliverer.try_now(world, delivery).result())


class NewPush(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `send_push`: a message push to send now."""

    to: str
    token: str
    kind: str = "verify_request"
    """A mini-game's x-msg-type; or `verify_mini_app` for a mini-app's handshake, a GET."""
    app: str | None = None
    person: str | None = None
    content: dict[str, Any] = {}


@operation("POST", "/pushes", waits=True)
def send_push(call: OperationCall) -> Answer:
    """Send a mini-game's message push or a mini-app's push verification; show the response."""
    given, world = call.read(NewPush), call.world
    request = world.transact(lambda: _push(world, given))
    result = call.sandbox.deliverer.post(request).result()
    return {
        "sent": {
            "method": request.method,
            "url": request.url,
            "headers": request.headers,
            "body": request.body.decode(),
        },
        "status": result.status,
        "body": result.body.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        "error": result.error or None,
        "took_ms": result.took_ms,
    }


def _push(world: World, given: NewPush) -> Delivery:
    now = world.clock.now()
    if given.kind == "verify_mini_app":
        query = message_push.app_verification(world.ids, given.token, now)
        separator = "&" if "?" in given.to else "?"
        url = f"{given.to}{separator}{urlencode(query)}"
        return Delivery("", given.kind, "", "", url, {}, b"", method="GET")
    app = world.find_app(given.app, "mini_game")
    person = world.people.find(given.person) if given.person else world.people.first
    content = dict(given.content)
    if given.kind != "verify_request":
        content.setdefault("open_id", world.people.open_id(app, person))
    headers, body = message_push.game_push(
        world.ids, app.client_key, given.token, given.kind, now, content
    )
    return Delivery("", given.kind, app.client_key, person, given.to, headers, body)


@operation("GET", "/deliveries", long=True)
def list_deliveries(call: OperationCall) -> Answer:
    """List every delivery with its attempts, the oldest first."""
    found = call.world.transact(lambda: deliveries.listed(call.world))
    return {"deliveries": [deliveries.show(each) for each in found]}


@operation("POST", "/deliveries/{id}/replay", waits=True)
def replay(call: OperationCall) -> Answer:
    """Send the same bytes again, under the same Msg-Id."""
    delivery = call.world.transact(lambda: deliveries.find(call.world, call.path["id"]))
    return deliveries.show(call.sandbox.deliverer.try_now(call.world, delivery).result())
