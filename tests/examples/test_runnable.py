"""Every file of examples/ does what its README says, as a user starts it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from mockdouyin.scenario import Scenario
from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import ROOT, environment, run
from tests.support.backends import run_program, under_run
from tests.support.helpers import need

EXAMPLES = ROOT / "examples"
OPENID = r"openid [\w-]{36}"
DONE = {
    "mini_program.py": (
        sys.executable,
        rf"{OPENID}\nsignature right\nnickname 小明同学\nphone 13800138000\n",
    ),
    "MiniProgram.java": ("java", rf"{OPENID}\nnickname 小明同学\n"),
    "login_library.php": ("php", rf"{OPENID}\n"),
    "open_platform.mjs": ("node", r"nickname 小明同学\nthe same token while it lives: true\n"),
    "share_h5.py": (sys.executable, r"the Douyin app takes the link: True\nvideo @\S+\n"),
}


def by_hand(host: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Return what examples/ecpay.py did, with its output."""
    return subprocess.run(
        [sys.executable, str(EXAMPLES / "ecpay.py"), *args],
        env=environment(ECPAY_HOST=host),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_payment_call_by_hand_that_goes_wrong() -> None:
    """A call that is misspelled, and a platform that is not there, are told in words."""
    with ThreadedServer() as server:
        wrong = by_hand(server.url, "create_ordr", "out_order_no=1")
    away = by_hand("http://127.0.0.1:9", "query_order", "out_order_no=1")

    assert "did you mean POST /api/apps/ecpay/v1/create_order?" in wrong.stderr
    assert re.fullmatch(r"http://127.0.0.1:9: .*refused.*\n", away.stderr)
    assert "out_order_no=ORDER-1" in by_hand("").stderr
    assert wrong.returncode == away.returncode == 1


@pytest.mark.parametrize("name", DONE)
def test_a_backend_under_run(name: str) -> None:
    """The backend calls Douyin's own addresses, and prints what came of it."""
    runtime, printed = DONE[name]
    need(shutil.which(runtime), runtime)

    done = under_run(runtime, str(EXAMPLES / name))

    assert re.fullmatch(printed, done.stdout), done.stdout + done.stderr


def test_a_login_that_is_refused() -> None:
    """The scenario 53030 makes the login service raise its own number."""
    need(shutil.which("php"), "php")

    done = run(
        *("run", "--quiet", "--scenario", "53030", "--", "php"),
        str(EXAMPLES / "login_library.php"),
    )

    assert re.fullmatch(r"login failed, 53030: \d+ .+\n", done.stdout), done.stdout + done.stderr


def test_a_login_by_curl() -> None:
    """The shell script logs in at a running server."""
    need(shutil.which("curl"), "curl")
    with ThreadedServer() as server:
        done = subprocess.run(
            ["sh", str(EXAMPLES / "login.sh")],
            env=environment(MOCKDOUYIN_URL=server.url),
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )

    assert '"err_no":0' in done.stdout


@pytest.fixture
def receiver() -> Iterator[str]:
    """Start the receiver of webhooks, and yield its URL."""
    command = [sys.executable, str(EXAMPLES / "webhook_receiver.py"), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
        process.terminate()


def test_the_receiver_passes_its_examination(receiver: str) -> None:
    """The receiver of webhooks passes `check-webhook`, and refuses what is not signed."""
    done = run("check-webhook", receiver, "--secret", "fa4efa4efa4efa4efa4efa4efa4e0003")

    assert done.returncode == 0, done.stdout
    assert httpx.post(receiver, json={}).status_code == 401


def test_the_tests_with_the_fixture() -> None:
    """The tests pass in a project of their own."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_login.py")
    done = run_program(*command, cwd=EXAMPLES)

    assert "3 passed" in done.stdout, done.stdout


def test_the_scenario() -> None:
    """The scenario file is one without a mistake."""
    assert Scenario.load(EXAMPLES / "flaky-login.yaml").name == "flaky-login"


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_list_is_whole(readme: str) -> None:
    """Both READMEs name a file of every example, in order, with the command that it names."""
    text = (EXAMPLES / readme).read_text(encoding="utf-8")
    named = re.findall(r"^\| \[(\S+)\]\(\1\)", text, re.M)
    there = {
        each.name
        for each in EXAMPLES.iterdir()
        if not each.name.startswith(("README", "_", ".")) and each.name != "phone.py"
    }

    assert named == sorted(named)
    assert {name.partition("/")[0] for name in named} == there
    assert all((EXAMPLES / name).is_file() for name in named)
