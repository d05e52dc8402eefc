"""A credential of another kind is called what it is, wherever it is sent."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.core.credentials import CredentialKind, kind_by_form, may_be, visible_mistake
from mockdouyin.core.http import Request
from tests.endpoints.calls import PERSON, Ask, Scene, good

LOGIN = "mini_program.code_to_session"
PLACES = {
    "code of code_to_session": (LOGIN, "code", "a code of tt.login"),
    "code of code_to_session_v1": ("mini_program.code_to_session_v1", "code", "a code of tt."),
    "code of a game": ("mini_game.code_to_session", "code", "a code of tt.login"),
    "code of a provider": ("microapp.code_to_session", "code", "a code of tt.login"),
    "anonymous_code": (LOGIN, "anonymous_code", "an anonymousCode of tt.login"),
    "code of access_token": ("oauth.user_token", "code", "the code of a consent"),
    "code of phone_number": ("microapp.phone_number", "code", "a code of the phone-number button"),
    "refresh_token": ("oauth.refresh_token", "refresh_token", "a refresh_token (rft.)"),
    "renewed refresh_token": ("oauth.renew_refresh_token", "refresh_token", "a refresh_token"),
    "token of user_info": ("oauth.user_info", "access-token", "a user token (act.)"),
    "token of a video": ("video.video_list", "access-token", "a user token (act.)"),
    "token of a ticket": ("tickets.open_ticket", "access-token", "a client token (clt.)"),
    "token of notify": ("mini_program.notify", "access_token", "an app token (08011218…)"),
    "token of a game": ("mini_game.set_user_storage", "access_token", "an app token (08011218…)"),
    "client_ticket": ("schema.get_share", "client_ticket", "an open ticket"),
    "secret": (LOGIN, "secret", "a client_secret"),
    "client_secret": ("oauth.client_token", "client_secret", "a client_secret"),
    "appid": (LOGIN, "appid", "a client_key"),
    "client_key": ("oauth.user_token", "client_key", "a client_key"),
}
"""Where a credential is sent: endpoint and field or header, and what is wanted there."""

KINDS = {
    "login code": "a code of tt.login",
    "anonymous code": "an anonymousCode of tt.login",
    "phone code": "a code of the phone-number button",
    "auth code": "the code of a consent",
    "user token": "a user token (act.)",
    "refresh token": "a refresh_token (rft.)",
    "client token": "a client token (clt.)",
    "app token": "an app token (08011218…)",
    "provider token": "the service provider's token for 'mini_program'",
    "open ticket": "of the form of an open ticket",
    "js ticket": "of the form of a JS ticket",
    "session_key": "of the form of a session_key",
    "client_key": "the client_key of app 'web'",
    "client_secret": "the client_secret of app 'web'",
    "open_id": f"{PERSON}'s open_id in app 'mini_program'",
    "union_id": "of the form of a union_id",
    "template": "the id of a template of app 'mini_program'",
    "long user token": "a user token (act.)",
    "long client token": "a client token (clt.)",
}
"""Every kind, and what a refusal calls it."""

RIGHT = {
    ("code of code_to_session", "login code"),
    ("code of code_to_session_v1", "login code"),
    ("code of a game", "login code"),
    ("code of a provider", "login code"),
    ("anonymous_code", "anonymous code"),
    ("code of access_token", "auth code"),
    ("code of phone_number", "phone code"),
    ("refresh_token", "refresh token"),
    ("renewed refresh_token", "refresh token"),
    ("token of user_info", "user token"),
    ("token of user_info", "long user token"),
    ("token of a video", "user token"),
    ("token of a video", "long user token"),
    ("token of a ticket", "client token"),
    ("token of a ticket", "long client token"),
    ("token of a ticket", "provider token"),
    ("token of notify", "app token"),
    ("token of a game", "app token"),
    ("client_ticket", "open ticket"),
    ("secret", "client_secret"),
    ("client_secret", "client_secret"),
    ("appid", "client_key"),
    ("client_key", "client_key"),
}
"""What belongs where it is sent, or is told by the endpoint's own rules."""

TOLD_ELSEWHERE = {
    ("code of code_to_session", "anonymous code"): "tt.login gave it as anonymous_code",
    ("code of code_to_session_v1", "anonymous code"): "tt.login gave it as anonymous_code",
    ("code of a provider", "anonymous code"): "tt.login gave it as anonymous_code",
    ("code of a game", "anonymous code"): "the code was made for app",
    ("anonymous_code", "login code"): "tt.login gave it as code",
}


