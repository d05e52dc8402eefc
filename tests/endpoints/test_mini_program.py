"""The mini-program's login, app token and notification."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msgspec.structs import replace

from mockdouyin.core.apps import Template
from mockdouyin.core.clock import DAY
from tests.endpoints.calls import Ask, Scene, good

V1, V2 = "/api/apps/jscode2session", "/api/apps/v2/jscode2session"
LOGINS = ["mini_program.code_to_session", "mini_program.code_to_session_v1"]


def login_of(scene: Scene, **codes: Any) -> dict[str, Any]:
    """Return what a v2 login is called with."""
    app = scene.app("mini_program")
    return {"appid": app.client_key, "secret": app.client_secret, **codes}


def v2(scene: Scene, **codes: Any) -> Any:
    """Log in by the second version."""
    return scene.ask(Ask("POST", V2, fields=login_of(scene, **codes)))


def opens(session_key: str, sealed: dict[str, Any]) -> bool:
    """Return whether a key opens what a phone handed out, as a client would."""
    key, iv = base64.b64decode(session_key), base64.b64decode(sealed["iv"])
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    data = base64.b64decode(sealed["encryptedData"])
    plain = decryptor.update(data) + decryptor.finalize()
    return plain.startswith(b'{"nickName"')


def test_the_success_has_the_documented_shape() -> None:
    """A v2 login has the session in `data`, with dopenid, and a log id at the top."""
    scene = Scene()
    code = scene.phone("login")["code"]

    answer = v2(scene, code=code)

    assert list(answer) == ["err_no", "err_tips", "data", "log_id"]
    assert (answer["err_no"], answer["err_tips"]) == (0, "success")
    keys = ["session_key", "openid", "anonymous_openid", "unionid", "dopenid"]
    assert list(answer["data"]) == keys
    assert answer["data"]["anonymous_openid"] == ""
    assert len(base64.b64decode(answer["data"]["session_key"])) == 16
    assert answer["data"]["openid"] == scene.open_id("mini_program")


def test_the_flat_success_has_five_keys() -> None:
    """A v1 login has no envelope: `error` is the number 0, and there is no errcode."""
    scene = Scene()

    answer = scene.ask(good(scene, "mini_program.code_to_session_v1"))

    assert list(answer) == ["error", "session_key", "openid", "anonymous_openid", "unionid"]
    assert answer["error"] == 0
    assert answer["anonymous_openid"].startswith("_000")


def test_both_codes_give_both_ids() -> None:
    """With a code and an anonymous code, both openids are there, and they differ."""
    scene = Scene()
    codes = scene.phone("login")

    data = v2(scene, code=codes["code"], anonymous_code=codes["anonymousCode"])["data"]

    assert data["openid"] != data["anonymous_openid"] != ""


def test_an_anonymous_login_has_no_session() -> None:
    """With the anonymous code alone there is an anonymous_openid and nothing else."""
    scene = Scene()
    anonymous = scene.phone("login", hostLogin=False, force=False)["anonymousCode"]

    data = v2(scene, anonymous_code=anonymous)["data"]

    assert data.pop("anonymous_openid").startswith("_000")
    assert set(data.values()) == {""}


def test_the_ids_of_a_person_are_theirs() -> None:
    """A person has one openid in an app, whenever they log in, and one unionid at a developer."""
    scene = Scene()

    first, again = (v2(scene, code=scene.phone("login")["code"])["data"] for _ in range(2))
    game = scene.ask(good(scene, "mini_game.code_to_session"))
    other = v2(scene, code=scene.phone("login", person="小红")["code"])["data"]

    assert first["openid"] == again["openid"] != game["openid"]
    assert first["unionid"] == again["unionid"] == game["unionid"] != other["unionid"]


@pytest.mark.parametrize("name", LOGINS)
def test_a_code_works_once(name: str) -> None:
    """The second use of a code, by either version, is refused as a bad code."""
    scene = Scene()
    ask = good(scene, name).having(anonymous_code=None)
    scene.ask(ask)

    answer = scene.ask(ask)

    assert answer.get("errcode", answer.get("err_no")) == 40018


@pytest.mark.parametrize(("seconds", "expected"), [(299, 0), (300, 40018)])
def test_a_code_lives_five_minutes(seconds: float, expected: int) -> None:
    """A code is good up to five minutes after tt.login and no longer."""
    scene = Scene()
    code = scene.phone("login")["code"]
    scene.advance(seconds)

    assert v2(scene, code=code)["err_no"] == expected


def test_the_life_of_a_code_is_a_setting() -> None:
    """The mini-game docs' three minutes can be chosen, and the journal says when a code ended."""
    scene = Scene(login_code_lifetime="3m")
    code = scene.phone("login")["code"]
    scene.advance(190)

    assert v2(scene, code=code)["err_no"] == 40018
    assert (
        list(scene.world.journal)[-1].why.render("en") == "the code expired 10s ago; it lives 3m"
    )


