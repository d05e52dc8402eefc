"""Subscription messages 2.0: sending, asking, and the templates."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.core.apps import Template
from tests.endpoints.calls import Ask, Scene, good

PATH = "/api/notification/v2/subscription/"
NOTIFY = "subscription.notify_user"


def call(scene: Scene, name: str, fields: dict[str, Any], method: str = "POST") -> Any:
    """Call one of the family's endpoints for the mini-program."""
    headers = {"access-token": scene.client_token("mini_program")}
    if method == "GET":
        return scene.ask(Ask("GET", f"{PATH}{name}/", fields, headers))
    return scene.ask(Ask("POST", f"{PATH}{name}/", headers=headers, fields=fields))


def standing(scene: Scene, template: str) -> list[Any]:
    """Ask what the person answered to a template."""
    fields = {"msg_id": template, "open_id": scene.open_id("mini_program")}
    return list(call(scene, "query_user_subscribe", fields)["data"].values())


def give(scene: Scene, **templates: Template) -> None:
    """Return the mini-program these templates and no others."""
    scene.amend("mini_program", templates=templates)


def test_a_message_is_sent_without_data() -> None:
    """The answer has no `data`, and the token travels in the header."""
    scene = Scene()

    answer = scene.ask(good(scene, NOTIFY))

    assert list(answer) == ["err_no", "err_msg", "log_id"]
    assert (answer["err_no"], answer["err_msg"]) == (0, "")


def test_messages_are_used_up_or_never_allowed() -> None:
    """A used-up consent is told from one that was never given."""
    scene = Scene()
    ask = good(scene, NOTIFY)
    never = ask.having(open_id=scene.open_id("mini_program", "小红"))

    assert [scene.ask(ask)["err_no"] for _ in range(2)] == [0, 28014041]
    assert scene.ask(never)["err_no"] == 28014043
    scene.phone("requestSubscribeMessage")
    assert scene.ask(ask)["err_no"] == 0


def test_a_refusal_is_the_persons() -> None:
    """A person who refuses is not written to, until they accept again."""
    scene = Scene()
    ask = good(scene, NOTIFY)

    scene.phone("requestSubscribeMessage", answers="reject")
    assert scene.ask(ask)["err_no"] == 28014036
    scene.phone("requestSubscribeMessage", answers="accept")
    assert scene.ask(ask)["err_no"] == 0


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_both_versions_spend_one_quota(version: str) -> None:
    """A message sent by one version is gone for the other."""
    scene = Scene()
    newer, older = good(scene, NOTIFY), good(scene, "mini_program.notify")
    first, second = (older, newer) if version == "v1" else (newer, older)

    assert [scene.ask(first)["err_no"] for _ in range(2)] == [0, 0]
    assert scene.ask(second)["err_no"] == (28014041 if version == "v1" else 28014043)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"msg_id": None, "open_id": "bad"}, 28001038),
        ({"notify_type": [3], "open_id": "bad"}, 28001038),
        ({"notify_type": ["1"]}, 0),
        ({"notify_type": None}, 0),
        ({"page": "pages/index?a=b"}, 0),
        ({"open_id": "bad", "msg_id": "bad"}, 28001004),
        ({"msg_id": "bad"}, 28001038),
        ({"data": {"other": "1"}}, 28001038),
        ({"data": "text"}, 28001038),
    ],
)
def test_a_message_is_refused_in_order(changes: dict[str, Any], expected: int) -> None:
    """Parameters, open_id, template, keywords: the first that is wrong decides."""
    scene = Scene()

    assert scene.ask(good(scene, NOTIFY).having(**changes))["err_no"] == expected


def test_a_template_without_keywords_takes_any_data() -> None:
    """Where a template names no keyword, every keyword will do."""
    scene = Scene()
    give(scene, MSG1=Template())

    assert scene.ask(good(scene, NOTIFY).having(data={"anything": "1"}))["err_no"] == 0


@pytest.mark.parametrize(
    ("kind", "accepted", "refused"), [("one_time", 1, 4), ("long_term", 2, 3)]
)
def test_the_standing_of_a_subscription(kind: Any, accepted: int, refused: int) -> None:
    """0 before any answer, 1 or 2 after consent, 4 or 3 after refusal."""
    scene = Scene()
    give(scene, MSG1=Template(kind=kind))

    assert standing(scene, "MSG1") == [0, True]
    scene.phone("requestSubscribeMessage")
    assert standing(scene, "MSG1") == [accepted, True]
    scene.phone("requestSubscribeMessage", answers="reject")
    assert standing(scene, "MSG1") == [refused, False]


def test_a_standing_needs_a_person_and_a_template() -> None:
    """Asking about nobody, or about no template, is refused."""
    scene = Scene()
    ask = good(scene, "subscription.query_user_subscribe")

    assert scene.ask(ask.having(open_id="bad"))["err_no"] == 28001004
    assert scene.ask(ask.having(msg_id="bad"))["err_no"] == 28001038


# Templates.


