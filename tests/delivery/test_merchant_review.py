"""The result of a merchant's review is sent when it ends, by the world's clock."""

from __future__ import annotations

import json

from mockdouyin.control import execute
from mockdouyin.domain.payment_callbacks import is_signed
from tests.delivery.conftest import ACCEPTS, Make, advance
from tests.endpoints.calls_merchant import MERCHANTS, application
from tests.endpoints.calls_payment import signed
from tests.support.receivers import Receiver


def test_the_clock_ends_a_review(make: Make) -> None:
    """It is among what falls due; then the callback goes out once, signed, in the story."""
    scene = make()
    scene.set(merchant_review_takes=3600.0)
    with Receiver(ACCEPTS) as receiver:
        fields = {**application(), "access_token": scene.app_token()}
        ask = signed(scene, MERCHANTS + "create_merchant", **fields, callback_url=receiver.url)
        merchant = scene.ask(ask)["merchant_id"]
        dues = execute(scene.box, "due")["due"]
        [due] = [each for each in dues if each["name"] == "merchant_review"]
        assert (due["kind"], due["in"]) == ("merchant", 3600)
        assert merchant in due["says"]
        advance(scene, "59m")
        assert receiver.received == []

        ran = advance(scene, "1m")
        advance(scene, "1d")

        [got] = receiver.received
    scene.box.deliverer.stop()
    body = json.loads(got.body)
    assert body["type"] == "create_merchant"
    assert json.loads(body["msg"])["merchant_id"] == merchant
    assert is_signed(got.body, scene.app("mini_program").payment.token)
    assert ran["deliveries"]["delivered"] == 1
    [delivery] = execute(scene.box, "list_deliveries")["deliveries"]
    assert delivery["state"] == "delivered"
