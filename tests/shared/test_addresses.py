"""Every kind of address that --store takes leads to a store that works."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.server.serving import ThreadedServer
from mockdouyin.shared import Link, SharedSandbox
from tests.helpers import PROGRAM_LOGIN
from tests.redis_server import RedisServer

V2 = "/api/apps/v2/jscode2session"


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """Give a Redis that listens on TCP, with TLS, and on a socket of the file system."""
    running = RedisServer(tls=True).start()
    yield running
    running.close()


@pytest.mark.parametrize("address", ["url", "tls_url", "unix_url"])
def test_logins_over_every_kind_of_connection(server: RedisServer, address: str) -> None:
    """A server whose store is reached so logs in, and knows the code as used the second time."""
    box = SharedSandbox(Link(getattr(server, address)))
    with ThreadedServer(box) as running, httpx.Client(base_url=running.url) as client:
        code = client.post("/_mock/phone/login", json={}).json()["code"]
        login = {**PROGRAM_LOGIN, "code": code}
        assert client.post(V2, json=login).json()["err_no"] == 0
        assert client.post(V2, json=login).json()["err_no"] == 40018
    box.close()


def test_a_certificate_that_is_not_trusted_is_told(server: RedisServer) -> None:
    """TLS with a server that nobody vouches for is refused, with the reason."""
    with pytest.raises(MockDouyinError, match="certificate verify failed"):
        SharedSandbox(Link(server.tls_url.partition("?")[0]))
