"""A Redis or Valkey of the tests' own: on loopback, in a temporary folder, kept nowhere."""

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
"""What our store runs on, and how a test gets it."""


def program(name: str) -> str:
    """Give the path of a server's program; skip the test where there is none."""
    found = shutil.which(f"{name}-server")
    for built in (ROOT / "build" / name).glob(f"**/{name}-server"):
        found = found or str(built)
    need(found, PROGRAMS[name])
    return found or ""


class RedisServer:
    """One server; it can be stopped and started again, and is empty then."""

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
            self._speak_tls(folder, free_port())
        self._process: subprocess.Popen[bytes] | None = None

    def _speak_tls(self, folder: Path, port: int) -> None:
        """Listen for TLS too, with a certificate of the server's own."""
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
        """Forget everything."""
        assert self.say("FLUSHALL") == "+OK"

    def say(self, *words: str | int) -> str:
        """Send one command, and return its answer as it came."""
        return self._send(" ".join(map(str, words)) + "\r\n")

    def tell(self, password: str, *words: str | int) -> None:
        """Send a command after a password."""
        self._send(f"AUTH {password}\r\n", " ".join(map(str, words)) + "\r\n")

    def drop_clients(self, password: str = "") -> None:
        """Close every connection but the one that says so."""
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
        """How many connections there are, beside the one that asks."""
        return self.say("CLIENT", "LIST").count(" addr=") - 1

    def pause(self) -> None:
        """Let it stand still: it takes connections, and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it run on, and return once it answers."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)
        assert self.say("PING") == "+PONG"

    def stop(self) -> None:
        """Stop, and return once it is gone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)  # else nothing would end it
            self._process.terminate()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Leave nothing behind."""
        self.stop()
        self._folder.cleanup()
