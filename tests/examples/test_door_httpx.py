"""The door for httpx, as docs/in-process.md shows it."""

import asyncio

import httpx
import pytest

from mockdouyin import Sandbox
from mockdouyin.inproc.httpx import transport

URL = "https://open.douyin.com/oauth/client_token/"


def test_a_client():
    """A client whose transport is a world needs no server."""
    world = Sandbox().default
    app = world.find_app(None, "web")
    keys = {"client_key": app.client_key, "client_secret": app.client_secret}

    with httpx.Client(transport=transport(world)) as client:
        reply = client.post(URL, json={**keys, "grant_type": "client_credential"})

    assert reply.json()["data"]["access_token"].startswith("clt.")


def test_a_timeout(douyin):
    """The fixture's world is behind an async client, and a slow answer is its timeout."""
    douyin.rule("client_token", delay="30s")

    async def ask():
        async with httpx.AsyncClient(transport=transport(douyin), timeout=0.1) as client:
            await client.post(URL)

    with pytest.raises(httpx.ReadTimeout):
        asyncio.run(ask())
