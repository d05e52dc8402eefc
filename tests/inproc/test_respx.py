"""What is special to the door for respx."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import respx
from respx.models import AllMockedAssertionError

from mockdouyin import Sandbox
from mockdouyin.endpoints import HOSTS
from mockdouyin.inproc.respx import PassThroughRouter, install
from tests.inproc.asking import ASK, TOKEN, arm


def test_every_host_of_douyin(box: Sandbox) -> None:
    """All of Douyin's hosts are answered, by https and http, and the route has the calls."""
    with respx.mock as router:
        route = install(router, box)
        for host in HOSTS:
            for scheme in ("https", "http"):
                assert httpx.get(f"{scheme}://{host}/x/y").status_code == 404

    assert box.default.journal.total == 2 * len(HOSTS)
    assert route.name == "mockdouyin"


def test_routes_of_ones_own(box: Sandbox) -> None:
    """Routes that stand before ours win; calls and their answers are recorded."""
    with respx.mock(assert_all_called=False) as router:
        own = router.post("https://open.douyin.com/mine").respond(201)
        route = install(router, box)
        assert httpx.post("https://open.douyin.com/mine").status_code == 201
        said = httpx.post(TOKEN, json=ASK).json()

        assert own.call_count == route.call_count == 1
        assert route.calls.last.response.json() == said


def test_a_strict_router_stays_strict(box: Sandbox) -> None:
    """A router of one's own refuses hosts that nobody mocked, as respx does."""
    with respx.mock(assert_all_called=False) as router:
        install(router, box)
        with pytest.raises(AllMockedAssertionError):
            httpx.get("http://127.0.0.1:9/")


def test_an_open_router_lets_others_through(box: Sandbox) -> None:
    """What is not Douyin's goes where it went, for sync and async clients."""

    async def ask() -> None:
        async with httpx.AsyncClient() as client:
            assert (await client.post(TOKEN, json=ASK)).status_code == 200
            await client.get("http://127.0.0.1:9/")

    with PassThroughRouter(assert_all_called=False) as router:
        install(router, box)
        assert httpx.post(TOKEN, json=ASK).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get("http://127.0.0.1:9/")
        with pytest.raises(httpx.ConnectError):
            asyncio.run(ask())


@pytest.mark.parametrize("ours_first", [True, False])
def test_beside_a_router_of_ones_own(box: Sandbox, ours_first: bool) -> None:
    """Beside an open router another one answers, and refuses, as if it were alone."""
    ours, own = PassThroughRouter(assert_all_called=False), respx.mock(assert_all_called=False)
    routers = (ours, own) if ours_first else (own, ours)

    with routers[0], routers[1]:
        install(ours, box)
        own.get("https://partner.test/").respond(202)
        assert httpx.post(TOKEN, json=ASK).status_code == 200
        assert httpx.get("https://partner.test/").status_code == 202
        with pytest.raises(AllMockedAssertionError):
            httpx.get("http://127.0.0.1:9/")


def test_a_cut_body_breaks_when_it_is_read(box: Sandbox) -> None:
    """A streaming client under respx sees the head before the body breaks."""
    arm(box, fault="cut")

    with respx.mock as router:
        install(router, box)
        with httpx.stream("POST", TOKEN, json=ASK) as reply:
            assert reply.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError):
                reply.read()


def test_the_loop_goes_on(box: Sandbox) -> None:
    """While one call waits for its delay, the loop has time for others."""
    arm(box, delay="300ms", times=1)
    order: list[str] = []

    async def call(client: httpx.AsyncClient, name: str) -> None:
        await client.post(TOKEN, json=ASK)
        order.append(name)

    async def both() -> None:
        async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
            group.create_task(call(client, "slow"))
            await asyncio.sleep(0.02)
            await call(client, "quick")

    with respx.mock as router:
        install(router, box)
        asyncio.run(both())

    assert order == ["quick", "slow"]
