"""The door for respx, as docs/in-process.md shows it."""

import httpx

LOGIN = "https://developer.toutiao.com/api/apps/v2/jscode2session"


def test_calls_to_the_real_host(douyin_respx):
    """What the application sends to Douyin's real hosts meets the test's world."""
    app, code = douyin_respx.app(), douyin_respx.phone().login()["code"]
    keys = {"appid": app.client_key, "secret": app.client_secret}

    reply = httpx.post(LOGIN, json={**keys, "code": code})

    assert reply.json()["data"]["openid"] == douyin_respx.person().open_ids[app.client_key]
