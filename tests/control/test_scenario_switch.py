"""A running world is switched to another scenario, and back."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.core.errors import ConflictError, MockDouyinError, NotFoundError, ScenarioError
from mockdouyin.sandbox.definition import define
from tests.support.helpers import (
    PROGRAM_LOGIN,
    WEB,
    WEB_CLIENT,
    consent,
    get,
    phone,
    post,
    sandbox,
)

LOGIN = "/api/apps/v2/jscode2session"

STORY: dict[str, Any] = {
    "name": "story",
    "apps": {
        "shop": {"kind": "web", "client_key": "awshop0000000001"},
        "web": {"client_key": "awother000000001", "banned": True},
    },
    "people": {"丁": {"city": "上海"}, "小明": {"city": "nowhere"}},
    "settings": {"limits": "enforce", "user_token_lifetime": "1d", "seed": 99},
    "rules": [{"on": "code_to_session", "error": 40018, "times": 1, "ttl": "5m"}],
    "events": [{"after": "5s", "send": "create_video", "person": "丁", "app": "shop"}],
}


def use(box: Sandbox, scenario: Any, world: str = "default") -> Any:
    """Switch a world to a scenario."""
    return execute(box, "use_scenario", world=world, body={"scenario": scenario})


def log_in(box: Sandbox, person: str = "小明") -> int:
    """Log in; return the number of the answer."""
    code = phone(box, "login", person=person)["code"]
    number: int = post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})["err_no"]
    return number


def setting(box: Sandbox, name: str) -> Any:
    """Return a setting of the world."""
    return getattr(box.default.settings, name)


def ids(box: Sandbox) -> list[str]:
    """Return the ids of the rules, in order."""
    return [each["id"] for each in execute(box, "rules")["rules"]]


def everything(box: Sandbox) -> Any:
    """Return the world as plain data, with its journal."""
    return define(box.default), box.default.journal.newest(), box.default.store.snapshot()


def test_there_and_back() -> None:
    """Logins are refused while the scenario is on; then the world is as it was, and newer."""
    box = sandbox()
    before = define(box.default)
    seen = [log_in(box)]

    used = use(box, "login-code-expired")
    in_force = execute(box, "world_scenario")
    seen += [log_in(box), log_in(box)]
    use(box, "default")

    assert [*seen, log_in(box)] == [0, 40018, 0, 0]
    assert (used["scenario"], used["rules"], used["kept"]) == ("login-code-expired", 1, [])
    assert in_force["scenario"] == in_force["listed"] == "login-code-expired"
    assert in_force["began_with"] == "default"
    assert define(box.default) == before


def test_what_stays() -> None:
    """Sessions and tokens work on; the journal, people, other rules and the clock are there."""
    box = sandbox()
    form = {**WEB_CLIENT, "grant_type": "authorization_code", "code": consent(box)}
    granted = post(box, "/oauth/access_token/", form)["data"]
    execute(box, "add_rule", body={"on": "notify", "status": 503, "id": "mine"})
    execute(box, "add_person", body={"name": "戊"})
    execute(box, "advance_clock", body={"by": "1h"})
    exchanges = len(box.default.journal)

    use(box, "flaky-login")

    given = {name: granted[name] for name in ("access_token", "open_id")}
    reply = get(box, "/oauth/userinfo/", given)
    assert reply["data"]["error_code"] == 0
    assert len(box.default.journal) == exchanges + 1
    assert "戊" in box.default.people
    assert ids(box)[0] == "mine"
    assert len(ids(box)) == 3
    assert execute(box, "clock")["now"] == "2026-01-01T13:00:00+08:00"


def test_what_is_added_and_what_is_told() -> None:
    """New apps and people join; what a running world cannot change is told, in both languages."""
    box = sandbox()

    used = use(box, STORY)

    assert used["added"] == {"apps": ["shop"], "people": ["丁"]}
    assert used["amended"] == ["web"]
    assert used["settings"] == ["limits", "user_token_lifetime"]
    assert [(each["what"], each["name"], each["fields"]) for each in used["kept"]] == [
        ("seed", "", ["seed"]),
        ("app", "web", ["client_key"]),
        ("person", "小明", ["city"]),
    ]
    assert used["kept"][1]["says"] == "the app web exists and keeps its client_key"
    zh = execute(box, "use_scenario", body={"scenario": STORY}, language="zh")
    assert zh["kept"][2]["says"] == "用户 小明 已存在，city 保持不变"
    assert (setting(box, "seed"), setting(box, "limits")) == (0, "enforce")
    assert box.default.apps[WEB.client_key].banned
    assert box.worlds.of_app("awshop0000000001") is box.default
    assert box.default.people.profile("丁").city == "上海"


def test_what_an_app_was_before() -> None:
    """An app has the scenario's properties while that is on; what was changed meanwhile stays."""
    box = sandbox()
    before = box.default.apps[WEB.client_key]
    scenario = {"apps": {"web": {"trial": True, "testers": ["小红"], "developer": "d"}}}
    use(box, scenario)
    during = box.default.apps[WEB.client_key]
    execute(box, "change_app", path={"key": "web"}, body={"developer": "mine"})

    use(box, "flaky-login")

    after = box.default.apps[WEB.client_key]
    assert (during.trial, during.testers, during.developer) == (True, ("小红",), "d")
    assert (after.trial, after.testers, after.developer) == (False, (), "mine")
    assert after.trial_since == before.trial_since


