"""`worlds`, `apps` and `people`."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockdouyin.cli._output import table
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.support.helpers import PROGRAM, WEB

PHONE = "13800138000"


def post(server: ThreadedServer, path: str, body: Any) -> Any:
    """Send something to the control API, which takes it."""
    return httpx.post(f"{server.url}/_mock/{path}", json=body).raise_for_status().json()


def cells(line: str) -> list[str]:
    """Return the cells of a table's line."""
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_worlds(server: ThreadedServer) -> None:
    """Each world has its scenario, seed and counts; an asterisk marks the one that is used."""
    post(server, "worlds", {"name": "结算", "scenario": "flaky-login", "seed": 7})
    httpx.get(server.url + "/@结算/nowhere")

    listed = invoke("worlds")
    other = lines_of("worlds", "--world", "结算", "--lang", "zh")

    head, default, more = listed.stdout.splitlines()
    assert cells(head) == ["world", "scenario", "seed", "exchanges", "people"]
    assert cells(default) == ["*", "default", "default", "0", "0", "4"]
    assert cells(more) == ["结算", "flaky-login", "7", "1", "4"]
    assert listed.stderr == "worlds: 2\n"
    assert cells(other[0]) == ["世界", "场景", "种子", "请求数", "用户数"]
    assert [line[0] for line in other] == [" ", " ", "*"]


def test_many_worlds(server: ThreadedServer) -> None:
    """--limit shows the default world and those made last, and how many there are."""
    for number in range(5):
        post(server, "worlds", {"name": f"w{number}"})

    some = invoke("worlds", "--limit", "3")

    assert [cells(line)[-5] for line in some.stdout.splitlines()[1:]] == ["default", "w3", "w4"]
    assert some.stderr == "shown: 3 of 6; a higher --limit shows more\n"
    assert json_of("worlds", "--json", "--limit", "1")["count"] == 6


def test_apps(server: ThreadedServer) -> None:
    """Each app has a line with its key, its webhook and its first template; no secret."""
    hook = {"url": "http://127.0.0.1:9/hook"}
    uris = ["https://a.test/1", "https://a.test/2", "https://a.test/3"]
    app = {"name": "店铺", "client_key": "tt1", "webhook": hook, "verify": False, "scopes": ["im"]}
    post(server, "apps", {**app, "redirect_uris": uris, "templates": {"T": {"fields": ["a"]}}})

    head, *lines = lines_of("apps")

    assert cells(head)[:5] == ["name", "kind", "client_key", "client_secret", "scopes"]
    assert cells(head)[5:] == ["redirect URIs", "webhook", "templates"]
    assert [cells(line)[0] for line in lines] == ["mini_program", "mini_game", "web", "店铺"]
    assert cells(lines[2])[2:4] == [WEB.client_key, "***"]
    assert cells(lines[2])[6] == "-"
    assert cells(lines[3])[1:6] == ["mini_program", "tt1", "***", "1", "https://a.test/1 (+2)"]
    assert cells(lines[3])[6:] == ["http://127.0.0.1:9/hook (verified)", "T"]
    assert cells(lines_of("apps", "--lang", "zh")[-1])[5] == "https://a.test/1（另有 2 个）"


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("args", [(), ("--json",), ("web",), ("web", "--json")])
def test_secrets_of_apps_are_for_the_asking(args: tuple[str, ...]) -> None:
    """No secret of an app is printed, in a table or as JSON, unless --reveal asks for it."""
    hidden = "\n".join(lines_of("apps", *args))
    shown = "\n".join(lines_of("apps", *args, "--reveal"))

    assert WEB.client_key in hidden
    assert WEB.client_secret not in hidden
    assert "isvact." not in hidden
    assert "***" in hidden
    assert WEB.client_secret in shown
    assert "***" not in shown


def test_one_app(server: ThreadedServer) -> None:
    """An app in full has a line for each field, in the language that was asked for."""
    hook = {"url": "http://127.0.0.1:9/hook", "secret": "5ecre7-of-hook", "events": ["authorize"]}
    app = {"name": "a/b", "client_key": "tt1", "scopes": ["im", "user_info"], "trial": True}
    post(server, "apps", {**app, "webhook": hook, "verify": False, "testers": ["小明", "Anna"]})

    lines = lines_of("apps", "a/b")
    found = dict(line.split("  ", 1) for line in lines if not line.startswith(" "))
    found = {name: value.strip() for name, value in found.items()}

    assert found["name"] == "a/b"
    assert found["webhook"] == "http://127.0.0.1:9/hook (verified)"
    assert found["webhook secret"] == "***"
    assert found["webhook events"] == "authorize"
    assert found["remarks"] == "not released; testers: 小明, Anna"
    assert "  user_info" in "\n".join(lines)
    assert "5ecre7" not in "\n".join(lines)
    assert "状态              未上线，白名单：小明、Anna" in lines_of(
        "apps", "tt1", "--lang", "zh"
    )
    assert "scopes            all 297" in lines_of("apps", "web")
    assert json_of("apps", "a/b", "--json")["client_key"] == "tt1"


@pytest.mark.usefixtures("server")
def test_people() -> None:
    """Each person has a line, and below it their open_id in each app."""
    head, first, *ids = lines_of("people", "--limit", "1")
    open_ids = json_of("people", "小明", "--json")["open_ids"]

    assert cells(head) == ["name", "nickname", "phone", "gender", "city"]
    assert cells(first) == ["小明", "小明同学", "138****8000", "male", "北京市"]
    assert cells(ids[0]) == ["mini_program", open_ids[PROGRAM.client_key]]
    assert cells(ids[2]) == ["web", open_ids[WEB.client_key]]
    assert cells(lines_of("people", "--lang", "zh")[1])[3] == "男"
    assert (
        invoke("people", "--limit", "1").stderr == "shown: 1 of 4; a higher --limit shows more\n"
    )
    assert invoke("people").stderr == ""


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("args", [(), ("--json",), ("小明",), ("小明", "--json")])
def test_phone_numbers_are_for_the_asking(args: tuple[str, ...]) -> None:
    """No phone number is printed in full unless --reveal asks for it."""
    hidden = "\n".join(lines_of("people", *args))
    shown = "\n".join(lines_of("people", *args, "--reveal"))

    assert PHONE not in hidden
    assert "61234567" not in hidden
    assert PHONE in shown


@pytest.mark.usefixtures("server")
def test_one_person() -> None:
    """A person in full is found by name or open_id, and has a line for each field."""
    open_id = json_of("people", "Anna", "--json")["open_ids"][WEB.client_key]

    lines = lines_of("people", open_id, "--reveal")

    assert lines == lines_of("people", "Anna", "--reveal")
    assert lines[0] == "name      Anna"
    assert "phone     +852 61234567" in lines
    assert "city      中国香港 香港 香港 中西区" in lines
    assert f"          web           {open_id}" in lines


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("apps", "wbe"), "no app 'wbe' in world 'default'; did you mean web?"),
        (("people", "Ana"), "no person 'Ana' in this world; did you mean Anna?"),
        (("people", "--world", "defualt"), "no world 'defualt'; did you mean default?"),
    ],
)
def test_what_is_not_there(args: tuple[str, ...], says: str) -> None:
    """A name that nothing has is refused with the nearest one."""
    assert complaint_of(*args) == says


def test_columns_line_up() -> None:
    """Chinese characters and emoji are two columns wide, and marks upon a letter none."""
    lines = table([("小明", "a"), ("🔥", "a"), ("e\u0301", "a"), ("abcd", "a")])

    assert lines == ["小明  a", "🔥    a", "e\u0301     a", "abcd  a"]
