"""What `run` says, what it keeps, and how other terminals talk to its server."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.shell import Running, run
from tests.intercept.test_run import complaints, said
from tests.support.ecpay import sign
from tests.support.helpers import PROGRAM, WEB, need

CLIENT_TOKEN = "https://open.douyin.com/oauth/client_token/"
CONNECT = "https://open.douyin.com/platform/oauth/connect"
SECRETS = f"client_key={WEB.client_key}&client_secret={WEB.client_secret}"
OPEN = ("--allow-real",)
"""For machines without namespaces: these tests are about something else."""


@pytest.fixture(autouse=True)
def curl() -> None:
    """Skip without curl."""
    need(shutil.which("curl"), "curl")


@pytest.fixture
def place(tmp_path: Path) -> dict[str, Any]:
    """Return an environment that finds no other runs."""
    (tmp_path / "tmp").mkdir()
    return {"XDG_RUNTIME_DIR": str(tmp_path), "TMPDIR": str(tmp_path / "tmp")}


@contextmanager
def under_way(folder: Path, name: str, place: dict[str, Any]) -> Iterator[str]:
    """Yield the URL of a run whose command has sent one request and stays."""
    script = f"curl -sS {CLIENT_TOKEN}?{name} >/dev/null; echo $MOCKDOUYIN_URL up; exec sleep 600"
    (folder / name).mkdir()
    running = Running(folder / name, "run", *OPEN, "--", "sh", "-c", script, name, **place)
    try:
        running.prints("up\n")
        yield running.out.split()[0]
    finally:
        running.stop()


def test_three_lines_say_what_it_does() -> None:
    """It tells its URL, the credentials, and how the command's clients are led there."""
    done = run("run", *OPEN, "--", "printenv", "MOCKDOUYIN_URL")

    url, credentials, led, *_ = said(done)
    assert url.startswith(f"{done.stdout.strip()} is Douyin for this command")
    assert f"web {WEB.client_key} {WEB.client_secret}" in credentials
    assert "hosts lead here for this command and its children alone" in led


def test_credentials_of_ones_own_are_not_printed() -> None:
    """A secret that was given on the command line, and may be a real one, is not repeated."""
    done = run("run", *OPEN, "--app", "tt0123456789abcdef01:a-secret-of-mine", "--", "true")

    assert "tt0123456789abcdef01 (as you gave it)" in said(done)[1]
    assert "a-secret-of-mine" not in done.stderr


def test_quiet() -> None:
    """With --quiet nothing is said, whatever happened; errors are."""
    done = run("run", *OPEN, "--quiet", "--", "curl", "-s", "https://open.douyin.com/nothing")
    failed = run("run", *OPEN, "--quiet", "--", "no-such-command")

    assert done.stderr == ""
    assert failed.stderr == "mockdouyin: no-such-command: there is no such command\n"


