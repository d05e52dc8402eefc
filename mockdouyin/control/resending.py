"""Operation that sends what a delivery told once more: edited, and signed anew."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from mockdouyin.control._delivery_texts import (
    IS_PUSH,
    NO_CONTENT,
    NO_MSG,
    NOT_A_CALLBACK,
    NOT_AN_OBJECT,
    ONE_BODY,
    PLATFORM_SIGNS,
)
from mockdouyin.control._operations import OperationCall, operation
from mockdouyin.control._steps import Step
from mockdouyin.control.deliveries import DeliveryShown, show_delivery, try_now
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.webhooks import WEBHOOK, kind_of
from mockdouyin.core.world import WorldState
from mockdouyin.domain import act_texts
from mockdouyin.domain.payment_callbacks import ECPAY, msg_of, payment_token, sealed, sign_again
from mockdouyin.domain.trade_callbacks import TRADE
from mockdouyin.sandbox import deliveries


class Edited(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The body of `resend`: what differs from the delivery. At most one of the first three.

    resend 的请求体：和原投递有什么不同，前三个最多给一个。
    """

    content: dict[str, Any] = {}
    """Values that replace fields of its content; of a payment callback, of its `msg`.

    替换 content 里的字段；支付回调则是 `msg` 里的。"""
    msg: str | None = None
    """The whole `msg` of a payment callback, as it stands.

    支付回调的整个 `msg`，原样发送。"""
    raw: str | None = None
    """The whole body, as it stands; in a payment callback msg_signature is made anew.

    整个 body，原样发送；支付回调的 msg_signature 会重新生成。"""
    to: str = ""
    """Another receiver.

    另一个接收端。"""
    secret: str = ""
    """The key to sign with, in place of the app's own.

    签名密钥，代替应用自己的。"""


@operation("POST", "/deliveries/{id}/resend")
def resend(call: OperationCall[Edited]) -> Step[DeliveryShown]:
    """Send a delivery's event again, once, as a new delivery: edited, and signed by the app's key.

    A webhook has a new Msg-Id, a payment callback a new timestamp and nonce. It belongs to the
    same story.

    把一个投递的事件作为新投递再发一次：可以改内容，用应用的密钥重新签名。
    """
    given, world = call.given, call.world
    found = deliveries.find(world, call.path["id"])
    channel = kind_of(found.event).channel.name
    if channel not in (WEBHOOK.name, ECPAY.name, TRADE.name):
        raise MockDouyinError(IS_PUSH(event=found.event))
    if sum((bool(given.content), given.msg is not None, given.raw is not None)) > 1:
        raise MockDouyinError(ONE_BODY())
    app, secret = world.find_app(found.app), given.secret
    if channel == ECPAY.name:
        secret = payment_token(app, secret)
        body = _callback(world, found, given, secret)
    elif channel == TRADE.name:
        if secret:
            raise MockDouyinError(PLATFORM_SIGNS(event=found.event))
        body = _trade_callback(found, given)
    elif given.msg is not None:
        raise MockDouyinError(NO_MSG(event=found.event))
    else:
        body = _webhook(found, given)
    url = given.to or found.url
    sent = deliveries.prepare(
        world,
        app,
        found.event,
        world.people.find(found.person),
        act="delivery.resend",
        says=act_texts.RESENT(delivery=found.id, url=url),
        once=True,
        url=url,
        secret=secret,
        links=found.links,
        raw=body.encode(),
    )
    return try_now(call, sent, partial(show_delivery, language=call.language))


def _callback(world: WorldState, found: Delivery, given: Edited, token: str) -> str:
    """Return a payment callback with its msg, or an edited one, under a new signature."""
    if given.raw is not None:
        return sign_again(given.raw, token)
    sent = msg_of(found.body)
    if sent is None:
        raise MockDouyinError(NOT_A_CALLBACK(id=found.id))
    kind, msg = sent
    if given.msg is not None:
        msg = given.msg
    elif given.content:
        msg = _edited(_parsed(msg, found), given.content)
    now = world.clock.now()
    nonce = str(world.ids.number(10_000, "callback.again", found.id, world.journal.next_number))
    return sealed(kind, msg, token, nonce, str(int(now))).decode()


def _trade_callback(found: Delivery, given: Edited) -> str:
    """Return the body of a callback of the trade system, or an edited one."""
    if given.raw is not None:
        return given.raw
    text = found.body.decode("utf-8", "replace")
    if given.msg is None and not given.content:
        return text
    body = _parsed(text, found)
    msg = given.msg
    if msg is None:
        msg = _edited(_parsed(str(body.get("msg")), found), given.content)
    return _edited(body, {"msg": msg})


def _webhook(found: Delivery, given: Edited) -> str:
    """Return a webhook's body, or an edited one; `content` stays a text or an object."""
    text = found.body.decode("utf-8", "replace") if given.raw is None else given.raw
    if not given.content:
        return text
    body = _parsed(text, found)
    content = body.get("content")
    if isinstance(content, str):
        body["content"] = _edited(_parsed(content, found), given.content)
    elif isinstance(content, dict):
        body["content"] = {**content, **given.content}
    else:
        raise MockDouyinError(NO_CONTENT(event=found.event, id=found.id))
    return _edited(body, {}) + ("\n" if text.endswith("\n") else "")


def _parsed(text: str, found: Delivery) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise MockDouyinError(NOT_AN_OBJECT(id=found.id))
    return value


def _edited(value: dict[str, Any], changes: dict[str, Any]) -> str:
    return msgspec.json.encode({**value, **changes}).decode()
