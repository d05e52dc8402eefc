"""A person's consent and its tokens, the client tokens, and user info."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msgspec.structs import replace

from mockdouyin import ManualClock, Sandbox
from mockdouyin.core.clock import DAY, HOUR, MINUTE
from tests.endpoints.calls import PERSON, Ask, Scene, good

TOKEN, REFRESH, RENEW = (
    "/oauth/access_token/",
    "/oauth/refresh_token/",
    "/oauth/renew_refresh_token/",
)
CLIENT, STABLE = "/oauth/client_token/", "/oauth/stable_client_token/"
INFO = "/oauth/userinfo/"


def refresh(scene: Scene, token: str, path: str = REFRESH) -> Any:
    """Refresh or renew; give the answer's data."""
    key = scene.app("web").client_key
    fields = {"client_key": key, "refresh_token": token, "grant_type": "refresh_token"}
    return scene.ask(Ask("POST", path, fields=fields))["data"]


def info(scene: Scene, token: str, person: str = "小明") -> Any:
    """Ask for a person's user info."""
    fields = {"open_id": scene.open_id("web", person)}
    return scene.ask(Ask("POST", INFO, headers={"access-token": token}, fields=fields))


# The exchange.


def test_the_exchange_has_the_documented_shape() -> None:
    """The keys of `data` are in the order of the alphabet, lifetimes are numbers, no extra."""
    scene = Scene()

    answer = scene.ask(good(scene, "oauth.user_token"))

    assert list(answer) == ["data", "message"]
    data = answer["data"]
    assert list(data) == sorted(data)
    assert (answer["message"], data["error_code"]) == ("success", 0)
    assert (data["expires_in"], data["refresh_expires_in"]) == (1296000, 2592000)
    assert data["scope"] == "user_info,video.list,mobile_alert"
    assert len(data["access_token"]) == len(data["refresh_token"]) == 64
    assert data["open_id"] == scene.open_id("web")


def test_the_second_seed_exchanges_its_code() -> None:
    """The second guide posts JSON and fetches its client token and ticket as it prints."""
    scene = Scene()
    app = scene.app("web")
    client = {"client_secret": app.client_secret, "client_key": app.client_key}
    exchange = {**client, "code": scene.consent(), "grant_type": "authorization_code"}

    person = scene.ask(Ask("POST", TOKEN, fields=exchange))
    form = urlencode({**client, "grant_type": "client_credential"}).encode()
    posted = replace(Ask("POST", CLIENT).request(), body=form)
    token = json.loads(scene.box.handle(posted).body)["data"]["access_token"]
    ticket = scene.ask(Ask("GET", "/open/getticket/", headers={"access-token": token}))
    sharing = {"access-token": token, "content-type": "application/json"}
    share = scene.ask(Ask("GET", "/share-id/", {"need_callback": "true"}, sharing))

    assert person["data"]["error_code"] == 0
    assert ticket["data"]["ticket"].startswith("@")
    assert share["data"]["share_id"].isdigit()


