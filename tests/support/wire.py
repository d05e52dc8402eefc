"""An intercepting server, and helpers to speak to it byte by byte."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._authority import Authority
from mockdouyin.intercept._proxy import Proxy
from mockdouyin.server.serving import ThreadedServer

AUTHORITY = Authority(HOSTS)


def trusting() -> ssl.SSLContext:
    """Return a client's TLS context that trusts only the authority."""
    return ssl.create_default_context(cadata=AUTHORITY.pem.decode())


def dial(server: ThreadedServer) -> socket.socket:
    """Connect to a server itself, without Nagle's algorithm."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    return _dial((host, int(port)))


def _dial(place: tuple[str, int]) -> socket.socket:
    connection = socket.create_connection(place, timeout=20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class Intercepting:
    """A running server with its proxy."""

    def __init__(self, server: ThreadedServer, proxy: Proxy) -> None:
        self.server = server
        self.proxy = proxy
        self.world = server.sandbox.default
        self.proxy_url = f"http://127.0.0.1:{proxy.port}"

    def dial(self) -> socket.socket:
        """Connect to the proxy."""
        return _dial(("127.0.0.1", self.proxy.port))

    def connect(self, host: str = "open.douyin.com", head: str = "") -> ssl.SSLSocket:
        """Connect through the proxy to a host, over TLS."""
        plain = self.dial()
        plain.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n{head}\r\n".encode())
        assert plain.recv(4096).startswith(b"HTTP/1.1 200 ")
        return trusting().wrap_socket(plain, server_hostname=host)

    def hosts(self) -> list[str]:
        """Return the host of each exchange."""
        return [exchange.request.host for exchange in self.world.journal]


@contextmanager
def intercepting(
    *, closed: Text = NOTHING, server: type[ThreadedServer] = ThreadedServer, **given: Any
) -> Iterator[Intercepting]:
    """Start and stop an intercepting server."""
    proxy = Proxy(AUTHORITY.context(), HOSTS, [("127.0.0.1", 0)], closed=closed)
    with server(proxy=proxy, **given) as running:
        yield Intercepting(running, proxy)


def read_answers(connection: socket.socket, count: int = 1) -> list[tuple[int, bytes]]:
    """Read so many answers with a content-length; return status and body of each, without 1xx."""
    data = b""
    answers: list[tuple[int, bytes]] = []
    while len(answers) < count:
        head, found, rest = data.partition(b"\r\n\r\n")
        if found and head.startswith(b"HTTP/1.1 1"):
            data = rest
            continue
        length = _length(head) if found else 0
        if found and len(rest) >= length:
            answers.append((int(head.split()[1]), rest[:length]))
            data = rest[length:]
            continue
        more = connection.recv(65536)
        if not more:
            raise EOFError(data)
        data += more
    return answers


def _length(head: bytes) -> int:
    [length] = [
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    return length
