"""The body of every event, byte for byte, against tables written apart from the code."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from mockdouyin.core.apps import App
from mockdouyin.core.events import Event
from mockdouyin.core.ids import Ids
from mockdouyin.core.settings import Settings
from mockdouyin.domain.webhook_events import WEBHOOK_EVENTS

NOON = 1767240000.5
LOG_ID = "20260101120000" + "0123ABCD" + "E00000000001"

PLAIN = "event client_key from_user_id content log_id event_id"
TO_USER = "event client_key from_user_id to_user_id content"
MESSAGE = "event client_key from_user_id to_user_id log_id content"

ONE_TO_ONE = "conversation_short_id server_message_id conversation_type create_time"
GROUP = ONE_TO_ONE + " message_type text owner_id"
TEXT = ONE_TO_ONE + " message_type source scene_type text user_infos"
UNION = "c_client_key c_open_id b_client_key b_open_id"
RESOURCE = (
    "message_type text resource_type resource_height resource_width resource_url"
    " title icon_url description link_url actions"
)
COMMENT = (
    "comment_id comment_user_id content create_time digg_count reply_comment_total"
    " reply_to_comment_id reply_to_item_id at_user_id"
)
PERMIT = (
    "create_time expire_time update_time operation_type auth_status source extra data_im_extra"
    " query path"
)

TABLE: dict[str, tuple[str, str, str]] = {
    "verify_webhook": ("object", PLAIN, "challenge"),
    "authorize": ("object", PLAIN, "scopes"),
    "unauthorize": ("object", PLAIN, "scopes code description"),
    "contract_authorize": ("object", PLAIN, "scopes"),
    "contract_unauthorize": ("object", PLAIN, "scopes code description"),
    "create_video": ("object", PLAIN, "share_id item_id has_default_hashtag video_id"),
    "im_receive_msg": ("object", MESSAGE, TEXT),
    "im_send_msg": ("object", MESSAGE, TEXT),
    "im_group_receive_msg": ("object", TO_USER, GROUP),
    "im_group_send_msg": ("object", TO_USER, GROUP),
    "item_comment_reply": ("object", TO_USER, COMMENT),
    "receive_msg": ("object", TO_USER, RESOURCE),
    "enter_im": ("object", TO_USER, "scene object action_time"),
    "dial_phone": ("none", "event client_key from_user_id to_user_id", ""),
    "website_contact": ("none", "event client_key from_user_id to_user_id", ""),
    "personal_tab_contact": ("none", "event client_key from_user_id to_user_id", ""),
    "im_enter_direct_msg": (
        "string",
        TO_USER,
        ONE_TO_ONE + " scene_type user_infos data-im-extra query path",
    ),
    "im_recall_msg": ("string", TO_USER + " log_id msg_id", "server_message_id"),
    "im_authorize": ("string", TO_USER, PERMIT),
    "enter_group_audit_change": (
        "string",
        TO_USER,
        "group_id apply_id apply_status user_nicker user_avatar create_time",
    ),
    "group_fans_event": (
        "string",
        TO_USER + " log_id",
        "open_id im_group_id group_type create_group_type create_time",
    ),
    "new_video_digg": ("string", TO_USER + " log_id", "action_type action_time item_id"),
    "new_follow_action": ("string", TO_USER, "action_type action_time"),
    "union_auth_info_for_c": ("string", TO_USER, UNION),
    "union_auth_info_for_b": ("string", TO_USER, UNION),
    "user_subscribe_action": (
        "string",
        "event client_key from_user_id content",
        "msg_id time subscribe_action",
    ),
    "douyin_interact_task_message": (
        "string",
        "event client_key from_user_id content",
        "task_id open_id time status",
    ),
    "life_trade_order_notify": (
        "string",
        "event client_key from_user_id content log_id",
        "action msg_time order",
    ),
}
"""Of each event: what its content is, its keys in order, and the content's keys in order."""

every_event = pytest.mark.parametrize("name", list(TABLE))


def happened(name: str, seed: int = 7, number: int = 1) -> Event:
    """Return an event as it is emitted."""
    return Event(
        kind=WEBHOOK_EVENTS[name],
        app=App(name="web", kind="web", client_key="awtestclientkey0", client_secret="s"),
        ids=Ids(seed, "default"),
        settings=Settings(),
        person="_000person",
        other="_000other",
        nickname="小明",
        other_nickname="小红 <&>",
        scopes=("user_info", "video.list.bind"),
        now=NOON,
        number=number,
        log_id=LOG_ID,
    )


