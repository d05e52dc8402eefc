"""The transport of both httpx and httpx2, which have the same interface."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
from anyio import to_thread

from mockdouyin.core.http import GARBAGE, Fault, Handler, Reply, Request
from mockdouyin.inproc._common import (
    DOUYIN_HOSTS,
    answer,
    open_body,
    reason_phrase,
    wire_body,
    wire_headers,
    with_body,
)

_BAD_STATUS_LINE = bytearray(GARBAGE.partition(b"\r\n")[0])
_RESET_TEXT = str(ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)))


class WorldTransport:
    """Answers the requests of a sync or async client from a world.

    Faults are raised as the exceptions, and with the texts, that the library raises for a socket.
    """

    library: Any
    """The module `httpx`, or `httpx2`."""

    def __init__(self, world: Handler) -> None:
        self._world = world
        self._blocks = getattr(world, "blocks", False)
        self._byte_stream = self.library.ByteStream
        self._response_class = self.library.Response

    def handle_request(self, request: Any) -> Any:
        """Answer a request of a sync client."""
        world_request = _head(request)
        if isinstance(request.stream, self._byte_stream):
            world_request = with_body(self._world, world_request, request.read())
        else:
            body = open_body(self._world, world_request)
            for chunk in request.stream:
                body.feed(chunk)
            world_request = body.close()
        reply = answer(self._world, world_request)
        if reply.delay or reply.fault is not None:
            self._wait(reply, _read_timeout(request))
            if reply.fault is not None:
                return self._fail(reply, self._cut(reply))
        return self._response(reply, request)

    async def handle_async_request(self, request: Any) -> Any:
        """Answer a request of an async client."""
        world_request = _head(request)
        if isinstance(request.stream, self._byte_stream):
            world_request = with_body(self._world, world_request, request.read())
        else:
            body = open_body(self._world, world_request)
            async for chunk in request.stream:
                body.feed(chunk)
            world_request = body.close()
        # A world in another process is reached over a socket, which must not block the loop.
        if self._blocks:
            reply = await to_thread.run_sync(answer, self._world, world_request)
        else:
            reply = answer(self._world, world_request)
        if reply.delay or reply.fault is not None:
            await self._wait_async(reply, _read_timeout(request))
            if reply.fault is not None:
                return self._fail(reply, self._cut_async(reply))
        return self._response(reply, request)

    def _response(self, reply: Reply, request: Any) -> Any:
        body = self._byte_stream(wire_body(reply, request.method))
        return self._response_class(
            reply.status, headers=wire_headers(reply), stream=body, extensions=_extensions(reply)
        )

    def _wait(self, reply: Reply, timeout: float | None) -> None:
        """Wait until the answer is due, or raise when the client's timeout is over first."""
        seconds = _seconds_until_answer(reply)
        if timeout is not None and (seconds is None or seconds >= timeout):
            time.sleep(timeout)
            raise self.library.ReadTimeout("timed out")
        if seconds is None:
            threading.Event().wait()  # until KeyboardInterrupt
        else:
            time.sleep(seconds)

    async def _wait_async(self, reply: Reply, timeout: float | None) -> None:  # noqa: ASYNC109
        seconds = _seconds_until_answer(reply)
        if timeout is not None and (seconds is None or seconds >= timeout):
            await anyio.sleep(timeout)
            raise self.library.ReadTimeout("timed out")
        await (anyio.sleep_forever() if seconds is None else anyio.sleep(seconds))

    def _fail(self, reply: Reply, half: Iterator[bytes] | AsyncIterator[bytes]) -> Any:
        """Raise the reply's fault; return a response where the fault comes within the body."""
        if reply.fault is Fault.RESET:
            raise self.library.ReadError(_RESET_TEXT)
        if reply.fault is Fault.CLOSE:
            text = "Server disconnected without sending a response."
            raise self.library.RemoteProtocolError(text)
        if reply.fault is Fault.GARBAGE:
            raise self.library.RemoteProtocolError(f"illegal status line: {_BAD_STATUS_LINE}")
        return self._response_class(
            reply.status, headers=wire_headers(reply), content=half, extensions=_extensions(reply)
        )

    def _cut(self, reply: Reply) -> Iterator[bytes]:
        yield reply.half
        raise self._incomplete(reply)

    async def _cut_async(self, reply: Reply) -> AsyncIterator[bytes]:
        yield reply.half
        raise self._incomplete(reply)

    def _incomplete(self, reply: Reply) -> Exception:
        error: Exception = self.library.RemoteProtocolError(
            "peer closed connection without sending complete message body"
            f" (received {len(reply.half)} bytes, expected {len(reply.body)})"
        )
        return error


def _head(request: Any) -> Request:
    url = request.url
    return Request(
        request.method,
        url.path,
        url.query,
        [(name.lower(), value) for name, value in request.headers.raw],
        host=url.host if url.host in DOUYIN_HOSTS else "",
    )


def _extensions(reply: Reply) -> dict[str, bytes]:
    """Return the extensions that describe the answer's status line."""
    return {"http_version": b"HTTP/1.1", "reason_phrase": reason_phrase(reply.status)}


def _read_timeout(request: Any) -> float | None:
    """Return how long the client waits for bytes."""
    timeout: float | None = request.extensions.get("timeout", {}).get("read")
    return timeout


def _seconds_until_answer(reply: Reply) -> float | None:
    """Return the seconds until the answer's first byte, or None for never."""
    return None if reply.fault is Fault.HANG else reply.delay
