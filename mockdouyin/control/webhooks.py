"""Operations on webhooks: the events there are, and sending one, or a message push."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import msgspec

from mockdouyin.control._delivery_texts import APP_LACKS_TARGET, CONTENT_ONLY, PLATFORM_SIGNS
from mockdouyin.control._operations import OperationCall, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import Step
from mockdouyin.control.deliveries import DeliveryShown, show_delivery, try_now
from mockdouyin.core.apps import App
from mockdouyin.core.errors import Basis, MockDouyinError
from mockdouyin.core.events import find_event_kind
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import Language
from mockdouyin.domain import act_texts
from mockdouyin.domain.message_push import APP_PUSH, GAME_PUSH
from mockdouyin.domain.payment_callbacks import ECPAY, payment_token, sign_again
from mockdouyin.domain.trade_callbacks import TRADE
from mockdouyin.domain.webhook_events import WEBHOOK_EVENTS
from mockdouyin.sandbox.deliveries import prepare


class NewEvent(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `send_event`: an event to send now, whether the app subscribed to it or not.

    send_event 的请求体：现在要发的事件，应用是否订阅都发。
    """

    event: str
    """The event's name.

    事件名。"""
    app: str | None = None
    """The app it is about, by client_key or name; by default the web app, and of a callback of
    payment the mini-program.

    属于哪个应用：client_key 或名称，默认是网站应用，支付回调默认是小程序。"""
    person: str | None = None
    """Who acts; by default the first person.

    谁做的，默认是第一个用户。"""
    other: str | None = None
    """The person on the other side.

    另一方的用户。"""
    to: str = ""
    """The receiver, if not the app's own.

    接收端地址，默认是应用自己的。"""
    secret: str = ""
    """The key to sign with, if not the app's own.

    签名密钥，默认是应用自己的。"""
    content: dict[str, Any] = {}
    """Values that replace fields of the content.

    替换 content 里的字段。"""
    fields: dict[str, Any] = {}
    """Values that replace fields beside the content.

    替换 content 以外的字段。"""
    form: Literal["object", "string"] | None = None
    """Send the content as an object or as a string, if not as Douyin does.

    content 发成对象还是字符串，默认和抖音一样。"""
    raw: str | None = None
    """The whole body, instead of the platform's.

    整个 body，代替平台的。"""
    once: bool = False
    """Try once only. A delivery to the app's own webhook is otherwise retried, as any event is.

    只发一次。否则发到应用自己的 webhook 时，会像其他事件一样重试。"""


class EventShown(Shown):
    """An event that a webhook, or a receiver of payment callbacks, can be sent.

    能发给 webhook 或支付回调接收端的一个事件。
    """

    event: str
    about: str
    content: str
    """Whether its content is an object or a string.

    content 是对象还是字符串。"""
    basis: Basis
    channel: str
    """`webhook`; `ecpay callback` for one of guaranteed payment, `trade callback` for one of the
    trade system.

    `webhook`；担保支付的是 `ecpay callback`，交易系统的是 `trade callback`。"""


class EventsShown(Shown):
    """The events that a webhook can be sent.

    能发给 webhook 的事件。
    """

    events: list[EventShown]


CALLBACKS = {**ECPAY.events, **TRADE.events}
"""The events of payments, which go to an app's own addresses of payment."""


@operation("GET", "/events", in_world=False)
def events(call: OperationCall[None]) -> EventsShown:
    """List the events, each with whether its content is an object or a string.

    列出事件，以及每个事件的 content 是对象还是字符串。
    """
    return EventsShown(
        events=[
            EventShown(
                event=e.name,
                about=e.about(call.language),
                content=e.form,
                basis=e.basis,
                channel=e.channel.name,
            )
            for e in (*WEBHOOK_EVENTS.values(), *CALLBACKS.values())
        ]
    )


