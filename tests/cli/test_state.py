"""`serve --state`: what was issued, set and sent survives a restart."""

from __future__ import annotations

import os
import resource
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import complaint_of
from tests.cli.shell import Served, run, serve
from tests.support.helpers import PROGRAM, WEB, WEB_CLIENT
from tests.support.receivers import Receiver, says
from tests.support.waiting import until

OFTEN = ("--state-every", "100ms")


def operate(served: Served, method: str, path: str, **body: Any) -> Any:
    """Execute an operation, which should succeed."""
    answer = httpx.request(method, f"{served.url}/_mock{path}", json=body, timeout=20)
    assert answer.status_code < 300, answer.text
    return answer.json()


def refresh_token(served: Served) -> str:
    """Consent as the first person, exchange the code, and return the refresh token."""
    code = operate(served, "POST", "/oauth/authorize")["code"]
    fields = {**WEB_CLIENT, "code": code, "grant_type": "authorization_code"}
    answer = httpx.post(f"{served.url}/oauth/access_token/", json=fields).json()["data"]
    return str(answer["refresh_token"])


def is_good(served: Served, token: str) -> bool:
    """Return whether a refresh token is accepted."""
    fields = {
        "client_key": WEB.client_key,
        "grant_type": "refresh_token",
        "refresh_token": token,
    }
    answer = httpx.post(f"{served.url}/oauth/refresh_token/", data=fields).json()["data"]
    return bool(answer["error_code"] == 0)


def number_in(log_id: str) -> int:
    """Return the number of an exchange, which its log id ends with."""
    return int(log_id[-12:], 16)


def written(state: Path, text: str) -> None:
    """Wait until the file holds this."""
    until(lambda: state.exists() and text.encode() in state.read_bytes(), f"{text} in the file")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_refresh_token_survives_a_stop(tmp_path: Path, number: signal.Signals) -> None:
    """What was issued a moment before the server was stopped is good in the next one."""
    with serve(tmp_path, "--state", "state", "--state-every", "1h", "--quiet") as served:
        token = refresh_token(served)
        assert served.stop(number) == 0
        assert served.out + served.err == ""
    with serve(tmp_path, "--state", "state") as served:
        assert is_good(served, token)
        served.prints("State: continued from state, with 1 world and ")


def test_a_refresh_token_survives_a_kill(tmp_path: Path) -> None:
    """What is older than the interval is good after a kill, and the lock is free."""
    with serve(tmp_path, "--state", "state", *OFTEN) as served:
        token = refresh_token(served)
        written(tmp_path / "state", token)
        assert served.stop(signal.SIGKILL) == -signal.SIGKILL
    with serve(tmp_path, "--state", "state") as served:
        assert is_good(served, token)


def test_numbers_go_on(tmp_path: Path) -> None:
    """A log id never comes twice, though the journal begins empty."""
    seen = []
    for _ in range(3):
        with serve(tmp_path, "--state", "state") as served:
            operate(served, "POST", "/clock/freeze", at="2026-11-20T12:00:00+08:00")
            seen += [served.login(PROGRAM.client_key, "wrong").headers["x-tt-logid"] for _ in "ab"]
            exchanges = operate(served, "GET", "/journal")["exchanges"]
            assert [each["id"] for each in exchanges] == [*map(number_in, seen[-2:])]
            served.stop()

    assert len(set(seen)) == 6
    numbers = [*map(number_in, seen)]
    assert numbers == sorted(set(numbers))


def test_worlds_come_back(tmp_path: Path) -> None:
    """A world made over the control API is restored: rules and counts, people, apps, clock."""
    with serve(tmp_path, "--state", "state") as served:
        made = operate(served, "POST", "/worlds", name="w", seed=3)
        app = made["apps"][0]
        operate(served, "POST", "/worlds/w/rules", on="code_to_session", error=40018, times=2)
        operate(served, "POST", "/worlds/w/people", name="丁", city="北京")
        operate(served, "PATCH", "/worlds/w/settings", limits="enforce")
        operate(served, "PATCH", f"/worlds/w/apps/{app['client_key']}", scopes=["user_info"])
        operate(served, "POST", "/worlds/w/clock/freeze", at="2027-01-01T00:00:00+08:00")
        served.login(app["client_key"], app["client_secret"], "x")
        before = {p: operate(served, "GET", f"/worlds/w/{p}") for p in SHOWN}
        served.stop()
    with serve(tmp_path, "--state", "state") as served:
        assert {p: operate(served, "GET", f"/worlds/w/{p}") for p in SHOWN} == before
        (rule,) = before["rules"]["rules"]
        assert (rule["hits"], before["clock"]["frozen"]) == (1, True)
        for _ in range(3):
            served.login(app["client_key"], app["client_secret"], "x")
        (rule,) = operate(served, "GET", "/worlds/w/rules")["rules"]
        assert (rule["hits"], rule["seen"]) == (2, 4)


SHOWN = ("apps", "people", "settings", "rules", "clock", "deliveries")


