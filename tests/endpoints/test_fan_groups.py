"""Fan groups: whom they take, who decides, what is set, and what is written in them."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import MockDouyinError, Rule
from mockdouyin.core.clock import DAY
from mockdouyin.domain import audience, fan_groups
from tests.endpoints.calls import PERSON, Scene, good
from tests.endpoints.calls_groups import TEXT, act, new_card, new_group, new_template
from tests.endpoints.calls_user import OTHER, Login, due, listen, unit_of
from tests.endpoints.test_video import refused, why

CREATE, LIST = "/im/group/fans/create/", "/im/group/fans/list/"
AUDITS, DECIDE = "/im/group/enter/audit/get/", "/im/group/enter/audit/set/"
SET, DISABLE = "/im/group/setting/set/", "/im/group/setting/disable/"
SEND = "/im/send/msg/group/"


def groups(login: Login) -> list[dict[str, Any]]:
    """List a person's groups."""
    rows: list[dict[str, Any]] = login.scene.ask(login.get(LIST))["group_list"]
    return rows


def number(login: Login, path: str, **fields: Any) -> int:
    """Make a call of the newer generation; give its number."""
    return int(login.scene.ask(login.post(path, **fields))["err_no"])


def test_a_person_without_groups() -> None:
    """Before the app creates a group there is none, and both paths tell the whole quota."""
    login = Login(Scene())

    assert groups(login) == []
    for path in ("/im/group/count/", "/im/group/fans/count/"):
        assert login.scene.ask(login.get(path))["left_count"] == fan_groups.MAX_GROUPS


def test_groups_are_their_owners() -> None:
    """Each person has groups and a quota of their own, and nobody sees or uses another's."""
    mine = Login(Scene())
    theirs = Login(mine.scene, OTHER)
    group_id = new_group(mine)

    assert groups(theirs) == []
    assert mine.scene.ask(theirs.get("/im/group/count/"))["left_count"] == fan_groups.MAX_GROUPS
    sending = theirs.post(SEND, group_id=group_id, content=TEXT)
    assert refused(theirs, sending)[0] == 2100006
    assert "has no group" in why(mine.scene)


@pytest.mark.parametrize("relation", [2, -1, 365])
def test_a_relation_type_that_is_none(relation: int) -> None:
    """A relation_type beside 0, 1, 7, 30 and 60 is refused, and no group is made."""
    login = Login(Scene())
    group = {"group_name": "群", "avatar_uri": "a", "description": "b"}

    assert refused(login, login.post(CREATE, **group, relation_type=relation))[0] == 2100005
    assert groups(login) == []


@pytest.mark.parametrize(
    ("relation", "limit", "days"),
    [(0, None, None), (1, ["关注群主"], 0), (7, ["关注群主7天"], 7), (60, ["关注群主60天"], 60)],
)
def test_whom_a_group_takes(relation: int, limit: list[str] | None, days: int | None) -> None:
    """A group takes anybody, followers, or those who have followed for so many days."""
    login = Login(Scene())
    scene = login.scene
    new_group(login, relation_type=relation)
    assert groups(login)[0]["entry_limit"] == limit

    def follow(*, follows: bool) -> None:
        unit = unit_of(scene)
        audience.follow(unit, OTHER, PERSON, follows=follows)
        unit.commit()

    follow(follows=False)
    if days is not None:
        with pytest.raises(MockDouyinError, match="takes those who have followed"):
            act(scene, "join_group")
        follow(follows=True)
    if days:
        scene.advance(days * DAY - 1)
        with pytest.raises(MockDouyinError, match=f"for {days} days"):
            act(scene, "join_group")
        scene.advance(1)
    act(scene, "join_group")
    assert groups(Login(scene))[0]["exist_num"] == 2  # his first token has expired


def test_joining_and_leaving() -> None:
    """Without the audit switch who joins is in at once, once, until they leave."""
    login = Login(Scene())
    listen(login.scene)
    group_id = new_group(login)

    joined = act(login.scene, "join_group")

    assert "apply_id" not in joined
    [told] = due(login.scene)
    fan, owner = (login.scene.open_id("web", name) for name in (OTHER, PERSON))
    assert told[:3] == ("group_fans_event", fan, owner)
    assert (told.content["open_id"], told.content["im_group_id"]) == (fan, group_id)
    for who in (OTHER, PERSON):
        with pytest.raises(MockDouyinError, match="is in the group '粉丝群' already"):
            act(login.scene, "join_group", person=who)
    act(login.scene, "leave_group")
    assert groups(login)[0]["exist_num"] == 1
    with pytest.raises(MockDouyinError, match="is not in the group"):
        act(login.scene, "leave_group")
    act(login.scene, "join_group")
    assert groups(login)[0]["exist_num"] == 2