@operation("POST", "/events")
def send_event(call: OperationCall[NewEvent]) -> Step[DeliveryShown]:
    """Send an event to an app's webhook, or to a URL; the answer is the delivery with its attempt.

    A callback of payment (`ecpay_…`) goes to the app's notify_url, signed by its Token; one of
    the trade system (`trade_…`) is signed by the platform's key.

    A delivery that the app's own webhook does not accept is retried 10 s and 60 s later by the
    world's clock, unless `once` is set. One to a URL is sent once.

    向应用的 webhook 或指定地址发送一个事件，返回投递和这次尝试的结果。
    """
    given, world = call.given, call.world
    if given.raw is None:
        find_event_kind(given.event, {**WEBHOOK_EVENTS, **CALLBACKS})
    callback = CALLBACKS.get(given.event)
    app = world.find_app(given.app, "web" if callback is None else "mini_program")
    if callback is not None:
        given = _callback_of(app, given)
        own, what = callback.channel.receiver(app, given.event), _URL_OF.get(given.event, "")
    else:
        own, what = app.webhook.url if app.webhook else "", "webhook"
    url = given.to or own
    if not url:
        raise MockDouyinError(APP_LACKS_TARGET(app=app.name, what=what or "notify_url"))
    delivery = prepare(
        world,
        app,
        given.event,
        world.people.find(given.person) if given.person else world.people.first,
        act="event.send",
        says=act_texts.EVENT_SENT(event=given.event, url=url),
        once=given.once or bool(given.to),
        other=world.people.find(given.other) if given.other else None,
        url=url,
        secret=given.secret,
        content=given.content,
        fields=given.fields,
        form=given.form,
        raw=None if given.raw is None else given.raw.encode(),
    )
    return try_now(call, delivery, partial(show_delivery, language=call.language))


_URL_OF = {"trade_pre_create_order": "create_order_callback"}
"""The payment setting that has the receiver, where that is not the notify_url."""


def _callback_of(app: App, given: NewEvent) -> NewEvent:
    """Return a payment callback to send, signed by the app's Token unless another is given.

    One of the trade system is signed by the platform's key, whatever it tells.
    """
    if given.fields or given.form:
        raise MockDouyinError(CONTENT_ONLY(event=given.event))
    if given.event in TRADE.events:
        if given.secret:
            raise MockDouyinError(PLATFORM_SIGNS(event=given.event))
        return given
    token = payment_token(app, given.secret)
    raw = None if given.raw is None else sign_again(given.raw, token)
    return msgspec.structs.replace(given, secret=token, raw=raw)


class NewPush(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `send_push`: a message push to send now.

    send_push 的请求体：现在要发的消息推送。
    """

    to: str
    """The receiver's address.

    接收端地址。"""
    token: str
    """The Token of the push settings, which signs it.

    推送设置里的 Token，用来签名。"""
    kind: str = "verify_request"
    """A mini-game's x-msg-type; or `verify_mini_app` for a mini-app's handshake, a GET.

    小游戏的 x-msg-type；`verify_mini_app` 是小程序推送地址的校验（GET）。"""
    app: str | None = None
    """The app it is about; by default the mini-game.

    属于哪个应用，默认是小游戏。"""
    person: str | None = None
    """Who acts; by default the first person.

    谁做的，默认是第一个用户。"""
    content: dict[str, Any] = {}
    """Values that replace fields of the message.

    替换消息里的字段。"""


class SentRequest(Shown):
    """A request that was sent.

    发出的请求。
    """

    method: str
    url: str
    headers: dict[str, str]
    body: str


class PushSent(Shown, kw_only=True):
    """A message push as it was sent, and what came back.

    发出的消息推送，以及收到的响应。
    """

    sent: SentRequest
    status: int | None
    """Null if no answer came.

    没有响应则是 null。"""
    body: str
    error: str | None
    took_ms: int


@operation("POST", "/pushes")
def send_push(call: OperationCall[NewPush]) -> Step[PushSent]:
    """Send a mini-game's message push or a mini-app's push verification; show the response.

    发送小游戏的消息推送，或小程序推送地址的校验，返回对方的响应。
    """
    given, world = call.given, call.world
    find_event_kind(given.kind, {**GAME_PUSH.events, **APP_PUSH.events})
    push = prepare(
        world,
        world.find_app(given.app, "mini_game"),
        given.kind,
        world.people.find(given.person) if given.person else world.people.first,
        act="push.send",
        says=act_texts.PUSH_SENT(event=given.kind, url=given.to),
        once=True,
        url=given.to,
        secret=given.token,
        content=given.content,
    )
    return try_now(call, push, partial(_show_push, language=call.language))


def _show_push(sent: Delivery, language: Language) -> PushSent:
    attempt = sent.attempts[-1]
    request = SentRequest(
        method=sent.method, url=sent.url, headers=sent.headers, body=sent.body.decode()
    )
    return PushSent(
        sent=request,
        status=attempt.status,
        body=attempt.body,
        error=attempt.error.render(language) or None,
        took_ms=attempt.took_ms,
    )
