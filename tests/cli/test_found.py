"""Which server a command means: the one that is named, `serve` at its port, else the one `run`."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockdouyin.cli import _commands
from mockdouyin.intercept.runs import Run, announce
from mockdouyin.server.access import Access
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, lines_of
from tests.support.helpers import send


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset the variables that name a server, and hide those that run on this machine."""
    monkeypatch.delenv("MOCKDOUYIN_URL", raising=False)
    monkeypatch.delenv("MOCKDOUYIN_CONTROL_TOKEN", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setattr(_commands, "DEFAULT_URL", f"http://127.0.0.1:{port}")


@contextmanager
def serving(name: str, token: str = "") -> Iterator[str]:
    """Yield the URL of a server that is recognised by the one call in its journal."""
    with ThreadedServer(access=Access(token)) as server:
        send(server.sandbox, "GET", f"/called-{name}")
        yield server.url


@contextmanager
def a_run(name: str) -> Iterator[str]:
    """Yield the URL of a run that is announced."""
    with (
        serving(name, f"token-of-{name}") as url,
        announce(Run(url, f"token-of-{name}", 1, [name, "--option"])),
    ):
        yield url


def met(*options: str) -> str:
    """Return which server a command met, by its journal."""
    [line] = lines_of("journal", *options)
    return line.partition("called-")[2].partition(" ")[0]


def test_serve_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server at the usual port is meant, whatever runs are under way."""
    with serving("served") as usual, a_run("one"), a_run("two"):
        monkeypatch.setattr(_commands, "DEFAULT_URL", usual)

        assert met() == "served"


def test_runs_beside_serve_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a server at the usual port runs are named on stderr, so that none is mistaken."""
    with serving("served") as usual, a_run("one") as one:
        monkeypatch.setattr(_commands, "DEFAULT_URL", usual)
        unnamed = invoke("journal")
        named = invoke("journal", "--url", one)

    assert "called-served" in unnamed.stdout
    assert f"this is about the server at {usual};" in unnamed.stderr
    assert f"{one} (one --option, process 1)" in unnamed.stderr
    assert named.stderr == ""


def test_else_the_one_run() -> None:
    """Where nothing answers at the usual port, the one run is meant, with its token."""
    with a_run("one"):
        assert met() == "one"


def test_somebody_elses_server_at_the_usual_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers there and is not ours does not come first."""
    with socket.create_server(("127.0.0.1", 0)) as other, a_run("one"):
        monkeypatch.setattr(_commands, "DEFAULT_URL", f"http://127.0.0.1:{other.getsockname()[1]}")
        monkeypatch.setattr(_commands, "DEFAULT_URL_TIMEOUT", 0.1)

        assert met() == "one"


def test_several_runs() -> None:
    """Several runs are named, each with its URL and command."""
    with a_run("one") as one, a_run("two") as two:
        told = complaint_of("journal")

    assert told.startswith("several runs are under way; name one with --url: ")
    assert f"{one} (one --option, process 1)" in told
    assert f"{two} (two --option, process 1)" in told


def test_a_named_server_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    """--url comes before the variable, and that before all that is found; runs need no token."""
    with serving("served") as served, a_run("one") as one, a_run("two") as two:
        assert met("--url", two) == "two"
        assert met("--url", two.replace("127.0.0.1", "localhost") + "/@default") == "two"
        assert met("--url", served) == "served"
        monkeypatch.setenv("MOCKDOUYIN_URL", one)
        assert met() == "one"
        assert met("--url", served) == "served"


def test_a_token_that_is_given() -> None:
    """--token is heeded where it stands; a wrong one is refused."""
    with a_run("one") as one:
        assert met("--token", "token-of-one") == "one"
        assert "control token" in complaint_of("journal", "--url", one, "--token", "wrong")


def test_nothing_is_there() -> None:
    """With no server and no run it is said what to start."""
    assert "start one with `mockdouyin serve`" in complaint_of("journal")
