"""Webhook management on open.douyin.com: event subscriptions, test events, the secret."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from mockdouyin.core.apps import App, Webhook
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Extra, Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.store import Record
from mockdouyin.core.webhooks import emit, signing_secret
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.domain.webhook_events import WEBHOOK_EVENTS
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import tools as tables

webhook: Family = Family(
    "webhook",
    hosts=("open.douyin.com",),
    envelope=Extra(),
    malformed=2100005,
    errors=tables.WEBHOOK,
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
"""The events that Douyin's sandbox can send for a test."""


class EventStatus(msgspec.Struct):
    """An event, and whether the app is subscribed to it: 1 or 0."""

    event: str
    status: int


# Aliases, because in a class with a field `list` the name `list` means that field.
Statuses = list[EventStatus]


class StatusList(msgspec.Struct):
    """The events, and whether the app is subscribed to each."""

    list: Statuses


def _statuses(app: App) -> Statuses:
    """Return the status of each event but `verify_webhook`, which checks the URL itself."""
    subscribed = app.webhook.events if app.webhook else ()
    names = [name for name in WEBHOOK_EVENTS if name != "verify_webhook"]
    return [EventStatus(name, int(subscribed is None or name in subscribed)) for name in names]


@webhook.endpoint(
    "GET",
    "/event/status/list/",
    doc=_DOC + "get-event-subscription-status",
    basis="documented",
    scope="aweme.webhook",
)
def event_status_list(call: Call[TokenFields]) -> StatusList:
    """List all events, and whether the app is subscribed to each."""
    return StatusList(_statuses(app_of_token(call, "client")))


class WantedStatus(msgspec.Struct):
    """The status that an event should get; the defaults let a missing field be refused by name."""

    event: str = ""
    status: int = -1


Wanted = list[WantedStatus]


class SubscriptionFields(TokenFields, kw_only=True):
    """The subscriptions to change."""

    list: Wanted = []


def _update(call: Call[Any], app: App, wanted: Wanted) -> None:
    """Change the app's subscriptions; events that are not named keep theirs."""
    statuses = {each.event: each.status for each in _statuses(app)}
    statuses.update((each.event, each.status) for each in wanted)
    events = tuple(name for name, status in statuses.items() if status)
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
    """Subscribe to events or unsubscribe from them; events that are not named stay as they are."""
    app = app_of_token(call, "client")
    call.need("bad_params", "list")
    for each in call.fields.list:
        _check_status(each, "bad_params", "bad_params")
    _update(call, app, call.fields.list)


def _check_status(wanted: WantedStatus, bad_event: str, bad_status: str) -> None:
    if wanted.event not in WEBHOOK_EVENTS:
        raise DouyinError(bad_event, texts.EVENT_UNKNOWN(event=wanted.event))
    if wanted.status not in (0, 1):
        why = texts.EVENT_STATUS(event=wanted.event, got=str(wanted.status))
        raise DouyinError(bad_status, why)


class TestEventFields(TokenFields, kw_only=True):
    """The event to send."""

    event_type: str = ""


@webhook.endpoint(
    "POST",
    "/sandbox/webhook/event/send/",
    doc="dop/develop/openapi/tools-ability/sandbox-management/mock-webhook-event",
    basis="documented",
    scope="aweme.webhook",
)
def send_test_event(call: Call[TestEventFields]) -> None:
    """Send an invented event to the app's callback URL, as the open platform's sandbox does."""
    app = app_of_token(call, "client")
    call.need("bad_params", "event_type")
    name = call.fields.event_type
    if name not in SENDABLE:
        why = texts.EVENT_NOT_SENDABLE(event=name, known=list(SENDABLE))
        raise DouyinError("bad_params", why)
    if app.webhook is None or not app.webhook.url:
        why = texts.WEBHOOK_MISSING(app=app.name)
        raise DouyinError("bad_params", why, detail="callback url is not set")
    person = call.world.people.first
    emit(call.world, call.unit, app, name, person, url=app.webhook.url)


# The third-party platform's calls: a service provider sends its authorizer's token.

platform_webhook: Family = Family(
    "platform_webhook",
    hosts=("open.douyin.com",),
    envelope=Gateway(),
    malformed=11009,
    errors=tables.PLATFORM_WEBHOOK,
)

_PLATFORM = "/api/platform/v1/webhook/"
_PLATFORM_DOC = "thirdparty/API/smallprogram/webhook"


class WebhookInfo(msgspec.Struct):
    """The URL that events are sent to, and the secret that they are signed with."""

    secret: str
    callback_url: str


class NamedStatus(msgspec.Struct):
    """An event with its Chinese name, and whether the app is subscribed to it."""

    event: str
    name_cn: str
    desc: str
    status: int


class PlatformStatus(msgspec.Struct):
    """An app's webhook and its subscriptions."""

    webhook_info: WebhookInfo
    event_list: list[NamedStatus]


def _with_webhook(call: Call[Any]) -> tuple[App, Webhook]:
    app = app_of_token(call, "client")
    if app.webhook is None or not app.webhook.url:
        raise DouyinError("no_callback", texts.WEBHOOK_MISSING(app=app.name))
    return app, app.webhook


@platform_webhook.endpoint(
    "GET", _PLATFORM + "event_status_list/", doc=_PLATFORM_DOC, basis="documented"
)
def event_statuses(call: Call[TokenFields]) -> PlatformStatus:
    """Return an app's callback URL, its secret and its subscriptions."""
    app, webhook = _with_webhook(call)
    rows = [
        NamedStatus(each.event, _title(each.event), "", each.status) for each in _statuses(app)
    ]
    return PlatformStatus(WebhookInfo(signing_secret(app), webhook.url), rows)


def _title(event: str) -> str:
    return WEBHOOK_EVENTS[event].about("zh").removesuffix("。")


class EventListFields(TokenFields, kw_only=True):
    """The subscriptions to change."""

    event_list: Wanted = []


@platform_webhook.endpoint(
    "POST",
    _PLATFORM + "update_event_status/",
    doc=_PLATFORM_DOC,
    basis="documented",
    errors=tables.PLATFORM_WEBHOOK_UPDATE,
)
def update_event_status(call: Call[EventListFields]) -> None:
    """Subscribe an app to events or unsubscribe it; the third-party platform's call."""
    app, _ = _with_webhook(call)
    call.need("bad_params", "event_list")
    for each in call.fields.event_list:
        if not each.event:
            raise DouyinError("no_event", texts.EVENT_NAME_MISSING())
        _check_status(each, "bad_event", "bad_status")
    _update(call, app, call.fields.event_list)


class Secret(msgspec.Struct):
    """The new secret that events are signed with."""

    secret: str


class SecretCount(Record, frozen=True):
    """How many webhook secrets an app has been given; each new one is derived from the count."""

    TABLE: ClassVar[str] = "SecretCount"

    count: int = 0


@platform_webhook.endpoint(
    "GET", _PLATFORM + "reset_secret/", doc=_PLATFORM_DOC, basis="documented"
)
def reset_secret(call: Call[TokenFields]) -> Secret:
    """Replace the webhook's secret; from now on events are signed with the new one."""
    app, webhook = _with_webhook(call)
    issued = (call.unit.read(SecretCount, app.client_key) or SecretCount()).count
    secret = call.world.ids.hex(32, "webhook_secret", app.client_key, issued)
    call.unit.write(app.client_key, SecretCount(count=issued + 1))
    changed = msgspec.structs.replace(webhook, secret=secret)
    call.world.register(msgspec.structs.replace(app, webhook=changed))
    return Secret(secret)
