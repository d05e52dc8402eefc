"""Servers whose worlds are in memory, and in a Redis that two workers share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import serve
from tests.conftest import Servers
from tests.stories.teller import Teller


class Stores:
    """A server for each kind of store, started when it is first asked for."""

    def __init__(self, servers: Servers, folders: pytest.TempPathFactory) -> None:
        self._servers = servers
        self._folders = folders
        self._running = ExitStack()
        self._urls: dict[str, str] = {}

    def url(self, store: str) -> str:
        """Return the URL of the server that has this store."""
        if store not in self._urls:
            self._urls[store] = self._start(store)
        return self._urls[store]

    def _start(self, store: str) -> str:
        if store == "memory":
            return self._running.enter_context(ThreadedServer()).url
        options = ("--store", self._servers("redis").url, "--workers", "2", "--quiet")
        served = self._running.enter_context(serve(self._folders.mktemp("workers"), *options))
        self._running.callback(served.stop)  # the workers too: the Redis is another test's next
        return served.url

    def close(self) -> None:
        """Stop the servers."""
        self._running.close()


@pytest.fixture(scope="module")
def stores(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Yield the servers of this module's tests."""
    running = Stores(servers, tmp_path_factory)
    yield running
    running.close()


@pytest.fixture(params=["memory", "redis"])
def teller(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Teller]:
    """Yield a fresh world on a server in memory, then one on two workers over Redis."""
    with Teller(stores.url(request.param), None) as told:
        yield told
