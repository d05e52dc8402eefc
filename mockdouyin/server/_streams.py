"""Streams of the control API: a reader costs a task, and no thread while nothing happens."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import anyio
from anyio import CapacityLimiter, to_thread
from anyio.abc import TaskGroup
from starlette.responses import Response

from mockdouyin.control import EventBatch, LiveReply, encode_events, encode_opening
from mockdouyin.core.errors import AwayError, EndedError, MockDouyinError, report_bug
from mockdouyin.sandbox import Sandbox
from mockdouyin.server._error_texts import TOO_MANY_STREAMS
from mockdouyin.server._waits import Waits, caller_on_loop
from mockdouyin.server.app import ClientDisconnected, Receive, Scope, Send, wait_for_disconnect

T = TypeVar("T")

MAX_READERS = 1000
"""Readers of one server at the same time."""

SPACING = 0.1
"""Seconds between two writes to one reader, at least."""

KEEP_ALIVE = 15.0
"""Seconds without an event after which a comment shows that the stream is open."""

_AWAY = 1.0
"""Seconds until a store that did not answer is asked again."""

_HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",  # nginx would hold back what is not much
}


class TooManyReadersError(MockDouyinError):
    """The server has as many readers of streams as it takes."""

    status = 503


class Streams:
    """The streams of one application."""

    def __init__(self, sandbox: Sandbox, waits: Waits) -> None:
        self.waits = waits
        self.open = 0
        """How many there are."""
        self._sandbox = sandbox
        self._reading = CapacityLimiter(4)
        self._reviewing = CapacityLimiter(1)

    def response(self, live: LiveReply, headers: dict[str, str]) -> StreamResponse:
        """Return the response that goes on until its reader, the world or the server ends."""
        if self.open >= MAX_READERS:
            raise TooManyReadersError(TOO_MANY_STREAMS(most=MAX_READERS))
        return StreamResponse(self, live, headers)

    async def read(self, read: Callable[[], EventBatch]) -> tuple[bytes, EventBatch]:
        """Read what there is and encode it, in a thread."""
        return await self._in_thread(partial(_encoded, read), self._reading)

    async def review(self, review: Callable[[], EventBatch]) -> tuple[bytes, EventBatch]:
        """Review what there is; one reader after the other, since all may use what one found."""
        return await self._in_thread(partial(_encoded, review), self._reviewing)

    async def _in_thread(self, work: Callable[[], T], limiter: CapacityLimiter) -> T:
        timed = self._sandbox.timed(work, long=True)
        return await to_thread.run_sync(timed, limiter=limiter, abandon_on_cancel=True)


def _encoded(read: Callable[[], EventBatch]) -> tuple[bytes, EventBatch]:
    batch = read()
    return encode_events(batch.events), batch._replace(events=[])


class StreamResponse(Response):
    """The response to one reader: chunks, until it goes or there is nothing more."""

    def __init__(self, streams: Streams, live: LiveReply, headers: dict[str, str]) -> None:
        super().__init__(headers={**headers, **_HEADERS})
        del self.headers["content-length"]
        self._streams = streams
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what happens as it happens."""
        head = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        self._streams.open += 1
        try:
            with anyio.CancelScope() as ends, self._streams.waits.ended_by(ends.cancel):
                await send(head)
                if scope["method"] != "HEAD":
                    await _Reader(self._streams, self._live, receive, send).run()
        finally:
            self._streams.open -= 1
        with anyio.move_on_after(0):  # not if the reader has to read first
            await send({"type": "http.response.body", "body": b""})


class _Reader:
    """One reader, who is written to at most ten times a second, and read for only then."""

    def __init__(self, streams: Streams, live: LiveReply, receive: Receive, send: Send) -> None:
        self._streams = streams
        self._live = live
        self._receive = receive
        self._send = send
        self._call_soon = caller_on_loop()
        self._is_signalled = False
        """Whether something happened since the last read began."""
        self._pause: anyio.CancelScope | None = None
        """The wait that a signal ends."""
        self._found = b""
        """What a review has found and was not written yet."""
        self._is_reviewing = False

    async def run(self) -> None:
        """Write until the reader goes, or until there will be nothing more."""
        stop = self._live.follow(self._signal)
        try:
            async with anyio.create_task_group() as tasks:
                with contextlib.suppress(ClientDisconnected, EndedError):
                    await self._write_all(tasks)
                tasks.cancel_scope.cancel()
        finally:
            stop()

    async def _write_all(self, tasks: TaskGroup) -> None:
        await self._write(encode_opening(self._live.position))
        while True:
            self._is_signalled = False
            batch = await self._read()
            if batch.review is not None and not self._is_reviewing:
                self._is_reviewing = True
                tasks.start_soon(self._review, batch.review)
            await self._wait(SPACING)
            while not self._is_signalled and not batch.is_behind:
                if not await self._wait(KEEP_ALIVE, until_signal=True):
                    await self._write(b": still open\n\n")

    async def _read(self) -> EventBatch:
        """Read and write what there is."""
        try:
            text, batch = await self._streams.read(self._live.read)
        except AwayError:
            await self._wait(_AWAY)
            return EventBatch([], is_behind=True)
        except EndedError:
            raise
        except Exception as error:
            report_bug(error)
            raise EndedError from error
        text, self._found = text + self._found, b""
        if text:
            await self._write(text)
        return batch

    async def _review(self, after: float | None) -> None:
        """Look for what takes long to find, beside the reading."""
        try:
            while after is not None:
                await anyio.sleep(after)
                text, batch = await self._streams.review(self._live.review)
                self._found += text
                if text:
                    self._wake()
                after = batch.review
        except MockDouyinError:
            pass  # the store is away or the world has ended, as whoever reads will find
        except Exception as error:  # noqa: BLE001 - likewise
            report_bug(error)
        finally:
            self._is_reviewing = False

    async def _write(self, text: bytes) -> None:
        """Write to the reader, once it has read enough of what came before."""
        await self._send({"type": "http.response.body", "body": text, "more_body": True})

    async def _wait(self, seconds: float, *, until_signal: bool = False) -> bool:
        """Wait so long; return whether a signal ended it. Raise if the reader has gone."""
        with anyio.move_on_after(seconds) as pause:
            self._pause = pause if until_signal else None
            await wait_for_disconnect(self._receive)
        self._pause = None
        if not pause.cancelled_caught:
            raise ClientDisconnected
        return self._is_signalled

    def _signal(self) -> None:
        """Note that something happened; called by any thread, and with the world's lock held."""
        if not self._is_signalled:
            self._is_signalled = True
            self._call_soon(self._wake)

    def _wake(self) -> None:
        self._is_signalled = True
        if self._pause is not None:
            self._pause.cancel()
