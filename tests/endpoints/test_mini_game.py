"""The mini-game's login, stable token, session keys and user storage."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, HOUR, MINUTE
from tests.endpoints.calls import Ask, Scene, compact, good, sign, storing
from tests.endpoints.test_video import why

BASE = "/mgplatform/api/apps/"
LOGIN, STABLE = BASE + "jscode2session", BASE + "stable_token"
CHECK, RESET = BASE + "check_session_key", BASE + "reset_session_key"
SET, REMOVE = BASE + "set_user_storage", BASE + "remove_user_storage"


def test_the_third_seed_logs_in() -> None:
    """The login library's GET with an empty anonymousCode finds a whole number 0 in `error`."""
    scene = Scene()
    game, code = scene.app("mini_game"), scene.phone("login", "mini_game")["code"]
    query = f"appid={game.client_key}&secret={game.client_secret}&code={code}&anonymousCode="

    reply = scene.box.handle(replace(Ask("GET", LOGIN).request(), query=query.encode()))

    assert reply.body.startswith(b'{"error":0,"session_key":"')


def test_the_login_is_a_get() -> None:
    """A POST to the mini-game's login is a 404 that names the method."""
    scene = Scene()

    reply = scene.send(Ask("POST", LOGIN, fields={}))

    assert (reply.status, b"takes GET, not POST" in reply.body) == (404, True)


# The stable token.


def stable(scene: Scene, **changes: Any) -> Any:
    """Ask for the stable token; give the answer's data, or its number."""
    answer = scene.ask(good(scene, "mini_game.stable_app_token").having(**changes))
    return answer.get("data") or answer["err_no"]


def works(scene: Scene, token: str) -> bool:
    """Return whether a game's token is honoured."""
    answer = scene.ask(Ask("GET", CHECK, {"access_token": token}))
    assert answer["err_no"] in (28001003, 28001038)
    return bool(answer["err_no"] == 28001038)


def test_the_stable_token_has_the_documented_shape() -> None:
    """The answer's keys are in the order of the alphabet, with err_msg and a log id."""
    scene = Scene()

    answer = scene.ask(good(scene, "mini_game.stable_app_token"))

    assert list(answer) == ["data", "err_msg", "err_no", "log_id"]
    assert list(answer["data"]) == ["access_token", "expires_in"]


def test_the_stable_token_is_the_same_until_it_expires() -> None:
    """Asking again gives the same token and what is left of its two hours; then a new one."""
    scene = Scene()
    first = stable(scene)

    scene.advance(HOUR)
    again = stable(scene)
    scene.advance(HOUR)
    fresh = stable(scene)

    assert again == {"access_token": first["access_token"], "expires_in": 3600}
    assert fresh["access_token"] != first["access_token"]
    assert fresh["expires_in"] == 7200
    assert not works(scene, first["access_token"])


@pytest.mark.parametrize("force", [True, "true", "1"])
def test_force_refresh_kills_the_old_token_at_once(force: bool | str) -> None:
    """With force_refresh there is a new token, and the old one is dead."""
    scene = Scene()
    old = stable(scene)["access_token"]

    new = stable(scene, force_refresh=force)["access_token"]

    assert new != old
    assert [works(scene, token) for token in (old, new)] == [False, True]
    assert stable(scene, force_refresh=False)["access_token"] == new


def test_an_expired_stable_token_never_comes_back() -> None:
    """However long a game stays away, no stable token is given twice."""
    scene = Scene()
    seen = set()

    for _ in range(4):
        seen.add(stable(scene)["access_token"])
        scene.advance(3 * HOUR)
        scene.client_token()

    assert len(seen) == 4


def test_the_stable_token_does_not_disturb_the_other() -> None:
    """Stable tokens are beside the ladder: neither kind ends the other."""
    scene = Scene()
    token, ladder = stable(scene)["access_token"], scene.app_token("mini_game")

    for _ in range(3):
        stable(scene, force_refresh=True)

    assert works(scene, ladder)
    scene.app_token("mini_game")
    scene.app_token("mini_game")
    assert stable(scene)["access_token"] not in (token, ladder)
    assert works(scene, stable(scene)["access_token"])


@pytest.mark.parametrize(
    "changes",
    [{"appid": "tt00"}, {"secret": "bad"}, {"grant_type": "bad"}, {"grant_type": None}],
)
def test_whatever_is_wrong_is_a_wrong_parameter(changes: dict[str, Any]) -> None:
    """The stable token knows one number for a wrong app, secret and grant type."""
    assert stable(Scene(), **changes) == 28001038


