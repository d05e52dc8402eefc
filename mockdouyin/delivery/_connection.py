"""Posting to a checked target from a thread, over a connection that is kept between posts."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress

import h11
import httpx2

from mockdouyin.delivery._addresses import CheckedTarget
from mockdouyin.delivery._answers import MAX_ANSWER, ConnectError, ReceiverAnswer, no_answer

_AT_ONCE = 64 * 1024
_LONGEST_HEAD = 100 * 1024


def tls_context() -> ssl.SSLContext:
    """Make what verifies receivers over TLS, as httpx2 does."""
    context = httpx2.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Term:
    """The time that an exchange has, from now on."""

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self._began = time.monotonic()

    @property
    def took(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    @property
    def left(self) -> float:
        """Seconds that are left, if any are."""
        left = self.timeout - self.took
        if left <= 0:
            raise TimeoutError
        return left


class Connection:
    """One connection to a target. Whatever the receiver does, there is an answer in time.

    It is for one thread at a time; only `stop` may be called from another.
    """

    def __init__(self, target: CheckedTarget, context: ssl.SSLContext | None = None) -> None:
        self.target = target
        is_secure = target.url.scheme == "https"
        self._context = (context or tls_context()) if is_secure else None
        self._socket: socket.socket | None = None
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._kept = False
        self._heard = False
        self._stopped = False

    def send(
        self, method: str, body: bytes, headers: Mapping[str, str], term: Term
    ) -> ReceiverAnswer | None:
        """Send a request; None where the receiver had closed the kept connection meanwhile."""
        was_kept, self._kept, self._heard = self._kept, False, False
        try:
            message = self._message(method, body, headers)
            if not was_kept:
                self._connect(term)
            self._write(message, term)
            answer = self._read(term)
        except (OSError, h11.ProtocolError, ConnectError) as error:
            if was_kept and not self._heard and not isinstance(error, TimeoutError):
                return None
            answer = no_answer(error, term.timeout)
        return answer._replace(took=term.took)

    @property
    def can_rest(self) -> bool:
        """Whether it may be kept for one more request."""
        return self._kept

    @property
    def is_open(self) -> bool:
        """Whether it can carry one more request, as far as can be seen from here."""
        if not self._kept or self._socket is None:
            return False
        try:
            self._socket.settimeout(0)
            # Beneath TLS too: what comes unasked, and an end above all, is the receiver's goodbye.
            socket.socket.recv(self._socket, 1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def stop(self) -> None:
        """End what is under way, from any thread; it will not connect again."""
        self._stopped = True
        wire = self._socket
        if wire is not None:
            with suppress(OSError):
                # Not TLS's own, which would take the session away from who is reading.
                socket.socket.shutdown(wire, socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up."""
        self._kept = False
        if self._socket is not None:
            self._socket.close()

    # Connecting.

    def _connect(self, term: Term) -> None:
        for address in self.target.addresses[:-1]:
            try:
                return self._dial(address, term)
            except ConnectError:
                continue
        return self._dial(self.target.addresses[-1], term)

    def _dial(self, address: str, term: Term) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            self._socket = wire = socket.socket(family, socket.SOCK_STREAM)
            self._refuse_if_stopped()
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire.settimeout(term.left)
            wire.connect((address, self.target.port))
            if self._context is not None:
                self._shake_hands(wire, self._context, term)
            self._refuse_if_stopped()
        except TimeoutError:
            raise
        except OSError as error:
            self.close()
            raise ConnectError(str(error)) from error

    def _shake_hands(self, wire: socket.socket, context: ssl.SSLContext, term: Term) -> None:
        # In two steps: until it is ours, the socket beneath TLS cannot be shut down.
        self._socket = secure = context.wrap_socket(
            wire, server_hostname=self.target.server_name, do_handshake_on_connect=False
        )
        self._refuse_if_stopped()
        secure.settimeout(term.left)
        secure.do_handshake()

    def _refuse_if_stopped(self) -> None:
        if self._stopped:
            raise ConnectionAbortedError

    # The exchange.

    @property
    def _wire(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionAbortedError
        return self._socket

    def _message(self, method: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Write a request as httpx2 does, but in one piece."""
        asked = httpx2.Request(method, self.target.url, headers=dict(headers), content=body)
        head = h11.Request(
            method=asked.method, target=asked.url.raw_path, headers=asked.headers.raw
        )
        parts = [self._http.send(head)]
        if body:
            parts.append(self._http.send(h11.Data(data=body)))
        parts.append(self._http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)

    def _write(self, message: bytes, term: Term) -> None:
        wire = self._wire
        wire.settimeout(term.left)
        try:
            wire.sendall(message)
        except TimeoutError:
            raise
        except OSError:
            pass  # the receiver may have answered before it closed

    def _read(self, term: Term) -> ReceiverAnswer:
        head = self._head(term)
        body = bytearray()
        # Raw: what is compressed may unpack to any size, and nobody asked for it.
        while len(body) <= MAX_ANSWER and isinstance(event := self._event(term), h11.Data):
            body += event.data
        self._rest()
        said = httpx2.Headers(head.headers.raw_items())
        return ReceiverAnswer(
            head.status_code,
            said.get("content-type", ""),
            said.get("location", ""),
            bytes(body[:MAX_ANSWER]),
            len(body) > MAX_ANSWER,
        )

    def _head(self, term: Term) -> h11.Response:
        while not isinstance(head := self._event(term), h11.Response):
            if not isinstance(head, h11.InformationalResponse):
                raise h11.RemoteProtocolError(f"{head} in place of a status line")
        return head

    def _event(self, term: Term) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        """Give what comes next of the answer."""
        wire = self._wire
        while (event := self._http.next_event()) is h11.NEED_DATA:
            wire.settimeout(term.left)
            data = wire.recv(_AT_ONCE)
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("Server disconnected without sending a response.")
            self._heard = self._heard or bool(data)
            self._http.receive_data(data)
        return event

    def _rest(self) -> None:
        """Be ready for one more request, where both sides have said all and want to go on."""
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        # What came beyond the answer would be taken for the beginning of the next.
        if done and self._http.trailing_data == (b"", False):
            self._http.start_next_cycle()
            self._kept = True
