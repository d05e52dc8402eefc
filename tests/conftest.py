"""Fixtures of all tests: none finds a run, and a Redis and a Valkey for shared worlds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.redis_server import PROGRAMS, RedisServer

Servers = Callable[[str], RedisServer]


@pytest.fixture(scope="session", autouse=True)
def runs_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the runs that other processes of this user have under way out of sight."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("runtime"))
    yield
    del os.environ["XDG_RUNTIME_DIR"]
    if before is not None:
        os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Give what gives a server by its name, empty; it runs as long as the tests do."""
    started: dict[str, RedisServer] = {}

    def give(name: str) -> RedisServer:
        if name not in started:
            started[name] = RedisServer(name).start()
        started[name].clear()
        return started[name]

    yield give
    for server in started.values():
        server.close()


@pytest.fixture(params=list(PROGRAMS))
def redis_server(request: pytest.FixtureRequest, servers: Servers) -> RedisServer:
    """Give an empty Redis, then an empty Valkey."""
    return servers(request.param)


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Give its address."""
    return redis_server.url
