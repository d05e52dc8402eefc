"""Webhook management: subscriptions, test events, and what a third-party platform may do."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from mockdouyin.core.apps import Webhook
from mockdouyin.core.outbox import Delivery
from mockdouyin.domain.webhook_events import WEBHOOK_EVENTS
from mockdouyin.endpoints.webhooks import SENDABLE
from tests.endpoints.calls import HOOK, Ask, Scene

LIST, UPDATE = "/event/status/list/", "/event/status/update/"
SEND = "/sandbox/webhook/event/send/"
PLATFORM = "/api/platform/v1/webhook/"


def hook(scene: Scene, kind: str = "web", **given: Any) -> None:
    """Set the webhook of the demo app of a kind."""
    scene.amend(kind, webhook=Webhook(**{"url": HOOK, **given}))


def as_app(scene: Scene, method: str, path: str, fields: Any = None) -> Any:
    """Call with the web app's client token; give the answer's data."""
    headers = {"access-token": scene.client_token()}
    return scene.ask(Ask(method, path, headers=headers, fields=fields))["data"]


def as_platform(scene: Scene, method: str, name: str, fields: Any = None) -> Any:
    """Call with the token that the mini-program's owner gave a third-party platform."""
    headers = {"access-token": scene.app("mini_program").authorizer_token}
    return scene.ask(Ask(method, PLATFORM + name, headers=headers, fields=fields))


def statuses(scene: Scene) -> dict[str, int]:
    """Return the web app's subscriptions."""
    return {each["event"]: each["status"] for each in as_app(scene, "GET", LIST)["list"]}


def deliveries(scene: Scene) -> list[Delivery]:
    """Return every delivery, the oldest first."""
    unit = scene.world.store.unit(scene.world.clock.now())
    return [delivery for _, delivery in unit.scan(Delivery)]


# Subscriptions.


def test_a_webhook_without_a_list_hears_everything() -> None:
    """Every event but the handshake can be subscribed to, and is unless somebody chose."""
    scene = Scene()
    hook(scene)

    assert statuses(scene) == dict.fromkeys(set(WEBHOOK_EVENTS) - {"verify_webhook"}, 1)


def test_the_list_has_its_documented_shape() -> None:
    """The list stands in data beside the zero, each event with a number 0 or 1."""
    scene = Scene()
    hook(scene, events=("create_video",))

    data = as_app(scene, "GET", LIST)

    assert list(data) == ["error_code", "description", "list"]
    assert {"event": "create_video", "status": 1} in data["list"]
    assert {"event": "authorize", "status": 0} in data["list"]


def test_an_update_changes_what_it_names() -> None:
    """An event that is named changes, every other one stays, and the answer has no data."""
    scene = Scene()
    hook(scene, events=("create_video", "authorize"))

    wanted = [{"event": "create_video", "status": 0}, {"event": "new_video_digg", "status": 1}]
    answer = as_app(scene, "POST", UPDATE, {"list": wanted})

    assert answer == {"error_code": 0, "description": ""}
    subscribed = {name for name, status in statuses(scene).items() if status}
    assert subscribed == {"authorize", "new_video_digg"}
    assert scene.app("web").webhook == Webhook(url=HOOK, events=("authorize", "new_video_digg"))


def test_an_unsubscribed_event_is_not_delivered() -> None:
    """What is unsubscribed is not told any more, and is again once it is subscribed to."""
    scene = Scene()
    hook(scene)

    seen = []
    for status in (1, 0, 1):
        as_app(scene, "POST", UPDATE, {"list": [{"event": "authorize", "status": status}]})
        scene.consent()
        seen.append(len(deliveries(scene)))

    assert seen == [1, 1, 2]


def test_an_app_can_subscribe_before_it_has_a_webhook() -> None:
    """Subscriptions are kept for the URL to come, which nothing is sent to until it is proved."""
    scene = Scene()

    assert not any(statuses(scene).values())
    as_app(scene, "POST", UPDATE, {"list": [{"event": "authorize", "status": 1}]})
    scene.consent()

    assert statuses(scene)["authorize"] == 1
    assert scene.app("web").webhook == Webhook(verified=False, events=("authorize",))
    assert deliveries(scene) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"event": "creat_video", "status": 1},
        {"event": "create_video", "status": 2},
        {"event": "create_video"},
        {"status": 1},
        {},
    ],
)
def test_an_update_with_one_mistake_changes_nothing(wanted: dict[str, Any]) -> None:
    """One wrong event or status refuses the whole list."""
    scene = Scene()
    hook(scene, events=("create_video",))

    good = {"event": "authorize", "status": 1}
    answer = as_app(scene, "POST", UPDATE, {"list": [good, wanted]})

    assert answer["error_code"] == 2100005
    assert scene.app("web").webhook == Webhook(url=HOOK, events=("create_video",))


# Test events.


@pytest.mark.parametrize("event", SENDABLE)
def test_a_test_event_is_sent(event: str) -> None:
    """Each event of the page goes to the callback URL, signed with the client_secret."""
    scene = Scene()
    hook(scene)

    answer = as_app(scene, "POST", SEND, {"event_type": event})

    assert answer == {"error_code": 0, "description": ""}
    [delivery] = deliveries(scene)
    assert (delivery.event, delivery.url, delivery.state) == (event, HOOK, "waiting")
    assert json.loads(delivery.body)["event"] == event
    secret = scene.app("web").client_secret
    sign = hashlib.sha1(secret.encode() + delivery.body).hexdigest()
    assert delivery.headers["X-Douyin-Signature"] == sign