def test_a_dropped_world_stays_away(tmp_path: Path) -> None:
    """A world that was dropped is not there again, and no fresh name comes twice."""
    with serve(tmp_path, "--state", "state") as served:
        name = operate(served, "POST", "/worlds")["world"]
        operate(served, "DELETE", f"/worlds/{name}")
        served.stop()
    with serve(tmp_path, "--state", "state") as served:
        assert len(operate(served, "GET", "/worlds")["worlds"]) == 1
        assert operate(served, "POST", "/worlds")["world"] != name


def test_time_goes_on(tmp_path: Path) -> None:
    """A clock that runs ahead is as far ahead as before."""
    with serve(tmp_path, "--state", "state") as served:
        operate(served, "POST", "/clock/advance", by="400d")
        before = operate(served, "GET", "/clock")["now"]
        served.stop()
    with serve(tmp_path, "--state", "state") as served:
        after = operate(served, "GET", "/clock")

    assert before <= after["now"] < f"{int(before[:4]) + 1}"
    assert not after["frozen"]


def test_what_waits_is_sent(tmp_path: Path) -> None:
    """A webhook that waits, and what a scenario lets happen later, are sent by the next server."""
    story = tmp_path / "story.yaml"
    with Receiver(says("ok")) as receiver:
        story.write_text(
            "name: story\n"
            f'apps: {{shop: {{kind: web, webhook: {{url: "{receiver.url}"}}}}}}\n'
            "settings: {webhook_delay: 1h}\n"
            "events: [{after: 2h, send: create_video}]\n"
        )
        given = ("--scenario", "story.yaml", "--state", "state")
        with serve(tmp_path, *given) as served:
            operate(served, "POST", "/acts/follow", app="shop")
            served.stop()
        assert receiver.received == []
        with serve(tmp_path, *given) as served:
            operate(served, "POST", "/clock/advance", by="5h")
            (secret,) = [
                app["client_secret"]
                for app in operate(served, "GET", "/apps")["apps"]
                if app["name"] == "shop"
            ]
            served.stop()
        with serve(tmp_path, *given) as served:
            operate(served, "POST", "/clock/advance", by="5h")

    events = [heard.payload["event"] for heard in receiver.received]
    assert events == ["new_follow_action", "create_video"]
    assert all(heard.is_signed(secret) for heard in receiver.received)


def test_what_fell_due_meanwhile_is_sent(tmp_path: Path) -> None:
    """What fell due while no server ran is sent by the next one, with nobody asking."""
    with Receiver(says("ok")) as receiver:
        web = {"url": receiver.url}
        with serve(tmp_path, "--state", "state") as served:
            operate(served, "PATCH", f"/apps/{WEB.client_key}", webhook=web, verify=False)
            operate(served, "PATCH", "/settings", webhook_delay="500ms")
            operate(served, "POST", "/acts/follow")
            served.stop()
        with serve(tmp_path, "--state", "state"):
            until(lambda: receiver.received, "the webhook")

    assert receiver.only.payload["event"] == "new_follow_action"


def test_an_unchanged_scenario_changes_nothing(tmp_path: Path) -> None:
    """What was set at run time stays, as in a server that was never stopped."""
    key, late = f"/apps/{PROGRAM.client_key}", {"nickname": "late"}
    with serve(tmp_path, "--scenario", "flaky-login", "--state", "state") as served:
        operate(served, "PATCH", key, webhook={"url": "http://127.0.0.1:9/"}, verify=False)
        operate(served, "PATCH", "/people/小明", **late)
        operate(served, "PATCH", "/settings", limits="enforce")
        operate(served, "DELETE", "/rules")
        served.stop()
    with serve(tmp_path, "--scenario", "flaky-login", "--state", "state") as served:
        app = next(
            a for a in operate(served, "GET", "/apps")["apps"] if a["name"] == "mini_program"
        )
        assert app["webhook"]["url"] == "http://127.0.0.1:9/"
        assert operate(served, "GET", "/people")["people"][0]["nickname"] == "late"
        assert operate(served, "GET", "/settings")["settings"]["limits"] == "enforce"
        assert operate(served, "GET", "/rules")["rules"] == []


def test_a_changed_scenario_is_loaded(tmp_path: Path) -> None:
    """Apps, people, rules and settings are replaced by name, what was issued stays."""
    story = tmp_path / "story.yaml"
    story.write_text("name: a\npeople: {甲: {city: 北京}, 乙: {}}\n")
    given = ("--scenario", "story.yaml", "--state", "state")
    with serve(tmp_path, *given) as served:
        token = refresh_token(served)
        rule = operate(served, "POST", "/rules", on="client_token", error=10003)
        served.stop()
    story.write_text(
        "name: b\npeople: {甲: {city: 上海}}\nrules: [{on: user_info, error: 2190008}]\n"
    )
    with serve(tmp_path, *given, "--app", "ttmine:s", "--accept-unknown") as served:
        assert is_good(served, token)
        people = {p["name"]: p["city"] for p in operate(served, "GET", "/people")["people"]}
        assert people["甲"] == "上海"
        assert "乙" in people
        rules = operate(served, "GET", "/rules")["rules"]
        assert rules[0] == rule
        assert [each["on"] for each in rules] == ["client_token", "user_info"]
        assert operate(served, "GET", "/settings")["settings"]["unknown_apps"] == "accept"
        assert served.login("ttmine", "s").json()["err_no"] == 0


