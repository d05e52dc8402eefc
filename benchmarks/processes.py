"""Processes that are measured: pinned to a core, observed from outside, stopped by their id."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0

_CPU_CLOCK = 2
"""The low bits of a Linux clock id that select the CPU clock of a process."""


class BenchError(Exception):
    """The measurement cannot be made; its row is shown as skipped, with this reason."""


def environment(**env: str) -> dict[str, str]:
    """Return the environment of a program, which may write bytecode: it compiles only once."""
    given = {**os.environ, **env}
    given.pop("PYTHONDONTWRITEBYTECODE", None)
    return given


class Process:
    """A program pinned to one core, which answers lines of JSON."""

    def __init__(self, command: Sequence[str | Path], core: int, *, log: Path, **env: str) -> None:
        self.log = log
        with log.open("wb") as errors:
            self._popen = subprocess.Popen(
                # It dies with the harness: a test that runs out of time kills that, and no more.
                ["setpriv", "--pdeathsig", "KILL", "taskset", "-c", str(core), *map(str, command)],
                cwd=ROOT,
                env=environment(**env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self.pid = self._popen.pid
        self.port = 0

    def ask(self, **order: Any) -> Any:
        """Send a line of JSON, and return the one that comes back."""
        stdin = self._popen.stdin
        if stdin is None:
            raise BenchError("the process has no standard input")
        stdin.write(json.dumps(order).encode() + b"\n")
        stdin.flush()
        return self.hear()

    def hear(self) -> Any:
        """Return the next line of JSON that it prints."""
        stdout = self._popen.stdout
        line = stdout.readline() if stdout is not None else b""
        if not line:
            raise BenchError(f"{self._popen.args!r} ended:\n{self.complaints()}")
        return json.loads(line)

    def complaints(self) -> str:
        """Return the end of its standard error."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-2000:]

    @property
    def alive(self) -> bool:
        """Whether it is still running."""
        return self._popen.poll() is None

    @property
    def rss(self) -> int:
        """Its resident memory in bytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        return 0

    @property
    def cpu(self) -> float:
        """The CPU seconds it has used, by its CPU clock; /proc counts only hundredths."""
        return time.clock_gettime((~self.pid << 3) | _CPU_CLOCK)

    def stop(self) -> float:
        """Send SIGTERM, and return the seconds until it was gone."""
        if self._popen.poll() is None:
            # Popen.wait with a timeout polls, and is up to 50 ms late; a pidfd is ready at once.
            descriptor = os.pidfd_open(self.pid)
            began = time.perf_counter()
            self._popen.send_signal(signal.SIGTERM)
            gone, _, _ = select.select([descriptor], [], [], PATIENCE)
            took = time.perf_counter() - began
            os.close(descriptor)
            if not gone:
                self._popen.kill()
            self._close()
            return took
        self._close()
        return 0.0

    def _close(self) -> None:
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                pipe.close()


class Fleet:
    """All processes of a run; they are stopped with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: list[Process] = []
        self._made = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._running:
            process.stop()

    def path(self, name: str) -> Path:
        """Return the path of a new file of this run."""
        self._made += 1
        return self.folder / f"{self._made}-{name}"

    def start(self, command: Sequence[str | Path], core: int, **env: str) -> Process:
        """Start a program."""
        process = Process(command, core, log=self.path("log"), **env)
        self._running.append(process)
        return process

    def stop(self, process: Process) -> float:
        """Stop a program, and return the seconds that this took."""
        self._running.remove(process)
        return process.stop()


def run(command: Sequence[str | Path], core: int, **env: str) -> str:
    """Run a program to its end on one core, and return what it printed."""
    done = subprocess.run(
        ["taskset", "-c", str(core), *map(str, command)],
        cwd=ROOT,
        env=environment(**env),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"{command[:4]} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


def python(*args: str | Path) -> list[str | Path]:
    """Return a command of this Python interpreter."""
    return [sys.executable, *args]


def wait_until(there: Callable[[], object], process: Process) -> None:
    """Wait until a condition holds; raise if the process ends or the time is up."""
    deadline = time.monotonic() + PATIENCE
    while not there():
        if not process.alive or time.monotonic() > deadline:
            raise BenchError(f"the process does not answer:\n{process.complaints()}")
        time.sleep(0.0005)


def answers(port: int, request: bytes) -> bool:
    """Whether a server on the port answers the request with 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            connection.sendall(request)
            return connection.recv(65536).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
