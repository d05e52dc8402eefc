"""Whoever deserves to fail a probe of payment callbacks fails it, and fails no other."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mockdouyin import MockDouyinError
from mockdouyin.webhook_check.ecpay.messages import CallbackFactory
from mockdouyin.webhook_check.exam import Report, Times, examine
from mockdouyin.webhook_check.kinds import ECPAY
from mockdouyin.webhook_check.report import junit, summary_lines
from tests.support.ports import free_port
from tests.support.receivers import Received
from tests.webhook_check import payment_receivers as shops
from tests.webhook_check.exams import check_chinese, failed, meaning
from tests.webhook_check.payment_receivers import AMOUNT, ORDER, TOKEN, Shop, answering
from tests.webhook_check.receivers import Behaviour, Said, after, redirects, running

NAMES = {probe.name for probe in ECPAY.probes}

WECHAT_XML = (
    b"<xml><return_code><![CDATA[SUCCESS]]></return_code>"
    b"<return_msg><![CDATA[OK]]></return_msg></xml>"
)
"""How one answers WeChat Pay."""

UNSEEN = {"same-callback"}
"""What cannot be seen from outside: always advice."""

FORGED = {
    *("wrong-signature", "missing-signature", "other-message", "tampered-msg", "other-token"),
    "partial-signature",
}
"""Callbacks that must be refused."""

PAYMENTS = {
    *("right-signature", "same-callback", "fresh-duplicate", "nonces", "msg-notation"),
    *("body-notation", "item-id-missing", "extra", "new-key", "cp-extra", "many-at-once"),
}
"""Rightly signed payments, whatever the form of the acknowledgement."""

TAKEN = PAYMENTS | {"unknown-type"}


def exam(url: str, *names: str, times: Times | None = None, **options: Any) -> Report:
    """Examine whoever is at a URL."""
    known = options or {"order": ORDER, "amount": AMOUNT}
    told = {"token": TOKEN, "client_key": shops.APP, **known}
    report = asyncio.run(examine(url, ECPAY.exam(told, names), times))
    for result in report.results:
        check_chinese(result)
    return report


def examined(
    receiver: Behaviour, *names: str, times: Times | None = None, **options: Any
) -> Report:
    """Examine a receiver."""
    with running(receiver) as url:
        return exam(url, *names, times=times, **options)


def advised(report: Report) -> set[str]:
    """Return the names of the probes with advice, without those that always give it."""
    return {result.probe.name for result in report.of("advice")} - UNSEEN


def test_a_correct_receiver_passes() -> None:
    """A receiver without a fault passes all that can be seen, and fulfils its order once."""
    shop = Shop()

    report = examined(shop)

    assert failed(report) == set()
    assert {result.probe.name for result in report.of("advice")} == UNSEEN
    assert {result.probe.name for result in report.of("pass")} == NAMES - UNSEEN
    assert not report.unsent
    assert shop.fulfilled == 1


@pytest.mark.parametrize(
    ("make", "fails", "advice"),
    [
        (shops.NoSignature, FORGED, {"uppercase-signature"}),
        (shops.BeginningOnly, {"partial-signature"}, set()),
        (shops.Within, {"partial-signature"}, set()),
        (shops.AnyCase, set(), {"uppercase-signature"}),
        (shops.EmptyToken, {"other-token"}, set()),
        (shops.NumbersOfNonces, {"nonces"}, set()),
        (shops.LessIsEnough, set(), {"amount-differs"}),
        (shops.AnyApp, set(), {"other-app"}),
        (shops.NoneIfMissing, {"missing-signature"}, set()),
        (shops.LengthOnly, FORGED - {"missing-signature"}, {"uppercase-signature"}),
        (shops.OtherAmount, set(), {"amount-differs"}),
        (shops.AnyStatus, set(), {"not-success"}),
        (shops.AnyOrder, set(), {"unknown-order"}),
        (lambda: shops.Unordered("refund"), set(), {"refund-first"}),
        (lambda: shops.Unordered("settle"), set(), {"settle-first"}),
        (
            shops.RefusesRepeats,
            PAYMENTS - {"right-signature"} | {"acknowledgement"},
            {"numbers"},
        ),
        (shops.RefusesSameNonce, {"same-callback"}, set()),
        (shops.FixedOrder, {"nonces"}, set()),
        (shops.StringsOnly, set(), {"numbers"}),
        (shops.Rewrites, {"msg-notation"}, set()),
        (shops.CutsText, {"body-notation"}, set()),
        (shops.NeedsKey, {"item-id-missing"}, set()),
        (shops.ParsesExtra, {"extra"}, set()),
        (shops.KnownKeysOnly, {"new-key"}, set()),
        (shops.FailsOnUnknownType, {"unknown-type"}, set()),
        (shops.BreaksOnGet, set(), {"get"}),
        (shops.AcknowledgesGet, set(), {"get"}),
        (shops.RejectsAll, TAKEN | {"acknowledgement"}, {"numbers"}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_one_fault(make: Callable[[], Shop], fails: set[str], advice: set[str]) -> None:
    """A receiver with one fault fails exactly the probes that show it."""
    report = examined(make())

    assert failed(report) == fails
    assert advised(report) == advice


@pytest.mark.parametrize(
    ("said", "verdict", "why"),
    [
        (Said(body=b"success", content_type="text/plain"), "fail", "the body is not JSON"),
        (Said(body=b'"success"'), "fail", "the body is JSON but not an object"),
        (Said(body=b'{"err_no":"0","err_tips":"success"}'), "fail", 'err_no is "0", where the'),
        (Said(body=b'{"code":0,"msg":"ok"}'), "fail", "the body has no err_no"),
        (
            Said(body=gzip.compress(b'{"err_no":0}', mtime=0)),
            "fail",
            "the body is compressed by gzip",
        ),
        (Said(body=b'\xef\xbb\xbf{"err_no":0}'), "fail", "an invisible byte order mark"),
        (Said(body=b'{"code":"SUCCESS","message":""}'), "fail", "the body has no err_no"),
        (Said(body=WECHAT_XML, content_type="text/xml"), "fail", "the body is not JSON"),
        (Said(204), "fail", "HTTP 204, where 200 is due"),
        (Said(201, b'{"err_no":0,"err_tips":"success"}'), "fail", "HTTP 201"),
        (Said(), "fail", "the body is empty"),
        (Said(body=b'{"err_no":0}'), "advice", "the documented answer"),
        (
            Said(body=b'{"err_no":0,"err_tips":"success"}', content_type="text/html"),
            "advice",
            "the documented answer",
        ),
        (Said(body=b'{"err_no":0,"err_tips":"SUCCESS"}'), "pass", "acknowledged"),
    ],
    ids=lambda value: str(value.body) if isinstance(value, Said) else None,
)
def test_the_form_of_an_acknowledgement(said: Said, verdict: str, why: str) -> None:
    """What acknowledges is one probe's matter; all others take a yes for a yes."""
    report = examined(answering(Shop(), said, Said(body=b"fail")))

    assert failed(report) == ({"acknowledgement"} if verdict == "fail" else set())
    assert advised(report) == ({"acknowledgement"} if verdict == "advice" else set())
    assert why.lower() in meaning(report, "acknowledgement").lower()


