"""The sender: connections are reused from post to post, and what closes them."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.delivery import Dispatcher, _connection, sender
from mockdouyin.delivery._limits import STOPPED
from mockdouyin.delivery._texts import CLOSED
from tests.support.posting import SHORT, Posting
from tests.support.receivers import Received, Receiver, Responder, answer, closes, echo, held

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Noting:
    """A manner that behaves each time as is told, and notes over which connection it was asked."""

    def __init__(self, *manners: Responder) -> None:
        self._manners = iter(manners)
        self.ports: list[int] = []

    def __call__(self, handler: Any, got: Received) -> None:
        """Answer, or not."""
        self.ports.append(handler.client_address[1])
        next(self._manners, echo)(handler, got)


def closes_after(handler: Any, got: Received) -> None:
    """Answer, say that this was all, and close."""
    answer(handler, b"{}", Connection="close")


def closes_silently(handler: Any, got: Received) -> None:
    """Answer, and close without having said so."""
    answer(handler, b"{}")
    handler.close_connection = True


def drips(handler: Any, got: Received) -> None:
    """Begin an answer, and bring its head for ever, byte by byte."""
    pause = threading.Event()
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while not pause.wait(0.02):
        handler.wfile.write(b"x")


def goes_on(more: bytes) -> Responder:
    """Answer with more than was announced."""

    def go_on(handler: Any, got: Received) -> None:
        handler.wfile.write(OK + more)

    return go_on


@pytest.fixture(autouse=True)
def _kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep connections for as long as a slow machine may take from one post to the next."""
    monkeypatch.setattr(sender, "IDLE_TIMEOUT", 60.0)


@pytest.fixture
def dispatcher() -> Iterator[Dispatcher]:
    """Yield a dispatcher, to post with."""
    made = Dispatcher(Sandbox())
    yield made
    made.stop()


def outgoing(url: str) -> Delivery:
    """Make something to post."""
    headers = {"Content-Type": "application/json"}
    return Delivery("", "x", "", "", url, headers, b'{"event":"x"}')


# Kept, or not.


def test_deliveries_share_a_connection() -> None:
    """A receiver gets one delivery after the other over one connection, also a while later."""
    noting = Noting()
    with Receiver(noting) as receiver, Posting() as post:
        post.hook(receiver.url)
        for _ in range(3):
            post.tell()
        assert post.advance("0s")
        post.tell()
        assert post.advance("0s")

    assert len(noting.ports) == 4
    assert len(set(noting.ports)) == 1


@pytest.mark.parametrize("manner", [closes_after, closes_silently])
def test_a_receiver_that_closes_after_each_answer(manner: Responder) -> None:
    """A receiver that keeps no connection gets each delivery over a new one, once."""
    noting = Noting(*[manner] * 5)
    with Receiver(noting) as receiver, Posting() as post:
        post.hook(receiver.url)
        for _ in range(5):
            post.tell()
        assert post.advance("0s")
        attempts = [[each.status for each in made.attempts] for made in post.deliveries]

    assert attempts == [[200]] * 5
    assert len(set(noting.ports)) == len(receiver.received) == 5


def test_a_kept_connection_that_is_closed_counts_for_nothing() -> None:
    """Closed without a word, a kept connection is replaced, within the same try."""
    noting = Noting(echo, closes, echo)
    with Receiver(noting) as receiver, Posting() as post:
        post.hook(receiver.url)
        post.tell()
        second = post.tell()
        assert post.advance("0s")

        assert [each.status for each in post.delivery(second).attempts] == [200]
    assert noting.ports[0] == noting.ports[1] != noting.ports[2]


def test_a_new_connection_that_is_closed_is_an_error() -> None:
    """Whoever closes the new connection as well has refused the delivery."""
    noting = Noting(echo, closes, closes)
    with Receiver(noting) as receiver, Posting() as post:
        post.hook(receiver.url)
        post.tell()
        second = post.tell()
        assert post.advance("0s")

        [attempt] = post.delivery(second).attempts
        assert attempt.error == CLOSED()
        assert len(receiver.received) == 3


@pytest.mark.parametrize("more", [b"\n\n and more", OK.replace(b"200 OK", b"500 No")])
def test_what_comes_beyond_an_answer_is_not_the_next(more: bytes) -> None:
    """A receiver that says more than it announced spoils none of the answers."""
    with Receiver(goes_on(more)) as receiver, Posting() as post:
        post.hook(receiver.url)
        for _ in range(3):
            post.tell()
        assert post.advance("0s")

        told = [(each.state, each.attempts[0].body) for each in post.deliveries]
    assert told == [("delivered", "{}")] * 3


