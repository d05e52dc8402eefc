"""What a test leaves over fails it: rules never applied, and calls that nothing answered."""

from __future__ import annotations

import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.test_pytest_plugin import run

pytest_plugins = ["pytester"]

UNUSED = """
def test_one(douyin):
    douyin.rule("oauth.refresh_token", error=10010, times=1)
    douyin.rule("client_token", status=502, after=1)
    token(douyin)
    print("the call has number", douyin.journal[-1].id)
"""

CALL = """
import urllib.error

def lost(douyin, base=None):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        token(douyin, (base or douyin.url) + "/oauth2")
"""


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "elsewhere"])
def test_an_unused_rule_fails_its_test(pytester: pytest.Pytester, elsewhere: bool) -> None:
    """The rule is shown as it was written, with what it fitted and what came closest."""
    with ThreadedServer() as server:
        options = ["--douyin-url", server.url] if elsewhere else []
        result = run(pytester, UNUSED + "def test_next(douyin): token(douyin)\n", *options)
        worlds = [world.name for world in server.sandbox.worlds]

    result.assert_outcomes(passed=2, errors=1)
    [number] = [line.split()[-1] for line in result.outlines if line.startswith("the call has")]
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_one*",
            "mockdouyin: the rule {on: oauth.refresh_token, times: 1, error: 10010} was"
            " not applied: it matched no calls; the closest call was oauth.client_token"
            f" (#{number}): endpoint expected oauth.refresh_token, seen oauth.client_token",
            "mockdouyin: the rule {on: client_token, after: 1, status: 502} was"
            " not applied: it matched one call; oauth.client_token was called once;"
            f" the closest, #{number}: after expected at least 2 matching calls, seen 1",
            "(not with @pytest.mark.douyin(strict=False))",
        ]
    )
    assert worlds == ["default"]


def test_a_call_that_nothing_answered_fails_its_test(pytester: pytest.Pytester) -> None:
    """The test that called is named with the path and the nearest one, prefix or not."""
    source = """
def test_prefix(douyin):
    lost(douyin)

def test_plain(douyin, douyin_server):
    lost(douyin, douyin_server.url)

def test_next(douyin):
    token(douyin)
"""
    result = run(pytester, CALL + source)

    result.assert_outcomes(passed=3, errors=2)
    says = (
        "mockdouyin: nothing answered GET /oauth2/oauth/client_token/: no endpoint *did you mean*"
        " (path expected /oauth/client_token/, seen /oauth2/oauth/client_token/*)"
    )
    for name in ("prefix", "plain"):
        result.stdout.fnmatch_lines([f"*ERROR at teardown of test_{name}*", says])


def test_what_is_left_is_told_in_chinese(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With MOCKDOUYIN_LANG it is told in that language."""
    monkeypatch.setenv("MOCKDOUYIN_LANG", "zh")
    source = """
def test_both(douyin):
    douyin.rule("oauth.refresh_token", error=10010, times=1)
    lost(douyin)
"""
    result = run(pytester, CALL + source)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "mockdouyin: 规则 {on: oauth.refresh_token, times: 1, error: 10010} 没有生效："
            "匹配了 0 次请求；*",
            "mockdouyin: 没有接口响应 GET /oauth2/oauth/client_token/：*",
            "（允许这样的测试：@pytest.mark.douyin(strict=False)）",
        ]
    )


def test_what_is_used_fails_nothing(pytester: pytest.Pytester) -> None:
    """Rules that were applied, had a chance or were removed pass; so do the scenario's own."""
    source = """
@pytest.mark.douyin(scenario="bad-gateway")
def test_scenario(douyin):
    pass

def test_used(douyin):
    douyin.rule("client_token", delay="1ms")
    douyin.rule("client_token", status=502, chance=0)
    rule = douyin.rule("user_info", status=502)
    token(douyin)
    douyin.order("remove_rule", path={"id": rule.id})
    assert douyin.leftovers() == {"unused_rules": [], "unanswered": []}
"""
    run(pytester, source).assert_outcomes(passed=2)


def test_a_test_turns_it_off(pytester: pytest.Pytester) -> None:
    """By marker or by attribute, a test's leftovers are its own affair."""
    source = """
@pytest.mark.douyin(strict=False)
def test_marker(douyin):
    assert not douyin.strict
    douyin.rule("user_info", status=502)
    lost(douyin)

def test_attribute(douyin):
    douyin.strict = False
    douyin.rule("user_info", status=502)
    lost(douyin)
"""
    run(pytester, CALL + source).assert_outcomes(passed=2)


def test_a_project_turns_it_off(pytester: pytest.Pytester) -> None:
    """What a project turned off, a test may turn on for itself."""
    pytester.makeini("[pytest]\ndouyin_strict = false\n")
    source = """
def test_off(douyin):
    douyin.rule("user_info", status=502)
    lost(douyin)

@pytest.mark.douyin(strict=True)
def test_on(douyin):
    lost(douyin)
"""
    result = run(pytester, CALL + source)

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_on*"])


def test_a_test_that_ended_otherwise_is_left_alone(pytester: pytest.Pytester) -> None:
    """One that failed, was skipped, or failed as expected, is not reported twice."""
    source = """
@pytest.fixture
def broken(douyin):
    douyin.rule("user_info", status=502)
    raise ValueError

def test_failed(douyin):
    douyin.rule("user_info", status=502)
    assert 0

def test_skipped(douyin):
    douyin.rule("user_info", status=502)
    pytest.skip("later")

@pytest.mark.xfail(strict=True)
def test_expected(douyin):
    douyin.rule("user_info", status=502)
    assert 0

def test_setup(broken):
    pass
"""
    result = run(pytester, source)

    result.assert_outcomes(failed=1, skipped=1, xfailed=1, errors=1)
    result.stdout.no_fnmatch_line("*was not applied*")


def test_snapshots(pytester: pytest.Pytester) -> None:
    """A test goes back to where it was, once or again and again, and is judged for all it did."""
    source = """
def login(douyin):
    return douyin.phone().login()["code"]

def test_again(douyin):
    douyin.clock.freeze("2026-01-01T00:00:00+08:00")
    douyin.rule("client_token", error=10003, times=1)
    saved = douyin.snapshot()
    seen = set()
    for _ in range(2):
        assert token(douyin)["error_code"] == 10003
        seen.add(login(douyin))
        douyin.clock.advance("1h")
        douyin.restore(saved)
        assert douyin.clock.now == "2026-01-01T00:00:00+08:00"
        assert len(douyin.journal) == 0
    assert len(seen) == 1
    saved.drop()

def test_within(douyin):
    with douyin.snapshot():
        douyin.add_person("甲")
        first = login(douyin)
    assert "甲" not in [person.name for person in douyin.people]
    assert login(douyin) == first
    assert douyin.order("list_snapshots") == {"snapshots": []}

def test_judged(douyin):
    with pytest.raises(ValueError), douyin.snapshot():
        douyin.rule("user_info", status=502)
        raise ValueError
    assert douyin.order("rules")["rules"] == []
"""
    result = run(pytester, source)

    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at teardown of test_judged*", "*on: user_info*was not applied:*"]
    )
