"""The control API over HTTP."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer


def app_of(http: httpx.Client, kind: str, world: str = "default") -> dict[str, Any]:
    """Return the first app of a kind."""
    apps = http.get(f"/_mock/worlds/{world}/apps").json()["apps"]
    found: dict[str, Any] = next(app for app in apps if app["kind"] == kind)
    return found


def client_token(http: httpx.Client, app: dict[str, Any], prefix: str = "") -> Any:
    """Request a client token."""
    keys = {name: app[name] for name in ("client_key", "client_secret")}
    body = {**keys, "grant_type": "client_credential"}
    return http.post(f"{prefix}/oauth/client_token/", json=body).json()["data"]


def test_health(http: httpx.Client) -> None:
    """Health tells that the server answers, and its version."""
    assert http.get("/_mock/health").json()["status"] == "ok"


def test_a_collection_calls_the_server_that_it_came_from(http: httpx.Client) -> None:
    """Imported by link, a collection calls the address of that link, whatever the port."""
    pairs = http.get("/_mock/collection.json").json()["variable"]
    values = {each["key"]: each["value"] for each in pairs}

    address = str(http.base_url).rstrip("/")
    assert values["base_url"] == address
    assert values["control_url"] == f"{address}/_mock/worlds/default"


def test_the_default_world_never_changes(http: httpx.Client) -> None:
    """The demo credentials are the same at every start."""
    assert app_of(http, "mini_program")["client_key"] == "ttd0c500000000000001"
    assert app_of(http, "web")["client_secret"] == "fa4e" * 7 + "0003"


def test_a_new_world_has_all_that_a_flow_needs(http: httpx.Client) -> None:
    """A new world has an app of each kind with fresh credentials, a template, and people."""
    made = http.post("/_mock/worlds", json={"name": "one"}).json()

    assert made["world"] == "one"
    assert {app["kind"] for app in made["apps"]} == {"mini_program", "mini_game", "web"}
    for app in made["apps"]:
        assert "user_info" in app["scopes"]
        assert app["redirect_uris"]
        assert "BEGIN PUBLIC KEY" in app["public_key"]
        [template] = app["templates"].values()
        assert (template["kind"], template["fields"]) == ("one_time", ["快递派送"])
    default = http.get("/_mock/apps").json()["apps"]
    keys = {app["client_key"] for app in made["apps"]}
    assert keys.isdisjoint(app["client_key"] for app in default)
    assert made["people"][0]["open_ids"].keys() == keys


def test_worlds_are_found_by_credential(http: httpx.Client) -> None:
    """A request without any hint meets the world of its app key, then of its token."""
    http.post("/_mock/worlds", json={"name": "one"})
    token = client_token(http, app_of(http, "web", "one"))
    http.get("/js/getticket/", headers={"access-token": token["access_token"]})

    one = http.get("/_mock/worlds/one/journal").json()["exchanges"]
    default = http.get("/_mock/journal").json()["exchanges"]
    assert [e["endpoint"] for e in one] == ["oauth.client_token", "tickets.js_ticket"]
    assert default == []


@pytest.mark.parametrize("way", ["prefix", "header"])
def test_worlds_are_found_by_name(http: httpx.Client, way: str) -> None:
    """A base-URL prefix or a header names the world, before any credential."""
    http.post("/_mock/worlds", json={"name": "one"})
    path = "/js/getticket/"
    if way == "prefix":
        http.get("/@one" + path)
    else:
        http.get(path, headers={"x-mockdouyin-world": "one"})

    assert len(http.get("/_mock/worlds/one/journal").json()["exchanges"]) == 1


def test_an_unknown_world_is_said_so(http: httpx.Client) -> None:
    """A prefix that names no world is a 404 with the nearest name."""
    http.post("/_mock/worlds", json={"name": "one"})
    reply = http.get("/@onne/js/getticket/")

    assert reply.status_code == 404
    assert "did you mean one?" in reply.text


def test_a_token_of_another_world_is_a_bad_one(http: httpx.Client) -> None:
    """What one world issued, another does not know."""
    http.post("/_mock/worlds", json={"name": "one"})
    token = client_token(http, app_of(http, "web", "one"))["access_token"]
    reply = http.get("/@default/js/getticket/", headers={"access-token": token})

    assert reply.json()["extra"]["error_code"] == 28001003


def test_a_pinned_key_lives_once(http: httpx.Client) -> None:
    """A scenario that pins a key which lives elsewhere is refused with 409."""
    pinned = {"apps": {"shop": {"client_key": "tt0123456789abcdef01"}}}
    assert http.post("/_mock/worlds", json={"name": "a", "scenario": pinned}).status_code == 200
    reply = http.post("/_mock/worlds", json={"name": "b", "scenario": pinned})
    assert reply.status_code == 409
    assert "'a'" in reply.json()["error"]

    http.delete("/_mock/worlds/a")
    assert http.post("/_mock/worlds", json={"name": "b", "scenario": pinned}).status_code == 200


def test_the_same_seed_and_name_give_the_same_world(http: httpx.Client) -> None:
    """A world made again with its seed and name has the same keys, people and codes."""
    made = []
    for _ in range(2):
        world = http.post("/_mock/worlds", json={"name": "w", "seed": 7}).json()
        code = http.post("/_mock/worlds/w/phone/login", json={}).json()
        made.append((world, code))
        http.delete("/_mock/worlds/w")
    other = http.post("/_mock/worlds", json={"name": "w", "seed": 8}).json()

    assert made[0] == made[1]
    assert other["apps"][0]["client_key"] != made[0][0]["apps"][0]["client_key"]


def test_worlds_without_a_name_get_fresh_ones(http: httpx.Client) -> None:
    """Two worlds made without a name do not meet."""
    names = {http.post("/_mock/worlds", json={}).json()["world"] for _ in range(3)}

    assert len(names) == 3
    listed = {row["world"] for row in http.get("/_mock/worlds").json()["worlds"]}
    assert listed == names | {"default"}


def test_apps_can_be_added_and_changed(http: httpx.Client) -> None:
    """An app of one's own is registered and changed, and the rest is made up."""
    made = http.post("/_mock/apps", json={"name": "shop", "client_key": "tt00aa"}).json()
    assert (made["kind"], len(made["client_secret"])) == ("mini_program", 40)

    changed = http.patch("/_mock/apps/shop", json={"scopes": ["user_info"], "banned": True})

    assert changed.json()["scopes"] == ["user_info"]
    assert changed.json()["client_secret"] == made["client_secret"]
    assert http.post("/_mock/apps", json={"name": "shop"}).status_code == 409
    assert http.patch("/_mock/apps/shop", json={"kind": "web"}).status_code == 400