@pytest.mark.parametrize("path", [TOKEN, "/oauth/access_token", "/oauth/access_token//"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_old_clients_send_a_query(method: str, path: str) -> None:
    """GET with a query, and POST with a query and an empty body, are exchanges too."""
    scene = Scene()
    query = {**scene.client(), "code": scene.consent(), "grant_type": "authorization_code"}

    assert scene.ask(Ask(method, path, query))["message"] == "success"


def test_a_get_with_a_json_content_type_has_no_body() -> None:
    """A content type of JSON and an empty body is accepted."""
    scene = Scene()
    headers = {"content-type": "application/json"}

    assert scene.ask(Ask("GET", CLIENT, scene.client(), headers))["data"]["error_code"] == 0


def test_a_code_works_once() -> None:
    """The second exchange of a code is refused, and the first one's tokens live on."""
    scene = Scene()
    code = scene.consent()
    tokens = scene.exchange(code)

    assert scene.exchange(code)["error_code"] == 10007
    assert info(scene, tokens["access_token"])["err_no"] == 0


@pytest.mark.parametrize(("seconds", "expected"), [(599, 0), (600, 10007)])
def test_a_code_lives_ten_minutes(seconds: float, expected: int) -> None:
    """A consent's code is good up to ten minutes and no longer."""
    scene = Scene()
    code = scene.consent()
    scene.advance(seconds)

    assert scene.exchange(code)["error_code"] == expected


def test_a_new_consent_voids_the_older_code() -> None:
    """The same person's newer consent kills the code of the older, and nobody else's."""
    scene = Scene()
    older, other, newer = scene.consent(), scene.consent("小红"), scene.consent()

    assert scene.exchange(older)["error_code"] == 10007
    assert scene.exchange(newer)["error_code"] == 0
    assert scene.exchange(other)["error_code"] == 0


def test_a_new_consent_leaves_the_older_tokens() -> None:
    """Tokens that were exchanged before a new consent stay good."""
    scene = Scene()
    older, newer = scene.tokens(), scene.tokens()

    assert older["access_token"] != newer["access_token"]
    assert older["refresh_token"] != newer["refresh_token"]
    for tokens in (older, newer):
        assert info(scene, tokens["access_token"])["err_no"] == 0
        assert refresh(scene, tokens["refresh_token"])["error_code"] == 0


def test_scopes_of_the_app_alone_are_not_granted() -> None:
    """A scope that is the app's, such as renew_refresh_token, and twins, are left out."""
    scene = Scene()

    tokens = scene.tokens(scopes=("user_info", "renew_refresh_token", "user_info"))

    assert tokens["scope"] == "user_info"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": None, "client_key": "bad"}, 10002),
        ({"grant_type": "client_credential", "client_key": "bad"}, 10002),
        ({"client_key": "bad", "client_secret": "bad"}, 10003),
        ({"client_secret": "bad", "code": "bad"}, 10013),
        ({"code": "bad"}, 10007),
    ],
)
def test_an_exchange_is_refused_in_order(changes: dict[str, Any], expected: int) -> None:
    """Parameters, client key, secret, code: the first that is wrong decides."""
    scene = Scene()
    ask = good(scene, "oauth.user_token")

    assert scene.ask(ask.having(**changes))["data"]["error_code"] == expected
    assert scene.ask(ask)["data"]["error_code"] == 0


# Refresh and renew.


def test_a_refresh_gives_the_same_token_while_it_lives() -> None:
    """The same access_token comes back with 15 new days; the refresh_token does not move."""
    scene = Scene()
    tokens = scene.tokens()
    scene.advance(10 * DAY)

    fresh = refresh(scene, tokens["refresh_token"])

    assert fresh["access_token"] == tokens["access_token"]
    assert fresh["refresh_token"] == tokens["refresh_token"]
    assert (fresh["expires_in"], fresh["refresh_expires_in"]) == (1296000, 20 * 86400)
    scene.advance(14 * DAY)
    assert info(scene, tokens["access_token"])["err_no"] == 0


def test_a_refresh_after_the_end_gives_a_new_token() -> None:
    """Once the access_token has expired a refresh gives another, and the old one stays dead."""
    scene = Scene()
    tokens = scene.tokens()
    scene.advance(15 * DAY)

    fresh = refresh(scene, tokens["refresh_token"])

    assert fresh["access_token"] != tokens["access_token"]
    assert info(scene, fresh["access_token"])["err_no"] == 0
    assert info(scene, tokens["access_token"])["err_no"] == 28001008
    assert refresh(scene, tokens["refresh_token"])["access_token"] == fresh["access_token"]


def test_a_refresh_token_lives_thirty_days_whatever_is_refreshed() -> None:
    """Refreshing does not prolong the refresh_token."""
    scene = Scene()
    token = scene.tokens()["refresh_token"]

    scene.advance(30 * DAY - 1)
    assert refresh(scene, token)["refresh_expires_in"] == 1
    scene.advance(1)
    assert refresh(scene, token)["error_code"] == 10010


