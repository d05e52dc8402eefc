"""tt.showDouyinOpenAuth: a mini-app's way to a person's tokens, and all that stands against it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockdouyin import MockDouyinError, Rule
from mockdouyin.core.apps import Webhook
from mockdouyin.core.clock import DAY
from mockdouyin.core.outbox import Delivery
from tests.endpoints.calls import PERSON, Ask, Scene

API = "showDouyinOpenAuth"
KINDS = ("mini_program", "mini_game")


def ask_for(scene: Scene, kind: str = "mini_program", **args: Any) -> Any:
    """Let a mini-app ask; give what it is handed."""
    return scene.phone(API, kind, **(args or {"scopeList": ["user_info"]}))


def exchange(scene: Scene, ticket: str, kind: str = "mini_program") -> Any:
    """Exchange a ticket as the mini-app's backend does, by a form; give the answer's data."""
    app = scene.app(kind)
    fields = {
        "client_key": app.client_key,
        "client_secret": app.client_secret,
        "code": ticket,
        "grant_type": "authorization_code",
    }
    return scene.ask(Ask("POST", "/oauth/access_token/", fields=fields))["data"]


def why(scene: Scene) -> str:
    """Return why the last call was refused."""
    return list(scene.world.journal)[-1].why.render("en")


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_way_to_a_profile(kind: str) -> None:
    """Ticket, tokens by the mini-app's key and secret, profile: of the open_id of its logins."""
    scene = Scene()
    handed = ask_for(scene, kind, scopeList=["user_info", "ma.user.data", "mobile_alert"])

    data = exchange(scene, handed["ticket"], kind)
    fields = {"access_token": data["access_token"], "open_id": data["open_id"]}
    info = scene.ask(Ask("POST", "/oauth/userinfo/", fields=fields))

    assert list(handed) == ["ticket", "grantPermissions", "errMsg"]
    assert handed["errMsg"] == "showDouyinOpenAuth:ok"
    assert handed["grantPermissions"] == ["user_info", "ma.user.data", "mobile_alert"]
    assert len(handed["ticket"]) == 36
    assert data["scope"] == "user_info,ma.user.data,mobile_alert"
    assert data["open_id"] == scene.open_id(kind)
    assert (info["err_no"], info["data"]["open_id"]) == (0, scene.open_id(kind))
    assert info["data"]["client_key"] == scene.app(kind).client_key
    assert info["data"]["encrypt_mobile"]


def test_the_open_id_is_that_of_the_login() -> None:
    """The token's open_id is the one that code2session gives the same app."""
    scene = Scene()
    app = scene.app("mini_program")
    login = {"appid": app.client_key, "secret": app.client_secret}
    code = scene.phone("login")["code"]
    session = scene.ask(Ask("POST", "/api/apps/v2/jscode2session", fields={**login, "code": code}))

    data = exchange(scene, ask_for(scene)["ticket"])

    assert data["open_id"] == session["data"]["openid"]


def test_the_tokens_are_refreshed_and_taken_back() -> None:
    """A mini-app's refresh token works as a web app's does, until the person revokes."""
    scene = Scene()
    app = scene.app("mini_program")
    data = exchange(scene, ask_for(scene)["ticket"])
    fields = {"client_key": app.client_key, "refresh_token": data["refresh_token"]}
    refresh = Ask(
        "POST", "/oauth/refresh_token/", fields={**fields, "grant_type": "refresh_token"}
    )

    scene.advance(16 * DAY)
    fresh = scene.ask(refresh)["data"]
    scene.world.transact(lambda: _revoke(scene))

    assert fresh["access_token"] != data["access_token"]
    assert scene.ask(refresh)["data"]["error_code"] == 10010
    assert why(scene) == f"{PERSON} has revoked the authorization"


def _revoke(scene: Scene) -> None:
    from mockdouyin.phone.consent import Revocation, revoke

    revoke(scene.world, Revocation(client_key=scene.app("mini_program").client_key, person=PERSON))


