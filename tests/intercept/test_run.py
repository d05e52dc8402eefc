"""`run`, in a process of its own: what its command gets, and what is left when it ends."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.cli.shell import COMMAND, PATIENCE, Late, Running, environment, run
from tests.support.helpers import need
from tests.support.waiting import until

CLIENT_TOKEN = "https://open.douyin.com/oauth/client_token/"
HOSTS = Path("/etc/hosts")
JOURNAL = (
    'curl -sS -H "Authorization: Bearer $MOCKDOUYIN_CONTROL_TOKEN" "$MOCKDOUYIN_URL/_mock/journal"'
)


@pytest.fixture(autouse=True)
def curl() -> None:
    """Skip without curl, which keeps the commands of these tests short."""
    need(shutil.which("curl"), "curl")


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """Yield a temporary folder; check that nothing is left in it or in the hosts file."""
    folder = tmp_path / "with space, 'quote'"
    folder.mkdir()
    before = HOSTS.read_bytes() if HOSTS.exists() else b""
    yield folder
    assert list(folder.iterdir()) == []
    assert (HOSTS.read_bytes() if HOSTS.exists() else b"") == before


def complaints(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return mockdouyin's own lines at the end, except the first, which counts requests."""
    ending = [n for n, line in enumerate(said(done)) if re.match(r"(\d+|no) requests?, ", line)]
    return said(done)[ending[-1] + 1 :]


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return all of mockdouyin's own lines."""
    lines = done.stderr.splitlines()
    return [line.removeprefix("mockdouyin: ") for line in lines if line.startswith("mockdouyin: ")]


def test_input_output_and_exit_code_are_the_commands(temporary: Path) -> None:
    """What is typed reaches the command, what it prints is all that is printed, its code stays."""
    done = run("run", "--", "sh", "-c", "cat; exit 7", stdin="你好\n", TMPDIR=str(temporary))

    assert (done.stdout, done.returncode, complaints(done)) == ("你好\n", 7, [])


def test_options_after_the_command_are_its_own(temporary: Path) -> None:
    """`run` reads no option that stands after the command, with `--` or without."""
    for before in (["--"], []):
        done = run("run", *before, "echo", "--offline", "--help", TMPDIR=str(temporary))

        assert done.stdout == "--offline --help\n"


def test_a_command_ended_by_a_signal(temporary: Path) -> None:
    """A command that a signal ended gives 128 and the signal's number, as in a shell."""
    done = run("run", "--", "sh", "-c", "kill -KILL $$", TMPDIR=str(temporary))

    assert done.returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize(("command", "code"), [("no-such-command", 127), ("/", 126)])
def test_a_command_that_cannot_run(command: str, code: int, temporary: Path) -> None:
    """What cannot be run is told in one line, with the exit code that a shell has for it."""
    done = run("run", "--", command, TMPDIR=str(temporary))

    assert (done.returncode, done.stdout) == (code, "")
    assert said(done)[-1].startswith(f"{command}: ")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_ends_the_command_too(name: str, temporary: Path, tmp_path: Path) -> None:
    """A signal to `run` reaches the command, and all is tidied up."""
    number = signal.Signals[name]
    running = Running(
        tmp_path, "run", "--", "sh", "-c", "echo up; exec sleep 600", TMPDIR=str(temporary)
    )
    running.prints("up")

    assert running.stop(number) == 128 + number


def test_a_signal_as_the_wait_begins(temporary: Path, tmp_path: Path) -> None:
    """A signal that comes as this process begins to wait for the command is passed on too."""
    waiting = ["sh", "-c", "echo begun; exec sleep 600"]
    running = Late(
        tmp_path, "run", "--no-hosts", "--allow-real", "--", *waiting, TMPDIR=str(temporary)
    )
    try:
        running.prints("begun")

        assert running.stop() == 128 + signal.SIGTERM
    finally:
        running.process.kill()


def test_a_signal_before_the_command_begins(temporary: Path, tmp_path: Path) -> None:
    """A signal that comes while the server is starting ends it, tidied up, the command unrun."""
    running = Running(tmp_path, "run", "--", "sleep", "600", TMPDIR=str(temporary))
    until(lambda: list(temporary.iterdir()), "its folder")

    assert running.stop() == 128 + signal.SIGTERM
    assert "Traceback" not in running.err


def test_a_command_that_handles_signals(temporary: Path, tmp_path: Path) -> None:
    """A command that ends in its own way after SIGTERM has its own exit code."""
    script = "trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.01; done"
    running = Running(tmp_path, "run", "--", "sh", "-c", script, TMPDIR=str(temporary))
    running.prints("up")

    assert running.stop() == 3
    assert running.out == "up\nbye\n"


