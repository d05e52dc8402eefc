"""Message pushes: the signatures recomputed as a receiver does, from what it was sent alone."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from mockdouyin import MockDouyinError
from mockdouyin.core.crypto import push_signature
from mockdouyin.core.ids import Ids
from mockdouyin.domain.message_push import GAME_MESSAGES, app_verification, game_push

IDS = Ids(7, "world")
KEY, TOKEN, NOW = "tt0000000000000001", "token-of-the-console", 1767240000.25


def recomputed(headers: dict[str, str], body: bytes, token: str) -> str:
    """Sign what was received, by the rule of the pages and without our own crypto."""
    digest = hashlib.md5()
    signed = ("x-appid", "x-msg-type", "x-nonce-str", "x-timestamp")
    digest.update("&".join(f"{name}={headers[name]}" for name in signed).encode())
    digest.update(body)
    digest.update(token.encode())
    return base64.b64encode(digest.digest()).decode()


@pytest.mark.parametrize("kind", GAME_MESSAGES)
def test_a_game_push_is_signed(kind: str) -> None:
    """Each push has the five x-headers, milliseconds, and a signature over headers and bytes."""
    headers, body = game_push(IDS, KEY, TOKEN, kind, NOW, {"note": "你好"})

    assert set(headers) == {
        *("x-appid", "x-msg-type", "x-nonce-str", "x-timestamp", "x-signature", "content-type")
    }
    assert (headers["x-appid"], headers["x-msg-type"]) == (KEY, kind)
    assert headers["x-timestamp"] == "1767240000250"
    assert headers["x-nonce-str"].isdigit()
    assert headers["content-type"] == "application/json"
    assert len(headers["x-signature"]) == 24
    assert headers["x-signature"] == recomputed(headers, body, TOKEN)
    assert headers["x-signature"] != recomputed(headers, body + b"\n", TOKEN)
    assert headers["x-signature"] != recomputed(headers, body, TOKEN + "x")
    assert '"note":"你好"'.encode() in body


def test_the_known_signature_of_a_live_room() -> None:
    """The rule gives the official signature of the example of live rooms."""
    headers = {
        "x-nonce-str": "123456",
        "x-timestamp": "456789",
        "x-roomid": "268",
        "x-msg-type": "live_gift",
    }

    assert push_signature(headers, "abc123你好", "123abc") == "PDcKhdlsrKEJif6uMKD2dw=="


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("verify_request", []),
        (
            "gift_delivery",
            ["gift_id", "gift_code", "open_id", "prop_list", "env_type", "send_time"],
        ),
        (
            "douyin_microgame_im",
            [
                *("app_id", "conversation_id", "msg_id", "create_time", "msg_type", "open_id"),
                *("content", "pic_url"),
            ],
        ),
    ],
)
def test_what_a_game_is_pushed(kind: str, keys: list[str]) -> None:
    """Each kind has the fields of its page, in order, and a field that is given replaces one."""
    _, body = game_push(IDS, KEY, TOKEN, kind, NOW, {})
    _, changed = game_push(IDS, KEY, TOKEN, kind, NOW, {"open_id": "_000x"})

    assert list(json.loads(body)) == keys
    assert json.loads(changed) == {**json.loads(body), "open_id": "_000x"}


def test_a_gift_has_goods_in_it() -> None:
    """A gift lists what it holds, with numbers as numbers."""
    content = json.loads(game_push(IDS, KEY, TOKEN, "gift_delivery", NOW, {})[1])

    (goods,) = content["prop_list"]
    assert set(goods) == {"prop_id", "name", "count"}
    assert isinstance(goods["count"], int)
    assert content["send_time"] == 1767240000


def test_an_unknown_push_is_refused() -> None:
    """A kind that there is not is refused with the nearest."""
    with pytest.raises(MockDouyinError, match="unknown push 'gift_delivry'; did you mean gift_"):
        game_push(IDS, KEY, TOKEN, "gift_delivry", NOW, {})


def test_the_verification_of_a_mini_app() -> None:
    """The query is signed by sha1 over the sorted token, timestamp, nonce and msg."""
    query = app_verification(IDS, TOKEN, NOW)

    assert list(query) == ["signature", "timestamp", "nonce", "msg", "echostr"]
    values = sorted([TOKEN, query["timestamp"], query["nonce"], query["msg"]])
    assert query["signature"] == hashlib.sha1("".join(values).encode()).hexdigest()
    assert query["timestamp"] == "1767240000"
    assert query["echostr"]
    assert app_verification(IDS, TOKEN, NOW + 1)["echostr"] != query["echostr"]
