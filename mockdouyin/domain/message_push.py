"""Message pushes of mini-games and mini-apps, with their own signatures and handshake."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from mockdouyin.core.crypto import callback_signature, push_signature
from mockdouyin.core.events import Channel, Content, Event, status_problem
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.texts import Text
from mockdouyin.domain import _webhook_texts as texts


def _game_headers(event: Event, body: bytes) -> dict[str, str]:
    """Sign with base64 of MD5 over the sorted x-headers, the body and the token.

    That x-appid is among the signed headers is assumed, from the same rule for live rooms.
    """
    signed = {
        "x-appid": event.client_key,
        "x-msg-type": event.kind.name,
        "x-nonce-str": event.ids.digits(18, "push", event.kind.name, event.now),
        "x-timestamp": str(event.ms),
    }
    signature = push_signature(signed, body.decode(), event.secret)
    return {**signed, "x-signature": signature, "content-type": "application/json"}


GAME_PUSH = Channel("mini-game push", headers=_game_headers)


@GAME_PUSH.event()
def verify_request(event: Event) -> Content:
    """A mini-game's push URL is being set.

    设置小游戏的推送地址时的校验。
    """
    return {}


@GAME_PUSH.event()
def gift_delivery(event: Event) -> Content:
    """A person gets a gift in a mini-game.

    用户在小游戏里得到礼包。
    """
    return {
        "gift_id": event.ids.digits(19, "gift", event.now),
        "gift_code": event.ids.hex(16, "gift_code", event.now),
        "open_id": event.person,
        "prop_list": [{"prop_id": "prop-1", "name": "金币", "count": 100}],
        "env_type": "online",
        "send_time": event.seconds,
    }


@GAME_PUSH.event()
def douyin_microgame_im(event: Event) -> Content:
    """A person wrote to a mini-game's customer service.

    用户给小游戏的客服发了消息。
    """
    return {
        "app_id": event.client_key,
        "conversation_id": event.ids.digits(19, "conversation", event.now),
        "msg_id": event.ids.digits(19, "msg", event.now),
        "create_time": event.seconds,
        "msg_type": "text",
        "open_id": event.person,
        "content": "你好",
        "pic_url": "",
    }


def _query(event: Event, content: Content) -> bytes:
    return urlencode(content).encode()


def _no_headers(event: Event, body: bytes) -> dict[str, str]:
    return {}


def _echostr_problem(attempt: Attempt, delivery: Delivery) -> Text:
    """Acknowledge the bare echostr of the query."""
    query = parse_qs(urlsplit(delivery.url).query)
    echostr = query.get("echostr", [""])[-1]
    if attempt.accepted and attempt.body != echostr:
        return texts.ECHOSTR(echostr=echostr)
    return status_problem(attempt, delivery)


APP_PUSH = Channel(
    "mini-app push",
    headers=_no_headers,
    encode=_query,
    method="GET",
    problem=_echostr_problem,
)


@APP_PUSH.event()
def verify_mini_app(event: Event) -> Content:
    """A mini-app's push URL is being set: the receiver answers with echostr.

    设置小程序的推送地址时的校验：接收端要原样返回 echostr。
    """
    stamp, nonce = str(event.seconds), event.ids.digits(4, "nonce", event.now)
    msg, echo = event.ids.hex(16, "msg", event.now), event.ids.digits(19, "echostr", event.now)
    return {
        "signature": callback_signature(event.secret, stamp, nonce, msg),
        "timestamp": stamp,
        "nonce": nonce,
        "msg": msg,
        "echostr": echo,
    }
