"""The control API cannot be reached through the intercepting proxy."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.support.wire import Intercepting, intercepting, read_answers

STEER = "/_mock/journal?reveal=true"


@pytest.fixture(scope="module")
def intercepted() -> Iterator[Intercepting]:
    """Yield an intercepting server."""
    with intercepting() as running:
        yield running


def ask(connection: socket.socket, target: str, *headers: str) -> tuple[int, bytes]:
    """Send a request on a connection, and return the answer."""
    lines = [f"GET {target} HTTP/1.1", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    [answer] = read_answers(connection)
    return answer


TARGETS = [
    STEER,
    "/%5fmock/journal",
    "//_mock/journal",
    "/@default/_mock/journal",
    "http://open.douyin.com/_mock/journal",
    "http://OPEN.douyin.com.:80/_mock/journal",
    "https://open.douyin.com/_mock/journal",
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("host", ["open.douyin.com", "127.0.0.1", "localhost", "evil.example"])
def test_in_clear(intercepted: Intercepting, target: str, host: str) -> None:
    """A request to Douyin's hosts, in either form, under any Host, meets Douyin alone."""
    with intercepted.dial() as connection:
        status, body = ask(connection, target, f"Host: {host}")

    assert status == 404
    assert b"exchanges" not in body


@pytest.mark.parametrize("target", TARGETS)
def test_in_a_tunnel(intercepted: Intercepting, target: str) -> None:
    """Nor does one through CONNECT, over TLS: not with a token that would be right, either."""
    with intercepted.connect() as connection:
        status, body = ask(connection, target, "Host: 127.0.0.1", "Authorization: Bearer x")

    assert status == 404
    assert b"exchanges" not in body


def test_a_rebound_name_through_the_proxy(intercepted: Intercepting) -> None:
    """What the proxy passes on to the server itself is judged there, by the host of its target."""
    port = intercepted.server.url.rpartition(":")[2]
    for name in ("evil.example", "localhost"):
        with intercepted.dial() as connection:
            target = f"http://127.0.0.1:{port}{STEER}"
            status, body = ask(connection, target, f"Host: {name}", "Origin: http://evil.example")
            assert status == 403
            assert b"mockdouyin: " in body
