"""Webhooks, posted to real receivers: every event, and receivers that misbehave."""

from __future__ import annotations

import json
import re
import threading
import tracemalloc
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from mockdouyin import ManualClock, MockDouyinError, Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.core.apps import Webhook
from mockdouyin.core.clock import iso, parse_time
from mockdouyin.core.outbox import Delivery
from mockdouyin.delivery import Dispatcher
from mockdouyin.domain.webhook_events import WEBHOOK_EVENTS
from mockdouyin.sandbox.deliveries import listed
from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import PROGRAM, WEB
from tests.support.ports import free_port
from tests.support.posting import SHORT, Posting, set_hook, tell
from tests.support.receivers import (
    Received,
    Receiver,
    Responder,
    Trickle,
    answer,
    babbles,
    closes,
    echo,
    fails,
    floods,
    halves,
    held,
    redirects_to,
    says,
)
from tests.support.waiting import until

NOON = parse_time("2026-01-01T12:00:00+08:00")


def statuses(delivery: Delivery) -> list[int | None]:
    """Return the status or error of each attempt."""
    return [attempt.status for attempt in delivery.attempts]


def times(delivery: Delivery) -> list[float]:
    """Return the time of each attempt, in seconds after noon."""
    return [attempt.time - NOON for attempt in delivery.attempts]


# What happens is told.


@pytest.mark.parametrize("event", list(WEBHOOK_EVENTS))
def test_every_event_reaches_a_receiver(post: Posting, receiver: Receiver, event: str) -> None:
    """Each event comes as the very bytes that were signed, which the listing shows too."""
    post.hook(receiver.url)

    made = post.tell(event)

    [got] = receiver.wait(1)
    assert post.advance("0s")
    delivery = post.delivery(made)
    assert (got.event, got.body) == (event, delivery.body)
    assert got.is_signed(WEB.client_secret)
    assert re.fullmatch(r"[0-9a-f]{64}", got.message_id)
    assert (delivery.state, statuses(delivery), times(delivery)) == ("delivered", [200], [0.0])


def test_consent_and_revocation_are_told(post: Posting, receiver: Receiver) -> None:
    """A consent is told as authorize with its scopes, its end as unauthorize with the same."""
    app = post.hook(receiver.url)

    post.order("authorize", scope="user_info,video.list,js.ticket", person="小红")
    receiver.wait(1)
    post.order("revoke", person="小红")

    consent, end = (json.loads(got.body) for got in receiver.wait(2))
    assert (consent["event"], end["event"]) == ("authorize", "unauthorize")
    assert consent["from_user_id"] == end["from_user_id"] == post.world.people.open_id(app, "小红")
    assert consent["content"] == {"scopes": ["user_info", "video.list"]}
    assert end["content"]["scopes"] == ["user_info", "video.list"]


def test_a_subscription_is_told(post: Posting, receiver: Receiver) -> None:
    """What a person answers to a template is told to the mini-program, content as a string."""
    app = post.hook(receiver.url, "mini_program", secret="its own")

    for answers in ("accept", "reject"):
        post.order("phone", "requestSubscribeMessage", app=app.client_key, answers=answers)

    told = receiver.wait(2)
    assert all(got.is_signed("its own") for got in told)
    bodies = [json.loads(got.body) for got in told]
    assert [body["event"] for body in bodies] == ["user_subscribe_action"] * 2
    contents = [json.loads(body["content"]) for body in bodies]
    assert [content["msg_id"] for content in contents] == [next(iter(app.templates))] * 2
    assert sorted(content["subscribe_action"] for content in contents) == [1, 4]


def test_douyins_own_sender_reaches_the_receiver(
    server: ThreadedServer, http: httpx.Client, receiver: Receiver
) -> None:
    """The sandbox's test event is posted by a running server, by itself."""
    set_hook(server.sandbox.default, receiver.url)
    keys = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}
    asked = http.post("/oauth/client_token/", json={**keys, "grant_type": "client_credential"})

    token = {"access-token": asked.json()["data"]["access_token"]}
    body = {"event_type": "create_video"}
    http.post("/sandbox/webhook/event/send/", json=body, headers=token)

    [got] = receiver.wait(1)
    assert got.event == "create_video"
    assert got.is_signed(WEB.client_secret)


