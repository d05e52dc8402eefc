"""The transport behind httpx and httpx2: one page, whichever of the two it is for."""

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
from mockdouyin.inproc._common import OURS, answer, body_of, body_sent, heads, phrase, with_body

_LINE = bytearray(GARBAGE.partition(b"\r\n")[0])
_RESET = str(ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)))
_NO_ANSWER = (Fault.RESET, Fault.CLOSE, Fault.GARBAGE)


class WorldTransport:
    """Answers the requests of one client, sync or async, from a world.

    What goes wrong is raised in the words in which the library says it of a socket.
    """

    library: Any
    """The module `httpx`, or `httpx2`."""

    def __init__(self, world: Handler) -> None:
        self._world = world
        self._blocks = getattr(world, "blocks", False)
        self._bytes = self.library.ByteStream
        self._answer = self.library.Response

    def handle_request(self, request: Any) -> Any:
        """Answer a sync client."""
        asked = _head(request)
        if isinstance(request.stream, self._bytes):
            asked = with_body(asked, request.read())
        else:
            body = body_of(asked)
            for chunk in request.stream:
                body.feed(chunk)
            asked = body.close()
        reply = answer(self._world, asked)
        if reply.delay or reply.fault is not None:
            self._wait(reply, _limit(request))
            if reply.fault is not None:
                return self._fail(reply, self._cut(reply))
        return self._response(reply, request)

    async def handle_async_request(self, request: Any) -> Any:
        """Answer an async client."""
        asked = _head(request)
        if isinstance(request.stream, self._bytes):
            asked = with_body(asked, request.read())
        else:
            body = body_of(asked)
            async for chunk in request.stream:
                body.feed(chunk)
            asked = body.close()
        if self._blocks:
            reply = await to_thread.run_sync(answer, self._world, asked)
        else:
            reply = answer(self._world, asked)
        if reply.delay or reply.fault is not None:
            await self._await(reply, _limit(request))
            if reply.fault is not None:
                return self._fail(reply, self._cut_async(reply))
        return self._response(reply, request)

    def _response(self, reply: Reply, request: Any) -> Any:
        body = self._bytes(body_sent(reply, request.method))
        return self._answer(
            reply.status, headers=heads(reply), stream=body, extensions=_line(reply)
        )

    def _wait(self, reply: Reply, limit: float | None) -> None:
        due = _due(reply)
        if limit is not None and (due is None or due >= limit):
            time.sleep(limit)
            raise self.library.ReadTimeout("timed out")
        if due is None:
            threading.Event().wait()  # for ever, until it is interrupted
        else:
            time.sleep(due)

    async def _await(self, reply: Reply, limit: float | None) -> None:
        due = _due(reply)
        if limit is not None and (due is None or due >= limit):
            await anyio.sleep(limit)
            raise self.library.ReadTimeout("timed out")
        await (anyio.sleep_forever() if due is None else anyio.sleep(due))

    def _fail(self, reply: Reply, half: Iterator[bytes] | AsyncIterator[bytes]) -> Any:
        if reply.fault is Fault.RESET:
            raise self.library.ReadError(_RESET)
        if reply.fault is Fault.CLOSE:
            says = "Server disconnected without sending a response."
            raise self.library.RemoteProtocolError(says)
        if reply.fault is Fault.GARBAGE:
            raise self.library.RemoteProtocolError(f"illegal status line: {_LINE}")
        return self._answer(
            reply.status, headers=heads(reply), content=half, extensions=_line(reply)
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
        host=url.host if url.host in OURS else "",
    )


def _line(reply: Reply) -> dict[str, bytes]:
    """Give what the first line of the answer says."""
    return {"http_version": b"HTTP/1.1", "reason_phrase": phrase(reply.status)}


def _limit(request: Any) -> float | None:
    """Give how long the client waits for bytes."""
    limit: float | None = request.extensions.get("timeout", {}).get("read")
    return limit


def _due(reply: Reply) -> float | None:
    """Give when the answer's first byte is due; None is never."""
    return None if reply.fault is Fault.HANG else reply.delay