def test_a_code_is_for_one_app() -> None:
    """A code that another app's login made is a bad code, and stays good where it belongs."""
    scene = Scene()
    code = scene.phone("login", "mini_game")["code"]
    there = good(scene, "mini_game.code_to_session").having(code=code)

    assert v2(scene, code=code)["err_no"] == 40018
    assert scene.ask(there.having(anonymous_code=None))["error"] == 0


@pytest.mark.parametrize(
    ("codes", "expected"),
    [({"code": "anonymousCode"}, 40018), ({"anonymous_code": "code"}, 40019)],
)
def test_the_two_codes_are_not_the_same(codes: dict[str, str], expected: int) -> None:
    """A code sent as the other kind of code is refused with that kind's number."""
    scene = Scene()
    made = scene.phone("login")

    sent = {name: made[source] for name, source in codes.items()}

    assert v2(scene, **sent)["err_no"] == expected


@pytest.mark.parametrize("code", ["x", "x" * 123, "mock-error-99999"])
def test_a_code_that_was_never_issued_is_bad(code: str) -> None:
    """Text that no phone made is a bad code, whatever its length."""
    assert v2(Scene(), code=code)["err_no"] == 40018


def test_a_refused_anonymous_code_does_not_use_up_the_code() -> None:
    """When one of two codes is bad, the good one is still good afterwards."""
    scene = Scene()
    code = scene.phone("login")["code"]

    assert v2(scene, code=code, anonymous_code="nonsense")["err_no"] == 40019
    assert v2(scene, code=code)["err_no"] == 0


def test_a_new_login_makes_a_new_session_key() -> None:
    """Each tt.login rotates the key: each code gives its own, and only the last one opens."""
    scene = Scene()
    first, second = (scene.phone("login")["code"] for _ in range(2))
    sealed = scene.phone("getUserProfile")

    old, new = (v2(scene, code=code)["data"]["session_key"] for code in (first, second))

    assert old != new
    assert opens(new, sealed)
    assert not opens(old, sealed)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"secret": None, "appid": "tt00", "code": "bad"}, 40014),
        ({"code": None, "anonymous_code": None, "appid": "tt00"}, 40014),
        ({"appid": "tt00", "secret": "bad", "code": "bad"}, 40015),
        ({"secret": "bad", "code": "bad"}, 40017),
        ({"code": "bad", "anonymous_code": "bad"}, 40018),
    ],
)
@pytest.mark.parametrize("name", LOGINS)
def test_a_login_is_refused_in_order(name: str, changes: dict[str, Any], expected: int) -> None:
    """What is missing goes first, then the app, its secret, and the codes."""
    scene = Scene()

    answer = scene.ask(good(scene, name).having(**changes))

    assert answer.get("errcode", answer.get("err_no")) == expected


def test_a_web_app_has_no_login() -> None:
    """The key of a web app is not an appid."""
    scene = Scene()
    app = scene.app("web")

    ask = good(scene, "mini_program.code_to_session")
    ask = ask.having(appid=app.client_key, secret=app.client_secret)

    assert scene.ask(ask)["err_no"] == 40015


def test_the_first_seed_logs_in() -> None:
    """The first guide's request, a Java map as JSON with both codes, is answered as it prints."""
    scene = Scene()
    codes = scene.phone("login")
    app = scene.app("mini_program")
    fields = {
        "appid": app.client_key,
        "secret": app.client_secret,
        "code": codes["code"],
        "anonymous_code": codes["anonymousCode"],
    }

    answer = scene.ask(Ask("POST", V2, fields=fields))

    assert answer["err_no"] == 0
    assert {"session_key", "openid", "anonymous_openid", "unionid"} <= set(answer["data"])


