"""`POST …/deliveries/{id}/resend`: what a delivery told, once more, edited and signed anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.domain.payment_callbacks import is_signed
from mockdouyin.server.parts import served_parts
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import paid
from tests.support.helpers import PROGRAM, WEB
from tests.support.receivers import Receiver, fails, says

ACKNOWLEDGED = says('{"err_no":0,"err_tips":"success"}')


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Yield a receiver that acknowledges callbacks of payment."""
    with Receiver(ACKNOWLEDGED) as running:
        yield running


@pytest.fixture
def scene(receiver: Receiver) -> Iterator[Scene]:
    """Yield a sandbox that delivers; its clock stands still, and the receiver is its apps'."""
    made = Scene(Sandbox(**served_parts()))
    execute(made.box, "freeze_clock", body={})
    for key, body in (
        (PROGRAM.client_key, {"payment": {"notify_url": receiver.url}}),
        (WEB.client_key, {"webhook": {"url": receiver.url}, "verify": False}),
    ):
        execute(made.box, "change_app", path={"key": key}, body=body)
    yield made
    made.box.deliverer.stop()


def resent(scene: Scene, number: str, **edited: Any) -> dict[str, Any]:
    """Send a delivery again; return the new one."""
    found: dict[str, Any] = execute(scene.box, "resend", path={"id": number}, body=edited)
    return found


def callback(scene: Scene, receiver: Receiver) -> str:
    """Pay an order; return the id of the delivery that told of it."""
    paid(scene, "ORDER-1", notify_url=receiver.url)
    receiver.wait(1)
    [order] = execute(scene.box, "list_orders")["orders"]
    [told] = order["callbacks"]
    return str(told["id"])


def test_an_edited_callback_is_signed_and_belongs_to_its_order(
    scene: Scene, receiver: Receiver
) -> None:
    """Fields of msg are replaced under a new nonce; the order lists the callback as its own."""
    number = callback(scene, receiver)

    again = resent(scene, number, content={"total_amount": 1, "more": [2]})

    first, second = receiver.wait(2)
    assert again["state"] == "delivered"
    msgs = [json.loads(each.payload["msg"]) for each in (first, second)]
    assert msgs[1] == {**msgs[0], "total_amount": 1, "more": [2]}
    assert second.payload["nonce"] != first.payload["nonce"]
    assert is_signed(second.body, PROGRAM.payment.token)
    [order] = execute(scene.box, "list_orders")["orders"]
    assert [each["id"] for each in order["callbacks"]] == [number, again["id"]]


def test_msg_is_sent_as_it_stands(scene: Scene, receiver: Receiver) -> None:
    """What is no JSON is signed and sent all the same; unedited, msg is the same text."""
    number = callback(scene, receiver)

    resent(scene, number, msg='{"total_amount": 1,,')
    resent(scene, number, secret="another")

    first, broken, other = receiver.wait(3)
    assert broken.payload["msg"] == '{"total_amount": 1,,'
    assert is_signed(broken.body, PROGRAM.payment.token)
    assert other.payload["msg"] == first.payload["msg"]
    assert is_signed(other.body, "another")


def test_a_webhook_in_each_form(scene: Scene, receiver: Receiver) -> None:
    """Content that is a text stays one, content that is an object too; the rest is unchanged."""
    for form in ("string", "object"):
        body = {"event": "create_video", "form": form}
        sent = execute(scene.box, "send_event", body=body)
        resent(scene, sent["id"], content={"share_id": "<7>"})

        first, second = receiver.received[-2:]
        assert second.is_signed(WEB.client_secret)
        assert second.message_id != first.message_id
        contents = [each.payload["content"] for each in (first, second)]
        assert type(contents[0]) is type(contents[1])
        old, new = (json.loads(each) if form == "string" else each for each in contents)
        assert new == {**old, "share_id": "<7>"}
        assert {**second.payload, "content": contents[0]} == first.payload


def test_it_is_tried_once(scene: Scene, receiver: Receiver) -> None:
    """What is sent again by hand is not retried."""
    number = callback(scene, receiver)
    receiver.respond = fails

    again = resent(scene, number)

    assert (again["state"], len(again["attempts"])) == ("failed", 1)


@pytest.mark.parametrize(
    "raw",
    ["broken", '{"msg":"{}","msg_signature":"x","type":"payment","nonce":"abc","timestamp":"1"}'],
)
def test_a_broken_callback_is_retried_as_it_is(scene: Scene, receiver: Receiver, raw: str) -> None:
    """A body that cannot be signed anew is sent again unchanged, by the ladder."""
    receiver.respond = fails
    sent = execute(scene.box, "send_event", body={"event": "ecpay_payment", "raw": raw})
    assert sent["state"] == "waiting"

    execute(scene.box, "advance_clock", body={"by": "15s"})

    first, second = receiver.received
    assert first.body == second.body


def test_what_cannot_be_edited(scene: Scene, receiver: Receiver) -> None:
    """Two edits at once, a msg where there is none, and what is no JSON are refused in words."""
    number = callback(scene, receiver)
    hook = execute(scene.box, "send_event", body={"event": "create_video", "raw": "[1]"})["id"]
    body = {"event": "ecpay_refund", "raw": "[1]"}
    broken = execute(scene.box, "send_event", body=body)["id"]
    push = {"to": receiver.url, "token": "t"}
    execute(scene.box, "send_push", body=push)
    pushed = execute(scene.box, "list_deliveries")["deliveries"][-1]["id"]
    count = len(receiver.received)

    for which, edited, complaint in (
        (number, {"content": {"a": 1}, "msg": "{}"}, "exclude one another"),
        (hook, {"msg": "{}"}, "has no msg"),
        (hook, {"content": {"a": 1}}, "is no JSON object"),
        (broken, {"content": {"a": 1}}, "is no callback"),
        (pushed, {}, "is a push"),
        ("nothing-1", {}, "no delivery"),
    ):
        with pytest.raises(MockDouyinError, match=complaint):
            resent(scene, which, **edited)
    assert len(receiver.received) == count
