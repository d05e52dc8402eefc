"""One connection to a Redis for a thread: commands go out together, and a deadline ends all."""

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
from mockdouyin.redis_store._deadline import left

AWAY = (OSError, EOFError, hiredis.HiredisError)
"""What is raised where nobody answers, or somebody who is not a Redis."""


class ErrorReply(Exception):  # noqa: N818 - an answer, and not always an error of ours
    """What Redis answers in place of a result; the first word is its kind."""

    @property
    def kind(self) -> str:
        """The first word: OOM, LOADING, NOSCRIPT."""
        return str(self).partition(" ")[0]


class RedisRefusedError(OSError):
    """A Redis that answers, and lets nobody in or is not ready."""


class ThreadConnection:
    """A connection that is ready for commands."""

    def __init__(self, address: RedisAddress, until: float) -> None:
        self._reader = reader()
        self._socket = _dial(address, until)
        try:
            check_greeting(self.ask(address.greeting, until))
        except BaseException:
            self.close()
            raise

    def ask(self, commands: Sequence[RedisCommand], until: float) -> list[Any]:
        """Send commands together and return their answers, a refusal among them as it is."""
        self._socket.settimeout(left(until))
        self._socket.sendall(packed(commands))
        return [self._read(until) for _ in commands]

    def _read(self, until: float) -> Any:
        while (answer := self._reader.gets()) is False:
            self._socket.settimeout(left(until))
            data = self._socket.recv(65536)
            if not data:
                raise EOFError("the connection was closed")
            self._reader.feed(data)
        return answer

    @property
    def is_stale(self) -> bool:
        """Whether the other side has closed it, or sent what nobody asked for."""
        if not hasattr(select, "poll"):
            return bool(select.select([self._socket], [], [], 0)[0])
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):  # it never came to a socket
            self._socket.close()


def check_greeting(answers: list[Any]) -> None:
    """Raise the first refusal; that this user may not send PING is none."""
    for answer in answers:
        if isinstance(answer, ErrorReply) and answer.kind != "NOPERM":
            raise RedisRefusedError(str(answer))


def packed(commands: Sequence[RedisCommand]) -> bytes:
    """Write commands as the protocol wants them."""
    return b"".join([_packed(command) for command in commands])


def _packed(command: RedisCommand) -> bytes:
    try:
        written: bytes = hiredis.pack_command(tuple(command))
    except UnicodeEncodeError:  # half of a surrogate pair, which no code or key of ours has
        texts: list[Any] = [
            v.encode("utf-8", "replace") if isinstance(v, str) else v for v in command
        ]
        written = hiredis.pack_command((*texts,))
    return written


def reader() -> hiredis.Reader:
    """Return what reads a connection's answers; a refusal comes as an exception, not raised."""
    return hiredis.Reader(replyError=ErrorReply)


def reason(error: BaseException) -> str:
    """Return why nobody answered, in words and with no number of an error."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError | socket.gaierror) or not isinstance(error, OSError):
        text = str(error)
    else:
        text = os.strerror(error.errno) if error.errno else str(error)
    if isinstance(error, hiredis.HiredisError):
        text = f"that is not a Redis: {text}"
    return text.rstrip(".") or type(error).__name__


def _dial(address: RedisAddress, until: float) -> socket.socket:
    if address.path:
        if not hasattr(socket, "AF_UNIX"):
            raise OSError("this system has no sockets in its file system")
        return _connected(socket.AF_UNIX, address.path, until)
    last: OSError = OSError("the name leads nowhere")
    for family, place in _resolved(address.host, address.port, until):
        try:
            dialled = _connected(family, place, until)
        except OSError as error:
            last = error
            continue
        return dialled if address.tls is None else _wrapped(dialled, address.tls, address, until)
    raise last


def _connected(family: int, place: Any, until: float) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(left(until))
        made.connect(place)
        if family in (socket.AF_INET, socket.AF_INET6):
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        made.close()
        raise
    return made


def _wrapped(
    dialled: socket.socket, tls: ssl.SSLContext, address: RedisAddress, until: float
) -> socket.socket:
    try:
        dialled.settimeout(left(until))
        return tls.wrap_socket(dialled, server_hostname=address.host)
    except BaseException:
        dialled.close()
        raise


def _resolved(host: str, port: int, until: float) -> list[tuple[int, Any]]:
    """Look a name up in another thread: nothing else could end that by a deadline."""
    found: list[tuple[int, Any]] = []
    failed: list[OSError] = []

    def look(flags: int = 0) -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
            found.extend((family, place) for family, _, _, _, place in infos)
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))

    look(socket.AI_NUMERICHOST)
    if not found:
        failed.clear()
        thread = threading.Thread(target=look, name="mockdouyin name", daemon=True)
        thread.start()
        thread.join(left(until))
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError(f"{host} was not found in time")
    return found