def test_the_first_seed_fetches_a_token_and_notifies() -> None:
    """The guide's two curl requests, word for word except the values, print what it prints."""
    scene = Scene()
    app = scene.app("mini_program")
    scene.phone("requestSubscribeMessage", tmplIds=[scene.template("mini_program")])
    ask = Ask(
        "POST",
        "/api/apps/v2/token",
        fields={
            "appid": app.client_key,
            "secret": app.client_secret,
            "grant_type": "client_credential",
        },
    )

    token = scene.ask(ask)
    sent = scene.send(
        Ask(
            "POST",
            "/api/apps/subscribe_notification/developer/v1/notify",
            fields={
                "access_token": token["data"]["access_token"],
                "app_id": app.client_key,
                "tpl_id": scene.template("mini_program"),
                "open_id": scene.open_id("mini_program"),
                "data": {"快递派送": "SF1111111111"},
            },
        )
    )

    assert {**token, "data": list(token["data"])} == {
        "err_no": 0,
        "err_tips": "success",
        "data": ["access_token", "expires_in"],
    }
    assert token["data"]["expires_in"] == 7200
    assert sent.body == b'{"err_no":0,"err_tips":""}'


def seed_three(scene: Scene, **codes: str | None) -> Ask:
    """Return the login library's request: camelCase, with null for what it does not have."""
    fields = {**login_of(scene), "code": None, "anonymousCode": None, **codes}
    return Ask("POST", V2, fields=fields)


def test_the_third_seed_logs_in_with_a_code() -> None:
    """The library's request with a code and a null is a good login."""
    scene = Scene()

    assert scene.ask(seed_three(scene, code=scene.phone("login")["code"]))["err_no"] == 0


def test_the_third_seeds_camel_case_is_refused_as_douyin_does() -> None:
    """Douyin does not know anonymousCode: a call with nothing else lacks its code."""
    scene = Scene()
    anonymous = scene.phone("login")["anonymousCode"]

    answer = scene.ask(seed_three(scene, anonymousCode=anonymous))

    assert (answer["err_no"], answer["err_tips"]) == (40014, "bad params")


def test_lenient_names_accept_camel_case() -> None:
    """With `lenient_names` the library's anonymous login works, by POST and by GET."""
    scene = Scene(lenient_names=True)
    app, game = scene.app("mini_program"), scene.app("mini_game")
    anonymous = scene.phone("login")["anonymousCode"]
    in_game = scene.phone("login", "mini_game")["anonymousCode"]
    query = {"appid": game.client_key, "secret": game.client_secret, "anonymousCode": in_game}

    answer = scene.ask(seed_three(scene, anonymousCode=anonymous))
    flat = scene.ask(Ask("GET", "/mgplatform/api/apps/jscode2session", query))

    assert answer["data"]["anonymous_openid"] == scene.world.people.anonymous_id(app, "小明")
    assert (flat["error"], bool(flat["anonymous_openid"])) == (0, True)


@pytest.mark.parametrize("code", ["real-code-from-a-phone", "x" * 123])
def test_unknown_codes_log_in_the_first_person(code: str) -> None:
    """`unknown_codes: accept` lets a real phone's code in, once in a code's lifetime."""
    scene = Scene(unknown_codes="accept")

    data = v2(scene, code=code)["data"]

    assert data["openid"] == scene.open_id("mini_program", "小明")
    assert opens(data["session_key"], scene.phone("getUserProfile"))
    assert v2(scene, code=code)["err_no"] == 40018
    scene.advance(301)
    assert v2(scene, code=code)["err_no"] == 0


def test_unknown_codes_may_be_anonymous() -> None:
    """An unknown anonymous code gives an anonymous_openid and touches no session."""
    scene = Scene(unknown_codes="accept")
    key = v2(scene, code=scene.phone("login")["code"])["data"]["session_key"]

    assert v2(scene, anonymous_code="real")["data"]["anonymous_openid"].startswith("_000")
    assert opens(key, scene.phone("getUserProfile"))


