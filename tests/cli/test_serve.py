"""`serve`, in a process of its own."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import complaint_of
from tests.cli.shell import COMMAND, Running, environment, run, serve
from tests.support.helpers import PROGRAM, WEB, WEB_CLIENT, need
from tests.support.streams import RawReader
from tests.support.waiting import until

DEMO = (PROGRAM.client_key, PROGRAM.client_secret)


def client_token(url: str) -> int:
    """Ask for a client token, and give the error's number, or 0."""
    asked = {**WEB_CLIENT, "grant_type": "client_credential"}
    answer = httpx.post(f"{url}/oauth/client_token/", json=asked)
    code: int = answer.json()["data"]["error_code"]
    return code


def test_ready_file(tmp_path: Path) -> None:
    """The ready file is whole when it appears: the address that answers, and the process."""
    with serve(tmp_path) as served:
        assert served.ready == {"url": served.url, "pid": served.process.pid}
        assert httpx.get(f"{served.url}/_mock/health").json()["status"] == "ok"


def test_an_old_ready_file_goes_first(tmp_path: Path) -> None:
    """What an earlier server left behind is never taken for this one's."""
    (tmp_path / "ready.json").write_text("{}")

    result = run("serve", "--ready-file", "ready.json", "--host", "203.0.113.7", cwd=tmp_path)

    assert result.returncode == 2
    assert not (tmp_path / "ready.json").exists()


