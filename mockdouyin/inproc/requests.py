"""The door for requests: `mount(session, world)`. Only the socket is replaced."""

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
    """Answers every request, whatever its host, from one world."""

    def __init__(self, world: Handler, **options: Any) -> None:
        self._world = world
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Use connection pools whose sockets lead to the world."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._world)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        """Send the request; proxies are ignored."""
        return super().send(request, *args, **{**options, "proxies": None})

    def cert_verify(self, *args: Any, **options: Any) -> None:
        """Do nothing: there is no certificate to verify."""


def adapter(world: Handler, **options: Any) -> Adapter:
    """Return an adapter that answers from a world; options are those of HTTPAdapter."""
    return Adapter(world, **options)


def mount(session: requests.Session, world: Handler, **options: Any) -> Adapter:
    """Mount an adapter on a session for Douyin's hosts; other hosts are reached as before."""
    mounted = adapter(world, **options)
    for host in HOSTS:
        for scheme in ("https", "http"):
            session.mount(f"{scheme}://{host}/", mounted)
            session.mount(f"{scheme}://{host}:", mounted)  # with a port
    return mounted


@contextmanager
def installed(world: Handler) -> Iterator[Adapter]:
    """Answer every session's calls to Douyin's hosts inside the `with` block.

    This covers sessions that the application makes itself, and `requests.post` and the like.
    """
    mounted, original = adapter(world), requests.Session.get_adapter

    def get_adapter(session: requests.Session, url: str) -> Any:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return mounted if host in HOSTS else original(session, url)

    requests.Session.get_adapter = get_adapter  # type: ignore[method-assign, assignment]
    try:
        yield mounted
    finally:
        requests.Session.get_adapter = original  # type: ignore[method-assign]
        mounted.close()


def _pools(world: Handler) -> dict[str, type[connectionpool.HTTPConnectionPool]]:
    """Return urllib3's connection pools with in-memory connections.

    The pools' class names are urllib3's, because its error messages show them.
    """

    class InMemory:
        host: str
        sock: Any
        is_verified: bool
        is_connected = False  # urllib3 would ask the socket, which has no file descriptor

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
