"""The connection pool that posts webhooks from threads and reuses connections between posts."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from mockdouyin.core.outbox import Attempt, Delivery

if TYPE_CHECKING:
    import ssl

    from mockdouyin.delivery import Connection, Deadline, ReceiverAnswer

# httpx2 and h11 are imported with the first post: a server starts without them.

TIMEOUT = 5.0
"""Seconds of real time that a receiver has, from the first byte sent to the last one read.

Douyin hangs up after 5 s.
"""

IDLE_TIMEOUT = 1.0
"""Seconds of real time that an idle connection is kept.

Short, because a receiver that serves one connection at a time serves nobody else meanwhile.
"""

MAX_IDLE = 32
"""Idle connections that are kept at the same time."""

STOPPED = "the server stopped before an answer came"


class ConnectionPool:
    """Posts from any thread, reusing one connection per URL where the receiver keeps it open."""

    def __init__(self, allowed_hosts: Iterable[str] = (), timeout: float = TIMEOUT) -> None:
        self._allowed = tuple(allowed_hosts)
        self._timeout = timeout
        self._changed = threading.Condition()
        """Guards everything below; never held while a thread connects, sends or resolves."""
        self._closed = False
        self._active: set[Connection] = set()
        self._idle: list[_IdleConnection] = []
        """Ordered by expiry, as every connection is kept for the same time."""
        self._reaper: threading.Thread | None = None
        self._context: ssl.SSLContext | None = None

    def post(self, request: Delivery) -> Attempt:
        """Post a delivery and return the attempt; a refused address is an error in it."""
        from mockdouyin.delivery import AddressError

        try:
            answer = self._send(request)
        except AddressError as error:
            return Attempt(error=str(error))
        if answer is None:
            return Attempt(error=STOPPED)
        return Attempt(
            status=answer.status,
            body=answer.body.decode(errors="surrogateescape"),
            error=answer.error,
            took_ms=round(answer.took * 1000),
            content_type=answer.content_type,
            location=answer.location,
            truncated=answer.truncated,
            reached=answer.reached,
        )

    def close(self) -> None:
        """Abort the posts that are under way, close all connections and refuse further posts."""
        with self._changed:
            self._closed = True
            while self._active:
                for connection in self._active:
                    connection.abort()
                # Repeat until all have returned: shutting down a socket that is about to connect
                # has no effect, and the connect would then wait for its whole timeout.
                self._changed.wait(0.05)
            while self._idle:
                self._idle.pop().connection.close()
            self._changed.notify_all()
            reaper = self._reaper
        # Outside the lock, which the reaper needs in order to end.
        if reaper is not None:
            reaper.join()

    # Posting.

    def _send(self, request: Delivery) -> ReceiverAnswer | None:
        """Return the answer, or None if the pool was closed first."""
        from mockdouyin.delivery import Deadline

        deadline = None
        connection = self._pop_idle(request.url)
        if connection is not None:
            deadline = Deadline(self._timeout)
            answer = self._exchange(connection, request, deadline)
            if answer is not None:
                return answer
        # There was no idle connection, or the receiver had closed it. Posting again over a new one
        # is part of the same attempt, so it keeps the deadline.
        connection = self._new_connection(request.url)
        if connection is None:
            return None
        return self._exchange(connection, request, deadline or Deadline(self._timeout))

    def _exchange(
        self, connection: Connection, request: Delivery, deadline: Deadline
    ) -> ReceiverAnswer | None:
        try:
            answer = connection.send(request.method, request.body, request.headers, deadline)
        finally:
            closed = self._release(request.url, connection)
        # An exchange that close() aborted failed because of us, not because of the receiver.
        return None if closed else answer

    # Connections.

    def _pop_idle(self, url: str) -> Connection | None:
        """Return the most recently used idle connection to a URL that is still open."""
        with self._changed:
            for index in range(len(self._idle) - 1, -1, -1):
                if self._idle[index].url != url:
                    continue
                connection = self._idle.pop(index).connection
                if connection.is_open:
                    self._active.add(connection)
                    return connection
                connection.close()
        return None

    def _new_connection(self, url: str) -> Connection | None:
        """Check the address as it resolves now; return None if the pool is closed."""
        from mockdouyin.delivery import Connection, check_address, tls_context

        target = check_address(url, self._allowed)
        if target.url.scheme == "https" and self._context is None:
            self._context = tls_context()  # loading the CA certificates is slow
        # Check and register in one step: once close() has returned, nothing may connect.
        with self._changed:
            if self._closed:
                return None
            connection = Connection(target, self._context)
            self._active.add(connection)
            return connection

    def _release(self, url: str, connection: Connection) -> bool:
        """Keep the connection for reuse, or close it; return whether the pool is closed."""
        with self._changed:
            self._active.discard(connection)
            if self._closed or not connection.is_reusable:
                connection.close()
                self._changed.notify_all()
                return self._closed
            expires = time.monotonic() + IDLE_TIMEOUT
            self._idle.append(_IdleConnection(url, connection, expires))
            if len(self._idle) > MAX_IDLE:
                self._idle.pop(0).connection.close()
            if self._reaper is None:
                self._reaper = threading.Thread(
                    target=self._close_expired, name="mockdouyin post", daemon=True
                )
                self._reaper.start()
            return False

    def _close_expired(self) -> None:
        """Close idle connections as they expire; the thread ends when none is left."""
        with self._changed:
            while self._idle:
                remaining = self._idle[0].expires - time.monotonic()
                if remaining > 0:
                    self._changed.wait(remaining)
                else:
                    self._idle.pop(0).connection.close()
            # Still under the lock: a connection that is released next starts a new reaper.
            self._reaper = None


class _IdleConnection(NamedTuple):
    url: str
    connection: Connection
    expires: float
