"""The installed command, from the wheel and as a single file: what a user does with it."""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import sys
from pathlib import Path

import httpx
import pytest

from mockdouyin import Request, Sandbox, Scenario
from mockdouyin.cli import COMMANDS
from mockdouyin.core.version import __version__
from tests.cli.shell import run
from tests.installs.installed import ROOT, Command
from tests.support.consent_page import CALLBACK
from tests.support.helpers import PROGRAM, WEB
from tests.support.receivers import Receiver
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

DEMO = (PROGRAM.client_key, PROGRAM.client_secret)
DASHBOARD = ROOT / "mockdouyin" / "server" / "dashboard"

CLIENT = """
import json, os, ssl, sys, urllib.request
trusting = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
url = "https://developer.toutiao.com/api/apps/v2/jscode2session"
asked = urllib.request.Request(url, b"{}", {"content-type": "application/json"})
with urllib.request.urlopen(asked, context=trusting) as reply:
    json.dump({"reply": json.load(reply), "environment": dict(os.environ)}, sys.stdout)
"""


def test_version_and_help(command: Command) -> None:
    """It tells the package's version, and lists every command."""
    assert command.run("--version") == f"mockdouyin {__version__}\n"
    listed = re.findall(r"^  ([a-z-]+)  ", command.run("--help").partition("Commands:")[2], re.M)
    assert listed == list(COMMANDS)


@pytest.mark.parametrize(
    "args",
    [("endpoints", "--all", "--json"), ("scenarios", "list", "--json"), ("events", "--json")],
    ids=lambda args: args[0],
)
def test_it_lists_what_the_checkout_does(command: Command, args: tuple[str, ...]) -> None:
    """Endpoints of the catalogue, scenarios and events are those of the checkout."""
    assert json.loads(command.run(*args)) == json.loads(run(*args).stdout)


def test_lint(command: Command) -> None:
    """A scenario in the user's folder is checked, and a mistake found."""
    scenario = command.folder / "mine.yaml"
    scenario.write_text("name: mine\nrules:\n  - {on: client_token, error: 10003, times: 1}\n")
    assert command.run("scenarios", "lint", "mine.yaml") == "mine.yaml: good\n"

    scenario.write_text("name: mine\nrules:\n  - {on: client_tokn, error: 10003}\n")
    done = command.finish("scenarios", "lint", "mine.yaml")
    assert done.returncode == 2
    assert "mine.yaml:3" in done.stderr
    assert "client_token" in done.stderr


def test_a_login_and_its_profile(command: Command) -> None:
    """A server logs somebody in; the phone's ciphertext is decrypted with the session's key."""
    with command.serve() as server:
        session = server.login(*DEMO)
        assert session["err_no"] == 0
        url = {"MOCKDOUYIN_URL": server.url}
        profile = json.loads(command.run("phone", "getUserProfile", **url))
        people = [each["name"] for each in server.get("/_mock/people").json()["people"]]

        data = session["data"]
        assert isinstance(data, dict)
        opened = command.run(
            *("decrypt", "--session-key", data["session_key"], "--iv", profile["iv"]),
            profile["encryptedData"],
        )
        assert json.loads(opened)["nickName"] == profile["userInfo"]["nickName"]
        assert "code_to_session" in command.run("journal", **url)
        assert "10003" in command.run("errors", "client_token")
        assert people[0] == "小明"


def test_made_up_people_are_the_same(command: Command) -> None:
    """People whom Faker makes up for unknown codes are those of the checkout."""
    seen = []
    with command.serve("--accept-unknown", "--people", "3") as server:
        for number in range(6):
            fields = {"appid": DEMO[0], "secret": DEMO[1], "code": f"unknown{number}"}
            reply = server.http.post("/api/apps/v2/jscode2session", json=fields)
            assert reply.json()["err_no"] == 0
        seen = [each["name"] for each in server.get("/_mock/people").json()["people"]]

    settings = {"unknown_codes": "accept", "unknown_people": 3}
    box = Sandbox(Scenario(name="made-up", settings=settings))
    for number in range(6):
        fields = {"appid": DEMO[0], "secret": DEMO[1], "code": f"unknown{number}"}
        heads = [(b"content-type", b"application/json")]
        body = json.dumps(fields).encode()
        box.handle(Request("POST", "/api/apps/v2/jscode2session", b"", heads, body))
    assert seen == list(box.default.people)
    assert len(seen) > 4


