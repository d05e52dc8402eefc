"""docs/scenarios.md agrees with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mockdouyin import Sandbox, Scenario
from mockdouyin.scenario import scenario_files
from mockdouyin.scenario.rule import Rule

PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_scenario_has_a_row() -> None:
    """The built-in scenarios are those of the folder, in its order."""
    listed = TEXT.partition("<!-- scenarios: ")[2].partition("<!-- /scenarios -->")[0]

    assert re.findall(r"^\| `([\w-]+)` \|", listed, re.MULTILINE) == scenario_files.names()


def test_every_key_of_a_rule_has_a_row() -> None:
    """The table of a rule's keys has all of them."""
    listed = TEXT.partition("## Rules")[2].partition("How rules are chosen")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", listed, re.MULTILINE)) == set(Rule.__struct_fields__)


@pytest.mark.parametrize("example", re.findall("```yaml\n(.*?)```", TEXT, re.DOTALL))
def test_examples_are_good(example: str) -> None:
    """Every scenario on the page can be started."""
    scenario = Scenario.parse(example)

    assert Sandbox(scenario).default.find_app("shop").name == "shop"
    assert set(scenario.__struct_fields__) >= set(re.findall(r"^(\w+):", example, re.MULTILINE))