def test_some_apps_prolong_the_refresh_token() -> None:
    """With `refresh_prolongs` each refresh gives the refresh_token its thirty days again."""
    scene = Scene(refresh_prolongs=True)
    token = scene.tokens()["refresh_token"]

    for _ in range(3):
        scene.advance(29 * DAY)
        assert refresh(scene, token)["refresh_expires_in"] == 2592000


def test_a_secret_is_not_needed_to_refresh() -> None:
    """A refresh asks for no secret, but a wrong one is refused."""
    scene = Scene()
    ask = good(scene, "oauth.refresh_token")

    right = scene.app("web").client_secret

    assert scene.ask(ask.having(client_secret="bad"))["data"]["error_code"] == 10013
    assert scene.ask(ask.having(client_secret=right))["data"]["error_code"] == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"refresh_token": None, "grant_type": "bad"}, 10005),
        ({"grant_type": "authorization_code", "client_key": "bad"}, 10002),
        ({"client_key": "bad", "refresh_token": "bad"}, 10003),
        ({"refresh_token": "bad"}, 10010),
        ({"refresh_token": "rft.00000000"}, 10010),
    ],
)
def test_a_refresh_is_refused_in_order(changes: dict[str, Any], expected: int) -> None:
    """Parameters, client key, refresh_token: the first that is wrong decides."""
    scene = Scene()

    answer = scene.ask(good(scene, "oauth.refresh_token").having(**changes))

    assert answer["data"]["error_code"] == expected


def test_another_apps_refresh_token_is_bad() -> None:
    """A refresh_token is good for the app that it was given to."""
    scene = Scene()
    key = scene.app("mini_program").client_key

    answer = scene.ask(good(scene, "oauth.refresh_token").having(client_key=key))

    assert answer["data"]["error_code"] == 10010


def test_a_renewal_replaces_the_refresh_token() -> None:
    """A renewed refresh_token has thirty new days, the older is void; the user token lives."""
    scene = Scene()
    tokens = scene.tokens()
    scene.advance(14 * DAY)

    data = refresh(scene, tokens["refresh_token"], RENEW)

    assert "access_token" not in data
    assert data["expires_in"] == 2592000
    assert refresh(scene, tokens["refresh_token"])["error_code"] == 10010
    assert refresh(scene, tokens["refresh_token"], RENEW)["error_code"] == 10010
    fresh = refresh(scene, data["refresh_token"])
    assert fresh["access_token"] == tokens["access_token"]
    assert fresh["refresh_expires_in"] == 2592000


def test_five_renewals_and_no_more() -> None:
    """The sixth renewal is refused with 10020; refreshing goes on until the thirty days end."""
    scene = Scene()
    token = scene.tokens()["refresh_token"]
    seen = {token}

    for _ in range(5):
        scene.advance(29 * DAY)
        token = refresh(scene, token, RENEW)["refresh_token"]
        seen.add(token)

    assert len(seen) == 6
    assert refresh(scene, token, RENEW)["error_code"] == 10020
    assert refresh(scene, token)["error_code"] == 0
    assert refresh(scene, scene.tokens()["refresh_token"], RENEW)["error_code"] == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"refresh_token": None, "client_key": "bad"}, 10005),
        ({"client_key": "bad", "refresh_token": "bad"}, 10003),
        ({"refresh_token": "bad"}, 10010),
    ],
)
def test_a_renewal_is_refused_in_order(changes: dict[str, Any], expected: int) -> None:
    """Parameters, client key, refresh_token: the first that is wrong decides."""
    scene = Scene()

    answer = scene.ask(good(scene, "oauth.renew_refresh_token").having(**changes))

    assert answer["data"]["error_code"] == expected