def test_killed_outright(temporary: Path, tmp_path: Path) -> None:
    """When `run` is killed its command ends too, and the next run removes what was left."""
    need(sys.platform.startswith("linux"), "Linux: elsewhere no process is told of its parent")
    command = [*COMMAND, "run", "--", "sh", "-c", "echo up; exec sleep 600"]
    place = environment(TMPDIR=str(temporary))
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=place) as process:
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        process.kill()
        assert process.stdout.read() == b""  # it ends when the command has ended
    assert list(temporary.iterdir()) != []

    assert run("run", "--", "true", TMPDIR=str(temporary)).returncode == 0


@contextmanager
def terminal(place: dict[str, str], *command: str) -> Iterator[tuple[int, int]]:
    """Start a command in a terminal of its own; give its process and the terminal."""
    pid, screen = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, place)
    try:
        yield pid, screen
    finally:
        os.close(screen)


def shown(screen: int, text: str) -> str:
    """Read a terminal until it shows this."""
    seen = ""
    while text not in seen:
        assert select.select([screen], [], [], PATIENCE)[0], f"waited in vain for {text!r}"
        seen += os.read(screen, 4096).decode()
    return seen


def test_a_terminal_is_the_commands(temporary: Path) -> None:
    """The command has the terminal: it sees one, and Ctrl-C reaches it once."""
    # A handler would wait for Python to be asked again: a signal that comes just before `input`
    # reads would be handled after it.
    program = (
        "import os, signal, sys\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\n"
        "print('terminal', all(map(os.isatty, (0, 1, 2))), flush=True)\n"
        "signal.sigwait([signal.SIGINT])\n"
        "print('interrupted', flush=True)\n"
        "print(input(), 1 + len(signal.sigpending()), flush=True)\n"
        "sys.exit(5)\n"
    )
    place = environment(TMPDIR=str(temporary))
    command = [*COMMAND, "run", "--", sys.executable, "-c", program]
    with terminal(place, *command) as (pid, screen):
        shown(screen, "terminal True")
        os.write(screen, b"\x03")
        shown(screen, "interrupted")
        os.write(screen, b"times\n")

        shown(screen, "times 1")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 5


