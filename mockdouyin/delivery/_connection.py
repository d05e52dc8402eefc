"""One connection to a receiver: HTTP/1.1 by h11 over a transport of the event loop."""

from __future__ import annotations

import asyncio
import ssl
from functools import partial

import h11
import httpx2

from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.delivery._addresses import CheckedTarget
from mockdouyin.delivery._answers import MAX_ANSWER, ConnectError

_MAX_HEAD = 100 * 1024


def tls_context() -> ssl.SSLContext:
    """Make the TLS context that verifies receivers, the same as httpx2's."""
    context = httpx2.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Connection(asyncio.Protocol):
    """One connection to a checked target, used by one exchange at a time."""

    def __init__(self, target: CheckedTarget) -> None:
        self._target = target
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
        self._arrived = asyncio.Event()
        self._ended = False
        """Whether the receiver sends no more."""
        self._error: Exception | None = None
        """Why the connection was lost, unless the receiver closed it."""
        self.has_received = False
        """Whether any byte came back in this exchange."""
        self.is_reusable = False
        """Whether the last exchange was complete and both sides keep the connection open."""
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done once the socket is closed."""

    async def exchange(self, delivery: Delivery) -> Attempt:
        """Send a request and return the answer; raise if no complete one comes."""
        self.is_reusable, self.has_received = False, False
        self._transport.write(self._encode(delivery))
        head = await self._read_head()
        body = bytearray()
        # Raw: a compressed body could unpack to any size, and we never ask for one.
        while len(body) <= MAX_ANSWER and isinstance(event := await self._next_event(), h11.Data):
            body += event.data
        self._prepare_reuse()
        headers = httpx2.Headers(head.headers.raw_items())
        return Attempt(
            status=head.status_code,
            body=bytes(body[:MAX_ANSWER]).decode("utf-8", "surrogateescape"),
            content_type=headers.get("content-type", ""),
            location=headers.get("location", ""),
            truncated=len(body) > MAX_ANSWER,
        )

    def close(self) -> None:
        """Close the connection at once, whatever is under way."""
        self.is_reusable = False
        self._transport.abort()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Pass bytes on to h11; between two exchanges they end the connection."""
        if self.is_reusable:
            self.close()  # or it would be read, and kept in memory, until it is closed as idle
            return
        self.has_received = True
        self._http.receive_data(data)
        self._arrived.set()

    def eof_received(self) -> None:
        """Note the end; the transport closes itself."""
        self._end()

    def connection_lost(self, error: Exception | None) -> None:
        """Note the end, and why."""
        self._error = error
        self._end()
        self.lost.set_result(None)

    def _end(self) -> None:
        self.is_reusable = False
        self._ended = True
        self._arrived.set()

    # The exchange.

    def _encode(self, delivery: Delivery) -> bytes:
        """Encode a request with httpx2's default headers, head and body as one message."""
        request = httpx2.Request(
            delivery.method, self._target.url, headers=delivery.headers, content=delivery.body
        )
        head = h11.Request(
            method=request.method, target=request.url.raw_path, headers=request.headers.raw
        )
        parts = [self._http.send(head)]
        if delivery.body:
            parts.append(self._http.send(h11.Data(data=delivery.body)))
        parts.append(self._http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)

    async def _read_head(self) -> h11.Response:
        """Read the answer's head, skipping informational ones (100 Continue)."""
        while not isinstance(event := await self._next_event(), h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise h11.RemoteProtocolError(f"{event} in place of a status line")
        return event

    async def _next_event(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        """Return the answer's next event, waiting for bytes as needed."""
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._ended:
                return self._last_event()
            self._arrived.clear()
            await self._arrived.wait()
        return event

    def _last_event(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        """Return the event that the end of the connection makes, or raise."""
        if self._error is not None:
            raise ConnectionResetError(str(self._error)) from self._error
        if self._http.their_state is h11.SEND_RESPONSE:
            raise h11.RemoteProtocolError("Server disconnected without sending a response.")
        self._http.receive_data(b"")
        return self._http.next_event()  # never NEED_DATA: h11 raises where the answer is cut

    def _prepare_reuse(self) -> None:
        """Start the next cycle if both sides are done and neither wants to close."""
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        # Bytes after the answer would be parsed as the start of the next one.
        if done and not self._ended and self._http.trailing_data == (b"", False):
            self._http.start_next_cycle()
            self.is_reusable = True


async def connect(
    target: CheckedTarget,
    context: ssl.SSLContext | None,
    timeout: float,  # noqa: ASYNC109 - of TLS alone, which would otherwise have one of its own
) -> Connection:
    """Connect to the first checked address that accepts."""
    for address in target.addresses[:-1]:
        try:
            return await _connect_to(target, address, context, timeout)
        except ConnectError:
            continue
    return await _connect_to(target, target.addresses[-1], context, timeout)


async def _connect_to(
    target: CheckedTarget,
    address: str,
    context: ssl.SSLContext | None,
    timeout: float,  # noqa: ASYNC109 - as above
) -> Connection:
    is_secure = context is not None
    try:
        _, connection = await asyncio.get_running_loop().create_connection(
            partial(Connection, target),
            address,
            target.port,
            ssl=context,
            server_hostname=target.server_name if is_secure else None,
            ssl_handshake_timeout=timeout if is_secure else None,
        )
    except OSError as error:
        raise ConnectError(str(error)) from error
    return connection