def every_kind(scene: Scene) -> dict[str, str]:
    """Return a scene with one of each credential."""
    login, tokens, app = scene.phone("login"), scene.tokens(), scene.app("mini_program")
    ask = Ask("GET", "/js/getticket/", headers={"access-token": scene.client_token()})
    open_ticket = Ask("GET", "/open/getticket/", headers=ask.headers)
    world = scene.world
    return {
        "login code": login["code"],
        "anonymous code": login["anonymousCode"],
        "phone code": scene.phone("getPhoneNumber")["detail"]["code"],
        "user token": tokens["access_token"],
        "refresh token": tokens["refresh_token"],
        "auth code": scene.consent(),
        "client token": scene.client_token(),
        "app token": scene.app_token(),
        "provider token": app.authorizer_token,
        "open ticket": scene.ask(open_ticket)["data"]["ticket"],
        "js ticket": scene.ask(ask)["data"]["ticket"],
        "session_key": scene.session_key("mini_game"),
        "client_key": scene.app("web").client_key,
        "client_secret": scene.app("web").client_secret,
        "open_id": scene.open_id("mini_program"),
        "union_id": world.people.union_id(app, PERSON),
        "template": scene.template("mini_program"),
        "long user token": world.ids.token("act", "somebody", long=True),
        "long client token": world.ids.token("clt", "something", long=True),
    }


def sent(scene: Scene, place: str, value: str) -> str:
    """Send a value where something is wanted; return why it is refused."""
    name, field, _ = PLACES[place]
    ask = good(scene, name)
    scene.send(
        ask.under(access_token=value) if field == "access-token" else having(ask, field, value)
    )
    last = list(scene.world.journal)[-1]
    assert last.verdict == "refused"
    return last.why.render("en")


def having(ask: Ask, field: str, value: str) -> Ask:
    """Return the call with this value in the field, and no other code beside it."""
    alone = {"code": {"anonymous_code": None}, "anonymous_code": {"code": None}}
    given = {**ask.query, **(ask.fields or {})}
    others = alone.get(field, {}) if "anonymous_code" in given else {}
    return ask.having(**{field: value, **others})


PAIRS = [pair for pair in itertools.product(PLACES, KINDS) if pair not in RIGHT]


@pytest.mark.parametrize(("place", "kind"), PAIRS, ids=[f"{p}-{k}" for p, k in PAIRS])
def test_every_kind_is_called_what_it_is(place: str, kind: str) -> None:
    """Each kind, sent where another is wanted, is named in the reason, beside what is wanted."""
    scene = Scene()
    why = sent(scene, place, every_kind(scene)[kind])

    elsewhere = TOLD_ELSEWHERE.get((place, kind))
    if elsewhere is not None:
        assert why.startswith(elsewhere)
        return
    assert KINDS[kind] in why
    named = place in ("secret", "client_secret") and kind in (
        "client_key",
        "provider token",
        "template",
    )
    assert named or PLACES[place][2] in why


NOTHING = ("None", "null", "undefined", "NULL", "nil", "NaN", "[object Object]", "<nil>", "{}")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", NOTHING)
def test_a_variable_that_held_nothing(place: str, value: str) -> None:
    """What programs write where they have no value is told as that, wherever it is sent."""
    why = sent(Scene(), place, value)

    assert f"it is the text {value!r}, which a program writes where it has no value" in why


HARM = {
    "Bearer act.0123": "it begins with 'Bearer ': the token is sent alone",
    "bearer clt.0123": "it begins with 'Bearer '",
    "b'act.0123'": "it is how a program spells an object of its own",
    "[object Promise]": "it is how a program spells an object of its own",
    "<Response [200]>": "it is how a program spells an object of its own",
    'Optional("act.0123")': "it is how a program spells an object of its own",
    "{{access_token}}": "it is a placeholder that nothing was put in the place of",
    "${DOUYIN_TOKEN}": "it is a placeholder",
    "$DOUYIN_TOKEN": "it is a placeholder",
    "<your token>": "it is a placeholder",
    "YOUR_ACCESS_TOKEN": "it is a placeholder",
    "%s": "it is a placeholder",
    "act.01234567***": "a part of it is left out, as logs do",
    "clt.0123…": "a part of it is left out",
    "act.0123\n": "a space or a line end stands around it",
    '"act.0123"': "it stands in quotes: it is sent without them",
    "access_token=act.0123": "it is a name with a value, not the value alone",
    "code: 0123456789": "it is a name with a value",
    '{"data": {"access_token": "act.0123"}}': "it is a whole piece of JSON",
}


@pytest.mark.parametrize(("value", "says"), HARM.items())
def test_what_befell_a_value_on_its_way(value: str, says: str) -> None:
    """A value that is not whole, or has more around it, is told as that."""
    assert visible_mistake(value).render("en").startswith(says)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_value_came_to_no_harm(kind: str) -> None:
    """Nothing that was issued here looks as if it had come to harm."""
    assert not visible_mistake(every_kind(Scene())[kind])


@pytest.mark.parametrize("place", ["token of user_info", "token of a ticket", "refresh_token"])
def test_a_token_whose_end_is_missing(place: str) -> None:
    """A token that a short column cut is told by its length."""
    scene = Scene()
    kind = {"token of user_info": "user token", "token of a ticket": "client token"}.get(place)
    whole = every_kind(scene)[kind or "refresh token"]

    why = sent(scene, place, whole[:60])

    assert why == "its end is missing: it has 60 characters, and was issued with 64"


