"""Receivers of webhooks, good and bad: real HTTP servers on free ports of this machine."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests.support.waiting import TIMEOUT


class Received(NamedTuple):
    """One request as a receiver got it."""

    method: str
    target: str
    """Path and query."""
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes

    @property
    def payload(self) -> Any:
        """The body, parsed as JSON."""
        return json.loads(self.body)

    @property
    def event(self) -> str:
        """The event's name."""
        return str(self.payload["event"])

    @property
    def challenge(self) -> Any:
        """The handshake's challenge."""
        return self.payload["content"]["challenge"]

    @property
    def message_id(self) -> str:
        """The Msg-Id."""
        return self.headers["msg-id"]

    def is_signed(self, secret: str) -> bool:
        """Whether the signature is Douyin's: SHA1 over the secret and the exact bytes."""
        signature = hashlib.sha1(secret.encode() + self.body).hexdigest()
        return self.headers["x-douyin-signature"] == signature


Responder = Callable[[BaseHTTPRequestHandler, Received], None]
"""How a receiver answers."""


class Receiver:
    """A receiver on a free port; it records each request before it responds."""

    def __init__(self, respond: Responder | None = None) -> None:
        self.respond: Responder = respond or echo
        self.received: list[Received] = []
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """The callback URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        """Record one request and respond to it."""
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        received = Received(handler.command, handler.path, headers, body)
        with self._changed:
            self.received.append(received)
            self._changed.notify_all()
        self.respond(handler, received)

    def wait(self, count: int) -> list[Received]:
        """Wait for this many requests, and return them."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.received) >= count, TIMEOUT)
            assert came, f"waited for {count} requests and got {len(self.received)}"
            return list(self.received)

    @property
    def only(self) -> Received:
        """The only request that there was."""
        [received] = self.received
        return received

    @property
    def events(self) -> list[str]:
        """The names of the events that it got, in order."""
        return [received.event for received in self.received]

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
        """Print nothing: in many tests the other side breaks off on purpose."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Handle a request."""
            receiver.handle(self)

        do_GET = do_POST  # noqa: N815 - http.server calls it by this name

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    return Handler


# Responders.


def answer(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    kind: str | None = "application/json",
    **headers: str,
) -> None:
    """Send a complete answer."""
    handler.send_response(status)
    if kind is not None:
        handler.send_header("Content-Type", kind)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def echo(handler: BaseHTTPRequestHandler, received: Received) -> None:
    """Answer as Douyin's docs ask: the challenge alone, and anything to other events."""
    content = received.payload.get("content", "")
    challenge = content.get("challenge") if isinstance(content, dict) else None
    answer(handler, json.dumps({"challenge": challenge}).encode() if challenge else b"{}")


def says(
    body: str | bytes, status: int = 200, kind: str | None = "application/json", **headers: str
) -> Responder:
    """Answer with this text; `%s` in it is the challenge."""

    def say(handler: BaseHTTPRequestHandler, received: Received) -> None:
        content = body.encode() if isinstance(body, str) else body
        if b"%s" in content:
            content = content.replace(b"%s", str(received.challenge).encode())
        answer(handler, content, status, kind, **headers)

    return say


def fails(handler: BaseHTTPRequestHandler, received: Received) -> None:
    """Answer 500."""
    answer(handler, b'{"error":"out of order"}', 500)


def closes(handler: BaseHTTPRequestHandler, received: Received) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


def halves(handler: BaseHTTPRequestHandler, received: Received) -> None:
    """Close the connection in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"challenge":')
    handler.close_connection = True


def babbles(handler: BaseHTTPRequestHandler, received: Received) -> None:
    """Answer with something that is not HTTP."""
    handler.wfile.write(b"\x00\x16\x03 this is no HTTP\r\n\r\n")
    handler.close_connection = True


def redirects_to(url: str) -> Responder:
    """Answer with a redirect that keeps method and body."""
    return says("", 307, None, Location=url)


def floods(size: int) -> Responder:
    """Answer 200 with this many bytes."""
    chunk = b"x" * 65536

    def flood(handler: BaseHTTPRequestHandler, received: Received) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(size))
        handler.end_headers()
        handler.close_connection = True
        for _ in range(size // len(chunk)):
            handler.wfile.write(chunk)

    return flood


class Held:
    """A responder that answers only when it is released."""

    def __init__(self, then: Responder = echo) -> None:
        self._then = then
        self._released = threading.Event()

    def __call__(self, handler: BaseHTTPRequestHandler, received: Received) -> None:
        """Wait, then answer."""
        self._released.wait(TIMEOUT * 2)
        self._then(handler, received)

    def release(self) -> None:
        """Answer what waits, and everything from now on at once."""
        self._released.set()


class Trickle:
    """A responder that begins to answer and then sends one byte at a time, until released."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def __call__(self, handler: BaseHTTPRequestHandler, received: Received) -> None:
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
def held(then: Responder = echo) -> Iterator[tuple[Receiver, Held]]:
    """Yield a receiver that answers only when it is released."""
    respond = Held(then)
    with Receiver(respond) as receiver:
        try:
            yield receiver, respond
        finally:
            respond.release()