def test_revoking_ends_everything_at_once() -> None:
    """When a person takes their consent back, tokens and code are dead; a new consent is new."""
    scene = Scene()
    tokens, code = scene.tokens(), scene.consent()

    scene.revoke()

    assert info(scene, tokens["access_token"])["err_no"] == 28001003
    assert refresh(scene, tokens["refresh_token"])["error_code"] == 10010
    assert refresh(scene, tokens["refresh_token"], RENEW)["error_code"] == 10010
    assert scene.exchange(code)["error_code"] == 10007
    fresh = scene.tokens()
    assert info(scene, fresh["access_token"])["err_no"] == 0
    assert fresh["access_token"] != tokens["access_token"]
    assert info(scene, tokens["access_token"])["err_no"] == 28001003


def test_revoking_concerns_one_person() -> None:
    """Another person's consent is untouched, and what was never granted cannot be revoked."""
    scene = Scene()
    other = scene.tokens("小红")

    scene.revoke()
    scene.revoke()
    scene.revoke("老王")

    assert info(scene, other["access_token"], "小红")["err_no"] == 0


# Client tokens.


def client_token(scene: Scene, path: str = CLIENT) -> Any:
    """Fetch a client token; give the answer's data."""
    return scene.ask(Ask("POST", path, fields=scene.client()))["data"]


def js_ticket(scene: Scene, token: str) -> int:
    """Use a client token; give the number of the answer."""
    answer = scene.ask(Ask("GET", "/js/getticket/", headers={"access-token": token}))
    return int(answer["extra"]["error_code"])


def test_a_new_client_token_leaves_the_older_five_minutes() -> None:
    """Both work for five minutes; then the older one is expired."""
    scene = Scene()
    older, newer = (client_token(scene)["access_token"] for _ in range(2))

    scene.advance(5 * MINUTE - 1)
    assert [js_ticket(scene, token) for token in (older, newer)] == [0, 0]
    scene.advance(1)
    assert [js_ticket(scene, token) for token in (older, newer)] == [28001008, 0]
    assert (
        "which left this one 5m"
        in [e.why.render("en") for e in scene.world.journal if e.error][-1]
    )


def test_the_third_client_token_kills_the_first() -> None:
    """At most two client tokens live, and a client that fetches one for each call is served."""
    scene = Scene()
    tokens = [client_token(scene)["access_token"] for _ in range(3)]

    assert [js_ticket(scene, token) for token in tokens] == [28001003, 0, 0]
    assert (
        "the second killed it" in [e.why.render("en") for e in scene.world.journal if e.error][-1]
    )
    for _ in range(20):
        assert js_ticket(scene, client_token(scene)["access_token"]) == 0
    assert js_ticket(scene, tokens[1]) == 28001003


def test_a_client_token_lives_two_hours() -> None:
    """The last client token dies of age after two hours."""
    scene = Scene()
    data = client_token(scene)
    assert data["expires_in"] == 7200

    scene.advance(2 * HOUR - 1)
    assert js_ticket(scene, data["access_token"]) == 0
    scene.advance(1)
    assert js_ticket(scene, data["access_token"]) == 28001008


def test_the_stable_client_token_is_the_same_for_two_hours() -> None:
    """The stable token is idempotent, shortens no other's life, and is another afterwards."""
    scene = Scene()
    ladder = client_token(scene)["access_token"]
    first = client_token(scene, STABLE)["access_token"]

    for _ in range(3):
        assert client_token(scene, STABLE)["access_token"] == first
    assert js_ticket(scene, ladder) == 0
    scene.advance(2 * HOUR)
    assert client_token(scene, STABLE)["access_token"] != first
    assert js_ticket(scene, first) == 28001008


def test_long_tokens_look_like_those_of_today() -> None:
    """With `token_style: long` tokens have about 190 characters and work as the short ones do."""
    scene = Scene(token_style="long")
    tokens, client = scene.tokens(), client_token(scene)["access_token"]
    renewed = refresh(scene, tokens["refresh_token"], RENEW)["refresh_token"]

    heads = [token[:6] for token in (tokens["access_token"], tokens["refresh_token"], renewed)]

    assert heads == ["act.3.", "rft.3.", "rft.3."]
    assert client.startswith("clt.2.")
    assert {len(token) for token in (tokens["access_token"], client)} == {190}
    assert client_token(scene, STABLE)["access_token"].startswith("clt.2.")
    assert js_ticket(scene, client) == 0
    assert info(scene, tokens["access_token"])["err_no"] == 0


