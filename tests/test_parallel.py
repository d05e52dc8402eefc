"""Hundreds of tests at once: every one in a world of its own, whichever server is behind it."""

from __future__ import annotations

import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.test_pytest_plugin import RECEIVER, run

pytest_plugins = ["pytester"]

ONE_OF_MANY = (
    RECEIVER.replace("@pytest.fixture", '@pytest.fixture(scope="session")')
    + """
from urllib.request import Request, urlopen

def read(target):
    with urlopen(target) as reply:
        return json.load(reply)

@pytest.mark.parametrize("number", range(400))
def test_one(douyin, douyin_server, hook, number):
    day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
    assert douyin.clock.freeze(f"{day}T00:00:00+08:00").startswith(day)
    rule = douyin.rule("client_token", error=10003, after=number % 2, times=1, id=f"r{number}")
    web, heard = douyin.app("web"), len(hook.heard)

    first = token(douyin, douyin_server.url)
    assert douyin.clock.advance("2h1m") == f"{day}T02:01:00+08:00"
    second = token(douyin)
    refused, good = (first, second) if number % 2 == 0 else (second, first)
    assert (refused["error_code"], good["error_code"]) == (10003, 0)

    header = {"access-token": good["access_token"]}
    ticket = read(Request(f"{douyin_server.url}/js/getticket/", headers=header))
    expired = number % 2 == 1
    assert (ticket["extra"]["error_code"] == 0) is not expired

    sent = douyin.trigger("create_video", to=hook.url, content={"share_id": str(number)})
    assert sent.state == "delivered"
    [(event, *_)] = hook.heard[heard:]
    assert (event["client_key"], event["content"]["share_id"]) == (web.client_key, str(number))

    seen = list(douyin.journal)
    assert [each.endpoint for each in seen] == ["oauth.client_token"] * 2 + ["tickets.js_ticket"]
    assert {each.world for each in seen} == {douyin.world}
    assert all(each.time.startswith(day) for each in seen)
    assert [each.rule for each in seen if each.rule] == [rule.id]
    [left] = douyin.order("rules")["rules"]
    assert (left["id"], left["hits"]) == (rule.id, 1)
    assert len(douyin.deliveries) == 1
    assert douyin.clock.now == f"{day}T02:01:00+08:00"
"""
)


def test_four_hundred_on_one_server(pytester: pytest.Pytester) -> None:
    """Eight processes run 400 tests on one server; none meets another, and nothing is left."""
    with ThreadedServer() as server:
        result = run(pytester, ONE_OF_MANY, "--douyin-url", server.url, "-n", "8", "-q")
        worlds = [world.name for world in server.sandbox.worlds]
        stray = server.sandbox.default.journal.total

    result.assert_outcomes(passed=400)
    assert (worlds, stray) == (["default"], 0)


def test_four_hundred_with_a_server_for_each_process(pytester: pytest.Pytester) -> None:
    """The same file runs as well where every process has a server of its own."""
    run(pytester, ONE_OF_MANY, "-n", "4", "-q").assert_outcomes(passed=400)


def test_one_app_key_for_all(pytester: pytest.Pytester) -> None:
    """Tests that share one hard-coded app key run at once, told apart by prefix or header."""
    (pytester.path / "shared.yaml").write_text(
        "name: one\napps: {shop: {kind: web, client_key: aw0123456789abcd, client_secret: s}}\n",
        encoding="utf-8",
    )
    source = """
from urllib.request import Request, urlopen

QUERY = "?client_key=aw0123456789abcd&client_secret=s&grant_type=client_credential"

@pytest.mark.douyin(scenario="shared.yaml", shared_keys=True)
@pytest.mark.parametrize("number", range(24))
def test_one(douyin, douyin_server, number):
    base = douyin.url if number % 2 else douyin_server.url
    named = {} if number % 2 else {"X-Mockdouyin-World": douyin.world}
    for _ in range(number % 3 + 1):
        with urlopen(Request(f"{base}/oauth/client_token/{QUERY}", headers=named)) as reply:
            assert json.load(reply)["data"]["error_code"] == 0
    assert len(douyin.journal) == number % 3 + 1
"""
    with ThreadedServer() as server:
        result = run(pytester, source, "--douyin-url", server.url, "-n", "3")

    result.assert_outcomes(passed=24)
