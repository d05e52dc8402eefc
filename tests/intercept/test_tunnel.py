"""Other hosts through the proxy: places that cannot be, and clients that leave."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockdouyin.intercept._error_texts import OFFLINE
from tests.support.movable_server import MovableServer
from tests.support.waiting import until
from tests.support.wire import Intercepting, intercepting, read_answers

ANSWER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECE = 64 * 1024
MANY = 3000
"""Pieces in a long answer: more than all buffers hold."""


@pytest.fixture(scope="module")
def intercepted() -> Iterator[Intercepting]:
    """Yield one intercepting server for all tests."""
    with intercepting() as running:
        yield running


class Far:
    """A host elsewhere that serves one connection as it is told, and how that ended."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(20)
        self.place = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.end = ""
        self._serve = serve
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        connection, _ = self._listener.accept()
        connection.settimeout(20)
        with connection:
            try:
                self._serve(connection)
                self.end = "done"
            except TimeoutError:
                self.end = "nothing happened"
            except OSError:
                self.end = "broken off"

    def __enter__(self) -> Far:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()

    def wait(self) -> str:
        """Return how the connection ended."""
        until(lambda: self.end, "the end of the far host's connection")
        return self.end


def stream(connection: socket.socket) -> None:
    """Answer at great length."""
    connection.recv(PIECE)
    connection.sendall(ANSWER)
    for _ in range(MANY):
        connection.sendall(b"%x\r\n%b\r\n" % (PIECE, b"x" * PIECE))


def listen_only(connection: socket.socket) -> None:
    """Answer nothing; break off when the other side ends."""
    while connection.recv(PIECE):
        pass
    raise ConnectionResetError


def take_upload(connection: socket.socket) -> None:
    """Read a chunked body to its end, or to where it breaks off."""
    read = b""
    while not read.endswith(b"0\r\n\r\n"):
        piece = connection.recv(PIECE)
        if not piece:
            raise ConnectionResetError
        read += piece


def test_an_answer_is_not_pulled_for_nobody(intercepted: Intercepting) -> None:
    """When the client leaves in the middle of an answer, the far host is left too."""
    with Far(stream) as far:
        with intercepted.dial() as client:
            client.sendall(f"GET http://{far.place}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.1 200 ")

        assert far.wait() == "broken off"


def test_a_tunnel_is_not_pulled_for_nobody(intercepted: Intercepting) -> None:
    """The same holds for a tunnel."""
    with Far(stream) as far:
        with intercepted.dial() as client:
            client.sendall(f"CONNECT {far.place} HTTP/1.1\r\n\r\n".encode())
            assert client.recv(39).startswith(b"HTTP/1.1 200 ")
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 200 ")

        assert far.wait() == "broken off"


@pytest.mark.parametrize("framing", ["", "Content-Length: 3\r\n"])
def test_nobody_waits_for_an_answer(intercepted: Intercepting, framing: str) -> None:
    """When the client leaves before the far host has answered, the far host is left too."""
    with Far(listen_only) as far:
        with intercepted.dial() as client:
            head = f"POST http://{far.place}/ HTTP/1.1\r\nHost: x\r\n{framing}\r\n"
            client.sendall(head.encode() + (b"abc" if framing else b""))
            until(lambda: far._thread.is_alive(), "the far host")

        assert far.wait() == "broken off"


def test_half_an_upload_is_not_a_whole_one(intercepted: Intercepting) -> None:
    """A body that its client breaks off is broken off at the far host, and not ended there."""
    with Far(take_upload) as far:
        with intercepted.dial() as client:
            head = f"POST http://{far.place}/ HTTP/1.1\r\nHost: x\r\n"
            client.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n".encode())

        assert far.wait() == "broken off"


