"""Fixtures of all tests: a server, a receiver of webhooks, a Redis and a Valkey."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import httpx
import pytest

from mockdouyin import Sandbox
from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import sandbox
from tests.support.posting import Posting
from tests.support.receivers import Receiver
from tests.support.redis_server import PROGRAMS, RedisServer

Servers = Callable[[str], RedisServer]


@pytest.fixture(scope="session", autouse=True)
def runs_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hide the runs of other processes of this user."""
    os.environ["MOCKDOUYIN_LANG"] = "en"  # whatever language the machine speaks
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("runtime"))
    yield
    del os.environ["XDG_RUNTIME_DIR"]
    if before is not None:
        os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Yield a function that returns an empty server by name; servers run until the tests end."""
    started: dict[str, RedisServer] = {}

    def start(name: str) -> RedisServer:
        if name not in started:
            started[name] = RedisServer(name).start()
        started[name].clear()
        return started[name]

    yield start
    for server in started.values():
        server.close()


@pytest.fixture(params=list(PROGRAMS))
def redis_server(request: pytest.FixtureRequest, servers: Servers) -> RedisServer:
    """Return an empty Redis, then an empty Valkey."""
    return servers(request.param)


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Return its URL."""
    return redis_server.url


@pytest.fixture
def box() -> Sandbox:
    """Return a sandbox whose clock stands still."""
    return sandbox()


@pytest.fixture
def server() -> Iterator[ThreadedServer]:
    """Yield a running server with a sandbox of its own."""
    with ThreadedServer() as running:
        yield running


@pytest.fixture
def http(server: ThreadedServer) -> Iterator[httpx.Client]:
    """Yield an HTTP client of that server."""
    with httpx.Client(base_url=server.url, timeout=20) as client:
        yield client


@pytest.fixture
def post() -> Iterator[Posting]:
    """Yield a sandbox that posts its webhooks, and whose clock stands still."""
    with Posting() as posting:
        yield posting


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Yield a receiver that behaves correctly."""
    with Receiver() as running:
        yield running
