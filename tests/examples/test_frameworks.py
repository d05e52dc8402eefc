"""Backends with Node's and Python's frameworks: under `run`, by a base URL, and their tests."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import COMMAND, ROOT, environment, run, serve
from tests.support.backends import run_program, under_run
from tests.support.helpers import PROGRAM, WEB, need
from tests.support.ports import free_port
from tests.support.waiting import until

EXAMPLES = ROOT / "examples"
PACKAGES = ROOT / "build" / "examples" / "node_modules"
PYTHON = sys.executable

BACKENDS = {
    "node/express.mjs": ["node", "express.mjs"],
    "node/nest.ts": ["node_modules/.bin/tsx", "nest.ts"],
    "django/manage.py": [PYTHON, "manage.py", "runserver", "--noreload", "{port}"],
    "fastapi/main.py": [PYTHON, "-m", "uvicorn", "main:app", "--port", "{port}"],
}

LOGIN = """
{command} & backend=$!
trap 'kill $backend' EXIT
code=$({mockdouyin} code --plain)
for _ in 1 2; do
  curl -s --retry 60 --retry-delay 1 --retry-connrefused http://127.0.0.1:{port}/login \\
    -H 'Content-Type: application/json' -d "{{\\"code\\": \\"$code\\"}}"
  echo
done
"""


@pytest.fixture
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return a copy of an example's folder; one of Node's has its packages."""
    name: str = request.param.partition("/")[0]
    copied = tmp_path / name
    shutil.copytree(EXAMPLES / name, copied, ignore=shutil.ignore_patterns("node_modules"))
    if name == "node":
        need(shutil.which("node"), "node")
        need(PACKAGES.is_dir(), "packages of the Node examples: make clients")
        (copied / "node_modules").symlink_to(PACKAGES)
    return copied


def in_folders(*names: str) -> pytest.MarkDecorator:
    """Run a test in a copy of each example's folder."""
    return pytest.mark.parametrize("project", names, ids=str, indirect=True)


def command_of(name: str, port: int) -> list[str]:
    """Return the command that starts a backend."""
    return [word.format(port=port) for word in BACKENDS[name]]


@pytest.mark.parametrize(
    ("project", "name"), [(name, name) for name in BACKENDS], ids=BACKENDS, indirect=["project"]
)
def test_a_backend_under_run(project: Path, name: str) -> None:
    """It calls Douyin's own address; a code logs in once, and is then refused."""
    need(shutil.which("curl"), "curl")
    port = free_port()
    script = LOGIN.format(
        command=shlex.join(command_of(name, port)), mockdouyin=shlex.join(COMMAND), port=port
    )

    done = under_run("sh", "-c", script, cwd=project, PORT=str(port))

    first, again = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert re.fullmatch(r"[\w-]{36}", json.loads(first)["openid"]), done.stderr
    assert "40018 bad code" in again


@contextmanager
def started(project: Path, **more: str) -> Iterator[str]:
    """Yield the address of the Express backend, which runs as long."""
    port = free_port()
    env = environment(PORT=str(port), **more)
    command = command_of("node/express.mjs", port)
    with subprocess.Popen(command, cwd=project, env=env, stdout=subprocess.PIPE) as backend:
        try:
            until(lambda: _listens(port), "the backend listens")
            yield f"http://127.0.0.1:{port}"
        finally:
            backend.terminate()


@in_folders("node/express.mjs")
def test_a_backend_with_a_base_url(project: Path, server: ThreadedServer) -> None:
    """An address in its environment leads a backend to a server that is running."""
    with started(project, DOUYIN_URL=server.url) as backend:
        code = httpx.post(f"{server.url}/_mock/phone/login").json()["code"]
        reply = httpx.post(f"{backend}/login", json={"code": code})

    world = server.sandbox.default
    app = world.apps[PROGRAM.client_key]
    assert reply.json() == {"openid": world.people.open_id(app, "小明")}


@in_folders("node/webhook.mjs")
def test_a_receiver_in_express(project: Path) -> None:
    """The receiver of webhook.mjs passes `check-webhook`, and refuses what is not signed."""
    with started(project) as backend:
        done = run("check-webhook", f"{backend}/webhook", "--secret", WEB.client_secret)
        unsigned = httpx.post(f"{backend}/webhook", json={"event": "create_video"})

    assert done.returncode == 0, done.stdout + done.stderr
    assert unsigned.status_code == 401


def _listens(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/").status_code > 0
    except httpx.TransportError:
        return False


@in_folders("node/login.test.mjs")
def test_the_tests_by_vitest(project: Path) -> None:
    """They pass under `mockdouyin run`, each in a world of its own.

    They drive express.mjs, and with it douyin.mjs, by means of mockdouyin.mjs.
    """
    done = under_run("node_modules/.bin/vitest", "run", "--reporter=json", cwd=project)

    report = json.loads(done.stdout)
    assert (report["numPassedTests"], report["numTotalTests"]) == (3, 3), done.stdout


@pytest.mark.parametrize(
    ("project", "passed"),
    [("django/test_login.py", 2), ("fastapi/test_main.py", 3)],
    ids=["django", "fastapi"],
    indirect=["project"],
)
def test_the_tests_by_pytest(project: Path, passed: int) -> None:
    """They pass in a project of their own, without a port."""
    done = run_program(PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=project)

    assert f"{passed} passed" in done.stdout, done.stdout


def test_logins_under_load(tmp_path: Path) -> None:
    """wrk logs in for two seconds at a server of its own; every login succeeds."""
    need(shutil.which("wrk"), "wrk")
    script = str(EXAMPLES / "load" / "login.lua")
    with serve(tmp_path) as served:
        done = run_program("wrk", "-t1", "-c8", "-d2s", "-s", script, served.url)

    assert done.returncode == 0, done.stderr
    told = re.search(r"logins (\d+) \(\d+ per second\), refused (\d+), p99", done.stdout)
    assert told, done.stdout
    assert int(told[1]) > 0
    assert told[2] == "0"


FRONT_END = """
import { createTt } from "./tt.mjs";
const tt = createTt(process.env.MOCKDOUYIN_URL, { person: "小红" });
await tt.login({ success: (result) => console.log("logged in", result.errMsg) });
const print = (result) => console.log(result.errMsg);
await tt.getPhoneNumber({ success: () => console.log("given"), fail: print });
await tt.flyAway().catch((error) => console.log(error.message));
"""


@in_folders("front-end/tt.mjs")
def test_a_front_end_in_a_browser(project: Path, server: ThreadedServer) -> None:
    """Its `tt` calls back with what the person's phone returns; an unknown API throws."""
    need(shutil.which("node"), "node")
    rule = {"on": "phone.getPhoneNumber", "error": "auth_deny"}
    httpx.post(f"{server.url}/_mock/rules", json=rule).raise_for_status()

    program = ("node", "--input-type=module", "-e", FRONT_END)
    done = run_program(*program, cwd=project, MOCKDOUYIN_URL=server.url)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        "logged in login:ok",
        "getPhoneNumber:fail auth deny",
    ]
    assert "mockdouyin: " in done.stdout.splitlines()[2]
