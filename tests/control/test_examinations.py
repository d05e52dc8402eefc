"""Findings are looked for once for everybody, and anew after whatever was written."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import Sandbox, findings
from mockdouyin.control import execute
from mockdouyin.core.http import Request
from mockdouyin.core.journal import Exchange
from tests.support.helpers import sandbox


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows with each examination: by the number of exchanges."""
    counts: list[int] = []
    examine = findings.examine

    def counting(
        exchanges: list[Exchange], rule: str = "", pace: Any = iter, deliveries: Any = list
    ) -> list[findings.Finding]:
        counts.append(len(exchanges))
        return examine(exchanges, rule, pace, deliveries)

    monkeypatch.setattr(findings, "examine", counting)
    return counts


def rules_found(box: Sandbox) -> list[str]:
    """Return the rules of all findings."""
    return [each["rule"] for each in execute(box, "findings")["findings"]]


def call_unknown(box: Sandbox) -> None:
    """Call a path that nothing answers."""
    box.handle(Request("GET", "/open/get_ticket/"))


def test_nothing_new_is_not_looked_at_again(box: Sandbox, examined: list[int]) -> None:
    """While nothing is written, the findings are those of before."""
    call_unknown(box)
    first = execute(box, "findings")
    second = execute(box, "findings")

    assert first == second
    assert rules_found(box) == ["unknown_path"]
    assert examined == [1]


def test_what_is_written_is_looked_at(box: Sandbox, examined: list[int]) -> None:
    """After an exchange, and after a reset, all is looked at again."""
    assert rules_found(box) == []
    call_unknown(box)
    assert rules_found(box) == ["unknown_path"]
    execute(box, "reset")
    assert rules_found(box) == []
    assert examined == [0, 1, 0]


def test_what_a_snapshot_restores_is_looked_at(examined: list[int]) -> None:
    """A world that is restored has the findings of then."""
    box = sandbox()
    taken = execute(box, "take_snapshot")["snapshot"]
    call_unknown(box)
    assert rules_found(box) == ["unknown_path"]
    execute(box, "restore_snapshot", path={"id": taken})
    assert rules_found(box) == []
    assert examined == [1, 0]


def test_one_rule_is_looked_for_alone(box: Sandbox, examined: list[int]) -> None:
    """A query for a rule looks for no other, and leaves what all of them found."""
    call_unknown(box)
    assert rules_found(box) == ["unknown_path"]
    found = execute(box, "findings", query={"rule": "code_reused"})

    assert (found["findings"], found["exchanges"]) == ([], 1)
    assert rules_found(box) == ["unknown_path"]
    assert examined == [1, 1]
