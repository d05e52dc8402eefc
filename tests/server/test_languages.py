"""Reasons in Chinese and English: the same exchange, in the language of whoever looks."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import invoke
from tests.cli.shell import serve
from tests.support.helpers import PROGRAM_LOGIN
from tests.support.waiting import until

LOGIN = "/api/apps/v2/jscode2session"
CHINESE = "code 已使用过，只能使用一次"
ENGLISH = "the code was already used; it works once"


@pytest.fixture
def used(http: httpx.Client) -> str:
    """Use a login code twice, and return it."""
    code: str = http.post("/_mock/phone/login", json={}).json()["code"]
    for _ in range(2):
        http.post(LOGIN, json={**PROGRAM_LOGIN, "code": code})
    return code


def why(http: httpx.Client, **asked: str) -> str:
    """Return the reason of the last exchange as the journal shows it."""
    headers = {"accept-language": asked.pop("accept", "")}
    [last] = http.get("/_mock/journal", params={"limit": 1, **asked}, headers=headers).json()[
        "exchanges"
    ]
    assert last["why_code"] == "code_used"
    shown: str = last["why"]
    return shown


@pytest.mark.usefixtures("used")
@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, ENGLISH),
        ({"accept": "zh-CN,zh;q=0.9,en;q=0.8"}, CHINESE),
        ({"accept": "en-GB,en;q=0.9"}, ENGLISH),
        ({"accept": "*"}, ENGLISH),
        ({"lang": "zh"}, CHINESE),
        ({"lang": "en", "accept": "zh"}, ENGLISH),
        ({"lang": "fr", "accept": "zh"}, CHINESE),
    ],
)
def test_the_journal_speaks_the_callers_language(
    http: httpx.Client, asked: dict[str, str], says: str
) -> None:
    """`lang` decides, else Accept-Language, else the server's own language; the code stays."""
    assert why(http, **asked) == says


@pytest.mark.usefixtures("used")
def test_the_servers_own_language(server: ThreadedServer, http: httpx.Client) -> None:
    """Whoever names no language gets the server's."""
    server.sandbox.language = "zh"

    assert why(http) == CHINESE


@pytest.mark.usefixtures("used")
def test_commands(server: ThreadedServer) -> None:
    """--lang decides, else MOCKDOUYIN_LANG, else the locale."""
    where = ("journal", "--url", server.url)

    assert CHINESE in invoke(*where, "--lang", "zh").output
    for environment, says in (
        ({"MOCKDOUYIN_LANG": "zh"}, CHINESE),
        ({"MOCKDOUYIN_LANG": "", "LC_ALL": "zh_CN.UTF-8"}, CHINESE),
        ({"MOCKDOUYIN_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, ENGLISH),
        ({"MOCKDOUYIN_LANG": "", "LC_ALL": "fr_FR.UTF-8"}, ENGLISH),
    ):
        assert says in invoke(*where, env=environment).output


def test_the_console(tmp_path: Path) -> None:
    """The console of `serve` speaks the language of the command."""
    with serve(tmp_path, "--lang", "zh") as served:
        with httpx.Client(base_url=served.url) as http:
            code = http.post("/_mock/phone/login", json={}).json()["code"]
            for _ in range(2):
                http.post(LOGIN, json={**PROGRAM_LOGIN, "code": code})
        until(lambda: CHINESE in served.out, "the reason in Chinese")


@pytest.mark.parametrize("whose", ["client", "server"])
def test_an_unknown_path(server: ThreadedServer, http: httpx.Client, whose: str) -> None:
    """The 404 of a path that nothing answers is in the client's language, else the server's."""
    if whose == "server":
        server.sandbox.language = "zh"
    headers = {"accept-language": "zh-CN"} if whose == "client" else {}
    reply = http.post("/oauth/acces_token/", headers=headers)

    assert reply.status_code == 404
    assert reply.text.startswith("mockdouyin: 没有接口 POST /oauth/acces_token/")


def test_a_world_that_is_not_there(server: ThreadedServer, http: httpx.Client) -> None:
    """What is refused on a path of Douyin's, and not by Douyin, is in the server's language."""
    server.sandbox.language = "zh"

    assert http.post("/@nowhere/oauth/client_token/").text.startswith("mockdouyin: 没有世界")


def test_a_share_link(http: httpx.Client) -> None:
    """What is wrong with a link is said in the caller's language, with a code."""
    body = {"schema": "snssdk1128://openplatform/share?share_type=h5"}
    zh, en = (
        http.post("/_mock/share/verify", json=body, headers={"accept-language": each}).json()
        for each in ("zh", "en")
    )

    assert [each["why_code"] for each in zh["problems"]] == [
        each["why_code"] for each in en["problems"]
    ]
    assert all(a["why"] != b["why"] for a, b in zip(zh["problems"], en["problems"], strict=True))
