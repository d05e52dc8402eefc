"""Callbacks of the trade system (交易系统): signed by the platform's RSA key, in the headers.

    POST {"msg": "<JSON>", "type": "payment", "version": "2.0"}
    Byte-Timestamp, Byte-Nonce-Str, Byte-Signature

`Byte-Signature` is over `<timestamp>\\n<nonce>\\n<body>\\n`, and is checked with the platform's
public key. What acknowledges one is HTTP 200 with `err_no` 0; the answer to `pre_create_order`
also has the backend's own number of the order.
(Doc pages: mini-app/develop/server/signature-algorithm and
…/trade-system/agency-trade-system/pre-order/callback; documented, the headers captured. That each
attempt has a fresh timestamp, nonce and signature is assumed.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from mockdouyin.core import resources
from mockdouyin.core.apps import App
from mockdouyin.core.crypto import rsa_signature
from mockdouyin.core.events import Channel, Content, Event
from mockdouyin.core.outbox import MAX_KEPT_ANSWER, Attempt, Delivery
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.core.typed import thread_safe
from mockdouyin.domain import _webhook_texts as texts
from mockdouyin.domain.payment_callbacks import why_not_acknowledged

PREFIX = "trade_"
"""What an event's name has before the callback's `type`."""

LADDER = (*(2.0**power for power in range(1, 14)), *(5 * 3600.0,) * 7)
"""Seconds before the second attempt, the third, …: twenty retries."""


def platform_key() -> str:
    """Return the public key (平台公钥) that callbacks are checked with, as PEM.

    It is the same wherever mockdouyin runs, so that a backend can have it in its settings.
    """
    return resources.text("platform_public_key.pem")


SIGNED_BY = ("Byte-Timestamp", "Byte-Nonce-Str", "Byte-Signature")


class _Body(msgspec.Struct):
    """The body, its keys in the order of the captures."""

    msg: str
    type: str
    version: str = "2.0"


def _encode(event: Event, content: Content) -> bytes:
    msg = msgspec.json.encode(content).decode()
    return msgspec.json.encode(_Body(msg, event.kind.name.removeprefix(PREFIX)))


def _signed(stamp: str, nonce: str, body: bytes) -> dict[str, str]:
    message = b"%s\n%s\n%s\n" % (stamp.encode(), nonce.encode(), body)
    signature = rsa_signature(resources.text("platform_private_key.pem"), message)
    return dict(zip(SIGNED_BY, (stamp, nonce, signature), strict=True))


def is_signed(delivery: Delivery) -> bool:
    """Whether Byte-Signature is the platform's, over the other two headers and the body."""
    stamp, nonce, signature = (delivery.headers.get(name, "") for name in SIGNED_BY)
    return signature == _signed(stamp, nonce, delivery.body)["Byte-Signature"]


def _headers(event: Event, body: bytes) -> dict[str, str]:
    nonce = event.ids.base62(32, "trade.nonce", event.client_key, event.number)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Go-http-client/2.0",
        "Byte-Logid": event.log_id,
        **_signed(str(event.seconds), nonce, body),
    }


def _renew(delivery: Delivery) -> Delivery:
    """Sign anew for the next attempt; the body stays."""
    nonce = delivery.headers.get("Byte-Nonce-Str", "")
    turn = len(delivery.attempts) % (len(nonce) or 1)
    signed = _signed(str(int(delivery.due)), nonce[turn:] + nonce[:turn], delivery.body)
    return replace(delivery, headers={**delivery.headers, **signed})


def _receiver(app: App, name: str) -> str:
    payment = app.payment
    return payment.create_order_callback if name == _PRE_CREATE_ORDER else payment.notify_url


class PreOrderReply(msgspec.Struct, frozen=True):
    """What a backend answers to `pre_create_order`: its own number, and what else it says."""

    out_order_no: str
    pay_expire_seconds: int = 0
    order_goods_info: tuple[Mapping[str, Any], ...] = ()
    pay_notify_url: str = ""

    @property
    def merchant(self) -> str:
        """The merchant that sells, if it names one."""
        named = (str(goods.get("merchant_uid") or "") for goods in self.order_goods_info)
        return next(filter(None, named), "")


