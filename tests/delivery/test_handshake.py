"""The handshake by which a webhook's receiver proves itself, with real receivers."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from mockdouyin import MockDouyinError
from mockdouyin.core.apps import Webhook
from mockdouyin.core.outbox import MAX_KEPT_ANSWER
from tests.support.helpers import PROGRAM, WEB
from tests.support.ports import free_port
from tests.support.posting import SHORT, Posting
from tests.support.receivers import (
    Receiver,
    Responder,
    Trickle,
    babbles,
    closes,
    fails,
    floods,
    halves,
    held,
    redirects_to,
    says,
)


def test_a_receiver_that_echoes_is_accepted(http: httpx.Client, receiver: Receiver) -> None:
    """A URL is set once its receiver echoes the number that verify_webhook brought, signed."""
    answered = http.patch(f"/_mock/apps/{WEB.client_key}", json={"webhook": {"url": receiver.url}})

    assert answered.status_code == 200
    webhook = answered.json()["webhook"]
    assert (webhook["url"], webhook["verified"], webhook["events"]) == (receiver.url, True, None)
    [got] = receiver.received
    assert (got.event, type(got.challenge)) == ("verify_webhook", int)
    assert got.is_signed(WEB.client_secret)
    assert got.headers["content-type"] == "application/json"
    [delivery] = http.get("/_mock/deliveries").json()["deliveries"]
    assert (delivery["event"], delivery["state"]) == ("verify_webhook", "delivered")
    assert json.loads(delivery["attempts"][0]["body"]) == {"challenge": got.challenge}


def test_a_refusal_is_told_in_chinese(http: httpx.Client, receiver: Receiver) -> None:
    """Why a URL is not accepted is in the language of whoever asks, in answer and delivery."""
    receiver.respond = says("%s")
    body = {"webhook": {"url": receiver.url}}

    refused = http.patch(f"/_mock/apps/{WEB.client_key}?lang=zh", json=body)

    [got] = receiver.received
    problem = f'body 只有 challenge 的值，应为 {{"challenge":{got.challenge}}}'
    assert refused.json() == {
        "error": f"mockdouyin: webhook {receiver.url} 没有通过校验：{problem}"
    }
    chinese, english = (
        http.get("/_mock/deliveries", headers={"accept-language": each}).json()["deliveries"]
        for each in ("zh-CN", "en")
    )
    assert chinese[0]["attempts"][0]["problem"] == problem
    assert english[0]["attempts"][0]["problem"].startswith("the body is the bare challenge")
    [row] = http.get("/_mock/rows?kind=delivery&lang=zh").json()["rows"]
    assert row["why"] == problem


def test_a_mini_apps_handshake_is_signed_with_its_new_secret(
    post: Posting, receiver: Receiver
) -> None:
    """A webhook secret that is set with the URL signs the handshake already."""
    webhook = {"url": receiver.url, "secret": "its own"}

    post.order("change_app", PROGRAM.client_key, webhook=webhook)

    assert receiver.received[0].is_signed("its own")


@pytest.mark.parametrize(
    "manner",
    [
        says('{"challenge":"%s"}'),
        says('{ "challenge" : %s, "more": 1 }\n', kind="application/json; charset=utf-8"),
        says('{"challenge":%s}', status=201),
    ],
    ids=["as text", "with spaces and more", "with 201"],
)
def test_what_an_echo_may_look_like(post: Posting, manner: Responder) -> None:
    """The number may come back as text, with spaces, beside other keys, and with any 2xx."""
    with Receiver(manner) as receiver:
        shown = post.order("change_app", WEB.client_key, webhook={"url": receiver.url})

    assert shown["webhook"]["verified"] is True


def test_an_answer_is_judged_as_a_whole(post: Posting) -> None:
    """An echo behind more than is kept of an answer counts; what is kept of it is text."""
    with Receiver(says(b'{"pad":"' + b"x" * 5000 + b'","challenge":%s}')) as receiver:
        shown = post.order("change_app", WEB.client_key, webhook={"url": receiver.url})
        receiver.respond = says(b"\xff" * 5000)
        post.order("send_event", event="create_video", to=receiver.url)

    assert shown["webhook"]["verified"] is True
    echoed, garbled = (delivery.attempts[0].body for delivery in post.deliveries)
    assert echoed == '{"pad":"' + "x" * (MAX_KEPT_ANSWER - 8)
    assert garbled == "\ufffd" * MAX_KEPT_ANSWER


WANTED = 'must be {"challenge":%s}'


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        (
            says('{"challenge":1}'),
            'the challenge came back as 1, it must be the same as sent: {"challenge":%s}',
        ),
        (
            says('{"code":0,"data":{"challenge":%s}}'),
            f"the challenge is wrapped: it stands at data.challenge, the body {WANTED} alone",
        ),
        (says("%s"), f"the body is the bare challenge, it {WANTED}"),
        (says("success"), f"the body is not JSON, it {WANTED}"),
        (says(""), f"the body is empty, it {WANTED}"),
        (says("{}"), f"the body has no challenge, it {WANTED}"),
        (
            says('{"challenge":%s}', kind="text/html"),
            "Content-Type is 'text/html', it must be application/json",
        ),
        (
            says('{"challenge":%s}', kind=None),
            "there is no Content-Type, it must be application/json",
        ),
        (
            says("ok", kind="text/plain"),
            "Content-Type is 'text/plain', it must be application/json;"
            f" and the body is not JSON, it {WANTED}",
        ),
        (says('{"challenge":%s}', status=500), "HTTP 500, where 200 is due"),
        (says('{"challenge":%s}', status=404), "HTTP 404, where 200 is due"),
        (closes, "the connection was closed before a complete answer came"),
        (halves, "the connection was closed before a complete answer came"),
        (babbles, "the answer is not valid HTTP: .*"),
        (floods(100_000_000), f"the body is not JSON, it {WANTED}"),
    ],
    ids=[
        "another number",
        "wrapped",
        "bare",
        "a word",
        "nothing",
        "an empty object",
        "as HTML",
        "as nothing",
        "a word as text",
        "500",
        "404",
        "closed",
        "broken off",
        "no HTTP",
        "100 MB",
    ],
)
def test_a_refusal_says_what_was_wrong(post: Posting, manner: Responder, reason: str) -> None:
    """A receiver that does not echo is refused with exactly what its answer lacks."""
    post.hook("http://127.0.0.1:9/before")
    with Receiver(manner) as receiver:
        with pytest.raises(MockDouyinError) as refusal:
            post.order("change_app", WEB.client_key, webhook={"url": receiver.url})

        exact = reason.replace("%s", str(receiver.received[0].challenge))
        says_all = f"the webhook {receiver.url} is not accepted: "
    text = str(refusal.value)
    assert text.startswith(says_all)
    assert text[len(says_all) :] == exact or re.fullmatch(exact, text[len(says_all) :])
    kept = post.world.apps[WEB.client_key].webhook
    assert kept == Webhook(url="http://127.0.0.1:9/before")


def test_a_refusal_over_http(http: httpx.Client) -> None:
    """Over HTTP a refusal is a 4xx with the reason, and the app has no webhook."""
    with Receiver(fails) as receiver:
        body = {"webhook": {"url": receiver.url}}
        answered = http.patch(f"/_mock/apps/{WEB.client_key}", json=body)

    assert answered.status_code == 400
    says_all = f"the webhook {receiver.url} is not accepted: HTTP 500, where 200 is due"
    assert answered.json() == {"error": f"mockdouyin: {says_all}"}
    apps = {app["client_key"]: app for app in http.get("/_mock/apps").json()["apps"]}
    assert apps[WEB.client_key]["webhook"] is None


def test_a_slow_receiver_is_refused() -> None:
    """An answer that has not come in time is a refusal, whether it had begun or not."""
    trickle = Trickle()
    with Posting(timeout=SHORT) as post, held() as (silent, _), Receiver(trickle) as slow:
        for receiver in (silent, slow):
            with pytest.raises(MockDouyinError, match=r"no complete answer within 0\.5 s$"):
                post.order("change_app", WEB.client_key, webhook={"url": receiver.url})
        trickle.release()


def test_a_redirect_is_not_followed(post: Posting, receiver: Receiver) -> None:
    """A receiver that points elsewhere is refused, and elsewhere is never asked."""
    with (
        Receiver(redirects_to(receiver.url)) as pointing,
        pytest.raises(MockDouyinError, match="HTTP 307, where 200 is due"),
    ):
        post.order("change_app", WEB.client_key, webhook={"url": pointing.url})

    assert receiver.received == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://169.254.169.254/latest", "169.254.169.254 is a link-local or metadata address"),
        ("http://[::ffff:169.254.169.254]/", "is a link-local or metadata address"),
        ("http://metadata.google.internal/", "is a metadata service; nothing is ever sent there"),
        ("http://8.8.8.8/hook", "8.8.8.8 is neither on this machine nor in a private network"),
        ("ftp://127.0.0.1/hook", "is not a URL to send to"),
        ("nonsense", "is not a URL to send to"),
    ],
)
def test_an_address_that_is_never_dialled(post: Posting, url: str, reason: str) -> None:
    """Metadata services, the world outside and what is no URL are refused with the reason."""
    with pytest.raises(MockDouyinError, match=re.escape(reason)):
        post.order("change_app", WEB.client_key, webhook={"url": url})

    assert post.world.apps[WEB.client_key].webhook is None
    assert all(delivery.attempts[0].status is None for delivery in post.deliveries)


def test_nobody_listens(post: Posting) -> None:
    """Where nobody listens the refusal says that there was no connection."""
    url = f"http://127.0.0.1:{free_port()}/"

    with pytest.raises(MockDouyinError, match="is not accepted: no connection: "):
        post.order("change_app", WEB.client_key, webhook={"url": url})


def test_the_handshake_can_be_left_out(post: Posting) -> None:
    """With verify false a URL is taken as it is, and nothing is sent."""
    url = f"http://127.0.0.1:{free_port()}/"

    shown = post.order("change_app", WEB.client_key, webhook={"url": url}, verify=False)

    assert shown["webhook"] == {"url": url, "secret": "", "events": None, "verified": True}
    assert post.deliveries == []


def test_subscriptions_change_without_a_handshake(post: Posting, receiver: Receiver) -> None:
    """What changes no URL asks no receiver."""
    post.hook(receiver.url)

    shown = post.order("change_app", WEB.client_key, webhook={"events": ["authorize"]})

    assert (shown["webhook"]["url"], shown["webhook"]["events"]) == (receiver.url, ["authorize"])
    assert receiver.received == []
