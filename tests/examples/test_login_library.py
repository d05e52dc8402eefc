"""The calls of a PHP login library, written out: mini-game by GET, mini-program by POST."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import urlencode

import pytest

from mockdouyin.testing.fixture import Douyin


class LoginError(Exception):
    """What the library raises, with its own number."""


def with_mini_game(base_url: str, params: dict[str, str], secret: str) -> Any:
    """Exchange a game's code: GET, flat answer, `error` must be the number 0."""
    query = {"appid": params["appid"], "secret": secret, "code": params["code"]}
    url = f"{base_url}/mgplatform/api/apps/jscode2session?{urlencode(query)}"
    with urllib.request.urlopen(url, timeout=10) as reply:
        response = json.loads(reply.read())
    if "error" in response and response["error"] != 0:
        raise LoginError(53010, response)
    return response


def with_mini_program(base_url: str, params: dict[str, str], secret: str) -> Any:
    """Exchange a mini-program's code: POST, nulls and camelCase and all."""
    body = {
        "appid": params["appid"],
        "secret": secret,
        "code": params.get("code"),
        "anonymousCode": params.get("anonymousCode"),
    }
    request = urllib.request.Request(
        f"{base_url}/api/apps/v2/jscode2session",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        response = json.loads(reply.read())
    if "err_no" in response and response["err_no"] != 0:
        raise LoginError(53030, response)
    return response


def test_mini_game_login(douyin: Douyin) -> None:
    """A game's login answers flat, with error 0."""
    app = douyin.app("mini_game")
    code = douyin.phone(app=app).login()["code"]

    response = with_mini_game(
        douyin.url, {"appid": app.client_key, "code": code}, app.client_secret
    )

    assert response["error"] == 0
    assert response["openid"] == douyin.person().open_ids[app.client_key]
    assert response["anonymous_openid"] == ""
    assert response["session_key"]
    assert response["unionid"]


def test_mini_program_login(douyin: Douyin) -> None:
    """A mini-program's login answers in data; a null and an unknown field do no harm."""
    app = douyin.app("mini_program")
    code = douyin.phone(app=app).login()["code"]

    response = with_mini_program(
        douyin.url, {"appid": app.client_key, "code": code}, app.client_secret
    )

    assert response["err_no"] == 0
    assert response["data"]["openid"] == douyin.person().open_ids[app.client_key]
    assert set(response["data"]) >= {"session_key", "anonymous_openid", "unionid", "dopenid"}


def test_failures_raise(douyin: Douyin) -> None:
    """A bad code makes the library raise its own number, in both kinds of app."""
    game, program = douyin.app("mini_game"), douyin.app("mini_program")

    with pytest.raises(LoginError, match="53010"):
        with_mini_game(douyin.url, {"appid": game.client_key, "code": "x"}, game.client_secret)
    with pytest.raises(LoginError, match="53030"):
        with_mini_program(
            douyin.url, {"appid": program.client_key, "code": "x"}, program.client_secret
        )


@pytest.mark.douyin(settings={"lenient_names": True})
def test_anonymous_login_with_lenient_names(douyin: Douyin) -> None:
    """The library's anonymousCode is read where lenient_names says so."""
    app = douyin.app("mini_program")
    anonymous = douyin.phone(app=app).login()["anonymousCode"]

    response = with_mini_program(
        douyin.url, {"appid": app.client_key, "anonymousCode": anonymous}, app.client_secret
    )

    assert response["data"]["anonymous_openid"]
    assert response["data"]["openid"] == ""


@pytest.mark.douyin(scenario="53030")
def test_scenario_53030(douyin: Douyin) -> None:
    """The scenario named after the library's number makes the library raise it."""
    app = douyin.app("mini_program")
    code = douyin.phone(app=app).login()["code"]

    with pytest.raises(LoginError, match="53030"):
        with_mini_program(douyin.url, {"appid": app.client_key, "code": code}, app.client_secret)
