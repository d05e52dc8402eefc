"""A relay in front of a Redis: it can hold commands, lose replies, or send its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import Any

import hiredis

from mockdouyin.redis_store import _scripts


class Do(Enum):
    """What becomes of a command."""

    PASS = "pass"
    CUT = "cut"
    """The connection ends before Redis gets it."""
    LOSE = "lose"
    """Redis runs it, and the connection ends in the middle of the reply."""
    HOLD = "hold"
    """It waits until `let_go_on`."""


Rule = Callable[[list[Any]], "Do | bytes"]


class Relay:
    """One listening socket, and a rule that decides what becomes of each command."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}"
        self.rule: Rule = lambda command: Do.PASS
        self.seen: list[list[Any]] = []
        """Every command that came."""
        self.held = threading.Semaphore(0)
        """Released for each command that is held."""
        self._go_on = threading.Event()
        self._open: set[socket.socket] = set()
        self._over = False
        threading.Thread(target=self._accept, daemon=True).start()

    def let_go_on(self) -> None:
        """Pass on the held commands, and hold no more."""
        self.rule = lambda command: Do.PASS
        self._go_on.set()

    def close(self) -> None:
        """Stop listening and end every connection."""
        self._over = True
        self._go_on.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._over:
            with suppress(OSError):
                client, _ = self._listener.accept()
                self._open.add(client)
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        reader = hiredis.Reader()
        with (
            suppress(OSError, EOFError),
            client,
            socket.create_connection(("127.0.0.1", self._port)) as redis,
        ):
            while data := client.recv(65536):
                reader.feed(data)
                while (command := reader.gets()) is not False:
                    self._apply_rule(command, client, redis)
        self._open.discard(client)

    def _apply_rule(self, command: list[Any], client: socket.socket, redis: socket.socket) -> None:
        self.seen.append(command)
        verdict = self.rule(command)
        if verdict is Do.HOLD:
            self.held.release()
            self._go_on.wait(30)
        if isinstance(verdict, bytes):
            client.sendall(verdict)
            return
        if verdict is Do.CUT:
            raise EOFError
        redis.sendall(hiredis.pack_command(tuple(command)))
        reply = _read_reply(redis)
        if verdict is Do.LOSE:
            client.sendall(reply[:-3])
            raise EOFError
        client.sendall(reply)


def _read_reply(redis: socket.socket) -> bytes:
    """Read the bytes of one reply."""
    reader, read = hiredis.Reader(), b""
    while reader.gets() is False:
        data = redis.recv(65536)
        if not data:
            raise EOFError
        read += data
        reader.feed(data)
    return read


def runs(command: list[Any], sha: str) -> bool:
    """Whether a command runs this script."""
    return len(command) > 1 and command[0] == b"EVALSHA" and command[1] == sha.encode()


def begins_exchange(command: list[Any]) -> bool:
    """Whether a command is the read that gives a request its number."""
    return runs(command, _scripts.READ.sha) and bool(command[3 + int(command[2])] == b"1")


def at_once(relay: Relay, sha: str, *acts: Callable[[], object]) -> None:
    """Run functions in threads; all of them reach this script before any passes it."""
    relay.rule = lambda command: Do.HOLD if runs(command, sha) else Do.PASS
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert relay.held.acquire(timeout=20)
    relay.let_go_on()
    for thread in threads:
        thread.join()