def test_a_port_of_ones_choice() -> None:
    """--port sets the server's port; if it is in use, an error says so and nothing is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("run", *OPEN, "--port", str(port), "--", "echo", "started")
    done = run("run", *OPEN, "--port", str(port), "--", "printenv", "MOCKDOUYIN_URL")

    assert done.stdout == f"http://127.0.0.1:{port}\n"
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"cannot listen on 127.0.0.1:{port}" in refused.stderr


def test_findings_in_short() -> None:
    """At the end each finding has one line, with how many requests there were."""
    script = f"curl -s '{CLIENT_TOKEN}?{SECRETS}&grant_type=client_credential'" + (
        f"; curl -s {CLIENT_TOKEN.replace('open.douyin', 'minigame.zijieapi')}"
    )
    done = run("run", *OPEN, "--", "sh", "-c", script)

    assert "2 requests, 2 findings" in said(done)
    host, secret = complaints(done)
    assert host.startswith("wrong_host: /oauth/client_token/ was asked at minigame.zijieapi.com")
    assert secret.startswith("secret_in_query: ")


def test_findings_in_chinese() -> None:
    """The end of a run is in the language of the terminal."""
    script = f"curl -s '{CLIENT_TOKEN}?{SECRETS}&grant_type=client_credential'" + (
        f"; curl -s {CLIENT_TOKEN}x; curl -s {CLIENT_TOKEN}x"
    )
    done = run("run", *OPEN, "--lang", "zh", "--", "sh", "-c", script)

    assert "3 个请求，2 处问题" in done.stderr
    assert "secret_in_query: 调用 oauth.client_token 1 次，密钥都在 query 里" in done.stderr
    assert "没有接口响应 GET open.douyin.com/oauth/client_token/x" in done.stderr
    assert "（2 次）" in done.stderr


def test_notes_at_the_end(tmp_path: Path) -> None:
    """A callback to this machine is no finding: it is noted, and kept by --report."""
    file = tmp_path / "report.json"
    fields = {
        "app_id": PROGRAM.client_key,
        "out_order_no": "A-1",
        "total_amount": 1990,
        "subject": "月度会员",
        "body": "月度会员 30 天",
        "valid_time": 900,
        "notify_url": "http://127.0.0.1:9000/notify",
    }
    made = json.dumps({**fields, "sign": sign(fields, PROGRAM.payment.salt)})
    call = ("curl", "-sS", "https://developer.toutiao.com/api/apps/ecpay/v1/create_order")
    command = (*call, "-H", "Content-Type: application/json", "-d", made)
    done = run("run", *OPEN, "--report", str(file), "--", *command)
    chinese = run("run", *OPEN, "--lang", "zh", "--", *command)

    assert (done.returncode, json.loads(done.stdout)["err_no"]) == (0, 0)
    assert "1 request, no findings, 1 note" in said(done)
    note = "local_notify_url: notify_url http://127.0.0.1:9000/notify"
    assert f"note: {note} works here; the platform takes https at port 443 alone" in done.stderr
    assert "1 个请求，没有发现问题，1 条提示" in chinese.stderr
    assert f"提示：{note} 在这里可以用" in chinese.stderr
    [world] = json.loads(file.read_text("utf-8"))["worlds"]
    assert [each["level"] for each in world["findings"]] == ["note"]


def test_a_report(tmp_path: Path) -> None:
    """--report keeps journal, findings and exit code as JSON, and no secret."""
    file = tmp_path / "报告.json"
    urls = f'"$0?{SECRETS}&grant_type=client_credential" https://open.douyin.com/no'
    script = f"curl -s {urls}; exit 3"
    done = run("run", *OPEN, "--report", str(file), "--", "sh", "-c", script, CLIENT_TOKEN)

    kept = json.loads(file.read_text("utf-8"))
    assert (done.returncode, kept["exit_code"]) == (3, 3)
    [world] = kept["worlds"]
    assert [each["path"] for each in world["journal"]] == ["/oauth/client_token/", "/no"]
    assert "unknown_path" in {each["rule"] for each in world["findings"]}
    assert kept["command"][0] == "sh"
    assert WEB.client_secret not in file.read_text("utf-8")


IN_A_WORLD_OF_ITS_OWN = """
control() { curl -sS -H "Authorization: Bearer $MOCKDOUYIN_CONTROL_TOKEN" "$@" >/dev/null; }
control $MOCKDOUYIN_URL/_mock/worlds -d '{"name": "one-test"}'
curl -sS "$MOCKDOUYIN_URL/@one-test/oauth/client_token/?client_secret=none" >/dev/null
curl -sS "$MOCKDOUYIN_URL/@one-test/nothing" >/dev/null
control -X DELETE $MOCKDOUYIN_URL/_mock/worlds/one-test
"""
"""What a test suite does: a world for a test, calls of Douyin in it, and the world is dropped."""


def test_worlds_that_were_dropped(tmp_path: Path) -> None:
    """What happened in a world counts and is kept, even if the command dropped that world."""
    file = tmp_path / "report.json"
    done = run("run", *OPEN, "--report", str(file), "--", "sh", "-c", IN_A_WORLD_OF_ITS_OWN)
    unreported = run("run", *OPEN, "--", "sh", "-c", IN_A_WORLD_OF_ITS_OWN)

    assert any(line.startswith("2 requests, ") for line in said(done)), done.stderr
    assert any(line.startswith("no endpoint answers GET") for line in complaints(done))
    assert [each.split()[0] for each in complaints(unreported)] == [
        each.split()[0] for each in complaints(done)[:-1]
    ]
    default, dropped = json.loads(file.read_text("utf-8"))["worlds"]
    assert (default["world"], default["requests"]) == ("default", 0)
    assert (dropped["world"], dropped["requests"]) == ("one-test", 2)
    assert len(dropped["journal"]) == 2
    assert "unknown_path" in {each["rule"] for each in dropped["findings"]}


def test_refused_calls() -> None:
    """A refused call is told with its reason, once for all calls like it."""
    body = '{"appid":"tt0123456789abcdef99","secret":"x","code":"x"}'
    call = f"curl -sS https://developer.toutiao.com/api/apps/v2/jscode2session -d '{body}'"
    done = run("run", *OPEN, "--", "sh", "-c", f"{call}; {call}")

    [line] = [each for each in complaints(done) if "code_to_session was refused" in each]
    assert line.startswith("mini_program.code_to_session was refused, 40015 bad appid: ")
    assert "`run` with `--app tt0123456789abcdef99:SECRET`" in line
    assert line.endswith(" (2 times)")


@pytest.mark.parametrize(
    ("options", "asked", "number"),
    [
        (("--scenario", "53030"), "-d {}", "53030"),
        ((), "-d code=mock-error-40017", "40017"),
        ((), "-d {} -H 'Aweme-Negative-Test: 40017'", "40017"),
    ],
    ids=["rule", "value", "header"],
)
def test_refusals_that_were_ordered(options: tuple[str, ...], asked: str, number: str) -> None:
    """A refusal that the scenario or the call itself ordered is no news."""
    call = f"curl -sS https://developer.toutiao.com/api/apps/v2/jscode2session {asked}"
    done = run("run", *OPEN, *options, "--", "sh", "-c", call)

    assert number in done.stdout
    assert not any("was refused" in each for each in complaints(done))


def test_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    """A place where no file can be is told of before the command is started."""
    done = run("run", "--report", str(tmp_path / "no" / "file"), "--", "echo", "started")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--report" in done.stderr


def test_a_report_of_a_command_that_a_signal_ended(tmp_path: Path) -> None:
    """It is kept however the command ended."""
    file = tmp_path / "report.json"
    run("run", *OPEN, "--report", str(file), "--", "sh", "-c", "kill -TERM $$")

    assert json.loads(file.read_text("utf-8"))["exit_code"] == 143


def test_a_report_that_fails_in_the_end() -> None:
    """Where it cannot be kept after all, the command's own exit code stays, but for success."""
    need(Path("/dev/full").exists(), "/dev/full")
    codes = [
        run("run", *OPEN, "--report", "/dev/full", "--", "sh", "-c", f"exit {code}").returncode
        for code in (0, 3)
    ]

    assert codes == [2, 3]


