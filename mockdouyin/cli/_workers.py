"""Several workers behind one socket: started, watched over, and started again when one dies."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import traceback

from mockdouyin.cli._commands import complain
from mockdouyin.cli._foreground import Role, ServeTarget, forget_ready, run, tell_ready
from mockdouyin.cli._plan import Plan
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.server.listening import host_and_port, listen
from mockdouyin.server.signals import wait_for_child

_READY = b"!"

PAUSE = 1.0
"""Seconds between two tries to start a worker in place of one that died."""


def supervise(plan: Plan, place: ServeTarget, count: int) -> None:
    """Serve with so many workers until a signal comes."""
    if not hasattr(os, "fork"):
        raise MockDouyinError("--workers above 1 needs a system with fork: Linux, macOS")
    forget_ready(place.ready_file)
    listener = listen(place.host, place.port)
    place = place._replace(access=place.access.for_addresses([listener.getsockname()[0]]))
    try:
        Supervisor(plan, place, listener).run(count)
    finally:
        listener.close()


class Supervisor:
    """Has the socket, and nothing else: it answers no request and knows no store."""

    def __init__(self, plan: Plan, place: ServeTarget, listener: socket.socket) -> None:
        self._plan = plan
        self._place = place._replace(ready_file=None)
        self._ready_file = place.ready_file
        self._listener = listener
        self._workers: dict[int, int] = {}
        """The number of each, by its process id; the first one watches the files."""
        self._said = ""
        """Why the last one did not start: it is said once, however often that is tried."""
        self._life, self._alive = os.pipe()  # nobody writes: its end is our end
        self._stopping = threading.Event()
        self._code = 0

    def run(self, count: int) -> None:
        """Start the workers, and keep as many until it is time to stop."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        # The first one makes or loads what all share; the others join it.
        for number in range(count):
            if not self._stopping.is_set() and not self._start(number, joins=number > 0):
                self._code = 2
                self._stop()
        port = self._listener.getsockname()[1]
        if self._ready_file is not None and not self._stopping.is_set():
            url = f"http://{host_and_port(self._place.host, port)}"
            token = self._place.access.token
            known: dict[str, str | int] = {"token": token} if token else {}
            tell_ready(self._ready_file, {"url": url, "pid": os.getpid(), **known})
        while self._workers:
            self._wait()
        if self._code:
            raise SystemExit(self._code)

    def _wait(self) -> None:
        pid, status = wait_for_child()
        number = self._workers.pop(pid, None)
        if number is None or self._stopping.is_set():
            return
        why = os.waitstatus_to_exitcode(status)
        complain(f"worker {pid} ended with {why}; another one takes its place")
        self._said = ""
        while not self._stopping.is_set() and not self._start(number, joins=True):
            self._stopping.wait(PAUSE)
        if self._said and not self._stopping.is_set():
            complain(f"another worker answers in place of {pid}")

    def _start(self, number: int, *, joins: bool) -> bool:
        """Start a worker; tell whether it answers."""
        ready, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ready)
            os.close(self._alive)
            self._work(number, joins, tell)
        os.close(tell)
        self._workers[pid] = number
        if self._stopping.is_set():  # the signal came before there was anybody to tell
            os.kill(pid, signal.SIGTERM)
        with open(ready, "rb") as told:
            answers = told.read(1) == _READY
            why = "" if answers else told.read().decode()
        if not answers:
            del self._workers[pid]
            os.waitpid(pid, 0)
            self._say(why)
        return answers

    def _say(self, why: str) -> None:
        if why and why != self._said:
            self._said = why
            complain(why)

    def _work(self, number: int, joins: bool, tell: int) -> None:
        code = 1
        news = _News(tell)
        try:
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, signal.SIG_DFL)
            role = Role(
                leads=number == 0,
                joins=joins,
                listener=self._listener,
                told=lambda url: news.tell(_READY),
                life=self._life,
            )
            run(self._plan, self._place, role=role)
            code = 0
        except MockDouyinError as error:
            code = 2
            if not news.tell(b"-" + str(error).encode()):
                complain(str(error))
        except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
            traceback.print_exc(file=sys.stderr)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _stop(self, *_: object) -> None:
        self._stopping.set()
        for pid in list(self._workers):
            os.kill(pid, signal.SIGTERM)


class _News:
    """What a worker tells the supervisor, once: that it answers, or why it does not."""

    def __init__(self, place: int) -> None:
        self._place: int | None = place

    def tell(self, what: bytes) -> bool:
        """Tell it, unless something was told before."""
        if self._place is None:
            return False
        with open(self._place, "wb") as told:
            told.write(what)
        self._place = None
        return True
