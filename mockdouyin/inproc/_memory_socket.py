"""A socket in memory, with a world at its other end: for clients that speak HTTP themselves."""

from __future__ import annotations

import errno
import io
import os
import threading
import time
from urllib.parse import unquote

import httptools

from mockdouyin.core.bodies import Body
from mockdouyin.core.http import GARBAGE, Fault, Handler, Reply, Request
from mockdouyin.inproc._common import OURS, answer, body_of, body_sent, heads, phrase


class MemorySocket:
    """What `http.client` takes for a socket: requests are sent, answers are read."""

    def __init__(self, world: Handler, host: str) -> None:
        self._world = world
        self._host = host if host in OURS else ""
        self._timeout: float | None = None
        self._reading = _Reading(self._host)

    def settimeout(self, seconds: float | None) -> None:
        """Say how long to wait for bytes."""
        self._timeout = seconds

    def sendall(self, data: bytes) -> None:
        """Take a piece of the request."""
        self._reading.feed(data)

    def makefile(self, mode: str) -> io.BytesIO:
        """Give what comes back."""
        request, self._reading = self._reading.close(), _Reading(self._host)
        reply = answer(self._world, request)
        if reply.delay or reply.fault is Fault.HANG:
            self._wait(None if reply.fault is Fault.HANG else reply.delay)
        return io.BytesIO(_arriving(reply, request.method))

    def close(self) -> None:
        """Nothing is held."""

    def _wait(self, due: float | None) -> None:
        limit = self._timeout
        if limit is not None and (due is None or due >= limit):
            time.sleep(limit)
            raise TimeoutError("timed out")
        if due is None:
            threading.Event().wait()  # for ever, until it is interrupted
        else:
            time.sleep(due)


class _Reading:
    """One request, read from bytes; httptools calls the methods that begin with `on_`."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: Body  # begun when the head is complete
        self._parser = httptools.HttpRequestParser(self)

    def feed(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def close(self) -> Request:
        return self._body.close()

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        method = self._parser.get_method().decode("ascii")
        url = httptools.parse_url(self._target)
        path = unquote(url.path.decode("ascii"))
        self._body = body_of(
            Request(method, path, url.query or b"", self._headers, host=self._host)
        )

    def on_body(self, chunk: bytes) -> None:
        self._body.feed(chunk)


def _arriving(reply: Reply, method: str) -> bytes:
    """Give every byte that reaches the client."""
    if reply.fault is Fault.RESET:
        raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
    if reply.fault is Fault.CLOSE:
        return b""
    if reply.fault is Fault.GARBAGE:
        return GARBAGE
    body = reply.half if reply.fault is Fault.CUT else body_sent(reply, method)
    lines = [b"HTTP/1.1 %d %s" % (reply.status, phrase(reply.status))]
    lines += [b"%s: %s" % head for head in heads(reply)]
    return b"\r\n".join([*lines, b"", body])
