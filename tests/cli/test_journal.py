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
from tests.support.waiting import until

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

    call, good, refused, lost = (line[6:] for line in lines_of("journal"))
    key = PROGRAM.client_key
    assert call[13:] == "phone.login  小明 calls tt.login in mini_program"
    told = f"POST {LOGIN}  → mini_program.code_to_session  {key}"
    assert good[13:] == f"{told}  小明  ok"
    assert refused[13:].startswith(f"{told}  refused 40018 bad code: ")
    assert lost[13:].startswith("GET /api/apps/v3/jscode2session  unknown HTTP 404: no endpoint")


def test_an_endpoint_that_the_scenario_declares(server: ThreadedServer) -> None:
    """--endpoint knows the endpoints of the world's scenario; they are listed like any other."""
    httpx.put(f"{server.url}/_mock/scenario", json={"scenario": "declared-endpoints"})
    httpx.get(f"{server.url}/api/example/points/v1/query/")

    [line] = lines_of("journal", "--endpoint", "points.query")

    assert "GET /api/example/points/v1/query/  → points.query" in line
    assert lines_of("journal", "--endpoint", "points.*") == [line]
    assert complaint_of("journal", "--endpoint", "points.quary").startswith("no endpoint ")


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
    assert result.stderr == "nothing has happened in world 'default'\n"


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

    calls = [line.split()[3] for line in running.out.splitlines()]
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


def test_follow_from_before(server: ThreadedServer, tmp_path: Path) -> None:
    """With --since what came before is printed too, and --person takes an open_id."""
    log_in(server)
    httpx.get(server.url + "/elsewhere")
    person = json_of("people", "小明", "--json")
    open_id = person["open_ids"][PROGRAM.client_key]
    with following(tmp_path, server, "--json", "--since", "0", "--person", open_id) as running:
        log_in(server)
        until(lambda: len(running.out.splitlines()) == 4, "the rows of two logins")

    rows = [json.loads(line) for line in running.out.splitlines()]
    assert {row["person"] for row in rows} == {"小明"}
    assert [row["id"] for row in rows] == [1, 2, 4, 5]


def test_follow_ends_with_the_server(tmp_path: Path) -> None:
    """When the server stops, --follow ends with an error, and does not keep it from stopping."""
    with ThreadedServer() as server:
        running = Running(tmp_path, "journal", "--follow", "--url", server.url)
        running.complains("Ctrl-C ends it")

    assert running.process.wait(20) == 2
    assert running.err.splitlines()[-1].startswith("mockdouyin: no server answers at ")


def test_what_is_listed_can_be_chosen(server: ThreadedServer) -> None:
    """--person, --error, --since an id or a time, and --limit choose; the rest is said aside."""
    log_in(server)  # 1 and 2
    log_in(server, "made-up")  # 3
    httpx.post(f"{server.url}/_mock/phone/login", json={"person": "小红"})  # 4
    httpx.post(f"{server.url}/_mock/clock/advance", json={"by": "10m"})  # 5, 6
    httpx.get(f"{server.url}/nowhere")  # 7

    def ids(*args: str) -> list[str]:
        return [line.split()[0] for line in lines_of("journal", *args)]

    assert ids() == [f"#{number}" for number in range(1, 8)]
    assert ids("--person", "小红") == ["#4"]
    assert ids("--error") == ["#3", "#7"]
    assert ids("--since", "3") == ids("--since", "#3") == ["#4", "#5", "#6", "#7"]
    assert ids("--since", "5m") == ["#6", "#7"]
    assert ids("--since", "2100-01-01T00:00") == []
    assert ids("--error", "--endpoint", "code_to_session") == ["#3"]
    short = invoke("journal", "--limit", "2")
    assert [line.split()[0] for line in short.stdout.splitlines()] == ["#6", "#7"]
    assert "the world's clock was moved" in short.stderr
    assert "there are earlier ones; a --limit above 2 shows them" in short.stderr
    none = invoke("journal", "--person", "老王", "--lang", "zh")
    assert (none.stdout, none.stderr) == ("", "世界 'default' 里没有符合条件的记录\n")
    assert "known: Anna, 小明" in complaint_of("journal", "--person", "nobody")
    assert "how long ago" in complaint_of("journal", "--since", "yesterday")


def test_bodies(server: ThreadedServer) -> None:
    """--bodies prints what was sent and answered below each line, masked unless --reveal."""
    log_in(server)

    call, result, *_ = lines_of("journal", "--bodies")
    assert "phone.login" in call
    assert result == "  result"
    args = ("journal", "--bodies", "--endpoint", "code_to_session")
    head, request, *lines = lines_of(*args)
    assert head.startswith("#2 ")
    assert request == f"  POST {server.url}{LOGIN}"
    assert '      "secret": "***",' in lines
    assert "  HTTP 200" in lines
    assert f'      "secret": "{PROGRAM.client_secret}",' in lines_of(*args, "--reveal")


def test_rows_for_machines(server: ThreadedServer) -> None:
    """--json has the rows and, whole, the exchanges among them; with --bodies the acts too."""
    log_in(server)

    told = json_of("journal", "--json")
    assert [(row["id"], row["type"]) for row in told["rows"]] == [(1, "act"), (2, "exchange")]
    assert [each["id"] for each in told["exchanges"]] == [2]
    assert (told["total"], told["more"], told["dropped"]) == (2, False, 0)
    [act] = json_of("journal", "--json", "--bodies")["acts"]
    assert act["result"]["errMsg"] == "login:ok"


def test_more_than_a_page(server: ThreadedServer) -> None:
    """A limit above a page of the server reads as many pages as it takes."""
    with httpx.Client(base_url=server.url) as http:
        for _ in range(1100):
            http.get("/nowhere")

    lines = lines_of("journal", "--limit", "1050")
    assert [line.split()[0] for line in (lines[0], lines[-1])] == ["#51", "#1100"]
    assert len(lines) == 1050


def test_follow_from_an_id(server: ThreadedServer, tmp_path: Path) -> None:
    """With --since an id, --follow begins with what came after it."""
    for number in range(1, 4):
        httpx.get(f"{server.url}/call-{number}")
    with following(tmp_path, server, "--since", "#1") as running:
        running.prints("/call-3 ")

    assert [line.split()[3] for line in running.out.splitlines()] == ["/call-2", "/call-3"]
