"""`show`: one thing that happened, whole."""

from __future__ import annotations

import json

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.support.helpers import PROGRAM, PROGRAM_LOGIN, WEB

LOGIN = "/api/apps/v2/jscode2session"


@pytest.fixture
def log_id(server: ThreadedServer) -> str:
    """Let 小明 call tt.login (1), log in (2), be refused (3), and call nothing (4).

    Returned is the log id of the refusal.
    """
    code = json_of("code")["code"]
    answers = [
        httpx.post(server.url + LOGIN, json={**PROGRAM_LOGIN, "code": code, "more": 1})
        for _ in range(2)
    ]
    httpx.post(f"{server.url}/nowhere?client_secret=x", content="\x1b[2J")
    return answers[1].headers["x-tt-logid"]


def parts_of(*args: str) -> list[list[str]]:
    """Return what a command prints, in the parts that empty lines separate."""
    return [part.splitlines() for part in "\n".join(lines_of(*args)).split("\n\n")]


def test_an_exchange(server: ThreadedServer, log_id: str) -> None:
    """An exchange has its line, why, what it belongs to, request and reply, and its story."""
    about, request, sent, reply, answered, story = parts_of("show", "3")

    head, why, time, unread, links = about
    assert head.startswith("#3    ")
    assert head.endswith(f"{PROGRAM.client_key}  小明  refused 40018 bad code")
    assert why == "  why     the code was already used; it works once (code_used)"
    assert time.startswith("  time    20")
    assert time.endswith(" ms")
    assert unread == "  unread  more"
    assert links == f"  links   login:{PROGRAM.client_key}:小明:1"
    assert request[0] == f"  POST {server.url}{LOGIN}"
    assert "    content-type: application/json" in request
    assert sent[:3] == [
        "    {",
        f'      "appid": "{PROGRAM.client_key}",',
        '      "secret": "***",',
    ]
    assert reply[0] == "  HTTP 200"
    assert f"    x-tt-logid: {log_id}" in reply
    assert answered[1] == '      "err_no": 40018,'
    assert story[0].startswith("login 1  小明  ")
    assert [line.split()[0] for line in story[1:]] == ["#1", "#2", "#3"]


@pytest.mark.usefixtures("log_id")
def test_an_act() -> None:
    """An act has its line, what it belongs to, and what came of it; in Chinese too."""
    head, time, links, result, *_ = lines_of("show", "#1", "--lang", "zh")

    assert head.endswith("phone.login  小明 在 mini_program 中调用 tt.login")
    assert time.startswith("  时间  ")
    assert links.startswith("  关联  login:")
    assert result == "  结果"


def test_ids(log_id: str) -> None:
    """A number, a number with #, and a log id lead to the same thing."""
    assert lines_of("show", "3") == lines_of("show", "#3") == lines_of("show", log_id)
    assert json_of("show", log_id, "--json") == json_of("show", "3", "--json")
    assert json_of("show", "3", "--json")["exchange"]["id"] == 3


@pytest.mark.usefixtures("log_id")
def test_secrets() -> None:
    """Secrets are shown to whoever asks for them, and nothing steers the terminal."""
    assert PROGRAM.client_secret not in invoke("show", "2").stdout
    assert PROGRAM.client_secret in invoke("show", "2", "--reveal").stdout
    told = invoke("show", "4").stdout
    assert "client_secret=***" in told
    assert "\x1b" not in told


def test_a_webhook(server: ThreadedServer) -> None:
    """An attempt shows its delivery too: the exact body, and what came of each attempt."""
    httpx.patch(
        f"{server.url}/_mock/apps/web",
        json={"webhook": {"url": f"{server.url}/gone"}, "verify": False},
    )
    body = {"event": "create_video", "once": True}
    sent = httpx.post(f"{server.url}/_mock/events", json=body).json()
    rows = json_of("journal", "--json")["rows"]
    [attempt] = [row["id"] for row in rows if row["type"] == "delivery"]

    about, delivery, *_ = parts_of("show", str(attempt))
    assert about[0].endswith(f"  delivery  create_video not delivered to {server.url}/gone")
    assert about[-1].split() == ["delivery", sent["id"]]
    assert delivery[0].startswith(f"{sent['id']}  create_video  web  小明  {server.url}/gone")
    assert f"    {sent['body']}" in delivery
    alone, *_ = parts_of("show", sent["id"])
    assert alone == delivery
    assert sent["id"] == f"{WEB.client_key}-1"
    log_id = json.loads(sent["body"])["log_id"]
    assert lines_of("show", log_id) == lines_of("show", sent["id"])


def test_what_is_not_there(server: ThreadedServer, log_id: str) -> None:
    """What is not there is said in one line, with the world that has it, if one does."""
    httpx.post(f"{server.url}/_mock/worlds", json={"name": "other"})

    assert complaint_of("show", "99") == "there is no #99 in world 'default': the latest is #4"
    assert "an id is a number such as 12" in complaint_of("show", "x")
    says = complaint_of("show", log_id, "--world", "other")
    assert says == f"the log id {log_id} is of world 'default': --world default"
