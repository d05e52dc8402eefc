"""The commands of a page in one shell, in a folder of their own, beside a running server."""

from __future__ import annotations

import fcntl
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.shell import environment
from tests.docs.commands import ShellCommand, commands
from tests.docs.forking import client
from tests.docs.pages import ROOT, Block, PageError, save_files
from tests.support.helpers import need
from tests.support.ports import free_port
from tests.support.waiting import until

PATIENCE = 60.0
"""Seconds after which a command is taken never to end."""

ADDRESS = re.compile(r"(?:127\.0\.0\.1|localhost):(\d+)")
SERVES = re.compile(r"^(?:\w+=\S+\s+)*mockdouyin serve\b(?!.*--help)")
STAYS = re.compile(
    r"&\s*(?:#.*)?$"
    r"|--follow\b|\bcurl (?:-\S+ )*-s?N\b"
    r"|\bpython \S*(?:shop|webhook_receiver|trade_orders|server|app)\.py\b"
    r"|\bnode \S*server\.m?js\b|\buvicorn\b"
)
"""Commands that do not end by themselves: the rest of the page is typed in another terminal."""
READS = re.compile(
    r"^mockdouyin (?:deliveries|journal|stories|show|doctor|phone sheets|clock due|rule list)\b"
    r"|^curl (?!.*(?: -d| -X|--data| -F))"
)
"""Commands that change nothing: asked again until a callback that is under way has arrived."""
RUNTIMES = ("node", "npm", "npx", "java", "php", "go", "jq", "openssl", "curl", "ruby")

LOOP = r"""
set -uo pipefail
while IFS= read -r -u 3 -d "" __command; do
  eval "$__command" </dev/null 3<&- 4>&-
  printf '%s\n' "$?" >&4
done
"""

PROGRAMS = {
    "mockdouyin": """
case "${1-}" in
  serve) set -- "$@" --port 0 --ready-file "$SNIPPET_READY";;
  run) exec "{python}" -m mockdouyin "$@";;
esac
exec mockdouyin-forked "$@"
""",
    "python": 'exec "{python}" "$@"',
    "python3": 'exec "{python}" "$@"',
    "pytest": 'exec "{python}" -m pytest -p no:cacheprovider "$@"',
}