def test_a_template_is_added_used_and_deleted() -> None:
    """An added template is listed, can be consented to and sent, and is gone once deleted."""
    scene = Scene()
    added = call(scene, "add_app_tpl", {"template_id": "12263", "keyword_list": ["签到天数"]})
    msg_id = added["data"]["msg_id"]
    fields = {
        "msg_id": msg_id,
        "open_id": scene.open_id("mini_program"),
        "data": {"签到天数": "7"},
    }

    listed = call(
        scene, "query_app_tpl", {"classification": "2", "page_num": "1", "page_size": "9"}, "GET"
    )
    scene.phone("requestSubscribeMessage", tmplIds=[msg_id])

    row = {
        "msg_id": msg_id,
        "template_id": 12263,
        "classification": 2,
        "title": "签到提醒",
        "keyword_list": ["签到天数"],
        "category_name": "工具",
        "host_list": ["douyin"],
    }
    assert listed["data"] == {"total_count": 1, "template_list": [row]}
    assert [call(scene, "notify_user", fields)["err_no"] for _ in range(3)] == [0, 0, 0]
    assert call(scene, "delete_app_tpl", {"msg_id": msg_id})["err_no"] == 0
    assert call(scene, "notify_user", fields)["err_no"] == 28001038
    assert call(scene, "delete_app_tpl", {"msg_id": msg_id})["err_no"] == 28001038


def test_templates_of_a_scenario_can_be_deleted() -> None:
    """A template that the app had from the start can be deleted as well."""
    scene = Scene()

    fields = {"msg_id": scene.template("mini_program")}

    assert call(scene, "delete_app_tpl", fields)["err_no"] == 0
    assert call(scene, "delete_app_tpl", fields)["err_no"] == 28001038


def test_added_templates_have_ids_of_their_own() -> None:
    """Adding and deleting in any order never gives one id twice."""
    scene = Scene()
    fields = {"template_id": 12260, "keyword_list": ["订单编号"]}
    seen = []

    for _ in range(3):
        seen += [call(scene, "add_app_tpl", fields)["data"]["msg_id"] for _ in range(2)]
        call(scene, "delete_app_tpl", {"msg_id": seen[-1]})

    assert len(set(seen)) == 6


@pytest.mark.parametrize(
    "changes",
    [{"template_id": "1"}, {"keyword_list": ["no such keyword"]}, {"keyword_list": []}],
)
def test_a_template_is_added_from_what_is_public(changes: dict[str, Any]) -> None:
    """An unknown public template, a strange keyword, or none, is refused."""
    scene = Scene()

    answer = scene.ask(good(scene, "subscription.add_app_tpl").having(**changes))

    assert answer["err_no"] == 28001038


def test_a_classification_is_one_or_two() -> None:
    """A proposed template is one-time or long-term."""
    scene = Scene()

    answer = scene.ask(good(scene, "subscription.create_tpl").having(classification=3))

    assert answer["err_no"] == 28001038


def test_a_proposed_template_is_under_review() -> None:
    """What was proposed is listed with status 1, and by its status alone."""
    scene = Scene()
    ask = good(scene, "subscription.query_created_tpl_list")

    listed = scene.ask(ask)["data"]

    assert listed == {
        "total_count": 1,
        "template_list": [
            {
                "title": "取餐提醒",
                "keyword_list": ["取餐码", "门店"],
                "classification": 1,
                "host_list": ["douyin"],
                "operating_time": 1767240000,
                "status": 1,
                "fail_reason": "",
            }
        ],
    }
    assert scene.ask(ask.having(status=None))["data"] == listed
    assert scene.ask(ask.having(status="2"))["data"]["total_count"] == 0


def test_the_library_is_searched_and_paged() -> None:
    """Public templates are found by class and keyword, in title or keywords, page by page."""
    scene = Scene()

    def find(**query: str) -> Any:
        given = {"classification": "1", "page_num": "1", "page_size": "50", **query}
        data = call(scene, "query_tpl_list", given, "GET")["data"]
        return data["total_count"], [row["template_id"] for row in data["template_list"]]

    assert find() == (4, [12259, 12260, 12261, 12262])
    assert find(classification="2") == (2, [12263, 12264])
    assert find(keyword="奖励") == (1, [12262])
    assert find(keyword="拍摄通知") == (1, [12261])
    assert find(page_num="2", page_size="3") == (4, [12262])
    assert find(page_num="9") == (4, [])


@pytest.mark.parametrize("name", ["query_tpl_list", "query_app_tpl", "query_created_tpl_list"])
@pytest.mark.parametrize(
    "changes",
    [{"page_num": None}, {"page_size": None}, {"page_num": "-1"}, {"page_size": "51"}],
)
def test_pages_are_counted_from_one_by_at_most_fifty(name: str, changes: dict[str, Any]) -> None:
    """A page that cannot be is a bad parameter."""
    scene = Scene()

    answer = scene.ask(good(scene, f"subscription.{name}").having(**changes))

    assert answer["err_no"] == 28001038


def test_a_template_of_ones_own_title_is_no_public_one() -> None:
    """A scenario's template with a title of its own is listed without a public template."""
    scene = Scene()
    give(scene, MSG1=Template(title="自己的", fields=("a",)))

    data = scene.ask(good(scene, "subscription.query_app_tpl"))["data"]

    row = data["template_list"][0]
    assert (row["msg_id"], row["template_id"], row["category_name"]) == ("MSG1", 0, "")
