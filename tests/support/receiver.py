"""A receiver of webhooks in a thread: keeps what it hears, and answers as it is told."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Heard(NamedTuple):
    """One request."""

    method: str
    target: str
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes

    @property
    def event(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def is_signed(self, secret: str) -> bool:
        """Whether the signature is sha1 over the secret and the very bytes."""
        wanted = hashlib.sha1(secret.encode() + self.body).hexdigest()
        return self.headers["x-douyin-signature"] == wanted


class Receiver:
    """What was heard, and what is to be answered."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: list[Heard] = []
        self.status = 200
        self.answer = b"ok"

    @property
    def last(self) -> Heard:
        """The only request that there was."""
        (heard,) = self.heard
        return heard


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Give a running receiver."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _hear(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            receiver.heard.append(Heard(self.command, self.path, headers, body))
            self.send_response(receiver.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)

        def do_GET(self) -> None:
            self._hear()

        def do_POST(self) -> None:
            self._hear()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
