"""Receivers of webhooks, good and bad: real HTTP servers on free ports of this machine."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

DEADLINE = 20.0
"""Seconds after which what is waited for will not come any more."""


def eventually(holds: Callable[[], Any], what: str) -> None:
    """Wait until something holds; fail when it has not by the deadline."""
    until, pause = time.monotonic() + DEADLINE, threading.Event()
    while not holds():
        assert time.monotonic() < until, f"waited {DEADLINE:g} s in vain: {what}"
        pause.wait(0.005)


class Got(NamedTuple):
    """One request that a receiver got."""

    path: str
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes

    @property
    def event(self) -> str:
        """The event's name."""
        return str(json.loads(self.body)["event"])

    @property
    def challenge(self) -> Any:
        """The handshake's challenge."""
        return json.loads(self.body)["content"]["challenge"]

    @property
    def message(self) -> str:
        """The Msg-Id."""
        return self.headers["msg-id"]

    def is_signed_with(self, secret: str) -> bool:
        """Whether the signature is the platform's, over the very bytes that came."""
        sign = hashlib.sha1(secret.encode() + self.body).hexdigest()
        return self.headers["x-douyin-signature"] == sign


Manner = Callable[[BaseHTTPRequestHandler, Got], None]
"""How a receiver answers."""


class Receiver:
    """A receiver on a free port; it notes what it gets before it answers in its manner."""

    def __init__(self, manner: Manner | None = None) -> None:
        self.manner: Manner = manner or echo
        self.got: list[Got] = []
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """The callback URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Take one request, and answer it."""
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        got = Got(handler.path, headers, body)
        with self._changed:
            self.got.append(got)
            self._changed.notify_all()
        self.manner(handler, got)

    def wait(self, count: int) -> list[Got]:
        """Wait until it got so many requests, and give them."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.got) >= count, DEADLINE)
            assert came, f"waited for {count} requests and got {len(self.got)}"
            return list(self.got)

    @property
    def events(self) -> list[str]:
        """The names of the events that it got, in order."""
        return [got.event for got in self.got]

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that the other side breaks off is what many tests are about."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Take a request."""
            receiver.take(self)

        do_GET = do_POST  # noqa: N815 - its name is given

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


# Manners.


def answer(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    kind: str | None = "application/json",
    **headers: str,
) -> None:
    """Answer in full."""
    handler.send_response(status)
    if kind is not None:
        handler.send_header("Content-Type", kind)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def echo(handler: BaseHTTPRequestHandler, got: Got) -> None:
    """Answer as the platform's pages ask: the challenge alone, and to other events anything."""
    content = json.loads(got.body).get("content", "")
    challenge = content.get("challenge") if isinstance(content, dict) else None
    answer(handler, json.dumps({"challenge": challenge}).encode() if challenge else b"{}")


def says(
    body: str, status: int = 200, kind: str | None = "application/json", **headers: str
) -> Manner:
    """Answer with this text; `%s` in it is the challenge."""

    def say(handler: BaseHTTPRequestHandler, got: Got) -> None:
        text = body.replace("%s", str(got.challenge)) if "%s" in body else body
        answer(handler, text.encode(), status, kind, **headers)

    return say


def fails(handler: BaseHTTPRequestHandler, got: Got) -> None:
    """Answer 500."""
    answer(handler, b'{"error":"out of order"}', 500)


def closes(handler: BaseHTTPRequestHandler, got: Got) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def halves(handler: BaseHTTPRequestHandler, got: Got) -> None:
    """Close the connection in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"challenge":')
    handler.close_connection = True


def babbles(handler: BaseHTTPRequestHandler, got: Got) -> None:
    """Answer with what is no HTTP."""
    handler.wfile.write(b"\x00\x16\x03 this is no HTTP\r\n\r\n")
    handler.close_connection = True


def redirects_to(url: str) -> Manner:
    """Answer with a redirect that keeps method and body."""
    return says("", 307, None, Location=url)


def floods(size: int) -> Manner:
    """Answer 200 with so many bytes."""
    chunk = b"x" * 65536

    def flood(handler: BaseHTTPRequestHandler, got: Got) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(size))
        handler.end_headers()
        handler.close_connection = True
        for _ in range(size // len(chunk)):
            handler.wfile.write(chunk)

    return flood


class Held:
    """A manner that answers only once it is told to."""

    def __init__(self, then: Manner = echo) -> None:
        self._then = then
        self._released = threading.Event()

    def __call__(self, handler: BaseHTTPRequestHandler, got: Got) -> None:
        """Wait, and answer then."""
        self._released.wait(DEADLINE * 2)
        self._then(handler, got)

    def release(self) -> None:
        """Answer what waits, and everything from now on at once."""
        self._released.set()


class Trickle:
    """A manner that begins to answer, and goes on for ever, one byte at a time."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def __call__(self, handler: BaseHTTPRequestHandler, got: Got) -> None:
        """Answer without an end."""
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        handler.close_connection = True
        while not self._over.wait(0.02):
            handler.wfile.write(b"x")

    def release(self) -> None:
        """End it."""
        self._over.set()


@contextmanager
def held(then: Manner = echo) -> Iterator[tuple[Receiver, Held]]:
    """Give a receiver that answers only once it is told to."""
    manner = Held(then)
    with Receiver(manner) as receiver:
        try:
            yield receiver, manner
        finally:
            manner.release()


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
