"""Start a Redis or Valkey for tests: on loopback, in a temporary folder, without persistence."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.support.helpers import need
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]

PROGRAMS = {"redis": "apt-get install redis-server", "valkey": "make valkey"}
"""The servers that the store supports, and how to install each."""


def program(name: str) -> str:
    """Return the path of a server's program; skip the test if there is none."""
    found = shutil.which(f"{name}-server")
    for built in (ROOT / "build" / name).glob(f"**/{name}-server"):
        found = found or str(built)
    need(found, PROGRAMS[name])
    return found or ""


class RedisServer:
    """One server, which can be stopped and started again; it comes back empty."""

    def __init__(self, name: str = "redis", *, tls: bool = False) -> None:
        self.program = program(name)
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = tempfile.TemporaryDirectory(prefix="mockdouyin-redis-")
        folder = Path(self._folder.name)
        self.unix_url = f"unix://{folder / 'socket'}"
        self._options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        self._options += ["--appendonly", "no", "--dir", str(folder)]
        self._options += ["--unixsocket", str(folder / "socket")]
        if tls:
            self._enable_tls(folder, free_port())
        self._process: subprocess.Popen[bytes] | None = None

    def _enable_tls(self, folder: Path, port: int) -> None:
        """Listen for TLS too, with a self-signed certificate."""
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        make += ["-nodes", "-days", "1", "-subj", "/CN=localhost"]
        make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key)]
        subprocess.run([*make, "-out", str(certificate)], check=True, capture_output=True)
        self.tls_url = f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate}"
        self._options += ["--tls-port", str(port), "--tls-auth-clients", "no"]
        self._options += ["--tls-cert-file", str(certificate), "--tls-key-file", str(key)]
        self._options += ["--tls-ca-cert-file", str(certificate)]

    def start(self) -> RedisServer:
        """Start, and return once it answers."""
        with (Path(self._folder.name) / "log").open("wb") as log:
            self._process = subprocess.Popen([self.program, *self._options], stdout=log)
        while True:
            assert self._process.poll() is None, f"{self.program} did not start"
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                    connection.sendall(b"PING\r\n")
                    if connection.recv(100).startswith(b"+PONG"):
                        return self
            except OSError:
                continue

    def clear(self) -> None:
        """Delete everything."""
        assert self.command("FLUSHALL") == "+OK"

    def command(self, *words: str | int) -> str:
        """Send one command, and return the raw reply."""
        return self._send(" ".join(map(str, words)) + "\r\n")

    def command_as(self, password: str, *words: str | int) -> None:
        """Send a command after AUTH with a password."""
        self._send(f"AUTH {password}\r\n", " ".join(map(str, words)) + "\r\n")

    def drop_clients(self, password: str = "") -> None:
        """Close every connection but the one that sends this."""
        self._send(f"AUTH {password}\r\n" if password else "", "CLIENT KILL TYPE normal\r\n")

    def _send(self, *lines: str) -> str:
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            connection.sendall("".join(lines).encode())
            connection.shutdown(socket.SHUT_WR)
            read = b""
            while chunk := connection.recv(65536):
                read += chunk
            return read.decode().removesuffix("\r\n")

    @property
    def clients(self) -> int:
        """The number of connections, without the one that asks."""
        return self.command("CLIENT", "LIST").count(" addr=") - 1

    def pause(self) -> None:
        """Suspend it: it accepts connections, and does not reply."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Resume it, and return once it answers."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)
        assert self.command("PING") == "+PONG"

    def stop(self) -> None:
        """Stop, and return once it is gone."""
        if self._process is not None:
            self._process.send_signal(
                signal.SIGCONT
            )  # a suspended process does not end on SIGTERM
            self._process.terminate()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Stop, and delete the temporary folder."""
        self.stop()
        self._folder.cleanup()
