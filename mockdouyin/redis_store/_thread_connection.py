"""One blocking connection to Redis: every step of it ends by a deadline."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import ssl
import threading
from collections.abc import Sequence
from typing import Any

import hiredis

from mockdouyin.redis_store._address import RedisAddress, RedisCommand
from mockdouyin.redis_store._deadline import time_left

CONNECTION_ERRORS = (OSError, EOFError, hiredis.HiredisError)
"""What is raised if nobody answers, or something that is not a Redis."""


class ErrorReply(Exception):  # noqa: N818 - a reply, and not always an error of ours
    """An error reply of Redis; its first word is the kind."""

    @property
    def kind(self) -> str:
        """The first word: OOM, LOADING, NOSCRIPT."""
        return str(self).partition(" ")[0]


class RedisRefusedError(OSError):
    """Redis answers, but refuses the handshake or is not ready."""


class ThreadConnection:
    """A connection that has completed its handshake."""

    def __init__(self, address: RedisAddress, until: float) -> None:
        self._reader = make_reader()
        self._socket = _connect(address, until)
        try:
            check_handshake(self.send(address.handshake, until))
        except BaseException:
            self.close()
            raise

    def send(self, commands: Sequence[RedisCommand], until: float) -> list[Any]:
        """Send commands in one write and return their replies; error replies are not raised."""
        self._socket.settimeout(time_left(until))
        self._socket.sendall(encode_commands(commands))
        return [self._read_reply(until) for _ in commands]

    def _read_reply(self, until: float) -> Any:
        while (reply := self._reader.gets()) is False:
            # Set before each read: a timeout of the socket is for one call, the deadline for all.
            self._socket.settimeout(time_left(until))
            data = self._socket.recv(65536)
            if not data:
                raise EOFError("the connection was closed")
            self._reader.feed(data)
        return reply

    @property
    def is_stale(self) -> bool:
        """Whether Redis has closed it, or sent something that nobody asked for."""
        # select() fails for descriptors above 1023, so it is only for Windows, which lacks poll().
        if not hasattr(select, "poll"):
            return bool(select.select([self._socket], [], [], 0)[0])
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):  # connecting failed: there is no socket
            self._socket.close()


def check_handshake(replies: list[Any]) -> None:
    """Raise the first error reply, except that the user may not send PING."""
    for reply in replies:
        # NOPERM comes from a Redis that let this user in: its ACL just leaves PING out.
        if isinstance(reply, ErrorReply) and reply.kind != "NOPERM":
            raise RedisRefusedError(str(reply))


def encode_commands(commands: Sequence[RedisCommand]) -> bytes:
    """Encode commands in the Redis protocol."""
    return b"".join([_encode_command(command) for command in commands])


def _encode_command(command: RedisCommand) -> bytes:
    try:
        encoded: bytes = hiredis.pack_command(tuple(command))
    except UnicodeEncodeError:
        # A client sent a lone surrogate, perhaps as a code. No code or key of ours has one, so the
        # replacement finds nothing, as it should.
        texts: list[Any] = [
            v.encode("utf-8", "replace") if isinstance(v, str) else v for v in command
        ]
        encoded = hiredis.pack_command((*texts,))
    return encoded


def make_reader() -> hiredis.Reader:
    """Return a parser of replies that returns error replies instead of raising them."""
    return hiredis.Reader(replyError=ErrorReply)


def describe_error(error: BaseException) -> str:
    """Return the reason of a connection error in words, without an error number."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError | socket.gaierror) or not isinstance(error, OSError):
        text = str(error)
    else:
        text = os.strerror(error.errno) if error.errno else str(error)
    if isinstance(error, hiredis.HiredisError):
        text = f"that is not a Redis: {text}"
    return text.rstrip(".") or type(error).__name__


def _connect(address: RedisAddress, until: float) -> socket.socket:
    if address.path:
        if not hasattr(socket, "AF_UNIX"):
            raise OSError("this system has no Unix sockets")
        return _open_socket(socket.AF_UNIX, address.path, until)
    last_error: OSError = OSError("the host name resolves to no address")
    for family, target in _resolve(address.host, address.port, until):
        try:
            connected = _open_socket(family, target, until)
        except OSError as error:
            last_error = error
            continue
        if address.tls is None:
            return connected
        return _start_tls(connected, address.tls, address, until)
    raise last_error


def _open_socket(family: int, target: Any, until: float) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(time_left(until))
        made.connect(target)
        if family in (socket.AF_INET, socket.AF_INET6):
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        made.close()
        raise
    return made


def _start_tls(
    connected: socket.socket, tls: ssl.SSLContext, address: RedisAddress, until: float
) -> socket.socket:
    try:
        connected.settimeout(time_left(until))
        return tls.wrap_socket(connected, server_hostname=address.host)
    except BaseException:
        connected.close()
        raise


def _resolve(host: str, port: int, until: float) -> list[tuple[int, Any]]:
    """Resolve a host name within the deadline."""
    found: list[tuple[int, Any]] = []
    failed: list[OSError] = []

    def look_up(flags: int = 0) -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
            found.extend((family, target) for family, _, _, _, target in infos)
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))

    look_up(socket.AI_NUMERICHOST)  # an IP address needs no thread
    if not found:
        failed.clear()
        # getaddrinfo takes no timeout: a thread of its own is the only way to stop waiting for it.
        thread = threading.Thread(target=look_up, name="mockdouyin name", daemon=True)
        thread.start()
        thread.join(time_left(until))
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError(f"{host} was not found in time")
    return found
