"""Webhook management on open.douyin.com: subscriptions, the sandbox's test events, the secret."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App, Webhook
from mockdouyin.core.endpoint import Call, Family, TokenFields
from mockdouyin.core.envelopes import Extra, Gateway
from mockdouyin.core.errors import SYSTEM, DouyinError, ErrorCase
from mockdouyin.core.events import EVENTS
from mockdouyin.core.store import Record
from mockdouyin.core.webhooks import EmittedEvent, emit, signing_secret
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import error_tables

webhook = Family(
    "webhook",
    hosts=("open.douyin.com",),
    envelope=Extra(),
    malformed=2100005,
    errors=error_tables.WEBHOOK,
)

_DOC = "dop/develop/webhooks/"

SENDABLE = (
    "create_video",
    "authorize",
    "receive_msg",
    "enter_im",
    "dial_phone",
    "website_contact",
    "personal_tab_contact",
    "verify_webhook",
)
"""The events that the sandbox's own sender knows."""


class EventStatus(msgspec.Struct):
    """Whether one event is subscribed to: 1, or 0."""

    event: str
    status: int


# In a class that has a field `list`, the name means that field.
Statuses = list[EventStatus]


class StatusList(msgspec.Struct):
    """Whether each event is subscribed to."""

    list: Statuses


def _statuses(app: App) -> Statuses:
    wanted = app.webhook.events if app.webhook else ()
    names = [name for name in EVENTS if name != "verify_webhook"]
    return [EventStatus(name, int(wanted is None or name in wanted)) for name in names]


@webhook.endpoint(
    "GET",
    "/event/status/list/",
    doc=_DOC + "get-event-subscription-status",
    basis="documented",
    scope="aweme.webhook",
)
def event_status_list(call: Call[TokenFields]) -> StatusList:
    """List the events with whether the app is subscribed to each."""
    return StatusList(_statuses(app_of_token(call, "client")))


class WantedStatus(msgspec.Struct):
    """What a client wants of one event; what it leaves out is refused by name."""

    event: str = ""
    status: int = -1


Wanted = list[WantedStatus]


class SubscriptionFields(TokenFields, kw_only=True):
    """Which subscriptions should change."""

    list: Wanted = []


def _update(call: Call[Any], app: App, wanted: Wanted) -> None:
    """Change subscriptions; those that are not named stay as they are."""
    now = {each.event: each.status for each in _statuses(app)}
    now.update((each.event, each.status) for each in wanted)
    events = tuple(name for name, status in now.items() if status)
    changed = msgspec.structs.replace(app.webhook or Webhook(verified=False), events=events)
    call.world.register(msgspec.structs.replace(app, webhook=changed))


@webhook.endpoint(
    "POST",
    "/event/status/update/",
    doc=_DOC + "update-event-subscription-status",
    basis="documented",
    scope="aweme.webhook",
)
def event_status_update(call: Call[SubscriptionFields]) -> None:
    """Subscribe to events, or unsubscribe from them."""
    app = app_of_token(call, "client")
    call.need("bad_params", "list")
    for each in call.fields.list:
        if each.event not in EVENTS or each.status not in (0, 1):
            raise DouyinError("bad_params", f"no such event or status: {each}")
    _update(call, app, call.fields.list)


class TestEventFields(TokenFields, kw_only=True):
    """Which event should be sent."""

    event_type: str = ""


@webhook.endpoint(
    "POST",
    "/sandbox/webhook/event/send/",
    doc="dop/develop/openapi/tools-ability/sandbox-management/mock-webhook-event",
    basis="documented",
    scope="aweme.webhook",
)
def send_test_event(call: Call[TestEventFields]) -> None:
    """Send one made-up event to the app's callback URL."""
    app = app_of_token(call, "client")
    call.need("bad_params", "event_type")
    name = call.fields.event_type
    if name not in SENDABLE:
        raise DouyinError("bad_params", f"the sandbox sends {', '.join(SENDABLE)}, not {name!r}")
    if app.webhook is None or not app.webhook.url:
        raise DouyinError(
            "bad_params", f"app {app.name!r} has no webhook", detail="callback url is not set"
        )
    person = call.world.people.first
    emit(call.world, call.unit, app, EmittedEvent(event=name, person=person, url=app.webhook.url))


# The third-party platform's calls, with an authorizer's token.