def test_an_application_waits_for_its_decision() -> None:
    """Who applied cannot apply again before a decision; after a refusal they can."""
    login = Login(Scene())
    new_group(login, open_audit_switch=1)
    first = act(login.scene, "join_group")["apply_id"]
    with pytest.raises(MockDouyinError, match="waits already"):
        act(login.scene, "join_group")
    for status in (1, 4):
        assert refused(login, login.post(DECIDE, apply_id=first, status=status))[0] == 2100005
    theirs = Login(login.scene, OTHER)
    assert refused(theirs, theirs.post(DECIDE, apply_id=first, status=2))[0] == 2100006

    assert refused(login, login.post(DECIDE, apply_id=first, status=3))[0] == 0

    assert groups(login)[0]["exist_num"] == 1
    with pytest.raises(MockDouyinError, match="is not in the group"):
        act(login.scene, "read_group")
    second = act(login.scene, "join_group")["apply_id"]
    assert second != first
    rows = login.scene.ask(login.get(AUDITS, count=10))["apply_list"]["list"]
    assert [(row["apply_id"], row["apply_status"]) for row in rows] == [(first, 3), (second, 1)]


def test_applications_are_paged() -> None:
    """The list has the applications to all of a person's groups, oldest first, in pages."""
    login = Login(Scene())
    names = (OTHER, "老王", "Anna")
    one, two = (new_group(login, open_audit_switch=1) for _ in range(2))
    made = [act(login.scene, "join_group", person=name, group_id=one) for name in names]
    made.append(act(login.scene, "join_group", group_id=two))

    def page(**query: Any) -> Any:
        return login.scene.ask(login.get(AUDITS, **query))["apply_list"]

    first, second = page(count=3), page(count=3, cursor=3)

    assert (first["cursor"], first["has_more"]) == (3, True)
    assert (second["cursor"], second["has_more"]) == (4, False)
    rows = first["list"] + second["list"]
    assert [row["apply_id"] for row in rows] == [each["apply_id"] for each in made]
    assert [row["group_id"] for row in rows] == [one, one, one, two]
    for query in ({"count": 101}, {"count": 1, "cursor": -1}):
        assert refused(login, login.get(AUDITS, **query))[0] == 2100005


def test_a_full_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group that is full takes nobody, and no application to it can be approved."""
    login = Login(Scene())
    new_group(login, open_audit_switch=1)
    waiting = act(login.scene, "join_group")["apply_id"]
    monkeypatch.setattr(fan_groups, "MAX_MEMBERS", 1)

    with pytest.raises(MockDouyinError, match="takes no more"):
        act(login.scene, "join_group", person="老王")
    assert refused(login, login.post(DECIDE, apply_id=waiting, status=2))[0] == 2100008
    assert "1 members" in why(login.scene)
    assert refused(login, login.post(DECIDE, apply_id=waiting, status=3))[0] == 0


def test_a_greeting_greets() -> None:
    """Whoever joins is written to in the owner's name, until the greeting is taken away."""
    login = Login(Scene())
    one, two = new_group(login), new_group(login)
    listen(login.scene)
    template = {"card_template_id": new_template(login.scene)}
    greeting = [TEXT, {"msg_type": 10, "applet_card": template}]
    assert number(login, SET, group_setting_type=1, msg_list=greeting) == 0

    for group_id in (one, two):
        act(login.scene, "join_group", group_id=group_id)

    events = [(told.event, told.content.get("message_type")) for told in due(login.scene)]
    assert events == 2 * [
        ("group_fans_event", None),
        ("im_group_send_msg", "text"),
        ("im_group_send_msg", "other"),
    ]
    assert number(login, DISABLE, group_id=one, group_setting_type=1) == 0
    act(login.scene, "join_group", person="老王", group_id=one)
    assert [told.event for told in due(login.scene)] == ["group_fans_event"]


@pytest.mark.parametrize(
    "given",
    [
        {"group_setting_type": 3},
        {"msg_list": [{"msg_type": 2, "image": {"media_id": "@i=="}}]},
        {"msg_list": [{"msg_type": 1, "text": {}}]},
        {"msg_list": [{}]},
    ],
)
def test_a_setting_that_is_none(given: dict[str, Any]) -> None:
    """A setting is of type 1 or 2, and made of texts, mini-program cards and coupons."""
    login = Login(Scene())
    setting = {"group_id": new_group(login), "group_setting_type": 1, "msg_list": [TEXT]}

    assert number(login, SET, **{**setting, **given}) == 28001007


def test_a_setting_without_a_group() -> None:
    """Who has no group has nothing to set."""
    login = Login(Scene())

    assert number(login, SET, group_setting_type=1, msg_list=[TEXT]) == 28005074
    assert number(login, DISABLE, group_id="@none==", group_setting_type=1) == 28005074