def test_an_event_by_order_tells_what_came_back(http: httpx.Client) -> None:
    """The order to send an event answers with the delivery and what the receiver said."""
    with Receiver(says("no", status=403, kind="text/plain")) as receiver:
        body = {"event": "create_video", "to": receiver.url, "secret": "s"}
        body_of_own = {**body, "raw": '{ "event" : "体" }'}
        sent = [http.post("/_mock/events", json=each).json() for each in (body, body_of_own)]

    first, second = receiver.received
    assert [got.is_signed("s") for got in (first, second)] == [True, True]
    assert second.body == '{ "event" : "体" }'.encode()
    for shown, got in zip(sent, (first, second), strict=True):
        assert (shown["state"], shown["body"]) == ("failed", got.body.decode())
        [attempt] = shown["attempts"]
        assert (attempt["status"], attempt["body"], attempt["error"]) == (403, "no", None)
        assert attempt["took_ms"] >= 0


def test_an_event_by_order_is_tried_again(post: Posting) -> None:
    """What goes to the app's own webhook is tried again 10 s and 60 s later, the same bytes."""
    with Receiver(fails) as receiver:
        post.hook(receiver.url)
        shown = post.order("send_event", event="create_video")
        assert (shown["state"], len(shown["attempts"])) == ("waiting", 1)
        assert shown["next_try"] == iso(post.world.clock.now() + 10)

        assert post.advance("9s")
        assert len(receiver.received) == 1
        assert post.advance("1s")
        assert len(receiver.received) == 2
        assert post.advance("1d")

    assert len({(got.body, got.headers["msg-id"]) for got in receiver.received}) == 1
    assert len(receiver.received) == 3
    assert [each.state for each in post.deliveries] == ["failed"]


@pytest.mark.parametrize("way", ["once", "replayed"])
def test_an_event_sent_once_is_not_tried_again(post: Posting, way: str) -> None:
    """With `once` there is a single try; so there is for what failed and is sent again by hand."""
    with Receiver(fails) as receiver:
        post.hook(receiver.url)
        shown = post.order("send_event", event="create_video", once=True)
        if way == "replayed":
            shown = post.order("replay", shown["id"])

        assert (shown["state"], shown["next_try"]) == ("failed", None)
        assert post.advance("1d")
        assert len(receiver.received) == (1 if way == "once" else 2)


def test_an_event_to_a_url_is_not_tried_again(post: Posting) -> None:
    """What somebody sends to a URL is sent once, and they see at once that it failed."""
    with Receiver(fails) as receiver:
        post.order("send_event", event="create_video", to=receiver.url)

        assert post.advance("1d")
        assert len(receiver.received) == 1


def test_a_newline_is_sent_and_signed(receiver: Receiver) -> None:
    """With webhook_newline the bytes on the wire end with it, and the signature covers it."""
    with Posting(webhook_newline=True) as post:
        post.hook(receiver.url)
        post.tell()
        [got] = receiver.wait(1)

    assert got.body.endswith(b'"}\n')
    assert got.is_signed(WEB.client_secret)


# Receivers that misbehave.


def _bad(manner: str, stack: ExitStack) -> tuple[str, Receiver | None]:
    """Start a receiver that misbehaves; return its URL."""
    if manner == "down":
        return f"http://127.0.0.1:{free_port()}/hook", None
    if manner == "slow":
        receiver, _ = stack.enter_context(held())
        return receiver.url, receiver
    if manner == "trickling":
        trickle = Trickle()
        stack.callback(trickle.release)
        receiver = stack.enter_context(Receiver(trickle))
        return receiver.url, receiver
    if manner == "redirecting":
        elsewhere = stack.enter_context(Receiver(_never))
        receiver = stack.enter_context(Receiver(redirects_to(elsewhere.url)))
        return receiver.url, receiver
    manners: dict[str, Responder] = {
        "failing": fails,
        "closing": closes,
        "breaking off": halves,
        "babbling": babbles,
        "flooding": _floods_500,
    }
    receiver = stack.enter_context(Receiver(manners[manner]))
    return receiver.url, receiver


def _never(handler: Any, got: Received) -> None:
    pytest.fail("a redirect was followed")


def _floods_500(handler: Any, got: Received) -> None:
    """Answer 500 with 100 MB."""
    handler.send_response(500)
    handler.send_header("Content-Length", "100000000")
    handler.end_headers()
    handler.close_connection = True
    for _ in range(100):
        handler.wfile.write(b"x" * 1_000_000)


