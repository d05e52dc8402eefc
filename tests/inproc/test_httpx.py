"""What is special to the doors for httpx and httpx2."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import httpx2
import pytest
import trio

from mockdouyin import Sandbox
from mockdouyin.core.http import Reply, Request
from mockdouyin.domain.uploads import MB
from mockdouyin.inproc import httpx as for_httpx
from mockdouyin.inproc import httpx2 as for_httpx2
from mockdouyin.server.app import create_app
from tests.inproc.asking import ASK, TOKEN, arm

BOTH = pytest.mark.parametrize(
    ("library", "ours"), [(httpx, for_httpx), (httpx2, for_httpx2)], ids=["httpx", "httpx2"]
)


@BOTH
def test_a_sandbox_finds_the_world(library: Any, ours: Any, box: Sandbox) -> None:
    """A door to a sandbox meets the world of the app key; a door to a world meets that one."""
    other = box.worlds.create("other")
    app = other.find_app(None, "web")
    ask = {**ASK, "client_key": app.client_key, "client_secret": app.client_secret}

    codes = []
    for place in (box, other, box.default):
        with library.Client(transport=ours.transport(place)) as client:
            codes.append(client.post(TOKEN, json=ask).json()["data"]["error_code"])

    assert codes == [0, 0, 10003]
    assert (other.journal.total, box.default.journal.total) == (2, 1)


@BOTH
def test_the_host_that_was_meant(library: Any, ours: Any, box: Sandbox) -> None:
    """A host of Douyin's is told to the world, whatever the header says; another is not."""
    client = library.Client(transport=ours.transport(box))
    client.post(TOKEN, json=ASK, headers={"host": "x.test"})
    client.post("http://127.0.0.1:1/oauth/client_token/", json=ASK)

    assert [each.request.host for each in box.default.journal] == ["open.douyin.com", ""]


@BOTH
def test_headers_are_there_before_the_body_breaks(library: Any, ours: Any, box: Sandbox) -> None:
    """Of a cut answer a streaming client sees the head and half of the body."""
    arm(box, fault="cut", times=1)
    client = library.Client(transport=ours.transport(box))
    got = b""

    with client.stream("POST", TOKEN, json=ASK) as reply:
        assert reply.status_code == 200
        with pytest.raises(library.RemoteProtocolError, match="received") as raised:  # noqa: PT012
            for chunk in reply.iter_raw():
                got += chunk

    assert got.startswith(b'{"data":{')
    assert len(got) == int(reply.headers["content-length"]) // 2
    assert raised.value.request.url == TOKEN


@BOTH
def test_a_stream_is_read_as_from_a_socket(library: Any, ours: Any, box: Sandbox) -> None:
    """A streamed body is not there before it is read, and is counted and timed."""
    client = library.Client(transport=ours.transport(box))

    with client.stream("POST", TOKEN, json=ASK) as reply:
        with pytest.raises(library.ResponseNotRead):
            _ = reply.content
        chunks = list(reply.iter_bytes(100))

    assert b"".join(chunks).endswith(b'"message":"success"}')
    assert reply.num_bytes_downloaded == int(reply.headers["content-length"])
    assert reply.elapsed.total_seconds() >= 0


@BOTH
def test_cookies_and_redirects(library: Any, ours: Any, box: Sandbox) -> None:
    """A cookie is kept by the client, and a redirect is followed through the same door."""
    own = {"status": 302, "headers": {"location": TOKEN, "set-cookie": "a=1; Path=/"}}
    arm(box, reply=own, times=1)
    client = library.Client(transport=ours.transport(box), follow_redirects=True)

    reply = client.post(TOKEN, json=ASK)

    assert [each.status_code for each in reply.history] == [302]
    assert client.cookies["a"] == "1"
    assert dict(list(box.default.journal)[-1].request.headers)[b"cookie"] == b"a=1"


@BOTH
def test_bodies_of_every_kind(library: Any, ours: Any, box: Sandbox) -> None:
    """Forms, multipart forms and bodies that are made as they go are read alike."""
    client = library.Client(transport=ours.transport(box))

    def pieces() -> Iterator[bytes]:
        yield b"client_key=x&"
        yield b"grant_type=client_credential"

    client.post(TOKEN, data=ASK)
    client.post(TOKEN, data=ASK, files={"f": b"1"})
    client.post(TOKEN, content=pieces())

    errors = [each.error for each in box.default.journal]
    assert errors[:2] == [None, None]
    assert errors[2] is not None
    assert errors[2].name == "bad_params"


def test_a_body_that_is_made_as_it_goes_is_gone(box: Sandbox) -> None:
    """What was streamed to the world is not kept for the client, as on a socket."""
    client = httpx.Client(transport=for_httpx.transport(box))

    reply = client.post(TOKEN, content=iter([b"{}"]))

    with pytest.raises(httpx.RequestNotRead):
        _ = reply.request.content


