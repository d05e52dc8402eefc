"""Callbacks of guaranteed payment (担保支付回调): signed by the Token, tried up to sixteen times.

    POST {"msg": "<JSON>", "msg_signature": "<sha1>", "type": "payment", "nonce", "timestamp"}

The answer that acknowledges one is HTTP 200 with `err_no` 0 in JSON.
(Doc page: mini-app/develop/server/ecpay/pay-list/callback; documented and captured. That each
attempt has a fresh timestamp, nonce and signature is assumed.)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from mockdouyin.core._texts import STATUS_NOT_2XX
from mockdouyin.core.crypto import callback_signature
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.events import Channel, Content, Event
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.core.typed import thread_safe
from mockdouyin.core.webhooks import emit
from mockdouyin.domain import _webhook_texts as texts
from mockdouyin.domain._error_texts import NO_TOKEN
from mockdouyin.domain.channel_numbers import numbers_of

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.store import Unit
    from mockdouyin.core.world import WorldState

PREFIX = "ecpay_"
"""What an event's name has before the callback's `type`."""

_MINUTE, _HOUR = 60.0, 3600.0

LADDER = (
    *(15.0, 15.0, 30.0),
    *(minutes * _MINUTE for minutes in (3, 10, 20, 30, 30, 30, 60)),
    *(hours * _HOUR for hours in (3, 3, 3, 6, 6)),
)
"""Seconds before the second attempt, the third, … : fifteen retries at production."""


class _Envelope(msgspec.Struct):
    """The body, its keys in the order of the captures."""

    msg: str
    msg_signature: str
    type: str
    nonce: str
    timestamp: str


def sealed(kind: str, msg: str, token: str, nonce: str, stamp: str) -> bytes:
    """Return the body of a callback, signed by this Token."""
    signature = callback_signature(token, stamp, nonce, msg)
    return msgspec.json.encode(_Envelope(msg, signature, kind, nonce, stamp))


def _encode(event: Event, content: Content) -> bytes:
    msg = msgspec.json.encode(content).decode()
    nonce = str(event.ids.number(10_000, "callback.nonce", event.client_key, event.number))
    kind = event.kind.name.removeprefix(PREFIX)
    token = event.secret or event.app.payment.token
    return sealed(kind, msg, token, nonce, str(event.seconds))


def _headers(event: Event, body: bytes) -> dict[str, str]:
    return {"Content-Type": "application/json", "User-Agent": "Go-http-client/1.1"}


_ACKNOWLEDGEMENT = '{"err_no":0,"err_tips":"success"}'


def _problem(attempt: Attempt, delivery: Delivery) -> Text:
    """Acknowledge HTTP 200 with `err_no` 0: the text beside it does not matter."""
    if attempt.status != 200:
        return STATUS_NOT_2XX(status=attempt.status or 0)
    try:
        answer = msgspec.json.decode(attempt.body.encode(errors="surrogateescape"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return texts.CALLBACK_NOT_JSON(wanted=_ACKNOWLEDGEMENT)
    if not isinstance(answer, dict) or "err_no" not in answer:
        return texts.CALLBACK_WITHOUT_NUMBER(wanted=_ACKNOWLEDGEMENT)
    number = answer["err_no"]
    if number != 0 or isinstance(number, bool):
        got = msgspec.json.encode(number).decode()[:40]
        return texts.CALLBACK_NOT_ZERO(got=got, wanted=_ACKNOWLEDGEMENT)
    return NOTHING


def _renew(delivery: Delivery) -> Delivery:
    """Sign anew for the next attempt; `msg` stays, and so does what a tester broke."""
    sent = _opened(delivery.body)
    if sent is None or not _NONCE.fullmatch(sent.nonce):
        return delivery
    attempt = len(delivery.attempts)
    nonce = str((int(sent.nonce) * 31 + 7919 * attempt) % 10_000)
    body = sealed(sent.type, sent.msg, delivery.secret, nonce, str(int(delivery.due)))
    return msgspec.structs.replace(delivery, body=body)


_NONCE = re.compile("[0-9]{1,9}")


def _opened(body: bytes) -> _Envelope | None:
    try:
        return msgspec.json.decode(body, type=thread_safe(_Envelope))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def msg_of(body: bytes) -> tuple[str, str] | None:
    """Return the `type` and the `msg` of a callback; None if the body is none."""
    sent = _opened(body)
    return (sent.type, sent.msg) if sent is not None else None


def payment_token(app: App, given: str) -> str:
    """Return what signs an app's payment callbacks: the Token that is given, or its own."""
    token = given or app.payment.token
    if not token:
        raise MockDouyinError(NO_TOKEN(app=app.name))
    return token