_PLATFORM_ERRORS = (
    ErrorCase(-1, "system_error", "系统错误", cause=SYSTEM),
    ErrorCase(11009, "bad_params", "参数不合法", cause="a parameter is missing or cannot be read"),
    ErrorCase(15002, "no_callback", "回调地址为空", cause="the app has no webhook"),
    ErrorCase(15006, "no_secret", "webhook secret为空", cause=SYSTEM),
    *error_tables.pick(error_tables.NEW, "invalid_token", "expired_token"),
    ErrorCase(28001007, "bad_params_new", "参数不合法", cause=SYSTEM),
)

_UPDATE_ERRORS = (
    *_PLATFORM_ERRORS,
    ErrorCase(15003, "no_event", "event为空", cause="an event of the list has no name"),
    ErrorCase(15004, "bad_event", "event非法", cause="there is no such event"),
    ErrorCase(15005, "bad_status", "status不正确", cause="a status is neither 0 nor 1"),
)

platform_webhook = Family(
    "platform_webhook",
    hosts=("open.douyin.com",),
    envelope=Gateway(),
    malformed=11009,
    errors=_PLATFORM_ERRORS,
)

_PLATFORM = "/api/platform/v1/webhook/"
_PLATFORM_DOC = "thirdparty/API/smallprogram/webhook"


class WebhookInfo(msgspec.Struct):
    """Where events go, and what they are signed with."""

    secret: str
    callback_url: str


class NamedStatus(msgspec.Struct):
    """One event with its Chinese name."""

    event: str
    name_cn: str
    desc: str
    status: int


class PlatformStatus(msgspec.Struct):
    """An app's webhook, and its subscriptions."""

    webhook_info: WebhookInfo
    event_list: list[NamedStatus]


def _with_webhook(call: Call[Any]) -> tuple[App, Webhook]:
    app = app_of_token(call, "client")
    if app.webhook is None or not app.webhook.url:
        raise DouyinError("no_callback", f"app {app.name!r} has no webhook")
    return app, app.webhook


@platform_webhook.endpoint(
    "GET", _PLATFORM + "event_status_list/", doc=_PLATFORM_DOC, basis="documented"
)
def event_statuses(call: Call[TokenFields]) -> PlatformStatus:
    """Give an app's webhook and its subscriptions."""
    app, held = _with_webhook(call)
    rows = [
        NamedStatus(each.event, EVENTS[each.event].about, "", each.status)
        for each in _statuses(app)
    ]
    return PlatformStatus(WebhookInfo(signing_secret(app), held.url), rows)


class EventListFields(TokenFields, kw_only=True):
    """Which subscriptions should change."""

    event_list: Wanted = []


@platform_webhook.endpoint(
    "POST",
    _PLATFORM + "update_event_status/",
    doc=_PLATFORM_DOC,
    basis="documented",
    errors=_UPDATE_ERRORS,
)
def update_event_status(call: Call[EventListFields]) -> None:
    """Subscribe to events, or unsubscribe from them."""
    app, _ = _with_webhook(call)
    call.need("bad_params", "event_list")
    for each in call.fields.event_list:
        if not each.event:
            raise DouyinError("no_event", "an event of the list has no name")
        if each.event not in EVENTS:
            raise DouyinError("bad_event", f"there is no event {each.event!r}")
        if each.status not in (0, 1):
            raise DouyinError("bad_status", f"status is {each.status}")
    _update(call, app, call.fields.event_list)


class Secret(msgspec.Struct):
    """A new key for signatures."""

    secret: str


class SecretCount(Record, frozen=True):
    """How many webhook secrets an app was given."""

    TABLE = "SecretCount"

    count: int = 0


@platform_webhook.endpoint(
    "GET", _PLATFORM + "reset_secret/", doc=_PLATFORM_DOC, basis="documented"
)
def reset_secret(call: Call[TokenFields]) -> Secret:
    """Give the webhook a new secret; the old one signs nothing any more."""
    app, held = _with_webhook(call)
    counted = call.unit.read(SecretCount, app.client_key) or SecretCount()
    secret = call.world.ids.hex(32, "webhook_secret", app.client_key, counted.count)
    call.unit.write(app.client_key, SecretCount(count=counted.count + 1))
    changed = msgspec.structs.replace(held, secret=secret)
    call.world.register(msgspec.structs.replace(app, webhook=changed))
    return Secret(secret)
