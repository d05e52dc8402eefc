"""Deliveries: what is sent to whom, signed over the very bytes, and when it is tried again."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import msgspec
import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.core.apps import App, Webhook
from mockdouyin.core.clock import DAY
from mockdouyin.core.outbox import Attempt, Delivery, Outbox
from mockdouyin.core.webhooks import WEBHOOK, emit, settle
from mockdouyin.domain.webhook_events import WEBHOOK_EVENTS
from tests.support.helpers import PROGRAM, WEB, sandbox

HOOK = "http://127.0.0.1:9/hook"


def hook(box: Sandbox, kind: str = "web", **given: Any) -> App:
    """Set an app's webhook, and return the app."""
    world = box.default
    app = world.find_app(None, kind)
    world.register(msgspec.structs.replace(app, webhook=Webhook(**{"url": HOOK, **given})))
    return world.apps[app.client_key]


def happen(box: Sandbox, app: App, event: str = "create_video", **given: Any) -> Delivery | None:
    """Emit an event for an app."""
    world = box.default
    unit = world.store.unit(world.clock.now())
    made = emit(world, unit, app, event, "小明", **given)
    unit.commit()
    return made


def made(box: Sandbox, app: App, event: str = "create_video", **given: Any) -> Delivery:
    """Emit an event that the app is subscribed to."""
    delivery = happen(box, app, event, **given)
    assert delivery is not None
    return delivery


def signature(secret: str, body: bytes) -> str:
    """Sign as the platform's pages say, without our own crypto."""
    digest = hashlib.sha1()
    digest.update(secret.encode())
    digest.update(body)
    return digest.hexdigest()


@pytest.mark.parametrize("event", list(WEBHOOK_EVENTS))
def test_an_event_becomes_a_delivery(event: str) -> None:
    """Each event is a POST of JSON, signed, with a Msg-Id and a log_id of 34 characters."""
    box = sandbox(seed=7)
    app = hook(box)

    delivery = made(box, app, event)

    assert delivery.headers == {
        "Content-Type": "application/json",
        "Msg-Id": delivery.headers["Msg-Id"],
        "User-Agent": "Go-http-client/1.1",
        "X-Douyin-Signature": signature(WEB.client_secret, delivery.body),
    }
    assert re.fullmatch(r"[0-9a-f]{64}", delivery.headers["Msg-Id"])
    assert (delivery.method, delivery.url, delivery.app) == ("POST", HOOK, app.client_key)
    assert (delivery.event, delivery.person, delivery.state) == (event, "小明", "waiting")
    body = json.loads(delivery.body)
    assert body["client_key"] == app.client_key
    assert re.fullmatch(
        r"20260101120000[0-9A-F]{20}", body.get("log_id", "20260101120000" + "0" * 20)
    )
    assert body["from_user_id"] in ("", box.default.people.open_id(app, "小明"))


def test_ids_differ_from_event_to_event() -> None:
    """No two events share a Msg-Id, a log_id or an id in the listing."""
    box = sandbox()
    app = hook(box)

    deliveries = [made(box, app) for _ in range(20)]

    assert len({delivery.id for delivery in deliveries}) == 20
    assert len({delivery.headers["Msg-Id"] for delivery in deliveries}) == 20
    assert len({json.loads(delivery.body)["log_id"] for delivery in deliveries}) == 20


def test_a_seed_decides_every_delivery() -> None:
    """Two sandboxes with one seed make the same deliveries, and another seed makes others."""

    def run(seed: int) -> list[Delivery]:
        box = sandbox(seed=seed)
        app = hook(box)
        return [made(box, app, event) for event in WEBHOOK_EVENTS]

    first, second, other = run(7), run(7), run(8)

    assert first == second
    ids = {delivery.headers["Msg-Id"] for delivery in first}
    assert ids.isdisjoint(delivery.headers["Msg-Id"] for delivery in other)


def test_a_webhook_secret_signs_in_place_of_the_client_secret() -> None:
    """Events of a mini-app are signed with the webhook's own secret, once it has one."""
    box = sandbox()

    plain = made(box, hook(box, "mini_program"), "user_subscribe_action")
    own = made(box, hook(box, "mini_program", secret="its own"), "user_subscribe_action")

    sign = "X-Douyin-Signature"
    assert plain.headers[sign] == signature(PROGRAM.client_secret, plain.body)
    assert own.headers[sign] == signature("its own", own.body)