def test_unknown_codes_spread_over_people() -> None:
    """`unknown_people` spreads codes by hash: a code always means the same person."""
    scene, again = (Scene(unknown_codes="accept", unknown_people=5) for _ in range(2))
    codes = [f"code-{number}" for number in range(60)]

    seen = [v2(scene, code=code)["data"]["openid"] for code in codes]
    backwards = [v2(again, code=code)["data"]["openid"] for code in reversed(codes)]

    assert len(set(seen)) == 5
    assert seen == backwards[::-1]


def test_an_issued_code_is_not_welcome_a_second_time() -> None:
    """Where unknown codes are accepted, a code that was issued here still works once, for good."""
    scene = Scene(unknown_codes="accept")
    code = scene.phone("login")["code"]
    assert v2(scene, code=code)["err_no"] == 0

    for seconds in (0, 301, DAY):
        scene.advance(seconds)
        scene.phone("login", person="小红")
        assert v2(scene, code=code)["err_no"] == 40018


def test_codes_do_not_come_twice() -> None:
    """However long a person stays away, tt.login never hands out a code that it gave before."""
    scene = Scene()
    seen = set()

    for _ in range(4):
        made = scene.phone("login")
        seen |= {made["code"], made["anonymousCode"]}
        scene.advance(32 * DAY)
        scene.phone("login", person="小红")

    assert len(seen) == 8


def test_unknown_apps_are_registered_on_first_sight() -> None:
    """`unknown_apps: accept` admits any appid with any secret, and a world finds it then."""
    scene = Scene(unknown_apps="accept", unknown_codes="accept")
    mine = {"appid": "tt1234567890abcdef01", "secret": "whatever", "code": "first"}

    first = scene.ask(Ask("POST", V2, fields=mine))
    second = scene.ask(Ask("POST", V2, fields={**mine, "secret": "another", "code": "second"}))

    assert first["err_no"] == second["err_no"] == 0
    assert scene.world.apps["tt1234567890abcdef01"].kind == "mini_program"
    assert scene.ask(Ask("POST", V2, fields={**mine, "code": "first"}))["err_no"] == 40018


def test_a_refused_appid_is_named_with_the_way_in() -> None:
    """The journal names the key that no app has, and the flag that would admit it."""
    scene = Scene()

    scene.ask(Ask("POST", V2, fields={"appid": "tt123", "secret": "s", "code": "c"}))

    why = list(scene.world.journal)[-1].why.render("en")
    assert "'tt123'" in why
    assert "--accept-unknown" in why


# Where parameters travel.


