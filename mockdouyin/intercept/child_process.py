"""The process of the command that `run` starts: forked first, executed once the server is up.

It is forked while this process has only one thread, so that ordinary code may run between fork and
exec: the child can enter a namespace, and asks the kernel to be terminated with its parent.
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
from mockdouyin.core.texts import Text
from mockdouyin.intercept._error_texts import CANNOT_START, NO_SUCH_COMMAND
from mockdouyin.intercept._namespace import View, enter, find_obstacle
from mockdouyin.server.signals import wait_for_child

NOT_EXECUTABLE, NOT_FOUND = 126, 127
"""Exit codes, as shells use them."""

_FORWARDED_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_TERMINAL_SIGNALS = ("SIGINT", "SIGQUIT", "SIGHUP")

_SET_PDEATHSIG = 1


class CommandError(MockDouyinError):
    """The command cannot be run; carries the exit code that a shell would return."""

    def __init__(self, text: Text, code: int) -> None:
        super().__init__(text)
        self.code = code


class ChildProcess:
    """One command in a child process, which is controlled by JSON lines over two pipes."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command: list[str] = list(command)
        self._has_started = self._has_ended = False
        self._early_signals: list[int] = []
        """Signals that came before the command was started."""
        self._previous_handlers: dict[int, Any] = {}
        if not hasattr(os, "fork"):
            return  # Windows: `start` creates the process
        orders_in, orders_out = os.pipe()
        answers_in, answers_out = os.pipe()
        parent = os.getpid()
        self.pid: int = os.fork()
        if self.pid == 0:
            os.close(orders_out)
            os.close(answers_in)
            _run_child(self.command, orders_in, answers_out, parent)
        os.close(orders_in)
        os.close(answers_out)
        self._orders = os.fdopen(orders_out, "w", encoding="utf-8", errors="surrogateescape")
        self._answers = os.fdopen(answers_in, encoding="utf-8")
        self._handle_signals()

    def _handle_signals(self) -> None:
        """Forward signals from now on: none ends this process before it has cleaned up."""
        for name in _FORWARDED_SIGNALS:
            number = getattr(signal, name)
            # One that is ignored, as under nohup, stays ignored for the command too.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._previous_handlers[number] = signal.signal(number, self._forwarder(name))

    def enter_view(self, view: View) -> str:
        """Move the child into a view; return why that is not possible, or an empty string."""
        self._order(view=view)
        return str(json.loads(self._answers.readline() or "{}").get("refused", ""))

    def start(self, environment: Mapping[str, str]) -> None:
        """Start the command."""
        self._has_started = True
        if not hasattr(os, "fork"):
            self._process = subprocess.Popen(self.command, env=environment)  # noqa: S603
            return
        for number in self._early_signals:
            os.kill(self.pid, number)
        self._order(environment=dict(environment))
        # A successful exec closes the pipe, which is not inherited: there is no line then.
        failed = json.loads(self._answers.readline() or "{}")
        self._close_pipes()
        if failed:
            self._reap()
            is_missing = failed["number"] == errno.ENOENT
            why = NO_SUCH_COMMAND() if is_missing else str(failed["error"])
            code = NOT_FOUND if is_missing else NOT_EXECUTABLE
            raise CommandError(CANNOT_START(command=self.command[0], why=why), code)

    def _order(self, **order: Any) -> None:
        with contextlib.suppress(BrokenPipeError):  # a signal has ended the child already
            self._orders.write(json.dumps(order) + "\n")
            self._orders.flush()

    def _close_pipes(self) -> None:
        with contextlib.suppress(BrokenPipeError):  # close() flushes what the child never read
            self._orders.close()
        self._answers.close()

    def wait(self) -> int:
        """Wait until the command ends, and return its exit code: 128 + n for signal n."""
        if not hasattr(os, "fork"):
            with contextlib.suppress(KeyboardInterrupt):
                return self._process.wait()
            return self._process.wait()
        code = self._reap()
        return code if code >= 0 else 128 - code

    def _reap(self) -> int:
        status = wait_for_child(self.pid)[1]
        self._has_ended = True
        return os.waitstatus_to_exitcode(status)

    def _forwarder(self, name: str) -> Callable[[int, FrameType | None], None]:
        def forward(number: int, frame: FrameType | None) -> None:
            if not self._has_started:
                self._early_signals.append(number)
                return
            # A terminal signals its whole foreground group, so the command has it already.
            if not (self._has_ended or (name in _TERMINAL_SIGNALS and _is_in_foreground())):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, number)

        return forward

    def close(self) -> None:
        """End the child if the command was not started, and restore the signal handlers."""
        if not self._has_started and hasattr(os, "fork"):
            self._close_pipes()
            self._reap()
        for number, handler in self._previous_handlers.items():
            signal.signal(number, handler)


def _is_in_foreground() -> bool:
    for stream in (0, 1, 2):
        with contextlib.suppress(OSError):
            return os.tcgetpgrp(stream) == os.getpgrp()
    return False


def _run_child(command: list[str], orders: int, answers: int, parent: int) -> NoReturn:
    """Carry out orders in the forked process; the last one replaces it by the command."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # end without Python's traceback
    os.set_inheritable(answers, False)
    try:
        with open(orders, encoding="utf-8", errors="surrogateescape") as lines:
            for order in map(json.loads, lines):
                if "view" in order:
                    _answer(answers, refused=_enter_view(View(*order["view"])))
                else:
                    _execute(command, order["environment"], answers, parent)
                    break
    finally:
        os._exit(0)


def _execute(command: list[str], environment: dict[str, str], answers: int, parent: int) -> None:
    _end_with(parent)
    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and exec would pass that on
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execvpe(command[0], command, environment)  # noqa: S606
    except OSError as error:
        _answer(answers, number=error.errno, error=error.strerror)


def _enter_view(view: View) -> str:
    """Move this process into the view; return why that is not possible."""
    why = find_obstacle(view)
    if not why:
        try:
            enter(view.mounts)
        except OSError as error:
            why = error.strerror or str(error)
    return why


def _answer(answers: int, **content: Any) -> None:
    os.write(answers, json.dumps(content).encode() + b"\n")


def _end_with(parent: int) -> None:
    """Have the kernel terminate this process when its parent ends, however it ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent ended before prctl: no signal would come
            os._exit(0)