@pytest.mark.parametrize(("calls", "period"), [(10_000, MINUTE), (500_000, DAY)])
def test_the_stable_token_has_its_limits(calls: int, period: float) -> None:
    """Ten thousand calls in a minute, and half a million in a day, are the most."""
    scene = Scene(limits="enforce")
    key = scene.app("mini_game").client_key

    scene.called(f"mini_game.stable_app_token {key}", calls - 1, period)

    assert stable(scene)["expires_in"] == 7200
    assert stable(scene) == 28005139
    scene.advance(period)
    assert stable(scene)["expires_in"]


def test_the_forced_limit_leaves_normal_calls_alone() -> None:
    """After twenty forced refreshes the 21st is refused, and the token still given."""
    scene = Scene(limits="enforce")
    for _ in range(20):
        held = stable(scene, force_refresh=True)

    assert stable(scene, force_refresh=True) == 28005139
    assert stable(scene) == held


# Session keys.


def signed(scene: Scene, signature: str) -> dict[str, str]:
    """Return what a signed call is made with."""
    return {
        "access_token": scene.app_token("mini_game"),
        "openid": scene.open_id("mini_game"),
        "sig_method": "hmac_sha256",
        "signature": signature,
    }


@pytest.mark.parametrize("message", ["", f"get&{quote(CHECK, safe='')}"])
def test_both_signature_rules_are_accepted(message: str) -> None:
    """The old rule signs an empty text for a GET, the new one its method and path."""
    scene = Scene()
    signature = sign(scene.session_key(), message.encode())

    assert scene.ask(Ask("GET", CHECK, signed(scene, signature)))["err_no"] == 0
    assert scene.ask(Ask("GET", CHECK, signed(scene, signature.upper())))["err_no"] == 0


def hexed(name: str, text: bytes) -> str:
    """Return a plain digest."""
    return hashlib.new(name, text).hexdigest()


def mac(key: bytes, message: bytes, name: str = "sha256") -> str:
    """Return an HMAC."""
    return hmac.new(key, message, name).hexdigest()


STORED = {"kv_list": [{"key": "分", "value": "1"}]}
BODY = compact(STORED)
NEW = f"post&{quote(SET, safe='')}&".encode() + BODY

RECIPES: list[tuple[Callable[[str, App], str], str]] = [
    (lambda key, _: mac(base64.b64decode(key), BODY), "the session_key decoded from base64"),
    (lambda key, _: mac(base64.b64decode(key), NEW), "the session_key decoded from base64"),
    (lambda key, _: hexed("sha256", BODY + key.encode()), "a plain SHA256"),
    (lambda key, _: hexed("sha1", BODY + key.encode()), "a plain SHA1"),
    (lambda key, _: hexed("md5", key.encode() + NEW), "a plain MD5"),
    (lambda key, _: mac(key.encode(), BODY, "sha1"), "HMAC-SHA1"),
    (lambda key, _: mac(key.encode(), NEW, "md5"), "HMAC-MD5"),
    (lambda key, _: mac(BODY, key.encode()), "key and message are swapped"),
    (lambda _, app: mac(app.client_secret.encode(), BODY), "the app's secret"),
    (
        lambda key, _: base64.b64encode(bytes.fromhex(mac(key.encode(), BODY))).decode(),
        "it is in base64",
    ),
    (lambda key, _: mac(key.encode(), NEW.replace(b"post", b"POST")), "in lower case"),
    (
        lambda key, _: mac(key.encode(), b"post&" + SET.encode() + b"&" + BODY),
        "the path is URL-encoded before it is signed",
    ),
    (lambda key, _: mac(key.encode(), NEW.replace(b"%2F", b"%2f")), "escapes are upper case"),
    (lambda key, _: mac(key.encode(), NEW[: -len(BODY) - 1]), "the body is missing"),
    (lambda key, _: mac(key.encode(), b""), "nothing was signed"),
    (lambda key, _: mac(key.encode(), json.dumps(json.loads(BODY)).encode()), "another spelling"),
    (
        lambda key, _: mac(
            key.encode(), json.dumps(json.loads(BODY), ensure_ascii=False).encode()
        ),
        "another spelling",
    ),
    (lambda key, _: mac(key.encode(), BODY + b"\n"), "another spelling"),
    (lambda key, _: mac(b"nothing of the kind", BODY), "it is neither"),
]


