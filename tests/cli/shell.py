"""The command line as a shell runs it, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.helpers import need
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "mockdouyin"]
PATIENCE = 60.0


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a user who has set nothing up."""
    left_out = ("NO_COLOR", "MOCKDOUYIN_URL", "MOCKDOUYIN_CONTROL_TOKEN")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def run(
    *args: str,
    stdin: str | None = None,
    cwd: Path | None = None,
    before: Sequence[str] = (),
    **more: str,
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; by another one that stands before it, if need be."""
    return subprocess.run(
        [*before, *COMMAND, *args],
        input=stdin,
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Running:
    """A command that goes on running, with what it has printed so far."""

    command = COMMAND

    def __init__(self, folder: Path, *args: str, **more: str) -> None:
        self._out, self._err = folder / "stdout", folder / "stderr"
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                [*self.command, *args], stdout=out, stderr=err, cwd=folder, env=environment(**more)
            )

    @property
    def out(self) -> str:
        """What it has printed."""
        return self._out.read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """What it has complained about."""
        return self._err.read_text(encoding="utf-8")

    def prints(self, text: str) -> None:
        """Wait until it has printed this."""
        until(lambda: text in self.out, f"{text!r} on stdout")

    def complains(self, text: str) -> None:
        """Wait until it has complained of this."""
        until(lambda: text in self.err, f"{text!r} on stderr")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and give the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


_LATE = """
import os, signal, threading, time
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
numbers = {signal.SIGINT, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
os.register_at_fork(after_in_child=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers))
from mockdouyin.cli import main
main()
"""


class Late(Running):
    """A command whose waits no signal interrupts, as if each came just before the wait began.

    Another thread of it gets them: Python notes them, and the main thread's call goes on.
    """

    command = [sys.executable, "-c", _LATE]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal once the main thread has begun to wait for long."""
        need(sys.platform.startswith("linux"), "Linux: elsewhere nothing tells what it waits for")
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/stat")
        seen = ""
        while not seen.endswith("S" * 30):
            seen += task.read_text().rpartition(")")[2].split()[0]
            time.sleep(0.01)
        return super().stop(number)


class Served(Running):
    """A running `mockdouyin serve`."""

    def __init__(self, folder: Path, *args: str, **more: str) -> None:
        ready = folder / "ready.json"
        ready.unlink(missing_ok=True)  # of one that was served here before
        super().__init__(folder, "serve", "--port", "0", "--ready-file", str(ready), *args, **more)
        until(lambda: ready.exists() or self.process.poll() is not None, "the ready file")
        assert self.process.poll() is None, self.err
        self.ready = json.loads(ready.read_text())
        self.url: str = self.ready["url"]

    def login(self, app: str, secret: str, code: str = "") -> httpx.Response:
        """Log someone in, and exchange the code as a backend does."""
        if not code:
            handed = httpx.post(f"{self.url}/_mock/phone/login", json={"app": app}).json()
            code = handed["code"]
        fields = {"appid": app, "secret": secret, "code": code}
        return httpx.post(f"{self.url}/api/apps/v2/jscode2session", json=fields)


@contextmanager
def serve(folder: Path, *args: str, **more: str) -> Iterator[Served]:
    """Yield a running `mockdouyin serve`, and kill it at the end if nobody stopped it."""
    folder.mkdir(exist_ok=True)
    served = Served(folder, *args, **more)
    try:
        yield served
    finally:
        served.process.kill()
        served.process.wait()
