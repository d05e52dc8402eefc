"""The way to Redis: commands that go out together, and what it says when nobody answers."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

from mockdouyin.core.errors import AwayError, MockDouyinError

try:
    import hiredis
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry
except ImportError:
    raise MockDouyinError(
        "a store in Redis needs the packages redis and hiredis: pip install 'mockdouyin[redis]'"
    ) from None

Command = Sequence[Any]

PREFIX = "mockdouyin:"

TIMEOUT = 5.0
"""Seconds that Redis has for an answer."""

_SILENT = (redis.ConnectionError, redis.TimeoutError, OSError)
"""What is raised where nobody answers."""


class StoreAwayError(AwayError):
    """The shared store does not answer; the next request tries it again."""


class Trip(NamedTuple):
    """Commands that go out together."""

    commands: list[Command]
    again: bool = True
    """Whether they may be sent twice, where no answer came."""


class Script:
    """A Lua script, called by its hash."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode()).hexdigest()

    def __call__(self, keys: Sequence[str], *arguments: Any) -> Command:
        """Give the command that runs it."""
        return ("EVALSHA", self.sha, len(keys), *keys, *arguments)


class Link:
    """Round trips to one Redis or Valkey, from any thread; each has a connection of its own."""

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self.prefix = prefix
        """How every key begins: worlds under one prefix know nothing of those under another."""
        try:
            # Nothing is tried twice behind our back: a commit may have been carried out.
            self._pool = redis.ConnectionPool.from_url(
                url,
                protocol=2,
                socket_timeout=TIMEOUT,
                socket_connect_timeout=TIMEOUT,
                retry=Retry(NoBackoff(), 0),
            )
        except ValueError as error:
            raise MockDouyinError(f"--store is no address of a Redis: {error}") from None
        self.place = place_of(self._pool.connection_kwargs)
        """Where it is, with no password."""
        self._idle: list[Any] = []
        self._scripts: dict[str, str] = {}
        self.turn = threading.Lock()
        """Whose turn it is among those that have refused one another."""
        self.trips = 0
        """Round trips made so far."""

    @property
    def loading(self) -> Trip:
        """The trip that gives Redis our scripts."""
        return Trip([("SCRIPT", "LOAD", text) for text in self._scripts.values()])

    def socket(self) -> socket.socket:
        """Give the socket of a new connection that is ready for commands."""
        connection: Any = self._pool.make_connection()
        try:
            connection.connect()
        except _SILENT as error:
            raise self.away(error) from None
        taken: socket.socket = connection._sock
        connection._sock = None  # it is ours now
        taken.setblocking(False)
        return taken

    @property
    def is_plain(self) -> bool:
        """Whether the connection is TCP with nothing around it."""
        kind: str = self._pool.connection_class.__name__
        return kind == "Connection"

    def know(self, *scripts: Script) -> None:
        """Be ready to load these scripts where Redis does not have them."""
        self._scripts.update({script.sha: script.text for script in scripts})

    def call(self, *commands: Command, again: bool = True) -> list[Any]:
        """Send commands together and give their answers; `again` when they may run twice."""
        return self.checked(self.ask(commands, again=again))

    def ask(self, commands: Sequence[Command], *, again: bool) -> list[Any]:
        """Send commands together and give their answers, a refusal among them as it is."""
        for last in (not again, True):
            connection = self._free()
            try:
                answers = self._send(connection, commands)
            except _SILENT as error:
                connection.disconnect()
                # What was idle may have been cut off long ago: those connections are all stale.
                self._idle.clear()
                if last:
                    raise self.away(error) from None
            else:
                self._idle.append(connection)
                return answers
        raise AssertionError("unreachable")

    def one(self, *command: Any, again: bool = True) -> Any:
        """Send one command and give its answer."""
        return self.call(command, again=again)[0]

    def _free(self) -> Any:
        try:
            return self._idle.pop()
        except IndexError:
            return self._pool.make_connection()

    def _send(self, connection: Any, commands: Sequence[Command]) -> list[Any]:
        self.trips += 1
        answers = self._round(connection, commands)
        unknown = [place for place, answer in enumerate(answers) if forgotten(answer)]
        if unknown:
            self._round(connection, self.loading.commands)
            for place, answer in zip(
                unknown, self._round(connection, [commands[i] for i in unknown]), strict=True
            ):
                answers[place] = answer
        return answers

    def _round(self, connection: Any, commands: Sequence[Command]) -> list[Any]:
        connection.send_packed_command([packed(commands)], check_health=False)
        answers: list[Any] = []
        for _ in commands:
            try:
                answers.append(connection.read_response())
            except redis.ResponseError as refusal:
                answers.append(refusal)
        return answers

    def checked(self, answers: list[Any]) -> list[Any]:
        """Give answers, if none of them is a refusal."""
        for answer in answers:
            if isinstance(answer, Exception):
                raise self.away(answer)
        return answers

    def away(self, error: Exception | str) -> StoreAwayError:
        """Say that Redis gave no answer, or none that is of use."""
        reason = str(error).rstrip(".") or type(error).__name__
        return StoreAwayError(
            f"the store at {self.place} does not answer ({reason});"
            " mockdouyin goes on once it does"
        )

    def close(self) -> None:
        """Close every connection that is not in use."""
        while self._idle:
            self._idle.pop().disconnect()


def forgotten(answer: Any) -> bool:
    """Whether Redis does not have the script that was called."""
    return isinstance(answer, Exception) and "No matching script" in str(answer)


def packed(commands: Sequence[Command]) -> bytes:
    """Write commands as the protocol wants them."""
    return b"".join([_packed(command) for command in commands])


def _packed(command: Command) -> bytes:
    try:
        written: bytes = hiredis.pack_command(tuple(command))
    except UnicodeEncodeError:  # half of a surrogate pair, which no code or key of ours has
        texts: list[Any] = [
            v.encode("utf-8", "replace") if isinstance(v, str) else v for v in command
        ]
        written = hiredis.pack_command((*texts,))
    return written


def reader() -> hiredis.Reader:
    """Give what reads a connection's answers; a refusal comes as an exception, not raised."""
    return hiredis.Reader(replyError=redis.ResponseError)


def place_of(given: dict[str, Any]) -> str:
    """Give the address of a Redis as it may be shown."""
    if "path" in given:
        return f"unix://{given['path']}"
    return f"redis://{given.get('host', 'localhost')}:{given.get('port', 6379)}"