class Far:
    """A world that takes its time to answer, as one in another process may."""

    blocks = True

    def handle(self, request: Request) -> Reply:
        """Answer, late."""
        time.sleep(0.2)
        return Reply(200, b"")


@pytest.mark.parametrize("asgi", [False, True])
def test_a_world_that_blocks_does_not_block_the_loop(asgi: bool) -> None:
    """A world in another process is asked in a thread, by an async door and an ASGI one."""
    app = httpx.ASGITransport(app=create_app(Far()))
    door = app if asgi else for_httpx.transport(Far())
    ticks = 0

    async def main() -> None:
        nonlocal ticks
        async with httpx.AsyncClient(transport=door) as client:
            asked = asyncio.create_task(client.post(TOKEN))
            while not asked.done():
                await asyncio.sleep(0.01)
                ticks += 1

    asyncio.run(main())

    assert ticks > 2


def test_a_long_upload_is_not_held(box: Sandbox) -> None:
    """A body that is too long even for a video is read to its end, piece by piece."""
    piece = bytes(MB)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(130):
            yield piece

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=for_httpx.transport(box)) as client:
            url = "https://open.douyin.com/video/upload/?open_id=x"
            kind = {"content-type": "multipart/form-data; boundary=edge"}
            return await client.post(url, content=pieces(), headers=kind)

    reply = asyncio.run(ask())

    [exchange] = box.default.journal
    assert (reply.status_code, exchange.request.too_long) == (200, 130 * MB)
    assert exchange.request.body == b""


@pytest.mark.parametrize("seconds", [0.1, 0])
def test_a_timeout_of_a_transport_alone(box: Sandbox, seconds: float) -> None:
    """The read timeout counts, and no other; a request without one waits for the delay."""
    arm(box, delay="50ms")
    door = for_httpx.transport(box)
    url = httpx.URL(TOKEN)

    times = {"connect": 0.0, "read": seconds, "write": 0.0, "pool": 0.0}
    request = httpx.Request("POST", url, extensions={"timeout": times})
    if seconds:
        assert door.handle_request(request).status_code == 200
    else:
        with pytest.raises(httpx.ReadTimeout):
            door.handle_request(request)
    assert door.handle_request(httpx.Request("POST", url)).status_code == 200


@pytest.mark.parametrize("run", [asyncio.run, trio.run], ids=["asyncio", "trio"])
def test_the_loop_goes_on(box: Sandbox, run: Any) -> None:
    """While one call waits for its delay, the loop has time for others."""
    arm(box, delay="300ms", times=1)
    order: list[str] = []

    async def call(client: httpx.AsyncClient, name: str) -> None:
        await client.post(TOKEN, json=ASK)
        order.append(name)

    async def on_asyncio(client: httpx.AsyncClient) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(call(client, "slow"))
            await asyncio.sleep(0.02)
            group.create_task(call(client, "quick"))

    async def on_trio(client: httpx.AsyncClient) -> None:
        async with trio.open_nursery() as group:
            group.start_soon(call, client, "slow")
            await trio.sleep(0.02)
            group.start_soon(call, client, "quick")

    async def both() -> None:
        async with httpx.AsyncClient(transport=for_httpx.transport(box)) as client:
            await (on_trio(client) if run is trio.run else on_asyncio(client))

    run(both if run is trio.run else both())

    assert order == ["quick", "slow"]


def test_a_hanging_call_can_be_cancelled(box: Sandbox) -> None:
    """Without a timeout of the client's own a hanging call waits until it is cancelled."""
    arm(box, fault="hang", times=1)

    async def ask() -> None:
        async with httpx.AsyncClient(transport=for_httpx.transport(box), timeout=None) as client:
            async with asyncio.timeout(0.1):
                await client.post(TOKEN, json=ASK)

    with pytest.raises(TimeoutError):
        asyncio.run(ask())


def test_many_threads(box: Sandbox) -> None:
    """Clients in many threads share a world, and every log id is given once."""
    with httpx.Client(transport=for_httpx.transport(box)) as client, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(client.post, TOKEN, json=ASK) for _ in range(64)]
        ids = {each.result().json()["data"]["log_id"] for each in asked}

    assert len(ids) == 64
    assert box.default.journal.total == 64


def test_a_delay_is_real_time(box: Sandbox) -> None:
    """A delay that the client waits for takes its time."""
    arm(box, delay="50ms")
    began = time.monotonic()

    httpx.Client(transport=for_httpx.transport(box)).post(TOKEN, json=ASK)

    assert time.monotonic() - began >= 0.05