@pytest.mark.parametrize(
    "no",
    [
        Said(401),
        Said(body=b'{"err_no":1,"err_tips":"bad sign"}'),
        Said(body=b'{"code":500}'),
        Said(body=b'{"code":1,"msg":"success"}'),
        Said(body=b'{"status":false}'),
        Said(body=b"fail"),
        Said(body=WECHAT_XML.replace(b"SUCCESS", b"FAIL"), content_type="text/xml"),
        Said(body=b"[]"),
        Said(body=b"\xff\x00"),
    ],
    ids=lambda value: str(value.body),
)
def test_refusals(no: Said) -> None:
    """A refusal is any answer that does not say yes."""
    report = examined(answering(Shop(), shops.OK, no), *FORGED)

    assert len(report.of("pass")) == len(FORGED)


def test_a_receiver_that_always_says_yes() -> None:
    """What is acknowledged unread is believed."""
    report = examined(lambda heard: shops.OK)

    assert failed(report) == FORGED
    assert "Anyone who knows the URL" in meaning(report, "wrong-signature")


def test_a_retry_that_is_refused() -> None:
    """A receiver that wants the first signature again fails on a retry, which has a fresh one."""
    report = examined(shops.RefusesRetries(), "right-signature", "fresh-duplicate")

    assert failed(report) == {"fresh-duplicate"}


def test_an_emoji() -> None:
    """A receiver that cannot store an emoji fails on cp_extra."""
    report = examined(shops.PlainExtraOnly(), "right-signature", "cp-extra")

    assert failed(report) == {"cp-extra"}


def test_another_token_is_believed() -> None:
    """A receiver that takes more than one Token fails that probe alone."""
    factories: list[CallbackFactory] = []
    made = ECPAY.exam({"token": TOKEN, "client_key": shops.APP, "order": ORDER, "amount": AMOUNT})
    assert isinstance(made.factory, CallbackFactory)
    factories.append(made.factory)
    shop = shops.AnyToken(lambda: {each.other_token() for each in factories})
    with running(shop) as url:
        report = asyncio.run(examine(url, made))

    assert failed(report) == {"other-token"}


