"""`env`: what it prints, and that a shell reads it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import complaint_of, json_of, lines_of
from tests.cli.shell import serve
from tests.support.helpers import need

CLIENT_TOKEN = "https://open.douyin.com/oauth/client_token/"


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the URL of a server that intercepts Douyin's hosts; its folder has an odd name."""
    folder = tmp_path / 'it\'s $HOME "here"'
    options = ["--intercept", "--proxy-port", "0", "--certificates", str(folder)]
    with serve(tmp_path, *options) as served:
        monkeypatch.setenv("MOCKDOUYIN_URL", served.url)
        yield served.url


@pytest.fixture
def made(taken: str) -> dict[str, str]:
    """Return the variables that `env --shell json` prints."""
    told: dict[str, str] = json_of("env", "--shell", "json")
    assert told["MOCKDOUYIN_URL"] == taken
    assert "it's" in told["SSL_CERT_FILE"]
    return told


def printed(shell: str) -> str:
    """Return what `env` prints for a shell."""
    return "\n".join(lines_of("env", "--shell", shell))


def test_a_shell_takes_it_over(made: dict[str, str]) -> None:
    """`eval` in a real shell sets every variable to its value, whatever is in it."""
    done = subprocess.run(
        ["sh", "-c", 'eval "$1"; env -0', "sh", printed("sh")],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    seen = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)

    assert made.items() <= seen.items()


def test_fish(made: dict[str, str]) -> None:
    """For fish each variable is set and exported; a quote is escaped by a backslash."""
    value = made["SSL_CERT_FILE"].replace("'", "\\'")

    assert f"set -gx SSL_CERT_FILE '{value}'" in printed("fish").splitlines()
    assert len(printed("fish").splitlines()) == len(made)


def test_powershell(made: dict[str, str]) -> None:
    """For PowerShell a quote is doubled."""
    value = made["SSL_CERT_FILE"].replace("'", "''")

    assert f"$env:SSL_CERT_FILE = '{value}'" in printed("powershell").splitlines()
    assert len(printed("powershell").splitlines()) == len(made)


def test_dotenv(made: dict[str, str]) -> None:
    """A dotenv file has one assignment a line, each value in quotes."""
    lines = printed("dotenv").splitlines()

    assert f"MOCKDOUYIN_URL='{made['MOCKDOUYIN_URL']}'" in lines
    assert f"SSL_CERT_FILE={json.dumps(made['SSL_CERT_FILE'])}" in lines
    assert len(lines) == len(made)


@pytest.mark.usefixtures("taken")
def test_one_runtime() -> None:
    """With --runtime there is only what clients of that runtime read."""
    for_go = json_of("env", "--runtime", "go", "--shell", "json")

    assert "SSL_CERT_FILE" in for_go
    assert "NODE_OPTIONS" not in for_go


@pytest.mark.usefixtures("taken")
def test_a_client_in_that_shell() -> None:
    """A client started from a shell that took it over is answered by the server."""
    need(shutil.which("curl"), "curl")
    lines = lines_of("env", "--runtime", "curl")
    done = subprocess.run(
        ["sh", "-c", 'eval "$1"; curl -sS "$2"', "sh", "\n".join(lines), CLIENT_TOKEN],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout)["data"]["error_code"] == 10002
    assert len(lines_of("journal")) == 1


def test_another_world(taken: str) -> None:
    """With --world the proxy's user name tells a client's world."""
    httpx.post(f"{taken}/_mock/worlds", json={"name": "mine"}).raise_for_status()

    told = json_of("env", "--world", "mine", "--shell", "json")

    assert told["HTTPS_PROXY"].startswith("http://mine@127.0.0.1:")


@pytest.mark.usefixtures("taken")
def test_a_browser() -> None:
    """For a browser it is one line that starts a throw-away Chromium."""
    [line] = lines_of("env", "--runtime", "browser")

    assert line.startswith('chromium --user-data-dir="$(mktemp -d)"')
    assert "/_mock/proxy.pac" in line


@pytest.mark.usefixtures("server")
def test_a_server_that_takes_nothing_over() -> None:
    """A server without --intercept says what is missing."""
    assert "serve --intercept" in complaint_of("env")