def read_pre_order(body: str) -> PreOrderReply | Text:
    """Return what a backend answered to `pre_create_order`, or what is wrong with its `data`."""
    answer = msgspec.json.decode(body.encode(errors="surrogateescape"))
    data = answer.get("data")
    given = data if isinstance(data, dict) else {}
    number, schema = given.get("out_order_no"), given.get("order_entry_schema")
    if not isinstance(number, str) or not 1 <= len(number) <= 64:
        return texts.NO_OUT_ORDER_NO()
    if not isinstance(schema, dict) or not isinstance(schema.get("path"), str):
        return texts.NO_ENTRY_SCHEMA()
    for field, kind, wanted in _FIELDS:
        try:
            msgspec.convert(given.get(field), thread_safe(kind))
        except msgspec.ValidationError:
            return texts.WRONG_DATA(field=field, wanted=wanted)
    present = {name: value for name, value in given.items() if value is not None}
    return msgspec.convert(present, thread_safe(PreOrderReply))


_FIELDS: tuple[tuple[str, Any, str], ...] = (
    ("pay_expire_seconds", int | None, "300"),
    ("order_goods_info", list[dict[str, Any]] | None, '[{"goods_id": "…", "merchant_uid": "…"}]'),
    ("pay_notify_url", str | None, '"https://…"'),
)
"""The other fields of `data` that are looked at: name, type, and an example."""


def _pre_order_problem(attempt: Attempt, delivery: Delivery) -> Text:
    """Acknowledge an answer that has all that an order needs."""
    if len(attempt.body) > MAX_KEPT_ANSWER:
        return texts.ANSWER_TOO_LONG(most=MAX_KEPT_ANSWER)
    problem = why_not_acknowledged(attempt, delivery)
    reply = problem or read_pre_order(attempt.body)
    return reply if isinstance(reply, Text) else NOTHING


TRADE = Channel(
    "trade callback",
    headers=_headers,
    encode=_encode,
    retries=LADDER,
    problem=why_not_acknowledged,
    receiver=_receiver,
    renew=_renew,
)

_PRE_CREATE_ORDER = "trade_pre_create_order"


@replace(TRADE, retries=(), problem=_pre_order_problem).event()
def trade_pre_create_order(event: Event) -> Content:
    """A person orders by tt.createOrder: the backend's answer decides whether there is an order.

    预下单回调：用户用 tt.createOrder 下单，由后端的响应决定是否生成订单。
    """
    return {
        "order_id": f"ot{event.ids.snowflake(event.now, 'trade_order', event.number)}",
        "goods": [
            {
                "img_url": "https://example.com/goods.png",
                "title": "月度会员",
                "sub_title": "",
                "labels": "",
                "date_rule": "",
                "origin_price": 1990,
                "price": 1990,
                "quantity": 1,
                "goods_id": "goods-1",
                "goods_id_type": 2,
                "discount_amount": 0,
            }
        ],
        "total_amount": 1990,
        "discount": 0,
        "cp_extra": "",
        "create_order_time": event.ms,
        "open_id": event.person,
        "phone_num": "",
        "contact_name": "",
        "app_id": event.client_key,
        "union_id": "",
        "delivery_type": 0,
    }


@TRADE.event()
def trade_payment(event: Event) -> Content:
    """An order of tt.createOrder was paid, cancelled, or timed out.

    支付结果回调：tt.createOrder 的订单已支付、已取消或已超时。
    """
    order_id = event.ids.snowflake(event.now, "trade_order", event.number)
    return {
        "app_id": event.client_key,
        "out_order_no": f"ORDER-{event.number}",
        "order_id": f"ot{order_id}",
        "status": "SUCCESS",
        "total_amount": 1990,
        "discount_amount": 0,
        "pay_channel": 10,
        "channel_pay_id": f"TP{event.ids.digits(22, 'channel', order_id)}",
        "merchant_uid": event.app.payment.merchant_uid,
        "message": "",
        "event_time": event.ms,
        "cp_extra": "",
        "delivery_type": 0,
        "order_source": 0,
    }
