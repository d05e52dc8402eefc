"""The courier: posts a parcel to a receiver, and tells what came back; it never raises."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING

from mockdouyin.sandbox.deliveries import Parcel, Posted
from mockdouyin.server.loop import new_loop

if TYPE_CHECKING:
    from mockdouyin.outbound import Answer

TIMEOUT = 5.0
"""Seconds of real time that a receiver has, from the first byte sent to the last one read."""


STOPPED = "the server stopped before an answer came"


class PostOffice:
    """Posts from any thread, on an event loop of its own."""

    def __init__(self, allowed_hosts: Iterable[str] = (), timeout: float = TIMEOUT) -> None:
        self._allowed = tuple(allowed_hosts)
        self._timeout = timeout
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._under_way: set[Future[Answer]] = set()

    def post(self, parcel: Parcel) -> Posted:
        """Post and wait for what comes back; an address that is not allowed is an error of it."""
        from mockdouyin.outbound import AddressError, Courier, check_address

        try:
            target = check_address(parcel.url, self._allowed)
        except AddressError as error:
            return Posted(None, error=str(error))

        async def send() -> Answer:
            async with Courier(target) as courier:
                return await courier.send(
                    parcel.method, parcel.body, parcel.headers, self._timeout
                )

        # Under the lock: a loop that is closed meanwhile would never answer.
        with self._lock:
            if self._closed:
                return Posted(None, error=STOPPED)
            under_way = asyncio.run_coroutine_threadsafe(send(), self._running_loop())
            self._under_way.add(under_way)
            under_way.add_done_callback(self._under_way.discard)
        try:
            answer = under_way.result()
        except CancelledError:
            return Posted(None, error=STOPPED)
        return Posted(
            answer.status,
            answer.content_type,
            answer.body.decode("utf-8", "replace"),
            answer.error,
            round(answer.took * 1000),
        )

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = new_loop()
            self._thread = threading.Thread(
                target=self._loop.run_forever, name="mockdouyin post", daemon=True
            )
            self._thread.start()
        return self._loop

    def close(self) -> None:
        """Post nothing more."""
        with self._lock:
            self._closed = True
            if self._loop is None or self._thread is None:
                return
            for post in list(self._under_way):
                post.cancel()
            asyncio.run_coroutine_threadsafe(_all_ended(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None


async def _all_ended() -> None:
    """Wait until every post has ended; those that they started end with them."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