def test_at_once() -> None:
    """A receiver that turns others away while it is at work fails on eight at once."""
    report = examined(shops.OneAtATime(), "many-at-once")

    assert failed(report) == {"many-at-once"}
    assert "HTTP 503" in meaning(report, "many-at-once")


def test_a_slow_receiver_fails_one_probe() -> None:
    """Right answers that come too late are one probe's matter."""
    times = Times(limit=0.05, timeout=10)

    report = examined(after(0.1, Shop()), "right-signature", "slow-answer", times=times)

    assert failed(report) == {"slow-answer"}


def test_a_redirect_is_named() -> None:
    """A redirect is not followed, and is no acknowledgement."""
    report = examined(redirects, "right-signature")

    assert "redirect to '/elsewhere'" in meaning(report, "right-signature")


def test_nobody_there() -> None:
    """Where nothing listens one probe fails, and the rest is not sent."""
    report = exam(f"http://127.0.0.1:{free_port()}/pay")

    assert len(failed(report)) == 1
    assert report.ended.render("en") == "no connection could be made"


@contextmanager
def heard_by(behaviour: Behaviour) -> Iterator[tuple[str, list[Received]]]:
    """Run a receiver; yield its URL and what it hears."""
    heard: list[Received] = []

    def listen(one: Received) -> Said:
        heard.append(one)
        return behaviour(one)

    with running(listen) as url:
        yield url, heard


def test_without_an_order() -> None:
    """A made-up order that is refused fails, and is told why; one that is taken passes."""
    refusing = examined(Shop(), "amount-differs", "right-signature", made_up=None)
    trusting = examined(shops.AnyOrder(), "right-signature", made_up=None)

    assert failed(refusing) == {"right-signature"}
    assert "name one that waits to be paid" in meaning(refusing, "right-signature")
    assert "it cannot be told for what reason" in meaning(refusing, "amount-differs")
    assert failed(trusting) == set()


def test_what_callbacks_say() -> None:
    """They name the order, the app and the numbers that they were told, signed by the Token."""
    given: dict[str, Any] = {
        "order": "MY-7",
        "amount": 250,
        "order_id": "N42",
        "cp_extra": "x",
        "seller": "70",
    }
    with heard_by(lambda one: shops.OK) as (url, heard):
        exam(url, "right-signature", **given)
    sent = heard[0].payload
    told = json.loads(sent["msg"])

    assert list(sent) == ["msg", "msg_signature", "type", "nonce", "timestamp"]
    assert shops.is_genuine(sent)
    assert {told[name] for name in ("cp_orderno", "order_id", "cp_extra", "seller_uid")} == {
        *("MY-7", "N42", "x", "70")
    }
    assert (told["total_amount"], told["appid"]) == (250, "tt0123456789abcdef")


def test_a_retry_is_signed_anew() -> None:
    """A retry has the same msg, and a fresh timestamp, nonce and signature; a repeat has none."""
    with heard_by(Shop()) as (url, heard):
        exam(url, "fresh-duplicate", "same-callback")
    same, repeat, first, retry = (each.payload for each in heard)

    assert same == repeat
    assert {name for name in first if first[name] == retry[name]} == {"msg", "type"}
    assert shops.is_genuine(retry)


def test_a_get_has_no_body() -> None:
    """The visit is a GET with nothing to read."""
    with heard_by(Shop()) as (url, heard):
        exam(url, "get")

    assert [(each.method, each.body) for each in heard] == [("GET", b"")]


def test_two_examinations_differ() -> None:
    """Timestamps and nonces are new each time: one that remembers them believes both."""
    shop = shops.RefusesSameNonce()
    with running(shop) as url:
        first, second = exam(url, "fresh-duplicate"), exam(url, "fresh-duplicate")

    assert not first.failed
    assert not second.failed


def test_the_report() -> None:
    """A common cause is asked for, JUnit knows the kind, and the Token is not told."""
    report = examined(shops.RejectsAll())
    said = " ".join(summary_lines(report))
    xml = junit(report, "http://127.0.0.1/")

    assert "Is --token the Token" in said
    assert b'<property name="kind" value="ecpay" />' in xml
    assert TOKEN.encode() not in xml
    assert "--token" not in " ".join(summary_lines(examined(shops.KnownKeysOnly())))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "needs `token`"),
        ({"token": "t", "secret": "s"}, "takes no `secret`"),
        ({"token": "t", "order": "A"}, "`order` needs `amount`"),
    ],
    ids=str,
)
def test_options(options: dict[str, str], says: str) -> None:
    """What the kind does not take, or needs, is said."""
    with pytest.raises(MockDouyinError, match=says):
        ECPAY.exam({"client_key": "tt", **options})
