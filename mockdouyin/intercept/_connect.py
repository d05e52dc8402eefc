"""CONNECT on a bare socket: reading its head, parsing its target, refusing it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from functools import partial
from ipaddress import IPv6Address

from mockdouyin.intercept._error_texts import (
    NEEDS_PORT,
    NOT_A_CONNECT,
    NOT_A_HOST_NAME,
    NOT_A_PORT,
)
from mockdouyin.server._error_texts import REQUEST_HEAD
from mockdouyin.server.connection_limits import ConnectionLimits, RequestRefused

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"

_HEAD_END = b"\r\n\r\n"
_PIECE = 64 * 1024
_NAME = re.compile(r"[\w-]{1,63}(\.[\w-]{1,63})*\.?", re.ASCII)
_IPV6 = re.compile(r"[0-9a-f:.]+(%[\w.-]+)?", re.ASCII | re.IGNORECASE)
_MAX_NAME = 253


def parse_connect(head: bytes) -> tuple[str, int]:
    """Return the host and port of a CONNECT, or refuse it."""
    line = head.partition(b"\r\n")[0].decode("latin-1")
    method, *words = re.split(" +", line)
    if len(words) != 2 or words[1] not in ("HTTP/1.1", "HTTP/1.0"):
        raise RequestRefused(400, NOT_A_CONNECT(line=_short(line)))
    host, colon, port = words[0].rpartition(":")
    if not colon:
        raise RequestRefused(400, NEEDS_PORT(method=method, given=_short(words[0])))
    return check_address(host, port)


def check_address(host: str, port: str | int) -> tuple[str, int]:
    """Return a host, without brackets, and a port that can be dialled, or refuse them."""
    digits = str(port)
    if not (
        digits.isascii() and digits.isdigit() and len(digits) <= 5 and 0 < int(digits) < 65536
    ):
        raise RequestRefused(400, NOT_A_PORT(given=_short(digits)))
    is_bracketed = host[:1] == "[" and host[-1:] == "]"
    name = host[1:-1] if is_bracketed else host
    if not (_is_ipv6(name) or (_is_name(name) and not is_bracketed)):
        raise RequestRefused(400, NOT_A_HOST_NAME(most=_MAX_NAME, given=_short(host)))
    return name, int(digits)


def _is_name(text: str) -> bool:
    return len(text.removesuffix(".")) <= _MAX_NAME and _NAME.fullmatch(text) is not None


def _is_ipv6(text: str) -> bool:
    try:
        return _IPV6.fullmatch(text) is not None and bool(IPv6Address(text))
    except ValueError:
        return False


def _short(text: str) -> str:
    return repr(text) if len(text) <= 60 else f"{text[:60]!r}…"


def _set_done(readable: asyncio.Future[None]) -> None:
    # The reader is called in every turn of the loop in which bytes wait, also after the first.
    if not readable.done():
        readable.set_result(None)


async def peek(client: socket.socket) -> bytes:
    """Wait for bytes, and return them without consuming them; none if the client closed."""
    # asyncio has no sock_peek, so this waits for readability itself.
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    loop.add_reader(client, partial(_set_done, readable))
    try:
        await readable
    finally:
        loop.remove_reader(client)
    return client.recv(_PIECE, socket.MSG_PEEK)


async def read_head(client: socket.socket, limits: ConnectionLimits) -> bytes:
    """Read up to the empty line and no further: whoever takes the socket next reads the rest."""
    head = bytearray()
    while True:
        had = len(head)
        try:
            async with asyncio.timeout(limits.receive_timeout):
                await _read_to_end(client, head, limits)
                return bytes(head)
        except TimeoutError:
            if len(head) - had < limits.min_rate * limits.receive_timeout:
                raise limits.too_slow(REQUEST_HEAD()) from None


async def _read_to_end(client: socket.socket, head: bytearray, limits: ConnectionLimits) -> None:
    while not head.endswith(_HEAD_END):
        seen = await peek(client)
        if not seen:
            raise ConnectionResetError("the client disconnected")
        tail = bytes(head[-3:])  # the empty line may be split between two pieces
        end = (tail + seen).find(_HEAD_END)
        head += client.recv(len(seen) if end < 0 else end + len(_HEAD_END) - len(tail))
        if len(head) > limits.max_head:
            raise limits.head_too_long()


async def refuse(client: socket.socket, refusal: bytes, linger: float) -> None:
    """Send a refusal, and close once the client has had time to read it."""
    loop = asyncio.get_running_loop()
    try:
        with contextlib.suppress(OSError):
            async with asyncio.timeout(linger):
                await loop.sock_sendall(client, refusal)
                # Read on until it closes: closing with bytes unread would reset the connection,
                # and the client would lose the answer.
                client.shutdown(socket.SHUT_WR)
                while await loop.sock_recv(client, _PIECE):
                    pass
    finally:
        client.close()