def test_runs_side_by_side_never_meet(temporary: Path) -> None:
    """Ten commands at once have ten servers, and each journal holds one command's calls alone."""
    script = (
        f"for n in $(seq $0); do curl -sS {CLIENT_TOKEN} >/dev/null; done; echo ready; read go;"
        f' echo "$MOCKDOUYIN_URL"; {JOURNAL}'
    )
    place = environment(TMPDIR=str(temporary))
    runs = [
        subprocess.Popen(
            [*COMMAND, "run", "--", "sh", "-c", script, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=place,
            text=True,
        )
        for number in range(1, 11)
    ]
    for process in runs:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    said = [process.communicate("go\n", PATIENCE)[0].splitlines() for process in runs]

    assert len({url for url, _ in said}) == 10
    counts = [len(json.loads(journal)["exchanges"]) for _, journal in said]
    assert counts == list(range(1, 11))


def test_nothing_leaves_when_offline(temporary: Path) -> None:
    """With --offline every other host is refused in plain words, and told of at the end."""
    script = (
        "curl -sS http://example.com:8080/x; curl -sS https://example.com/; echo $?;"
        f"curl -sS -o /dev/null -w '%{{http_code}}' {CLIENT_TOKEN}"
    )
    done = run("run", "--offline", "--", "sh", "-c", script, TMPDIR=str(temporary))

    refused, code, answered = done.stdout.splitlines()
    says = "example.com:8080 is not reached: nothing leaves (--offline)"
    assert (refused, code, answered) == (f"mockdouyin: {says}", "56", "200")
    secure, plain = complaints(done)[-2:]
    assert secure.startswith("example.com:443: not let through")
    assert plain.startswith("example.com:8080: not let through")


def test_a_host_that_is_almost_douyins(temporary: Path) -> None:
    """A wrong host of Douyin's domains is told of, with the one that was meant, offline or not."""
    script = (
        "for n in 1 2; do curl -s https://openapi.douyin.com/oauth/client_token/; done;"
        "curl -s http://developer.open-douyin.com/api/apps/v2/token; curl -s https://example.com/;"
        "curl -s https://open.toutiao.com.example.com/"
    )

    def told(*options: str) -> list[str]:
        command = ("run", *options, "--", "sh", "-c", script)
        done = run(*command, TMPDIR=str(temporary), HTTPS_PROXY=NOBODY, HTTP_PROXY=NOBODY)
        return complaints(done)

    passed = "of Douyin's domains, but no host of its APIs; it was passed on to the real network"
    near, other = told()[-2:]
    assert (near, other) == (
        f"developer.open-douyin.com: {passed}; did you mean developer.toutiao.com?",
        f"openapi.douyin.com:443 (2 times): {passed}; did you mean open.douyin.com?",
    )
    offline = "openapi.douyin.com:443 (2 times): not let through, as nothing leaves (--offline)"
    assert f"{offline}; did you mean open.douyin.com?" in told("--offline")


NOBODY = "http://127.0.0.1:9"
"""A proxy of the machine's that does not answer: nothing gets out by it."""


def test_what_no_endpoint_answers(temporary: Path) -> None:
    """Calls that no endpoint answers are told of at the end, with the address that was meant."""
    script = "for n in 1 2; do curl -s https://open.douyin.com/oauth/client_tokn/; done"
    done = run("run", "--", "sh", "-c", script, TMPDIR=str(temporary))

    [line] = complaints(done)
    assert line.startswith("no endpoint answers GET ")
    for part in (
        "open.douyin.com/oauth/client_tokn/",
        "(2 times)",
        "POST or GET /oauth/client_token/",
    ):
        assert part in line


def test_a_client_that_trusts_nobody(temporary: Path) -> None:
    """A client that breaks off for want of trust is told of, with what it should trust."""
    program = (
        "import http.client, ssl\n"
        "context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)\n"
        "proxy = __import__('os').environ['HTTPS_PROXY'].removeprefix('http://')\n"
        "connection = http.client.HTTPSConnection(proxy, context=context)\n"
        "connection.set_tunnel('open.douyin.com', 443)\n"
        "try:\n"
        "    connection.request('GET', '/')\n"
        "except ssl.SSLCertVerificationError:\n"
        "    print('distrusted')\n"
    )
    done = run("run", "--", sys.executable, "-c", program, TMPDIR=str(temporary))

    assert done.stdout == "distrusted\n"
    [line] = complaints(done)
    assert line.startswith("open.douyin.com: the client broke the connection off")
    assert "SSL_CERT_FILE" in line


def test_a_run_in_a_run(temporary: Path) -> None:
    """A run inside a run is answered by its own server, the inner one."""
    inner = f"curl -sS -o /dev/null {CLIENT_TOKEN}; {JOURNAL}"
    outer = f"\"$@\" sh -c '{inner}'; echo; {JOURNAL}"
    done = run("run", "--", "sh", "-c", outer, "sh", *COMMAND, "run", "--", TMPDIR=str(temporary))

    counts = [len(json.loads(line)["exchanges"]) for line in done.stdout.splitlines()]
    assert counts == [1, 0]


@contextmanager
def company_proxy() -> Iterator[tuple[str, list[bytes]]]:
    """Yield a machine's own proxy, which answers everything itself and records the requests."""
    asked: list[bytes] = []

    def answer(reader: IO[bytes], connection: socket.socket) -> None:
        asked.append(reader.readline().rstrip())
        while reader.readline().strip():
            pass
        status = b"403 No" if asked[-1].startswith(b"CONNECT") else b"200 OK"
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 6\r\n\r\nbeyond")

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as reader:
                answer(reader, connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_proxy_that_was_set_before(temporary: Path) -> None:
    """Other hosts are reached by the proxy that was set before; Douyin's never are."""
    script = f"curl -sS http://example.com/x; curl -s https://example.com/; curl -s {CLIENT_TOKEN}"
    with company_proxy() as (proxy, asked):
        done = run(
            *("run", "--", "sh", "-c", script),
            TMPDIR=str(temporary),
            HTTP_PROXY=proxy,
            HTTPS_PROXY=proxy,
            http_proxy=proxy,
            https_proxy=proxy,
            NO_PROXY="",
            no_proxy="",
        )

    assert done.stdout.startswith("beyond{")
    assert asked == [b"GET http://example.com/x HTTP/1.1", b"CONNECT example.com:443 HTTP/1.1"]


def test_options_that_were_set_before(temporary: Path) -> None:
    """What the user set for Node goes on to hold beside the hook."""
    need(shutil.which("node"), "node")
    program = (
        "console.log(process.execArgv.length, require('v8').getHeapStatistics().heap_size_limit"
        " < 300e6); fetch('https://open.douyin.com/').then((answer) => console.log(answer.status))"
    )
    done = run(
        *("run", "--", "node", "-e", program),
        NODE_OPTIONS="--max-old-space-size=100",
        TMPDIR=str(temporary),
    )

    assert done.stdout.splitlines() == ["2 true", "404"]
