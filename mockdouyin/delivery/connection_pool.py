"""The courier: posts a parcel to a receiver, and tells what came back; it never raises."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from mockdouyin.sandbox.deliveries import OutgoingRequest, SendResult

if TYPE_CHECKING:
    import ssl

    from mockdouyin.delivery import Connection, ReceiverAnswer, Term

TIMEOUT = 5.0
"""Seconds of real time that a receiver has, from the first byte sent to the last one read."""

IDLE_TIMEOUT = 1.0
"""Seconds of real time that a connection is kept with nothing to post.

No longer: a receiver that serves one connection after the other serves nobody else meanwhile.
"""

MAX_IDLE = 32
"""Connections that are kept at the same time with nothing to post."""

STOPPED = "the server stopped before an answer came"


class ConnectionPool:
    """Posts from any thread, over connections that are kept from one post to the next."""

    def __init__(self, allowed_hosts: Iterable[str] = (), timeout: float = TIMEOUT) -> None:
        self._allowed = tuple(allowed_hosts)
        self._timeout = timeout
        self._changed = threading.Condition()
        self._closed = False
        self._under_way: set[Connection] = set()
        self._resting: list[_Resting] = []
        self._tidier: threading.Thread | None = None
        self._context: ssl.SSLContext | None = None

    def post(self, parcel: OutgoingRequest) -> SendResult:
        """Post and wait for what comes back; an address that is not allowed is an error of it."""
        from mockdouyin.delivery import AddressError

        try:
            answer = self._send(parcel)
        except AddressError as error:
            return SendResult(None, error=str(error))
        if answer is None:
            return SendResult(None, error=STOPPED)
        return SendResult(
            answer.status,
            answer.content_type,
            answer.body.decode("utf-8", "replace"),
            answer.error,
            round(answer.took * 1000),
        )

    def close(self) -> None:
        """Post nothing more, and end what is under way."""
        with self._changed:
            self._closed = True
            while self._under_way:
                for line in self._under_way:
                    line.stop()
                # And again: a socket that is about to connect cannot be shut down yet.
                self._changed.wait(0.05)
            while self._resting:
                self._resting.pop().line.close()
            self._changed.notify_all()
            tidier = self._tidier
        if tidier is not None:
            tidier.join()

    # Posting.

    def _send(self, parcel: OutgoingRequest) -> ReceiverAnswer | None:
        """Give the answer, or None where a stop came first."""
        from mockdouyin.delivery import Term

        term = None
        line = self._take_rested(parcel.url)
        if line is not None:
            term = Term(self._timeout)
            answer = self._carry(line, parcel, term)
            if answer is not None:
                return answer
        line = self._new_line(parcel.url)
        if line is None:
            return None
        return self._carry(line, parcel, term or Term(self._timeout))

    def _carry(
        self, line: Connection, parcel: OutgoingRequest, term: Term
    ) -> ReceiverAnswer | None:
        try:
            answer = line.send(parcel.method, parcel.body, parcel.headers, term)
        finally:
            stopped = self._put_away(parcel.url, line)
        return None if stopped else answer

    # Connections.

    def _take_rested(self, url: str) -> Connection | None:
        """Give the line to a URL that rested last, if the receiver has not closed it."""
        with self._changed:
            for index in range(len(self._resting) - 1, -1, -1):
                if self._resting[index].url != url:
                    continue
                line = self._resting.pop(index).line
                if line.is_open:
                    self._under_way.add(line)
                    return line
                line.close()
        return None

    def _new_line(self, url: str) -> Connection | None:
        """Check the address as it is now, for a connection that is still to be made."""
        from mockdouyin.delivery import Connection, check_address, tls_context

        target = check_address(url, self._allowed)
        if target.url.scheme == "https" and self._context is None:
            self._context = tls_context()  # loading the certificates takes long
        with self._changed:
            if self._closed:
                return None
            line = Connection(target, self._context)
            self._under_way.add(line)
            return line

    def _put_away(self, url: str, line: Connection) -> bool:
        """Keep the line if it can be kept; tell whether there was a stop meanwhile."""
        with self._changed:
            self._under_way.discard(line)
            if self._closed or not line.can_rest:
                line.close()
                self._changed.notify_all()
                return self._closed
            self._resting.append(_Resting(url, line, time.monotonic() + IDLE_TIMEOUT))
            if len(self._resting) > MAX_IDLE:
                self._resting.pop(0).line.close()
            if self._tidier is None:
                self._tidier = threading.Thread(
                    target=self._tidy, name="mockdouyin post", daemon=True
                )
                self._tidier.start()
            return False

    def _tidy(self) -> None:
        """Hang up where nothing was posted for a while."""
        with self._changed:
            while self._resting:
                left = self._resting[0].until - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                else:
                    self._resting.pop(0).line.close()
            self._tidier = None


class _Resting(NamedTuple):
    url: str
    line: Connection
    until: float
