"""The examination of a receiver as an operation, and what a delivery's signature is made of."""

from __future__ import annotations

import hashlib
import json

import pytest

from mockdouyin import MockDouyinError
from mockdouyin.control import execute
from mockdouyin.core.events import Content
from mockdouyin.core.http import Request
from mockdouyin.webhook_check.kinds import APP
from tests.support.ecpay import sign
from tests.support.helpers import PROGRAM, WEB, sandbox
from tests.support.posting import Posting
from tests.support.receivers import Receiver
from tests.webhook_check.payment_receivers import AMOUNT, ORDER, TOKEN, Shop
from tests.webhook_check.receivers import SECRET, correct, ignores_event_signatures, running


def test_a_correct_receiver_passes() -> None:
    """Every probe is sent to the app's webhook, and no delivery is kept of them."""
    with running(correct) as url, Posting() as posting:
        posting.hook(url, secret=SECRET)

        report = posting.order("check_receiver", only=["spaces", "wrong-signature"])

        assert posting.deliveries == []
    assert (report["url"], report["client_key"]) == (url, WEB.client_key)
    assert (report["passed"], report["failed"], report["unsent"]) == (2, 0, [])
    probes = {each["probe"]: each for each in report["probes"]}
    [message] = probes["spaces"]["messages"]
    signed = hashlib.sha1(SECRET.encode() + message["body"].encode()).hexdigest()
    assert (message["genuine"], message["status"]) == (True, 200)
    assert probes["wrong-signature"]["messages"][0]["genuine"] is False
    assert message["headers"]["X-Douyin-Signature"] == signed


def test_a_receiver_that_checks_no_signature_fails() -> None:
    """A probe that fails says why; another receiver and secret may be named."""
    with running(ignores_event_signatures) as url, Posting() as posting:
        report = posting.order(
            "check_receiver", url=url, secret=SECRET, only=["spaces", "forged-event"]
        )

    assert (report["passed"], report["failed"]) == (1, 1)
    [probe] = [each for each in report["probes"] if each["probe"] == "forged-event"]
    assert probe["verdict"] == "fail"
    assert probe["explanation"]
    assert probe["messages"][0]["genuine"] is False


def test_an_examination_is_told_in_chinese() -> None:
    """What a probe asks and what came of it are in the language that was asked for."""
    with running(correct) as url, Posting() as posting:
        body = {"url": url, "secret": SECRET, "only": ["wrong-signature"]}
        report = execute(posting.box, "check_receiver", body=body, language="zh")
        nobody = {"url": "http://127.0.0.1:9/hook"}
        silent = execute(posting.box, "check_receiver", body=nobody, language="zh")

    [probe] = report["probes"]
    assert probe["about"] == "用别的密钥签名，必须拒绝。"
    assert probe["explanation"] == "拒绝了，符合要求。"
    assert probe["messages"][0]["about"].endswith("，用别的密钥签名")
    assert silent["ended"] == "一直连接不上"
    assert silent["probes"][0]["messages"][0]["error"].startswith("连接失败：")


def notified(posting: Posting, url: str) -> str:
    """Make an order that calls back to a URL, and pay it; return its number."""
    app = execute(posting.box, "apps")["apps"][0]
    payment = {"notify_url": url, "token": TOKEN}
    posting.order("change_app", app["client_key"], payment=payment)
    fields = {
        "app_id": app["client_key"],
        "out_order_no": ORDER,
        "total_amount": AMOUNT,
        "subject": "月度会员",
        "body": "月度会员 30 天",
        "valid_time": 900,
        "cp_extra": "小明",
    }
    sealed = {**fields, "sign": sign(fields, app["payment"]["salt"])}
    path = "/api/apps/ecpay/v1/create_order"
    made = posting.box.handle(Request("POST", path, body=json.dumps(sealed).encode()))
    return str(json.loads(made.body)["data"]["order_id"])