@pytest.mark.parametrize(
    ("manner", "status", "error"),
    [
        ("down", None, "no connection: "),
        ("slow", None, "no complete answer within 0.5 s"),
        ("trickling", None, "no complete answer within 0.5 s"),
        ("failing", 500, ""),
        ("closing", None, "the connection was closed before a complete answer came"),
        ("breaking off", None, "the connection was closed before a complete answer came"),
        ("redirecting", 307, ""),
        ("babbling", None, "the answer is not valid HTTP: "),
        ("flooding", 500, ""),
    ],
)
def test_a_receiver_that_misbehaves_is_tried_three_times(
    manner: str, status: int | None, error: str
) -> None:
    """Three tries, after 10 s and 60 s of the world's time, with the same bytes; then no more."""
    with ExitStack() as stack:
        url, bad = _bad(manner, stack)
        post = stack.enter_context(Posting(timeout=SHORT))
        post.hook(url)

        made = post.tell()
        seen = []
        for by in ("0s", "9900ms", "100ms", "59s", "1s", "1d"):
            assert post.advance(by)
            delivery = post.delivery(made)
            seen.append((delivery.state, len(delivery.attempts)))

        waits = "waiting"
        assert seen == [
            (waits, 1),
            (waits, 1),
            (waits, 2),
            (waits, 2),
            ("failed", 3),
            ("failed", 3),
        ]
        assert times(delivery) == [0.0, 10.0, 70.0]
        assert statuses(delivery) == [status] * 3
        for attempt in delivery.attempts:
            assert attempt.error.render("en").startswith(error)
            assert bool(attempt.error) == bool(error)
        assert [each.id for each in post.deliveries] == [made]
        if bad is not None:
            assert {(got.body, got.message_id) for got in bad.received} == {
                (delivery.body, delivery.headers["Msg-Id"])
            }
            assert len(bad.received) == 3


@pytest.mark.parametrize("missed", [1, 2])
def test_a_receiver_that_comes_back_misses_nothing(post: Posting, missed: int) -> None:
    """A receiver that is well again within three tries gets the event, once."""
    with Receiver(fails) as receiver:
        post.hook(receiver.url)
        made = post.tell()
        post.advance("0s")
        if missed == 2:
            post.advance("10s")
        receiver.respond = echo

        post.advance("1h")

        assert statuses(post.delivery(made)) == [500] * missed + [200]
        assert post.delivery(made).state == "delivered"
        assert len({got.message_id for got in receiver.received}) == 1


def test_a_slow_receiver_blocks_no_other(receiver: Receiver) -> None:
    """More events than could ever be posted at once wait for one, and another's come at once."""
    for order in ("in_order", "concurrent"):
        with Posting(timeout=60, webhook_order=order) as post, held() as (slow, hold):
            post.hook(slow.url)
            post.hook(receiver.url, "mini_program")
            before = len(receiver.received)

            for _ in range(100):
                post.tell()
            slow.wait(1)
            for _ in range(3):
                post.tell("user_subscribe_action", "mini_program")

            receiver.wait(before + 3)
            assert not any(each.attempts for each in post.deliveries if each.url == slow.url)
            hold.release()
            slow.wait(100)
            assert post.advance("0s")
            assert {delivery.state for delivery in post.deliveries} == {"delivered"}
            assert len(post.deliveries) == 103


def test_an_order_is_answered_while_a_receiver_is_slow(receiver: Receiver) -> None:
    """The platform answers every call while webhooks are on their way."""
    with ThreadedServer() as server, held() as (slow, _), httpx.Client(timeout=20) as http:
        set_hook(server.sandbox.default, slow.url)
        for _ in range(50):
            body = {"client_key": WEB.client_key}
            assert http.post(f"{server.url}/_mock/oauth/authorize", json=body).status_code == 200
        slow.wait(1)

        assert http.get(f"{server.url}/_mock/health").json()["status"] == "ok"
        assert len(http.get(f"{server.url}/_mock/deliveries").json()["deliveries"]) == 50