def test_people_can_be_added_and_changed(http: httpx.Client) -> None:
    """A person of one's own is added; what is left out is generated, and the same again."""
    made = http.post("/_mock/people", json={"name": "测试", "phone": "13700137000"}).json()
    assert made["phone"] == "13700137000"
    assert made["nickname"]

    changed = http.patch("/_mock/people/测试", json={"city": "北京"}).json()

    assert (changed["city"], changed["nickname"]) == ("北京", made["nickname"])
    login = http.post("/_mock/phone/login", json={"person": "测试"})
    assert login.json()["isLogin"] is True


def test_a_person_is_found_by_open_id(http: httpx.Client) -> None:
    """A phone call takes a person by name or by open_id."""
    [_, second, *_] = http.get("/_mock/people").json()["people"]
    app = app_of(http, "mini_program")
    open_id = second["open_ids"][app["client_key"]]
    http.post("/_mock/phone/login", json={"person": open_id})
    profile = http.post("/_mock/phone/getUserProfile", json={"person": second["name"]})

    assert profile.json()["userInfo"]["nickName"] == second["nickname"]


def test_a_phone_fails_when_told_to(http: httpx.Client) -> None:
    """A phone call fails with its first case, a number, a reason, or what a rule says."""

    def call(**body: Any) -> Any:
        return http.post("/_mock/phone/requestSubscribeMessage", json=body).json()

    assert call(fail=True)["errNo"] == 21502
    assert call(fail=20000)["errMsg"] == "requestSubscribeMessage:fail invalid params"
    assert call(fail="my own words")["errMsg"] == "requestSubscribeMessage:fail my own words"
    rule = {"on": "phone.requestSubscribeMessage", "error": "main_switch_off", "times": 1}
    http.post("/_mock/rules", json=rule)
    assert call()["errNo"] == 20004
    assert call()["errMsg"] == "requestSubscribeMessage:ok"


