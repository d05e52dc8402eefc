"""The door for requests, as docs/in-process.md shows it."""

import pytest
import requests

from mockdouyin.inproc.requests import mount

TOKEN = "https://open.douyin.com/oauth/client_token/"


def test_a_session(douyin):
    """A session sends Douyin's calls to the world, and fails as it does on a socket."""
    douyin.rule("client_token", fault="reset", times=1)

    with requests.Session() as session:
        mount(session, douyin)
        with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
            session.post(TOKEN)


def test_the_applications_own_sessions(douyin_requests):
    """With the fixture, whatever the application sends to Douyin's hosts meets the world."""
    app = douyin_requests.app("web")
    keys = {"client_key": app.client_key, "client_secret": app.client_secret}

    reply = requests.post(TOKEN, json={**keys, "grant_type": "client_credential"})

    assert reply.json()["data"]["access_token"].startswith("clt.")