# From another terminal.


def test_another_terminal_finds_it(tmp_path: Path, place: dict[str, Any]) -> None:
    """Commands elsewhere find the run and may steer it; strangers may not."""
    with under_way(tmp_path, "one", place) as url:
        journal = run("journal", **place)
        code = run("code", **place)
        opened = run("open", "--print", f"{CONNECT}?x=1", **place)
        settings = run("env", "--shell", "json", **place)
        stranger = httpx.get(f"{url}/_mock/journal", trust_env=False)

    assert "/oauth/client_token/" in journal.stdout, journal.stderr
    assert code.returncode == 0, code.stderr
    assert opened.stdout.startswith(f"{url}/platform/oauth/connect")
    made = json.loads(settings.stdout)
    assert made["MOCKDOUYIN_URL"] == url
    assert made["MOCKDOUYIN_CONTROL_TOKEN"]
    assert stranger.status_code == 401


def test_a_shell_that_joins_a_run(tmp_path: Path, place: dict[str, Any]) -> None:
    """What `env` prints leads the clients of another shell to the run, and lets it steer."""
    script = f'eval "$0"; curl -sS {CLIENT_TOKEN}; printenv MOCKDOUYIN_CONTROL_TOKEN'
    with under_way(tmp_path, "one", place):
        settings = run("env", **place).stdout
        joined = subprocess.run(
            ["sh", "-c", script, settings],
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )

    assert re.fullmatch(r'\{.*"error_code":10002.*\}\S{32,}\n', joined.stdout)


def test_several_are_named(tmp_path: Path, place: dict[str, Any]) -> None:
    """Where several runs are under way each is named; --url takes one, with no token."""
    with under_way(tmp_path, "one", place) as one, under_way(tmp_path, "two", place) as two:
        asked = run("journal", **place)
        told = run("journal", "--url", two, "--json", **place)
    alone = run("journal", **place)

    assert asked.returncode == 2
    assert asked.stderr.count("\n") == 1
    for url in (one, two):
        assert f"{url} (sh -c curl" in asked.stderr
    assert '"query": "two"' in told.stdout
    assert "no server answers at http://127.0.0.1:8600" in alone.stderr


def test_inside_a_run_its_own_server_is_meant(tmp_path: Path, place: dict[str, Any]) -> None:
    """A command's own `mockdouyin` talks to its own run, however many there are."""
    script = f'curl -sS {CLIENT_TOKEN}?inner >/dev/null; "$0" -m mockdouyin journal --json'
    with under_way(tmp_path, "one", place):
        done = run("run", *OPEN, "--", "sh", "-c", script, sys.executable, **place)

    assert '"query": "inner"' in done.stdout, done.stderr
    assert '"query": "one"' not in done.stdout
