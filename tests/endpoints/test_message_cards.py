"""Cards for messages: 留资卡片 of a person, card templates of an app, and how they are audited."""

from __future__ import annotations

from typing import Any

import pytest

from tests.endpoints.calls import Ask, Scene
from tests.endpoints.calls_groups import CARD, TEMPLATE, new_card, new_group, new_template, of_app
from tests.endpoints.calls_user import OTHER, Login
from tests.endpoints.test_video import refused, why

SAVE, DELETE = "/im/save/retain_consult_card/", "/im/del/retain_consult_card/"
TEMPLATES = "/api/douyin/v1/im/"


def cards(login: Login) -> list[dict[str, Any]]:
    """List a person's cards."""
    rows: list[dict[str, Any]] = login.scene.ask(login.get("/im/get/retain_consult_card/"))[
        "cards"
    ]
    return rows


def templates(scene: Scene, **fields: Any) -> Any:
    """List the web app's templates."""
    answer = scene.ask(of_app(scene, TEMPLATES + "get_applet_template/", **fields))
    assert answer["extra"]["error_code"] == 0
    return answer["data"]


def set_template(scene: Scene, **fields: Any) -> Any:
    """Set a template."""
    return scene.ask(of_app(scene, TEMPLATES + "set_applet_template/", **fields))["data"]


@pytest.mark.parametrize(("result", "status"), [("passed", 1), ("refused", 2)])
def test_a_card_is_audited(result: str, status: int) -> None:
    """A card is in review for the world's time, then passed or refused; a change begins anew."""
    login = Login(Scene(audit_takes="5m", audit_result=result))
    card_id = new_card(login)
    [card] = cards(login)
    assert (card["status"], card["title"], card["components"]) == (0, "同类型", [1, 2, 3])

    login.scene.advance(299)
    assert cards(login)[0]["status"] == 0
    login.scene.advance(1)
    assert cards(login)[0]["status"] == status
    changed = login.post(SAVE, card_id=card_id, title="新", media_id="@m==", components=[2])
    assert login.scene.ask(changed)["card_id"] == card_id

    row = {"card_id": card_id, "title": "新", "media_id": "@m==", "components": [2], "status": 0}
    assert cards(login) == [row]


def test_cards_are_their_persons() -> None:
    """Nobody sees, changes or deletes another's card."""
    login = Login(Scene())
    theirs, card_id = Login(login.scene, OTHER), new_card(login)

    assert cards(theirs) == []
    assert refused(theirs, theirs.post(SAVE, **CARD, card_id=card_id))[0] == 2100006
    assert refused(theirs, theirs.get(DELETE, card_id=card_id))[0] == 2100006
    assert len(cards(login)) == 1


def test_a_deleted_card_is_gone() -> None:
    """A card is deleted once; it is no longer listed, and the next one has another id."""
    login = Login(Scene())
    first, second = new_card(login), new_card(login)

    assert refused(login, login.get(DELETE, card_id=first))[0] == 0

    assert [card["card_id"] for card in cards(login)] == [second]
    assert refused(login, login.get(DELETE, card_id=first))[0] == 2100006
    assert new_card(login) not in (first, second)


def test_an_unescaped_id_is_found() -> None:
    """An id whose plus signs an unescaped query turned into spaces is still found."""
    login = Login(Scene())
    card_id = next(made for made in (new_card(login) for _ in range(20)) if "+" in made)

    assert refused(login, login.get(DELETE, card_id=card_id.replace("+", " ")))[0] == 0


@pytest.mark.parametrize("components", [[0], [1, 100], [-1], [10**30]])
def test_components_that_are_none(components: list[int]) -> None:
    """A component has a number from 1 to 99."""
    login = Login(Scene())

    assert refused(login, login.post(SAVE, **{**CARD, "components": components}))[0] == 2100005
    assert cards(login) == []


