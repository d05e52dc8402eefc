"""The command that `run` runs: made first, held back until the server is up, then let go.

It is forked while this process has but one thread, so that what happens between fork and exec is
ordinary code: it may enter a namespace, and is told to end when its parent is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any, NoReturn

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.intercept._namespace import View, enter, refusal
from mockdouyin.server.signals import wait_for_child

NOT_EXECUTABLE, NOT_FOUND = 126, 127
"""Exit codes, as shells have them."""

_PASSED = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_OF_THE_TERMINAL = ("SIGINT", "SIGQUIT", "SIGHUP")

_SET_PDEATHSIG = 1


class CommandError(MockDouyinError):
    """The command cannot be run; carries the exit code that a shell would give."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


class ChildProcess:
    """One command, in a process of its own."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = list(command)
        self._begun = self._ended = False
        self._told: list[int] = []
        self._handled: dict[int, Any] = {}
        if not hasattr(os, "fork"):
            return  # Windows: it is started when it may begin
        orders, ours = os.pipe()
        told, news = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(ours)
            os.close(told)
            _become(self.command, orders, news, parent)
        os.close(orders)
        os.close(news)
        self._orders = os.fdopen(ours, "w", encoding="utf-8", errors="surrogateescape")
        self._news = os.fdopen(told, encoding="utf-8")
        self._listen()

    def _listen(self) -> None:
        """From here on no signal ends this process before it has tidied up."""
        for name in _PASSED:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._handled[number] = signal.signal(number, self._passer(name))

    def look_through(self, view: View) -> str:
        """Give the process a view of its own; return why it cannot have one, if so."""
        self._order(view=view)
        return str(json.loads(self._news.readline() or "{}").get("refused", ""))

    def begin(self, environment: Mapping[str, str]) -> None:
        """Start the command."""
        self._begun = True
        if not hasattr(os, "fork"):
            self._process = subprocess.Popen(self.command, env=environment)  # noqa: S603
            return
        for number in self._told:  # before it could begin
            os.kill(self.pid, number)
        self._order(environment=dict(environment))
        failed = json.loads(self._news.readline() or "{}")  # no line: the command has begun
        self._end_orders()
        if failed:
            self._reap()
            missing = failed["number"] == errno.ENOENT
            why = "there is no such command" if missing else failed["error"]
            code = NOT_FOUND if missing else NOT_EXECUTABLE
            raise CommandError(f"{self.command[0]}: {why}", code)

    def _order(self, **order: Any) -> None:
        with contextlib.suppress(BrokenPipeError):  # a signal ended it already
            self._orders.write(json.dumps(order) + "\n")
            self._orders.flush()

    def _end_orders(self) -> None:
        with contextlib.suppress(BrokenPipeError):  # what it never read
            self._orders.close()
        self._news.close()

    def wait(self) -> int:
        """Wait until it ends; give its exit code, 128 and more where a signal ended it."""
        if not hasattr(os, "fork"):
            with contextlib.suppress(KeyboardInterrupt):
                return self._process.wait()
            return self._process.wait()
        code = self._reap()
        return code if code >= 0 else 128 - code

    def _reap(self) -> int:
        status = wait_for_child(self.pid)[1]
        self._ended = True
        return os.waitstatus_to_exitcode(status)

    def _passer(self, name: str) -> Callable[[int, FrameType | None], None]:
        def pass_on(number: int, frame: FrameType | None) -> None:
            if not self._begun:
                self._told.append(number)
                return
            # A terminal tells every process in front of it, the command included.
            if not (self._ended or (name in _OF_THE_TERMINAL and _is_in_front())):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, number)

        return pass_on

    def close(self) -> None:
        """Let it end, if it has not begun; signals mean again what they meant before."""
        if not self._begun and hasattr(os, "fork"):
            self._end_orders()
            self._reap()
        for number, handler in self._handled.items():
            signal.signal(number, handler)


def _is_in_front() -> bool:
    for stream in (0, 1, 2):
        with contextlib.suppress(OSError):
            return os.tcgetpgrp(stream) == os.getpgrp()
    return False


def _become(command: list[str], orders: int, news: int, parent: int) -> NoReturn:
    """Wait for the word, then become the command; this is the forked process."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.set_inheritable(news, False)
    try:
        with open(orders, encoding="utf-8", errors="surrogateescape") as told:
            for order in map(json.loads, told):
                if "view" in order:
                    _tell(news, refused=_look_through(View(*order["view"])))
                else:
                    _begin(command, order["environment"], news, parent)
                    break
    finally:
        os._exit(0)


def _begin(command: list[str], environment: dict[str, str], news: int, parent: int) -> None:
    _end_with(parent)
    for name in ("SIGPIPE", "SIGXFSZ"):  # which Python ignores, and a command expects to have
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execvpe(command[0], command, environment)  # noqa: S606
    except OSError as error:
        _tell(news, number=error.errno, error=error.strerror)


def _look_through(view: View) -> str:
    """Give this process the view; return why it cannot have it."""
    why = refusal(view)
    if not why:
        try:
            enter(view.mounts)
        except OSError as error:
            why = error.strerror or str(error)
    return why


def _tell(news: int, **told: Any) -> None:
    os.write(news, json.dumps(told).encode() + b"\n")


def _end_with(parent: int) -> None:
    """Be told to end when the parent does, however it ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(0)
