"""How long a connection stays open, and how slowly a request may come."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from mockdouyin.core.http import Fault
from mockdouyin.core.settings import Duration
from mockdouyin.scenario import Rule
from mockdouyin.server.connection_limits import LIMITS, ConnectionLimits
from mockdouyin.server.serving import ThreadedServer
from tests.server.test_connections import WAYS, Way, every_way
from tests.support.movable_server import MovableServer
from tests.support.unusual_requests import BODY, READ, TOKEN, Unusual, unusual
from tests.support.waiting import until
from tests.support.wire import Intercepting, dial, intercepting, read_answers

IDLE, PATIENCE, RATE = LIMITS.idle_timeout, LIMITS.receive_timeout, int(LIMITS.min_rate)


@pytest.fixture
def intercepted() -> Iterator[Intercepting]:
    """Yield a server whose time can be moved."""
    with intercepting(server=MovableServer) as running:
        yield running


def advance(intercepted: Intercepting, seconds: float) -> None:
    """Move the server's time forward."""
    assert isinstance(intercepted.server, MovableServer)
    intercepted.server.advance(seconds)


def whole(request: Unusual, target: str) -> bytes:
    """Write a request."""
    return request.head(target) + request.body


def ask(connection: socket.socket, way: Way) -> None:
    """Send a request, and check its answer."""
    connection.sendall(whole(unusual("ordinary", way.body), way.target))
    [(status, body)] = read_answers(connection)
    assert (status, way.read in body) == (200, True)


def is_closed(connection: socket.socket) -> bool:
    """Whether the server has closed a connection, without a word."""
    return connection.recv(1) == b""


def told(connection: socket.socket) -> tuple[int, bytes]:
    """Return the last answer before the connection is closed."""
    [answer] = read_answers(connection)
    assert is_closed(connection)
    return answer


LONG = WAYS["platform"]._replace(body=BODY + b" " * 100_000)


@pytest.mark.parametrize("way", [*WAYS.values(), LONG], ids=[*WAYS, "long body"])
def test_a_connection_in_use_stays_open(intercepted: Intercepting, way: Way) -> None:
    """A connection is closed when nothing was asked on it for 75 s, and not a moment sooner."""
    with way.connect(intercepted) as connection:
        for _ in range(4):
            ask(connection, way)
            advance(intercepted, IDLE - 1)
        ask(connection, way)
        advance(intercepted, IDLE + 1)

        assert is_closed(connection)


@pytest.mark.parametrize("way", [way for way in WAYS.values() if way.read is READ])
def test_idle_time_begins_with_the_answer(intercepted: Intercepting, way: Way) -> None:
    """The time for which a client waits for its answer is not idle."""
    rule = Rule(on="client_token", delay=Duration(3 * IDLE), times=1)
    intercepted.world.rules.add(rule)
    with way.connect(intercepted) as connection:
        connection.sendall(whole(unusual("ordinary"), way.target))
        advance(intercepted, 3 * IDLE - 1)
        advance(intercepted, 2)
        [(status, _)] = read_answers(connection)
        advance(intercepted, IDLE - 1)

        assert status == 200
        ask(connection, way)


@every_way
@pytest.mark.parametrize("part", ["head", "short body", "long body", "chunked"])
def test_a_request_that_stops(intercepted: Intercepting, way: Way, part: str) -> None:
    """A head or body whose rest does not come is a 408, on whatever connection."""
    first = unusual("ordinary", way.body)
    size = 20_000 if part == "long body" else 200
    framing = "Transfer-Encoding: chunked" if part == "chunked" else f"Content-Length: {size}"
    begun = Unusual(f"{framing}\r\n", b"5\r\nab").head(way.target)
    half = begun[:-2] if part == "head" else begun + b"5\r\nab"
    with way.connect(intercepted) as connection:
        connection.sendall(whole(first, way.target) + half)
        read_answers(connection)
        advance(intercepted, PATIENCE - 1)
        advance(intercepted, 2)
        status, text = told(connection)

    assert status == 408
    what = "head" if part == "head" else "body"
    assert text.startswith(f"mockdouyin: the request's {what} comes too slowly".encode())


@every_way
@pytest.mark.parametrize("part", ["head", "body"])
def test_a_request_that_trickles(intercepted: Intercepting, way: Way, part: str) -> None:
    """A byte a second does not hold a connection."""
    begun = Unusual("Content-Length: 99999\r\n", b"").head(way.target)
    with way.connect(intercepted) as connection:
        connection.sendall(begun[:-2] + b"X: " if part == "head" else begun)
        for _ in range(int(PATIENCE) + 1):
            connection.sendall(b"x")
            advance(intercepted, 1)

        assert told(connection)[0] == 408


@every_way
@pytest.mark.parametrize("part", ["head", "body", "chunks"])
def test_a_request_that_comes_slowly_but_steadily(
    intercepted: Intercepting, way: Way, part: str
) -> None:
    """A request at the minimum rate goes on for as long as it takes."""
    step = RATE * 10 + 100
    with way.connect(intercepted) as connection:
        if part == "head":
            connection.sendall(Unusual("X: ", b"").head(way.target)[:-2])
        elif part == "body":
            connection.sendall(
                Unusual(f"Content-Length: {step * 10 + len(way.body)}\r\n", b"").head(way.target)
            )
        else:
            connection.sendall(Unusual("Transfer-Encoding: chunked\r\n", b"").head(way.target))
        for _ in range(10):
            connection.sendall(
                b"%x\r\n%b\r\n" % (step, b" " * step) if part == "chunks" else b" " * step
            )
            advance(intercepted, 10)
        connection.sendall(
            {
                "head": b"\r\nContent-Length: %d\r\n\r\n%b" % (len(way.body), way.body),
                "body": way.body,
                "chunks": b"%x\r\n%b\r\n0\r\n\r\n" % (len(way.body), way.body),
            }[part]
        )
        [(status, body)] = read_answers(connection)

    assert (status, way.read in body) == (200, True)


