"""A Redis of the tests' own: on a free port of loopback, in a temporary folder, kept nowhere."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.helpers import need


def free_port() -> int:
    """Give a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RedisServer:
    """One redis-server; it can be stopped and started again, and is empty then."""

    def __init__(self) -> None:
        self.program = shutil.which("redis-server") or shutil.which("valkey-server") or ""
        need(self.program, "apt-get install redis-server")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = tempfile.TemporaryDirectory(prefix="mockdouyin-redis-")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> RedisServer:
        """Start, and return once it answers."""
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        options += ["--appendonly", "no", "--dir", self._folder.name]
        with (Path(self._folder.name) / "log").open("wb") as log:
            self._process = subprocess.Popen([self.program, *options], stdout=log)
        while True:
            assert self._process.poll() is None, "redis-server did not start"
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                    connection.sendall(b"PING\r\n")
                    if connection.recv(100).startswith(b"+PONG"):
                        return self
            except OSError:
                continue

    def stop(self) -> None:
        """Stop, and return once it is gone."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Leave nothing behind."""
        self.stop()
        self._folder.cleanup()