def test_parameters_come_from_everywhere() -> None:
    """Query, form, multipart and JSON under any content type are all read."""
    scene = Scene()
    app = scene.app("mini_program")

    def code() -> str:
        return str(scene.phone("login")["code"])

    def send(query: str, body: bytes, kind: str | None) -> int:
        headers = [] if kind is None else [(b"content-type", kind.encode())]
        request = replace(Ask("POST", V2).request(), query=query.encode(), body=body)
        reply = scene.box.handle(replace(request, headers=headers))
        return int(json.loads(reply.body)["err_no"])

    def form(code: str) -> str:
        return f"appid={app.client_key}&secret={app.client_secret}&code={code}"

    def multipart(code: str) -> bytes:
        fields = {"appid": app.client_key, "secret": app.client_secret, "code": code}
        parts = (
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        return ("".join(parts) + "--b--\r\n").encode()

    def as_json(code: str) -> bytes:
        return json.dumps(login_of(scene, code=code)).encode()

    urlencoded = "application/x-www-form-urlencoded"
    assert send(form(code()), b"", None) == 0
    assert send("", form(code()).encode(), urlencoded) == 0
    assert send("", multipart(code()), "multipart/form-data; boundary=b") == 0
    assert send("", as_json(code()), urlencoded) == 0
    assert send("", as_json(code()), None) == 0
    assert send(f"code={code()}", as_json(""), "application/json") == 0
    assert send("appid=wrong", as_json(code()), "application/json") == 0


@pytest.mark.parametrize(
    "path", [V2, V2 + "/", "//api/apps//v2///jscode2session", "/@default" + V2]
)
def test_untidy_paths_are_answered(path: str) -> None:
    """A trailing slash, double slashes and a world before the path are all the same path."""
    scene = Scene()

    fields = login_of(scene, code=scene.phone("login")["code"])

    assert scene.ask(Ask("POST", path, fields=fields))["err_no"] == 0


@pytest.mark.parametrize("absent", [None, ""])
def test_null_and_empty_are_absent(absent: str | None) -> None:
    """A null or an empty string counts as a missing parameter."""
    scene = Scene()
    fields = login_of(scene, code=scene.phone("login")["code"], anonymous_code=absent)

    assert scene.ask(Ask("POST", V2, fields=fields))["err_no"] == 0
    assert scene.ask(Ask("POST", V2, fields={**fields, "code": absent}))["err_no"] == 40014


def test_unknown_fields_are_let_be() -> None:
    """What no endpoint reads spoils nothing."""
    scene = Scene()
    fields = login_of(scene, code=scene.phone("login")["code"], refresh=True, extra={"a": [1]})

    assert scene.ask(Ask("POST", V2, fields=fields))["err_no"] == 0


@pytest.mark.parametrize(
    "body", [b"nonsense", b"[1]", b"{", b'{"appid":1}', b'{"code":{}}', b"\xff\xfe", b"\0"]
)
def test_what_cannot_be_read_is_a_bad_parameter(body: bytes) -> None:
    """A body that is not JSON or has wrong types gets the family's error and uses up nothing."""
    scene = Scene()
    ask = good(scene, "mini_program.code_to_session")

    answer = json.loads(scene.box.handle(replace(ask.request(), body=body)).body)

    assert (answer["err_no"], answer["data"]["openid"]) == (40014, "")
    assert scene.ask(ask)["err_no"] == 0


# The app token.


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"grant_type": None, "appid": "tt00"}, 40014),
        ({"appid": "tt00", "secret": "bad", "grant_type": "bad"}, 40015),
        ({"secret": "bad", "grant_type": "bad"}, 40017),
        ({"grant_type": "client_credentials"}, 40020),
    ],
)
@pytest.mark.parametrize("name", ["mini_program.app_token", "mini_program.app_token_v1"])
def test_an_app_token_is_refused_in_order(
    name: str, changes: dict[str, Any], expected: int
) -> None:
    """What is missing goes first, then the app, its secret, and the grant type."""
    scene = Scene()

    answer = scene.ask(good(scene, name).having(**changes))

    assert answer.get("errcode", answer.get("err_no")) == expected


def test_the_flat_token_has_three_keys() -> None:
    """The v1 token is flat, with a zero for clients that look for errcode."""
    scene = Scene()

    answer = scene.ask(good(scene, "mini_program.app_token_v1"))

    assert list(answer) == ["errcode", "access_token", "expires_in"]
    assert (answer["errcode"], answer["expires_in"]) == (0, 7200)


def usable(scene: Scene, token: str) -> bool:
    """Return whether an app token is honoured."""
    app = scene.app("mini_program")
    fields = {
        "access_token": token,
        "app_id": app.client_key,
        "tpl_id": "none",
        "open_id": scene.open_id("mini_program"),
        "data": {"a": "b"},
    }
    path = "/api/apps/subscribe_notification/developer/v1/notify"
    return bool(scene.ask(Ask("POST", path, fields=fields))["err_no"] == 1001)


def test_a_new_app_token_leaves_the_older_five_minutes() -> None:
    """Both work for five minutes, whichever version gave them; then only the newer does."""
    scene = Scene()
    older = scene.app_token()
    newer = scene.ask(good(scene, "mini_program.app_token_v1"))["access_token"]

    scene.advance(299)
    assert usable(scene, older)
    scene.advance(1)
    assert not usable(scene, older)
    assert usable(scene, newer)


def test_the_third_app_token_kills_the_first() -> None:
    """At most two app tokens live: the third one ends the first at once."""
    scene = Scene()

    first, second, third = (scene.app_token() for _ in range(3))

    assert [usable(scene, token) for token in (first, second, third)] == [False, True, True]


def test_an_app_token_lives_two_hours() -> None:
    """The last token dies of age after two hours."""
    scene = Scene()
    token = scene.app_token()

    scene.advance(7199)
    assert usable(scene, token)
    scene.advance(1)
    assert not usable(scene, token)


def test_a_token_cut_short_does_not_live_longer() -> None:
    """A token in its last minute is not given five minutes by a newer one."""
    scene = Scene()
    older = scene.app_token()
    scene.advance(7140)
    scene.app_token()

    scene.advance(60)

    assert not usable(scene, older)


