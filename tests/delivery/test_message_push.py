"""Message pushes of mini-games and mini-apps, at a real receiver."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from mockdouyin.domain.message_push import GAME_PUSH
from tests.support.helpers import GAME, PROGRAM
from tests.support.receivers import Received, Receiver, says

TOKEN = "token-of-the-console"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Yield a running receiver."""
    with Receiver(says("ok")) as running:
        yield running


def push(http: httpx.Client, to: str, **given: Any) -> Any:
    """Push a message; return the result."""
    reply = http.post("/_mock/pushes", json={"to": to, "token": TOKEN, **given})
    assert reply.status_code == 200, reply.text
    return reply.json()


def signature_of(heard: Received) -> str:
    """Sign what was received as a mini-game's server does."""
    names = ("x-appid", "x-msg-type", "x-nonce-str", "x-timestamp")
    text = "&".join(sorted(f"{name}={heard.headers[name]}" for name in names))
    digest = hashlib.md5(text.encode() + heard.body + TOKEN.encode()).digest()
    return base64.b64encode(digest).decode()


@pytest.mark.parametrize("kind", list(GAME_PUSH.events))
def test_a_game_receives_its_push(http: httpx.Client, receiver: Receiver, kind: str) -> None:
    """The bytes and headers that arrive fit their signature, and the answer is shown."""
    receiver.respond = says('{"好": 1}')

    told = push(http, receiver.url, kind=kind, content={"note": "你好"})

    heard = receiver.only
    assert (heard.method, heard.target) == ("POST", "/hook")
    assert heard.headers["x-signature"] == signature_of(heard)
    assert heard.headers["content-type"] == "application/json"
    assert (heard.headers["x-msg-type"], heard.headers["x-appid"]) == (kind, GAME.client_key)
    assert heard.payload["note"] == "你好"
    assert (told["status"], told["body"], told["error"]) == (200, '{"好": 1}', None)
    assert told["sent"]["body"].encode() == heard.body
    assert told["sent"]["headers"]["x-signature"] == heard.headers["x-signature"]


def test_the_push_is_about_a_person(http: httpx.Client, receiver: Receiver) -> None:
    """open_id is the person's in the game, unless another is given; a verification has none."""
    people = http.get("/_mock/people").json()["people"]
    ids = {person["name"]: person["open_ids"][GAME.client_key] for person in people}

    push(http, receiver.url, kind="gift_delivery", person="小红")
    push(http, receiver.url, kind="douyin_microgame_im")
    push(http, receiver.url, kind="gift_delivery", content={"open_id": "_000x"})
    push(http, receiver.url)

    bodies = [heard.payload for heard in receiver.received]
    assert [body.get("open_id") for body in bodies] == [ids["小红"], ids["小明"], "_000x", None]
    assert bodies[-1] == {}


def test_another_app(http: httpx.Client, receiver: Receiver) -> None:
    """The push comes from the app that is named."""
    push(http, receiver.url, app="mini_program")

    assert receiver.only.headers["x-appid"] == PROGRAM.client_key


@pytest.mark.parametrize("more", ["", "?a=1"])
def test_a_mini_app_is_verified(http: httpx.Client, receiver: Receiver, more: str) -> None:
    """The verification is a GET whose query is signed; what is echoed can be compared."""
    told = push(http, receiver.url + more, kind="verify_mini_app")

    heard = receiver.only
    assert heard.method == "GET"
    assert heard.body == b""
    query = dict(parse_qsl(urlsplit(heard.target).query, strict_parsing=True))
    values = sorted([TOKEN, query["timestamp"], query["nonce"], query["msg"]])
    assert query["signature"] == hashlib.sha1("".join(values).encode()).hexdigest()
    assert query["echostr"]
    assert query.get("a") == (more.partition("=")[2] or None)
    assert told["sent"]["url"].endswith(heard.target)
    assert (told["status"], told["body"]) == (200, "ok")


def test_a_push_is_listed_and_sent_again(http: httpx.Client, receiver: Receiver) -> None:
    """A push is kept with what came back and why it is not accepted; it can be sent again."""
    push(http, receiver.url, kind="verify_mini_app")

    [kept] = http.get("/_mock/deliveries").json()["deliveries"]
    again = http.post(f"/_mock/deliveries/{kept['id']}/replay").json()

    first, second = receiver.wait(2)
    assert (first.method, first.target) == (second.method, second.target)
    echostr = dict(parse_qsl(urlsplit(first.target).query))["echostr"]
    assert (kept["event"], kept["state"], kept["next_try"]) == ("verify_mini_app", "failed", None)
    problems = [attempt["problem"] for attempt in again["attempts"]]
    assert problems == [f"the body must be the echostr alone: {echostr}"] * 2


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_receiver_that_refuses(http: httpx.Client, receiver: Receiver, status: int) -> None:
    """What a receiver says is shown, whatever it is."""
    receiver.respond = says("ok", status)

    assert push(http, receiver.url)["status"] == status


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:9/", "http://169.254.169.254/", "http://a.example.test/", "nothing"]
)
def test_nobody_to_push_to(http: httpx.Client, to: str) -> None:
    """An address where nobody is, or that is not allowed, is an error of the push."""
    told = push(http, to)

    assert told["status"] is None
    assert told["error"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "gift_delivry"}, "did you mean gift_delivery?"),
        ({"app": "nobody"}, "no app 'nobody'"),
        ({"person": "小名"}, "no person '小名'"),
        ({"tokens": "x"}, "unknown field tokens; did you mean token?"),
        ({"token": 1}, "token"),
        ({"to": None}, "to"),
    ],
)
def test_a_push_that_makes_no_sense(
    http: httpx.Client, receiver: Receiver, given: dict[str, Any], says: str
) -> None:
    """A slip in the order is refused by name, and nothing is sent."""
    body = {"to": receiver.url, "token": TOKEN, **given}

    reply = http.post("/_mock/pushes", json=body)

    assert 400 <= reply.status_code < 500
    assert says in json.loads(reply.content)["error"]
    assert receiver.received == []