def test_consent_without_a_browser(http: httpx.Client) -> None:
    """An operation plays the consent page: code, state and scopes in the redirect."""
    app = app_of(http, "web")
    asked = {"client_key": app["client_key"], "scope": "user_info,renew_refresh_token,user_info"}
    reply = http.post("/_mock/oauth/authorize", json={**asked, "state": "a b&c"}).json()

    tail = f"?code={reply['code']}&state=a%20b%26c&scopes=user_info"
    assert reply["location"] == app["redirect_uris"][0] + tail


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"scope": "no.such.scope"}, 10004),
        ({"redirect_uri": "https://evil.example.test/"}, 10006),
        ({"redirect_uri": "javascript:alert(1)"}, 10006),
        ({"scope": ""}, 10002),
    ],
)
def test_consent_is_refused_as_douyin_would(
    http: httpx.Client, asked: dict[str, str], code: int
) -> None:
    """Consent that Douyin's page would refuse is a 400 with Douyin's error code."""
    reply = http.post("/_mock/oauth/authorize", json=asked)

    assert reply.status_code == 400
    assert reply.json()["error_code"] == code


def test_loopback_callbacks_are_allowed_at_first(http: httpx.Client) -> None:
    """A callback on this machine is allowed over http, unless the world says exact."""
    asked = {"redirect_uri": "http://127.0.0.1:9000/callback"}
    assert http.post("/_mock/oauth/authorize", json=asked).status_code == 200

    http.patch("/_mock/settings", json={"redirect_check": "exact"})

    assert http.post("/_mock/oauth/authorize", json=asked).json()["error_code"] == 10006


def test_a_person_revokes(http: httpx.Client) -> None:
    """After a revocation the person's token is dead at once, and there is nothing to revoke."""
    app = app_of(http, "web")
    code = http.post("/_mock/oauth/authorize", json={}).json()["code"]
    keys = {name: app[name] for name in ("client_key", "client_secret")}
    body = {**keys, "code": code, "grant_type": "authorization_code"}
    token = http.post("/oauth/access_token/", json=body).json()["data"]
    query = {"access_token": token["access_token"], "open_id": token["open_id"]}
    assert http.get("/oauth/userinfo/", params=query).json()["err_no"] == 0

    assert http.post("/_mock/oauth/revoke", json={}).json()["scopes"] == ["user_info"]

    assert http.get("/oauth/userinfo/", params=query).json()["err_no"] == 28001003
    assert http.post("/_mock/oauth/revoke", json={}).status_code == 404


def test_the_clock(http: httpx.Client) -> None:
    """A world's clock is frozen, advanced and resumed, and no other world's moves."""
    http.post("/_mock/worlds", json={"name": "one"})
    before = http.post("/_mock/clock/freeze", json={"at": "2026-01-01T12:00:00+08:00"}).json()
    assert before == {"now": "2026-01-01T12:00:00+08:00", "frozen": True, "moved": True}

    after = http.post("/_mock/clock/advance", json={"by": "2h1m"}).json()

    assert after["now"] == "2026-01-01T14:01:00+08:00"
    assert after.pop("ran")["from"] == before["now"]
    assert http.get("/_mock/clock").json() == after
    assert http.get("/_mock/worlds/one/clock").json()["frozen"] is False
    resumed = http.post("/_mock/clock/resume").json()
    assert resumed["now"].startswith("2026-01-01T14:01:0")
    assert (resumed["frozen"], resumed["moved"]) == (False, True)
    back = http.post("/_mock/clock/back").json()
    assert (back["now"] > "2026-06", back["frozen"], back["moved"]) == (True, False, False)


def test_rules_are_listed_with_their_hits(http: httpx.Client) -> None:
    """A rule shows how often it matched and was applied, and can be removed."""
    rule = {"on": "client_token", "times": 1, "error": 10003}
    made = http.post("/_mock/rules", json=rule).json()
    app = app_of(http, "web")
    assert client_token(http, app)["error_code"] == 10003
    assert client_token(http, app)["error_code"] == 0

    [listed] = http.get("/_mock/rules").json()["rules"]

    by = f"python-httpx/{httpx.__version__}"
    assert listed == {**rule, "id": made["id"], "hits": 1, "seen": 2, "set_by": by}
    assert http.delete(f"/_mock/rules/{made['id']}").json()["rules"] == []


def test_the_journal_hides_what_must_not_be_seen(http: httpx.Client) -> None:
    """Secrets, session keys and tokens are masked in the journal unless they are asked for."""
    app = app_of(http, "mini_program")
    code = http.post("/_mock/phone/login", json={}).json()["code"]
    body = {"appid": app["client_key"], "secret": app["client_secret"], "code": code}
    answer = http.post("/api/apps/v2/jscode2session", json=body).json()
    key = answer["data"]["session_key"]

    masked, open_ = http.get("/_mock/journal").text, http.get("/_mock/journal?reveal=true").text

    assert app["client_secret"] in open_
    assert key in open_
    assert app["client_secret"] not in masked
    assert key not in masked