def test_a_newline_at_the_end_is_signed_too() -> None:
    """With webhook_newline each body ends with a newline, over which the signature goes too."""
    box, plain = sandbox(settings={"webhook_newline": True}), sandbox()

    delivery, other = made(box, hook(box)), made(plain, hook(plain))

    assert delivery.body == other.body + b"\n"
    sign = delivery.headers["X-Douyin-Signature"]
    assert sign == signature(WEB.client_secret, delivery.body)
    assert sign != other.headers["X-Douyin-Signature"]


@pytest.mark.parametrize(
    ("event", "content", "seen"),
    [
        ("create_video", {"share_id": "1"}, {"share_id": "1"}),
        ("create_video", {"extra": [1, {"a": None}]}, {"extra": [1, {"a": None}]}),
        ("new_video_digg", {"action_type": 2}, {"action_type": 2}),
        ("verify_webhook", {"challenge": "text"}, {"challenge": "text"}),
        ("im_send_msg", {"text": "再见"}, {"text": "再见"}),
    ],
)
def test_fields_of_the_content_can_be_set(
    event: str, content: dict[str, Any], seen: dict[str, Any]
) -> None:
    """What is given replaces a field in its place, or stands at the end; the rest stays."""
    box, plain = sandbox(), sandbox()

    delivery = made(box, hook(box), event, content=content)

    usual = json.loads(made(plain, hook(plain), event).body)["content"]
    inner = json.loads(delivery.body)["content"]
    assert isinstance(inner, str) == isinstance(usual, str)
    inner, usual = (json.loads(c) if isinstance(c, str) else c for c in (inner, usual))
    assert inner == {**usual, **seen}
    assert list(inner) == list({**usual, **seen})
    assert delivery.headers["X-Douyin-Signature"] == signature(WEB.client_secret, delivery.body)


@pytest.mark.parametrize("event", ["create_video", "new_video_digg"])
def test_content_can_take_the_other_form(event: str) -> None:
    """An object is sent as a string and a string as an object, where that is asked for."""
    box, plain = sandbox(), sandbox()
    form = "string" if WEBHOOK_EVENTS[event].form == "object" else "object"

    delivery = made(box, hook(box), event, form=form)

    usual = json.loads(made(plain, hook(plain), event).body)["content"]
    content = json.loads(delivery.body)["content"]
    assert isinstance(content, str) == (form == "string")
    there, usual = (json.loads(c) if isinstance(c, str) else c for c in (content, usual))
    assert there == usual
    assert delivery.headers["X-Douyin-Signature"] == signature(WEB.client_secret, delivery.body)


def test_fields_beside_the_content_can_be_set() -> None:
    """A field of the event itself keeps its place, and one that it does not have is refused."""
    box = sandbox()
    app = hook(box)

    body = json.loads(made(box, app, fields={"from_user_id": "_000x", "log_id": "L"}).body)

    assert (body["from_user_id"], body["log_id"]) == ("_000x", "L")
    assert list(body)[2] == "from_user_id"
    with pytest.raises(MockDouyinError, match="create_video has no field 'log_ids'"):
        happen(box, app, fields={"log_ids": "L"})


def test_a_whole_body_is_signed_as_it_is() -> None:
    """A body of one's own is sent as it is, also where a newline is set, and signed."""
    box = sandbox(settings={"webhook_newline": True})
    raw = '{ "any" :\n "体" }'.encode() + b"\xff"

    delivery = made(box, hook(box), "no_event_of_douyins", raw=raw)

    assert delivery.body == raw
    assert delivery.headers["X-Douyin-Signature"] == signature(WEB.client_secret, raw)


def test_an_unknown_event_is_refused() -> None:
    """An event that there is not is refused with the nearest, and nothing is sent or counted."""
    box = sandbox()
    app = hook(box)

    with pytest.raises(MockDouyinError, match="no event 'creat_video'; did you mean create_video"):
        happen(box, app, "creat_video")

    assert made(box, app).id.endswith("-1")


@pytest.mark.parametrize(
    "webhook",
    [
        None,
        {"url": ""},
        {"verified": False},
        {"events": ()},
        {"events": ("authorize", "new_follow_action")},
    ],
)
def test_nobody_is_told_who_did_not_ask(webhook: dict[str, Any] | None) -> None:
    """Without a URL, a handshake passed or a subscription, no delivery is made."""
    box = sandbox()
    app = hook(box, **webhook) if webhook is not None else box.default.find_app("web")

    assert happen(box, app) is None


