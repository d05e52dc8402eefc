"""Builds, a clean environment with only what the wheel asks for, and an installed command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import Distribution, distribution
from pathlib import Path

import httpx
from packaging.requirements import Requirement

from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


def build(source: Path, to: Path, *targets: str) -> list[Path]:
    """Build wheel and sdist, or one of them, of a source tree."""
    words = [word for target in targets for word in ("--target", target)]
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(to), *words],
        cwd=source,
        check=True,
        capture_output=True,
    )
    return sorted(to.iterdir())


def requirements(found: Distribution, extras: tuple[str, ...]) -> Iterator[Requirement]:
    """Yield what a distribution asks for on this machine."""
    for text in found.requires or ():
        wanted = Requirement(text)
        environments = [{"extra": extra} for extra in (*extras, "")]
        if wanted.marker is None or any(map(wanted.marker.evaluate, environments)):
            yield wanted


def closure(found: Distribution, *extras: str) -> dict[str, Distribution]:
    """Return all that a distribution asks for, and what that asks for, by name."""
    known: dict[str, Distribution] = {}
    waiting = list(requirements(found, extras))
    while waiting:
        wanted = waiting.pop()
        if wanted.name.lower() not in known:
            one = known[wanted.name.lower()] = distribution(wanted.name)
            waiting += requirements(one, tuple(wanted.extras))
    return known


def make_environment(folder: Path, wheel: Path, *extras: str) -> Path:
    """Install a wheel into a new environment without an index; return its folder of commands.

    What the wheel asks for is linked from the environment of these tests. What it does not ask for
    is not there.
    """
    venv.create(folder, symlinks=True)
    commands = folder / "bin"
    pip = ["-m", "pip", "--python", str(commands / "python"), "install", "--quiet"]
    subprocess.run(
        [sys.executable, *pip, "--no-index", "--no-deps", "--no-compile", str(wheel)],
        check=True,
        capture_output=True,
    )
    [packages] = folder.glob("lib/python*/site-packages")
    installed = Distribution.at(next(packages.glob("mockdouyin-*.dist-info")))
    for needed in closure(installed, *extras).values():
        for top in {file.parts[0] for file in needed.files or () if ".." not in file.parts}:
            target = Path(str(needed.locate_file(top)))
            if not (packages / top).exists() and target.exists() and top != "__pycache__":
                (packages / top).symlink_to(target)
    return commands


class Command:
    """An installed command, run in a folder of its own with nothing in its environment."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder
        self.environment = {**ENVIRONMENT, "HOME": str(folder), "TMPDIR": str(folder)}

    def run(self, *args: str, stdin: str | None = None, **more: str) -> str:
        """Run it to its end, which has to be a good one; return what it prints."""
        done = self.finish(*args, stdin=stdin, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def finish(
        self, *args: str, stdin: str | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            [str(self.path), *args],
            input=stdin,
            cwd=self.folder,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def serve(self, *args: str) -> Iterator[Server]:
        """Yield a running server, and end it if nobody did."""
        server = Server(self, args)
        try:
            yield server
        finally:
            server.end()


class Server:
    """A running `serve` of an installed command, in a group of processes of its own."""

    def __init__(self, command: Command, args: tuple[str, ...]) -> None:
        ready = command.folder / "ready.json"
        ready.unlink(missing_ok=True)
        words = ["serve", "--port", "0", "--ready-file", str(ready), *args]
        self._errors = command.folder / "errors"
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                [str(command.path), *words],
                cwd=command.folder,
                env=command.environment,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                process_group=0,
            )
        until(lambda: ready.exists() or self.process.poll() is not None, "the server", PATIENCE)
        assert ready.exists(), self._errors.read_text()
        told = json.loads(ready.read_text())
        self.url: str = told["url"]
        self.http = httpx.Client(base_url=self.url, timeout=20)
        self.pid: int = told["pid"]
        """The process that answers, which need not be the one that was started."""

    def get(self, path: str) -> httpx.Response:
        """Get something, which has to be there."""
        return self.http.get(path).raise_for_status()

    def login(self, app: str, secret: str, person: str = "") -> dict[str, object]:
        """Log a person in, and exchange the code as a backend does."""
        body = {"app": app, **({"person": person} if person else {})}
        code = self.http.post("/_mock/phone/login", json=body).json()["code"]
        fields = {"appid": app, "secret": secret, "code": code}
        reply = self.http.post("/api/apps/v2/jscode2session", json=fields)
        found: dict[str, object] = reply.json()
        return found

    def stop(self, number: signal.Signals, *, whole_group: bool = False) -> int:
        """Send a signal, to its whole group as a terminal does or not; return the exit code."""
        if whole_group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """Kill what runs of it."""
        self.http.close()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
