"""A channel of one's own, by the real dispatcher: its signature, ladder and acknowledgement."""

from __future__ import annotations

import base64
import json
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec.structs import replace

from mockdouyin import MockDouyinError
from mockdouyin.core.clock import iso
from mockdouyin.core.events import Channel, Content, Event, status_problem
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.texts import NOTHING, Text, as_text
from tests.support.posting import Posting
from tests.support.receivers import Received, Receiver, fails, says


@cache
def key() -> rsa.RSAPrivateKey:
    """Return the platform's key of this test."""
    return rsa.generate_private_key(65537, 2048)


# All that it takes: a channel like that of payment callbacks, and two kinds of events.


def _headers(event: Event, body: bytes) -> dict[str, str]:
    stamp, nonce = str(event.seconds), event.ids.hex(32, "nonce", event.number)
    text = f"{stamp}\n{nonce}\n{body.decode()}\n".encode()
    signature = base64.b64encode(key().sign(text, PKCS1v15(), SHA256())).decode()
    return {"Byte-Timestamp": stamp, "Byte-Nonce-Str": nonce, "Byte-Signature": signature}


NOT_ZERO = as_text("err_no is not 0")


def _encode(event: Event, content: Content) -> bytes:
    return json.dumps({"msg": json.dumps(content), "type": "payment"}).encode()


def _problem(attempt: Attempt, delivery: Delivery) -> Text:
    return status_problem(attempt, delivery) or (
        NOTHING if attempt.body.startswith('{"err_no":0') else NOT_ZERO
    )


TRADE = Channel("test", _headers, encode=_encode, retries=(12.0, 33.0, 120.0), problem=_problem)


@TRADE.event()
def order_paid(event: Event) -> Content:
    """An order was paid."""
    return {"app_id": event.client_key, "status": "SUCCESS"}


@replace(TRADE, retries=()).event()
def order_settled(event: Event) -> Content:
    """An order was settled, which is told once."""
    return {"app_id": event.client_key}


ACCEPTS = says('{"err_no":0,"err_tips":"success"}')


def check_signature(got: Received) -> None:
    """Check what was received as a developer's server does."""
    text = b"%s\n%s\n%s\n" % (
        got.headers["byte-timestamp"].encode(),
        got.headers["byte-nonce-str"].encode(),
        got.body,
    )
    signature = base64.b64decode(got.headers["byte-signature"])
    key().public_key().verify(signature, text, PKCS1v15(), SHA256())


def test_an_event_is_told_on_its_own_channel(post: Posting) -> None:
    """It arrives with its own body, headers and signature, and its own answer acknowledges it."""
    with Receiver(ACCEPTS) as receiver:
        delivery = post.tell("order_paid", url=receiver.url, content={"cp_extra": "支付"})
        assert post.advance("0s")

        got = receiver.only
    check_signature(got)
    assert not {"x-douyin-signature", "msg-id"} & set(got.headers)
    app = post.world.find_app("web").client_key
    msg = {"app_id": app, "status": "SUCCESS", "cp_extra": "支付"}
    assert json.loads(got.payload["msg"]) == msg
    assert post.delivery(delivery).state == "delivered"


def test_a_wrong_answer_is_retried_by_its_own_ladder(post: Posting) -> None:
    """What Douyin does not take is sent again, the same bytes, when the channel says."""
    with Receiver(says('{"err_no":1}')) as receiver:
        delivery = post.tell("order_paid", url=receiver.url)
        began = post.world.clock.now()
        for count, pause in enumerate((0, 12, 33), 1):
            assert post.advance(f"{pause}s")
            assert len(receiver.received) == count
            tried = post.delivery(delivery)
            assert (tried.state, tried.attempts[-1].problem) == ("waiting", NOT_ZERO)
        receiver.respond = ACCEPTS
        assert post.advance("119s")
        assert len(receiver.received) == 3
        assert post.advance("1s")

        assert len({got.body for got in receiver.received}) == 1
    ended = post.delivery(delivery)
    assert [each.time - began for each in ended.attempts] == [0, 12, 45, 165]
    assert (ended.state, ended.attempts[-1].problem) == ("delivered", NOTHING)


def test_a_ladder_ends(post: Posting) -> None:
    """After its last rung a delivery has failed, and a kind may have a ladder of its own."""
    with Receiver(fails) as receiver:
        paid, settled = (
            post.tell(event, url=receiver.url) for event in ("order_paid", "order_settled")
        )
        assert post.advance("1d")

        ends = [post.delivery(each) for each in (paid, settled)]
    assert [(each.state, len(each.attempts)) for each in ends] == [("failed", 4), ("failed", 1)]
    assert ends[0].attempts[-1].problem.render("en") == "HTTP 500, where 200 is due"


def test_the_listing_says_why_it_is_sent_again(post: Posting) -> None:
    """An answer of 200 that acknowledges nothing is shown with its reason and the next try."""
    with Receiver(says("ok")) as receiver:
        post.tell("order_paid", url=receiver.url)
        assert post.advance("0s")

        [shown] = post.order("list_deliveries")["deliveries"]
    [attempt] = shown["attempts"]
    assert (attempt["status"], attempt["error"]) == (200, None)
    assert attempt["problem"] == "err_no is not 0"
    assert shown["next_try"] == iso(post.world.clock.now() + 12)


def test_an_event_is_declared_once() -> None:
    """Two kinds of events cannot have one name: a delivery finds its kind by it."""
    with pytest.raises(MockDouyinError, match="event 'order_paid' is declared twice"):
        Channel("another", _headers).event()(order_paid)


def test_it_does_not_count_against_the_webhook() -> None:
    """A callback that fails at the webhook's own URL does not unsubscribe the webhook."""
    with Posting(webhook_unsubscribe_after=1) as post, Receiver(fails) as receiver:
        app = post.hook(receiver.url)
        post.tell("order_settled", url=receiver.url)
        assert post.advance("0s")

        webhook = post.world.apps[app.client_key].webhook
        assert webhook is not None
        assert webhook.verified
        post.tell("create_video")
        assert post.advance("1d")
        webhook = post.world.apps[app.client_key].webhook
    assert webhook is not None
    assert not webhook.verified