@pytest.mark.parametrize("number", [-1, 100, 10**30])
def test_kinds_that_are_none(number: int) -> None:
    """Kinds of groups and cards are numbers up to 99, which can be kept; others are refused."""
    login = Login(Scene())
    group = {"group_name": "群", "avatar_uri": "a", "description": "b", "group_type": number}

    assert refused(login, login.post("/im/group/fans/create/", **group))[0] == 2100005
    assert set_template(login.scene, **TEMPLATE, card_type=number)["error_code"] == 2100005


def test_a_refused_card_cannot_be_sent() -> None:
    """What the audit refused is in no message; while it is in review it can be sent."""
    login = Login(Scene(audit_result="refused"))
    group_id, card_id = new_group(login), new_card(login)
    template_id = new_template(login.scene)
    contents = [
        {"msg_type": 8, "retain_consult_card": {"card_id": card_id}},
        {"msg_type": 10, "applet_card": {"card_template_id": template_id}},
    ]
    sends = [
        login.post("/im/send/msg/group/", group_id=group_id, content=each) for each in contents
    ]
    assert [refused(login, ask)[0] for ask in sends] == [0, 0]

    login.scene.advance(600)

    for ask in sends:
        assert refused(login, ask)[0] == 2100005
        assert "did not pass its audit" in why(login.scene)


def test_the_same_content_is_the_same_template() -> None:
    """What is set again with the same content keeps its id; other content is another template."""
    scene = Scene()

    first, again, other = (new_template(scene, title=title) for title in ("甲", "甲", "乙"))

    assert first == again != other
    assert [row["title"] for row in templates(scene)["list"]] == ["甲", "乙"]


def test_a_template_is_changed_and_audited_anew() -> None:
    """A change keeps what it does not say, and begins the audit; the old content is free again."""
    scene = Scene()
    made = new_template(scene)
    scene.advance(600)
    assert templates(scene)["list"][0]["status"] == 1
    assert set_template(scene, card_template_id=made, title=TEMPLATE["title"])["error_code"] == 0
    assert templates(scene)["list"][0]["status"] == 1  # nothing was changed

    assert set_template(scene, card_template_id=made, title="新")["card_template_id"] == made

    [row] = templates(scene)["list"]
    assert (row["title"], row["content"], row["status"]) == ("新", TEMPLATE["content"], 0)
    assert row["update_time"] == row["create_time"] + 600
    assert new_template(scene) != made
    assert new_template(scene, title="新") == made


def test_templates_are_listed_by_status_and_id() -> None:
    """The list has pages, and can be of one status or of one template."""
    scene = Scene(audit_result="refused")
    first = new_template(scene, title="甲")
    scene.advance(600)
    second = new_template(scene, title="乙", app_id=scene.app("mini_program").client_key)

    def ids(**fields: Any) -> list[str]:
        return [row["card_template_id"] for row in templates(scene, **fields)["list"]]

    assert ids(status=2) == ids(card_template_id=first) == ids(count=1) == [first]
    assert ids(status=0) == ids(cursor=1) == [second]
    assert ids(status=1) == ids(card_template_id="@none==") == []
    assert templates(scene, count=1)["has_more"] is True
    refusal, review = templates(scene)["list"]
    assert ("reject_reasons" in refusal, "reject_reasons" in review) == (True, False)
    assert (refusal["name"], review["name"]) == ("web", "mini_program")


def test_a_template_is_deleted_by_the_query() -> None:
    """The id stands in the query of a POST; what is deleted is gone, and its content is free."""
    scene = Scene()
    made = new_template(scene)
    headers = {"access-token": scene.client_token("web")}
    query = {"card_template_id": made}
    ask = Ask("POST", TEMPLATES + "del_applet_template/", query, headers)

    assert scene.ask(ask)["data"] == {"error_code": 0, "description": ""}

    assert templates(scene)["list"] == []
    assert scene.ask(ask)["data"]["error_code"] == 2100006
    assert new_template(scene) != made