def test_whoever_goes_on_after_an_answer_is_hung_up_on(dispatcher: Dispatcher) -> None:
    """What a receiver writes unasked is not kept in memory: its connection is closed."""
    closed = threading.Event()

    def floods(handler: Any, got: Received) -> None:
        handler.wfile.write(OK)
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(bytes(65536))
        closed.set()

    with Receiver(floods) as receiver:
        attempt = dispatcher.post(outgoing(receiver.url)).result()

        assert attempt.status == 200
        assert closed.wait(20)


def test_a_connection_without_work_is_hung_up(
    dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receiver sees the end of a connection over which nothing came for a while."""
    monkeypatch.setattr(sender, "IDLE_TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        posted = dispatcher.post(outgoing(_url(server)))
        connection, _ = server.accept()
        with connection:
            connection.settimeout(20)
            connection.recv(65536)
            connection.sendall(OK)
            assert posted.result(20).status == 200

            assert connection.recv(1) == b""


def test_a_new_connection_is_checked_anew(
    dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is resolved when a connection is made: a kept one was checked already."""
    address = ["127.0.0.1"]

    def look_up(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address[0], port))]

    noting = Noting(echo, closes_after)
    with Receiver(noting) as receiver:
        url = receiver.url.replace("127.0.0.1", "hook.test")
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        first = dispatcher.post(outgoing(url)).result()
        address[0] = "169.254.169.254"
        kept, new = [dispatcher.post(outgoing(url)).result() for _ in range(2)]

    assert (first.status, kept.status, new.status) == (200, 200, None)
    assert "nothing is ever sent there" in new.error.render("en")
    assert len(set(noting.ports)) == 1


# The time is over.


def test_drops_do_not_make_time() -> None:
    """An answer that comes byte by byte is over with its time, over a kept connection too."""
    noting = Noting(echo, drips)
    with Receiver(noting) as receiver, Posting(timeout=SHORT) as post:
        post.hook(receiver.url)
        for _ in range(2):
            made = post.tell()
        assert post.advance("0s")

        [attempt] = post.delivery(made).attempts
    assert attempt.error.render("en") == "no complete answer within 0.5 s"
    assert attempt.took_ms >= 500
    assert noting.ports[0] == noting.ports[1]


# A stop.


STOPPED_ATTEMPT = Attempt(error=STOPPED)


def _patient() -> Dispatcher:
    """Return a dispatcher whose receivers have longer than the test."""
    return Dispatcher(Sandbox(), timeout=60)


def _url(server: socket.socket, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{server.getsockname()[1]}/hook"


def test_a_stop_ends_a_post_over_a_kept_connection() -> None:
    """Who waits for an answer is told that there was a stop, and no other connection is made."""
    dispatcher = _patient()
    with held() as (receiver, hold):
        hold.release()
        assert dispatcher.post(outgoing(receiver.url)).result().status == 200
        receiver.respond = drips
        posted = dispatcher.post(outgoing(receiver.url))
        receiver.wait(2)
        dispatcher.stop()

        assert posted.result(0) == STOPPED_ATTEMPT
        assert dispatcher.post(outgoing(receiver.url)).result(0) == STOPPED_ATTEMPT
        assert len(receiver.received) == 2


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_stop_ends_a_post_to_one_who_says_nothing(scheme: str) -> None:
    """A stop ends the wait for an answer, and for the other side of TLS."""
    dispatcher = _patient()
    with socket.create_server(("127.0.0.1", 0)) as server:
        posted = dispatcher.post(outgoing(_url(server, scheme)))
        connection, _ = server.accept()
        with connection:
            connection.recv(1)
            dispatcher.stop()

    assert posted.result(0) == STOPPED_ATTEMPT


def test_a_stop_ends_a_post_that_is_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop does not wait for a connection that nobody takes."""
    dispatcher, connecting = _patient(), threading.Event()
    create_connection = _connection.connect

    async def connect(*given: Any) -> Any:
        connecting.set()
        return await create_connection(*given)

    monkeypatch.setattr(sender, "connect", connect)
    with _full() as server:
        posted = dispatcher.post(outgoing(_url(server)))
        assert connecting.wait(20)
        dispatcher.stop()

    assert posted.result(0) == STOPPED_ATTEMPT


@contextmanager
def _full() -> Iterator[socket.socket]:
    """Yield a socket that listens and accepts no more connections."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = []
        try:
            for _ in range(8):
                waiting.append(socket.socket())
                waiting[-1].setblocking(False)
                waiting[-1].connect_ex(server.getsockname())
            yield server
        finally:
            for each in waiting:
                each.close()


def test_httpx2_is_imported_with_the_first_post() -> None:
    """A server that has nothing to post starts without importing httpx2, which is slow."""
    code = "import sys, mockdouyin.server.serving; print('httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
