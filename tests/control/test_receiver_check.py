"""The examination of a receiver as an operation, and what a delivery's signature is made of."""

from __future__ import annotations

import hashlib

import pytest

from mockdouyin import MockDouyinError
from mockdouyin.control import execute
from mockdouyin.core.events import Content
from mockdouyin.webhook_check.probes import PROBES
from tests.support.helpers import WEB, sandbox
from tests.support.posting import Posting
from tests.support.receivers import Receiver
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
    assert probe["explanation"] == "按要求拒绝了。"
    assert probe["messages"][0]["about"].endswith("，用别的密钥签名")
    assert silent["ended"] == "一直连接不上"
    assert silent["probes"][0]["messages"][0]["error"].startswith("连接失败：")


def test_without_an_answer_it_ends_early() -> None:
    """Where nothing listens, no further probe is sent."""
    with Posting() as posting:
        report = posting.order("check_receiver", url="http://127.0.0.1:9/hook")

    assert report["ended"] == "no connection could be made"
    assert len(report["unsent"]) == len(PROBES) - 1


def test_what_cannot_be_examined_is_refused() -> None:
    """An app without a webhook, an unknown probe, a sandbox that sends nothing."""
    with Posting() as posting:
        with pytest.raises(MockDouyinError, match="has no webhook; say `url`"):
            posting.order("check_receiver")
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
