"""A rule's condition on the person or the app that a call is about."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockdouyin import Rule, Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.core.calls import Call
from mockdouyin.core.errors import ScenarioError
from mockdouyin.domain import subjects
from tests.endpoints.calls import Scene, good
from tests.endpoints.calls_payment import ordered, signed
from tests.support.helpers import (
    GAME,
    GAME_LOGIN,
    PROGRAM,
    PROGRAM_LOGIN,
    UNSERVED,
    WEB_CLIENT,
    app_token,
    client_token,
    consent,
    get,
    phone,
    post,
    sandbox,
    send,
)

LOGIN = "/api/apps/v2/jscode2session"


def ruled(on: Any, when: dict[str, Any], **settings: Any) -> Sandbox:
    """Make a sandbox with a rule that answers such calls with a 502."""
    box = sandbox(settings=settings)
    execute(box, "add_rule", body={"on": on, "when": when, "status": 502})
    return box


def exchange(box: Sandbox, person: str) -> int:
    """Log a person in; return the status of the answer to the exchange of their code."""
    code = phone(box, "login", person=person)["code"]
    return exchange_code(box, code)


def exchange_code(box: Sandbox, code: str, **more: str) -> int:
    """Exchange a login code; return the HTTP status."""
    return _post(box, LOGIN, {**PROGRAM_LOGIN, "code": code, **more})


def _post(box: Sandbox, path: str, fields: dict[str, Any]) -> int:
    return send(box, "POST", path, body=json.dumps(fields).encode()).status


def granted(box: Sandbox, person: str) -> dict[str, Any]:
    """Return what the exchange of a consent gives for a person."""
    form = {**WEB_CLIENT, "grant_type": "authorization_code", "code": consent(box, person)}
    data: dict[str, Any] = post(box, "/oauth/access_token/", form)["data"]
    return data


def test_the_person_of_a_login_code() -> None:
    """One person cannot log in, the others can; a used code is theirs, too."""
    box = ruled("code_to_session", {"person": "小红"})
    code = phone(box, "login", person="小红")["code"]

    assert [exchange(box, "小明"), exchange_code(box, code), exchange_code(box, code)] == [
        200,
        502,
        502,
    ]
    anonymous = phone(box, "login", person="小红")["anonymousCode"]
    assert exchange_code(box, "", anonymous_code=anonymous) == 502
    assert exchange_code(box, "unknown") == 200


def test_wildcards() -> None:
    """A person is matched as any text is."""
    box = ruled("code_to_session", {"person": "小*"})
    execute(box, "add_person", body={"name": "丁"})

    assert [exchange(box, name) for name in ("小明", "丁")] == [502, 200]


@pytest.mark.parametrize("person", ["小明", "小红"])
def test_the_person_of_a_consent(person: str) -> None:
    """The code of a consent, its token and its refresh token are a person's."""
    box = sandbox()
    tokens = granted(box, person)
    code = consent(box, person)
    rule = {"on": "oauth.*", "when": {"person": "小红"}, "status": 502}
    execute(box, "add_rule", body=rule)
    token, refresh = tokens["access_token"], tokens["refresh_token"]
    form = {**WEB_CLIENT, "grant_type": "authorization_code", "code": code}
    renew = {"client_key": WEB_CLIENT["client_key"], "refresh_token": refresh}
    calls = [
        _post(box, "/oauth/access_token/", form),
        _post(box, "/oauth/renew_refresh_token/", renew),
        send(box, "GET", "/oauth/userinfo/", headers={"access-token": token}).status,
    ]

    assert calls == [502 if person == "小红" else 200] * 3


def test_the_person_of_an_open_id() -> None:
    """With the app's own token, the open_id in the body says whom it is about."""
    box = ruled("notify", {"person": "小红"})
    token = app_token(box)
    statuses = []
    for person in ("小明", "小红"):
        open_id = box.default.people.open_id(box.default.apps[PROGRAM.client_key], person)
        fields = {"access_token": token, "app_id": PROGRAM.client_key, "open_id": open_id}
        path = "/api/apps/subscribe_notification/developer/v1/notify"
        statuses.append(_post(box, path, {**fields, "tpl_id": PROGRAM.template, "data": {}}))

    assert statuses == [200, 502]


def test_who_paid_an_order() -> None:
    """An order is of the person who paid it, and of nobody before."""
    scene = Scene()
    box = scene.box
    number = ordered(scene)
    execute(box, "add_rule", body={"on": "query_order", "when": {"person": "小明"}, "status": 502})

    def query() -> int:
        ask = signed(scene, "/api/apps/ecpay/v1/query_order", out_order_no=number)
        return send(box, "POST", ask.path, body=ask.body).status

    statuses = [query()]
    assert scene.phone("pay", order=number, way="wx")["code"] == 0

    assert [*statuses, query()] == [200, 502]