def test_a_flood_is_not_read() -> None:
    """Of an answer of 100 MB a few thousand characters are kept, and memory stays flat."""
    with Posting() as post, Receiver(floods(100_000_000)) as receiver:
        post.hook(receiver.url)
        post.tell()
        post.advance("0s")

        tracemalloc.start()
        try:
            for _ in range(5):
                post.tell()
                post.advance("0s")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

        assert peak < 5_000_000
        assert [statuses(delivery) for delivery in post.deliveries] == [[200]] * 6
        assert all(len(each.attempts[0].body) == 4096 for each in post.deliveries)


def test_a_receivers_strange_bytes_are_kept_as_text(post: Posting) -> None:
    """An answer that is no UTF-8 is shown all the same."""

    def strange(handler: Any, got: Received) -> None:
        answer(handler, b"\xff\x00\xfe ok", kind="application/octet-stream")

    with Receiver(strange) as receiver:
        shown = post.order("send_event", event="create_video", to=receiver.url)

    assert shown["state"] == "delivered"
    assert shown["attempts"][0]["body"] == "\ufffd\x00\ufffd ok"


# The world's time.


def test_advancing_runs_retries_in_order() -> None:
    """What falls due on the way is sent at its own time, oldest first, before the answer."""
    with Posting() as post, Receiver(fails) as receiver:
        post.hook(receiver.url)
        first = post.tell("create_video")
        post.advance("4s")
        second = post.tell("authorize")
        post.advance("0s")
        receiver.respond = echo
        receiver.received.clear()

        assert post.advance("1h")

        assert receiver.events == ["create_video", "authorize"]
        assert times(post.delivery(first)) == [0.0, 10.0]
        assert times(post.delivery(second)) == [4.0, 14.0]
        assert post.world.clock.now() == NOON + 4 + 3600


def test_quiet_means_that_it_is_recorded(post: Posting, receiver: Receiver) -> None:
    """Whoever took a delivery to post it, moving the clock by nothing waits until it is done."""
    post.hook(receiver.url)

    for _ in range(100):
        made = post.tell()
        assert post.advance("0s")
        assert post.delivery(made).state == "delivered"


def test_advancing_over_http_answers_when_it_is_quiet(receiver: Receiver) -> None:
    """The answer to clock/advance comes after the last delivery that fell due."""
    box = Sandbox(clock=ManualClock, settings={"webhook_delay": "30s"}, deliverer=Dispatcher)
    with ThreadedServer(box) as server, httpx.Client(timeout=20) as http:
        set_hook(box.default, receiver.url)
        for _ in range(20):
            tell(box.default, "create_video")
        assert receiver.received == []

        moved = http.post(f"{server.url}/_mock/clock/advance", json={"by": "30s"}).json()

        assert moved.pop("ran")["deliveries"] == {"delivered": 20, "retried": 0, "failed": 0}
        assert moved == {"now": "2026-01-01T12:00:30+08:00", "frozen": True, "moved": True}
        assert len(receiver.received) == 20


def test_advancing_says_when_it_was_not_quiet_in_time() -> None:
    """A clock that was moved past what could not be done in time says so, and stands there."""
    with Posting(timeout=60, advance_timeout=SHORT) as post, held() as (receiver, hold):
        post.hook(receiver.url)
        made = post.tell()

        moved = post.order("advance_clock", by="5m")

        assert moved.pop("ran")["deliveries"]["delivered"] == 0
        assert moved == {
            "now": "2026-01-01T12:05:00+08:00",
            "frozen": True,
            "moved": True,
            "unfinished": True,
        }
        hold.release()
        assert post.advance("0s")
        assert post.delivery(made).state == "delivered"


def test_a_running_clock_runs_on_after_it_was_moved(receiver: Receiver) -> None:
    """Time runs on from where it was moved to, and did not while things fell due."""
    with ThreadedServer() as server:
        world = server.sandbox.default
        set_hook(world, f"http://127.0.0.1:{free_port()}/")
        tell(world, "create_video")
        before = world.clock.now()

        assert server.sandbox.deliverer.advance(world, 1000.0).result()

        assert not world.clock.frozen
        assert world.clock.now() >= before + 1000
        [delivery] = listed(world)
        first, second, third = (attempt.time for attempt in delivery.attempts)
        assert (second - first, third - second) == pytest.approx((10.0, 60.0), abs=1e-3)


