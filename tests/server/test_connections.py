"""However a client writes its requests, their bytes arrive and the connection lives."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from mockdouyin.server.connection_limits import ConnectionLimits
from tests.support.unusual_requests import BODY, CUTS, NAMES, READ, TOKEN, send, unusual
from tests.support.wire import Intercepting, dial, intercepting, read_answers


@pytest.fixture(scope="module")
def intercepted() -> Iterator[Intercepting]:
    """Yield one intercepting server for all tests."""
    with intercepting(limits=ConnectionLimits(linger_timeout=0.2)) as running:
        yield running


class Way(NamedTuple):
    """How to connect, what to ask for, and what the answer has if the body was read."""

    connect: Callable[[Intercepting], socket.socket]
    target: str
    body: bytes = BODY
    read: bytes = READ


def straight(intercepted: Intercepting) -> socket.socket:
    """Connect to the server itself."""
    return dial(intercepted.server)


WAYS = {
    "platform": Way(straight, TOKEN),
    "platform, escaped": Way(straight, TOKEN.replace("_", "%5F")),
    "control": Way(straight, "/_mock/clock/freeze", b'{"at": "2030-01-01T00:00:00Z"}', b"2030-"),
    "absolute form": Way(Intercepting.dial, f"http://open.douyin.com{TOKEN}"),
    "TLS": Way(Intercepting.connect, TOKEN),
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@every_way
@pytest.mark.parametrize("name", NAMES)
def test_unusual_requests(intercepted: Intercepting, way: Way, name: str) -> None:
    """An unusual request is read whole however it is cut, and so is one that follows it."""
    with way.connect(intercepted) as connection:
        for cut in CUTS:
            send(connection, unusual(name, way.body), way.target, cut)
            send(connection, unusual("ordinary", way.body), way.target, "whole")
            answers = read_answers(connection, 2)

            assert [status for status, _ in answers] == [200, 200]
            assert all(way.read in body for _, body in answers)


@every_way
def test_all_of_them_in_one_piece(intercepted: Intercepting, way: Way) -> None:
    """Unusual requests that come all at once are answered one after another."""
    requests = [unusual(name, way.body) for name in NAMES if name != "expect something else"]
    with way.connect(intercepted) as connection:
        connection.sendall(b"".join(each.head(way.target) + each.body for each in requests))
        answers = read_answers(connection, len(requests))

    assert {status for status, _ in answers} == {200}
    assert all(way.read in body for _, body in answers)


@pytest.mark.parametrize("way", [way for way in WAYS.values() if way.body is BODY])
def test_the_application_sees_what_was_sent(intercepted: Intercepting, way: Way) -> None:
    """A head that was read twice is seen once and as it came; a trailer is no header."""
    with way.connect(intercepted) as connection:
        send(connection, unusual("h2c, chunked"), way.target, "head, body")
        read_answers(connection)
    headers = [name for name, _ in list(intercepted.world.journal)[-1].request.headers]

    assert headers.count(b"upgrade") == headers.count(b"http2-settings") == 1
    assert headers.count(b"content-type") == 1
    assert b"x-sum" not in headers


@every_way
def test_a_get_that_asks_for_another_protocol(intercepted: Intercepting, way: Way) -> None:
    """Without a body it is answered too, whatever comes next."""
    head = b"GET /js/getticket/ HTTP/1.1\r\nHost: open.douyin.com\r\n"
    with way.connect(intercepted) as connection:
        connection.sendall(head + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        connection.sendall(head + b"\r\n")

        assert [status for status, _ in read_answers(connection, 2)] == [200, 200]


@pytest.mark.parametrize("way", [WAYS["platform"], WAYS["platform, escaped"], WAYS["control"]])
def test_http_1_0_keeps_alive(intercepted: Intercepting, way: Way) -> None:
    """A client of HTTP/1.0 keeps its connection if it asks for that, and only then."""
    asking = unusual("expect", way.body)._replace(version="1.0")
    keeping = asking._replace(headers=f"Connection: keep-alive\r\n{asking.headers}")
    with way.connect(intercepted) as connection:
        for request in (keeping, keeping, asking):
            send(connection, request, way.target, "whole")
        answers = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answers.count(way.read) == answers.count(b"HTTP/1.1 200 ") == 3
    assert answers.lower().count(b"connection: keep-alive") == 2
    assert b"100 Continue" not in answers


def test_nothing_is_done_after_the_last_request(intercepted: Intercepting) -> None:
    """What follows a request that ends its connection is not carried out unanswered."""
    last = unusual("ordinary")
    closing = last._replace(headers=f"Connection: close\r\n{last.headers}")
    for way, request in [
        (WAYS["platform"], closing),
        (WAYS["TLS"], closing),
        (WAYS["absolute form"], last._replace(version="1.0")),
    ]:
        total = intercepted.world.journal.total
        with way.connect(intercepted) as connection:
            connection.sendall((request.head(way.target) + request.body) * 3)
            answers = b"".join(iter(lambda: connection.recv(65536), b""))

        assert answers.count(READ) == intercepted.world.journal.total - total == 1


@every_way
@pytest.mark.parametrize(
    ("junk", "says"),
    [
        (b"\x00\x01\x02\r\n\r\n", b"the request cannot be parsed as HTTP"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"HTTP/2 is not spoken here"),
        (b"CONNECT open.douyin.com:443 HTTP/1.1\r\n\r\n\x16\x03\x01", b""),
        (
            b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
            b"the request cannot be parsed as HTTP",
        ),
        (
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            b"the request cannot be parsed",
        ),
    ],
)
def test_a_refusal_comes_after_the_answers_before_it(
    intercepted: Intercepting, way: Way, junk: bytes, says: bytes
) -> None:
    """What cannot be read is refused, but not before what was asked earlier is answered."""
    earlier = unusual("ordinary", way.body)
    with way.connect(intercepted) as connection:
        connection.sendall((earlier.head(way.target) + earlier.body) * 2 + junk)
        *answered, (status, text) = read_answers(connection, 3)
        assert connection.recv(1) == b""

    assert [each[0] for each in answered] == [200, 200]
    assert status == 400
    assert text.startswith(b"mockdouyin: " + says)


@pytest.mark.parametrize("way", [WAYS["platform"], WAYS["control"]])
def test_connect_where_there_is_no_proxy(intercepted: Intercepting, way: Way) -> None:
    """A CONNECT to the server itself is told where a proxy is."""
    with way.connect(intercepted) as connection:
        connection.sendall(b"CONNECT open.douyin.com:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        [(status, text)] = read_answers(connection)

    assert (status, b"`mockdouyin serve --intercept`" in text) == (400, True)


@pytest.mark.parametrize(
    ("way", "head", "body", "status", "says"),
    [
        ("platform", b"POST / HTTP/1.1", b"x\r\n", 400, "无法按 HTTP 解析这个请求"),
        ("platform", b"CONNECT a:443 HTTP/1.1", b"", 400, "这个端口不是代理"),
        ("platform", b"GET /?%b HTTP/1.1" % (b"x" * 65_600), b"", 414, "URL 太长"),
        ("platform", b"GET / HTTP/1.1\r\nX: %b" % (b"x" * 65_600), b"", 431, "请求头太长"),
        ("absolute form", b"GET http://127.0.0.1:9/ HTTP/1.1", b"", 502, "无法访问 127.0.0.1:9"),
        ("absolute form", b"GET http://a..b/ HTTP/1.1", b"", 400, "主机应为 IP 地址"),
    ],
    ids=["unreadable", "connect", "url", "head", "unreachable", "host"],
)
def test_a_refusal_in_chinese(
    intercepted: Intercepting, way: str, head: bytes, body: bytes, status: int, says: str
) -> None:
    """What is refused before anything can look at it is refused in the reader's language."""
    line, _, more = head.partition(b"\r\n")
    asks = b"%b\r\nHost: x\r\nAccept-Language: zh-CN\r\n" % line
    asks += b"Transfer-Encoding: chunked\r\n" if body else b""
    with WAYS[way].connect(intercepted) as connection:
        connection.sendall(asks + (more and more + b"\r\n") + b"\r\n" + body)
        [(answered, text)] = read_answers(connection)

    assert (answered, text.decode()[: len(says) + 12]) == (status, f"mockdouyin: {says}")