def test_a_payment_receiver() -> None:
    """The app's own notify_url and Token are taken, and all that is known of the order."""
    shop = Shop()
    shop.app = PROGRAM.client_key
    with running(shop) as url, Posting() as posting:
        order_id = notified(posting, url)

        report = execute(posting.box, "check_receiver", body={"kind": "ecpay", "order": ORDER})
        other = posting.order("check_receiver", kind="ecpay", token="x", only=["right-signature"])

        assert posting.deliveries == []
    assert (report["kind"], report["url"], report["failed"]) == ("ecpay", url, 0)
    probes = {each["probe"]: each for each in report["probes"]}
    [message] = probes["right-signature"]["messages"]
    told = json.loads(json.loads(message["body"])["msg"])
    assert message["signature_header"] == ""
    assert (told["cp_orderno"], told["order_id"]) == (ORDER, order_id)
    assert (told["total_amount"], told["cp_extra"]) == (AMOUNT, "小明")
    assert other["failed"] == 1


def test_without_an_answer_it_ends_early() -> None:
    """Where nothing listens, no further probe is sent."""
    with Posting() as posting:
        report = posting.order("check_receiver", url="http://127.0.0.1:9/hook")

    assert report["ended"] == "no connection could be made"
    assert len(report["unsent"]) == len(APP.probes) - 1


def test_what_cannot_be_examined_is_refused() -> None:
    """An app without a webhook, an unknown probe, a sandbox that sends nothing."""
    with Posting() as posting:
        with pytest.raises(MockDouyinError, match="has no webhook; say `url`"):
            posting.order("check_receiver")
        with pytest.raises(MockDouyinError, match="has no notify_url; say `url`"):
            posting.order("check_receiver", kind="ecpay")
        with pytest.raises(MockDouyinError, match="did you mean ecpay"):
            posting.order("check_receiver", kind="ecpy")
        body = {"kind": "ecpay", "url": "http://127.0.0.1:9/", "order": "A"}
        with pytest.raises(MockDouyinError, match="`order` needs `amount`"):
            execute(posting.box, "check_receiver", body=body)
        with pytest.raises(MockDouyinError, match="`amount` is -1"):
            execute(posting.box, "check_receiver", body={**body, "amount": -1})
        with pytest.raises(MockDouyinError, match="no probe 'spacs'; did you mean spaces"):
            posting.order("check_receiver", url="http://127.0.0.1:9/", only=["spacs"])
    with pytest.raises(MockDouyinError, match="nothing can be sent"):
        execute(sandbox(), "check_receiver", body={"url": "http://127.0.0.1:9/"})


def explained(posting: Posting, delivery_id: str, language: str = "en") -> Content:
    """Return the explanation of a delivery's signature."""
    found: Content = execute(
        posting.box,
        "delivery_signature",
        path={"id": delivery_id},
        query={"lang": language},
    )
    return found


def test_a_signature_is_explained() -> None:
    """A webhook's is over the raw body, with the secret that the app has for it."""
    with Receiver() as receiver, Posting() as posting:
        posting.hook(receiver.url)
        by_app = explained(posting, posting.tell())
        posting.hook(receiver.url, secret=SECRET)
        by_webhook = explained(posting, posting.tell())
        other = posting.order("send_event", event="authorize", secret="another")
        by_other = explained(posting, other["id"])

        assert by_app["header"] == "X-Douyin-Signature"
        assert by_app["covers"].startswith("sha1(secret + the exact bytes of the body)")
        assert (by_app["secret"], by_app["verifies"], by_app["why"]) == ("client_secret", True, "")
        assert (by_webhook["secret"], by_webhook["verifies"]) == ("webhook.secret", True)
        assert by_other["value"] == other["headers"]["X-Douyin-Signature"]
        assert by_other["verifies"] is False
        assert by_other["why"].startswith("not the app's secret of today")


def test_a_push_cannot_be_checked_again() -> None:
    """The token of a push is not kept."""
    with Receiver() as receiver, Posting() as posting:
        posting.order("send_push", to=receiver.url, token="t", kind="gift_delivery")
        posting.order("send_push", to=receiver.url, token="t", kind="verify_mini_app")
        game, app = (explained(posting, each.id) for each in posting.deliveries)

    assert (game["header"], game["secret"], game["verifies"]) == ("x-signature", "token", None)
    assert (app["header"], app["value"], app["verifies"]) == (None, None, None)
    assert "is not kept" in app["why"]
