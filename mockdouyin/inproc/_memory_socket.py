"""An in-memory socket with a world at its other end, for clients that write and parse HTTP."""

from __future__ import annotations

import errno
import io
import os
import threading
import time
from collections.abc import Callable
from urllib.parse import unquote

import httptools

from mockdouyin.core.bodies import Body
from mockdouyin.core.http import GARBAGE, Fault, Handler, Reply, Request
from mockdouyin.inproc._common import (
    DOUYIN_HOSTS,
    answer,
    open_body,
    reason_phrase,
    wire_body,
    wire_headers,
)


class MemorySocket:
    """The part of a socket that `http.client` uses: it sends a request and reads the answer."""

    def __init__(self, world: Handler, host: str) -> None:
        self._world = world
        self._host = host if host in DOUYIN_HOSTS else ""
        self._timeout: float | None = None
        self._parser = _RequestParser(world, self._host)

    def settimeout(self, seconds: float | None) -> None:
        """Set how long to wait for the answer."""
        self._timeout = seconds

    def sendall(self, data: bytes) -> None:
        """Feed a piece of the request to the parser."""
        self._parser.feed(data)

    def makefile(self, mode: str) -> io.BytesIO:
        """Return the file that the answer is read from; called once per request."""
        return _AnswerFile(self._answer)

    def _answer(self) -> bytes:
        """Answer the request; return the bytes that arrive, or raise what a socket would."""
        request = self._parser.close()
        self._parser = _RequestParser(self._world, self._host)
        reply = answer(self._world, request)
        if reply.delay or reply.fault is Fault.HANG:
            self._wait(None if reply.fault is Fault.HANG else reply.delay)
        return _wire_bytes(reply, request.method)

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def _wait(self, seconds: float | None) -> None:
        """Wait until the answer is due, or raise when the client's timeout is over first."""
        timeout = self._timeout
        if timeout is not None and (seconds is None or seconds >= timeout):
            time.sleep(timeout)
            raise TimeoutError("timed out")
        if seconds is None:
            threading.Event().wait()  # until KeyboardInterrupt
        else:
            time.sleep(seconds)


class _AnswerFile(io.BytesIO):
    """The file of a response, whose bytes are there once its first line is read.

    An error is raised then and not when the file is opened: `http.client` cannot close a response
    that has no file, and Python 3.13 warns of that.
    """

    def __init__(self, answer: Callable[[], bytes]) -> None:
        super().__init__()
        self._answer: Callable[[], bytes] | None = answer

    def readline(self, size: int | None = -1, /) -> bytes:
        answer, self._answer = self._answer, None
        if answer is not None:
            self.write(answer())
            self.seek(0)
        return super().readline(size)


class _RequestParser:
    """Parses one request; httptools calls the methods that begin with `on_`."""

    def __init__(self, world: Handler, host: str) -> None:
        self._world = world
        self._host = host
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: Body  # set when the head is complete
        self._http_parser = httptools.HttpRequestParser(self)

    def feed(self, data: bytes) -> None:
        self._http_parser.feed_data(data)

    def close(self) -> Request:
        return self._body.close()

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        method = self._http_parser.get_method().decode("ascii")
        url = httptools.parse_url(self._target)
        path = unquote(url.path.decode("ascii"))
        request = Request(method, path, url.query or b"", self._headers, host=self._host)
        self._body = open_body(self._world, request)

    def on_body(self, chunk: bytes) -> None:
        self._body.feed(chunk)


def _wire_bytes(reply: Reply, method: str) -> bytes:
    """Return the bytes that reach the client, or raise what its socket would raise."""
    if reply.fault is Fault.RESET:
        raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
    if reply.fault is Fault.CLOSE:
        return b""
    if reply.fault is Fault.GARBAGE:
        return GARBAGE
    body = reply.half if reply.fault is Fault.CUT else wire_body(reply, method)
    lines = [b"HTTP/1.1 %d %s" % (reply.status, reason_phrase(reply.status))]
    lines += [b"%s: %s" % head for head in wire_headers(reply)]
    return b"\r\n".join([*lines, b"", body])
