"""Tests of the FastAPI backend: its client has this test's world as its transport.

pytest test_main.py
"""

import httpx
import pytest
from fastapi.testclient import TestClient
from main import Douyin, app, get_douyin

from mockdouyin.inproc.httpx import transport


@pytest.fixture
def client(douyin):
    """Yield a client of the backend, which reaches this test's world."""
    keys = douyin.app().client_key, douyin.app().client_secret

    async def in_this_world():
        url = "https://developer.toutiao.com"
        async with httpx.AsyncClient(transport=transport(douyin), base_url=url) as http:
            yield Douyin(http, *keys)

    app.dependency_overrides[get_douyin] = in_this_world
    with TestClient(app) as client:
        yield client
    app.dependency_overrides.clear()


def test_a_code_logs_in_once(client, douyin):
    """A code works once."""
    code = douyin.phone().login()["code"]

    assert client.post("/login", json={"code": code}).status_code == 200
    assert client.post("/login", json={"code": code}).json() == {"detail": "40018 bad code"}


def test_a_code_expires(client, douyin):
    """After five minutes the code is bad; the clock is moved, so nobody waits."""
    code = douyin.phone().login()["code"]
    douyin.clock.advance("5m1s")

    assert client.post("/login", json={"code": code}).status_code == 401


def test_the_connection_breaks(client, douyin):
    """A broken connection is a 502."""
    douyin.rule("code_to_session", fault="reset", times=1)

    assert client.post("/login", json={"code": "any"}).status_code == 502