@pytest.mark.parametrize("name", ["oauth.client_token", "oauth.stable_client_token"])
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_secret": None, "client_key": "bad"}, 10002),
        ({"grant_type": "client_credentials", "client_key": "bad"}, 10002),
        ({"client_key": "bad", "client_secret": "bad"}, 10003),
        ({"client_secret": "bad"}, 10013),
    ],
)
def test_a_client_token_is_refused_in_order(
    name: str, changes: dict[str, Any], expected: int
) -> None:
    """Parameters, client key, secret: the first that is wrong decides."""
    scene = Scene()

    assert scene.ask(good(scene, name).having(**changes))["data"]["error_code"] == expected


def test_five_hundred_client_tokens_in_five_minutes() -> None:
    """Where limits are enforced the 501st call is refused, and the next window is new."""
    scene = Scene(limits="enforce")

    numbers = [client_token(scene)["error_code"] for _ in range(501)]
    scene.advance(5 * MINUTE)

    assert numbers == [0] * 500 + [10020]
    assert client_token(scene)["error_code"] == 0


# User info.


def test_user_info_is_both_generations_at_once() -> None:
    """Old clients find data and message, new ones err_no; place and gender are blank."""
    scene = Scene()

    answer = scene.ask(good(scene, "oauth.user_info"))

    assert {"data", "message", "err_no", "err_msg", "log_id"} == set(answer)
    assert (answer["message"], answer["err_no"], answer["err_msg"]) == ("success", 0, "")
    data = answer["data"]
    assert data["error_code"] == 0
    assert data["nickname"] == "小明同学"
    assert data["client_key"] == scene.app("web").client_key
    assert data["union_id"] == scene.world.people.union_id(scene.app("web"), "小明")
    assert "1080x1080" in data["avatar_larger"]
    assert (data["gender"], data["city"], data["e_account_role"]) == (0, "", "")


def test_ampersands_are_escaped_as_go_does() -> None:
    """In a passport answer `&`, `<` and `>` are written as unicode escapes."""
    scene = Scene()
    tokens = scene.tokens("Anna")

    fields = {"open_id": scene.open_id("web", "Anna")}
    headers = {"access-token": tokens["access_token"]}
    body = scene.send(Ask("POST", INFO, headers=headers, fields=fields)).body

    assert b"Anna \\u003c\\u0026\\u003e O'Neil" in body
    assert json.loads(body)["data"]["nickname"] == "Anna <&> O'Neil"


def test_the_mobile_is_sealed_with_the_secret() -> None:
    """With a mobile scope encrypt_mobile opens by AES-256-CBC under the client_secret."""
    scene = Scene()

    sealed = info(scene, scene.tokens()["access_token"])["data"]["encrypt_mobile"]

    key = scene.app("web").client_secret.encode()
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    assert plain[: -plain[-1]] == b"13800138000"


@pytest.mark.parametrize(
    ("person", "scopes"), [("小明", ("user_info",)), ("老王", ("user_info", "mobile"))]
)
def test_no_mobile_without_scope_or_number(person: str, scopes: tuple[str, ...]) -> None:
    """Without a mobile scope, or a number, there is no encrypt_mobile at all."""
    scene = Scene()
    token = scene.tokens(person, scopes)["access_token"]

    assert "encrypt_mobile" not in info(scene, token, person)["data"]