def test_a_long_token_whose_end_is_missing() -> None:
    """A token of the newer form, cut at 128 characters, is told by its length too."""
    scene = Scene(token_style="long")
    token = scene.tokens()["access_token"]

    why = sent(scene, "token of user_info", token[:128])

    assert why == "its end is missing: it has 128 characters, and was issued with 190"


@pytest.mark.parametrize(
    "place",
    [
        *("code of code_to_session", "code of access_token", "code of phone_number"),
        *("refresh_token", "token of user_info", "token of a ticket", "token of notify"),
        "client_ticket",
    ],
)
def test_another_worlds_credential_names_its_world(place: str) -> None:
    """What another world issued is told with that world's name."""
    scene = Scene()
    other = Scene(scene.box)
    other.world = scene.box.worlds.create("ci-7")
    name, field, _ = PLACES[place]
    theirs = good(other, name)
    value = {**theirs.query, **(theirs.fields or {}), **theirs.headers}[field]

    why = told_here(scene, good(scene, name), field, value)

    assert why == "it was issued by world 'ci-7', and this is world 'default'"


def told_here(scene: Scene, ask: Ask, field: str, value: str) -> str:
    """Send a value to the scene's own world, whatever it carries; return why it is refused."""
    changed = (
        ask.under(access_token=value) if field == "access-token" else having(ask, field, value)
    )
    made: Request = changed.request()
    scene.world.handle(made)
    return list(scene.world.journal)[-1].why.render("en")


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("web", "it is the name of an app, whose key is"),
        ("None", "it is the text 'None'"),
        ("awxxxxxxxxxxxxxx", "`--app awxxxxxxxxxxxxxx:SECRET` to register it"),
    ],
)
def test_a_key_that_no_app_has(key: str, says: str) -> None:
    """A key that no app has is told with what it is, or how to register it."""
    why = sent(Scene(), "client_key", key)

    assert why.startswith(f"no app has the key {key!r}")
    assert says in why


@pytest.mark.parametrize("header", ["Authorization", "authorization", "Token", "X-Access-Token"])
@pytest.mark.parametrize("place", ["token of user_info", "token of a ticket", "token of notify"])
def test_a_token_in_a_header_that_is_not_read(header: str, place: str) -> None:
    """Where there is no token, the header that has one in another's place is named."""
    scene = Scene()
    name, field, _ = PLACES[place]
    ask = good(scene, name)
    token = {**(ask.fields or {}), **ask.headers}[field]
    bare = ask.with_token("")
    made = bare.request()
    made.headers.append((header.lower().encode(), f"Bearer {token}".encode()))

    scene.box.handle(made)

    last = list(scene.world.journal)[-1]
    assert last.verdict == "refused"
    assert f"the header {header.lower()} is not read, access-token is" in last.why.render("en")


@pytest.mark.parametrize("value", ["act.0123", "clt.2.0123", "None", "undefined", "{{code}}"])
@pytest.mark.parametrize("place", ["code of code_to_session", "code of access_token"])
def test_what_is_no_code_is_not_admitted(place: str, value: str) -> None:
    """Where unknown codes are accepted, a token or nothing at all is refused all the same."""
    scene = Scene(unknown_codes="accept")

    assert sent(scene, place, value)


def test_a_code_of_the_other_kind_is_not_admitted() -> None:
    """If unknown codes are accepted, login codes and consent codes do not pass for each other."""
    scene = Scene(unknown_codes="accept")
    login, consent = "real" + "x" * 119, "0123456789abcdef" + "R" * 20

    assert "it is the code of a consent, where" in sent(scene, "code of code_to_session", consent)
    assert "it is a code of tt.login, where" in sent(scene, "code of access_token", login)


@pytest.mark.parametrize("kind", ["login code", "anonymous code", "phone code", "auth code"])
def test_the_form_of_each_code(kind: str) -> None:
    """The two forms of codes are told from one another, and from everything else."""
    value = every_kind(Scene())[kind]
    form: Any = kind_by_form(value)

    wanted = CredentialKind.AUTH_CODE if kind == "auth code" else CredentialKind.LOGIN_CODE
    assert form is wanted
    assert may_be(value, form)


def test_no_secret_is_repeated() -> None:
    """A reason that is about a secret does not say it."""
    scene = Scene()
    secret = scene.app("web").client_secret

    for place in PLACES:
        if place not in ("client_secret", "appid", "client_key"):
            assert secret not in sent(scene, place, secret)


def test_a_world_by_itself_knows_no_other() -> None:
    """A lone world's own credentials are its own, and it is told of no other issuer."""
    box = Sandbox()

    assert box.default.issuer("act.0123") == ""
    assert box.default.issuer("act." + box.default.ids.tag) == "default"


def test_a_reason_reads_in_chinese() -> None:
    """The kinds and their source are Chinese in a Chinese reason."""
    scene = Scene()
    sent(scene, "token of a ticket", every_kind(scene)["user token"])

    why = list(scene.world.journal)[-1].why

    assert why.render("zh") == (
        "这是用户 access_token（act.），此处需要应用 client_token（clt.）："
        "调用 /oauth/client_token/ 获取"
    )
