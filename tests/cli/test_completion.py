"""Completion: what a shell shows after Tab."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mockdouyin.cli import COMMANDS
from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import COMMAND, environment, run
from tests.support.helpers import need
from tests.support.ports import free_port

NOBODY = "http://127.0.0.1:9"
"""Where no server is."""


def complete(line: str, url: str = NOBODY, shell: str = "bash") -> list[str]:
    """Return what completes the last word of a line, as a shell asks for it."""
    words = line.split(" ")
    count = str(len(words) - 1)
    done = run(
        COMP_WORDS=line,
        COMP_CWORD=words[-1] if shell == "fish" else count,
        _MOCKDOUYIN_COMPLETE=f"{shell}_complete",
        MOCKDOUYIN_URL=url,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def values(line: str, url: str = NOBODY) -> list[str]:
    """Return the words that complete a line."""
    rows = (row.split(",", 1) for row in complete(line, url))
    return [value for kind, value in rows if kind == "plain"]


def test_commands() -> None:
    """Every command, or those that begin so; options too."""
    assert values("mockdouyin ") == list(COMMANDS)
    assert values("mockdouyin sc") == ["scenarios"]
    assert values("mockdouyin --v") == ["--version"]
    assert values("mockdouyin clock ") == ["show", "advance", "due", "freeze", "resume", "back"]
    assert "--intercept" in values("mockdouyin serve --int")


def test_a_name_is_completed_without_its_command() -> None:
    """Names of commands are completed at once: no command and no part of the server is loaded."""
    program = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n"
        "from mockdouyin.cli import main\n"
        "main()\n"
    )
    asked = {"COMP_WORDS": "mockdouyin s", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(_MOCKDOUYIN_COMPLETE="bash_complete", **asked),
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = done.stderr.split()
    assert "plain,serve" in done.stdout
    assert "mockdouyin.cli" in loaded
    assert [
        name for name in loaded if name.startswith("mockdouyin.cli.") and "._" not in name
    ] == []
    assert {"asyncio", "mockdouyin.endpoints", "mockdouyin.sandbox"} & set(loaded) == set()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("mockdouyin serve --scenario flaky-l", ["flaky-login"]),
        ("mockdouyin serve --scenario=flaky-l", ["flaky-login"]),
        ("mockdouyin scenarios use flaky-l", ["flaky-login"]),
        ("mockdouyin scenarios show flaky-l", ["flaky-login"]),
        ("mockdouyin errors code_to", ["code_to_session", "code_to_session_v1"]),
        ("mockdouyin journal --endpoint oauth.refresh_t", ["oauth.refresh_token"]),
        ("mockdouyin rule add --on client_to", ["client_token"]),
        ("mockdouyin rule add --on client_token --error bad_client_s", ["bad_client_secret"]),
        ("mockdouyin rule add --on client_token --error 1000", ["10001", "10002", "10003"]),
        ("mockdouyin rule add --error bad", []),
        ("mockdouyin rule add --fault ha", ["hang"]),
        ("mockdouyin trigger create_v", ["create_video"]),
        ("mockdouyin phone getUserP", ["getUserProfile"]),
        ("mockdouyin phone call getUserP", ["getUserProfile"]),
        ("mockdouyin phone ans", ["answer"]),
        ("mockdouyin code --lang ", ["zh", "en"]),
    ],
)
def test_names_that_need_no_server(line: str, found: list[str]) -> None:
    """Scenarios, endpoints, errors, events and tt APIs are completed by their beginnings."""
    assert [each for each in values(line) if each in found or not found] == found
    assert all(each.startswith(line.split(" ")[-1].rpartition("=")[2]) for each in values(line))


def test_a_scenario_may_be_a_file() -> None:
    """Where a scenario is named, a shell is told to complete files too."""
    assert complete("mockdouyin serve --scenario my")[0] == "file,my"
    assert complete("mockdouyin scenarios show my") == []


def test_names_of_a_running_server(server: ThreadedServer) -> None:
    """The people, apps and worlds of the running server are completed."""
    httpx.post(f"{server.url}/_mock/worlds", json={"name": "billing"}).raise_for_status()
    assert values("mockdouyin code --person 小", server.url) == ["小明", "小红"]
    assert values("mockdouyin phone getLocation --person A", server.url) == ["Anna"]
    assert values("mockdouyin people 老", server.url) == ["老王"]
    assert values("mockdouyin code --app w", server.url) == ["web"]
    assert values("mockdouyin journal --world b", server.url) == ["billing"]
    assert values(f"mockdouyin code --url {server.url} --person A") == ["Anna"]


def test_no_server() -> None:
    """Without a server nothing is completed, and nothing complained of."""
    assert complete("mockdouyin code --person 小", f"http://127.0.0.1:{free_port()}") == []
    assert complete("mockdouyin code --person 小", "not a URL") == []


BASH = """
eval "$(_MOCKDOUYIN_COMPLETE=bash_source mockdouyin)"
complete -p mockdouyin
COMP_WORDS=(mockdouyin scen) COMP_CWORD=1
_mockdouyin_completion mockdouyin
echo "${COMPREPLY[@]}"
"""


def test_bash_itself(tmp_path: Path) -> None:
    """The line of docs/install.md defines the completion in Bash, and it works there."""
    bash = shutil.which("bash")
    need(bash, "apt-get install bash")
    command = tmp_path / "mockdouyin"
    command.write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n')
    command.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(bash), "--norc", "-c", BASH],
        env=environment(PATH=path),
        capture_output=True,
        text=True,
        check=True,
    )

    defined, completed = done.stdout.splitlines()
    assert defined == "complete -o nosort -F _mockdouyin_completion mockdouyin"
    assert completed == "scenarios"


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells(shell: str) -> None:
    """Zsh and fish are given a script of theirs, and the names."""
    script = run(_MOCKDOUYIN_COMPLETE=f"{shell}_source").stdout
    assert f"_MOCKDOUYIN_COMPLETE={shell}_complete" in script
    assert "scenarios" in "\n".join(complete("mockdouyin scen", shell=shell))


def test_the_page_has_the_lines() -> None:
    """docs/install.md and its twin give one line for each shell."""
    docs = Path(__file__).resolve().parents[2] / "docs"
    for page in ("install.md", "install.zh.md"):
        text = (docs / page).read_text(encoding="utf-8")
        for shell in ("bash", "zsh", "fish"):
            assert text.count(f"_MOCKDOUYIN_COMPLETE={shell}_source mockdouyin") == 1