def test_a_mistake_in_a_timeline_ends_nothing_else(receiver: Receiver) -> None:
    """What cannot be sent is told to who moves the clock, and the rest is sent all the same."""
    with Posting() as post:
        post.hook(receiver.url)
        post.world.timeline.add(NOON + 5, _timed("creat_video"))
        post.world.timeline.add(NOON + 6, _timed("create_video"))

        with pytest.raises(MockDouyinError, match="did you mean create_video"):
            post.order("advance_clock", by="10s")

        assert post.world.clock.now() == NOON + 10
        receiver.wait(1)


def test_a_mistake_in_a_timeline_does_not_end_what_runs_by_itself(receiver: Receiver) -> None:
    """With nobody to tell it to, what cannot be sent is left out, and what comes next is sent."""
    with ThreadedServer() as server:
        world = server.sandbox.default
        set_hook(world, receiver.url)
        for event in ("creat_video", "authorize"):
            world.timeline.add(world.clock.now(), _timed(event))
        tell(world, "create_video")

        receiver.wait(2)
        tell(world, "unauthorize")
        receiver.wait(3)

    assert sorted(receiver.events) == ["authorize", "create_video", "unauthorize"]


def _timed(event: str) -> Any:
    scenario = Scenario.parse("name: x\nevents:\n  - {after: 0s, send: create_video}\n")
    return type(scenario.events[0])(after=scenario.events[0].after, send=event)


# Order, copies, delay, silence.


def test_in_order() -> None:
    """One receiver gets its events in turn, each after the one before was answered."""
    with Posting() as post, held() as (receiver, hold):
        post.hook(receiver.url)
        for event in WEBHOOK_EVENTS:
            post.tell(event)
        assert len(receiver.wait(1)) == 1
        hold.release()
        assert post.advance("0s")

        assert receiver.events == list(WEBHOOK_EVENTS)


def test_reversed(receiver: Receiver) -> None:
    """With webhook_order reversed what is due together comes backwards."""
    with Posting(webhook_order="reversed", webhook_delay="1s") as post:
        post.hook(receiver.url)
        for event in ("authorize", "create_video", "unauthorize"):
            post.tell(event)
        assert post.advance("1s")

    assert receiver.events == ["unauthorize", "create_video", "authorize"]


def test_concurrent() -> None:
    """With webhook_order concurrent a receiver has several events in its hands at once."""
    with Posting(webhook_order="concurrent") as post, held() as (receiver, hold):
        post.hook(receiver.url)
        for _ in range(4):
            post.tell()
        receiver.wait(4)
        hold.release()
        assert post.advance("0s")

        assert {delivery.state for delivery in post.deliveries} == {"delivered"}


def test_copies(receiver: Receiver) -> None:
    """With webhook_copies each event comes so often, with the same bytes and Msg-Id."""
    with Posting(webhook_copies=3) as post:
        post.hook(receiver.url)
        made = [post.tell(), post.tell()]
        assert post.advance("0s")

        assert len(receiver.received) == 6
        assert len({(got.body, got.message_id) for got in receiver.received}) == 2
        assert [statuses(post.delivery(each)) for each in made] == [[200], [200]]


def test_delay(receiver: Receiver) -> None:
    """With webhook_delay nothing comes before its time, and all of it then."""
    with Posting(webhook_delay="5m") as post:
        post.hook(receiver.url)
        post.tell()

        assert post.advance("299s")
        assert receiver.received == []
        assert post.advance("1s")
        assert len(receiver.received) == 1


def test_a_long_silence_ends_the_webhook(receiver: Receiver) -> None:
    """After so many failures in a row nothing is sent any more, until the URL is set again."""
    with Posting(webhook_unsubscribe_after=2) as post, Receiver(fails) as dead:
        app = post.hook(dead.url)
        post.tell()
        post.advance("70s")
        assert post.world.apps[app.client_key].webhook == Webhook(url=dead.url)
        post.tell()
        post.advance("70s")

        given_up = post.world.apps[app.client_key].webhook
        assert given_up == Webhook(url=dead.url, verified=False)
        assert tell(post.world, "create_video") is None

        post.order("change_app", app.client_key, webhook={"url": receiver.url})
        post.tell()
        receiver.wait(2)
        assert receiver.events == ["verify_webhook", "create_video"]


