"""The whole life of a fan group, over HTTP: its owner's backend, people's phones, the receiver."""

from __future__ import annotations

import json
from typing import Any

from tests.stories.teller import Teller

SCOPES = (
    *("im.group_fans.create_list", "im.group_message", "im.recall_message"),
    *("im.message_card", "im.multimedia_message"),
)
GROUP = {"group_name": "粉丝群", "avatar_uri": "https://a.example.test/1.png", "description": "聊"}


class Backend:
    """小明's backend: it calls with his token, and its receiver hears of what happens."""

    def __init__(self, tell: Teller) -> None:
        tell.listen()
        granted = tell.token_of("小明", *SCOPES)
        self.tell = tell
        self.token: str = granted["access_token"]
        self.owner = {"open_id": granted["open_id"]}
        self._heard = len(tell.receiver.received)

    def post(self, path: str, **fields: Any) -> Any:
        """Post for 小明."""
        return self.tell.post(path, fields, self.token, **self.owner)

    def get(self, path: str, **query: str) -> Any:
        """Get for 小明."""
        return self.tell.get(path, {**self.owner, **query}, self.token)

    def heard(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Return what the receiver heard since: the event, who did it, the content."""
        self.tell.settle()
        new = self.tell.receiver.received[self._heard :]
        self._heard += len(new)
        assert all(each.is_signed(self.tell.web.client_secret) for each in new)
        bodies = [each.payload for each in new]
        return [(body["event"], body["from_user_id"], _content(body)) for body in bodies]


def _content(body: dict[str, Any]) -> Any:
    content = body["content"]
    return json.loads(content) if isinstance(content, str) else content


def test_a_fan_group_from_its_creation_to_its_last_message(teller: Teller) -> None:
    """What each call and each person does is seen by all the others, and heard by the receiver."""
    backend = Backend(teller)
    fan, owner = teller.douyin.person("小红").open_ids[teller.web.client_key], backend.owner
    red, old = ({"person": name, "other": "小明"} for name in ("小红", "老王"))

    # A group is created: the quota shrinks, and it is listed.
    left = backend.get("/im/group/count/")["left_count"]
    made = backend.post("/im/group/fans/create/", **GROUP, open_audit_switch=1)["group_id"]
    assert backend.get("/im/group/count/")["left_count"] == left - 1
    [row] = backend.get("/im/group/fans/list/")["group_list"]
    assert (row["group_id"], row["exist_num"], row["max_num"]) == (made, 1, 500)

    # Its greeting is a text, its notice another one.
    for kind, text in ((1, "欢迎"), (2, "周五直播")):
        said = [{"msg_type": 1, "text": {"text": text}}]
        setting = {"group_id": made, "group_setting_type": kind, "msg_list": said}
        assert backend.post("/im/group/setting/set/", **setting)["err_no"] == 0

    # 小红 and 老王 apply; one is approved, one refused, and no decision is made twice.
    first, second = (teller.douyin.act("join_group", **each).apply_id for each in (red, old))
    applied = backend.heard()
    assert [(event, told["apply_id"], told["apply_status"]) for event, _, told in applied] == [
        ("enter_group_audit_change", first, 1),
        ("enter_group_audit_change", second, 1),
    ]
    page = backend.get("/im/group/enter/audit/get/", cursor="0", count="1")["apply_list"]
    assert (page["list"][0]["user_id"], page["has_more"], page["cursor"]) == (fan, True, 1)
    for apply_id, status in ((first, 2), (second, 3)):
        decision = {"apply_id": apply_id, "status": status}
        assert backend.post("/im/group/enter/audit/set/", **decision)["success"] is True
        again = backend.post("/im/group/enter/audit/set/", **decision)
        assert (again["success"], again["data"]["error_code"]) == (False, 2100008)
    decided = backend.heard()
    assert sorted(event for event, _, _ in decided) == [
        *("enter_group_audit_change", "enter_group_audit_change"),
        *("group_fans_event", "im_group_send_msg"),
    ]
    [joined] = [told for event, _, told in decided if event == "group_fans_event"]
    assert (joined["open_id"], joined["im_group_id"]) == (fan, made)
    rows = backend.get("/im/group/enter/audit/get/", count="10")["apply_list"]["list"]
    assert [each["apply_status"] for each in rows] == [2, 3]
    assert backend.get("/im/group/fans/list/")["group_list"][0]["exist_num"] == 2

    # The backend writes with a card, and 小红 answers with a picture, which the backend fetches.
    card = {"title": "留资", "media_id": "@p==", "components": [1, 2]}
    card_id = backend.post("/im/save/retain_consult_card/", **card)["card_id"]
    teller.douyin.clock.advance("10m")
    assert [each["status"] for each in backend.get("/im/get/retain_consult_card/")["cards"]] == [1]
    contents = [
        {"msg_type": 1, "text": {"text": "大家好"}},
        {"msg_type": 8, "retain_consult_card": {"card_id": card_id}},
    ]
    sent = backend.post("/im/send/msg/group/", group_id=made, content_list=contents)["msg_id"]
    answer = teller.douyin.act("group_message", **red, media="image").msg_id
    heard = {told["server_message_id"]: (event, who) for event, who, told in backend.heard()}
    assert heard[sent] == ("im_group_send_msg", owner["open_id"])
    assert heard[answer] == ("im_group_receive_msg", fan)
    where = {"conversation_id": made, "message_id": str(answer)}
    assert backend.get("/api/im/message/resources/", **where)["data"]["media_type"] == "image"

    # A card of the app's template goes there too; once deleted, the template cannot be sent.
    token = teller.client_token(teller.web)
    content = {"title": "来玩", "content": "点击加入", "media_id": "@p=="}
    templates = "/api/douyin/v1/im/{}_applet_template/".format
    one, same = (teller.post(templates("set"), content, token)["data"] for _ in range(2))
    assert one["card_template_id"] == same["card_template_id"]
    [row] = teller.post(templates("get"), {}, token)["data"]["list"]
    assert (row["card_template_id"], row["status"]) == (one["card_template_id"], 0)
    applet = {"msg_type": 10, "applet_card": {"card_template_id": one["card_template_id"]}}
    assert backend.post("/im/send/msg/group/", group_id=made, content=applet)["msg_id"]
    gone = teller.post(templates("del"), {}, token, card_template_id=one["card_template_id"])
    assert gone["data"]["error_code"] == 0
    refused = backend.post("/im/send/msg/group/", group_id=made, content=applet)
    assert refused["data"]["error_code"] == 2100005
    assert [event for event, _, _ in backend.heard()] == ["im_group_send_msg"]

    # 小红 reads all of it, until a message is recalled; 老王 is not in the group.
    read = teller.douyin.act("read_group", **red)
    kinds = ["text", "text", "retain_consult_card", "user_local_image", "applet_card"]
    assert [each.kind for each in read.messages or []] == kinds
    assert read.notice == [{"text": "周五直播"}]
    recalled = {"msg_id": sent, "conversation_id": made, "conversation_type": 2}
    assert backend.post("/im/recall/msg/", **recalled)["err_no"] == 0
    assert backend.heard() == [
        ("im_recall_msg", owner["open_id"], {"server_message_id": sent}),
    ]
    assert len(teller.douyin.act("read_group", **red).messages or []) == 4

    # The settings are taken away, the card is deleted, and 小红 leaves.
    for kind in (1, 2):
        setting = {"group_id": made, "group_setting_type": kind}
        assert backend.post("/im/group/setting/disable/", **setting)["err_no"] == 0
    assert teller.douyin.act("read_group", **red).notice == []
    assert backend.get("/im/del/retain_consult_card/", card_id=card_id)["data"]["error_code"] == 0
    assert backend.get("/im/get/retain_consult_card/")["cards"] == []
    teller.douyin.act("leave_group", **red)
    assert backend.get("/im/group/fans/list/")["group_list"][0]["exist_num"] == 1

    # All of it is one story.
    [story] = [each for each in teller.douyin.stories if each.kind == "group"]
    assert story.verdict == "refused"
    assert {"im.create_group", "im.decide_application", "im.recall_msg"} <= {
        str(step.endpoint) for step in story.steps if step.kind == "exchange"
    }
