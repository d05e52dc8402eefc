"""The door for requests, as docs/in-process.md shows it."""

import pytest
import requests

from mockdouyin.inproc.requests import mount


def test_a_session(douyin):
    """A session sends Douyin's calls to the world, and fails as it does on a socket."""
    douyin.rule("client_token", fault="reset", times=1)

    with requests.Session() as session:
        mount(session, douyin)
        with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
            session.post("https://open.douyin.com/oauth/client_token/")
