"""The ASGI application, as docs/in-process.md shows it."""

import asyncio

import httpx

from mockdouyin import Sandbox
from mockdouyin.server.app import create_app


def test_an_application():
    """A sandbox is an application for whatever serves or calls one."""
    app = create_app(Sandbox())

    async def ask():
        asgi = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=asgi, base_url="http://douyin") as client:
            return await client.get("/_mock/health")

    assert asyncio.run(ask()).json()["status"] == "ok"