@pytest.mark.parametrize("name", ["query_refund", "query_settle", "query_return"])
def test_what_is_done_with_an_order_is_of_who_paid_it(name: str) -> None:
    """A refund, a settlement or a return is asked for by its own number, and has that person."""
    scene = Scene()
    ask = good(scene, f"ecpay.{name}")
    for person in ("小红", "小明"):
        rule = {"on": name, "when": {"person": person}, "status": 502}
        execute(scene.box, "add_rule", body=rule)
        status = scene.send(ask).status
        assert status == (502 if person == "小明" else 200)


def test_a_code_of_a_real_phone() -> None:
    """Where unknown codes are admitted, one is of the person whom it will log in."""
    box = ruled(
        "code_to_session", {"person": "stranger-*"}, unknown_codes="accept", unknown_people=50
    )

    statuses = {exchange_code(box, f"code-of-a-phone-{n}-0123456789abcdef") for n in range(3)}

    assert statuses == {502}


@pytest.mark.parametrize(("app", "status"), [("mini_program", 502), ("mini_game", 200)])
def test_the_app(app: str, status: int) -> None:
    """The app is that of the key, or of the token."""
    box = ruled(["code_to_session", "notify"], {"app": app})
    token = app_token(box)
    path = "/api/apps/subscribe_notification/developer/v1/notify"
    code = phone(box, "login")["code"]

    assert exchange_code(box, code) == status
    assert _post(box, path, {"access_token": token, "open_id": "x"}) == status


def test_both_and_a_parameter() -> None:
    """All conditions have to be met."""
    box = ruled("code_to_session", {"app": "mini_program", "person": "小明", "appid": "tt*"})

    assert [exchange(box, "小明"), exchange(box, "小红")] == [502, 200]


def test_a_parameter_of_that_name() -> None:
    """Where an endpoint has a parameter `person`, that is what is meant, sent or not."""
    box = ruled("oauth.connect", {"person": "小红"})
    query = f"client_key={WEB_CLIENT['client_key']}&person="

    named = send(box, "GET", "/platform/oauth/connect/", query=(query + "小红").encode())
    default = send(box, "GET", "/platform/oauth/connect/", query=query.encode())

    assert (named.status, default.status) == (502, 200)


def test_a_path_without_an_endpoint() -> None:
    """There any parameter can be asked for; nobody's call it is."""
    box = ruled(UNSERVED, {"person": "小红"})

    assert _post(box, UNSERVED, {"person": "小红"}) == 502
    assert _post(box, UNSERVED, {"appid": PROGRAM.client_key}) == 404


def test_calls_that_never_tell() -> None:
    """A condition that no call could meet is refused, with its line in a scenario."""
    text = "name: n\nrules:\n  - {on: client_token, when: {person: 小明}, status: 502}\n"
    with pytest.raises(ScenarioError) as caught:
        Scenario.parse(text, "story.yaml")

    assert str(caught.value) == (
        "story.yaml:3:31: when: no call of oauth.client_token tells its person before it is"
        " answered"
    )
    for when in ({"app": "web"}, {"client_key": "aw*"}):
        execute(sandbox(), "add_rule", body={"on": "client_token", "when": when, "status": 502})
    every = {"on": "*", "when": {"person": "小明"}, "status": 502}
    box = sandbox()
    execute(box, "add_rule", body=every)
    assert client_token(box)


def test_other_calls_look_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a call on which a rule asks for it is looked into, once for all rules."""
    asked: list[str] = []

    def find(call: Call[Any], name: str) -> str:
        asked.append(name)
        return subjects.find_subject(call, name)

    monkeypatch.setattr("mockdouyin.sandbox._exchange.find_subject", find)
    box = ruled("code_to_session", {"appid": GAME.client_key, "person": "小明"})
    execute(box, "add_rule", body={"on": "notify", "when": {"person": "小明"}, "status": 502})
    exchange(box, "小明")
    execute(box, "add_rule", body={"on": "notify", "when": {"person": "小红"}, "status": 502})
    assert asked == []
    app_token(box)
    path = "/api/apps/subscribe_notification/developer/v1/notify"

    _post(box, path, {"access_token": app_token(box), "open_id": "x"})

    assert asked == ["person"]


def test_a_near_miss_tells_whose_call_it_was() -> None:
    """The rule for somebody else came closest to this one's login."""
    box = ruled("code_to_session", {"person": "小红", "app": "mini_game"})
    exchange(box, "小明")

    [rule] = execute(box, "rules", query={"near": "true"})["rules"]

    assert rule["near"]["differences"] == [
        {"field": "when.person", "expected": "小红", "seen": "小明"},
        {"field": "when.app", "expected": "mini_game", "seen": "mini_program"},
    ]


def test_what_happens_needs_no_parameter() -> None:
    """An effect on the code works with the condition, and the story of the login stays whole."""
    box = sandbox()
    rule = Rule(on="code_to_session", when={"person": "小明"}, happens="code_expires")  # type: ignore[arg-type]
    box.default.rules.add(rule)
    code = phone(box, "login")["code"]

    assert post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})["err_no"] == 40018
    assert len(execute(box, "stories")["stories"]) == 1
    game = phone(box, "login", app="mini_game")["code"]
    assert get(box, "/api/apps/jscode2session", {**GAME_LOGIN, "code": game})["error"] == 0