NAMES = {
    "empty": "",
    "NUL": "a\0b",
    "space": "a b",
    "tab": "a\tb",
    "slash": "a/b",
    "at": "user@host",
    "two dots": "a..b",
    "a dot": ".",
    "a long label": "a" * 64 + ".com",
    "a long name": "a." * 127 + "com",
    "not ASCII": "d\xf6main",
    "bad IPv6": "[::zz]",
    "open bracket": "[::1",
    "a name in brackets": "[localhost]",
    "a zone with junk": "[fe80::1%a b]",
}
PORTS = {
    "0": "0",
    "65536": "65536",
    "99999": "99999",
    "huge": "9" * 5000,
    "negative": "-1",
    "a word": "https",
    "none": "",
    "foreign digits": "\xb2",
}
PLACES = {f"host: {why}": f"{name}:443" for why, name in NAMES.items()}
PLACES |= {f"port: {why}": f"localhost:{port}" for why, port in PORTS.items()}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_connect_to_an_impossible_place(intercepted: Intercepting, place: str) -> None:
    """A CONNECT to a place that cannot be is a 400 that says what is wrong."""
    with intercepted.dial() as client:
        client.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: x\r\n\r\n".encode("latin-1"))
        [(status, text)] = read_answers(client)

        assert client.recv(1) == b""
    assert status == 400
    assert text.startswith(b"mockdouyin: ")
    assert len(text) < 400


@pytest.mark.parametrize(
    "line", ["CONNECT", "CONNECT a:1", "CONNECT a:1 HTTP/2.0", "CONNECT a HTTP/1.1"]
)
def test_a_connect_that_is_not_one(intercepted: Intercepting, line: str) -> None:
    """A CONNECT line that lacks a part is a 400 too."""
    with intercepted.dial() as client:
        client.sendall(f"{line} \r\n\r\n".encode())
        [(status, text)] = read_answers(client)

    assert (status, text[:12]) == (400, b"mockdouyin: ")


MEANINGFUL = ("host: slash", "host: at", "port: none")
"""What means something else in a URL: a path, a user, the scheme's own port."""


@pytest.mark.parametrize("why", [why for why in PLACES if why not in MEANINGFUL])
def test_a_request_to_an_impossible_place(intercepted: Intercepting, why: str) -> None:
    """So is a request in absolute form."""
    place = PLACES[why]
    with intercepted.dial() as client:
        client.sendall(f"GET http://{place}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode("latin-1"))
        [(status, text)] = read_answers(client)

    assert (status, text[:12]) == (400, b"mockdouyin: ")


@pytest.mark.parametrize(
    "place", ["localhost.:1", "LOCALHOST:1", "[::1]:1", "127.0.0.1:1", "a_b:1"]
)
def test_a_possible_place_is_tried(intercepted: Intercepting, place: str) -> None:
    """A place that can be, but where nothing listens, is a 502."""
    with intercepted.dial() as client:
        client.sendall(f"CONNECT {place} HTTP/1.1\r\n\r\n".encode())
        [(status, text)] = read_answers(client)

    assert (status, text[:12]) == (502, b"mockdouyin: ")


def test_a_place_that_does_not_answer() -> None:
    """A place that cannot be reached in time is a 504."""
    asked = threading.Event()

    async def dial(*_: Any) -> Any:
        asked.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        raise asyncio.CancelledError

    with intercepting(server=MovableServer) as intercepted, intercepted.dial() as client:
        intercepted.proxy.tunnel._dial = dial  # type: ignore[assignment, method-assign]
        client.sendall(b"CONNECT far.example.test:443 HTTP/1.1\r\n\r\n")
        asked.wait(20)
        intercepted.server.advance(31)  # type: ignore[attr-defined]
        [(status, text)] = read_answers(client)

    assert (status, text[:12]) == (504, b"mockdouyin: ")


def test_offline_an_impossible_place_is_impossible() -> None:
    """What cannot be is a 400 where nothing is let through, too, and is not counted as refused."""
    with intercepting(closed=OFFLINE()) as intercepted, intercepted.dial() as client:
        client.sendall(b"CONNECT a..b:443 HTTP/1.1\r\n\r\n")
        [(status, _)] = read_answers(client)

        assert (status, intercepted.proxy.tunnel.refused) == (400, {})