def test_early_speed_gives_no_credit(intercepted: Intercepting) -> None:
    """A client that sends much at once and then stops is refused like any other."""
    with dial(intercepted.server) as connection:
        connection.sendall(Unusual("Content-Length: 2000000\r\n", b"").head(TOKEN))
        connection.sendall(b" " * 1_000_000)
        for _ in range(5):
            advance(intercepted, PATIENCE / 2)

        assert told(connection)[0] == 408


def test_chunk_extensions_are_no_progress(intercepted: Intercepting) -> None:
    """However fast they come, extensions of chunks do not keep a request going."""
    with dial(intercepted.server) as connection:
        connection.sendall(Unusual("Transfer-Encoding: chunked\r\n", b"").head(TOKEN) + b"1")
        for _ in range(4):
            connection.sendall(b";x=" + b"y" * RATE * 10)
            advance(intercepted, 10)

        assert told(connection)[0] == 408


def test_while_an_answer_is_due_nothing_is_slow(intercepted: Intercepting) -> None:
    """A half request behind one that is not answered yet has its time when that one is."""
    intercepted.world.rules.add(Rule(on="client_token", delay=Duration(4 * PATIENCE), times=1))
    with dial(intercepted.server) as connection:
        connection.sendall(whole(unusual("ordinary"), TOKEN) + b"GET / HT")
        for _ in range(3):
            advance(intercepted, PATIENCE)
        advance(intercepted, PATIENCE + 1)
        [(status, body)] = read_answers(connection)
        advance(intercepted, PATIENCE - 2)
        connection.sendall(b"TP/1.1\r\n\r\n")
        [(next_status, _)] = read_answers(connection)

    assert (status, READ in body, next_status) == (200, True, 404)


def test_a_client_that_hangs_by_a_rule_is_not_idle(intercepted: Intercepting) -> None:
    """A rule that lets a call hang lets it hang, not end after 75 s."""
    intercepted.world.rules.add(Rule(on="client_token", fault=Fault.HANG, times=1))
    with dial(intercepted.server) as connection:
        connection.sendall(whole(unusual("ordinary"), TOKEN))
        for _ in range(10):
            advance(intercepted, IDLE)
        connection.settimeout(0.05)
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_a_client_that_does_not_read(intercepted: Intercepting) -> None:
    """One that asks and asks and takes no answer is let go after the idle time."""
    with dial(intercepted.server) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /_mock/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 30)
        connections: Any = intercepted.server._server._state.connections
        until(lambda: any(each.flow.write_paused for each in connections), "a full buffer")
        advance(intercepted, IDLE - 5)
        assert len(connections) == 1
        advance(intercepted, IDLE)
        advance(intercepted, IDLE)

        assert not connections


# The proxy before it has read a request.


def test_a_proxys_client_that_says_nothing(intercepted: Intercepting) -> None:
    """A connection to the proxy on which nothing comes is closed after the idle time."""
    with intercepted.dial() as connection:
        advance(intercepted, IDLE - 1)
        advance(intercepted, 2)

        assert is_closed(connection)


def test_a_slow_connect(intercepted: Intercepting) -> None:
    """The head of a CONNECT has the same limits of time: it may come slowly, but not trickle."""
    with intercepted.dial() as steady, intercepted.dial() as trickling:
        for connection in (steady, trickling):
            connection.sendall(b"CONNECT open.douyin.com:443 HTTP/1.1\r\nX: ")
        for _ in range(4):
            steady.sendall(b"x" * (RATE * 10 + 100))
            trickling.sendall(b"x")
            advance(intercepted, 8)
        steady.sendall(b"\r\n\r\n")
        status, text = told(trickling)

        assert steady.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert status == 408
        assert text.startswith(b"mockdouyin: the request's head comes too slowly")


@pytest.mark.parametrize("before", [b"", b"CONNECT open.douyin.com:443 HTTP/1.1\r\n\r\n"])
def test_a_slow_handshake(intercepted: Intercepting, before: bytes) -> None:
    """A TLS handshake that does not come to its end is broken off."""
    with intercepted.dial() as connection:
        if before:
            connection.sendall(before)
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
        with contextlib.suppress(ConnectionError):
            for byte in b"\x16\x03\x01\x02\x00\x01":
                connection.sendall(bytes([byte]))
                advance(intercepted, PATIENCE / 5 + 1)
            assert is_closed(connection)


def test_limits_are_arguments() -> None:
    """A server is given its limits, and keeps to them."""
    limits = ConnectionLimits(idle_timeout=0.2, receive_timeout=0.1, max_head=1000)
    with ThreadedServer(limits=limits) as server:
        with dial(server) as idle:
            assert is_closed(idle)
        with dial(server) as slow:
            slow.sendall(b"GET")
            assert told(slow)[0] == 408
        with dial(server) as long:
            long.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 3000)
            assert told(long)[0] == 431