@pytest.mark.parametrize(
    ("way", "line", "says"),
    [
        ("platform", b"CONNECT a:443 HTTP/1.1", "这个端口不是代理"),
        ("absolute form", b"CONNECT a HTTP/1.1", "CONNECT 要写端口"),
    ],
    ids=["server", "proxy"],
)
def test_a_refusal_in_the_servers_language(
    monkeypatch: pytest.MonkeyPatch, intercepted: Intercepting, way: str, line: bytes, says: str
) -> None:
    """A client that names no language is refused in the server's."""
    monkeypatch.setattr(intercepted.server.sandbox, "language", "zh")
    with WAYS[way].connect(intercepted) as connection:
        connection.sendall(line + b"\r\nHost: x\r\n\r\n")
        [(status, text)] = read_answers(connection)

    assert status == 400
    assert text.decode().startswith(f"mockdouyin: {says}")


def test_a_refused_client_reads_why(intercepted: Intercepting) -> None:
    """A client that goes on sending gets its answer all the same, and not a reset."""
    with dial(intercepted.server) as connection:
        connection.sendall(b"\x00" * 65536 + b"GET / HTTP/1.1\r\n" * 300_000)
        [(status, _)] = read_answers(connection)
        connection.sendall(b"x" * 65536)

        assert (status, connection.recv(1)) == (400, b"")