def test_a_user_token_is_read_in_four_places() -> None:
    """The token is found in either header, in the query and in the body."""
    scene = Scene()
    tokens = scene.tokens()
    token, open_id = tokens["access_token"], {"open_id": tokens["open_id"]}
    both = {"access_token": token, **open_id}

    asks = [
        Ask("POST", INFO, headers={"access-token": token}, fields=open_id),
        Ask("POST", INFO, headers={"access_token": token}, fields=open_id),
        Ask("GET", INFO, both),
        Ask("POST", INFO, fields=both),
        Ask("POST", INFO, {"access_token": token}, fields=open_id),
        Ask("GET", INFO, both, {"access-token": ""}),
        Ask("GET", INFO, {**both, "access_token": "bad"}, {"access-token": token}),
        Ask("GET", INFO, both | {"access_token": "bad"}, {"access_token": token}),
    ]

    assert [scene.ask(ask)["err_no"] for ask in asks] == [0] * len(asks)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("", "there is no access_token"),
        ("client", "it is a client token (clt.), where a user token (act.) is needed"),
        ("refresh", "it is a refresh_token (rft.), where a user token (act.) is needed"),
        ("app", "it is an app token (08011218…), where a user token (act.) is needed"),
        ("nonsense", "it was not issued by world 'default'"),
    ],
)
def test_another_kind_of_token_is_no_user_token(kind: str, why: str) -> None:
    """Any other token is refused, and the journal says what it is."""
    scene = Scene()
    tokens = {
        "": "",
        "client": scene.client_token(),
        "refresh": scene.tokens()["refresh_token"],
        "app": scene.app_token(),
        "nonsense": "act.0123456789",
    }

    assert info(scene, tokens[kind])["err_no"] == 28001003
    assert why in list(scene.world.journal)[-1].why.render("en")


@pytest.mark.parametrize(
    ("lifetime", "expected"), [(15 * DAY - 1, 0), (15 * DAY, 28001008), (50 * DAY, 28001008)]
)
def test_a_user_token_lives_fifteen_days(lifetime: float, expected: int) -> None:
    """An access_token is good up to fifteen days, and expired afterwards."""
    scene = Scene()
    token = scene.tokens()["access_token"]

    scene.advance(lifetime)

    assert info(scene, token)["err_no"] == expected


def test_user_info_is_refused_in_order() -> None:
    """The token goes first, then the app, the grant, the parameters, and whose token it is."""
    scene = Scene()
    narrow = scene.tokens(scopes=("video.list",))["access_token"]
    wide = scene.tokens()["access_token"]

    def number(token: str, open_id: str | None) -> int:
        ask = Ask("POST", INFO, headers={"access-token": token}, fields={"open_id": open_id})
        return int(scene.ask(ask)["err_no"])

    assert number("bad", None) == 28001003
    assert number(narrow, None) == 28001012
    assert number(wide, None) == 28001007
    assert number(wide, "bad") == 28001015
    scene.amend("web", banned=True)
    assert number(narrow, None) == 28001016


@pytest.mark.parametrize(
    ("generation", "expected"), [("documented", 28001003), ("new", 28001003), ("old", 2190002)]
)
def test_the_generation_of_numbers_is_a_setting(generation: str, expected: int) -> None:
    """`error_generation` puts the token errors of every page into one generation."""
    scene = Scene(error_generation=generation)

    answer = info(scene, "bad")

    assert answer["err_no"] == answer["data"]["error_code"] == expected


def test_another_worlds_tokens_are_bad() -> None:
    """A token or code of another world is refused like one that was never issued."""
    box = Sandbox(clock=ManualClock)
    one, two = Scene(), Scene()
    one.box = two.box = box
    one.world, two.world = box.worlds.create("one"), box.worlds.create("two")
    tokens, code = one.tokens(), one.consent()
    to_two = {"x-mockdouyin-world": "two", "access-token": tokens["access_token"]}

    asked = two.ask(Ask("POST", INFO, headers=to_two, fields={"open_id": tokens["open_id"]}))

    assert asked["err_no"] == 28001003
    assert refresh(two, tokens["refresh_token"])["error_code"] == 10010
    assert two.exchange(code)["error_code"] == 10007
    assert "world 'two'" in list(two.world.journal)[-1].why.render("en")
    assert info(one, tokens["access_token"])["err_no"] == 0