def test_a_subscribed_event_is_told() -> None:
    """An app that subscribed to one event hears of it, and of no other."""
    box = sandbox()
    app = hook(box, events=("authorize",))

    assert happen(box, app, "authorize") is not None
    assert happen(box, app, "unauthorize") is None


def test_a_named_url_goes_before_the_webhook() -> None:
    """An event sent to a URL needs no webhook, and is signed with the secret that was named."""
    box = sandbox()
    app = box.default.find_app("web")

    delivery = made(box, app, url="http://127.0.0.1:8/other", secret="s")

    assert delivery.url == "http://127.0.0.1:8/other"
    assert delivery.headers["X-Douyin-Signature"] == signature("s", delivery.body)


def test_a_delivery_waits_for_its_delay_and_is_kept_a_week() -> None:
    """webhook_delay is in the world's time, and a delivery is remembered long after its end."""
    box = sandbox(settings={"webhook_delay": "8d"})
    now = box.default.clock.now()

    delivery = made(box, hook(box))

    assert delivery.due == now + 8 * DAY
    assert delivery.expires == now + 15 * DAY
    assert box.default.outbox.next_due == delivery.due


# What becomes of a try.


def tried(delivery: Delivery, *answers: tuple[float, int | None]) -> Delivery:
    """Try a delivery at these times, with these answers."""
    for time, status in answers:
        delivery = settle(delivery, Attempt(time, status))
    return delivery


def waiting() -> Delivery:
    """Return a delivery without attempts."""
    return Delivery(id="1", event="e", app="a", person="p", url="u", headers={}, body=b"")


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_an_acceptance(status: int) -> None:
    """A receiver that answers 2xx took it, and is not asked again."""
    assert tried(waiting(), (5.0, status)).state == "delivered"


@pytest.mark.parametrize("status", [None, 100, 301, 302, 400, 404, 500, 503])
def test_three_tries_in_all(status: int | None) -> None:
    """Anything else is tried again after 10 s and after 60 s, and given up after the third."""
    assert WEBHOOK.retries == (10.0, 60.0)

    first = tried(waiting(), (5.0, status))
    second = tried(first, (20.0, status))
    third = tried(second, (90.0, status))

    assert (first.state, first.due) == ("waiting", 15.0)
    assert (second.state, second.due) == ("waiting", 80.0)
    assert third.state == "failed"
    assert [attempt.time for attempt in third.attempts] == [5.0, 20.0, 90.0]
    assert (third.body, third.headers, third.id) == (first.body, first.headers, first.id)


def test_a_late_acceptance_ends_the_tries() -> None:
    """A receiver that comes back in time gets what it missed."""
    assert tried(waiting(), (5.0, None), (15.0, 500), (75.0, 200)).state == "delivered"


def test_what_is_sent_by_hand_is_tried_once() -> None:
    """A delivery that has one try is over with it; a held one waits for its second as any does."""
    held = msgspec.structs.replace(waiting(), state="held")

    assert tried(msgspec.structs.replace(held, once=True), (5.0, 500)).state == "failed"
    assert (tried(held, (5.0, 500)).state, tried(held, (5.0, 500)).due) == ("waiting", 15.0)


# The outbox.


def test_the_outbox_gives_what_is_due_in_order() -> None:
    """What is due comes out by time, and by order of arrival where times are the same."""
    box, woken = Outbox(), []
    box.wake = lambda: woken.append(True)
    for name, due in (("b", 2.0), ("a", 1.0), ("c", 2.0), ("later", 9.0)):
        box.add(msgspec.structs.replace(waiting(), id=name, due=due))

    assert box.next_due == 1.0
    assert box.claim(0.5) == []
    assert box.claim(5.0) == ["a", "b", "c"]
    assert box.next_due == 9.0
    box.clear()
    assert box.next_due is None
    assert len(woken) == 4


@pytest.mark.parametrize("state", ["held", "delivered", "failed"])
def test_the_outbox_takes_only_what_waits(state: str) -> None:
    """A delivery that is done, or sent by hand, is never due."""
    box = Outbox()

    box.add(msgspec.structs.replace(waiting(), state=state))

    assert box.next_due is None


def test_a_refused_request_tells_nobody() -> None:
    """What is not committed is neither in the listing nor in the outbox."""
    box = sandbox()
    world, app = box.default, hook(box)
    unit = world.store.unit(world.clock.now())

    emit(world, unit, app, "create_video", "小明")
    unit.roll_back()
    unit.commit()

    assert world.outbox.next_due is None
    assert list(world.store.unit(world.clock.now()).scan(Delivery)) == []