def test_a_test_event_is_sent_whatever_is_subscribed_to() -> None:
    """The sandbox's own sender does not ask for a subscription."""
    scene = Scene()
    hook(scene, events=())

    as_app(scene, "POST", SEND, {"event_type": "create_video"})

    assert len(deliveries(scene)) == 1


@pytest.mark.parametrize("event", ["new_video_digg", "creat_video"])
def test_the_sender_knows_few_events(event: str) -> None:
    """An event that the page does not list is refused, and nothing is sent."""
    scene = Scene()
    hook(scene)

    assert as_app(scene, "POST", SEND, {"event_type": event})["error_code"] == 2100005
    assert deliveries(scene) == []


def test_a_test_event_needs_a_callback_url() -> None:
    """Without a webhook the sender says what is not set."""
    scene = Scene()
    headers = {"access-token": scene.client_token()}

    answer = scene.ask(Ask("POST", SEND, headers=headers, fields={"event_type": "authorize"}))

    assert answer["extra"]["error_code"] == 2100005
    assert answer["extra"]["sub_description"] == "callback url is not set"


# The third-party platform.


def test_a_platform_sees_webhook_and_subscriptions() -> None:
    """The authorizer's token shows URL, secret, and each event with a name and its status."""
    scene = Scene()
    hook(scene, "mini_program", secret="5" * 32, events=("user_subscribe_action",))

    answer = as_platform(scene, "GET", "event_status_list/")

    assert (answer["err_no"], answer["err_msg"]) == (0, "")
    data = answer["data"]
    assert data["webhook_info"] == {"secret": "5" * 32, "callback_url": HOOK}
    assert {each["event"] for each in data["event_list"]} == set(WEBHOOK_EVENTS) - {
        "verify_webhook"
    }
    for each in data["event_list"]:
        assert list(each) == ["event", "name_cn", "desc", "status"]
        assert each["name_cn"]
        assert each["status"] == int(each["event"] == "user_subscribe_action")


def test_a_platform_changes_subscriptions() -> None:
    """The authorizer's token unsubscribes, and the app hears no more of it."""
    scene = Scene()
    hook(scene, "mini_program")
    wanted = [{"event": "user_subscribe_action", "status": 0}]

    scene.phone("requestSubscribeMessage")
    answer = as_platform(scene, "POST", "update_event_status/", {"event_list": wanted})
    scene.phone("requestSubscribeMessage")

    assert (answer["err_no"], answer.get("data")) == (0, None)
    assert [delivery.event for delivery in deliveries(scene)] == ["user_subscribe_action"]
    assert scene.app("web").webhook is None


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"status": 1}, 15003),
        ({"event": "", "status": 1}, 15003),
        ({"event": "creat_video", "status": 1}, 15004),
        ({"event": "create_video", "status": 2}, 15005),
        ({"event": "create_video"}, 15005),
        ({"event": "create_video", "status": "on"}, 11009),
    ],
)
def test_a_platform_is_told_what_is_wrong(wanted: dict[str, Any], code: int) -> None:
    """Each mistake of a list has its number, and a list with one changes nothing."""
    scene = Scene()
    hook(scene, "mini_program")

    answer = as_platform(scene, "POST", "update_event_status/", {"event_list": [wanted]})

    assert answer["err_no"] == code
    assert scene.app("mini_program").webhook == Webhook(url=HOOK)


def test_a_new_secret_changes_the_signature() -> None:
    """A reset gives another secret each time, which alone signs what happens from then on."""
    scene = Scene()
    hook(scene, "mini_program")
    secrets = [scene.app("mini_program").client_secret]

    for _ in range(2):
        scene.phone("requestSubscribeMessage")
        secrets.append(as_platform(scene, "GET", "reset_secret/")["data"]["secret"])
    scene.phone("requestSubscribeMessage")

    assert len(set(secrets)) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}", secret) for secret in secrets[1:])
    for secret, delivery in zip(secrets, deliveries(scene), strict=True):
        matches = [
            each
            for each in secrets
            if hashlib.sha1(each.encode() + delivery.body).hexdigest()
            == delivery.headers["X-Douyin-Signature"]
        ]
        assert matches == [secret]
    assert (
        as_platform(scene, "GET", "event_status_list/")["data"]["webhook_info"]["secret"]
        == (secrets[-1])
    )


def test_what_was_signed_before_a_reset_stays_so() -> None:
    """A delivery that waits for its next try keeps its bytes and its signature."""
    scene = Scene()
    hook(scene, "mini_program")
    scene.phone("requestSubscribeMessage")
    [before] = deliveries(scene)

    as_platform(scene, "GET", "reset_secret/")

    assert deliveries(scene) == [before]


def test_a_secret_is_not_in_the_journal() -> None:
    """The new secret is told in the answer, and hidden in the listing of what happened."""
    scene = Scene()
    hook(scene, "mini_program")

    secret = as_platform(scene, "GET", "reset_secret/")["data"]["secret"]

    mask = scene.world.mask()
    assert secret not in mask(list(scene.world.journal)[-1].reply.body.decode())
