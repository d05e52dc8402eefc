"""Tests of a backend with the fixture `douyin`: a world of its own for every test.

pytest examples/test_login.py
"""

import httpx
import pytest


def log_in(base_url, app, code):
    """The code under test: exchange a login code, None where Douyin refuses."""
    keys = {"appid": app.client_key, "secret": app.client_secret}
    reply = httpx.post(f"{base_url}/api/apps/v2/jscode2session", json={**keys, "code": code})
    answer = reply.json()
    return answer["data"] if answer["err_no"] == 0 else None


def test_a_user_logs_in(douyin):
    """The openid is that of the person in this app."""
    app, person = douyin.app(), douyin.person("小红")

    session = log_in(douyin.url, app, douyin.phone("小红").login()["code"])

    assert session["openid"] == person.open_ids[app.client_key]


def test_an_old_code(douyin):
    """A code is bad five minutes later; no test has to wait for it."""
    code = douyin.phone().login()["code"]
    douyin.clock.advance("5m1s")

    assert log_in(douyin.url, douyin.app(), code) is None


def test_the_platform_fails(douyin):
    """A rule makes the next login fail on the wire."""
    douyin.rule("code_to_session", fault="reset", times=1)

    with pytest.raises(httpx.TransportError):
        log_in(douyin.url, douyin.app(), "any")