def test_a_token_of_an_app_that_is_gone_is_invalid() -> None:
    """When an app's key was changed, what was issued under the old key is refused."""
    scene = Scene()
    client, person = scene.client_token(), scene.tokens()["access_token"]
    open_id = scene.open_id("web")

    del scene.world.apps[scene.app("web").client_key]

    assert js_ticket(scene, client) == 28001003
    ask = Ask("POST", INFO, headers={"access-token": person}, fields={"open_id": open_id})
    assert scene.ask(ask)["err_no"] == 28001003


REAL = "ffab5ec26cd958fditn2GNr8Wx5m0iABCDEF"
"""A code as real consent pages give it."""


def test_a_real_consents_code_is_admitted() -> None:
    """Where unknown codes are accepted, one of a consent that was given elsewhere works, once."""
    scene = Scene(unknown_codes="accept")

    first, second = scene.exchange(REAL), scene.exchange(REAL)

    assert first["open_id"] == scene.open_id("web")
    assert second["error_code"] == 10007
    assert (
        list(scene.world.journal)[-1].why.render("en")
        == "the code was already exchanged; it works once"
    )
    assert info(scene, first["access_token"])["data"]["nickname"]
    assert {"user_info", "video.list"} <= set(first["scope"].split(","))
    assert "renew_refresh_token" not in first["scope"].split(",")
    scene.advance(10 * 60 + 1)
    third = scene.exchange(REAL)
    assert third["access_token"] != first["access_token"]


def test_a_real_consent_is_one_like_any_other() -> None:
    """A consent that was given elsewhere voids the earlier code, and can be taken back."""
    scene = Scene(unknown_codes="accept")
    earlier = scene.consent()

    token = scene.exchange(REAL)["access_token"]

    assert scene.exchange(earlier)["error_code"] == 10007
    scene.revoke()
    assert info(scene, token)["err_no"] == 28001003
    assert (
        list(scene.world.journal)[-1].why.render("en") == f"{PERSON} has revoked the authorization"
    )


def test_real_consents_spread_over_people() -> None:
    """Codes from elsewhere are spread over as many people as unknown login codes are."""
    scene = Scene(unknown_codes="accept", unknown_people=5)
    codes = [REAL[:-2] + f"{number:02}" for number in range(30)]

    whose = {scene.exchange(code)["open_id"] for code in codes}

    assert len(whose) == 5


def test_a_real_consents_code_is_refused_by_default() -> None:
    """By default a code from elsewhere is a bad one, and the reason names the flag."""
    scene = Scene()

    assert scene.exchange(REAL)["error_code"] == 10007
    assert "admitted by `serve --accept-unknown`" in list(scene.world.journal)[-1].why.render("en")


@pytest.mark.parametrize("path", [CLIENT, STABLE])
def test_a_service_provider_asks_with_its_token(path: str) -> None:
    """The authorizer's token stands for the client_secret of its app, and of no other."""
    scene = Scene()
    token = scene.app("mini_program").authorizer_token
    own = {**scene.client("mini_program"), "client_secret": token}
    others = {**scene.client("web"), "client_secret": token}

    assert scene.ask(Ask("POST", path, fields=own))["data"]["access_token"]
    assert scene.ask(Ask("POST", path, fields=others))["data"]["error_code"] == 10013


def test_a_service_provider_exchanges_a_ticket() -> None:
    """The ticket of tt.showDouyinOpenAuth is exchanged with the authorizer's token as secret."""
    scene = Scene()
    app = scene.app("mini_program")
    fields = {
        "client_key": app.client_key,
        "client_secret": app.authorizer_token,
        "code": scene.phone("showDouyinOpenAuth", scopeList=["user_info"])["ticket"],
        "grant_type": "authorization_code",
    }

    assert scene.ask(Ask("POST", TOKEN, fields=fields))["data"]["scope"] == "user_info"