# The notification.

NOTIFY = "mini_program.notify"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tpl_id": None, "access_token": "bad"}, 1000),
        ({"data": {}, "access_token": "bad"}, 1000),
        ({"access_token": None, "app_id": "bad"}, 12024),
        ({"app_id": "bad", "open_id": "bad", "tpl_id": "bad"}, 1001),
        ({"open_id": "bad", "tpl_id": "bad"}, 1001),
        ({"tpl_id": "bad"}, 1001),
        ({"data": {"快递派送": "SF", "more": "1"}}, 1001),
    ],
)
def test_a_message_is_refused_in_order(changes: dict[str, Any], expected: int) -> None:
    """Parameters, token, ids, template, keywords: the first that is wrong decides."""
    scene = Scene()
    ask = good(scene, NOTIFY)

    assert scene.ask(ask.having(**changes))["err_no"] == expected
    assert scene.ask(ask)["err_no"] == 0


def test_a_one_time_consent_is_worth_one_message() -> None:
    """Each accepted question adds one message, and messages are used up one by one."""
    scene = Scene()
    ask = good(scene, NOTIFY)
    scene.phone("requestSubscribeMessage")

    assert [scene.ask(ask)["err_no"] for _ in range(3)] == [0, 0, 28014043]


def test_a_templates_quota_is_what_a_consent_is_worth() -> None:
    """A template with a quota of its own gives that many messages."""
    scene = Scene()
    template = Template(fields=("快递派送",), quota=3)
    scene.amend("mini_program", templates={"MSG7": template})
    ask = good(scene, NOTIFY)

    assert [scene.ask(ask)["err_no"] for _ in range(4)] == [0, 0, 0, 28014043]


def test_a_long_term_consent_holds_until_it_is_taken_back() -> None:
    """A long-term template sends without end, and no more once the person refuses it."""
    scene = Scene()
    template = Template(kind="long_term", fields=("快递派送",))
    scene.amend("mini_program", templates={"MSG8": template})
    ask = good(scene, NOTIFY)

    assert {scene.ask(ask)["err_no"] for _ in range(50)} == {0}
    scene.phone("requestSubscribeMessage", answers="reject")
    assert scene.ask(ask)["err_no"] == 28014043


def test_a_template_without_keywords_takes_any_data() -> None:
    """Where a template names no keyword, every keyword will do."""
    scene = Scene()
    scene.amend("mini_program", templates={"MSG9": Template()})

    assert scene.ask(good(scene, NOTIFY).having(data={"anything": 1}))["err_no"] == 0


def test_a_refused_message_is_not_counted() -> None:
    """Where limits are enforced, the message that came too soon can be sent a second later."""
    scene = Scene(limits="enforce")
    ask = good(scene, NOTIFY)
    scene.phone("requestSubscribeMessage")

    assert [scene.ask(ask)["err_no"] for _ in range(2)] == [0, 1010]
    scene.advance(1)
    assert scene.ask(ask)["err_no"] == 0


def test_limits_are_off_unless_enforced() -> None:
    """Without `limits: enforce` a load test meets no limit."""
    scene = Scene(calls_per_second=0, daily_quota=0)

    assert scene.ask(good(scene, NOTIFY))["err_no"] == 0
    assert scene.ask(good(scene, "tickets.js_ticket"))["data"]["error_code"] == 0


def test_the_quota_of_messages_is_checked_first() -> None:
    """Without a message left, the refusal is the consent's and not the limit's."""
    scene = Scene(limits="enforce")
    ask = good(scene, NOTIFY)
    scene.ask(ask)

    assert scene.ask(ask)["err_no"] == 28014043


@pytest.mark.parametrize("kind", ["client", "person", "elsewhere"])
def test_another_kind_of_token_is_no_app_token(kind: str) -> None:
    """A client token, a person's token or another app's token is refused."""
    scene = Scene()
    ask = good(scene, NOTIFY)
    token = {
        "client": scene.client_token("mini_program"),
        "person": scene.tokens()["access_token"],
        "elsewhere": scene.app_token("mini_game"),
    }[kind]

    refused = scene.ask(ask.having(access_token=token))

    assert refused["err_no"] == (1001 if kind == "elsewhere" else 12024)
    assert scene.ask(ask)["err_no"] == 0