@pytest.mark.parametrize("number", range(len(RECIPES)))
def test_a_wrong_recipe_is_named(number: int) -> None:
    """A signature by a known wrong recipe is told by its own mistake, not by both rules."""
    scene = Scene()
    recipe, says = RECIPES[number]
    signature = recipe(scene.session_key(), scene.app("mini_game"))

    answer = scene.ask(Ask("POST", SET, signed(scene, signature), fields=STORED))

    assert answer["errcode"] == 28001039
    assert says in why(scene)


def test_a_signature_of_an_earlier_login_is_named() -> None:
    """A signature under the key of an earlier login, or from before a reset, is told so."""
    scene = Scene()
    old = scene.session_key()
    new = scene.session_key()

    assert old != new
    assert scene.ask(Ask("GET", CHECK, signed(scene, sign(old, b""))))["err_no"] == 28001039
    assert "the session_key of an earlier login" in why(scene)


@pytest.mark.parametrize("message", ["", f"post&{quote(RESET, safe='')}"])
def test_a_signature_in_the_body_is_not_over_the_body(message: str) -> None:
    """A reset carries its signature in the body, so that the body counts as empty."""
    scene = Scene()
    fields = signed(scene, sign(scene.session_key(), message.encode()))

    assert scene.ask(Ask("POST", RESET, fields=fields))["err_no"] == 0


def test_a_reset_makes_a_new_key() -> None:
    """After a reset the old key no longer signs; the new one does, and the phone uses it."""
    scene = Scene()
    old = scene.session_key()
    before = scene.phone("getUserProfile", "mini_game")["signature"]

    answer = scene.ask(Ask("POST", RESET, fields=signed(scene, sign(old, b""))))

    new = answer["session_key"]
    assert list(answer) == ["err_msg", "err_no", "log_id", "openid", "session_key"]
    assert answer["openid"] == scene.open_id("mini_game")
    assert new != old
    assert scene.ask(Ask("GET", CHECK, signed(scene, sign(old, b""))))["err_no"] == 28001039
    assert scene.ask(Ask("GET", CHECK, signed(scene, sign(new, b""))))["err_no"] == 0
    assert scene.phone("getUserProfile", "mini_game")["signature"] != before


def test_every_reset_makes_another_key() -> None:
    """Resets do not repeat a key, and the next login makes yet another."""
    scene = Scene()
    keys = [scene.session_key()]

    for _ in range(3):
        fields = signed(scene, sign(keys[-1], b""))
        keys.append(scene.ask(Ask("POST", RESET, fields=fields))["session_key"])
    keys.append(scene.session_key())

    assert len(set(keys)) == 5


def test_a_session_ends_after_thirty_days() -> None:
    """A session that is long over signs nothing, nor does one that never was."""
    scene = Scene()
    key = scene.session_key()
    scene.advance(30 * DAY)

    assert scene.ask(Ask("GET", CHECK, signed(scene, sign(key, b""))))["err_no"] == 28001039
    never = {**signed(scene, "x"), "openid": scene.open_id("mini_game", "小红")}
    assert scene.ask(Ask("GET", CHECK, never))["err_no"] == 28001039


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"access_token": "bad", "openid": ""}, 28001003),
        ({"openid": "", "sig_method": "md5"}, 28001038),
        ({"sig_method": "md5", "openid": "bad"}, 28001038),
        ({"openid": "bad", "signature": "bad"}, 28001004),
        ({"signature": "bad"}, 28001039),
    ],
)
def test_a_signed_call_is_refused_in_order(changes: dict[str, str], expected: int) -> None:
    """The token goes first, then the parameters, the openid and the signature."""
    scene = Scene()
    query = {**signed(scene, sign(scene.session_key(), b"")), **changes}

    assert scene.ask(Ask("GET", CHECK, query))["err_no"] == expected


# User storage.


def store(scene: Scene, *pairs: tuple[str, str], path: str = SET) -> Any:
    """Store pairs for a user."""
    fields = {"kv_list": [{"key": key, "value": value} for key, value in pairs]}
    return scene.ask(storing(scene, path, "mini_game", fields))


def held(scene: Scene) -> dict[str, str]:
    """Return what is stored, as the user's phone sees it."""
    pairs = scene.phone("getUserCloudStorage", "mini_game")["KVDataList"]
    return {pair["key"]: pair["value"] for pair in pairs}


