"""Connections of a server whose answers have to be waited for."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from mockdouyin.core.http import CallbackHandler, Fault, Reply, Request
from mockdouyin.core.settings import Duration
from mockdouyin.redis_store import SharedSandbox
from mockdouyin.scenario import Rule
from mockdouyin.server._async_protocol import AsyncProtocol
from mockdouyin.server.serving import ThreadedServer
from tests.redis_store.conftest import Replica
from tests.support.helpers import PROGRAM_LOGIN, phone
from tests.support.unusual_requests import CUTS, NAMES, READ, TOKEN, send, unusual
from tests.support.waiting import until
from tests.support.wire import dial, read_answers

V2 = "/api/apps/v2/jscode2session"


@pytest.fixture
def server(replica: Replica) -> Iterator[ThreadedServer]:
    """Yield a server on Redis."""
    with ThreadedServer(replica()) as running:
        yield running


def asking(code: str, path: str = V2, *, close: bool = False) -> bytes:
    """Write a login as bytes."""
    body = json.dumps({**PROGRAM_LOGIN, "code": code}).encode()
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    head += "connection: close\r\n" if close else ""
    return head.encode() + b"content-length: %d\r\n\r\n%b" % (len(body), body)


def all_of(server: ThreadedServer, *pieces: bytes) -> bytes:
    """Send pieces on one connection, and read all that comes until its end."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 20) as connection:
        for piece in pieces:
            connection.sendall(piece)
        read = b""
        while chunk := connection.recv(65536):
            read += chunk
        return read


def numbers(read: bytes) -> list[int]:
    """Return the error numbers of the answers, in order."""
    return [int(each.split(b",")[0]) for each in read.split(b'"err_no":')[1:]]


def test_requests_in_one_piece_are_answered_in_order(server: ThreadedServer) -> None:
    """Requests that come all at once are answered one after another, short way or long."""
    codes = [phone(server.sandbox, "login")["code"] for _ in range(2)]
    strange = asking(codes[1], V2.replace("api", "%61pi"))
    last = asking(codes[1], close=True)

    read = all_of(server, asking(codes[0]) + asking(codes[0]) + strange + last)

    assert numbers(read) == [0, 40018, 0, 40018]


class Gate:
    """Holds a replica's answers back until it is opened."""

    def __init__(self, box: SharedSandbox) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.most = 0
        """How many answers were held back at the same time."""
        self._is_open = False
        self._handler = box.callback_handler
        box.callback_handler = self.callback_handler  # type: ignore[method-assign]

    def callback_handler(self, loop: asyncio.AbstractEventLoop) -> CallbackHandler:
        """Answer as the replica does, but not before the gate is open."""
        ask = self._handler(loop)
        self._loop = loop

        def gated(request: Request, come: Callable[[Reply], None]) -> None:
            ask(request, lambda reply: self._hold(partial(come, reply)))

        return gated

    def _hold(self, come: Callable[[], None]) -> None:
        if self._is_open:
            come()
            return
        self.waiting.append(come)
        self.most = max(self.most, len(self.waiting))

    def open(self) -> None:
        """Pass on all answers, later ones too."""
        self._is_open = True
        for come in self.waiting:
            self._loop.call_soon_threadsafe(come)


def of(server: ThreadedServer) -> AsyncProtocol:
    """Return the only connection of a server."""
    [connection] = server._server._state.connections
    assert isinstance(connection, AsyncProtocol)
    return connection


def test_what_comes_while_an_answer_is_awaited_is_held(replica: Replica) -> None:
    """Pieces that come before an answer has gone out are read after it, one request at a time."""
    box = replica()
    gate = Gate(box)
    with ThreadedServer(box) as server, dial(server) as connection:
        codes = [phone(box, "login")["code"] for _ in range(20)]
        connection.sendall(asking(codes[0]))
        until(lambda: gate.waiting, "an answer that is awaited")
        pieces = [asking(code) for code in codes[1:]] + [asking("unknown", close=True)]
        for piece in pieces:
            connection.sendall(piece[:50])
            connection.sendall(piece[50:])
        until(lambda: of(server)._buffered, "a piece that is held")

        assert gate.most == 1
        gate.open()
        read = b"".join(iter(lambda: connection.recv(65536), b""))

    assert numbers(read) == [0] * 20 + [40018]


def test_requests_in_one_piece_do_not_hold_the_loop(replica: Replica) -> None:
    """Each request of a piece waits for its answer without anybody else waiting for it."""
    box = replica()
    gate = Gate(box)
    held_up: list[Request] = []
    server = ThreadedServer(box)
    server._server._app.handle = held_up.append  # type: ignore[assignment]
    with server, dial(server) as connection:
        connection.sendall(asking("unknown") * 50)
        until(lambda: gate.waiting, "an answer that is awaited")
        gate.open()
        answers = read_answers(connection, 50)

    assert all(b"40018" in body for _, body in answers)
    assert (gate.most, held_up) == (1, [])


