"""How long a rule applies, and who set it: a rule that a script left behind expires."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockdouyin import Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.control.client import LocalControl
from mockdouyin.core.errors import ScenarioError
from mockdouyin.sandbox.definition import define
from mockdouyin.sandbox.registry import Worlds
from mockdouyin.scenario._rule_mistakes import misshapen
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.validation import Mistake
from mockdouyin.testing.fixture import Douyin
from tests.support.helpers import WEB_CLIENT, post, sandbox

ASKED = {**WEB_CLIENT, "grant_type": "client_credential"}
RULE = {"on": "client_token", "error": 10003}


def number(box: Sandbox) -> int:
    """Ask for a client token; return the number of the answer."""
    code: int = post(box, "/oauth/client_token/", ASKED)["data"]["error_code"]
    return code


def advance(box: Sandbox, by: str) -> None:
    """Move the default world's clock."""
    execute(box, "advance_clock", body={"by": by})


def listed(box: Sandbox) -> list[dict[str, Any]]:
    """List the rules."""
    rules: list[dict[str, Any]] = execute(box, "rules")["rules"]
    return rules


def scenario(*rules: str) -> Scenario:
    """Make a scenario of rules."""
    lines = "".join(f"\n  - {rule}" for rule in rules)
    return Scenario.parse(f"name: story\nrules:{lines}\n", "story.yaml")


def test_a_rule_applies_no_longer_than_its_ttl() -> None:
    """The world's clock decides, and a rule whose time is over counts no calls."""
    box = sandbox()
    made = execute(box, "add_rule", body={**RULE, "ttl": "5m"})
    assert (made["ttl"], made["ends"]) == ("5m", "2026-01-01T12:05:00+08:00")

    seen = [number(box)]
    advance(box, "299s")
    seen.append(number(box))
    alive = listed(box)[0]
    advance(box, "1s")
    seen.append(number(box))
    dead = listed(box)[0]

    assert seen == [10003, 10003, 0]
    assert (alive["expired"], alive["hits"], alive["seen"]) == (False, 2, 2)
    assert (dead["expired"], dead["hits"], dead["seen"]) == (True, 2, 2)


def test_the_next_script_finds_nothing_of_the_last() -> None:
    """What expired goes when a rule is set; its id is free again, and begins to count anew."""
    box = sandbox()
    rule = {**RULE, "ttl": "5m", "times": 1, "id": "flaky"}
    execute(box, "add_rule", body=rule)
    assert [number(box), number(box)] == [10003, 0]
    with pytest.raises(ScenarioError, match="there is a rule 'flaky' already"):
        execute(box, "add_rule", body=rule)
    advance(box, "5m")

    made = execute(box, "add_rule", body=rule)

    assert (made["hits"], made["seen"]) == (0, 0)
    assert [each["id"] for each in listed(box)] == ["flaky"]
    assert [number(box), number(box)] == [10003, 0]


def test_a_removed_rule_leaves_no_count() -> None:
    """An id that is used again begins at nothing."""
    box = sandbox()
    for _ in range(2):
        execute(box, "add_rule", body={**RULE, "times": 1, "id": "one"})
        assert [number(box), number(box)] == [10003, 0]
        execute(box, "remove_rule", path={"id": "one"})


def test_the_rule_behind_has_its_turn() -> None:
    """A rule that has expired decides for none after it, and lint does not say that it would."""
    box = sandbox(
        scenario=scenario(
            "{on: client_token, error: 10003, ttl: 5m}", "{on: client_token, error: 10001}"
        )
    )
    seen = [number(box)]
    advance(box, "5m")

    assert [*seen, number(box)] == [10003, 10001]