def test_a_ticket_is_a_code() -> None:
    """It works once, within ten minutes, for its own app; a newer one voids an older one."""
    scene = Scene()
    first, second = ask_for(scene)["ticket"], ask_for(scene)["ticket"]

    assert exchange(scene, first)["error_code"] == 10007
    assert why(scene).startswith("the code is void: a newer consent of the same person")
    assert exchange(scene, second, "mini_game")["error_code"] == 10014
    assert exchange(scene, second)["error_code"] == 0
    assert exchange(scene, second)["error_code"] == 10007
    late = ask_for(scene)["ticket"]
    scene.advance(601)
    assert exchange(scene, late)["error_code"] == 10007


def test_the_apps_webhook_is_told() -> None:
    """A person's consent to a mini-app is delivered as `authorize`."""
    scene = Scene()
    scene.amend("mini_program", webhook=Webhook(url="http://127.0.0.1:9/hook"))

    ask_for(scene, scopeList=["user_info", "video.list"])

    unit = scene.world.store.unit(scene.world.clock.now())
    [(_, delivery)] = unit.scan(Delivery)
    body = json.loads(delivery.body)
    assert (body["event"], body["client_key"]) == (
        "authorize",
        scene.app("mini_program").client_key,
    )
    assert body["from_user_id"] == scene.open_id("mini_program")
    assert body["content"] == {"scopes": ["user_info", "video.list"]}


OLDER = {"user_info": 0, "video.list": 1, "fans.data": 2}


@pytest.mark.parametrize(
    ("more", "granted"),
    [
        ({}, ["user_info", "video.list"]),
        ({"tick": []}, ["user_info"]),
        ({"tick": ["fans.data"]}, ["user_info", "fans.data"]),
        ({"tick": ["video.list", "fans.data"]}, ["user_info", "video.list", "fans.data"]),
        ({"scopeList": ["fans.data"]}, ["fans.data"]),
    ],
)
def test_the_older_argument(more: dict[str, Any], granted: list[str]) -> None:
    """`scopes` says what is required, ticked or not; a scopeList beside it goes first."""
    handed = ask_for(Scene(), scopes=OLDER, **more)

    assert handed["grantPermissions"] == granted


def test_what_belongs_to_the_app_is_not_listed() -> None:
    """A scope of the app alone can be asked for, and is not among what the person granted."""
    handed = ask_for(Scene(), scopes={"im.group_fans.create_list": 0, "renew_refresh_token": 0})

    assert handed["grantPermissions"] == ["im.group_fans.create_list"]


FAILS: list[tuple[dict[str, Any], int, str]] = [
    ({"scopeList": []}, 20000, "scopes is empty"),
    ({"scopes": {}}, 20000, "scopes is empty"),
    ({"person": PERSON}, 20000, "scopes is empty"),
    (
        {"scopeList": ["user_info", 0]},
        20000,
        "params.scopeList[1] should be string, but got 0",
    ),
    ({"scopeList": "user_info"}, 20000, "params.scopeList should be array, but got user_info"),
    ({"scopes": ["user_info"]}, 20000, "params.scopes should be object, but got ['user_info']"),
    (
        {"scopes": {"user_info": 3}},
        20000,
        "params.scopes.user_info should be 0, 1 or 2, but got 3",
    ),
    (
        {"scopeList": ["user_inf"]},
        21102,
        "request auth scope info fail Douyin has no scope 'user_inf'; did you mean user_info?",
    ),
    (
        {"scopeList": ["user_info video.list"]},
        21102,
        "request auth scope info fail scopes are separated by commas, and 'user_info video.list'"
        " is separated by a space",
    ),
    ({"scopeList": ["fans.data"]}, 21104, "no usage scope"),
    (
        {"scopeList": ["user_info", "fans.data"]},
        21103,
        "request auth code fail fail to auth, invalid scope: app 'mini_program' lacks the scope"
        " fans.data",
    ),
    (
        {"scopeList": ["user_info"], "hostLogin": False},
        21100,
        "login fail host login fail",
    ),
    ({"scopeList": ["user_info"], "decision": "deny"}, 10502, "auth deny"),
]


