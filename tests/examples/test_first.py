"""The first test that the README shows."""

import httpx


def log_in(base_url, app, code):
    """What a backend does with the code that its mini-program sent."""
    keys = {"appid": app.client_key, "secret": app.client_secret}
    reply = httpx.post(f"{base_url}/api/apps/v2/jscode2session", json={**keys, "code": code})
    return reply.json()


def test_a_code_logs_in_once(douyin):
    """A login code works, and works only once."""
    code = douyin.phone().login()["code"]

    assert log_in(douyin.url, douyin.app(), code)["data"]["openid"]
    assert log_in(douyin.url, douyin.app(), code)["err_no"] == 40018  # bad code


def test_a_code_expires(douyin):
    """A login code is bad once its five minutes are over."""
    code = douyin.phone().login()["code"]
    douyin.clock.advance("5m1s")

    assert log_in(douyin.url, douyin.app(), code)["err_no"] == 40018