def test_a_success_between_begins_the_count_again() -> None:
    """Failures count in a row, and those of another URL do not count at all."""
    with Posting(webhook_unsubscribe_after=2) as post, Receiver(fails) as receiver:
        app = post.hook(receiver.url)
        for manner in (fails, echo, fails):
            receiver.respond = manner
            post.tell()
            post.advance("70s")
        post.order("send_event", event="create_video", to=f"http://127.0.0.1:{free_port()}/")
        receiver.respond = fails
        other = f"{receiver.url}/other"
        with pytest.raises(MockDouyinError, match="HTTP 500"):
            post.order("change_app", app.client_key, webhook={"url": other})

        assert post.world.apps[app.client_key].webhook == Webhook(url=receiver.url)


# Replay.


def test_a_replay_sends_the_same_bytes(http: httpx.Client) -> None:
    """A replay has the bytes, the signature and the Msg-Id of before, and is one more attempt."""
    with Receiver() as receiver:
        body = {"event": "create_video", "to": receiver.url}
        sent = http.post("/_mock/events", json=body).json()
        again = http.post(f"/_mock/deliveries/{sent['id']}/replay").json()

    first, second = receiver.received
    assert first == second
    assert [attempt["status"] for attempt in again["attempts"]] == [200, 200]
    assert http.post("/_mock/deliveries/nope/replay").status_code == 404


def test_a_replay_before_the_next_try_takes_its_place(post: Posting) -> None:
    """What was replayed with success is not tried again when its time comes."""
    with Receiver(fails) as receiver:
        post.hook(receiver.url)
        made = post.tell()
        post.advance("5s")
        receiver.respond = echo

        post.order("replay", made)
        assert post.advance("1h")

        assert times(post.delivery(made)) == [0.0, 5.0]
        assert len(receiver.received) == 2


def test_a_replay_that_fails_is_one_of_the_three_tries(post: Posting) -> None:
    """A failed replay of what waits moves the next try, and there are still three in all."""
    with Receiver(fails) as receiver:
        post.hook(receiver.url)
        made = post.tell()
        post.advance("5s")

        post.order("replay", made)
        assert post.advance("1h")

        assert times(post.delivery(made)) == [0.0, 5.0, 65.0]
        assert post.delivery(made).state == "failed"


def test_a_delivery_that_was_twice_in_the_outbox_is_tried_once(post: Posting) -> None:
    """A clock that leaps past the old and the new time of a try does not double it."""
    with Receiver(fails) as receiver:
        post.hook(receiver.url)
        made = post.tell()
        post.advance("5s")
        post.order("replay", made)

        post.world.transact(lambda: post.world.clock.advance(3600))
        assert post.advance("0s")

        assert len(post.delivery(made).attempts) == 3


# Scenarios.

STORY = """
name: story
apps:
  shop: {{kind: web, client_key: aw0123456789abcdef, client_secret: fedcba98, webhook: {webhook}}}
people:
  小蓝: {{gender: 1}}
events:
  - {{after: {first}, send: create_video, app: shop, person: 小蓝, content: {{share_id: "42"}}}}
  - {{after: {second}, send: new_follow_action, app: shop}}
"""


def story(url: str, first: str = "5s", second: str = "1m") -> str:
    """Write a scenario with a webhook and a timeline."""
    webhook = f'{{url: "{url}", events: [create_video, new_follow_action, authorize]}}'
    return STORY.format(webhook=webhook, first=first, second=second)


def test_a_scenarios_timeline_runs_with_the_clock(receiver: Receiver) -> None:
    """A scenario's webhook needs no handshake, and its events come as time is moved to them."""
    with Posting(story(receiver.url)) as post:
        assert post.world.find_app("shop").webhook.verified  # type: ignore[union-attr]
        assert post.advance("4s")
        assert receiver.received == []
        assert post.advance("1s")
        assert receiver.events == ["create_video"]
        assert post.advance("10m")

    assert receiver.events == ["create_video", "new_follow_action"]
    video = json.loads(receiver.received[0].body)
    assert video["content"]["share_id"] == "42"
    assert video["from_user_id"] == post.world.people.open_id(post.world.apps[SHOP], "小蓝")
    assert all(got.is_signed("fedcba98") for got in receiver.received)
    assert [times(delivery) for delivery in post.deliveries] == [[5.0], [60.0]]


SHOP = "aw0123456789abcdef"


def test_a_scenarios_timeline_runs_by_itself(receiver: Receiver) -> None:
    """With a server and a clock that runs, nobody needs to ask for a scenario's events."""
    scenario = Scenario.parse(story(receiver.url, "50ms", "100ms"))
    with ThreadedServer(Sandbox(scenario, deliverer=Dispatcher)):
        receiver.wait(2)

    assert receiver.events == ["create_video", "new_follow_action"]


