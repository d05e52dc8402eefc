"""The door for requests: `mount(session, world)`; all but the socket is requests' own code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from mockdouyin.core.http import Handler
from mockdouyin.endpoints import HOSTS
from mockdouyin.inproc import missing
from mockdouyin.inproc._memory_socket import MemorySocket

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import connection, connectionpool
except ImportError:
    raise missing("requests") from None


class Adapter(HTTPAdapter):
    """Answers everything that is sent to it, whatever its host, from one world."""

    def __init__(self, world: Handler, **given: Any) -> None:
        self._world = world
        super().__init__(**given)

    def init_poolmanager(self, *args: Any, **given: Any) -> None:
        """Let connections lead to the world."""
        super().init_poolmanager(*args, **given)
        self.poolmanager.pool_classes_by_scheme = _pools(self._world)

    def send(self, request: requests.PreparedRequest, *args: Any, **given: Any) -> Any:
        """Send the request, past every proxy."""
        return super().send(request, *args, **{**given, "proxies": None})

    def cert_verify(self, *args: Any, **given: Any) -> None:
        """Verify nothing: there is no certificate."""


def adapter(world: Handler, **given: Any) -> Adapter:
    """Give the adapter that answers from a world; it takes what HTTPAdapter takes."""
    return Adapter(world, **given)


def mount(session: requests.Session, world: Handler, **given: Any) -> Adapter:
    """Let a session's calls to Douyin's hosts be answered; others go where they went."""
    ours = adapter(world, **given)
    for host in HOSTS:
        for scheme in ("https", "http"):
            session.mount(f"{scheme}://{host}/", ours)
            session.mount(f"{scheme}://{host}:", ours)
    return ours


@contextmanager
def installed(world: Handler) -> Iterator[Adapter]:
    """Let every session's calls to Douyin's hosts be answered while this lasts.

    It reaches sessions that the application makes by itself, and `requests.post` and its like.
    """
    ours, usual = adapter(world), requests.Session.get_adapter

    def get_adapter(session: requests.Session, url: str) -> Any:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return ours if host in HOSTS else usual(session, url)

    requests.Session.get_adapter = get_adapter  # type: ignore[method-assign, assignment]
    try:
        yield ours
    finally:
        requests.Session.get_adapter = usual  # type: ignore[method-assign]
        ours.close()


def _pools(world: Handler) -> dict[str, type[connectionpool.HTTPConnectionPool]]:
    """Give urllib3's pools with connections of ours; messages show the pools' names."""

    class InMemory:
        host: str
        sock: Any
        is_verified: bool
        is_connected = False  # urllib3 asks the socket otherwise, and this one has no number

        def connect(self) -> None:
            self.sock = MemorySocket(world, self.host)
            self.is_verified = True

    class Plain(InMemory, connection.HTTPConnection):
        pass

    class Secure(InMemory, connection.HTTPSConnection):
        pass

    class HTTPConnectionPool(connectionpool.HTTPConnectionPool):
        ConnectionCls = Plain

    class HTTPSConnectionPool(connectionpool.HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}
