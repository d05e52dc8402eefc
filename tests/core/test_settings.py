"""A world's settings: how they are written, and what each changes."""

from __future__ import annotations

import msgspec
import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.core.settings import Duration, Settings, decode, encode
from tests.support.helpers import WEB, WEB_CLIENT, client_token, consent, get, post, sandbox


def read(**given: object) -> Settings:
    """Read settings as from YAML or JSON."""
    return msgspec.convert(given, Settings, dec_hook=decode)


def test_durations_are_written_as_text() -> None:
    """A duration is read from text or seconds, and written as text."""
    settings = read(login_code_lifetime="3m", ticket_lifetime=90)

    assert settings.login_code_lifetime == Duration(180)
    assert settings.ticket_lifetime == Duration(90)
    written = msgspec.to_builtins(settings, enc_hook=encode)
    assert msgspec.convert(written, Settings, dec_hook=decode) == settings


def test_defaults_are_the_documented_lives() -> None:
    """Unless told otherwise, everything lives as long as Douyin's docs say."""
    lives = msgspec.to_builtins(Settings(), enc_hook=encode)

    assert {name: life for name, life in lives.items() if name.endswith("_lifetime")} == {
        "login_code_lifetime": "5m",
        "auth_code_lifetime": "10m",
        "app_token_lifetime": "2h",
        "client_token_lifetime": "2h",
        "user_token_lifetime": "15d",
        "refresh_token_lifetime": "30d",
        "ticket_lifetime": "2h",
        "qr_code_lifetime": "5m",
    }


@pytest.mark.parametrize(
    "given",
    [
        {"login_code_lifetime": "soon"},
        {"login_code_lifetime": True},
        {"unknown_apps": "maybe"},
        {"unknown_people": 0},
        {"limits": "on"},
        {"no_such": 1},
        {"seed": "x"},
    ],
)
def test_nonsense_is_refused(given: dict[str, object]) -> None:
    """A value that makes no sense, or a setting that is none, is refused."""
    with pytest.raises(msgspec.ValidationError):
        read(**given)
    with pytest.raises(MockDouyinError, match="settings: "):
        sandbox(settings=given)


def test_other_types_are_not_ours() -> None:
    """The hooks leave types that are not ours to msgspec's own complaint."""
    with pytest.raises(NotImplementedError):
        decode(bytearray, "x")
    with pytest.raises(NotImplementedError):
        encode(object())
    assert encode(Duration(60)) == "1m"


def _user(box: Sandbox) -> dict[str, str]:
    fields = {**WEB_CLIENT, "code": consent(box), "grant_type": "authorization_code"}
    user: dict[str, str] = post(box, "/oauth/access_token/", fields)["data"]
    return user


def test_long_tokens() -> None:
    """With token_style long, tokens are of about 190 characters, and work."""
    box = sandbox(settings={"token_style": "long"})
    user, token = _user(box), client_token(box)

    assert token.startswith("clt.2.")
    assert user["access_token"].startswith("act.3.")
    assert user["refresh_token"].startswith("rft.3.")
    assert {len(t) for t in (token, user["access_token"], user["refresh_token"])} == {190}
    assert get(box, "/js/getticket/", token=token)["data"]["error_code"] == 0
    info = {"access_token": user["access_token"], "open_id": user["open_id"]}
    assert post(box, "/oauth/userinfo/", info)["err_no"] == 0


@pytest.mark.parametrize(
    ("generation", "js", "open_"),
    [
        ("documented", 28001003, 2190002),
        ("old", 2190002, 2190002),
        ("new", 28001003, 28001003),
    ],
)
def test_error_generations(generation: str, js: int, open_: int) -> None:
    """Token errors have each page's own numbers, or those of one generation everywhere."""
    box = sandbox(settings={"error_generation": generation})

    assert get(box, "/js/getticket/", token="bad")["data"]["error_code"] == js
    assert get(box, "/open/getticket/", token="bad")["data"]["error_code"] == open_


@pytest.mark.parametrize(("prolongs", "left"), [(False, 20), (True, 30)])
def test_a_refresh_may_prolong(prolongs: bool, left: int) -> None:
    """A refresh leaves the refresh_token its days, or gives it thirty again where set so."""
    box = sandbox(settings={"refresh_prolongs": prolongs})
    user = _user(box)
    box.default.clock.advance(10 * 86400)
    fields = {"client_key": WEB.client_key, "refresh_token": user["refresh_token"]}

    again = post(box, "/oauth/refresh_token/", {**fields, "grant_type": "refresh_token"})["data"]

    assert again["refresh_expires_in"] == left * 86400


def test_unknown_apps_are_registered_on_sight() -> None:
    """Where unknown apps are accepted, any key and secret get a token, and stay one app."""
    box = sandbox(settings={"unknown_apps": "accept"})

    token = client_token(box, "awnew", "any secret")

    assert get(box, "/js/getticket/", token=token)["data"]["error_code"] == 0
    assert client_token(box, "awnew", "another secret") != token
    assert box.default.apps["awnew"].kind == "web"
