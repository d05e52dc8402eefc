"""`scenarios use`, and what becomes of a switched scenario: a changed file, a restart."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, json_of, lines_of
from tests.cli.shell import Served, serve
from tests.support.helpers import WEB_CLIENT

STORY = """
name: story
people: {丁: {city: 上海}}
settings: {seed: 9}
rules:
  - {on: client_token, error: 10003, times: 1, delay: 1ms}
"""


def client_token(url: str) -> int:
    """Ask for a client token, and return the error's number, or 0."""
    fields = {**WEB_CLIENT, "grant_type": "client_credential"}
    answer = httpx.post(f"{url}/oauth/client_token/", json=fields).json()
    code: int = answer["data"]["error_code"]
    return code


def in_force(served: Served) -> str:
    """Return the name of the scenario that a server's world has."""
    name: str = httpx.get(f"{served.url}/_mock/scenario").json()["scenario"]
    return name


def use(served: Served, name: str | None) -> None:
    """Switch the default world to a scenario."""
    httpx.put(f"{served.url}/_mock/scenario", json={"scenario": name}).raise_for_status()


def test_use(server: ThreadedServer, tmp_path: Path) -> None:
    """A built-in scenario by name, a file of one's own by its content; what stays is told."""
    file = tmp_path / "mine.yaml"
    (tmp_path / "base.yaml").write_text(STORY, encoding="utf-8")
    file.write_text("name: mine\nextends: base.yaml\n")

    assert lines_of("scenarios", "use", "flaky-login") == [
        "world 'default' has the scenario flaky-login now; rules: 2"
    ]
    assert lines_of("scenarios", "use", str(file)) == [
        "world 'default' has the scenario mine now; rules: 1",
        "the seed stays 0, not 9: all that was issued derives from it",
    ]
    assert [client_token(server.url), client_token(server.url)] == [10003, 0]
    assert lines_of("scenarios", "use", "default", "--lang", "zh") == [
        "世界 'default' 已切换到场景 default，规则 0 条"
    ]
    assert "丁" in server.sandbox.default.people
    assert json_of("scenarios", "use", str(file), "--json")["rules"] == 1


@pytest.mark.usefixtures("server")
def test_use_of_nothing(tmp_path: Path) -> None:
    """A name that is none is answered with the nearest; mistakes in a file are those of lint."""
    near = "no scenario 'flaky-logn'; did you mean flaky-login?"
    assert complaint_of("scenarios", "use", "flaky-logn") == near
    missing = "there is no scenario file 'no-such.yaml'"
    assert complaint_of("scenarios", "use", "no-such.yaml") == missing
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: bad\nrulse: []\n")
    assert "did you mean rules?" in complaint_of("scenarios", "use", str(bad))
    assert "no world 'nowhere'" in complaint_of(
        "scenarios", "use", "default", "--world", "nowhere"
    )


def test_a_world_of_its_own(server: ThreadedServer) -> None:
    """--world names the world; the others stay as they are."""
    server.sandbox.worlds.create("mine")

    lines_of("scenarios", "use", "login-code-expired", "--world", "mine")

    found = {world.name: world.scenario.name for world in server.sandbox.worlds}
    assert found == {"default": "default", "mine": "login-code-expired"}


def test_a_changed_file_waits(tmp_path: Path) -> None:
    """While another scenario is on, a change of the server's file is there to go back to."""
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: story\n")
    with serve(tmp_path, "--scenario", "mine.yaml") as served:
        assert httpx.get(f"{served.url}/_mock/scenario").json()["listed"] == "mine.yaml"
        use(served, "flaky-login")
        mine.write_text("name: story\nrules: [{on: client_token, error: 10003}]\n")
        served.prints("mine.yaml changed: the scenario stays flaky-login")
        assert (in_force(served), client_token(served.url)) == ("flaky-login", 0)

        use(served, "mine.yaml")

        assert (in_force(served), client_token(served.url)) == ("story", 10003)
        mine.write_text("name: story\n")
        served.prints("mine.yaml changed: reloaded")
        assert client_token(served.url) == 0


def test_it_is_there_after_a_restart(tmp_path: Path) -> None:
    """A server with a state file goes on with the scenario that it was switched to."""
    (tmp_path / "mine.yaml").write_text("name: story\n")
    given = ("--scenario", "mine.yaml", "--app", "ttmine:s", "--state", "state")
    with serve(tmp_path, *given) as served:
        use(served, "client-token-rate-limited")
        assert client_token(served.url) == 10020
        served.stop()
    with serve(tmp_path, *given) as served:
        found = httpx.get(f"{served.url}/_mock/scenario").json()
        assert (found["scenario"], found["began_with"]) == ("client-token-rate-limited", "story")
        assert [client_token(served.url) for _ in range(3)] == [10020, 10020, 0]
        assert served.login("ttmine", "s").json()["err_no"] == 0
        served.stop()
    with serve(tmp_path, "--scenario", "flaky-login", "--state", "state") as served:
        assert in_force(served) == "flaky-login"