def content_of(name: str, body: dict[str, Any]) -> Any:
    """Return an event's content, parsed if it is a string."""
    return json.loads(body["content"]) if TABLE[name][0] == "string" else body["content"]


def compact(value: Any) -> str:
    """Encode JSON without spaces and without escaping non-ASCII characters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def test_every_event_is_in_the_table() -> None:
    """No event is left out of what is checked here, and each says whether its content is one."""
    assert {name: kind.form for name, kind in WEBHOOK_EVENTS.items()} == {
        name: form for name, (form, _, _) in TABLE.items()
    }


@every_event
def test_the_bytes_of_an_event(name: str) -> None:
    """A body is compact raw UTF-8, its keys and its content's stand in the platform's order."""
    form, keys, inner = TABLE[name]

    raw = happened(name).encode()

    body = json.loads(raw)
    assert raw.decode() == compact(body)
    assert list(body) == keys.split()
    assert (body["event"], body["client_key"]) == (name, "awtestclientkey0")
    if form != "none":
        assert isinstance(body["content"], str) == (form == "string")
        content = content_of(name, body)
        assert list(content) == inner.split()
        if form == "string":
            assert body["content"] == compact(content)
    assert body.get("log_id", LOG_ID) == LOG_ID
    assert body.get("event_id", "") == ""


@every_event
def test_who_does_it_to_whom(name: str) -> None:
    """People are named by open_id, but for the events that name nobody."""
    body = json.loads(happened(name).encode())

    nobody = name == "verify_webhook" or name.startswith("union_auth_info")
    assert body["from_user_id"] == ("" if nobody else "_000person")
    assert body.get("to_user_id", "_000other") == ("" if nobody else "_000other") or (
        "to_user_id" not in body
    )


@every_event
def test_times_are_numbers_of_the_right_length(name: str) -> None:
    """Messages tell milliseconds, everything else seconds, and both as numbers."""
    if TABLE[name][0] == "none":
        return
    content = content_of(name, json.loads(happened(name).encode()))
    in_ms = name.startswith(("im_", "enter_group", "group_fans")) and name != "im_authorize"
    moment = 1767240000500 if in_ms else 1767240000
    for key in ("create_time", "update_time", "action_time", "time", "msg_time"):
        assert content.get(key, moment) == moment
        assert type(content.get(key, moment)) is int


def test_the_captured_shape_of_the_handshake() -> None:
    """verify_webhook is what was captured, with a number of eight digits as its challenge."""
    raw = happened("verify_webhook").encode().decode()

    shape = (
        r'\{"event":"verify_webhook","client_key":"awtestclientkey0","from_user_id":"",'
        r'"content":\{"challenge":[1-9]\d{7}\},"log_id":"' + LOG_ID + r'","event_id":""\}'
    )
    assert re.fullmatch(shape, raw)


def test_what_a_person_is_called_is_not_escaped() -> None:
    """Chinese characters and <&> stand in a body as they are, in a string within it too."""
    for name in ("im_receive_msg", "im_enter_direct_msg"):
        raw = happened(name).encode().decode()
        assert "小明" in raw
        assert "小红 <&>" in raw


def test_scopes_are_told() -> None:
    """What was granted is told, and of a business relation its own scopes alone."""
    granted = ["user_info", "video.list.bind"]
    for name, scopes in (("authorize", granted), ("contract_authorize", granted[1:])):
        for prefix in ("", "un"):
            called = name.replace("authorize", prefix + "authorize")
            body = json.loads(happened(called).encode())
            assert body["content"]["scopes"] == scopes


def test_a_recalled_message_has_an_id_of_its_own() -> None:
    """im_recall_msg carries 64 hex characters, which derive from the log_id."""
    body = json.loads(happened("im_recall_msg").encode())

    assert body["msg_id"] == hashlib.sha256(LOG_ID.encode()).hexdigest()


def test_who_wrote_is_told_from_who_was_written_to() -> None:
    """The app's own message names the app as its source, a visitor's names nothing."""
    sources = {
        name: json.loads(happened(name).encode())["content"]["source"]
        for name in ("im_receive_msg", "im_send_msg")
    }

    assert sources == {"im_receive_msg": "", "im_send_msg": "awtestclientkey0"}


@every_event
def test_a_seed_decides_every_byte(name: str) -> None:
    """The same seed and number give the same bytes, and made-up ids differ with either."""
    first = happened(name).encode()

    assert happened(name).encode() == first
    made_up = ("@", "share_id", "task_id", "challenge")
    if any(each in first.decode() for each in made_up):
        assert happened(name, number=2).encode() != first
        assert happened(name, seed=8).encode() != first
