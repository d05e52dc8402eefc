"""Scenarios and rules that one replica changes are those of the others at once."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.core.errors import ConflictError
from tests.redis_store.conftest import Replica
from tests.support.helpers import PROGRAM_LOGIN, phone, post
from tests.support.threads import together

LOGIN = "/api/apps/v2/jscode2session"


def log_in(box: Sandbox, person: str = "小明") -> int:
    """Log a person in; return the number of the answer."""
    code = phone(box, "login", person=person)["code"]
    number: int = post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})["err_no"]
    return number


def use(box: Sandbox, scenario: Any) -> Any:
    """Switch the default world to a scenario."""
    return execute(box, "use_scenario", body={"scenario": scenario})


def test_another_scenario(replica: Replica) -> None:
    """Its rules count over all replicas, its apps are theirs, and so is the way back."""
    first, second = replica(), replica()
    log_in(second)

    use(first, "flaky-login")
    numbers = [log_in(second), log_in(first)]
    use(second, {"apps": {"web": {"banned": True}, "shop": {"client_key": "awshop00000001"}}})
    third = replica()
    banned = [execute(box, "apps")["apps"][2]["banned"] for box in (first, third)]
    use(third, None)

    assert numbers == [40018, 0]
    assert banned == [True, True]
    apps = execute(first, "apps")["apps"]
    assert [(app["name"], app["banned"]) for app in apps][2:] == [("web", False), ("shop", False)]
    assert second.worlds.of_app("awshop00000001") is second.default
    assert execute(second, "world_scenario")["scenario"] == "default"


def test_a_key_that_another_world_has(replica: Replica) -> None:
    """Refused, it leaves no key of the scenario claimed on any replica."""
    first, second = replica(), replica()
    taken = {"apps": {"web": {"client_key": "awtaken"}}}
    execute(first, "create_world", body={"name": "other", "scenario": taken})
    both = {"apps": {"a": {"client_key": "awfree"}, "b": {"client_key": "awtaken"}}}

    with pytest.raises(ConflictError, match="lives in world 'other'"):
        use(second, both)

    assert first.worlds.of_app("awfree") is None
    assert execute(first, "world_scenario")["scenario"] == "default"


def test_switches_at_once(replica: Replica) -> None:
    """Of two replicas that switch the world at the same moment, one is the last, and whole."""
    first, second = replica(), replica()

    together(lambda: use(first, "flaky-login"), lambda: use(second, "login-code-expired"))

    seen = {execute(box, "world_scenario")["scenario"] for box in (first, second)}
    counts = {len(execute(box, "rules")["rules"]) for box in (first, second)}
    assert (seen, counts) in (({"flaky-login"}, {2}), ({"login-code-expired"}, {1}))


def test_rules_off_and_on(replica: Replica) -> None:
    """A rule that is off at one is off at all, and keeps its counts."""
    first, second = replica(), replica()
    rule = {"on": "code_to_session", "error": 40018, "times": 2}
    execute(first, "add_rule", body=rule)
    numbers = [log_in(second)]
    execute(second, "switch_rule", path={"id": "rule-1"}, body={"off": True})
    numbers.append(log_in(first))
    execute(first, "switch_rule", path={"id": "rule-1"}, body={"off": False})

    assert [*numbers, log_in(second), log_in(first)] == [40018, 0, 40018, 0]


def test_the_person_of_a_call(replica: Replica) -> None:
    """The condition is decided on what another replica issued; a dry run sees all calls."""
    first, second = replica(), replica()
    execute(
        first,
        "add_rule",
        body={"on": "code_to_session", "when": {"person": "小红"}, "error": 40018},
    )
    code = phone(first, "login", person="小红")["code"]

    refused = post(second, LOGIN, {**PROGRAM_LOGIN, "code": code})["err_no"]

    assert (refused, log_in(second)) == (40018, 0)
    body = {"on": "code_to_session", "when": {"person": "小明"}, "status": 502}
    answer = execute(first, "check_rule", body=body)
    assert (answer["calls"], len(answer["applied"])) == (2, 1)
