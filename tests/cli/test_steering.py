"""`clock`, `rule` and `reset`."""

from __future__ import annotations

import time

import httpx
import pytest

from mockdouyin.core.clock import parse_time
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, json_of, lines_of
from tests.support.helpers import WEB_CLIENT


def client_token(server: ThreadedServer) -> int:
    """Ask for a client token, and give the error's number, or 0."""
    code: int = httpx.post(
        f"{server.url}/oauth/client_token/",
        json={**WEB_CLIENT, "grant_type": "client_credential"},
    ).json()["data"]["error_code"]
    return code


MOVED = "  moved; `mockdouyin clock back` returns to the real time"


@pytest.mark.usefixtures("server")
def test_clock() -> None:
    """The time is shown, moved, stopped and let go on."""
    noon = "2026-11-20T12:00:00+08:00"

    assert lines_of("clock", "freeze", "--at", noon) == [f"{noon}  frozen{MOVED}"]
    assert lines_of("clock", "advance", "2h1m") == [
        f"2026-11-20T14:01:00+08:00  frozen{MOVED}",
        "nothing fell due",
    ]
    assert lines_of("clock") == lines_of("clock", "show")
    assert json_of("clock", "show", "--json")["frozen"] is True
    (line,) = lines_of("clock", "resume")
    moment, state, _ = line.split(maxsplit=2)
    assert state == "running"
    assert line.endswith(MOVED)
    assert 0 <= parse_time(moment) - parse_time("2026-11-20T14:01:00+08:00") < 20
    (line,) = lines_of("clock", "freeze", "--at", "now")
    assert line.endswith(f"frozen{MOVED}")
    assert "time cannot go back, by '-5m'; `clock back`" in complaint_of("clock", "advance", "-5m")
    (line,) = lines_of("clock", "--lang", "zh")
    assert line.endswith("  已冻结  被调过；`mockdouyin clock back` 回到真实时间")
    (line,) = lines_of("clock", "back")
    assert line.endswith("  running")
    assert abs(parse_time(line.split()[0]) - time.time()) < 20


def test_what_falls_due(server: ThreadedServer) -> None:
    """The queue is printed, the soonest first; a move says in one line what it ran."""
    assert lines_of("clock", "due", "--lang", "zh") == ["世界 'default' 里没有将要到期的内容"]
    lines_of("clock", "freeze", "--at", "2026-11-20T12:00:00+08:00")
    client_token(server)
    client_token(server)
    lines_of("rule", "add", "{on: client_token, error: 10003, ttl: 1m30s}")

    token = "a client token (clt.) of web"
    assert lines_of("clock", "due") == [
        "2026-11-20T12:01:30+08:00  in 1m30s  rule rule-1 ends",
        f"2026-11-20T12:05:00+08:00  in 5m     {token}, which was replaced, ends",
        f"2026-11-20T14:00:00+08:00  in 2h     {token} expires",
    ]
    assert [each["in"] for each in json_of("clock", "due", "--limit", "1", "--json")["due"]] == [
        90
    ]
    assert lines_of("clock", "due", "--limit", "1")[0].endswith("rule rule-1 ends")
    assert lines_of("clock", "advance", "2h1m")[1] == "on the way: 2 tokens expired, 1 rule ended"
    client_token(server)
    zh = lines_of("clock", "advance", "2h1m", "--lang", "zh")[1]
    assert zh == "时钟前进期间：1 个 token 过期"


def test_options_of_a_group_hold_for_its_commands(server: ThreadedServer) -> None:
    """--url and --world stand before or after the command's name."""
    server.sandbox.worlds.create("mine")
    lines_of("clock", "--world", "mine", "freeze", "--at", "2026-11-20T12:00:00")
    lines_of("clock", "advance", "5m", "--world", "mine")

    (line,) = lines_of("clock", "--world", "mine")
    assert line == f"2026-11-20T12:05:00+08:00  frozen{MOVED}"
    assert server.sandbox.default.clock.frozen is False


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("by", ["soon", "90", "1 hour"])
def test_a_clock_that_cannot_be_moved_so(by: str) -> None:
    """An error about a duration shows how to write one."""
    assert "write 90s, 5m, 2h1m" in complaint_of("clock", "advance", by)


@pytest.mark.parametrize(
    "args",
    [
        ("{on: client_token, error: 10003, times: 1}",),
        ('{"on": "client_token", "error": 10003, "times": 1}',),
        ("on: client_token\nerror: 10003\ntimes: 1",),
        ("--on", "client_token", "--error", "10003", "--times", "1"),
    ],
)
def test_rule_as_text_or_by_options(server: ThreadedServer, args: tuple[str, ...]) -> None:
    """A rule is written as in a scenario, as JSON, or by options; it prints with its id."""
    (line,) = lines_of("rule", "add", *args)

    what = "on: client_token, times: 1, error: 10003"
    assert line == f"rule-1  applied to 0 of 0  {what}  (by mockdouyin rule add)"
    assert [client_token(server), client_token(server)] == [10003, 0]
    (line,) = lines_of("rule")
    assert line.startswith("rule-1  applied to 1 of 2 ")


