"""Rules that are switched off and on: what is not matched, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError, NotFoundError, ScenarioError
from tests.support.helpers import UNSERVED, WEB_CLIENT, phone, post, sandbox, send

ASKED = {**WEB_CLIENT, "grant_type": "client_credential"}
RULE = {"on": "client_token", "error": 10003}
TWO = """
name: two
rules:
  - {on: client_token, error: 10003}
  - {on: client_token, error: 10001, off: true}
"""


def number(box: Sandbox) -> int:
    """Ask for a client token; return the number of the answer."""
    code: int = post(box, "/oauth/client_token/", ASKED)["data"]["error_code"]
    return code


def listed(box: Sandbox, **query: str) -> list[dict[str, Any]]:
    """List the rules."""
    rules: list[dict[str, Any]] = execute(box, "rules", query=query)["rules"]
    return rules


def switch(box: Sandbox, rule_id: str, off: Any) -> Any:
    """Switch a rule off or on."""
    return execute(box, "switch_rule", path={"id": rule_id}, body={"off": off})


def test_a_rule_that_is_off_is_not_there() -> None:
    """It matches and counts nothing, and goes on in its place, where it was, once it is on."""
    box = sandbox()
    execute(box, "add_rule", body={**RULE, "times": 2, "id": "first"})
    execute(box, "add_rule", body={"on": "client_token", "error": 10001, "id": "second"})
    seen = [number(box)]

    assert switch(box, "first", off=True)["off"]
    seen += [number(box), number(box)]
    off = listed(box)
    on = switch(box, "first", off=False)
    seen += [number(box), number(box)]

    assert seen == [10003, 10001, 10001, 10003, 10001]
    assert [(each["id"], each["seen"], each["hits"]) for each in off] == [
        ("first", 1, 1),
        ("second", 3, 2),
    ]
    assert "off" not in on
    assert [each["id"] for each in listed(box)] == ["first", "second"]


def test_a_path_without_an_endpoint() -> None:
    """Where only the rule answers, nothing does while it is off."""
    box = sandbox()
    execute(box, "add_rule", body={"on": UNSERVED, "status": 503, "id": "one"})
    replies = [send(box, "GET", UNSERVED).status]
    switch(box, "one", off=True)
    replies.append(send(box, "GET", UNSERVED).status)

    assert replies == [503, 404]


def test_a_phones_rule() -> None:
    """A tt call is answered as usual while the rule on it is off."""
    box = sandbox()
    execute(box, "add_rule", body={"on": "phone.login", "error": 113001, "off": True})
    first = phone(box, "login")
    switch(box, "rule-1", off=False)
    second = phone(box, "login")

    assert "code" in first
    assert "code" not in second


def test_a_near_miss_says_that_it_is_off() -> None:
    """The rule would have matched the call: that it was off is the difference."""
    box = sandbox()
    execute(box, "add_rule", body={**RULE, "off": True})
    number(box)

    [rule] = listed(box, near="true")

    assert rule["near"]["differences"] == [{"field": "off", "expected": False, "seen": True}]
    assert rule["near"]["says"] == "the rule is switched off"
    assert (
        execute(box, "rules", query={"near": "true"}, language="zh")["rules"][0]["near"]["says"]
        == "规则已停用"
    )


def test_written_off_in_a_scenario() -> None:
    """Two rules for the same calls are no mistake while one is off; the switches choose."""
    box = sandbox(scenario=Scenario.parse(TWO))
    first, second = (each["id"] for each in listed(box))
    seen = [number(box)]
    switch(box, first, off=True)
    switch(box, second, off=False)
    seen.append(number(box))

    execute(box, "reset")

    assert [*seen, number(box)] == [10003, 10001, 10003]
    assert [each.get("off") for each in listed(box)] == [None, True]
    with pytest.raises(ScenarioError, match="never applies"):
        Scenario.parse(TWO.replace(", off: true", ""))


def test_a_file_that_is_loaded_again() -> None:
    """The switch of an unchanged rule stays; what the file itself says anew is so."""
    story = Scenario.parse(TWO)
    box = sandbox(scenario=story)
    world = box.default
    first, second = (each["id"] for each in listed(box))
    switch(box, first, off=True)

    world.load(story, world.settings)
    assert [each.get("off") for each in listed(box)] == [True, True]
    world.load(Scenario.parse(TWO.replace("off: true", "times: 3, off: true")), world.settings)
    assert [each.get("off") for each in listed(box)] == [True, True]
    swapped = TWO.replace("10003}", "10003, off: true}").replace("10001, off: true", "10001")
    world.load(Scenario.parse(swapped), world.settings)

    assert [each.get("off") for each in listed(box)] == [True, None]
    assert [each["id"] for each in listed(box)] == [first, second]


def test_the_journal_has_each_switch() -> None:
    """A switch is an act; one that changes nothing is not."""
    box = sandbox()
    execute(box, "add_rule", body=RULE)
    for off in (True, True, False):
        switch(box, "rule-1", off=off)

    rows = execute(box, "rows")["rows"]

    assert [row["kind"] for row in rows] == ["rule.add", "rule.off", "rule.on"]
    assert rows[1]["says"] == "rule rule-1 is switched off"


@pytest.mark.parametrize("body", [{}, {"off": "yes"}, {"off": True, "times": 3}, {"times": 3}])
def test_nothing_else_is_changed(body: dict[str, Any]) -> None:
    """The body has `off` and nothing else; a rule that is not there is said so."""
    box = sandbox()
    execute(box, "add_rule", body=RULE)
    with pytest.raises(MockDouyinError):
        execute(box, "switch_rule", path={"id": "rule-1"}, body=body)
    with pytest.raises(NotFoundError, match="did you mean rule-1"):
        switch(box, "rule-2", off=True)

    assert number(box) == 10003


def test_yaml_of_other_libraries() -> None:
    """A library that reads `on` and `off` as true and false sends keys that are understood."""
    box = sandbox()
    scenario = {"rules": [{"true": "client_token", "false": True, "error": 10003}]}
    execute(box, "use_scenario", body={"scenario": scenario})

    assert [(each["on"], each["off"]) for each in listed(box)] == [("client_token", True)]
    assert number(box) == 0


def test_a_snapshot_has_the_switch_that_it_had() -> None:
    """A restore brings it back."""
    box = sandbox()
    execute(box, "add_rule", body=RULE)
    name = execute(box, "take_snapshot")["snapshot"]
    switch(box, "rule-1", off=True)
    seen = [number(box)]

    execute(box, "restore_snapshot", path={"id": name})

    assert [*seen, number(box)] == [0, 10003]
