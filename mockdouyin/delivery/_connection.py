"""A reusable connection to a checked target, for senders that are threads."""

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

_READ_SIZE = 64 * 1024
_MAX_HEAD = 100 * 1024


def tls_context() -> ssl.SSLContext:
    """Make the TLS context that verifies receivers, the same as httpx2's."""
    context = httpx2.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Deadline:
    """The time limit of one exchange, which starts now."""

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self._started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since it started."""
        return time.monotonic() - self._started

    @property
    def remaining(self) -> float:
        """Seconds until the limit; raises TimeoutError when it has passed."""
        remaining = self.timeout - self.elapsed
        if remaining <= 0:
            raise TimeoutError
        return remaining


class Connection:
    """One connection to a target; `send` returns an answer in time, whatever the receiver does.

    One thread at a time may use it. Only `abort` may be called from another thread.
    """

    def __init__(self, target: CheckedTarget, context: ssl.SSLContext | None = None) -> None:
        self.target = target
        is_secure = target.url.scheme == "https"
        self._context = (context or tls_context()) if is_secure else None
        self._socket: socket.socket | None = None
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
        self._reusable = False
        self._received = False
        self._aborted = False

    def send(
        self, method: str, body: bytes, headers: Mapping[str, str], deadline: Deadline
    ) -> ReceiverAnswer | None:
        """Send a request; return None if the receiver had closed the idle connection meanwhile."""
        was_reused, self._reusable, self._received = self._reusable, False, False
        try:
            message = self._encode(method, body, headers)
            if not was_reused:
                self._connect(deadline)
            self._write(message, deadline)
            answer = self._read(deadline)
        except (OSError, h11.ProtocolError, ConnectError) as error:
            # `is_open` cannot rule this out: the receiver's close may cross our request on the
            # way. If no byte came back, the caller may try once more on a new connection.
            if was_reused and not self._received and not isinstance(error, TimeoutError):
                return None
            answer = no_answer(error, deadline.timeout)
        return answer._replace(took=deadline.elapsed)

    @property
    def is_reusable(self) -> bool:
        """Whether the last exchange was complete and both sides keep the connection open."""
        return self._reusable

    @property
    def is_open(self) -> bool:
        """Whether an idle connection can carry one more request, as far as this side can see."""
        if not self._reusable or self._socket is None:
            return False
        try:
            self._socket.settimeout(0)
            # Peek below TLS, too: an idle receiver sends nothing but its goodbye, so an end of
            # file or any unsolicited byte means that the connection is finished.
            socket.socket.recv(self._socket, 1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def abort(self) -> None:
        """Break off the exchange, from any thread, and prevent new connections."""
        # Set the flag before reading the socket: the other thread stores its socket before it
        # checks the flag, so at least one of the two sees the other.
        self._aborted = True
        sock = self._socket
        if sock is not None:
            with suppress(OSError):
                # SSLSocket.shutdown would discard the TLS session that a thread is reading from.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._reusable = False
        if self._socket is not None:
            self._socket.close()

    # Connecting.

    def _connect(self, deadline: Deadline) -> None:
        """Connect to the first checked address that accepts."""
        for address in self.target.addresses[:-1]:
            try:
                return self._connect_to(address, deadline)
            except ConnectError:
                continue
        return self._connect_to(self.target.addresses[-1], deadline)

    def _connect_to(self, address: str, deadline: Deadline) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            self._socket = sock = socket.socket(family, socket.SOCK_STREAM)
            self._raise_if_aborted()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(deadline.remaining)
            sock.connect((address, self.target.port))
            if self._context is not None:
                self._start_tls(sock, self._context, deadline)
            # Once more: shutting down a socket that is not connected yet has no effect.
            self._raise_if_aborted()
        except TimeoutError:
            raise
        except OSError as error:
            self.close()
            raise ConnectError(str(error)) from error

    def _start_tls(self, sock: socket.socket, context: ssl.SSLContext, deadline: Deadline) -> None:
        # wrap_socket detaches the plain socket, so `abort` can reach the connection only through
        # the wrapped one. Hence two steps: store it first, then do the handshake, which may block.
        self._socket = wrapped = context.wrap_socket(
            sock, server_hostname=self.target.server_name, do_handshake_on_connect=False
        )
        self._raise_if_aborted()
        wrapped.settimeout(deadline.remaining)
        wrapped.do_handshake()

    def _raise_if_aborted(self) -> None:
        if self._aborted:
            raise ConnectionAbortedError

    # The exchange.

    @property
    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionAbortedError
        return self._socket

    def _encode(self, method: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Encode a request with httpx2's default headers, head and body as one message."""
        request = httpx2.Request(method, self.target.url, headers=dict(headers), content=body)
        head = h11.Request(
            method=request.method, target=request.url.raw_path, headers=request.headers.raw
        )
        parts = [self._http.send(head)]
        if body:
            parts.append(self._http.send(h11.Data(data=body)))
        parts.append(self._http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)

    def _write(self, message: bytes, deadline: Deadline) -> None:
        sock = self._connected
        sock.settimeout(deadline.remaining)
        try:
            sock.sendall(message)
        except TimeoutError:
            raise
        except OSError:
            pass  # the receiver may have answered before it closed

    def _read(self, deadline: Deadline) -> ReceiverAnswer:
        head = self._read_head(deadline)
        body = bytearray()
        # Raw: a compressed body could unpack to any size, and we never ask for one.
        while len(body) <= MAX_ANSWER and isinstance(
            event := self._next_event(deadline), h11.Data
        ):
            body += event.data
        self._prepare_reuse()
        headers = httpx2.Headers(head.headers.raw_items())
        return ReceiverAnswer(
            head.status_code,
            headers.get("content-type", ""),
            headers.get("location", ""),
            bytes(body[:MAX_ANSWER]),
            len(body) > MAX_ANSWER,
        )

    def _read_head(self, deadline: Deadline) -> h11.Response:
        """Read the answer's head, skipping informational ones (100 Continue)."""
        while not isinstance(event := self._next_event(deadline), h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise h11.RemoteProtocolError(f"{event} in place of a status line")
        return event

    def _next_event(self, deadline: Deadline) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        """Return the answer's next event, reading from the socket as needed."""
        sock = self._connected
        while (event := self._http.next_event()) is h11.NEED_DATA:
            sock.settimeout(deadline.remaining)
            data = sock.recv(_READ_SIZE)
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                # httpx2's text, so that both senders report the same error.
                raise h11.RemoteProtocolError("Server disconnected without sending a response.")
            self._received = self._received or bool(data)
            self._http.receive_data(data)
        return event

    def _prepare_reuse(self) -> None:
        """Start the next cycle if both sides are done and neither wants to close."""
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        # Bytes after the answer would be parsed as the start of the next one.
        if done and self._http.trailing_data == (b"", False):
            self._http.start_next_cycle()
            self._reusable = True