def test_a_signal_ends_its_streams(tmp_path: Path) -> None:
    """SIGTERM ends the streams in an orderly way, with exit code 0 and without a word."""
    with serve(tmp_path, "--quiet") as served, RawReader(served.url) as reader:
        reader.opened()
        assert served.stop() == 0
        assert list(reader.events()) == []
        assert served.out + served.err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it(tmp_path: Path, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C stop it with exit code 0, without a word."""
    with serve(tmp_path, "--quiet") as served:
        assert served.stop(number) == 0
        assert served.out + served.err == ""


def test_answers_under_way_are_finished(tmp_path: Path) -> None:
    """A request that is being answered when SIGTERM comes gets its answer."""
    slow = tmp_path / "slow.yaml"
    slow.write_text("name: slow\nrules: [{on: client_token, delay: 500ms}]\n")
    codes: list[int] = []
    with serve(tmp_path, "--scenario", str(slow)) as served:
        asking = threading.Thread(target=lambda: codes.append(client_token(served.url)))
        asking.start()
        served.prints("oauth.client_token")
        assert served.stop() == 0
        asking.join()

    assert codes == [0]


def test_who_waits_does_not_keep_it(tmp_path: Path) -> None:
    """A client that waits for the journal is sent away when the server stops."""
    with serve(tmp_path) as served:
        (tmp_path / "follower").mkdir()
        follower = Running(tmp_path / "follower", "journal", "--follow", MOCKDOUYIN_URL=served.url)
        follower.complains("Ctrl-C ends it")
        assert served.stop() == 0
        assert follower.process.wait(20) == 2


def test_greeting(tmp_path: Path) -> None:
    """It says where it listens, what the demo credentials are, and who the people are."""
    with serve(tmp_path) as served:
        served.prints("Ctrl-C stops it")
        lines = [line.split() for line in served.out.splitlines()]

    assert lines[0][-1] == served.url
    assert ["mini_program", *DEMO] in lines
    assert ["web", WEB.client_key, WEB.client_secret] in lines
    assert ["people", "小明,", "小红,", "老王,", "Anna"] in lines


@pytest.mark.parametrize("args", [(), ("--app", "ttmine:s")], ids=["demo", "own app"])
def test_the_printed_curl_lines_work(tmp_path: Path, args: tuple[str, ...]) -> None:
    """Pasted into a shell, the first lines to try log someone in."""
    need(shutil.which("curl"), "install curl")
    with serve(tmp_path, *args) as served:
        served.prints("Ctrl-C stops it")
        pasted = [line for line in served.out.splitlines() if line.startswith("    ")]
        answer = subprocess.check_output(["sh", "-c", "\n".join(pasted)], text=True)

    assert json.loads(answer)["err_tips"] == "success"


def test_a_line_for_each_request(tmp_path: Path) -> None:
    """Each request is one line: its number, when, what, endpoint, app, person, verdict, why."""
    with serve(tmp_path) as served:
        served.login(*DEMO)
        served.login(PROGRAM.client_key, "wrong")
        served.login("ttnobody", "x", code="y")
        httpx.get(f"{served.url}/api/apps/v9/token")
        served.prints("/api/apps/v9/token")
        lines = served.out.split("lists the commands to use meanwhile.\n\n")[1].splitlines()

    call = "POST /api/apps/v2/jscode2session  → mini_program.code_to_session"
    code, good, _, refused, stranger, lost = (line[6:] for line in lines)
    assert [line[:6] for line in lines] == [f"#{number}    " for number in range(1, 7)]
    assert re.fullmatch(r"\d\d:\d\d:\d\d\+08", good[:11])
    assert code[13:] == "phone.login  小明 calls tt.login in mini_program"
    assert good[13:] == f"{call}  {PROGRAM.client_key}  小明  ok"
    assert refused[13:].startswith(f"{call}  {PROGRAM.client_key}  refused 40017 bad secret: ")
    assert stranger[13:].startswith(f"{call}  refused 40015 bad appid: no app has the key")
    assert "`--app ttnobody:SECRET` to register it" in stranger
    assert "`--accept-unknown` to admit any" in stranger
    assert lost[13:].startswith("GET /api/apps/v9/token  unknown HTTP 404: no endpoint")


def test_lines_of_a_clock_that_was_moved(tmp_path: Path) -> None:
    """Where the world's clock was moved, a line has the day too, and says so."""
    with serve(tmp_path) as served:
        httpx.post(f"{served.url}/_mock/clock/freeze", json={"at": "2026-01-02T03:04:05+08:00"})
        served.login(*DEMO)
        served.prints("code_to_session")

    moved = "2026-01-02 03:04:05+08 (moved)"
    assert f"\n#1    {moved}  clock.freeze  the clock stops at 2026-01-02T03:04:05" in served.out
    assert f"\n#3    {moved}  POST /api/apps/v2/jscode2session" in served.out


def test_unknown_codes_spread_over_people(tmp_path: Path) -> None:
    """`--people` spreads unknown codes over so many; alone it is refused."""
    with serve(tmp_path, "--accept-unknown", "--people", "3") as served:
        logins = [served.login("ttany", "any", code=f"real-{n}").json() for n in range(40)]

    assert len({login["data"]["openid"] for login in logins}) == 3
    alone = run("serve", "--people", "3")
    assert (alone.returncode, alone.stdout) == (2, "")
    assert "--people needs --accept-unknown: it spreads unknown codes" in alone.stderr


def test_the_port_of_the_proxy_is_named(tmp_path: Path) -> None:
    """The error for a taken proxy port names the option that chooses it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", "0", "--intercept", "--proxy-port", port, cwd=tmp_path)

    assert done.returncode == 2
    assert "take another (--proxy-port 0 takes a free one)" in done.stderr


def test_no_line_tells_a_secret(tmp_path: Path) -> None:
    """Secrets, session keys and phone numbers stay out, and nothing steers the terminal."""
    with serve(tmp_path, "--app", "ttmine:5ecre7of7h3user") as served:
        key = served.login("ttmine", "5ecre7of7h3user").json()["data"]["session_key"]
        httpx.get(f"{served.url}/x/13800138000/5ecre7of7h3user/%1b%5b31m%0afake")
        served.prints("fake")
        out = served.out

    assert key not in out
    assert "13800138000" not in out
    assert "5ecre7of7h3user" not in out
    assert r"GET /x/***/***/\x1b[31m\nfake" in out


def test_other_worlds_are_told_apart(tmp_path: Path) -> None:
    """A request to another world is printed with the world's name."""
    with serve(tmp_path) as served:
        httpx.post(f"{served.url}/_mock/worlds", json={"name": "mine"})
        client_token(f"{served.url}/@mine")
        served.prints("  [mine]  POST /oauth/client_token/  → oauth.client_token  ")


def test_quiet(tmp_path: Path) -> None:
    """With --quiet nothing is printed but errors: a broken scenario is one."""
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\n")
    with serve(tmp_path, "--quiet", "--scenario", "mine.yaml") as served:
        served.login(*DEMO)
        httpx.get(f"{served.url}/nowhere")
        mine.write_text("name: mine\nrulse: []\n")
        served.complains("did you mean rules?")
        mine.write_text("name: mine\nrules: [{on: client_token, error: 10003}]\n")
        until(lambda: client_token(served.url) == 10003, "the new rule")

    assert served.out == ""


def test_a_changed_file_is_loaded_again(tmp_path: Path) -> None:
    """A scenario that changes takes effect; what was issued stays, and so do --app's apps."""
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\n")
    with serve(tmp_path, "--scenario", "mine.yaml", "--app", "ttmine:s") as served:
        code = httpx.post(f"{served.url}/_mock/phone/login").json()["code"]
        mine.write_text("name: mine\nrules: [{on: client_token, error: 10003}]\n")
        served.prints("mine.yaml changed: reloaded")

        assert client_token(served.url) == 10003
        assert served.login("ttmine", "s", code).json()["err_no"] == 0


def test_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    """Each mistake of a changed file is printed with its place; the last good version stays."""
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nrules: [{on: client_token, error: 10003}]\n")
    with serve(tmp_path, "--scenario", "mine.yaml") as served:
        mine.write_text("name: mine\nrulse: []\npeople: 5\n")
        served.complains("mine.yaml:3:")

        first, second, third = served.err.splitlines()
        assert first == "mockdouyin: mine.yaml is broken; what was loaded before stays:"
        assert second.startswith("mine.yaml:2:1: ")
        assert third.startswith("mine.yaml:3:")
        assert client_token(served.url) == 10003

        mine.unlink()
        mine.write_text("name: mine\n")
        served.prints("mine.yaml changed: reloaded")
        assert client_token(served.url) == 0


def test_what_is_extended_is_watched_too(tmp_path: Path) -> None:
    """A change of the file that a scenario extends is seen."""
    base, mine = tmp_path / "base.yaml", tmp_path / "mine.yaml"
    base.write_text("name: base\n")
    mine.write_text("name: mine\nextends: base.yaml\n")
    with serve(tmp_path, "--scenario", "mine.yaml") as served:
        base.write_text("name: base\nrules: [{on: client_token, error: 10003}]\n")
        served.prints("base.yaml changed: reloaded")

        assert client_token(served.url) == 10003


def test_a_scenario_with_mistakes_is_not_served(tmp_path: Path) -> None:
    """At the start every mistake is printed with its place, and nothing is served."""
    (tmp_path / "bad.yaml").write_text("name: bad\nrulse: []\npeople: 5\n")

    result = run("serve", "--port", "0", "--scenario", "bad.yaml", cwd=tmp_path)

    assert result.returncode == 2
    head, *mistakes = result.stderr.splitlines()
    assert head == "mockdouyin: 2 mistakes:"
    assert [line.rpartition(": ")[0][:11] for line in mistakes] == ["bad.yaml:2:", "bad.yaml:3:"]


def test_built_in_scenarios_by_name(tmp_path: Path) -> None:
    """A scenario that ships is started by its name, and says what it is about."""
    with serve(tmp_path, "--scenario", "53030") as served:
        served.prints("Scenario 53030: ")
        assert served.login(*DEMO).json()["err_no"] == 53030


def test_a_scenario_is_told_in_the_reader_s_language(tmp_path: Path) -> None:
    """What it is about stands in Chinese where the rest does."""
    with serve(tmp_path, "--scenario", "payment-cancelled", MOCKDOUYIN_LANG="zh") as served:
        served.prints("  场景 payment-cancelled：用户第一次打开收银台就取消")


def test_events_are_announced(tmp_path: Path) -> None:
    """A scenario with events says how many will be sent."""
    (tmp_path / "timed.yaml").write_text(
        "name: timed\nevents: [{after: 5s, send: create_video}]\n"
    )
    with serve(tmp_path, "--scenario", "timed.yaml") as served:
        served.prints("1 event of the scenario will be sent when due.")


def test_accept_unknown(tmp_path: Path) -> None:
    """--accept-unknown lets any app key in, and logs any code in."""
    with serve(tmp_path, "--accept-unknown") as served:
        data = served.login("tt0123456789abcdef01", "its real secret", "its real code").json()

        assert data["err_no"] == 0
        served.prints("Any app key")


def test_seed(tmp_path: Path) -> None:
    """The same seed gives the same ids in another process, another seed gives others."""
    open_ids = []
    for number, seed in enumerate(("7", "7", "8")):
        with serve(tmp_path / str(number), "--quiet", "--seed", seed) as served:
            open_ids.append(served.login(*DEMO).json()["data"]["openid"])

    assert open_ids[0] == open_ids[1] != open_ids[2]


def test_a_port_in_use() -> None:
    """A taken port is one line with what to do, and exit code 2."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))

    assert result.returncode == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"mockdouyin: cannot listen on 127.0.0.1:{port}: the port is in use;")
    assert "--port 0" in line


def test_everywhere_is_reached_by_loopback(tmp_path: Path) -> None:
    """A server on every address is announced by one that a client can use."""
    with serve(tmp_path, "--host", "0.0.0.0") as served:
        assert served.url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{served.url}/_mock/health").status_code == 200


def test_it_goes_on_when_nobody_reads(tmp_path: Path) -> None:
    """A console that is gone (`serve | head -1`) takes nothing else with it."""
    ready = tmp_path / "ready.json"
    args = [*COMMAND, "serve", "--port", "0", "--ready-file", str(ready)]
    process = subprocess.Popen(args, stdout=subprocess.PIPE, env=environment())
    try:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        until(ready.exists, "the ready file")
        url = json.loads(ready.read_text())["url"]
        for _ in range(3):
            assert client_token(url) == 0
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_on_a_terminal(tmp_path: Path, more: dict[str, str], coloured: bool) -> None:
    """A terminal gets colours, unless its user has declined them."""
    ready, (reader, writer) = tmp_path / "ready.json", pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--ready-file", str(ready)],
        stdout=writer,
        env=environment(TERM="xterm", **more),
    )
    try:
        os.close(writer)
        until(ready.exists, "the ready file")
        client_token(json.loads(ready.read_text())["url"])
        seen = b""
        while b"  ok" not in re.sub(rb"\x1b\[\d+m", b"", seen):
            assert select.select([reader], [], [], 20)[0], seen
            seen += os.read(reader, 65536)
    finally:
        process.kill()
        process.wait()
        os.close(reader)

    assert (b"\x1b[32mok\x1b[0m" in seen) is coloured
    assert (b"\x1b[" in seen) is coloured


def test_a_pipe_gets_no_colour(tmp_path: Path) -> None:
    """What is not read on a terminal has no colours in it."""
    with serve(tmp_path) as served:
        client_token(served.url)
        served.prints("  ok\n")
        assert "\x1b[" not in served.out


def test_unused_worlds_go(tmp_path: Path) -> None:
    """With --world-age a world that nobody uses is dropped, and the console tells."""
    with serve(tmp_path, "--world-age", "1s") as served:
        httpx.post(f"{served.url}/_mock/worlds", json={"name": "left"})
        assert httpx.get(f"{served.url}/_mock/worlds").json()["count"] == 2

        served.prints("dropped 1 world that nobody used for long; 1 left")

        [left] = httpx.get(f"{served.url}/_mock/worlds").json()["worlds"]
    assert left["world"] == "default"


@pytest.mark.parametrize(
    ("age", "says"),
    [("1ms", "1s is the shortest; `never` keeps them all"), ("soon", "'soon' is not a duration")],
)
def test_a_world_has_some_time(age: str, says: str) -> None:
    """An age that is too short, or is none, is refused before anything starts."""
    assert says in complaint_of("serve", "--world-age", age)
