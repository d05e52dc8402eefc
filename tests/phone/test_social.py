"""What people do in the Douyin app: the state that it leaves, and the event that tells of it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from mockdouyin import ManualClock, MockDouyinError, Sandbox
from mockdouyin.control import execute
from mockdouyin.core.apps import Webhook
from mockdouyin.core.outbox import Delivery
from mockdouyin.domain import audience, comments, direct_messages, videos


@pytest.fixture
def box() -> Sandbox:
    """Return a sandbox whose web app has a webhook."""
    made = Sandbox(clock=ManualClock)
    app = made.default.find_app(None, "web")
    hook = Webhook(url="http://127.0.0.1:9/hook")
    made.default.register(msgspec.structs.replace(app, webhook=hook))
    return made


def act(box: Sandbox, name: str, **given: Any) -> dict[str, Any]:
    """Let 小红 do something to 小明."""
    body = {"person": "小红", "other": "小明", **given}
    return execute(box, "act", path={"act": name}, body=body)


def told(box: Sandbox, done: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the event that tells of an act, and its content as an object."""
    unit = box.default.store.unit(box.default.clock.now())
    delivery = unit.read(Delivery, done["delivery"])
    assert delivery is not None
    event = json.loads(delivery.body)
    content = event["content"]
    return event, json.loads(content) if isinstance(content, str) else content


def open_id(box: Sandbox, name: str) -> str:
    """Return a person's open_id in the web app."""
    return box.default.people.open_id(box.default.find_app(None, "web"), name)


def test_follow_and_unfollow(box: Sandbox) -> None:
    """Who follows is a fan, who ceases is none, and both are told."""
    unit = box.default.store.unit(box.default.clock.now())
    event, content = told(box, act(box, "follow"))
    assert event["event"] == "new_follow_action"
    assert (event["from_user_id"], event["to_user_id"]) == (
        open_id(box, "小红"),
        open_id(box, "小明"),
    )
    assert content["action_type"] == 1
    assert audience.follows(box.default, unit, "小红", "小明") is not None

    _, content = told(box, act(box, "unfollow"))

    assert content["action_type"] == 2
    assert audience.follows(box.default, unit, "小红", "小明") is None


def test_digg(box: Sandbox) -> None:
    """A digg names the work that it is for."""
    done = act(box, "digg")
    event, content = told(box, done)

    assert event["event"] == "new_video_digg"
    unit = box.default.store.unit(box.default.clock.now())
    assert videos.works(box.default, unit, "小明")[0].item_id == content["item_id"]


def test_comment_and_reply(box: Sandbox) -> None:
    """A comment is listed under the work, a reply names what it answers, and both are told."""
    first = act(box, "comment", text="好看")
    event, content = told(box, first)
    assert (event["event"], content["content"]) == ("item_comment_reply", "好看")
    reply = act(box, "comment", item_id=first["item_id"], comment_id=first["comment_id"])

    _, content = told(box, reply)

    assert content["reply_to_comment_id"] == first["comment_id"]
    unit = box.default.store.unit(box.default.clock.now())
    work = videos.works(box.default, unit, "小明")[0]
    assert comments.find(box.default, unit, work, first["comment_id"]) is not None


def test_message_enter_and_allow(box: Sandbox) -> None:
    """Writing, opening a chat and allowing messages are told in one conversation."""
    sent, entered = act(box, "message", text="在吗"), act(box, "enter")
    _, content = told(box, sent)
    assert (content["text"], content["server_message_id"]) == ("在吗", sent["msg_id"])
    assert told(box, sent)[0]["event"] == "im_receive_msg"
    assert told(box, entered)[1]["conversation_short_id"] == sent["conversation_id"]

    event, _ = told(box, act(box, "allow_messages"))

    assert event["event"] == "im_authorize"
    unit = box.default.store.unit(box.default.clock.now())
    app = box.default.find_app(None, "web")
    assert direct_messages.may_write(box.default, unit, app, "小明", "小红")


@pytest.mark.parametrize("media", ["image", "video"])
def test_a_message_without_text(box: Sandbox, media: str) -> None:
    """A picture or a video is told by its kind, without a text."""
    _, content = told(box, act(box, "message", media=media, text="在吗"))

    assert (content["message_type"], content["text"]) == (f"user_local_{media}", "")


def test_nobody_is_told_without_a_webhook() -> None:
    """Without a webhook the act is done and nothing is sent."""
    box = Sandbox(clock=ManualClock)

    assert execute(box, "act", path={"act": "follow"})["delivery"] is None


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("folow", {}, "did you mean follow?"),
        ("digg", {"item_id": "@none"}, "no work '@none'"),
        ("comment", {"comment_id": "@none"}, "no comment '@none'"),
        ("join_group", {}, "小明 has no group ''"),
        ("read_group", {"group_id": "@none"}, "no group '@none'"),
        ("message", {"media": "sound"}, "media"),
        ("follow", {"other": "小名"}, "小明"),
        ("follow", {"whom": "小明"}, "unknown field whom"),
    ],
)
def test_bad_acts(box: Sandbox, name: str, given: dict[str, Any], says: str) -> None:
    """An act that cannot be is refused in words."""
    with pytest.raises(MockDouyinError, match=says):
        act(box, name, **given)
