"""`journal`."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.cli.shell import Late, Running
from tests.support.helpers import PROGRAM, PROGRAM_LOGIN

LOGIN = "/api/apps/v2/jscode2session"


def log_in(server: ThreadedServer, code: str | None = None) -> None:
    """Exchange a login code: a good one unless one is given."""
    code = code or json_of("code")["code"]
    httpx.post(server.url + LOGIN, json={**PROGRAM_LOGIN, "code": code})


def test_one_line_for_each_exchange(server: ThreadedServer) -> None:
    """Each line has the call, its endpoint, the app, the person, and what became of it."""
    log_in(server)
    log_in(server, "made-up")
    httpx.get(server.url + "/api/apps/v3/jscode2session")

    good, refused, lost = lines_of("journal")
    key = PROGRAM.client_key
    told = f"POST {LOGIN}  → mini_program.code_to_session  {key}"
    assert good[13:] == f"{told}  小明  ok"
    assert refused[13:].startswith(f"{told}  refused 40018 bad code: ")
    assert lost[13:].startswith("GET /api/apps/v3/jscode2session  unknown HTTP 404: no endpoint")


def test_an_endpoint_alone(server: ThreadedServer) -> None:
    """--endpoint leaves everything else out; one that is not there is refused."""
    log_in(server)
    httpx.get(server.url + "/nowhere")

    assert len(lines_of("journal", "--endpoint", "mini_program.*")) == 1
    assert len(lines_of("journal", "--endpoint", "/nowhere")) == 1
    assert len(lines_of("journal", "--limit", "1")) == 1
    assert "did you mean code_to_session?" in complaint_of(
        "journal", "--endpoint", "code_to_sesion"
    )


@pytest.mark.usefixtures("server")
def test_an_empty_journal() -> None:
    """That nothing was called is said beside the output."""
    result = invoke("journal")

    assert result.stdout == ""
    assert result.stderr == "nothing was called in world 'default'\n"


def test_secrets_only_for_the_asking(server: ThreadedServer) -> None:
    """Secrets and session keys are hidden in the JSON, unless --reveal asks for them."""
    log_in(server)

    hidden = json_of("journal", "--json")["exchanges"][0]
    shown = json_of("journal", "--json", "--reveal")["exchanges"][0]
    assert PROGRAM.client_secret not in json.dumps(hidden)
    assert shown["request"]["body"]["secret"] == PROGRAM.client_secret
    assert shown["reply"]["body"]["data"]["session_key"] not in json.dumps(hidden)


@contextmanager
def following(folder: Path, server: ThreadedServer, *args: str) -> Iterator[Running]:
    """Yield a `journal --follow` that is listening."""
    running = Running(folder, "journal", "--follow", "--url", server.url, *args)
    try:
        running.complains("Ctrl-C ends it")
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def test_follow(server: ThreadedServer, tmp_path: Path) -> None:
    """--follow prints what happens from then on, in order, and Ctrl-C ends it cleanly."""
    httpx.get(server.url + "/before")
    with following(tmp_path, server) as running:
        for number in range(20):
            httpx.get(f"{server.url}/call-{number}")
        running.prints("/call-19 ")
        code = running.stop(signal.SIGINT)

    calls = [line.split()[2] for line in running.out.splitlines()]
    assert calls == [f"/call-{number}" for number in range(20)]
    assert code == 0
    assert "Traceback" not in running.err


def test_a_follow_ends_whatever_it_waits_for(tmp_path: Path) -> None:
    """Ctrl-C that comes as the stream is asked for ends it too, though no answer ever comes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        running = Late(tmp_path, "journal", "--follow", "--url", url)
        connection, _ = listener.accept()
        with connection:
            assert b"/stream " in connection.recv(65536)

            try:
                assert running.stop(signal.SIGINT) == 0
            finally:
                running.process.kill()
    assert running.out == ""


def test_follow_for_machines(server: ThreadedServer, tmp_path: Path) -> None:
    """With --json each row is one line of JSON; --endpoint holds here too."""
    with following(tmp_path, server, "--json", "--endpoint", "code_to_session") as running:
        httpx.get(server.url + "/elsewhere")
        log_in(server)
        running.prints("\n")

    (line,) = running.out.splitlines()
    assert json.loads(line)["endpoint"] == "mini_program.code_to_session"


def test_follow_says_what_is_gone(server: ThreadedServer, tmp_path: Path) -> None:
    """With --json acts have their lines too, and a reset is said on stderr."""
    with following(tmp_path, server, "--json") as running:
        invoke("reset")
        running.prints("\n")
        running.complains("is gone")

    (line,) = running.out.splitlines()
    assert json.loads(line)["kind"] == "world.reset"


def test_follow_ends_with_the_server(tmp_path: Path) -> None:
    """When the server stops, --follow ends with an error, and does not keep it from stopping."""
    with ThreadedServer() as server:
        running = Running(tmp_path, "journal", "--follow", "--url", server.url)
        running.complains("Ctrl-C ends it")

    assert running.process.wait(20) == 2
    assert running.err.splitlines()[-1].startswith("mockdouyin: no server answers at ")