@pytest.mark.parametrize(("args", "number", "text"), FAILS, ids=[str(case[0]) for case in FAILS])
def test_what_stands_against_it(args: dict[str, Any], number: int, text: str) -> None:
    """Each mistake has the documented number, words that say which it is, and grants nothing."""
    scene = Scene()
    scene.amend("mini_program", scopes=("user_info", "video.list"))
    args.pop("person", None)
    before = scene.state()

    handed = scene.phone(API, **args)

    assert handed == {"errMsg": f"{API}:fail {text}", "errNo": number}
    assert scene.state() == before


def test_a_web_app_has_no_phone_to_ask_on() -> None:
    """The API is a mini-app's; a web app's key is refused, as its own page refuses mini-apps."""
    scene = Scene()
    query = {"client_key": scene.app("mini_program").client_key, "response_type": "code"}
    query |= {"scope": "user_info", "redirect_uri": "https://app.example.test/douyin/callback"}

    handed = ask_for(scene, "web")
    scene.send(Ask("GET", "/platform/oauth/connect/", query))

    assert handed == {"errMsg": f"{API}:fail feature is not supported in app", "errNo": 10301}
    last = list(scene.world.journal)[-1]
    assert last.error is not None
    assert last.error.code == 10015
    assert "tt.showDouyinOpenAuth, whose ticket is the code" in last.why.render("en")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"banned": True}, "is set to banned"),
        ({"trial": True}, "trial.whitelist is not among the scopes"),
        ({"trial": True, "trial_since": 1.0}, "was not released within 120 days"),
    ],
)
def test_an_app_that_cannot_ask(change: dict[str, Any], says: str) -> None:
    """An app that is offline or on trial gets no code, and is told why."""
    scene = Scene()
    scene.amend("mini_program", **change)

    handed = ask_for(scene)

    assert handed["errNo"] == 21103
    assert handed["errMsg"].startswith(f"{API}:fail request auth code fail app 'mini_program' ")
    assert says in handed["errMsg"]


@pytest.mark.parametrize(
    ("reason", "number", "text"),
    [
        (True, 21101, "request auth ticket fail"),
        (21100, 21100, "login fail"),
        (21101, 21101, "request auth ticket fail"),
        (21102, 21102, "request auth scope info fail"),
        (21103, 21103, "request auth code fail"),
        (21104, 21104, "no usage scope"),
        (20000, 20000, "scopes is empty"),
        (10301, 10301, "feature is not supported in app"),
    ],
)
def test_every_documented_failure_can_be_asked_for(
    reason: bool | int, number: int, text: str
) -> None:
    """`fail`, or a rule, gives each of the table's numbers with its text."""
    scene = Scene()
    direct = ask_for(scene, scopeList=["user_info"], fail=reason)
    scene.world.rules.add(Rule(on=f"phone.{API}", error=str(number), times=1))

    expected = {"errMsg": f"{API}:fail {text}", "errNo": number}
    assert direct == expected
    assert ask_for(scene) == expected
    assert ask_for(scene)["errMsg"] == f"{API}:ok"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"scopeList": ["user_info"], "decision": "perhaps"}, "decision is allow or deny"),
        ({"scopes": {"user_info": 0}, "tick": ["user_info"]}, "there are none"),
        ({"scopes": OLDER, "tick": "fans.data"}, "video.list, fans.data"),
    ],
)
def test_an_answer_that_no_person_can_give(args: dict[str, Any], says: str) -> None:
    """What is asked of the person and makes no sense is our own complaint."""
    with pytest.raises(MockDouyinError, match=says):
        ask_for(Scene(), **args)
