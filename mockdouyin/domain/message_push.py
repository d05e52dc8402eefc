"""Message pushes of mini-games and mini-apps, with their own signatures and handshake."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.crypto import callback_signature, push_signature
from mockdouyin.core.errors import MockDouyinError, did_you_mean
from mockdouyin.core.ids import Ids

GAME_MESSAGES = ("verify_request", "gift_delivery", "douyin_microgame_im")


def game_push(
    ids: Ids, client_key: str, token: str, kind: str, now: float, content: dict[str, Any]
) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a mini-game's message push.

    The signature is base64 of MD5 over the sorted x-headers, the body and the token. That x-appid
    is among the signed headers is assumed, from the same rule for live rooms.
    """
    if kind not in GAME_MESSAGES:
        raise MockDouyinError(f"unknown push {kind!r}{did_you_mean(kind, GAME_MESSAGES)}")
    body = msgspec.json.encode({**_game_content(ids, client_key, kind, now), **content})
    signed = {
        "x-appid": client_key,
        "x-msg-type": kind,
        "x-nonce-str": ids.digits(18, "push", kind, now),
        "x-timestamp": str(int(now * 1000)),
    }
    signature = push_signature(signed, body.decode(), token)
    return {**signed, "x-signature": signature, "content-type": "application/json"}, body


def _game_content(ids: Ids, client_key: str, kind: str, now: float) -> dict[str, Any]:
    if kind == "gift_delivery":
        return {
            "gift_id": ids.digits(19, "gift", now),
            "gift_code": ids.hex(16, "gift_code", now),
            "open_id": "",
            "prop_list": [{"prop_id": "prop-1", "name": "金币", "count": 100}],
            "env_type": "online",
            "send_time": int(now),
        }
    if kind == "douyin_microgame_im":
        return {
            "app_id": client_key,
            "conversation_id": ids.digits(19, "conversation", now),
            "msg_id": ids.digits(19, "msg", now),
            "create_time": int(now),
            "msg_type": "text",
            "open_id": "",
            "content": "你好",
            "pic_url": "",
        }
    return {}


def app_verification(ids: Ids, token: str, now: float) -> dict[str, str]:
    """Return the query that verifies a mini-app's message push; the right answer is echostr."""
    stamp, nonce = str(int(now)), ids.digits(4, "nonce", now)
    msg, echo = ids.hex(16, "msg", now), ids.digits(19, "echostr", now)
    return {
        "signature": callback_signature(token, stamp, nonce, msg),
        "timestamp": stamp,
        "nonce": nonce,
        "msg": msg,
        "echostr": echo,
    }