@pytest.mark.usefixtures("server")
def test_every_option_of_a_rule() -> None:
    """Each part of a rule has its option; values are JSON where they are JSON."""
    added = json_of(
        *("rule", "add", "--json", "--on", "client_token", "--on", "user_token"),
        *("--fault", "reset", "--delay", "200ms", "--after", "1", "--every", "2"),
        *("--chance", "0.5", "--when", "client_key=aw*", "--patch", "data.expires_in=60"),
    )
    refusal = json_of("rule", "add", "--json", "--on", "client_token", "--error", "bad_params")
    page = json_of("rule", "add", "--json", "--on", "oauth.*", "--status", "502")

    assert added == {
        "id": "rule-1",
        "on": ["client_token", "user_token"],
        "when": {"client_key": "aw*"},
        "after": 1,
        "every": 2,
        "chance": 0.5,
        "patch": {"data.expires_in": 60},
        "fault": "reset",
        "delay": added["delay"],
        "set_by": "mockdouyin rule add",
        "hits": 0,
        "seen": 0,
    }
    assert refusal["error"] == "bad_params"
    assert page["status"] == 502
    listed = json_of("rule", "list", "--json")["rules"]
    assert {each.pop("closest") for each in listed} == {"nothing was called at all"}
    assert [each.pop("near") for each in listed] == [None] * 3
    assert listed == [added, refusal, page]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{on: client_tokn, error: 1}", "did you mean client_token?"),
        ("{on: client_token, eror: 1}", "did you mean error?"),
        ("{on: client_token}", "the rule does nothing"),
        ("{on: client_token, error: 99}", "has no error"),
        ("{error: 10003}", "on"),
        ("{}", "on"),
        ("[]", "cannot parse the rule"),
        ("{on: client_token", "cannot parse the rule"),
        ("{on: client_token, error: 10003, status: 502}", "exclude one another"),
        ("{on: client_token, error: 10003, chance: 2}", "chance"),
        ("{on: [], error: 10003}", ""),
    ],
)
def test_rules_that_make_no_sense(text: str, says: str) -> None:
    """A rule that cannot work is refused with what is wrong with it."""
    assert says in complaint_of("rule", "add", text)


def test_clear(server: ThreadedServer) -> None:
    """Rules are removed by id, or all at once."""
    for error in ("10002", "10003", "10013"):
        lines_of("rule", "add", "--on", "client_token", "--error", error)

    lines = lines_of("rule", "clear", "rule-1", "rule-2")
    assert [line.split()[0] for line in lines] == ["rule-3"]
    assert lines_of("rule", "clear") == ["no rules"]
    assert client_token(server) == 0
    assert "no rule 'rule-9'" in complaint_of("rule", "clear", "rule-9")


def test_reset(server: ThreadedServer) -> None:
    """A world that is reset has no exchanges, no rules from outside, and a running clock."""
    lines_of("rule", "add", "--on", "client_token", "--error", "10003")
    lines_of("clock", "freeze")
    client_token(server)

    assert lines_of("reset") == ["world 'default' was reset"]
    assert lines_of("rule") == ["no rules"]
    assert lines_of("clock")[0].endswith("running")
    assert json_of("journal", "--json")["exchanges"] == []


def test_the_list_of_rules_tells_what_came_closest(server: ThreadedServer) -> None:
    """Below a rule that was never applied stands the closest call, once there is one."""
    lines_of("rule", "add", "{on: client_token, error: 10003, when: {client_key: x}}")
    lines_of("rule", "add", "{on: client_token, error: 10003}")
    assert len(lines_of("rule", "list")) == 2
    client_token(server)

    [called] = json_of("journal", "--json")["exchanges"]
    idle, closest, used = lines_of("rule")

    assert (idle.split()[0], used.split()[0]) == ("rule-1", "rule-2")
    assert closest == (
        f"  oauth.client_token was called once; the closest, #{called['id']}: client_key"
        f" expected x, seen {WEB_CLIENT['client_key']}"
    )


def test_rules_off_and_on(server: ThreadedServer) -> None:
    """A rule that is off says so in the list, with its counts, and is on again as it was."""
    lines_of("rule", "add", "{on: client_token, error: 10003, times: 5}")
    seen = [client_token(server)]

    (line,) = lines_of("rule", "off", "rule-1")
    seen.append(client_token(server))
    assert line.startswith("rule-1  applied to 1 of 1  on: client_token, off: true, times: 5")
    (line,) = lines_of("rule", "on", "rule-1")
    assert line.startswith("rule-1  applied to 1 of 1  on: client_token, times: 5")

    assert [*seen, client_token(server)] == [10003, 0, 10003]
    assert "no rule 'rule-9'" in complaint_of("rule", "off", "rule-9")


def test_a_rule_that_is_tried(server: ThreadedServer) -> None:
    """The calls that it would have been applied to, those that were not its turn, the closest."""
    assert lines_of("rule", "check", "{on: client_token, error: 10003}", "--lang", "zh") == [
        "日志里还没有它作用的调用，先发一次请求再试"
    ]
    for _ in range(3):
        client_token(server)
    rule = f"{{on: client_token, when: {{client_key: {WEB_CLIENT['client_key']}}}, error: 10003"

    assert lines_of("rule", "check", rule + ", every: 2}") == [
        "it would be applied to 1 of the latest 3 calls #2",
        "matched, and not applied to: #1 (every), #3 (every)",
    ]
    other = "{on: client_token, when: {client_key: x}, error: 10003}"
    assert lines_of("rule", "check", other, "--lang", "zh") == [
        "会对最近 3 次调用中的 0 次生效",
        "不匹配的调用中最接近的是 #3 oauth.client_token：client_key 应为 x，实际为"
        f" {WEB_CLIENT['client_key']}",
    ]
    assert json_of("rule", "check", rule + "}", "--json")["applied"] == [1, 2, 3]
    assert lines_of("rule") == ["no rules"]
    assert "did you mean error?" in complaint_of("rule", "check", "{on: client_token, eror: 1}")
