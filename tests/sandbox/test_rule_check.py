"""A dry run of a rule: to which calls of the past it would have been applied."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.core.errors import ScenarioError
from mockdouyin.core.journal import Entry
from mockdouyin.sandbox import rule_check
from mockdouyin.sandbox.definition import define
from tests.support.helpers import PROGRAM_LOGIN, UNSERVED, client_token, phone, sandbox, send

LOGIN = "/api/apps/v2/jscode2session"


def check(box: Sandbox, on: Any = "code_to_session", **then: Any) -> Any:
    """Try a rule that answers with a 502."""
    return execute(box, "check_rule", body={"on": on, "status": 502, **then})


def logins(box: Sandbox, *people: str) -> list[int]:
    """Log people in; return the numbers of the exchanges."""
    numbers = []
    for person in people:
        code = phone(box, "login", person=person)["code"]
        send(box, "POST", LOGIN, body=json.dumps({**PROGRAM_LOGIN, "code": code}).encode())
        numbers.append(box.default.journal.total)
    return numbers


def held(answer: Any) -> list[str | None]:
    """Return why the rule would not have been applied, call by call."""
    return [each["held_by"] for each in answer["matched"]]


def test_it_would_have_been_applied() -> None:
    """The numbers of the calls that it matches, oldest first; the newest other came closest."""
    box = sandbox()
    first, other, third = logins(box, "小红", "小明", "小红")
    client_token(box)

    answer = check(box, when={"person": "小红"})

    assert (answer["calls"], answer["more"], answer["applied"]) == (3, False, [first, third])
    assert [each["id"] for each in answer["matched"]] == [first, third]
    assert (answer["near"]["id"], answer["near"]["says"]) == (
        other,
        "person expected 小红, seen 小明",
    )


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"times": 2}, [None, None, "times", "times"]),
        ({"after": 3}, ["after", "after", "after", None]),
        ({"every": 2}, ["every", None, "every", None]),
        ({"every": 2, "times": 1}, ["every", None, "every", "times"]),
        ({"chance": 0}, ["chance"] * 4),
        ({"chance": 1}, [None] * 4),
    ],
)
def test_it_counts_from_now(when: dict[str, Any], expected: list[str | None]) -> None:
    """What it would have been held from is told, as if it had been set before the calls."""
    box = sandbox()
    logins(box, *["小明"] * 4)

    assert held(check(box, **when)) == expected


def test_it_is_what_the_rule_does() -> None:
    """Set before the same calls, the rule is applied to those that were told, by chance too."""
    for when in ({"chance": 0.4}, {"every": 3, "after": 1}, {"when": {"person": "小红"}}):
        people = ["小明", "小红"] * 10
        tried, real = sandbox(), sandbox()
        logins(tried, *people)
        told = [each["held_by"] is None for each in check(tried, **when)["matched"]]
        execute(real, "add_rule", body={"on": "code_to_session", "status": 502, **when})
        logins(real, *people)
        matches = [e for e in real.default.journal if not when.get("when") or e.person == "小红"]

        assert [each.rule == "rule-1" for each in matches] == told
        assert any(told)


def test_a_rule_that_comes_first() -> None:
    """A call that a rule from outside decided is not this one's, unless that one is off now."""
    box = sandbox()
    execute(box, "add_rule", body={"on": "code_to_session", "status": 503, "times": 1})
    logins(box, "小明", "小明")

    assert held(check(box, times=1)) == ["rule", None]
    execute(box, "switch_rule", path={"id": "rule-1"}, body={"off": True})
    assert held(check(box, times=1)) == [None, "times"]


def test_calls_of_a_phone() -> None:
    """A rule on a phone API is tried against the acts; one that was told to fail meets no rule."""
    box = sandbox()
    phone(box, "login", person="小明")
    phone(box, "login", person="小红")
    phone(box, "login", person="小红", fail=True)

    answer = check(box, "phone.login", status=None, error=113001, when={"person": "小红"})

    assert (answer["calls"], answer["applied"], answer["near"]["id"]) == (3, [2], 3)
    assert answer["near"]["differences"][0]["field"] == "fail"


def test_paths_without_an_endpoint() -> None:
    """They are calls too; the method is what was different."""
    box = sandbox()
    send(box, "GET", UNSERVED)
    send(box, "POST", UNSERVED, body=b"appid=x")

    answer = check(box, f"POST {UNSERVED}")

    assert (answer["calls"], answer["applied"]) == (2, [2])
    assert answer["near"]["says"] == "method expected POST, seen GET"


def test_nothing_of_the_kind_was_called() -> None:
    """Then what came close elsewhere is told, if anything."""
    box = sandbox()
    assert check(box) == {"calls": 0, "more": False, "applied": [], "matched": [], "near": None}
    send(box, "POST", "/api/apps/v2/jscode2sesion", body=b"appid=x")

    answer = check(box)

    assert (answer["calls"], answer["matched"]) == (0, [])
    assert answer["near"]["says"] == "path segment 4 expected jscode2session, seen jscode2sesion"


def test_nothing_is_written() -> None:
    """Neither the world nor its journal, records or counts of changes are other than before."""
    box = sandbox()
    logins(box, "小明")

    def seen() -> Any:
        world = box.default
        return define(world), world.counts, world.store.snapshot(), world.journal.newest()

    before = seen()
    check(box, times=1, ttl="5m")
    check(box, id="of-mine")

    assert seen() == before
    assert execute(box, "add_rule", body={"on": "*", "status": 502})["id"] == "rule-1"


def test_a_rule_with_mistakes() -> None:
    """It is refused as when it is set, and so is one whose id is taken."""
    box = sandbox()
    execute(box, "add_rule", body={"on": "notify", "status": 502, "id": "mine"})
    for body in ({"on": "nothing"}, {"on": "notify", "id": "mine"}, {}):
        with pytest.raises(ScenarioError):
            execute(box, "check_rule", body={"status": 502, **body} if body else body)


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many calls the newest are tried, and read a page at a time, from the newest back."""
    monkeypatch.setattr(rule_check, "MAX_CALLS", 3)
    monkeypatch.setattr(rule_check, "_PAGE", 4)
    box = sandbox()
    numbers = logins(box, *["小明"] * 8)
    pages: list[int] = []
    newest = box.default.journal.newest

    def read(limit: int, since: int, before: int) -> list[Entry]:
        pages.append(limit)
        return newest(limit, since, before)

    monkeypatch.setattr(box.default.journal, "newest", read)

    answer = check(box)

    assert (answer["calls"], answer["more"]) == (3, True)
    assert answer["applied"] == numbers[-3:]
    assert pages == [4, 4]
    monkeypatch.setattr(rule_check, "MAX_ENTRIES", 4)
    assert check(box, "client_token")["more"]
    assert not check(box, "notify")["calls"]


def test_secrets_are_masked() -> None:
    """What a near miss quotes of a call hides what the journal hides."""
    box = sandbox()
    logins(box, "小明")

    says = check(box, when={"secret": "x"})["near"]["says"]

    assert PROGRAM_LOGIN["secret"] not in says
