"""Callbacks of the trade system on their way: signed by the platform's key, and retried."""

from __future__ import annotations

import base64
import json
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError
from tests.delivery.conftest import Make, advance
from tests.endpoints.calls import Scene
from tests.support.receivers import Received, Receiver, answer
from tests.support.trade import GOODS, agreed

ACCEPTED = json.dumps({"err_no": 0, "err_tips": "success"}).encode()


def agrees(handler: BaseHTTPRequestHandler, received: Received) -> None:
    """Agree to orders, and acknowledge everything else."""
    asks = received.payload["type"] == "pre_create_order"
    answer(handler, json.dumps(agreed()).encode() if asks else ACCEPTED)


def only_agrees(handler: BaseHTTPRequestHandler, received: Received) -> None:
    """Agree to orders, and fail at everything else."""
    asks = received.payload["type"] == "pre_create_order"
    answer(handler, json.dumps(agreed()).encode() if asks else b"{}", 200 if asks else 503)


def is_genuine(scene: Scene, received: Received) -> bool:
    """Whether a request is signed as the docs say, by the key that the platform shows."""
    key = load_pem_public_key(execute(scene.box, "show_platform_key")["public_key"].encode())
    assert isinstance(key, RSAPublicKey)
    signed = "\n".join(received.headers[f"byte-{name}"] for name in ("timestamp", "nonce-str"))
    message = signed.encode() + b"\n" + received.body + b"\n"
    signature = base64.b64decode(received.headers["byte-signature"])
    try:
        key.verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def listens(scene: Scene, receiver: Receiver) -> None:
    """Set the addresses of the app's backend."""
    payment = {"create_order_callback": receiver.url, "notify_url": receiver.url}
    execute(scene.box, "change_app", path={"key": "mini_program"}, body={"payment": payment})


def test_question_and_callback_are_signed(make: Make) -> None:
    """Both arrive with headers that a backend verifies; a changed body is not genuine."""
    scene = make()
    with Receiver(agrees) as receiver:
        listens(scene, receiver)
        assert scene.phone("createOrder", **GOODS)["outOrderNo"] == "ORDER-1"
        advance(scene, "1s")
        asked, told = receiver.wait(2)

    assert asked.payload.keys() == told.payload.keys() == {"msg", "type", "version"}
    assert (asked.payload["type"], told.payload["type"]) == ("pre_create_order", "payment")
    assert asked.payload["version"] == "2.0"
    assert all(is_genuine(scene, each) for each in (asked, told))
    assert not is_genuine(scene, asked._replace(body=asked.body + b" "))


def test_retries_are_signed_anew(make: Make) -> None:
    """A callback that is not acknowledged comes again, 2 s and 4 s later, with a new nonce."""
    scene = make()
    with Receiver(only_agrees) as receiver:
        listens(scene, receiver)
        scene.phone("createOrder", **GOODS)
        for seconds in ("1s", "2s", "4s"):
            advance(scene, seconds)
        _, *told = receiver.wait(4)

    assert len({each.body for each in told}) == 1
    assert len({each.headers["byte-nonce-str"] for each in told}) == 3
    stamps = [int(each.headers["byte-timestamp"]) for each in told]
    assert [stamps[1] - stamps[0], stamps[2] - stamps[1]] == [2, 4]
    assert all(is_genuine(scene, each) for each in told)


def test_a_question_is_asked_once(make: Make) -> None:
    """Nobody waits for a late answer: the question is not asked again."""
    scene = make()
    with Receiver() as receiver:
        listens(scene, receiver)
        assert scene.phone("createOrder", **GOODS)["errNo"] == "10401"
        advance(scene, "24h")
        assert len(receiver.received) == 1


def test_the_signature_is_explained(make: Make) -> None:
    """A delivery tells what its Byte-Signature covers, and that it verifies."""
    scene = make()
    with Receiver(agrees) as receiver:
        listens(scene, receiver)
        scene.phone("createOrder", **GOODS)
        sent = execute(scene.box, "list_deliveries")["deliveries"][0]
    shown = execute(scene.box, "delivery_signature", path={"id": sent["id"]})

    assert (shown["header"], shown["secret"]) == ("Byte-Signature", "platform_key")
    assert shown["verifies"] is True
    assert "Byte-Nonce-Str" in shown["covers"]


def send(scene: Scene, **given: Any) -> Any:
    """Send an event by hand."""
    return execute(scene.box, "send_event", body=given)


def test_sent_by_hand(make: Make) -> None:
    """An event goes to the address of its own; what it tells can be changed."""
    scene = make()
    with Receiver(agrees) as receiver:
        listens(scene, receiver)
        asked = send(scene, event="trade_pre_create_order", content={"total_amount": 5})
        told = send(scene, event="trade_payment", content={"status": "CANCEL"})
        again = execute(
            scene.box, "resend", path={"id": told["id"]}, body={"content": {"total_amount": 7}}
        )
        first, second, third = receiver.wait(3)

    assert [each["state"] for each in (asked, told, again)] == ["delivered"] * 3
    assert json.loads(first.payload["msg"])["total_amount"] == 5
    assert json.loads(second.payload["msg"])["status"] == "CANCEL"
    third_msg = json.loads(third.payload["msg"])
    assert (third_msg["status"], third_msg["total_amount"]) == ("CANCEL", 7)
    assert all(is_genuine(scene, each) for each in (first, second, third))


def test_it_takes_no_secret(make: Make) -> None:
    """The platform signs: who gives a key is told where the platform's is."""
    scene = make()
    with pytest.raises(MockDouyinError, match="platform-key"):
        send(scene, event="trade_payment", to="http://127.0.0.1:1/", secret="fa4e")
    with Receiver(agrees) as receiver:
        listens(scene, receiver)
        told = send(scene, event="trade_payment")
    with pytest.raises(MockDouyinError, match="platform-key"):
        execute(scene.box, "resend", path={"id": told["id"]}, body={"secret": "fa4e"})
