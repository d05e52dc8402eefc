"""Requests as unusual clients send them; the answer shows whether the body was read."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import NamedTuple

from tests.support.helpers import WEB_CLIENT

TOKEN, BODY, READ = (
    "/oauth/client_token/",
    json.dumps({**WEB_CLIENT, "grant_type": "client_credential"}).encode(),
    b'"access_token":"clt.',
)
"""A path, a body, and what the answer contains if the body was read."""

_JAVA = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIA\r\n"
_EXPECT = "Expect: 100-continue\r\n"


class Unusual(NamedTuple):
    """The headers of a request, its body as it is sent, and its version."""

    headers: str
    body: bytes
    version: str = "1.1"

    def head(self, target: str) -> bytes:
        """Return the head; the control API is not at one of Douyin's hosts."""
        host = "127.0.0.1" if target.startswith("/_mock") else "open.douyin.com"
        return (
            f"POST {target} HTTP/{self.version}\r\nHost: {host}\r\n"
            f"Content-Type: application/json\r\n{self.headers}\r\n"
        ).encode()


_SIZED = {
    "h2c": _JAVA,
    "h2c, expect": _JAVA + _EXPECT,
    "websocket": "Connection: keep-alive, upgrade\r\nUpgrade: websocket\r\n",
    "TLS": "Upgrade: TLS/1.0\r\nConnection: UPGRADE\r\n",
    "several": "Connection: a\r\nUpgrade: b/1, c\r\nConnection: Upgrade\r\nUpgrade: d\r\n",
    "junk": "Connection: , upgrade,,\r\nUpgrade: \xe9;;=, ,\r\n",
    "empty": "Connection: upgrade\r\nUpgrade:\r\n",
    "not connected": "Upgrade: h2c\r\n",
    "by proxy": "Proxy-Connection: Upgrade\r\nUpgrade: h2c\r\n",
    "expect": _EXPECT,
    "expect something else": "Expect: a-miracle\r\n",
    "ordinary": "",
}
_CHUNKED = {
    "h2c, chunked": (_JAVA, 7),
    "expect, chunked": (_EXPECT, 50),
    "chunks of one byte": ("", 1),
    "one chunk": ("TE: trailers\r\nTrailer: X-Sum\r\n", 10_000),
}
NAMES = [*_SIZED, *_CHUNKED]


def unusual(name: str, body: bytes = BODY) -> Unusual:
    """Return a request with this body."""
    if name in _SIZED:
        return Unusual(f"{_SIZED[name]}Content-Length: {len(body)}\r\n", body)
    headers, size = _CHUNKED[name]
    return Unusual(f"{headers}Transfer-Encoding: chunked\r\n", _chunks(body, size))


def _chunks(body: bytes, size: int) -> bytes:
    """Return a body in chunks, with extensions and trailers."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = [b'%x;n="%d";x\r\n%b\r\n' % (len(part), n, part) for n, part in enumerate(parts)]
    return b"".join(chunks) + b"000;last\r\nX-Sum: 1\r\nContent-Type: text/plain\r\n\r\n"


CUTS = ("whole", "head, body", "byte by byte")


def _pieces(data: bytes, head: int, cut: str) -> Iterator[bytes]:
    if cut == "whole":
        return iter([data])
    if cut == "head, body":
        return iter([data[:head], data[head:]])
    return (data[at : at + 1] for at in range(len(data)))


def send(connection: socket.socket, request: Unusual, target: str, cut: str) -> None:
    """Send a request in pieces."""
    head = request.head(target)
    for piece in _pieces(head + request.body, len(head), cut):
        connection.sendall(piece)