def test_the_journal_names_what_nothing_reads(http: httpx.Client) -> None:
    """Fields that the client sends and the endpoint does not read are listed."""
    http.post("/api/apps/v2/jscode2session", json={"appid": "x", "anonymousCode": "y"})

    [exchange] = http.get("/_mock/journal").json()["exchanges"]

    assert exchange["unread"] == ["anonymousCode"]
    assert exchange["why"] == "secret is missing or empty"


def test_an_unknown_app_key_is_named_with_the_flag(http: httpx.Client) -> None:
    """A refused app key stands in the journal with the flag that would admit it."""
    body = {"appid": "tt77", "secret": "s", "code": "c"}
    http.post("/api/apps/v2/jscode2session", json=body)

    [exchange] = http.get("/_mock/journal").json()["exchanges"]

    assert "tt77" in exchange["why"]
    assert "--accept-unknown" in exchange["why"]


def test_waiting_for_a_call(server: ThreadedServer, http: httpx.Client) -> None:
    """A wait ends as soon as the endpoint was called often enough."""
    app = app_of(http, "web")
    with httpx.Client(base_url=server.url) as other:
        calls = [threading.Thread(target=client_token, args=(other, app)) for _ in range(2)]
        for call in calls:
            call.start()
        query = {"endpoint": "client_token", "count": "2", "timeout": "10"}
        reply = http.get("/_mock/journal/wait", params=query)
        for call in calls:
            call.join()

    assert len(reply.json()["exchanges"]) == 2


def test_waiting_in_vain(http: httpx.Client) -> None:
    """A wait that ends in vain is a 408 with the closest call."""
    client_token(http, app_of(http, "web"))
    query = {"endpoint": "notify", "timeout": "0.05"}
    reply = http.get("/_mock/journal/wait", params=query)

    assert reply.status_code == 408
    assert "oauth.client_token" in reply.json()["error"]
    near = reply.json()["near"]
    assert (near["candidate"], near["id"]) == ("oauth.client_token", 1)
    assert near["differences"] == [
        {"field": "endpoint", "expected": "notify", "seen": "oauth.client_token"}
    ]
    assert near["says"] in reply.json()["error"]


def test_waiting_in_vain_where_nothing_was_called(http: httpx.Client) -> None:
    """The 408 then says so, in the language that was asked for."""
    query = {"endpoint": "notify", "timeout": "0.05", "lang": "zh"}
    reply = http.get("/_mock/journal/wait", params=query)

    assert (reply.status_code, reply.json()["near"]) == (408, None)
    assert reply.json()["error"] == (
        "mockdouyin: 等待了 0.05 秒，期望 notify 被调用 1 次，实际 0 次；没有收到任何调用"
    )


def test_a_reset_begins_again(http: httpx.Client) -> None:
    """After a reset nothing was issued, no rule stands, and the journal is empty."""
    http.post("/_mock/rules", json={"on": "client_token", "error": 10001})
    client_token(http, app_of(http, "web"))

    http.post("/_mock/reset")

    assert http.get("/_mock/rules").json()["rules"] == []
    assert http.get("/_mock/journal").json()["exchanges"] == []
    assert client_token(http, app_of(http, "web"))["error_code"] == 0


def test_openapi_describes_everything(http: httpx.Client) -> None:
    """The OpenAPI document has every emulated path and every operation."""
    document = http.get("/_mock/openapi.json").json()

    assert document["openapi"] == "3.1.0"
    login = document["paths"]["/api/apps/v2/jscode2session"]["post"]
    assert 40018 in [case["code"] for case in login["x-errors"]]
    assert "/_mock/worlds/{world}/phone/{api}" in document["paths"]
    names = [op["operationId"] for path in document["paths"].values() for op in path.values()]
    assert len(names) == len(set(names))
    references = [part.split('"')[0] for part in str(document).split("#/components/schemas/")[1:]]
    known = document["components"]["schemas"]
    assert {reference.split("'")[0] for reference in references} <= set(known)


