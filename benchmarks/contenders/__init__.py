"""The contenders: how each is started, and when it is ready."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.contenders.canned import ANSWER
from benchmarks.contenders.stock import LOGIN, LOGIN_PATH, Load, client_token
from benchmarks.machine import free_port
from benchmarks.processes import ROOT, BenchError, Process, answers, python, wait_until
from mockdouyin import Sandbox

WIREMOCK = "3.13.2"
_FOLDER = ROOT / "build" / "wiremock"


def probe(load: Load) -> bytes:
    """Return a load's request as bytes for a socket."""
    body = load.body.encode()
    lines = [f"{load.method} {load.path} HTTP/1.1", "host: 127.0.0.1", "connection: close"]
    lines += [f"{name}: {value}" for name, value in load.headers.items()]
    lines.append(f"content-length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


LOGIN_PROBE = probe(LOGIN)
TOKEN_PROBE = probe(client_token(Sandbox()))


def _started(bench: Bench, command: list[str | Path], port: int) -> Process:
    process = bench.fleet.start(command, bench.cores.server)
    process.port = port
    wait_until(lambda: answers(port, LOGIN_PROBE), process)
    return process


def canned_command(name: str, port: int) -> list[str | Path]:
    """Return the command of a contender with a constant answer."""
    return python("-m", f"benchmarks.contenders.{name}", str(port))


def canned(bench: Bench, name: str) -> Process:
    """Start `bare_asgi` or `starlette_minimal`."""
    port = free_port()
    return _started(bench, canned_command(name, port), port)


def _ready(process: Process, file: Path) -> Process:
    wait_until(file.exists, process)
    process.port = int(json.loads(file.read_text())["url"].rpartition(":")[2])
    return process


def serve_command(*args: str | Path) -> list[str | Path]:
    """Return the command that starts the server as users do."""
    return python("-m", "mockdouyin", "serve", "--quiet", *args)


def served(bench: Bench, *args: str) -> Process:
    """Start `mockdouyin serve`."""
    file = bench.fleet.path("ready.json")
    command = serve_command("--port", "0", "--ready-file", file, *args)
    return _ready(bench.fleet.start(command, bench.cores.server), file)


def stocked(bench: Bench, **settings: Any) -> Process:
    """Start mockdouyin on a sandbox that can be filled."""
    file = bench.fleet.path("ready.json")
    command = python("-m", "benchmarks.contenders.stocked", file, json.dumps(settings))
    return _ready(bench.fleet.start(command, bench.cores.server), file)


def wiremock(bench: Bench, *, tuned: bool = True, dynamic: bool = False) -> Process:
    """Start WireMock, tuned (without its journal) or not, with a constant answer or a template."""
    home = bench.fleet.path("wiremock")
    (home / "mappings").mkdir(parents=True)
    response = {"status": 200, "headers": {"content-type": "application/json"}}
    response["body"] = _TEMPLATE if dynamic else ANSWER.decode()
    if dynamic:
        response["transformers"] = ["response-template"]
    mapping = {"request": {"method": "POST", "urlPath": LOGIN_PATH}, "response": response}
    (home / "mappings" / "login.json").write_text(json.dumps(mapping), encoding="utf-8")
    port = free_port()
    flags = ["--disable-banner", "--bind-address", "127.0.0.1", "--port", str(port)]
    if tuned:
        flags += ["--no-request-journal", "--disable-request-logging"]
    command: list[str | Path] = ["java", "-jar", _jar(), "--root-dir", home]
    return _started(bench, [*command, *flags], port)


_TEMPLATE = (
    '{"err_no":0,"err_tips":"success","data":{"session_key":'
    '"{{randomValue length=24 type=\'ALPHANUMERIC\'}}","openid":'
    '"{{jsonPath request.body \'$.code\'}}","unionid":"u"}}'
)
"""The template that WireMock fills in: a random value, and one from the request."""


def _jar() -> Path:
    if shutil.which("java") is None:
        raise BenchError("WireMock needs Java")
    found = _found_jar()
    if found is None and shutil.which("npm"):
        _FOLDER.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(_FOLDER)]
        subprocess.run([*install, f"wiremock@{WIREMOCK}"], capture_output=True, check=False)
        found = _found_jar()
    if found is None:
        raise BenchError("WireMock cannot be installed here (npm install wiremock)")
    return found


def _found_jar() -> Path | None:
    return next(_FOLDER.glob("node_modules/wiremock/build/*.jar"), None)
