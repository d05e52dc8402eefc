"""`mockdouyin` and `pytest` in processes that are forked from one that has imported all of them.

A page has up to thirty commands, and most of what one costs is importing. `python -m
tests.docs.forking SOCKET` waits for commands, and ends with its standard input.
"""

from __future__ import annotations

import atexit
import fcntl
import functools
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path

import pytest

from tests.cli.shell import environment
from tests.support.waiting import until

CLIENT = """#!{python} -SE
import os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({place!r})
    socket.send_fds(server, [b"-"], [0, 1, 2])
    variables = [f"{{name}}={{value}}" for name, value in os.environ.items()]
    words = [{program!r}, *sys.argv[1:]]
    told = [os.getcwd(), str(len(words)), *words, *variables]
    server.sendall("\\0".join(told).encode("utf-8", "surrogateescape"))
    server.shutdown(socket.SHUT_WR)
    sys.exit(int(server.recv(8) or 70))
"""
MODULES = (
    *("mockdouyin.server.app", "mockdouyin.server.parts", "mockdouyin.server.serving"),
    *("mockdouyin.control.client", "mockdouyin.control.http_client"),
    *("mockdouyin.testing.fixture", "mockdouyin.sandbox", "pytest", "httpx"),
)


def client(program: str) -> str:
    """Return the text of a program that has a command run: of `mockdouyin`, or of `pytest`."""
    return CLIENT.format(python=sys.executable, program=program, place=str(_place()))


@functools.cache
def _place() -> Path:
    """Start what runs the commands, once; return where it listens."""
    folder = Path(tempfile.mkdtemp(prefix="mockdouyin-docs-"))
    place = folder / "socket"
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.docs.forking", str(place)],
        stdin=subprocess.PIPE,
        env=environment(),
    )

    @atexit.register
    def stop() -> None:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)

    until(place.exists, "the process from which commands are forked")
    return place


def serve(place: str) -> None:
    """Fork a process for each command, until nobody holds our standard input."""
    from mockdouyin.cli import COMMANDS

    for module in {f"cli.{name}" for name in COMMANDS.values()}:
        import_module(f"mockdouyin.{module}")
    for module in MODULES:
        import_module(module)
    holder = sys.stdin.fileno()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{place}.new")
        listener.listen(16)
        os.rename(f"{place}.new", place)
        while holder not in select.select([holder, listener.fileno()], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _run(connection)
            connection.close()
            _reap()


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _run(connection: socket.socket) -> None:
    """Become the command: its folder, variables, arguments and files; tell how it ended."""
    _, given, _, _ = socket.recv_fds(connection, 1, 3)
    told = b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "surrogateescape")
    folder, count, *words = told.split("\0")
    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())  # who has its client killed dies of SIGIO
    fcntl.fcntl(connection, fcntl.F_SETFL, fcntl.fcntl(connection, fcntl.F_GETFL) | os.O_ASYNC)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(dict(each.split("=", 1) for each in words[int(count) :]))
    for number, file in enumerate(given):
        os.dup2(file, number)
        os.close(file)
    (
        sys.stdin,
        sys.stdout,
        sys.stderr,
    ) = (  # those of before remember what they were: a file, a pipe
        os.fdopen(number, mode, encoding="utf-8", closefd=False)
        for number, mode in enumerate(("r", "w", "w"))
    )
    status = 70
    try:
        status = _main(words[: int(count)])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        connection.sendall(str(status).encode())
        os._exit(status)


def _main(words: list[str]) -> int:
    from mockdouyin.cli import main

    sys.argv = words
    status: object = 0
    try:
        if words[0] == "pytest":
            sys.exit(pytest.main(words[1:]))
        main()
    except SystemExit as end:
        status = end.code or 0
    except BaseException:  # noqa: BLE001  whatever a command dies of is shown as Python shows it
        traceback.print_exc()
        status = 1
    return status if isinstance(status, int) else 1


if __name__ == "__main__":
    serve(sys.argv[1])
