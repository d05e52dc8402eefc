"""Who somebody is in another app, among one developer's apps and as a business; players."""

from __future__ import annotations

import base64
from typing import Any

import httpx

from mockdouyin.testing.fixture import Douyin
from tests.endpoints.calls import PERSON, Ask, Scene, good
from tests.endpoints.calls_user import OTHER, Login, works

ROLES = ["COMPANY_BAND", "AUTH_COMPANY", "STAFF", "OPEN_BRAND", "OPEN_STAFF", "OPEN_PARTNER"]


def test_one_person_in_two_apps(douyin: Douyin) -> None:
    """A person who consents to the C app is identified in the B app, and back, for two hours."""
    business, consumer = douyin.app("web"), douyin.app("mini_program")
    with httpx.Client(base_url=douyin.url, timeout=20) as http:

        def token(app: Any) -> str:
            keys = {name: app[name] for name in ("client_key", "client_secret")}
            fields = {**keys, "grant_type": "client_credential"}
            answer = http.post("/oauth/stable_client_token/", json=fields).json()
            return str(answer["data"]["access_token"])

        def ask(path: str, app: Any, **fields: Any) -> Any:
            return http.post(path, json=fields, headers={"access-token": token(app)}).json()

        person = douyin.person(PERSON)
        known = person["open_ids"]
        keys = {"b_client_key": business["client_key"], "c_client_key": consumer["client_key"]}
        by_c, by_b = "/api/apps/v1/auth/get_openid_by_c/", "/api/douyin/v1/auth/get_openid_by_b/"

        def union(path: str, app: Any, of: Any) -> Any:
            return ask(path, app, **keys, open_id=known[of["client_key"]])

        assert union(by_c, consumer, consumer)["err_no"] == 28001012
        scopes = ["user_info", "unionauth.identification"]
        douyin.phone(PERSON).showDouyinOpenAuth(scopeList=scopes)
        found = union(by_c, consumer, consumer)
        assert (found["err_msg"], found["data"]["open_id"]) == (
            "success",
            known[business["client_key"]],
        )
        back = union(by_b, business, business)
        assert back["data"]["open_id"] == known[consumer["client_key"]]
        assert union(by_b, business, consumer)["err_no"] == 28001004
        douyin.clock.advance("2h")
        assert union(by_c, consumer, consumer)["err_no"] == 28001012

        related = "/api/douyin/v1/auth/get_related_id/"
        ids = {
            ask(related, app, open_id=known[app["client_key"]])["data"]["allied_id"]
            for app in (business, consumer)
        }
        assert len(ids) == 1


def test_another_developers_app_has_another_allied_id() -> None:
    """The id that the apps of one developer share is another one for another developer."""
    scene = Scene()
    ask = good(scene, "douyin_accounts.get_related_id")
    first = scene.ask(ask)["data"]["allied_id"]

    scene.amend("web", developer="somebody else")

    assert scene.ask(ask)["data"]["allied_id"] != first


def test_roles_are_told_by_open_id_and_by_number() -> None:
    """Roles that somebody lacks are in filter_role; match_result tells whether one is left."""
    scene = Scene()
    ask = good(scene, "douyin_accounts.role_check").having(role_labels=ROLES)
    by_open_id = ask.having(douyin_shortId=None)
    by_number = ask.having(open_id=None)

    data = scene.ask(by_open_id)["data"]
    assert scene.ask(by_number)["data"] == data
    lacking = data["filter_role"]
    assert data["match_result"] == (len(lacking) < len(ROLES))
    assert set(lacking.values()) <= {False}
    alone = {
        role: scene.ask(by_number.having(role_labels=[role]))["data"]["match_result"]
        for role in ROLES
    }
    assert [role for role in ROLES if not alone[role]] == list(lacking)
    both = ask.having(open_id=scene.open_id("web", OTHER))
    assert scene.ask(both)["data"] == scene.ask(both.having(douyin_shortId=None))["data"]


def test_a_wrong_number_is_told_a_right_one() -> None:
    """The reason for an unknown Douyin number has one that somebody has."""
    scene = Scene()
    ask = good(scene, "douyin_accounts.role_check").having(open_id=None)
    number = str((ask.fields or {})["douyin_shortId"])

    assert scene.ask(ask.having(douyin_shortId="1"))["err_no"] == 28001029
    assert number in list(scene.world.journal)[-1].why.render("en")
    assert scene.ask(ask.having(role_labels=["BOSS"]))["err_no"] == 28001007


def test_a_player_is_the_same_by_either_id() -> None:
    """A work's player is given by item_id, by that in base64 and by video_id, without a token."""
    scene = Scene()
    Login(scene)
    work = works(scene, OTHER)[0]
    by_item, by_video = (
        f"/api/douyin/v1/video/get_iframe_by_{name}" for name in ("item", "video")
    )
    key = {"client_key": scene.app("web").client_key}
    encoded = base64.b64encode(work.item_id.encode()).decode()

    player = scene.ask(Ask("GET", by_video, {"video_id": work.video_id}))["data"]
    assert f"player/video?vid={work.video_id}&" in player["iframe_code"]
    assert player["video_title"] == work.title
    for item_id in (work.item_id, encoded):
        assert scene.ask(Ask("GET", by_item, {"item_id": item_id, **key}))["data"] == player
    for wrong in ("%%%", "bm90aGluZw=="):
        assert scene.ask(Ask("GET", by_item, {"item_id": wrong, **key}))["err_no"] == 28005074
