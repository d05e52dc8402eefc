"""Round trips to one Redis: batches of commands, a pool of connections, retries and outages."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.texts import Text
from mockdouyin.redis_store._address import RedisAddress, RedisCommand, connect, parse_address
from mockdouyin.redis_store._availability import (
    THIS_THREAD,
    Availability,
    HealthLevel,
    StoreAwayError,
    WouldBlock,
    now,
    recovery_level,
    time_left,
)
from mockdouyin.redis_store._error_texts import NEEDS_HIREDIS
from mockdouyin.redis_store._journal_poller import JournalPoller
from mockdouyin.redis_store._scripts import Script

try:
    import hiredis
except ImportError:
    raise MockDouyinError(NEEDS_HIREDIS()) from None

KEY_PREFIX = "mockdouyin:"

REPLY_TIMEOUT = 5.0
"""Seconds within which everybody who needs the store gets a reply or an error."""

LAST_LOOK = 0.001
"""Seconds that a reply has left when its deadline is over: it may be there already."""

MAX_IDLE = 2.0
"""Seconds that a thread's connection is kept without being used."""


class Batch(NamedTuple):
    """Commands that are sent in one round trip."""

    commands: list[RedisCommand]
    retry: bool = True
    """Whether they may be sent a second time if the connection ends before the reply."""

    @property
    def level(self) -> HealthLevel:
        """What a reply to it proves about the store."""
        if not any(command[0] == "EVALSHA" for command in self.commands):
            return HealthLevel.ANYTHING
        # What must not be sent twice is a commit, or creates a world: both are writes.
        return HealthLevel.SCRIPT if self.retry else HealthLevel.COMMIT


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
        self._socket = connect(address, until)
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
            # A reply that came while this thread waited for a processor is in time.
            self._socket.settimeout(max(until - now(), LAST_LOOK))
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