def sign_again(body: str, token: str) -> str:
    """Return an edited callback with its msg_signature made anew; another body as it is."""
    try:
        sent = msgspec.json.decode(body.encode())
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return body
    signed = ("timestamp", "nonce", "msg")
    if not isinstance(sent, dict) or not all(isinstance(sent.get(name), str) for name in signed):
        return body
    signature = callback_signature(token, *(sent[name] for name in signed))
    return msgspec.json.encode({**sent, "msg_signature": signature}).decode()


def is_signed(body: bytes, token: str) -> bool:
    """Whether a callback's msg_signature is made with this Token."""
    sent = _opened(body)
    if sent is None:
        return False
    signature = callback_signature(token, sent.timestamp, sent.nonce, sent.msg)
    return sent.msg_signature == signature


def _receiver(app: App, name: str) -> str:
    return app.payment.notify_url


ECPAY = Channel(
    "ecpay callback",
    headers=_headers,
    encode=_encode,
    retries=LADDER,
    problem=_problem,
    receiver=_receiver,
    renew=_renew,
)


class CalledBack(Protocol):
    """An order, or what was done with its money: it knows its environment and its Token."""

    @property
    def sandbox(self) -> bool:
        """Whether it is the sandbox's, which sends each callback once."""

    @property
    def token(self) -> str:
        """The Token that signs."""


def tell(
    world: WorldState,
    unit: Unit,
    app: App,
    about: CalledBack,
    event: str,
    content: Content,
    *,
    url: str,
    at: float = 0.0,
    person: str = "",
) -> Delivery | None:
    """Send a callback to `url`, or else to the app's own address; `at` a later time, if given."""
    delivery = emit(
        world,
        unit,
        app,
        event,
        person or world.people.first,
        url=url,
        secret=about.token or app.payment.token,
        content=content,
    )
    if delivery is None:
        return None
    due = max(delivery.due, at)
    changed: dict[str, Any] = {"once": about.sandbox, "due": due}
    if due > delivery.due:
        changed["expires"] = delivery.expires + due - delivery.due
    later = msgspec.structs.replace(delivery, **changed)
    unit.write(later.id, ECPAY.renew(later) if due > delivery.due else later)
    return later


_WECHAT = 1
"""The `way` of a payment that a tester makes up."""


@ECPAY.event()
def ecpay_payment(event: Event) -> Content:
    """A person has paid an order.

    支付回调：用户付款成功。
    """
    order_id = "N" + event.ids.snowflake(event.now, "order", event.number)
    numbers = numbers_of(event.ids, _WECHAT, event.now, order_id)
    return {
        "appid": event.client_key,
        "cp_orderno": f"ORDER-{event.number}",
        "cp_extra": "",
        "way": str(_WECHAT),
        "channel_no": numbers.channel_no,
        "channel_gateway_no": "",
        "payment_order_no": numbers.payment_order_no,
        "out_channel_order_no": numbers.channel_no,
        "total_amount": 1,
        "status": "SUCCESS",
        "seller_uid": event.app.payment.merchant_uid,
        "extra": "",
        "item_id": "",
        "paid_at": event.seconds,
        "message": "",
        "order_id": order_id,
        "ec_pay_trade_no": numbers.ec_pay_trade_no,
    }
