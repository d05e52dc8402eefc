"""Connections that send too much, too slowly, or what nobody can mean."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from mockdouyin.server.connection_limits import LIMITS
from tests.cli.shell import Served, serve
from tests.server.test_connections import Way, every_way
from tests.support.helpers import need
from tests.support.wire import Intercepting, intercepting, read_answers

MUCH = 2 * 1024 * 1024
VERY_MUCH = 16 * 1024 * 1024
HELD = 12 * 1024 * 1024
"""Bytes by which a server may grow when it is sent very much, again and again."""

GET = b"GET /js/getticket/ HTTP/1.1\r\nHost: open.douyin.com\r\n"
CHUNKED = b"POST /oauth/client_token/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

ENDLESS = {
    "one header": (GET + b"X: ", b"x", (431,)),
    "a header's name": (GET, b"x", (431,)),
    "headers": (GET, b"X: y\r\n", (431,)),
    "empty headers": (GET, b"a:\r\n", (431,)),
    "spaces before a value": (GET + b"X:", b" ", (431,)),
    "a path": (b"GET /", b"x", (414,)),
    "a query": (b"GET /js/getticket/?", b"a=b&", (414,)),
    "a host": (b"GET http://", b"x", (414,)),
    "a chunk's extension": (CHUNKED + b"1;x=", b"y", (431,)),
    "chunks' extensions": (CHUNKED, b"1;x=" + b"y" * 1000 + b"\r\nz\r\n", (431,)),
    "zeros before a chunk's size": (CHUNKED, b"0", (400, 431)),
    "a trailer": (CHUNKED + b"1\r\nx\r\n0\r\nX: ", b"x", (431,)),
    "trailers": (CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n", (431,)),
    "a method": (b"", b"A", (400,)),
    "junk": (b"", b"\x00", (400,)),
}


@pytest.fixture(scope="module")
def intercepted() -> Iterator[Intercepting]:
    """Yield one intercepting server for all tests."""
    with intercepting(limits=LIMITS._replace(linger_timeout=0.3)) as running:
        yield running


def refused(
    connection: socket.socket, begin: bytes, on: bytes, much: int = MUCH
) -> tuple[int, bytes]:
    """Send much of the same, or until nobody takes it any more, and give the answer."""
    piece = on * (64 * 1024 // len(on))
    with connection:
        with contextlib.suppress(OSError):
            connection.sendall(begin)
            for _ in range(much // len(piece)):
                connection.sendall(piece)
        [answer] = read_answers(connection)
    return answer


@every_way
@pytest.mark.parametrize("name", ENDLESS)
def test_endless_requests(intercepted: Intercepting, way: Way, name: str) -> None:
    """A head, or what is not the body of a body, is refused when it is too long."""
    begin, on, statuses = ENDLESS[name]

    status, text = refused(way.connect(intercepted), begin, on)

    assert status in statuses
    assert text.startswith(b"mockdouyin: ")


CONNECT = b"CONNECT open.douyin.com:443 HTTP/1.1\r\n"


def test_an_endless_connect(intercepted: Intercepting) -> None:
    """So is the head of a CONNECT, which no parser sees."""
    status, text = refused(intercepted.dial(), CONNECT, b"X: y\r\n")

    assert (status, text[:12]) == (431, b"mockdouyin: ")


def most_memory(served: Served) -> int:
    """Return the peak memory of a server, in bytes."""
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def test_endless_requests_cost_no_memory(tmp_path: Path) -> None:
    """What is refused is not kept, on the server's own port and on the proxy's."""
    need(sys.platform.startswith("linux"), "Linux: elsewhere nothing tells a process's memory")
    with serve(tmp_path, "--intercept", "--proxy-port", "0") as served:
        told = httpx.get(f"{served.url}/_mock/interception").json()["proxy"]
        places = [each.rpartition(":") for each in (urlsplit(served.url).netloc, told)]

        def attack(much: int) -> int:
            for host, _, port in places:
                for name in ("one header", "headers", "a path", "trailers"):
                    connection = socket.create_connection((host, int(port)), 20)
                    refused(connection, *ENDLESS[name][:2], much)
            connection = socket.create_connection((host, int(port)), 20)
            refused(connection, CONNECT, b"X: y\r\n", much)
            return most_memory(served)

        before = attack(MUCH)

        assert attack(VERY_MUCH) - before < HELD


def heads(size: int) -> dict[str, bytes]:
    """Write heads of exactly so many bytes."""
    many = b"".join(b"X-%d: %b\r\n" % (n, b"y" * 100) for n in range(200))
    long = GET + b"X: \r\n\r\n"
    several = GET + many + b"X: \r\n\r\n"
    path = b"GET / HTTP/1.1\r\nHost: open.douyin.com\r\n\r\n"
    return {
        "one header": long.replace(b"X: ", b"X: " + b"x" * (size - len(long))),
        "many headers": several.replace(b"X: ", b"X: " + b"x" * (size - len(several))),
        "a path": path.replace(b" / ", b" /" + b"x" * (size - len(path)) + b" "),
    }


@every_way
def test_a_head_of_just_64_kb(intercepted: Intercepting, way: Way) -> None:
    """A head of 65536 bytes is read however it is cut, and a longer one is not."""
    for size in (LIMITS.max_head, LIMITS.max_head + 1):
        for name, head in heads(size).items():
            for cut in (len(head), 10, 40_000, len(head) - 1):
                with way.connect(intercepted) as connection:
                    connection.sendall(GET + b"\r\n" + head[:cut])
                    connection.sendall(head[cut:])
                    _, (status, _) = read_answers(connection, 2)

                expected = {"a path": (404, 414)}.get(name, (200, 431))
                assert (name, cut, status) == (name, cut, expected[size > LIMITS.max_head])