class RedisConnection:
    """Sends batches to one Redis or Valkey from any thread, with a pool of connections."""

    def __init__(
        self,
        url: str,
        prefix: str = KEY_PREFIX,
        timeout: float = REPLY_TIMEOUT,
        log: Callable[[Text], None] | None = None,
    ) -> None:
        self.prefix = prefix
        """The prefix of every key; worlds under different prefixes do not see each other."""
        self.timeout = timeout
        """Seconds within which every batch is answered or fails."""
        self.address: RedisAddress = parse_address(url)
        self.display_url: str = self.address.display_url
        """The address without the password."""
        self.availability: Availability = Availability(self.display_url, log)
        """Whether the store answers; `log` gets a line when it stops and when it is back."""
        self._lock = threading.Lock()
        self._idle: deque[tuple[float, ThreadConnection]] = deque()
        self._scripts: dict[str, str] = {}
        self.retry_lock: threading.Lock = threading.Lock()
        """Held by the one transaction at a time that is retried after a conflict."""
        self.journal_poller: JournalPoller = JournalPoller(self.call_many, timeout)
        """Follows the journals that somebody waits for."""
        self.round_trips: int = 0
        """Round trips made so far."""

    @property
    def script_loads(self) -> Batch:
        """The batch that loads every registered script."""
        return Batch([("SCRIPT", "LOAD", text) for text in self._scripts.values()])

    def register(self, *scripts: Script) -> None:
        """Register scripts, to be loaded when Redis replies that it does not have them."""
        self._scripts.update({script.sha: script.text for script in scripts})

    def call_many(self, *commands: RedisCommand, retry: bool = True) -> list[Any]:
        """Send commands in one round trip and return their replies; raise on an error reply."""
        return self.raise_for_errors(self.send(Batch([*commands], retry)))

    def call(self, *command: Any, retry: bool = True) -> Any:
        """Send one command and return its reply; raise on an error reply."""
        return self.call_many(command, retry=retry)[0]

    def send(self, batch: Batch) -> list[Any]:
        """Send a batch and return its replies; an error reply is returned, not raised."""
        if THIS_THREAD.must_not_wait:
            raise WouldBlock
        if not batch.commands:
            return []
        sent_at = now()
        until = min(THIS_THREAD.until, sent_at + self.timeout)
        self.check_deadline(until)
        is_probe = self.availability.admit(until)
        try:
            replies = self._send_with_retry(batch, until)
        except CONNECTION_ERRORS as error:
            raise self.record_loss(error, sent_at, batch.level) from None
        finally:
            if is_probe:
                self.availability.probe_done()
        self.record_replies(replies, sent_at, batch)
        return replies

    def check_deadline(self, until: float) -> None:
        """Raise StoreAwayError if the deadline passed before anything was sent."""
        if until <= now():
            raise self.availability.away_error("no answer in time")

    def _send_with_retry(self, batch: Batch, until: float) -> list[Any]:
        connection = self._checkout(until)
        try:
            return self._send_on(connection, batch.commands, until)
        except CONNECTION_ERRORS as error:
            connection.close()
            self.close()  # whatever ended this one has ended the idle ones too
            if isinstance(error, TimeoutError):
                raise
            # Redis may have run a commit whose reply was lost. A closed connection alone is not an
            # outage either, so nothing is recorded: the client gets a 503 and decides itself.
            if not batch.retry:
                raise self.availability.away_error(describe_error(error)) from None
        connection = ThreadConnection(self.address, until)
        try:
            return self._send_on(connection, batch.commands, until)
        except CONNECTION_ERRORS:
            connection.close()
            raise

    def _checkout(self, until: float) -> ThreadConnection:
        with self._lock:
            while self._idle:
                _, connection = self._idle.pop()
                # A commit is sent once, so it must not meet a connection that Redis has closed.
                if not connection.is_stale:
                    return connection
                connection.close()
        return ThreadConnection(self.address, until)

    def _send_on(
        self, connection: ThreadConnection, commands: Sequence[RedisCommand], until: float
    ) -> list[Any]:
        self.round_trips += 1
        replies = connection.send(commands, until)
        missing = [index for index, reply in enumerate(replies) if is_noscript(reply)]
        if missing:
            connection.send(self.script_loads.commands, until)
            # Only those commands again: the others have run.
            again = connection.send([commands[i] for i in missing], until)
            for index, reply in zip(missing, again, strict=True):
                replies[index] = reply
        self._checkin(connection)
        return replies

    def _checkin(self, connection: ThreadConnection) -> None:
        """Return a connection to the pool, and close those that have been idle for too long."""
        moment = now()
        with self._lock:
            # Taken and put back at the right end, so the left end holds the ones least used.
            self._idle.append((moment, connection))
            while self._idle[0][0] < moment - MAX_IDLE:
                self._idle.popleft()[1].close()

    def record_replies(self, replies: list[Any], sent_at: float, batch: Batch) -> None:
        """Record that the store answers, or the outage that an error reply shows."""
        for reply in replies:
            if isinstance(reply, ErrorReply):
                ends_with = recovery_level(reply.kind)
                if ends_with is not None:
                    self.availability.record_failure(str(reply), sent_at, ends_with)
                return
        if self.availability.is_away or not self.availability.has_answered:
            self.availability.record_success(sent_at, batch.level)

    def record_loss(
        self, error: BaseException | str, sent_at: float, level: HealthLevel
    ) -> StoreAwayError:
        """Record that a batch got no reply, and return the error to raise."""
        reason = error if isinstance(error, str) else describe_error(error)
        # Redis can stop answering scripts alone (CLIENT PAUSE WRITE), so a reply to a PING
        # must not end an outage that a script began.
        ends_with = (
            HealthLevel.SCRIPT if level is not HealthLevel.ANYTHING else HealthLevel.ANYTHING
        )
        self.availability.record_failure(reason, sent_at, ends_with)
        return self.availability.away_error(reason)

    def raise_for_errors(self, replies: list[Any]) -> list[Any]:
        """Return the replies, or raise the first error reply."""
        for reply in replies:
            if isinstance(reply, ErrorReply):
                if recovery_level(reply.kind) is not None:
                    raise self.availability.away_error(str(reply))
                raise self.availability.refused_error(str(reply))
        return replies

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            while self._idle:
                self._idle.pop()[1].close()


def is_noscript(reply: Any) -> bool:
    """Whether Redis does not have the script that was called."""
    return isinstance(reply, ErrorReply) and reply.kind == "NOSCRIPT"
