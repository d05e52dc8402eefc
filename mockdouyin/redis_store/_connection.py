"""The way to Redis: commands that go out together, and what it says when nobody answers."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.redis_store._address import RedisCommand, parse_address
from mockdouyin.redis_store._availability import Presence, Sign, StoreAwayError, sign_of_refusal
from mockdouyin.redis_store._deadline import HERE, Waits, now

try:
    from mockdouyin.redis_store._thread_connection import (
        AWAY,
        ErrorReply,
        ThreadConnection,
        reason,
    )
except ImportError:
    raise MockDouyinError(
        "a store in Redis needs the package hiredis: pip install 'mockdouyin[redis]'"
    ) from None

__all__ = ["RedisCommand", "RedisConnection", "Script", "StoreAwayError", "Batch", "forgotten"]

PREFIX = "mockdouyin:"

TIMEOUT = 5.0
"""Seconds within which everybody who needs the store has an answer, be it that there is none."""

REST = 2.0
"""Seconds that a thread's connection is kept with nothing to ask."""


class Batch(NamedTuple):
    """Commands that go out together."""

    commands: list[RedisCommand]
    again: bool = True
    """Whether they may be sent twice, where no answer came."""

    @property
    def sign(self) -> Sign:
        """What an answer to it shows."""
        if not any(command[0] == "EVALSHA" for command in self.commands):
            return Sign.ANYTHING
        return Sign.SCRIPT if self.again else Sign.COMMIT


class Script:
    """A Lua script, called by its hash."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode()).hexdigest()

    def __call__(self, keys: Sequence[str], *arguments: Any) -> RedisCommand:
        """Give the command that runs it."""
        return ("EVALSHA", self.sha, len(keys), *keys, *arguments)


class RedisConnection:
    """Round trips to one Redis or Valkey, from any thread; each has a connection of its own."""

    def __init__(
        self,
        url: str,
        prefix: str = PREFIX,
        timeout: float = TIMEOUT,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self.prefix = prefix
        """How every key begins: worlds under one prefix know nothing of those under another."""
        self.timeout = timeout
        """Seconds within which everybody has an answer."""
        self.address = parse_address(url)
        self.place = self.address.place
        """Where it is, with no password."""
        self.presence = Presence(self.place, tell)
        """Whether it answers; `tell` gets a line when it goes away, and one when it is back."""
        self._lock = threading.Lock()
        self._idle: deque[tuple[float, ThreadConnection]] = deque()
        self._scripts: dict[str, str] = {}
        self.turn = threading.Lock()
        """Whose turn it is among those that have refused one another."""
        self.round_trips = 0
        """Round trips made so far."""

    @property
    def loading(self) -> Batch:
        """The trip that gives Redis our scripts."""
        return Batch([("SCRIPT", "LOAD", text) for text in self._scripts.values()])

    def know(self, *scripts: Script) -> None:
        """Be ready to load these scripts where Redis does not have them."""
        self._scripts.update({script.sha: script.text for script in scripts})

    def call(self, *commands: RedisCommand, again: bool = True) -> list[Any]:
        """Send commands together and give their answers; `again` when they may run twice."""
        return self.checked(self.ask(Batch([*commands], again)))

    def one(self, *command: Any, again: bool = True) -> Any:
        """Send one command and give its answer."""
        return self.call(command, again=again)[0]

    def ask(self, trip: Batch) -> list[Any]:
        """Make a round trip and return its answers, a refusal among them as it is."""
        if HERE.must_not_wait:
            raise Waits
        if not trip.commands:
            return []
        asked = now()
        until = min(HERE.until, asked + self.timeout)
        self.check(until)
        tries_for_all = self.presence.admit(until)
        try:
            answers = self._answers(trip, until)
        except AWAY as error:
            raise self.lost(error, asked, trip.sign) from None
        finally:
            if tries_for_all:
                self.presence.tried()
        self.heard(answers, asked, trip)
        return answers

    def check(self, until: float) -> None:
        """Refuse where the time was over before anything was asked: others took it all."""
        if until <= now():
            raise self.presence.away("no answer in time")

    def _answers(self, trip: Batch, until: float) -> list[Any]:
        connection = self._free(until)
        try:
            return self._send(connection, trip.commands, until)
        except AWAY as error:
            connection.close()
            self.close()  # what is idle was cut off as well
            if isinstance(error, TimeoutError):
                raise
            if not trip.again:
                raise self.presence.away(reason(error)) from None
        connection = ThreadConnection(self.address, until)
        try:
            return self._send(connection, trip.commands, until)
        except AWAY:
            connection.close()
            raise

    def _free(self, until: float) -> ThreadConnection:
        with self._lock:
            while self._idle:
                _, connection = self._idle.pop()
                if not connection.is_stale:
                    return connection
                connection.close()
        return ThreadConnection(self.address, until)

    def _send(
        self, connection: ThreadConnection, commands: Sequence[RedisCommand], until: float
    ) -> list[Any]:
        self.round_trips += 1
        answers = connection.ask(commands, until)
        unknown = [place for place, answer in enumerate(answers) if forgotten(answer)]
        if unknown:
            connection.ask(self.loading.commands, until)
            for place, answer in zip(
                unknown, connection.ask([commands[i] for i in unknown], until), strict=True
            ):
                answers[place] = answer
        self._keep(connection)
        return answers

    def _keep(self, connection: ThreadConnection) -> None:
        """Keep a connection for the next one who asks; close those that nobody needed lately."""
        moment = now()
        with self._lock:
            self._idle.append((moment, connection))
            while self._idle[0][0] < moment - REST:
                self._idle.popleft()[1].close()

    # What came of it.

    def heard(self, answers: list[Any], asked: float, trip: Batch) -> None:
        """Take note of answers: the store is there, unless it says that it is not."""
        for answer in answers:
            if isinstance(answer, ErrorReply):
                ends_with = sign_of_refusal(answer.kind)
                if ends_with is not None:
                    self.presence.failed(str(answer), asked, ends_with)
                return
        if self.presence.is_away or not self.presence.was_there:
            self.presence.answered(asked, trip.sign)

    def lost(self, error: BaseException | str, asked: float, sign: Sign) -> StoreAwayError:
        """Take note that nobody answered, and return what to tell whoever asked."""
        why = error if isinstance(error, str) else reason(error)
        # What answers one thing and not another is back when it answers that again.
        ends_with = Sign.SCRIPT if sign is not Sign.ANYTHING else Sign.ANYTHING
        self.presence.failed(why, asked, ends_with)
        return self.presence.away(why)

    def checked(self, answers: list[Any]) -> list[Any]:
        """Give answers, if none of them is a refusal."""
        for answer in answers:
            if isinstance(answer, ErrorReply):
                away = sign_of_refusal(answer.kind) is not None
                told = self.presence.away if away else self.presence.refused
                raise told(str(answer))
        return answers

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._lock:
            while self._idle:
                self._idle.pop()[1].close()


def forgotten(answer: Any) -> bool:
    """Whether Redis does not have the script that was called."""
    return isinstance(answer, ErrorReply) and answer.kind == "NOSCRIPT"
