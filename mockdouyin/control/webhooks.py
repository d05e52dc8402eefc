"""Operations on webhooks: events, deliveries, message pushes."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

import msgspec

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.control._steps import After, Step, Waiting, in_thread
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.events import EVENTS
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.webhooks import EmittedEvent, find_event_kind
from mockdouyin.domain import message_push
from mockdouyin.sandbox import deliveries
from mockdouyin.sandbox.deliveries import OutgoingRequest, SendResult, prepare
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


@operation("POST", "/events")
def send_event(call: OperationCall) -> Step[Answer]:
    """Send an event to an app's webhook, or to a URL; the answer is the delivery with its attempt.

    A delivery that the app's own webhook does not accept is retried 10 s and 60 s later by the
    world's clock, unless `once` is set. One to a URL is sent once.
    """
    given, world = call.read(NewEvent), call.world
    if given.raw is None:
        find_event_kind(given.event)
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
    return _try_now(call, prepare(world, app, happened, once=given.once or bool(given.to)))


def _try_now(call: OperationCall, delivery: Delivery) -> Step[Answer]:
    """Send a delivery once, and show it with the attempt."""
    deliverer, world = call.sandbox.deliverer, call.world
    return Waiting(lambda: in_thread(lambda: deliverer.try_now(world, delivery)), deliveries.show)


class NewPush(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `send_push`: a message push to send now."""

    to: str
    token: str
    kind: str = "verify_request"
    """A mini-game's x-msg-type; or `verify_mini_app` for a mini-app's handshake, a GET."""
    app: str | None = None
    person: str | None = None
    content: dict[str, Any] = {}


@operation("POST", "/pushes")
def send_push(call: OperationCall) -> Step[Answer]:
    """Send a mini-game's message push or a mini-app's push verification; show the response."""
    request = _push(call.world, call.read(NewPush))

    def show(result: SendResult) -> Answer:
        return {
            "sent": {
                "method": request.method,
                "url": request.url,
                "headers": request.headers,
                "body": request.body.decode(),
            },
            "status": result.status,
            "body": result.body,
            "error": result.error or None,
            "took_ms": result.took_ms,
        }

    return Waiting(lambda: in_thread(lambda: call.sandbox.deliverer.post(request)), show)


def _push(world: World, given: NewPush) -> OutgoingRequest:
    now = world.clock.now()
    if given.kind == "verify_mini_app":
        query = message_push.app_verification(world.ids, given.token, now)
        separator = "&" if "?" in given.to else "?"
        return OutgoingRequest("GET", f"{given.to}{separator}{urlencode(query)}", {}, b"")
    app = world.find_app(given.app, "mini_game")
    person = world.people.find(given.person) if given.person else world.people.first
    content = dict(given.content)
    if given.kind != "verify_request":
        content.setdefault("open_id", world.people.open_id(app, person))
    headers, body = message_push.game_push(
        world.ids, app.client_key, given.token, given.kind, now, content
    )
    return OutgoingRequest("POST", given.to, headers, body)


@operation("GET", "/deliveries", long=True)
def list_deliveries(call: OperationCall) -> Step[Answer]:
    """List every delivery with its attempts, the oldest first."""
    found = deliveries.listed(call.world)
    return After(lambda: {"deliveries": [deliveries.show(each) for each in found]})


@operation("POST", "/deliveries/{id}/replay")
def replay(call: OperationCall) -> Step[Answer]:
    """Send the same bytes again, under the same Msg-Id."""
    return _try_now(call, deliveries.find(call.world, call.path["id"]))