def test_it_begins_anew() -> None:
    """Used again, its rules have counted nothing, and their time and its timeline begin now."""
    box = sandbox()
    use(box, STORY)
    seen = [log_in(box), log_in(box)]
    due = [each["at"] for each in execute(box, "due")["due"] if each["kind"] in ("event", "rule")]
    execute(box, "advance_clock", body={"by": "1h"})
    [rule] = execute(box, "rules")["rules"]

    use(box, STORY)

    [again] = execute(box, "rules")["rules"]
    later = [e["at"] for e in execute(box, "due")["due"] if e["kind"] in ("event", "rule")]
    assert [*seen, log_in(box)] == [40018, 0, 40018]
    assert due == ["2026-01-01T12:00:05+08:00", "2026-01-01T12:05:00+08:00"]
    assert later == ["2026-01-01T13:00:05+08:00", "2026-01-01T13:05:00+08:00"]
    assert (rule["expired"], again["expired"], again["seen"]) == (True, False, 0)
    use(box, None)
    assert not [e for e in execute(box, "due")["due"] if e["kind"] in ("event", "rule")]


def test_settings_beside_the_scenario() -> None:
    """What was changed from outside stays unless the scenario has it; what was its own goes."""
    box = sandbox(settings={"unknown_codes": "accept"})
    execute(box, "change_settings", body={"limits": "enforce", "webhook_copies": 3})

    used = use(box, {"settings": {"limits": "off", "daily_quota": 5}})

    told = [each["fields"] for each in used["kept"] if each["what"] == "settings"]
    assert told == [["unknown_codes", "webhook_copies"]]
    names = ("unknown_codes", "limits", "webhook_copies", "daily_quota")
    assert [setting(box, name) for name in names] == ["accept", "off", 3, 5]
    use(box, None)
    assert [setting(box, name) for name in names] == ["accept", "off", 3, 10000]


@pytest.mark.parametrize(
    ("scenario", "error", "says"),
    [
        ("flaky-logn", NotFoundError, "did you mean flaky-login"),
        ("/etc/hostname", NotFoundError, "no scenario is called"),
        ({"rules": [{"on": "nothing", "error": 1}]}, ScenarioError, "unknown endpoint"),
        ({"rules": [{"on": "notify", "status": 502, "id": "mine"}]}, ConflictError, "'mine'"),
        ({"settings": {"limits": "no"}}, ScenarioError, "limits"),
        (
            {"rules": [{"on": "notify", "status": 502, "times": 1}] * 1000},
            ScenarioError,
            "1000 rules",
        ),
        (
            {"apps": {"a": {"client_key": "awfree"}, "b": {"client_key": "awtaken"}}},
            ConflictError,
            "lives in world 'other'",
        ),
        ({"apps": {f"app-{n}": {} for n in range(999)}}, ConflictError, "1002 apps"),
    ],
)
def test_refused_whole(scenario: Any, error: type[Exception], says: str) -> None:
    """A scenario that cannot be had is refused with a reason, and nothing has changed."""
    box = sandbox()
    taken = {"apps": {"web": {"client_key": "awtaken"}}}
    execute(box, "create_world", body={"name": "other", "scenario": taken})
    execute(box, "add_rule", body={"on": "notify", "status": 503, "id": "mine"})
    log_in(box)
    before = everything(box)

    with pytest.raises(error, match=says):
        use(box, scenario)

    assert everything(box) == before
    assert box.worlds.of_app("awfree") is None


@pytest.mark.parametrize("body", [{}, None, {"scenario": 3}, {"scenario": "default", "seed": 1}])
def test_what_the_body_is(body: Any) -> None:
    """`scenario` has to be given, if only as null, and nothing else."""
    with pytest.raises(MockDouyinError):
        execute(sandbox(), "use_scenario", body=body)


def test_the_journal_says_so() -> None:
    """The switch is an act, in both languages."""
    box = sandbox()
    use(box, "flaky-login")

    [row] = execute(box, "rows", language="zh")["rows"]
    assert (row["kind"], row["says"]) == ("scenario.use", "切换到场景 flaky-login")


def test_another_world_is_left_alone() -> None:
    """Only the world that was named is switched."""
    box = sandbox()
    execute(box, "create_world", body={"name": "other"})

    use(box, "flaky-login", world="other")

    assert [(w["world"], w["scenario"]) for w in execute(box, "worlds")["worlds"]] == [
        ("default", "default"),
        ("other", "flaky-login"),
    ]
    assert ids(box) == []


def test_a_snapshot_brings_back_the_scenario() -> None:
    """A restore has the scenario of its time, and the way back from it."""
    box = sandbox()
    use(box, STORY)
    name = execute(box, "take_snapshot")["snapshot"]
    saved = define(box.default)
    use(box, None)

    execute(box, "restore_snapshot", path={"id": name})

    assert define(box.default) == saved
    use(box, None)
    assert not box.default.apps[WEB.client_key].banned


def test_a_world_that_began_with_a_scenario() -> None:
    """Going back to it needs no change of its apps, whatever was changed of them since."""
    story = Scenario.read({**STORY, "name": "mine"})
    box = sandbox(scenario=story)
    execute(box, "change_app", path={"key": "shop"}, body={"developer": "mine"})
    execute(box, "change_app", path={"key": "web"}, body={"banned": False})
    before = define(box.default)

    use(box, "flaky-login")
    assert box.default.apps["awshop0000000001"].developer == "mine"
    used = use(box, {**STORY, "name": "mine"})

    assert (used["added"], used["amended"]) == ({"apps": [], "people": []}, [])
    assert define(box.default).apps == before.apps
    assert box.default.switch is None
