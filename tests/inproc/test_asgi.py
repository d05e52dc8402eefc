"""What is special to the ASGI application in a server that is not ours."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
import trio

from mockdouyin import Sandbox
from mockdouyin.core.http import Handler
from mockdouyin.server.access import Access
from mockdouyin.server.app import create_app
from tests.inproc.asking import ASK, PATH, arm


async def ask(place: Handler, method: str = "POST", path: str = PATH) -> httpx.Response:
    """Ask once, through httpx's own ASGITransport."""
    transport = httpx.ASGITransport(app=create_app(place))
    async with httpx.AsyncClient(transport=transport, base_url="http://any") as client:
        return await client.request(method, path, json=ASK)


def test_a_world_has_no_control(box: Sandbox) -> None:
    """A sandbox's application steers it under /_mock; that of one world is the platform alone."""
    statuses = [
        asyncio.run(ask(place, "GET", "/_mock/health")).status_code for place in (box, box.default)
    ]

    assert statuses == [200, 404]


@pytest.mark.parametrize(
    ("server", "host", "status"),
    [
        (("any", None), "any", 200),
        (("any", 80), "any.", 200),
        (("any", 80), "other", 403),
        (("127.0.0.1", 80), "localhost", 200),
        (("127.0.0.1", 80), "any", 403),
        (("::1", 80), "127.0.0.1", 200),
        (("::ffff:127.0.0.1", 80), "127.0.0.1", 200),
        (("192.168.1.5", 80), "192.168.1.5", 401),
        (("0.0.0.0", 80), "localhost", 401),
        (("/run/mockdouyin.sock", None), "localhost", 200),
        (None, "localhost", 401),
    ],
)
def test_who_steers_in_a_server_of_somebody_else(
    box: Sandbox, server: tuple[str, int | None] | None, host: str, status: int
) -> None:
    """In another server each connection tells where it came to; in one process, by what name."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/_mock/clock", "query_string": b""}
    told = {"headers": [(b"host", host.encode())], "server": server}
    asyncio.run(create_app(box)({**scope, **told}, receive, send))  # type: ignore[arg-type]

    assert sent[0]["status"] == status


def test_a_token_in_a_server_of_somebody_else(box: Sandbox) -> None:
    """An application that is given a token wants it wherever it is served."""
    app = create_app(box, access=Access("right"))

    async def ask_twice() -> list[int]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://any") as client:
            shown = {"authorization": "Bearer right"}
            answers = [await client.get("/_mock/clock", headers=h) for h in ({}, shown)]
            return [answer.status_code for answer in answers]

    assert asyncio.run(ask_twice()) == [401, 200]


@pytest.mark.parametrize("fault", ["reset", "close", "garbage", "cut"])
def test_a_fault_is_raised_into_the_server(box: Sandbox, fault: str) -> None:
    """Where there is no wire to break, the application raises: a server closes the connection."""
    arm(box, fault=fault)

    with pytest.raises(ConnectionResetError, match=f"the answer is lost: {fault}"):
        asyncio.run(ask(box))


def test_half_of_a_cut_body_is_sent(box: Sandbox) -> None:
    """Of a cut answer the server gets the head and half of the body before the end."""
    arm(box, fault="cut")
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": []}
    with pytest.raises(ConnectionResetError):
        asyncio.run(create_app(box)(scope, receive, send))  # type: ignore[arg-type]

    length = int(dict(sent[0]["headers"])[b"content-length"])
    assert (len(sent[1]["body"]), sent[1]["more_body"]) == (length // 2, True)


def test_an_answer_that_never_comes(box: Sandbox) -> None:
    """A hanging answer waits until the client is gone."""
    arm(box, fault="hang")

    async def main() -> None:
        async with asyncio.timeout(0.1):
            await ask(box)

    with pytest.raises(TimeoutError):
        asyncio.run(main())


def test_on_trio(box: Sandbox) -> None:
    """The platform is served on trio as well, delays included."""
    arm(box, delay="20ms")

    assert trio.run(ask, box).json()["message"] == "success"