def test_little_is_held_while_an_answer_is_awaited(replica: Replica) -> None:
    """A client that sends on before its answer comes is not listened to, and loses nothing."""
    box = replica()
    gate = Gate(box)
    with ThreadedServer(box) as server, dial(server) as connection:
        connection.sendall(asking("unknown"))
        until(lambda: gate.waiting, "an answer that is awaited")
        rest = (asking("unknown") * 100_000)[: 20 * 1024 * 1024]
        sender = threading.Thread(target=_send_until_closed, args=(connection, rest))
        sender.start()
        until(lambda: of(server).flow.read_paused, "a client that is not listened to")
        held = sum(map(len, of(server)._buffered))
        gate.open()
        answers = b""
        while answers.count(b'"err_no":40018') < 3:
            answers += connection.recv(65536)
        connection.shutdown(socket.SHUT_RDWR)
        sender.join()

    assert 0 < held <= 2 * 256 * 1024


def _send_until_closed(connection: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(data)


@pytest.mark.parametrize("name", NAMES)
def test_unusual_requests(server: ThreadedServer, name: str) -> None:
    """An unusual request is read whole however it is cut, and so is one that follows it."""
    with dial(server) as connection:
        for cut in CUTS:
            send(connection, unusual(name), TOKEN, cut)
            send(connection, unusual("ordinary"), TOKEN, "whole")
            send(connection, unusual(name, b"{}"), "/_mock/phone/login", cut)
            answers = read_answers(connection, 3)

            assert [status for status, _ in answers] == [200] * 3
            assert [READ in body for _, body in answers] == [True, True, False]


def test_a_refusal_comes_after_the_answers_before_it(server: ThreadedServer) -> None:
    """Junk behind requests is refused once they are answered."""
    with dial(server) as connection:
        connection.sendall(asking("unknown") * 2 + b"junk\r\n\r\n")
        *answered, (status, text) = read_answers(connection, 3)

        assert connection.recv(1) == b""
    assert [b"40018" in body for _, body in answered] == [True, True]
    assert (status, text[:11]) == (400, b"mockdouyin:")


def test_an_endless_head(server: ThreadedServer) -> None:
    """A head that does not end is refused, also behind a request whose answer is awaited."""
    with dial(server) as connection:
        connection.sendall(asking("unknown") + b"GET / HTTP/1.1\r\n")
        connection.sendall(b"X: y\r\n" * 100_000)
        _, (status, text) = read_answers(connection, 2)

    assert (status, text[:11]) == (431, b"mockdouyin:")


def test_a_slow_answer_ends_its_connection_if_asked_to(replica: Replica) -> None:
    """A rule's delay does not make a connection stay open whose client wants it closed."""
    box = replica()
    box.default.transact(
        lambda: box.default.rules.add(Rule(on="code_to_session", delay=Duration(0.05)))
    )
    with ThreadedServer(box) as server:
        assert numbers(all_of(server, asking("unknown", close=True))) == [40018]


def test_a_client_that_goes_away_harms_nobody(server: ThreadedServer) -> None:
    """A connection that is closed before its answer leaves the server in order."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    for _ in range(20):
        with socket.create_connection((host, int(port)), 20) as connection:
            connection.sendall(asking("unknown"))

    code = phone(server.sandbox, "login")["code"]
    assert numbers(all_of(server, asking(code, close=True))) == [0]


def test_a_fault_strikes_after_the_wait(server: ThreadedServer) -> None:
    """A rule's fault and delay are carried out on the connection that waited."""
    box = server.sandbox
    box.default.transact(
        lambda: box.default.rules.add(Rule(on="code_to_session", fault=Fault.CLOSE))
    )

    assert all_of(server, asking("unknown")) == b""


def test_answers_under_way_are_finished_at_a_stop(replica: Replica) -> None:
    """A server that stops gives the answers that it was waiting for."""
    server = ThreadedServer(replica()).start()
    box = server.sandbox
    box.default.transact(
        lambda: box.default.rules.add(Rule(on="code_to_session", delay=Duration(0.5)))
    )
    read: list[bytes] = []
    client = threading.Thread(target=lambda: read.append(all_of(server, asking("unknown"))))
    client.start()
    until(lambda: box.default.journal.total, "the request")

    server.stop()
    client.join()

    assert numbers(read[0]) == [40018]
