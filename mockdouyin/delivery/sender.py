"""The sender: posts to receivers on the running event loop, and keeps connections in between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import h11
from msgspec.structs import replace

from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.delivery import _texts as texts
from mockdouyin.delivery._addresses import (
    AddressError,
    CheckedTarget,
    check_address,
    needs_lookup,
)
from mockdouyin.delivery._answers import ConnectError, no_answer
from mockdouyin.delivery._connection import Connection, connect, tls_context
from mockdouyin.delivery._limits import STOPPED, TIMEOUT
from mockdouyin.delivery._lookups import Lookups

if TYPE_CHECKING:
    import ssl

IDLE_TIMEOUT = 1.0
"""Seconds of real time that an idle connection is kept.

Short, because a receiver that serves one connection at a time serves nobody else meanwhile.
"""

MAX_IDLE = 32
"""Idle connections that are kept at the same time."""

_FAILURES = (AddressError, ConnectError, OSError, h11.ProtocolError)
"""What a post may raise."""


class Sender:
    """Posts deliveries; every post ends with an attempt within the timeout, and none raises.

    A URL's host is resolved and checked whenever a connection is made, and the address that was
    checked is the one that is dialled. Redirects are not followed.
    """

    def __init__(
        self,
        allowed_hosts: Iterable[str] = (),
        *,
        timeout: float = TIMEOUT,
        max_idle: int = MAX_IDLE,
    ) -> None:
        self._allowed = tuple(allowed_hosts)
        self._timeout = timeout
        self._max_idle = max_idle
        self._closed = False
        self._scopes: set[asyncio.Timeout] = set()
        """The time limits of the posts under way."""
        self._idle: dict[Connection, tuple[str, asyncio.TimerHandle]] = {}
        """Kept connections, oldest first, each with its URL and the timer that closes it."""
        self._connections: set[Connection] = set()
        """Every open connection."""
        self._lookups = Lookups()
        self._context: ssl.SSLContext | None = None

    async def aclose(self) -> None:
        """End the posts under way, and return once every connection is closed."""
        self.close()
        for connection in self._connections:
            connection.close()
        if lost := [connection.lost for connection in self._connections]:
            await asyncio.wait(lost)

    def close(self) -> None:
        """End the posts under way, close the idle connections and refuse further posts."""
        self._closed = True
        for scope in self._scopes:
            if not scope.expired():
                scope.reschedule(0.0)
        for connection in list(self._idle):
            self._drop(connection)

    async def send(self, delivery: Delivery) -> Attempt:
        """Post once; the timeout covers looking up, connecting, sending and reading together."""
        loop = asyncio.get_running_loop()
        started, scope = loop.time(), asyncio.timeout(self._timeout)
        try:
            async with scope:
                if self._closed:
                    return Attempt(error=STOPPED)
                self._scopes.add(scope)
                attempt = await self._exchange(delivery, scope)
        except _FAILURES as error:
            # A post that close() has ended failed because of us, not because of the receiver.
            if self._closed:
                return Attempt(error=STOPPED)
            attempt = no_answer(error, self._timeout)
        finally:
            self._scopes.discard(scope)
        return replace(attempt, took_ms=round((loop.time() - started) * 1000))

    async def _exchange(self, delivery: Delivery, scope: asyncio.Timeout) -> Attempt:
        connection = self._pop_idle(delivery.url)
        if connection is not None:
            attempt = await self._over_kept(connection, delivery)
            if attempt is not None:
                return attempt
        # There was no idle connection, or the receiver had closed it. Posting again over a new one
        # is part of the same attempt, so it keeps the deadline.
        return await self._over(await self._connect(delivery.url, scope), delivery)

    async def _over_kept(self, connection: Connection, delivery: Delivery) -> Attempt | None:
        """Post over a kept connection; return None if the receiver had closed it meanwhile."""
        try:
            return await self._over(connection, delivery)
        except _FAILURES:
            # Its close may have crossed our request on the way. A time limit is not among these:
            # inside its scope that is a cancellation.
            if connection.has_received or self._closed:
                raise
            return None

    async def _over(self, connection: Connection, delivery: Delivery) -> Attempt:
        """Post over a connection; afterwards keep it, or close it."""
        try:
            return await connection.exchange(delivery)
        finally:
            if connection.is_reusable and not self._closed and self._max_idle:
                self._keep(delivery.url, connection)
            else:
                connection.close()

    # Connections.

    def _pop_idle(self, url: str) -> Connection | None:
        """Return the most recently used idle connection to a URL that is still open."""
        for connection, (kept_for, timer) in reversed(self._idle.items()):
            if kept_for == url and connection.is_reusable:
                timer.cancel()
                del self._idle[connection]
                return connection
        return None

    def _keep(self, url: str, connection: Connection) -> None:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(IDLE_TIMEOUT, self._drop, connection)
        self._idle[connection] = (url, timer)
        if len(self._idle) > self._max_idle:
            self._drop(next(iter(self._idle)))

    def _drop(self, connection: Connection) -> None:
        _, timer = self._idle.pop(connection)
        timer.cancel()
        connection.close()

    async def _connect(self, url: str, scope: asyncio.Timeout) -> Connection:
        """Check the address as it resolves now, and connect to it."""
        target = await self._check(url, scope)
        context = None
        if target.url.scheme == "https":
            context = self._context = self._context or tls_context()  # loading it is slow
        connection = await connect(target, context, self._timeout)
        self._connections.add(connection)
        connection.lost.add_done_callback(lambda _: self._connections.discard(connection))
        return connection

    async def _check(self, url: str, scope: asyncio.Timeout) -> CheckedTarget:

        check = partial(check_address, url, self._allowed)
        if not needs_lookup(url):
            return check()
        try:
            return await self._lookups.run(check)
        except asyncio.CancelledError:
            if not scope.expired():
                raise
            late = texts.UNRESOLVED_IN_TIME(url=repr(url[:200]), seconds=f"{self._timeout:g}")
            raise AddressError(late) from None