@pytest.mark.parametrize(
    ("content", "message_type"),
    [
        ({"msg_type": 2, "image": {"media_id": "@i=="}}, "image"),
        ({"msg_type": 3, "video": {"item_id": "@v=="}}, "video"),
        ({"msg_type": 10, "applet_card": {"path": "pages/index"}}, "other"),
    ],
)
def test_kinds_of_group_messages(content: dict[str, Any], message_type: str) -> None:
    """Each kind is sent, and the event tells what it is, and no text where there is none."""
    login = Login(Scene())
    group_id = new_group(login)
    listen(login.scene)

    sent = login.scene.ask(login.post(SEND, group_id=group_id, content=content))["msg_id"]

    [told] = due(login.scene)
    owner = login.scene.open_id("web")
    assert (told.event, told.person, told.content["owner_id"]) == (
        "im_group_send_msg",
        owner,
        owner,
    )
    assert (told.content["server_message_id"], told.content["conversation_type"]) == (sent, 2)
    assert (told.content["message_type"], told.content["text"]) == (message_type, "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"msg_type": 9, "group_invitation": {"group_id": "@g=="}}, ""),
        ({"msg_type": 1, "text": {"text": ""}}, "text.text must have a value"),
        ({"msg_type": 13, "template_card": {"card_template_id": "@none=="}}, ""),
        ({"msg_type": 8, "retain_consult_card": {"card_id": "@none=="}}, ""),
        ({}, "content must have a value"),
    ],
)
def test_group_messages_that_are_none(content: dict[str, Any], said: str) -> None:
    """A message of no kind, without its content, or with a card that is not there is refused."""
    login = Login(Scene())
    group_id = new_group(login)

    assert refused(login, login.post(SEND, group_id=group_id, content=content)) == (2100005, said)


def test_a_card_in_a_group() -> None:
    """Cards and templates that are there are sent to a group."""
    login = Login(Scene())
    group_id = new_group(login)
    contents = [
        {"msg_type": 8, "retain_consult_card": {"card_id": new_card(login)}},
        {"msg_type": 13, "template_card": {"card_template_id": new_template(login.scene)}},
    ]

    assert refused(login, login.post(SEND, group_id=group_id, content_list=contents))[0] == 0

    read = act(login.scene, "read_group", person=PERSON)["messages"]
    assert [each["kind"] for each in read] == ["retain_consult_card", "template_card"]


def test_a_member_reads_what_was_written_since_they_joined() -> None:
    """Of older messages a member reads none, and of the newest a hundred at most."""
    login = Login(Scene())
    group_id = new_group(login)
    before = login.post(SEND, group_id=group_id, content=TEXT)
    assert refused(login, before)[0] == 0
    login.scene.advance(1)
    act(login.scene, "join_group")

    assert act(login.scene, "read_group")["messages"] == []
    for number in range(101):
        act(login.scene, "group_message", text=str(number))
    read = act(login.scene, "read_group")["messages"]
    assert [each["content"]["text"] for each in read] == [str(n) for n in range(1, 101)]
    assert {each["person"] for each in read} == {OTHER}


def test_a_picture_in_a_conversation() -> None:
    """Both sides of a conversation get the address of a video, and nobody gets that of a text."""
    login = Login(Scene())
    sent = act(login.scene, "message", media="video")
    text = act(login.scene, "message", text="在吗")
    path = "/api/im/message/resources/"

    def ask(who: Login, message: dict[str, Any], **given: str) -> Any:
        query = {"conversation_id": message["conversation_id"], "message_id": message["msg_id"]}
        return login.scene.ask(who.get(path, **{**query, **given}))

    found = ask(login, sent)["data"]

    assert (found["media_type"], found["url"].partition("&")[0]) == (
        "video",
        "https://p3.example.test/im_open/media?type=video",
    )
    assert ask(Login(login.scene, OTHER), sent)["data"] == found
    assert ask(Login(login.scene, "老王"), sent)["err_no"] == 28005074
    assert ask(login, sent, conversation_id="@other==")["err_no"] == 28005074
    assert ask(login, text)["err_no"] == 28005074
    assert "no picture or video" in why(login.scene)


@pytest.mark.parametrize("name", ["im.send_group_msg", "im.decide_application"])
def test_what_a_rule_refuses_belongs_to_the_group(name: str) -> None:
    """A call about a group belongs to the group, also where a rule answers in its place."""
    scene = Scene()
    ask = good(scene, name)
    scene.world.rules.add(Rule(on=name, error="system_error"))

    scene.send(ask)

    last = list(scene.world.journal)[-1]
    assert last.verdict == "refused"
    assert f"group:{scene.app('web').client_key}" in "".join(link.id for link in last.links)