class Terminal:
    """A bash that is told its commands one by one."""

    def __init__(self, folder: Path, ports: dict[str, str]) -> None:
        self.folder = folder / "here"
        self.folder.mkdir()
        self._ready, self._transcript = folder / "ready.json", folder / "transcript"
        self._ports = ports
        self._url = ""
        self._staying: list[tuple[ShellCommand, str]] = []
        env = environment(
            PATH=f"{_programs(folder)}:{os.environ['PATH']}",
            SNIPPET_READY=str(self._ready),
            PYTHONDONTWRITEBYTECODE="1",
            PYTHONUNBUFFERED="1",
            CURL_HOME=str(folder),
        )
        (folder / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n", encoding="utf-8")
        orders, self._orders = map(_above, os.pipe())
        self._answers, answers = map(_above, os.pipe())
        loop = f"exec 3<&{orders} {orders}<&- 4>&{answers} {answers}>&-\n{LOOP}"
        with self._transcript.open("wb") as out:
            self._bash = subprocess.Popen(
                ["bash", "--noprofile", "--norc", "-c", loop],
                cwd=self.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=(orders, answers),
                start_new_session=True,
            )
        os.close(orders)
        os.close(answers)

    def close(self) -> None:
        """End the shell and all that it has started."""
        os.close(self._orders)
        os.close(self._answers)
        os.killpg(self._bash.pid, signal.SIGKILL)
        self._bash.wait()

    def type(self, command: ShellCommand) -> None:
        """Run a command of a page; raise PageError if it does not do what the page says."""
        if SERVES.match(command.text):
            self._serve(command)
            return
        if not self._url:
            self._serve(ShellCommand("the server", "mockdouyin serve --quiet"))
        if STAYS.search(command.text):
            self._stay(command)
        else:
            self._run(command)

    def finish(self) -> None:
        """End what stays, and see that none of it had failed."""
        for command, job in self._staying:
            status, _ = self._eval(f"kill {job} 2>/dev/null; wait {job}")
            if status not in (0, 128 + signal.SIGTERM):
                raise PageError(f"{command.where}: exit code {status}\n{self._said(0)}")

    def _run(self, command: ShellCommand) -> None:
        for port in set(ADDRESS.findall(self._with_ports(command.text))):
            self._await_port(port)
        judged = command.statuses == {0} and not command.wanted
        text = f"set -e\n{command.text}\nset +e" if judged else command.text
        deadline = time.monotonic() + PATIENCE / 3
        while True:
            status, said = self._eval(text, command.where)
            if command.wanted in said or not READS.match(command.text):
                break
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        if command.wanted not in said:
            raise PageError(f"{command.where}: not in what it prints: {command.wanted}\n{said}")
        if status not in command.statuses and not command.wanted:
            raise PageError(f"{command.where}: exit code {status}\n{said}")

    def _serve(self, command: ShellCommand) -> None:
        """Start a server in place of the one that there is."""
        if self._url:
            self._eval("kill $__server; wait $__job; unset MOCKDOUYIN_URL")
        self._ready.unlink(missing_ok=True)
        before = self._size()
        self._eval(f"{{ {command.text}\n}} &\n__server=$! __job=$!\n", command.where)
        self._until_ready(command, before)
        told: dict[str, Any] = json.loads(self._ready.read_text(encoding="utf-8"))
        self._url = told["url"]
        token = told.get("token")
        token_too = f" MOCKDOUYIN_CONTROL_TOKEN={token}" if token else ""
        self._eval(f"export MOCKDOUYIN_URL={self._url}{token_too}\n__server={told['pid']}")

    def _until_ready(self, command: ShellCommand, before: int) -> None:
        def there() -> bool:
            running, _ = self._eval("kill -0 $__server 2>/dev/null")
            if running and not self._ready.exists():
                raise PageError(f"{command.where}: the server ended\n{self._said(before)}")
            return self._ready.exists()

        until(there, f"the server of {command.where}")

    def _stay(self, command: ShellCommand) -> None:
        before = self._size()
        text = re.sub(r"&\s*(#.*)?$", "", command.text)
        _, said = self._eval(f"{{ {text}\n}} &\nprintf '\\n__job %s\\n' $!", command.where)
        self._staying.append((command, re.findall(r"__job (\d+)", said)[-1]))
        if command.wanted:
            until(lambda: command.wanted in self._said(before), f"{command.where}")

    def _await_port(self, port: str) -> None:
        """Wait for a program that was started here to listen; what nobody serves is refused."""
        if self._staying and port in self._ports.values():
            self._eval(
                f"for __n in {{1..400}}; do (: </dev/tcp/127.0.0.1/{port}) 2>/dev/null && break; "
                "kill -0 $! 2>/dev/null || break; sleep 0.05; done"
            )

    def _eval(self, text: str, where: str = "") -> tuple[int, str]:
        """Have the shell do something; return the exit code, and what was printed meanwhile."""
        before = self._size()
        os.write(self._orders, self._with_ports(text).encode() + b"\0")
        status = self._answer()
        if status is None:
            raise PageError(f"{where}: it has not ended in {PATIENCE:g} s\n{self._said(before)}")
        if self._bash.poll() is not None:
            raise PageError(f"{where}: exit code {status}\n{self._said(before)}")
        return status, self._said(before)

    def _answer(self) -> int | None:
        """Return the exit code of what the shell did, or of the shell itself if that ended it.

        That it ended does not show in its answers: what runs in the background holds them open.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if select.select([self._answers], [], [], 0.05)[0]:
                answer = os.read(self._answers, 64)
                return int(answer) if answer else self._bash.wait()
            if self._bash.poll() is not None:
                return self._bash.returncode
        return None

    def _with_ports(self, text: str) -> str:
        if self._url:
            text = re.sub(r"http://(?:127\.0\.0\.1|localhost):8600", self._url, text)
        for port, other in self._ports.items():
            text = re.sub(rf"(?<![\d.\w-]){port}(?![\d\w])", other, text)
        return text

    def _size(self) -> int:
        return self._transcript.stat().st_size

    def _said(self, before: int) -> str:
        with self._transcript.open("rb") as file:
            file.seek(before)
            return file.read().decode("utf-8", "replace")


def _above(file: int) -> int:
    """Move a file to a number that the shell does not use."""
    moved = fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(file)
    return moved


def _programs(folder: Path) -> Path:
    """Write the programs that a page finds on its PATH, from this checkout and its Python."""
    place = folder / "bin"
    place.mkdir()
    texts = {name: f"#!/bin/sh\n{text}\n" for name, text in PROGRAMS.items()}
    for name, text in {**texts, "mockdouyin-forked": client("mockdouyin")}.items():
        (place / name).write_text(text.replace("{python}", sys.executable))
        (place / name).chmod(0o755)
    return place


@contextmanager
def terminal(folder: Path, blocks: Sequence[Block]) -> Iterator[Terminal]:
    """Yield a terminal in a folder with the files that the page shows."""
    text = "".join(b.text for b in blocks if b.language == "sh" and not b.checked)
    ports = {port: str(free_port()) for port in ADDRESS.findall(text) if port != "8600"}
    opened = Terminal(folder, ports)
    try:
        save_files(blocks, opened.folder)
        if "examples/" in text:
            (opened.folder / "examples").symlink_to(ROOT / "examples")
        yield opened
    finally:
        opened.close()


def run_page(blocks: Sequence[Block], folder: Path) -> None:
    """Run the commands of a page in their order."""
    shell = [b for b in blocks if b.language == "sh" and not (b.checked or b.file)]
    typed = [command for block in shell for command in commands(block)]
    if not typed:
        return
    for runtime in RUNTIMES:
        if any(re.search(rf"(?:^|[\s(|;']){runtime}\s", each.text) for each in typed):
            need(shutil.which(runtime), runtime)
    with terminal(folder, blocks) as opened:
        for command in typed:
            opened.type(command)
        opened.finish()