def test_a_scenario_rule_lives_from_the_beginning() -> None:
    """Its time begins with the world, anew with a reset, and goes on when it is loaded again."""
    story = scenario("{on: client_token, error: 10003, ttl: 5m}")
    box = sandbox(scenario=story)
    advance(box, "4m")
    box.default.load(story, box.default.settings)
    advance(box, "1m")
    assert number(box) == 0

    execute(box, "reset")

    assert number(box) == 10003
    box.default.load(scenario("{on: client_token, error: 10003, ttl: 10m}"), box.default.settings)
    advance(box, "6m")
    assert number(box) == 10003


def test_its_end_is_part_of_the_world() -> None:
    """A world that is built again from its definition ends its rules when it would have."""
    box = sandbox(scenario=scenario("{on: client_token, error: 10003, ttl: 5m}"))
    execute(box, "add_rule", body={**RULE, "ttl": "1h"})
    advance(box, "4m")

    again = Worlds().add(define(box.default))

    unit = again.store.unit(again.clock.now())
    ends = [rule.show(unit)["ends"] for rule in again.rules]
    assert ends == ["2026-01-01T13:00:00+08:00", "2026-01-01T12:05:00+08:00"]


def test_a_snapshot_has_the_end_that_it_had() -> None:
    """A restore brings the rule back, with as long to live as it had then."""
    box = sandbox()
    execute(box, "add_rule", body={**RULE, "ttl": "5m"})
    advance(box, "1m")
    name = execute(box, "take_snapshot")["snapshot"]
    advance(box, "10m")
    assert number(box) == 0

    execute(box, "restore_snapshot", path={"id": name})

    assert number(box) == 10003
    advance(box, "4m")
    assert number(box) == 0


@pytest.mark.parametrize("ttl", ["0s", "soon", "-1s", ""])
def test_a_life_that_is_none(ttl: str) -> None:
    """A life of no length is refused with its line, in a scenario and in an order."""
    with pytest.raises(ScenarioError, match=r"^story.yaml:3:43: ttl"):
        scenario(f'{{on: client_token, error: 10003, ttl: "{ttl}"}}')
    with pytest.raises(Exception, match="ttl"):
        execute(sandbox(), "add_rule", body={**RULE, "ttl": ttl})


def test_who_set_a_rule() -> None:
    """The scenario, the test, what the caller calls itself; or whoever says another name."""
    rules = ("{on: notify, status: 502, times: 1}", "{on: notify, status: 503, set_by: me}")
    box = sandbox(scenario=scenario(*rules))
    fixture = Douyin(LocalControl(box), "default")
    fixture.setter = "test tests/test_shop.py::test_one"
    fixture.rule("client_token", error=10003)
    fixture.rule("client_token", error=10003, set_by="somebody else")
    execute(box, "add_rule", body=RULE)
    execute(box, "add_rule", body=RULE, caller="curl/8.5.0")

    assert [each["set_by"] for each in listed(box)] == [
        "test tests/test_shop.py::test_one",
        "somebody else",
        "/_mock",
        "curl/8.5.0",
        "scenario story",
        "me",
    ]


def test_what_is_left_over_says_so() -> None:
    """A rule that expired unused is reported like any other."""
    box = sandbox()
    execute(box, "add_rule", body={**RULE, "ttl": "5m"})
    advance(box, "1h")

    [unused] = execute(box, "list_leftovers")["unused_rules"]

    assert unused["expired"]
    assert unused["set_by"] == "/_mock"


def test_a_rule_is_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a scenario's text to worlds that run it, are restored and reloaded: one validation."""
    validated: list[Rule] = []

    def count(rule: Rule) -> Iterator[Mistake]:
        validated.append(rule)
        return misshapen(rule)

    monkeypatch.setattr("mockdouyin.scenario.rule_analysis.misshapen", count)
    text = "name: once\nrules: [{on: code_to_session, error: 40018, after: 4711, id: first}]\n"

    scenario = Scenario.parse(text)
    box = sandbox(scenario=scenario)
    world = box.worlds.create("second", scenario)
    world.load(scenario, world.settings)
    execute(box, "add_rule", body={"on": "code_to_session", "error": 40018, "after": 4711})

    assert [each.after for each in validated] == [4711]