@pytest.mark.parametrize("path", [SET, "/api/apps/set_user_storage"])
def test_pairs_are_stored_for_the_user(path: str) -> None:
    """Both the new and the old path store, and answer with a zero alone."""
    scene = Scene()

    assert store(scene, ("level", "1"), ("level", "2"), ("score", "9"), path=path) == {"error": 0}
    assert held(scene) == {"level": "2", "score": "9"}


def test_keys_are_removed() -> None:
    """Keys are removed, and one that is not there does no harm."""
    scene = Scene()
    store(scene, ("a", "1"), ("b", "2"))

    assert scene.ask(storing(scene, REMOVE, "mini_game", {"key": ["a", "c"]})) == {"error": 0}
    assert held(scene) == {"b": "2"}


def test_the_new_rule_signs_a_body_too() -> None:
    """The newer signature over method, path and body is accepted for a POST."""
    scene = Scene()
    fields = {"kv_list": [{"key": "a", "value": "1"}]}
    message = f"post&{quote(SET, safe='')}&".encode() + compact(fields)
    query = signed(scene, sign(scene.session_key(), message))

    assert scene.ask(Ask("POST", SET, query, fields=fields)) == {"error": 0}


def test_the_token_may_be_in_a_header() -> None:
    """The official SDK sends access_token as a header with an underscore, others X-Token."""
    scene = Scene()
    ask = storing(scene, SET, "mini_game", {"kv_list": [{"key": "a", "value": "1"}]})
    token = ask.query["access_token"]
    bare = ask.having(access_token=None)

    for name in ("access_token", "x-token", "access-token"):
        headed = Ask(bare.method, bare.path, bare.query, {name: token}, bare.fields)
        assert scene.ask(headed) == {"error": 0}
    assert scene.ask(bare)["errmsg"] == "nil access_token"


def test_a_body_that_was_changed_is_not_signed() -> None:
    """A signature over other bytes than those sent is refused."""
    scene = Scene()
    ask = storing(scene, SET, "mini_game", {"kv_list": [{"key": "a", "value": "1"}]})

    assert scene.ask(ask.having(kv_list=[{"key": "a", "value": "2"}]))["errcode"] == 28001039
    assert held(scene) == {}


def test_pairs_are_stored_all_or_none() -> None:
    """One pair that is too long keeps the others out."""
    scene = Scene()

    assert store(scene, ("a", "1"), ("b", "x" * 1024))["errcode"] == 40010
    assert held(scene) == {}


def test_the_bounds_of_storage_are_inclusive() -> None:
    """A key of 128 bytes, a pair of 1024 and 128 pairs are still stored."""
    scene = Scene()
    key = "k" * 128

    assert store(scene, (key, "v" * 896)) == {"error": 0}
    assert store(scene, *((f"k{number}", "v") for number in range(127))) == {"error": 0}
    assert len(held(scene)) == 128
    assert store(scene, (key, "new")) == {"error": 0}
    assert store(scene, ("one more", ""))["errcode"] == 60001


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('{"ttgame":{"score":16,"update_time":1513080573}}', 0),
        ('{"ttgame":{"score":true}}', 40011),
        ('{"ttgame":{}}', 40011),
        ('{"ttgame":[]}', 40011),
        ('{"ttgame":', 40011),
        ("ttgame", 0),
    ],
)
def test_a_ranking_has_a_whole_number(value: str, expected: int) -> None:
    """A value for the ranking has a score that is a whole number; other values are free."""
    assert store(Scene(), ("score", value)).get("errcode", 0) == expected


@pytest.mark.parametrize("fields", [{"kv_list": []}, {"kv_list": [{"value": "1"}]}, {}])
def test_pairs_that_cannot_be_read_are_bad_parameters(fields: dict[str, Any]) -> None:
    """No pair, or one without a key, is a bad parameter."""
    scene = Scene()
    body = storing(scene, SET, "mini_game", fields)

    assert scene.ask(body)["errcode"] == 40014


def test_no_key_to_remove_is_a_bad_parameter() -> None:
    """A removal names at least one key."""
    scene = Scene()

    answer = scene.ask(storing(scene, REMOVE, "mini_game", {"key": []}))

    assert answer["errcode"] == 40014


def test_numbers_in_a_message_are_accepted() -> None:
    """A game's message may have numbers where the template has keywords."""
    scene = Scene()
    ask = good(scene, "mini_game.notify")

    assert scene.ask(ask.having(data={"快递派送": 1}))["err_no"] == 0
