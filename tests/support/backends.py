"""Backends in other languages: how an example is run, and how its receiver is examined."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.shell import COMMAND, ROOT, Running, environment
from tests.support.helpers import PROGRAM, WEB

EXAMPLES = ROOT / "examples"
PATIENCE = 240.0
"""Seconds; a compiler may build its standard library first, on a machine that is busy."""


def run_program(
    *command: str, cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def under_run(
    *command: str, cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a program by `mockdouyin run`."""
    return run_program(*COMMAND, "run", "--quiet", "--", *command, cwd=cwd, **more)


def logs_in(*command: str) -> None:
    """Expect that a program takes a login code to Douyin's own address, and prints an openid."""
    script = f'{shlex.join(command)} "$({shlex.join(COMMAND)} code --plain)"'
    app_id, secret = PROGRAM.client_key, PROGRAM.client_secret

    done = under_run("sh", "-c", script, DOUYIN_APP_ID=app_id, DOUYIN_SECRET=secret)

    assert re.search(r"^openid [\w-]{36}$", done.stdout, re.M), done.stdout + done.stderr


class Backend(Running):
    """A running backend."""

    command: list[str] = []

    @property
    def said(self) -> str:
        """What it has printed, on stdout or stderr."""
        return self.out + self.err

    def url(self) -> str:
        """Wait until it says where it listens; return that."""
        self.prints("listens on")
        found = re.search(r"listens on (\S+)\n", self.out)
        assert found, self.out
        return found[1]


@contextmanager
def started(folder: Path, *command: str, **more: str) -> Iterator[Backend]:
    """Start a backend, and stop it at the end."""
    backend = Backend(folder, *command, **more)
    try:
        yield backend
    finally:
        backend.process.kill()
        backend.process.wait()


def passes_as_webhook(url: str, secret: str = WEB.client_secret) -> None:
    """Expect that a receiver of webhooks passes `check-webhook`."""
    done = run_program(*COMMAND, "check-webhook", f"{url}/hook", "--secret", secret)

    assert done.returncode == 0, done.stdout + done.stderr


def passes_as_payment_callback(backend: Backend, url: str) -> None:
    """Expect that a receiver of callbacks passes `check-webhook`, and ships its order once."""
    told = ("--token", PROGRAM.payment.token, "--order", "CART-1", "--amount", "1990")

    done = run_program(*COMMAND, "check-webhook", f"{url}/notify", "--kind", "ecpay", *told)

    assert done.returncode == 0, done.stdout + done.stderr
    assert backend.said.count("paid CART-1") == 1
