"""Private messages: sending, recalling, and whom one may write to first."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.domain import direct_messages
from mockdouyin.domain.uploads import MB
from tests.endpoints.calls import PERSON, Scene
from tests.endpoints.calls_groups import new_card, new_group, new_template
from tests.endpoints.calls_user import OTHER, PICTURE, Login, Upload, due, listen, unit_of
from tests.endpoints.test_video import refused, why

SEND, RECALL = "/im/send/msg/", "/im/recall/msg/"
TEXT = {"msg_type": 1, "text": {"text": "你好"}}


def sending(login: Login, *, to: str = OTHER, **given: Any) -> Any:
    """Make a call that sends a message in answer to another."""
    fields = {"msg_id": "@asked==", "to_user_id": login.scene.open_id("web", to), **given}
    return login.post(SEND, **{name: value for name, value in fields.items() if value is not None})


def allow(login: Login, allowed: bool) -> None:
    """Set whether the other allows messages."""
    unit = unit_of(login.scene)
    direct_messages.allow(unit, login.scene.app("web"), PERSON, OTHER, allowed=allowed)
    unit.commit()


def test_several_messages_in_one_call() -> None:
    """Each message of a list has an id of its own, and they stand beside data and extra."""
    login = Login(Scene())

    answer = login.scene.ask(sending(login, content_list=[TEXT, TEXT]))

    assert list(answer) == ["data", "extra", "msg_id", "msg_list"]
    assert answer["data"] == {"error_code": 0, "description": ""}
    assert answer["msg_list"][0] == answer["msg_id"] != answer["msg_list"][1]
    assert len(answer["msg_id"]) == 89


@pytest.mark.parametrize(
    "content",
    [
        {"msg_type": 2, "image": {"media_id": "@i=="}},
        {"msg_type": 3, "video": {"item_id": "@v=="}},
        {"msg_type": 9, "group_invitation": {"group_token": "CgYIASAHKAES"}},
        {"msg_type": 10, "applet_card": {"schema": "https://z.example.test/l"}},
        {"msg_type": 11, "applet_coupon": {"coupon_meta_id": "1"}},
        {"msg_type": 12, "auth_private_message_card": {"Title": "t"}},
    ],
)
def test_kinds_of_messages(content: dict[str, Any]) -> None:
    """Every kind of message is sent."""
    login = Login(Scene())

    assert login.scene.ask(sending(login, content=content))["extra"]["error_code"] == 0


def test_cards_and_groups_in_messages() -> None:
    """A message can name a card, a template or a group that is there, and no other."""
    login = Login(Scene())
    made = (
        (8, "retain_consult_card", "card_id", new_card(login)),
        (9, "group_invitation", "group_id", new_group(login)),
        (10, "applet_card", "card_template_id", new_template(login.scene)),
    )

    for number, kind, name, its_id in made:
        fine, none = ({"msg_type": number, kind: {name: each}} for each in (its_id, "@none=="))
        assert refused(login, sending(login, content=fine)) == (0, "")
        assert refused(login, sending(login, content=none)) == (2100005, "")
        assert "@none==" in why(login.scene)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"content": {"msg_type": 4}}, ""),
        ({"content": {"msg_type": [1]}}, ""),
        ({"content": {"msg_type": 1}}, "text.text must have a value"),
        ({"content": {"msg_type": 1, "text": {"text": ""}}}, "text.text must have a value"),
        ({"content": {"msg_type": 10}}, "applet_card must have a value"),
        ({}, "content must have a value"),
        ({"to_user_id": None, "content": TEXT}, "to_user_id must have a value"),
        ({"to_user_id": "_000nobody", "content": TEXT}, ""),
    ],
)
def test_messages_that_are_none(given: dict[str, Any], said: str) -> None:
    """A message without its content, or to nobody, is refused, and what is missing is named."""
    login = Login(Scene())

    assert refused(login, sending(login, **given)) == (2100005, said)


def test_writing_first() -> None:
    """Without a message to answer, only those who allow it can be written to."""
    login = Login(Scene())
    first = sending(login, msg_id=None, content=TEXT)

    allow(login, False)
    assert refused(login, first)[0] == 2100007
    allow(login, True)
    assert refused(login, first)[0] == 0


def test_writing_first_too_often() -> None:
    """The fourth message of a day is refused with a bare err_no, where limits are enforced."""
    login = Login(Scene(limits="enforce"))
    allow(login, True)
    first = sending(login, msg_id=None, content=TEXT)
    for _ in range(3):
        assert refused(login, first)[0] == 0

    answer = login.scene.ask(first)

    assert list(answer) == ["err_no", "log_id", "err_msg"]
    assert (answer["err_no"], answer["err_msg"]) == (28003070, "超出频控限制次数")
    assert refused(login, sending(login, content=TEXT))[0] == 0
    login.scene.advance(86400)
    assert refused(login, first)[0] == 0


def test_a_message_is_an_event() -> None:
    """A sent message is delivered as im_send_msg, with both people and the app as its source."""
    login = Login(Scene())
    listen(login.scene)

    sent = login.scene.ask(sending(login, conversion_id="@talk==", content_list=[TEXT, TEXT]))

    open_ids = [login.scene.open_id("web", name) for name in (PERSON, OTHER)]
    events = due(login.scene)
    assert [list(each[:3]) for each in events] == [["im_send_msg", *open_ids]] * 2
    assert [each.content["server_message_id"] for each in events] == sent["msg_list"]
    content = events[0].content
    assert content["server_message_id"] == sent["msg_id"]
    assert (content["conversation_short_id"], content["message_type"]) == ("@talk==", "text")
    assert (content["text"], content["conversation_type"]) == ("你好", 1)
    assert content["source"] == login.scene.app("web").client_key
    assert len(str(content["create_time"])) == 13
    assert [each["open_id"] for each in content["user_infos"]] == open_ids


def test_recalling() -> None:
    """A message is recalled once, by who sent it, and im_recall_msg is delivered."""
    login = Login(Scene())
    sent = login.scene.ask(sending(login, content=TEXT))["msg_id"]
    fields = {"msg_id": sent, "conversation_id": "@c==", "conversation_type": 1}
    theirs = Login(login.scene, OTHER).post(RECALL, **fields)
    assert login.scene.ask(theirs)["err_no"] == 28003036
    listen(login.scene)

    answer = login.scene.ask(login.post(RECALL, **fields))

    assert (answer["err_no"], "data" in answer) == (0, False)
    open_ids = [login.scene.open_id("web", name) for name in (PERSON, OTHER)]
    assert due(login.scene) == [("im_recall_msg", *open_ids, {"server_message_id": sent})]
    assert login.scene.ask(login.post(RECALL, **fields))["err_no"] == 28003036
    assert due(login.scene) == []
    wrong = login.post(RECALL, **{**fields, "conversation_type": 3})
    assert login.scene.ask(wrong)["err_no"] == 28001007


def test_whom_one_may_write_to() -> None:
    """The list is paged by cursor or by number, and agrees with the single answers."""
    login = Login(Scene())
    unit, app = unit_of(login.scene), login.scene.app("web")
    for name in ("小红", "老王", "Anna"):
        direct_messages.allow(unit, app, PERSON, name)
    unit.commit()

    def users(**fields: Any) -> Any:
        return login.scene.ask(login.post("/im/authorize/user_list/", **fields))

    first, second = users(limit=2)["data"], users(limit=2, cursor=2)["data"]
    assert (first["has_more"], first["next_cursor"], second["has_more"]) == (True, 2, False)
    rows = first["auth_user_list"] + second["auth_user_list"]
    assert users(page_num=1, page_size=50)["data"]["auth_user_list"] == rows
    assert users(page_num=2, page_size=2)["data"]["auth_user_list"] == rows[2:]
    for row in rows:
        ask = login.post("/im/authorize/status/", c_open_id=row["target_open_id"])
        assert login.scene.ask(ask)["data"]["status"] == 1
    for fields in ({}, {"limit": 101}, {"page_num": 1}, {"page_num": 1, "page_size": 51}):
        assert users(**fields)["err_no"] == 28001007
    assert users()["err_msg"] == "limit must have a value"
    assert users(page_num=-1, page_size=2)["err_no"] == 28001007


def test_who_does_not_allow_it() -> None:
    """Of somebody who allows no messages, the status is 0."""
    login = Login(Scene())
    allow(login, False)

    ask = login.post("/im/authorize/status/", c_open_id=login.scene.open_id("web", OTHER))

    assert login.scene.ask(ask)["data"]["status"] == 0


def test_an_image_to_send() -> None:
    """An image of up to 10 MB gets an id beside data and extra, with its MD5 and its size."""
    scene = Scene()
    headers = {"access-token": scene.client_token()}
    ask = Upload("POST", "/tool/imagex/client_upload/", {}, headers, None, "image", PICTURE)

    answer = scene.ask(ask)

    assert answer["md5"] == "64e3243399a6fb0f8f62272b17a27ef2"
    assert (answer["width"], answer["height"]) == (320, 112)
    assert answer["image_id"].startswith("@")
    big = Upload("POST", ask.path, {}, headers, None, "image", b"x" * (10 * MB + 1))
    assert scene.ask(big)["data"]["error_code"] == 2100005
    assert "over 10 MB" in why(scene)