def test_pages_and_pictures(command: Command) -> None:
    """The dashboard's files, the consent page with its QR code, and the OpenAPI document."""
    with command.serve() as server:
        for path in sorted(DASHBOARD.rglob("*.*")):
            if path.name != "index.html":
                name = path.relative_to(DASHBOARD).as_posix()
                assert server.get(f"/_mock/ui/{name}").content == path.read_bytes()
        page = server.get("/_mock/").text
        query = {
            "client_key": WEB.client_key,
            "response_type": "code",
            "scope": "user_info",
            "redirect_uri": CALLBACK,
        }
        consent = server.http.get("/platform/oauth/connect/", params=query)
        document = server.get("/_mock/openapi.json").json()

    assert '<link rel="modulepreload" href="ui/app.js">' in page
    assert consent.status_code == 200
    assert "<svg" in consent.text
    assert len(document["paths"]) > 900


def test_a_webhook(command: Command) -> None:
    """A signed event is posted, and a receiver's examination passes."""
    with Receiver() as receiver, command.serve() as server:
        url = {"MOCKDOUYIN_URL": server.url}
        command.run("trigger", "create_video", "--to", receiver.url, "--secret", "s", **url)
        assert receiver.received[-1].event == "create_video"
        assert receiver.received[-1].is_signed("s")


def test_a_link_to_share(command: Command) -> None:
    """A share link is built and verified."""
    with command.serve() as server:
        link = command.run("share", "build", MOCKDOUYIN_URL=server.url).split()[0]
        done = command.finish("share", "verify", link, MOCKDOUYIN_URL=server.url)

    assert link.startswith("snssdk1128://")
    assert done.returncode in (0, 1)
    assert done.stderr == ""


def test_run(command: Command) -> None:
    """A program under `run` reaches Douyin's hosts here, in the environment that the user has."""
    mine = {"LD_LIBRARY_PATH": "/nowhere", "MINE": "1"}
    done = command.finish("run", "--allow-real", "--", sys.executable, "-c", CLIENT, **mine)

    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["reply"]["err_no"] != 0
    assert seen["reply"]["err_tips"]
    assert {name: seen["environment"].get(name) for name in mine} == mine
    assert [name for name in seen["environment"] if name.startswith("_")] == []


def test_it_runs_itself(command: Command) -> None:
    """A script under `run` calls the command again, and that outlives nothing that it needs."""
    script = f"{command.path} code --plain && {command.path} people"
    done = command.finish("run", "--allow-real", "--quiet", "--", "/bin/sh", "-c", script)

    assert done.returncode == 0, done.stderr
    assert "小明" in done.stdout


def test_interception(command: Command) -> None:
    """`serve --intercept` and `env` lead a shell's clients here."""
    with command.serve("--intercept", "--proxy-port", "0") as server:
        settings = command.run("env", MOCKDOUYIN_URL=server.url)
        [bundle] = re.findall(r"^export SSL_CERT_FILE=(\S+)", settings, re.M)
        [proxy] = re.findall(r"^export HTTPS_PROXY=(\S+)", settings, re.M)
        trusting = ssl.create_default_context(cafile=bundle.strip("'\""))
        with httpx.Client(proxy=proxy.strip("'\""), verify=trusting) as client:
            reply = client.get("https://open.douyin.com/js/getticket/")
        assert reply.json()["data"]["error_code"] == 28001003
        assert server.stop(signal.SIGTERM) == 0


def test_workers(command: Command, redis_server: RedisServer) -> None:
    """Several workers share a Redis, and all end with the server."""
    with command.serve("--workers", "2", "--store", redis_server.url) as server:
        assert [server.login(*DEMO)["err_no"] for _ in range(6)] == [0] * 6
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        assert len(children) == 2
        assert server.stop(signal.SIGTERM) == 0
        assert not any(Path(f"/proc/{child}").exists() for child in children)


@pytest.mark.parametrize("whole_group", [False, True], ids=["its process", "as a terminal does"])
def test_it_stops_in_order(command: Command, whole_group: bool) -> None:
    """Ctrl-C ends it with exit code 0, with its state written; the next one goes on with it."""
    with command.serve("--state", "mine.state") as server:
        assert server.login(*DEMO)["err_no"] == 0
        assert server.stop(signal.SIGINT, whole_group=whole_group) == 0
        until(lambda: not Path(f"/proc/{server.pid}").exists(), "its end")

    assert (command.folder / "mine.state").stat().st_size > 100
    left = sorted(path.name for path in command.folder.iterdir())
    assert left == ["errors", "mine.state", "mine.state.lock", "ready.json"]
    with command.serve("--state", "mine.state") as server:
        assert server.login(*DEMO)["err_no"] == 0


def test_it_ends_with_the_process_that_was_started(command: Command) -> None:
    """After `kill -9` of the process that was started, none of it goes on."""
    with command.serve() as server:
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
        until(lambda: not os.path.exists(f"/proc/{server.pid}"), "the end of the server")
