"""Message pushes: the signatures recomputed as a receiver does, from what it was sent alone."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mockdouyin import MockDouyinError
from mockdouyin.core.crypto import push_signature
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.webhooks import emit, settle
from mockdouyin.domain.message_push import GAME_PUSH
from tests.support.helpers import GAME, sandbox
from tests.support.posting import set_hook

TOKEN = "token-of-the-console"
URL = "http://127.0.0.1:9/push"


def pushed(kind: str, *, later: float = 0.25, **content: Any) -> Delivery:
    """Push a message to a game some seconds after noon; return the delivery."""
    world = sandbox(seed=7).default
    world.clock.advance(later)
    unit = world.store.unit(world.clock.now())
    app = world.apps[GAME.client_key]
    made = emit(world, unit, app, kind, "小明", url=URL, secret=TOKEN, content=content)
    assert made is not None
    return made


def recomputed(headers: dict[str, str], body: bytes, token: str) -> str:
    """Sign what was received, by the rule of the pages and without our own crypto."""
    digest = hashlib.md5()
    signed = ("x-appid", "x-msg-type", "x-nonce-str", "x-timestamp")
    digest.update("&".join(f"{name}={headers[name]}" for name in signed).encode())
    digest.update(body)
    digest.update(token.encode())
    return base64.b64encode(digest.digest()).decode()


@pytest.mark.parametrize("kind", list(GAME_PUSH.events))
def test_a_game_push_is_signed(kind: str) -> None:
    """Each push has the five x-headers, milliseconds, and a signature over headers and bytes."""
    delivery = pushed(kind, note="你好")
    headers, body = delivery.headers, delivery.body

    assert list(headers) == [
        *("x-appid", "x-msg-type", "x-nonce-str", "x-timestamp", "x-signature", "content-type")
    ]
    assert (delivery.method, delivery.url) == ("POST", URL)
    assert (headers["x-appid"], headers["x-msg-type"]) == (GAME.client_key, kind)
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
    content = json.loads(pushed(kind).body)
    changed = json.loads(pushed(kind, open_id="_000x").body)

    assert list(content) == keys
    assert changed == {**content, "open_id": "_000x"}


def test_a_gift_has_goods_in_it() -> None:
    """A gift lists what it holds, with numbers as numbers."""
    content = json.loads(pushed("gift_delivery").body)

    (goods,) = content["prop_list"]
    assert set(goods) == {"prop_id", "name", "count"}
    assert isinstance(goods["count"], int)
    assert content["send_time"] == 1767240000


def test_an_unknown_push_is_refused() -> None:
    """A kind that there is not is refused with the nearest."""
    with pytest.raises(MockDouyinError, match="no event 'gift_delivry'; did you mean gift_"):
        pushed("gift_delivry")


def test_a_push_goes_only_where_it_is_told() -> None:
    """A webhook that wants every event gets no push: that has an address of its own."""
    world = sandbox(seed=7).default
    app = set_hook(world, "http://127.0.0.1:9/hook", "mini_game")
    unit = world.store.unit(world.clock.now())

    assert emit(world, unit, app, "gift_delivery", "小明") is None


def query_of(delivery: Delivery) -> dict[str, str]:
    """Return the query of a delivery, in order."""
    return dict(parse_qsl(urlsplit(delivery.url).query, strict_parsing=True))


def test_the_verification_of_a_mini_app() -> None:
    """The query is signed by sha1 over the sorted token, timestamp, nonce and msg."""
    delivery = pushed("verify_mini_app")
    query = query_of(delivery)

    assert (delivery.method, delivery.headers, delivery.body) == ("GET", {}, b"")
    assert list(query) == ["signature", "timestamp", "nonce", "msg", "echostr"]
    values = sorted([TOKEN, query["timestamp"], query["nonce"], query["msg"]])
    assert query["signature"] == hashlib.sha1("".join(values).encode()).hexdigest()
    assert query["timestamp"] == "1767240000"
    assert query["echostr"]
    assert query_of(pushed("verify_mini_app", later=1.25))["echostr"] != query["echostr"]


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (200, "%s", ""),
        (200, '"%s"', "the body must be the echostr alone: %s"),
        (200, "success", "the body must be the echostr alone: %s"),
        (404, "%s", "HTTP 404, where 200 is due"),
    ],
)
def test_what_verifies_a_mini_app(status: int, body: str, problem: str) -> None:
    """A mini-app's push URL is verified by the bare echostr, and by nothing else."""
    delivery = pushed("verify_mini_app")
    echostr = query_of(delivery)["echostr"]

    settled = settle(delivery, Attempt(status=status, body=body.replace("%s", echostr)))

    assert settled.attempts[-1].problem.render("en") == problem.replace("%s", echostr)
    assert settled.state == ("failed" if problem else "delivered")


@pytest.mark.parametrize(
    ("status", "state"), [(200, "delivered"), (204, "delivered"), (500, "failed")]
)
def test_a_game_push_is_sent_once(status: int, state: str) -> None:
    """Any 2xx takes a game's push, and no retries are documented."""
    assert settle(pushed("gift_delivery"), Attempt(status=status)).state == state