def test_a_new_worlds_timeline_runs_by_itself(server: ThreadedServer, receiver: Receiver) -> None:
    """A world that is made later has a timeline of its own, which runs from then on."""
    scenario = Scenario.parse(story(receiver.url, "50ms", "100ms"))

    server.sandbox.worlds.create("later", scenario)

    receiver.wait(2)


def test_a_timeline_begins_again_with_its_world(receiver: Receiver) -> None:
    """A world that is reset lets its events happen once more."""
    with Posting(story(receiver.url)) as post:
        post.advance("1h")
        post.order("reset")
        assert post.deliveries == []
        post.advance("1h")

    assert receiver.events == ["create_video", "new_follow_action"] * 2


def test_retries_come_by_themselves_while_time_runs() -> None:
    """With a clock that runs, a retry is sent when its time has come, and nobody asks."""
    with ThreadedServer() as server, Receiver(fails) as receiver:
        world = server.sandbox.default
        set_hook(world, receiver.url)
        tell(world, "create_video")
        until(lambda: listed(world)[0].attempts, "the first try is recorded")

        world.transact(lambda: world.clock.advance(9.9))
        server.sandbox.deliverer.wake()

        receiver.wait(2)


# The end of a server, and of a world.


def test_a_stop_hangs_on_nothing_and_loses_nothing() -> None:
    """A server stops while a receiver is silent; what it had not sent is due for the next one."""
    with held() as (receiver, hold):
        box = Sandbox(clock=ManualClock, deliverer=Dispatcher)
        server = ThreadedServer(box).start()
        set_hook(box.default, receiver.url)
        for event in ("authorize", "create_video", "unauthorize"):
            tell(box.default, event)
        receiver.wait(1)

        stopping = threading.Thread(target=server.stop, daemon=True)
        stopping.start()
        stopping.join(10)

        assert not stopping.is_alive()
        until(lambda: listed(box.default)[0].attempts, "the post under way is recorded")
        under_way, *others = listed(box.default)
        assert (
            under_way.attempts[0].error.render("en") == "the server stopped before an answer came"
        )
        assert [each.attempts for each in others] == [(), ()]
        assert {each.state for each in (under_way, *others)} == {"waiting"}
        until(lambda: box.default.outbox.next_due == NOON, "the others are due again")
        assert receiver.events == ["authorize"]

        hold.release()
        with ThreadedServer(box):
            assert box.deliverer.advance(box.default, 10.0).result()
        assert receiver.events == ["authorize", "create_video", "unauthorize", "authorize"]


def test_nothing_is_posted_after_a_stop() -> None:
    """The copies that were still to come when it stopped do not come."""
    with held() as (receiver, _):
        post = Posting(webhook_copies=3)
        post.hook(receiver.url)
        made = post.tell()
        receiver.wait(1)

        post.stop()

        until(lambda: post.delivery(made).attempts, "what became of it is recorded")
        assert len(receiver.received) == 1
        assert post.delivery(made).state == "waiting"


def test_a_stop_ends_an_order_that_waits_for_a_receiver() -> None:
    """Who waits for a handshake or for a clock that moves is answered at a stop."""
    with held() as (receiver, _):
        box = Sandbox(deliverer=Dispatcher)
        server = ThreadedServer(box).start()
        set_hook(box.default, receiver.url)
        tell(box.default, "create_video")
        answers: list[httpx.Response] = []

        def order(method: str, path: str, body: Any) -> threading.Thread:
            def run() -> None:
                url = f"{server.url}/_mock/{path}"
                answers.append(httpx.request(method, url, json=body, timeout=30))

            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            return thread

        moving = order("POST", "clock/advance", {"by": "1h"})
        proving = order("PATCH", f"apps/{PROGRAM.client_key}", {"webhook": {"url": receiver.url}})
        receiver.wait(2)
        until(lambda: box.default.clock.frozen, "the clock stands while it is moved")
        server.stop()
        for thread in (moving, proving):
            thread.join(10)
            assert not thread.is_alive()

        by_status = {each.status_code: each.json() for each in answers}
        assert by_status[200]["unfinished"] is True
        assert "the server stopped before an answer came" in by_status[400]["error"]


