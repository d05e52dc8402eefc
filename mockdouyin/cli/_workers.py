"""`serve --workers N`: worker processes behind one socket, restarted when one dies."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading

from mockdouyin.cli import _greeting_texts as texts
from mockdouyin.cli._commands import print_error
from mockdouyin.cli._error_texts import NO_FORK
from mockdouyin.cli._foreground import ServeOptions, WorkerRole, run_server
from mockdouyin.cli._language import chosen_language
from mockdouyin.cli._ready_file import remove_ready_file, write_ready_file
from mockdouyin.cli._sandbox_options import SandboxOptions
from mockdouyin.cli._texts import say
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.server.listening import host_and_port, listen
from mockdouyin.server.signals import wait_for_child

_LOG = logging.getLogger(__name__)

_READY = b"!"

RESTART_PAUSE = 1.0
"""Seconds between two attempts to replace a worker that died."""


def serve_with_workers(sandbox_options: SandboxOptions, options: ServeOptions, count: int) -> None:
    """Serve with this many workers until a signal comes."""
    if not hasattr(os, "fork"):
        raise MockDouyinError(NO_FORK())
    remove_ready_file(options.ready_file)
    listener = listen(options.host, options.port)
    access = options.access.for_addresses([listener.getsockname()[0]])
    try:
        Supervisor(sandbox_options, options._replace(access=access), listener).run(count)
    finally:
        listener.close()


class Supervisor:
    """The parent process. It owns the listening socket, answers no request and opens no store."""

    def __init__(
        self, sandbox_options: SandboxOptions, options: ServeOptions, listener: socket.socket
    ) -> None:
        self._sandbox_options = sandbox_options
        self._options = options._replace(ready_file=None)
        self._ready_file = options.ready_file
        self._listener = listener
        self._workers: dict[int, int] = {}
        """The number of each worker by its process id; worker 0 watches the scenario files."""
        self._last_error = ""
        """Why the latest worker did not start; printed once, however often that is retried."""
        # Nobody writes to this pipe. Its write end closes with this process, however it ends, and
        # the workers see that at the read end.
        self._read_end, self._write_end = os.pipe()
        self._stopping = threading.Event()
        self._exit_code = 0

    def run(self, count: int) -> None:
        """Start the workers, and replace those that die, until it is time to stop."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        # One after the other: the first makes or loads the shared worlds, and the others join it.
        for number in range(count):
            if not self._stopping.is_set() and not self._start(number, joins=number > 0):
                self._exit_code = 2
                self._stop()
        if self._ready_file is not None and not self._stopping.is_set():
            port = self._listener.getsockname()[1]
            ready: dict[str, str | int] = {
                "url": f"http://{host_and_port(self._options.host, port)}",
                "pid": os.getpid(),
            }
            if self._options.access.token:
                ready["token"] = self._options.access.token
            write_ready_file(self._ready_file, ready)
        while self._workers:
            self._wait()
        if self._exit_code:
            raise SystemExit(self._exit_code)

    def _wait(self) -> None:
        """Wait until a worker ends, and replace it unless it is time to stop."""
        pid, status = wait_for_child()
        number = self._workers.pop(pid, None)
        if number is None or self._stopping.is_set():
            return
        code = os.waitstatus_to_exitcode(status)
        print_error(say(texts.WORKER_ENDED, pid=pid, code=code))
        self._last_error = ""
        while not self._stopping.is_set() and not self._start(number, joins=True):
            self._stopping.wait(RESTART_PAUSE)
        if self._last_error and not self._stopping.is_set():
            print_error(say(texts.WORKER_REPLACED, pid=pid))

    def _start(self, number: int, *, joins: bool) -> bool:
        """Start a worker and wait for its result; return whether it answers requests."""
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read_end)
            os.close(self._write_end)
            self._work(number, joins, write_end)
        os.close(write_end)
        self._workers[pid] = number
        if self._stopping.is_set():  # the signal came before this worker was in the table
            os.kill(pid, signal.SIGTERM)
        with open(read_end, "rb") as pipe:
            answers = pipe.read(1) == _READY
            error = "" if answers else pipe.read().decode()
        if not answers:
            del self._workers[pid]
            os.waitpid(pid, 0)
            self._print_once(error)
        return answers

    def _print_once(self, error: str) -> None:
        if error and error != self._last_error:
            self._last_error = error
            print_error(error)

    def _work(self, number: int, joins: bool, write_end: int) -> None:
        """Serve as a worker, in the child process; never returns."""
        code = 1
        result = _StartResult(write_end)
        try:
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, signal.SIG_DFL)
            role = WorkerRole(
                leads=number == 0,
                joins=joins,
                listener=self._listener,
                on_ready=lambda url: result.send(_READY),
                parent_pipe=self._read_end,
            )
            run_server(self._sandbox_options, self._options, role=role)
            code = 0
        except MockDouyinError as error:
            code = 2
            says = error.render(chosen_language())
            if not result.send(b"-" + says.encode()):
                print_error(says)
        except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
            _LOG.exception("worker %d ends by a bug of mockdouyin's", os.getpid())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            # Without the cleanup of the parent, whose stack this child has inherited.
            os._exit(code)

    def _stop(self, *_: object) -> None:
        self._stopping.set()
        for pid in list(self._workers):
            os.kill(pid, signal.SIGTERM)


class _StartResult:
    """What a worker reports to the supervisor, once: that it answers, or why it does not."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def send(self, result: bytes) -> bool:
        """Send the result; return False if one was sent before."""
        if self._descriptor is None:
            return False
        with open(self._descriptor, "wb") as pipe:
            pipe.write(result)
        self._descriptor = None
        return True