def test_another_seed_is_refused(tmp_path: Path) -> None:
    """A seed that is not the file's is refused, and the file stays; its own may be said again."""
    with serve(tmp_path, "--state", "state", "--seed", "5") as served:
        served.stop()
    before = (tmp_path / "state").read_bytes()

    refused = run("serve", "--port", "0", "--state", "state", "--seed", "6", cwd=tmp_path)

    assert refused.returncode == 2
    assert "--seed 6: the state in state has seed 5" in refused.stderr
    assert (tmp_path / "state").read_bytes() == before
    with serve(tmp_path, "--state", "state", "--seed", "5") as served:
        assert operate(served, "GET", "/worlds")["worlds"][0]["seed"] == 5


DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut": (lambda data: data[:-1], "cut short or damaged"),
    "empty": (lambda data: b"", "cut short or damaged"),
    "turned": (lambda data: data[:99] + bytes([data[99] ^ 1]) + data[100:], "its checksum is"),
    "later": (lambda data: data.replace(b"state 1", b"state 2", 1), "by another version of"),
    "other": (lambda data: b"SQLite format 3\0", "is not a state file of mockdouyin"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_set_aside(tmp_path: Path, damage: str) -> None:
    """It is named and moved to a name that nothing has, and the server begins anew."""
    spoil, says = DAMAGES[damage]
    state = tmp_path / "state"
    with serve(tmp_path, "--state", "state") as served:
        token = refresh_token(served)
        served.stop()
    spoilt = spoil(state.read_bytes())
    for aside in ("state.damaged", "state.damaged.1"):
        state.write_bytes(spoilt)
        with serve(tmp_path, "--state", "state", "--quiet") as served:
            (line,) = served.err.splitlines()
            assert line.startswith("mockdouyin: --state state: it ")
            assert says in line
            assert f"moved to {aside}, and the state is new" in line
            assert not is_good(served, token)
            assert served.stop() == 0

    assert (tmp_path / "state.damaged").read_bytes() == spoilt
    with serve(tmp_path, "--state", "state") as served:
        assert served.err == ""


def test_a_second_server_is_refused(tmp_path: Path) -> None:
    """Two servers cannot have one file; the second says so and touches nothing."""
    with serve(tmp_path, "--state", "state") as served:
        second = run("serve", "--port", "0", "--state", "state", cwd=tmp_path)
        assert second.returncode == 2
        assert second.stderr == (
            "mockdouyin: --state state: another server has this file; give each one of its own\n"
        )
        assert served.stop() == 0


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """The file holds secrets: nobody else can read it, whatever it was before."""
    state = tmp_path / "state"
    with serve(tmp_path, "--state", "state") as served:
        served.stop()
    state.chmod(0o644)
    with serve(tmp_path, "--state", "state") as served:
        refresh_token(served)
        served.stop()

    assert stat.S_IMODE(state.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Where the name is a link, what it leads to is written."""
    (tmp_path / "far").mkdir()
    (tmp_path / "state").symlink_to("far/real")
    with serve(tmp_path, "--state", "state") as served:
        served.stop()

    assert (tmp_path / "state").is_symlink()
    assert (tmp_path / "far" / "real").stat().st_size > 100


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """A failed write is printed once; the old file stays until there is room."""
    state = tmp_path / "state"
    with serve(tmp_path, "--state", "state", "--state-every", "10ms", "--quiet") as served:
        until(state.exists, "the file")
        _, hard = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (4096, hard))
        token = refresh_token(served)
        served.complains("the state was not written to state: File too large")
        assert token.encode() not in state.read_bytes()
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        written(state, token)
        assert len(served.err.splitlines()) == 1
        assert not (tmp_path / "state.part").exists()


def test_a_last_write_that_fails_is_told(tmp_path: Path) -> None:
    """A server that could not keep its state ends with exit code 2 and says so."""
    with serve(tmp_path, "--state", "state", "--state-every", "1h", "--quiet") as served:
        until((tmp_path / "state").exists, "the file")
        before = (tmp_path / "state").read_bytes()
        refresh_token(served)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (4096, 4096))
        assert served.stop() == 2
        assert served.err == "mockdouyin: the state was not written to state: File too large\n"

    assert (tmp_path / "state").read_bytes() == before


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    """A folder that is not there, a folder, and an interval without a file or of nothing."""
    nowhere = tmp_path / "no" / "state"

    assert complaint_of("serve", "--state", str(nowhere)) == (
        f"--state {nowhere}: there is no such folder"
    )
    assert "it is a folder, not a regular file" in complaint_of("serve", "--state", str(tmp_path))
    assert "give both" in complaint_of("serve", "--state-every", "1s")
    often = complaint_of("serve", "--state", str(tmp_path / "s"), "--state-every", "0s")
    assert "10ms is the shortest" in often
    assert os.listdir(tmp_path) == []