def test_worlds_do_not_meet(receiver: Receiver) -> None:
    """Each world has deliveries, ids and a clock of its own, and moves nobody else's."""
    with Posting() as post, Receiver(fails) as other_receiver:
        other = post.box.worlds.create("other", seed=7)
        post.hook(receiver.url)
        app = set_hook(other, other_receiver.url)
        mine, theirs = post.tell(), tell(other, "create_video")
        assert theirs is not None
        post.box.deliverer.advance(other, 0.0).result()
        post.advance("0s")

        assert post.advance("1h")

        assert [each.id for each in post.deliveries] == [mine]
        [waiting] = listed(other)
        assert (waiting.app, waiting.state, len(waiting.attempts)) == (
            app.client_key,
            "waiting",
            1,
        )
        assert other.clock.now() == NOON
        assert other_receiver.received[0].message_id != receiver.received[0].message_id
        assert not receiver.received[0].is_signed(app.client_secret)
        with pytest.raises(MockDouyinError, match="no delivery"):
            post.order("replay", waiting.id)
        assert post.box.deliverer.advance(other, 10.0).result()
        assert len(listed(other)[0].attempts) == 2


def test_a_reset_world_hears_nothing_of_before() -> None:
    """What comes back after a reset belongs to a world that is no more."""
    with Posting() as post, held(fails) as (receiver, hold):
        post.hook(receiver.url)
        post.tell()
        receiver.wait(1)

        post.order("reset")
        post.hook(receiver.url)
        hold.release()
        assert post.advance("1h")

        assert post.deliveries == []
        assert len(receiver.received) == 1


def test_a_world_that_ended_sends_nothing_more() -> None:
    """The retries of a world that was dropped do not come."""
    with Posting() as post, Receiver(fails) as receiver:
        other = post.box.worlds.create("other")
        set_hook(other, receiver.url)
        tell(other, "create_video")
        post.box.deliverer.advance(other, 0.0).result()

        execute(post.box, "drop_world", world="other")
        other.transact(lambda: other.clock.advance(3600))
        post.box.deliverer.wake()
        post.hook(receiver.url)
        post.tell()

        assert receiver.wait(2)[1].message_id == post.deliveries[0].headers["Msg-Id"]
        assert post.advance("0s")
        assert len(receiver.received) == 2


def test_what_was_in_line_does_not_outlive_its_world() -> None:
    """What stands in line for a slow receiver is not sent once its world has ended."""
    with Posting() as post, held(fails) as (receiver, hold):
        other = post.box.worlds.create("other")
        set_hook(other, receiver.url)
        for _ in range(3):
            tell(other, "create_video")
        receiver.wait(1)

        execute(post.box, "drop_world", world="other")
        hold.release()
        assert post.box.deliverer.advance(other, 0.0).result()

        assert len(receiver.received) == 1


def test_what_waited_at_a_snapshot_waits_again(receiver: Receiver) -> None:
    """After a restore the same bytes are sent at the same time again, and nothing newer is."""
    with Posting(webhook_delay="10s") as post:
        post.hook(receiver.url)
        first = post.tell()
        saved = post.order("take_snapshot")["snapshot"]
        later = post.tell("new_video_digg")
        assert post.advance("1m")

        post.order("restore_snapshot", saved)
        [waiting] = post.deliveries
        assert (waiting.id, waiting.state, waiting.attempts) == (first, "waiting", ())
        assert post.advance("9s")
        assert len(receiver.received) == 2
        assert post.advance("1s")

        assert receiver.events == ["create_video", "new_video_digg", "create_video"]
        assert receiver.received[2].body == receiver.received[0].body
        assert later not in {each.id for each in post.deliveries}


def test_what_was_in_line_at_a_restore_is_sent_once() -> None:
    """A delivery in line while its world goes back to when it waited is sent, and only once."""
    with Posting() as post, held() as (receiver, hold):
        post.hook(receiver.url)
        post.tell()
        receiver.wait(1)
        second = post.tell("new_video_digg")
        saved = post.order("take_snapshot")["snapshot"]
        third = post.tell()

        post.order("restore_snapshot", saved)
        hold.release()
        assert post.advance("0s")

        assert receiver.events.count("new_video_digg") == 1
        assert len(receiver.received) <= 3  # the one under way may come again
        assert statuses(post.delivery(second)) == [200]
        assert third not in {each.id for each in post.deliveries}
