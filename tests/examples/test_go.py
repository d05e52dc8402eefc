"""The backends of examples/go and examples/gin: tested by `go test`, examined as receivers."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx

from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import ROOT
from tests.support.backends import (
    EXAMPLES,
    logs_in,
    passes_as_payment_callback,
    passes_as_webhook,
    run_program,
    started,
    under_run,
)
from tests.support.helpers import PROGRAM, need

GO, GIN = EXAMPLES / "go", EXAMPLES / "gin"
DEBIAN = Path("/usr/share/gocode")
OFFLINE = {
    "GOCACHE": str(ROOT / "build" / "clients" / "go"),
    "GOFLAGS": "-mod=mod",
    "GOPROXY": "off",
    "GOTOOLCHAIN": "local",
}


def build(folder: Path, package: str, program: Path, **more: str) -> str:
    """Compile a program; return its path."""
    need(shutil.which("go"), "golang-go")
    words = ("go", "build", "-o", str(program), package)
    done = run_program(*words, cwd=folder, **{**OFFLINE, **more})
    assert done.returncode == 0, done.stderr
    return str(program)


def test_the_tests_of_go() -> None:
    """client.go passes client_test.go, each test in a world of mockdouyin_test.go."""
    need(shutil.which("go"), "golang-go")

    done = under_run("go", "test", "-count=1", "-v", ".", cwd=GO, **OFFLINE)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("--- PASS") == 5


def test_a_login_in_go(tmp_path: Path) -> None:
    """login/main.go logs in at Douyin's own address."""
    logs_in(build(GO, "./login", tmp_path / "login"))


def test_the_receiver(tmp_path: Path) -> None:
    """receiver/main.go passes both examinations."""
    program = build(GO, "./receiver", tmp_path / "receiver")
    with started(tmp_path, program, "0") as receiver:
        url = receiver.url()
        passes_as_webhook(url)
        passes_as_payment_callback(receiver, url)


def test_a_backend_with_gin(tmp_path: Path, server: ThreadedServer) -> None:
    """gin/main.go logs a person in, refuses the code again, and passes as a receiver."""
    need((DEBIAN / "src/github.com/gin-gonic/gin").exists(), "golang-github-gin-gonic-gin-dev")
    program = build(GIN, ".", tmp_path / "gin", GO111MODULE="off", GOPATH=str(DEBIAN))
    keys = {"DOUYIN_APP_ID": PROGRAM.client_key, "DOUYIN_SECRET": PROGRAM.client_secret}
    with started(tmp_path, program, "0", DOUYIN_URL=server.url, **keys) as backend:
        url = backend.url()
        code = httpx.post(f"{server.url}/_mock/phone/login", json={}).json()["code"]

        first, again = (httpx.post(f"{url}/login", json={"code": code}) for _ in range(2))

        assert first.status_code == 200
        assert first.json()["openid"]
        assert again.json() == {"error": "40018 bad code"}
        passes_as_webhook(url, PROGRAM.client_secret)
