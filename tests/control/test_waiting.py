"""What waits for a call: it holds no thread, costs the others nothing, and ends when it should."""

from __future__ import annotations

import asyncio
import contextlib
import json
import select
import socket
import threading
from contextlib import ExitStack

import httpx
import pytest
import trio

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.control.client import LocalControl
from mockdouyin.control.http_client import HttpControl
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Request
from mockdouyin.server.app import create_app
from mockdouyin.server.serving import ThreadedServer
from mockdouyin.testing.fixture import Douyin
from tests.support.helpers import WEB_CLIENT, client_token, sandbox
from tests.support.waiting import until

MANY = 1000


def waiter(url: str, **query: int) -> socket.socket:
    """Wait for a call of `client_token`; return the connection that the answer comes on."""
    asked = httpx.Request(
        "GET", f"{url}/_mock/journal/wait", params={"endpoint": "client_token", **query}
    )
    connection = socket.create_connection((asked.url.host, asked.url.port or 80))
    head = f"GET {asked.url.raw_path.decode()} HTTP/1.1\r\nHost: {asked.url.netloc.decode()}\r\n"
    connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
    return connection


def answer(connection: socket.socket) -> tuple[int, str]:
    """Read an answer to its end; return its status and body."""
    connection.settimeout(30)
    data = b""
    while piece := connection.recv(65536):
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()


def pollers() -> list[threading.Thread]:
    """Return the threads that poll journals in Redis."""
    return [each for each in threading.enumerate() if each.name == "mockdouyin journals"]


def test_a_thousand_who_wait(box: Sandbox) -> None:
    """All of them wait while others are answered, in no thread, and one call releases them."""
    journal = box.default.journal
    with ThreadedServer(box) as server, ExitStack() as stack:
        http = stack.enter_context(httpx.Client(base_url=server.url, timeout=30))
        waiting = [stack.enter_context(waiter(server.url, timeout=60)) for _ in range(MANY)]
        poll = select.poll()
        for each in waiting:
            poll.register(each, select.POLLIN)
        until(lambda: len(journal.listeners) == MANY or poll.poll(0), "a thousand who wait", 60)

        assert http.post("/_mock/clock/advance", json={"by": "5m"}).status_code == 200
        assert http.get("/_mock/health").json()["status"] == "ok"
        assert len(journal.listeners) == MANY
        assert poll.poll(0) == []
        assert threading.active_count() < 50
        assert len(pollers()) == (1 if box.blocks else 0)

        assert http.post("/oauth/client_token/", data=WEB_CLIENT).status_code == 200
        answers = [answer(each) for each in waiting]

    assert {status for status, _ in answers} == {200}
    assert {len(json.loads(body)["exchanges"]) for _, body in answers} == {1}
    assert journal.listeners == []
    until(lambda: not pollers(), "the end of the poller")


def test_whoever_goes_waits_no_more(box: Sandbox) -> None:
    """A client that closes its connection leaves nothing behind."""
    with ThreadedServer(box) as server:
        with waiter(server.url, timeout=60):
            until(lambda: box.default.journal.listeners, "somebody who waits")
        until(lambda: not box.default.journal.listeners, "nobody who waits")


def test_whoever_is_cancelled_waits_no_more() -> None:
    """A wait in an application of the user's own ends with the task that waits."""
    box = sandbox()
    app = create_app(box)

    async def give_up() -> None:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1"
        ) as client:
            task = asyncio.create_task(client.get("/_mock/journal/wait", params={"timeout": "60"}))
            await asyncio.to_thread(until, lambda: box.default.journal.listeners, "the wait")
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    asyncio.run(give_up())

    assert box.default.journal.listeners == []


def test_a_stop_ends_the_waits(box: Sandbox) -> None:
    """A server that stops answers those who wait that nothing came."""
    server = ThreadedServer(box).start()
    with waiter(server.url, timeout=60) as waiting:
        until(lambda: box.default.journal.listeners, "somebody who waits")
        server.stop()
        status, body = answer(waiting)

    assert (status, "saw 0; nothing was called at all" in body) == (408, True)
    assert box.default.journal.listeners == []


def test_time_runs_out(box: Sandbox) -> None:
    """A wait without a server ends with its timeout too, and says what was called instead."""
    box.handle(Request("GET", "/nowhere"))

    with pytest.raises(MockDouyinError, match=r"saw 0; the closest call was GET /nowhere"):
        execute(box, "wait_for_journal", query={"endpoint": "client_token", "timeout": "0.05"})

    assert box.default.journal.listeners == []


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
def test_a_test_reads_the_closest_call(box: Sandbox, *, elsewhere: bool) -> None:
    """The error of a wait in vain names the difference, and has it as data, near and far."""
    client_token(box)
    with ThreadedServer(box) as server, contextlib.closing(HttpControl(server.url)) as remote:
        douyin = Douyin(remote if elsewhere else LocalControl(box), "default")
        with pytest.raises(MockDouyinError, match="count expected 2, seen 1") as refused:
            douyin.journal.wait("client_token", count=2, timeout=0.05)

    near = getattr(refused.value, "near")  # noqa: B009 - of either error
    assert (near["candidate"], near["id"]) == ("oauth.client_token", 1)
    assert near["differences"] == [{"field": "count", "expected": 2, "seen": 1}]


def test_what_came_before_counts(box: Sandbox) -> None:
    """Calls from before the wait count, and further ones are waited for, each once."""
    client_token(box)
    found: list[int] = []

    def wait() -> None:
        query = {"endpoint": "client_token", "count": "3", "timeout": "30"}
        found.extend(
            each["id"] for each in execute(box, "wait_for_journal", query=query)["exchanges"]
        )

    waiting = threading.Thread(target=wait)
    waiting.start()
    until(lambda: box.default.journal.listeners, "somebody who waits")
    client_token(box)
    assert box.default.journal.listeners
    client_token(box)
    waiting.join()

    assert found == [1, 2, 3]


def test_waiting_on_another_loop() -> None:
    """The application waits under trio as it does under asyncio."""
    box = sandbox()
    answers: list[httpx.Response] = []

    async def ask() -> None:
        transport = httpx.ASGITransport(create_app(box))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", timeout=30
        ) as http:
            answers.append(await http.get("/_mock/journal/wait?endpoint=client_token&timeout=30"))

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask)
            while not box.default.journal.listeners:  # noqa: ASYNC110 - another thread may set it
                await trio.sleep(0.005)
            client_token(box)

    trio.run(main)

    assert [each.status_code for each in answers] == [200]