def test_endpoints_and_errors_are_listed(http: httpx.Client) -> None:
    """What is emulated, and what can be provoked, is listed with how sure we are."""
    endpoints = http.get("/_mock/endpoints").json()
    errors = http.get("/_mock/errors", params={"endpoint": "code_to_session"}).json()["errors"]

    assert {row["basis"] for row in endpoints["endpoints"]} <= {
        "documented",
        "observed",
        "assumed",
    }
    states = {row["name"]: row["state"] for row in endpoints["endpoints"]}
    assert set(states.values()) <= {"full", "generic", "shape only"}
    assert states["mini_program.code_to_session"] == "full"
    assert endpoints["families"]["share"] == "分享"
    assert "phone.login" in [row["name"] for row in endpoints["phone"]]
    hot = http.get("/_mock/endpoints", params={"name": "hot"}).json()
    assert list(hot["families"]) == ["hot"]
    assert hot["endpoints"] == [e for e in endpoints["endpoints"] if e["name"].startswith("hot.")]
    assert hot["phone"] == []
    phone = http.get("/_mock/endpoints", params={"name": "phone"}).json()
    assert phone == {"endpoints": [], "families": {}, "phone": endpoints["phone"]}
    assert {row["endpoint"] for row in errors} == {
        "mini_program.code_to_session",
        "mini_game.code_to_session",
        "microapp.code_to_session",
    }


def test_the_errors_of_a_tt_api_can_all_be_provoked(http: httpx.Client) -> None:
    """What a tt API passes to `fail` is listed, and a rule for one person brings each of it."""
    listed = http.get("/_mock/errors", params={"endpoint": "phone.getPhoneNumber"}).json()[
        "errors"
    ]

    assert "no_permission" in [row["name"] for row in listed]
    for row in listed:
        rule = {
            "on": row["endpoint"],
            "when": {"person": "小红"},
            "error": row["name"],
            "times": 1,
        }
        assert http.post("/_mock/rules", json=rule).status_code == 200
        failed = http.post("/_mock/phone/getPhoneNumber", json={"person": "小红"}).json()
        assert failed["errMsg"] == f"getPhoneNumber:fail {row['text']}"
        assert failed.get("errNo", 0) == row["code"]

    unknown = http.get("/_mock/errors", params={"endpoint": "phone.getPhoneNumbr"})
    assert unknown.status_code == 404
    assert "did you mean phone.getPhoneNumber?" in unknown.json()["error"]


def test_a_scenario_that_another_yaml_reader_read(http: httpx.Client) -> None:
    """A scenario sent as JSON is understood though its reader took the key `on` for true."""
    rules = [{"true": "client_token", "error": 10001}]
    made = http.post("/_mock/worlds", json={"name": "one", "scenario": {"rules": rules}})

    assert made.status_code == 200
    assert client_token(http, app_of(http, "web", "one"))["error_code"] == 10001


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("apps", {"client_secret": 57247}),
        ("apps", {"client_secret": ["5ecre7"]}),
        ("apps", {"webhook": {"url": "http://127.0.0.1:9/", "secret": 57247}}),
        ("apps", {"webhook": ["secret=5ecre7"]}),
        ("apps", {"webhook": {"url": "ftp://me:5ecre7@127.0.0.1/"}}),
        ("apps", {"client_secert": "5ecre7"}),
        ("apps", {"redirect_uris": {"client_secret": "5ecre7"}}),
        ("phone/login", {"app": {"client_key": "tt01", "client_secret": "5ecre7"}}),
        ("phone/login", {"person": ["5ecre7"]}),
        ("events", {"event": "create_video", "to": "http//a", "secret": 57247}),
        ("worlds", {"scenario": {"apps": {"a": {"client_secret": "密5ecre7"}}}}),
        ("worlds", {"scenario": {"apps": {"a": "tt01:5ecre7"}}}),
        ("worlds", ["client_secret", "5ecre7"]),
        ("worlds", "client_secret=5ecre7"),
        ("rules", {"on": "client_token", "when": {"client_secret": ["5ecre7"]}, "status": 500}),
    ],
)
def test_no_secret_is_echoed(http: httpx.Client, path: str, body: Any) -> None:
    """An error about a secret does not quote the secret."""
    reply = http.post(f"/_mock/{path}", json=body)

    assert reply.status_code == 400
    assert reply.json()["error"].startswith("mockdouyin: ")
    assert "5ecre7" not in reply.text
    assert "57247" not in reply.text


def test_the_closest_call_shows_no_secret(http: httpx.Client) -> None:
    """What is said of a wait in vain hides what the journal hides."""
    secret = app_of(http, "mini_program")["client_secret"]
    http.get(f"/x/{secret}/secret/5ecre7")

    closest = http.get("/_mock/journal/wait?endpoint=client_token&timeout=0.01").json()["error"]

    assert "/x/***/secret/***" in closest


def test_a_setting_of_a_strange_name(http: httpx.Client) -> None:
    """A setting with the name of one of our arguments is refused like any unknown one."""
    for name in ("scenario", "self", "over"):
        reply = http.patch("/_mock/settings", json={name: 1})

        assert reply.status_code == 400
        assert f"unknown key {name}" in reply.json()["error"]
