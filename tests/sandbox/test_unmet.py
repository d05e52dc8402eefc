"""What a test left unmet: rules that were never applied, and calls that nothing answered."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import MockDouyinError, Sandbox, Scenario
from mockdouyin.control import execute
from tests.support.helpers import PROGRAM, WEB_CLIENT, get, phone, post, sandbox, send


def rule(box: Sandbox, on: str, **then: Any) -> str:
    """Set a rule; return its id."""
    return str(execute(box, "add_rule", body={"on": on, **then})["id"])


def unused(box: Sandbox) -> list[str]:
    """Return the ids of the rules that were never applied."""
    return [each["id"] for each in execute(box, "list_leftovers")["unused_rules"]]


def missed(box: Sandbox) -> list[tuple[str, str]]:
    """Return the calls that nothing answered, with why."""
    return [(c["path"], c["why"]) for c in execute(box, "list_leftovers")["unanswered"]]


def token(box: Sandbox) -> Any:
    """Ask for a client token."""
    fields = {**WEB_CLIENT, "grant_type": "client_credential"}
    return post(box, "/oauth/client_token/", fields)["data"]


def test_a_rule_that_was_applied_is_used(box: Sandbox) -> None:
    """A rule is used once it was applied, whatever it does."""
    rules = [
        rule(box, "client_token", error=10003, times=1),
        rule(box, "client_token", delay="1ms"),
        rule(box, "phone.login", error="host_login_fail"),
        rule(box, "js_ticket", happens="token_expires"),
    ]
    assert unused(box) == rules

    token(box)
    issued = token(box)["access_token"]
    get(box, "/js/getticket/", token=issued)
    phone(box, "login")

    assert unused(box) == []


def test_an_unused_rule_tells_how_near_it_was(box: Sandbox) -> None:
    """It comes as it was written, with the calls it matched and what came closest."""
    rule(box, "oauth.refresh_token", error=10010, times=1)
    rule(box, "client_token", status=502, after=1)
    rule(box, "client_token", status=502, when={"client_key": "aw9*"})
    [first, *_] = execute(box, "list_leftovers")["unused_rules"]
    assert (first["closest"], first["near"]) == ("nothing was called at all", None)

    token(box)

    near, late, other = execute(box, "list_leftovers")["unused_rules"]
    assert (near["on"], near["error"], near["times"]) == ("oauth.refresh_token", 10010, 1)
    [number] = [each["id"] for each in execute(box, "journal")["exchanges"]]
    called = f"oauth.client_token was called once; the closest, #{number}: "
    assert (near["seen"], near["closest"]) == (
        0,
        f"the closest call was oauth.client_token (#{number}): endpoint expected"
        " oauth.refresh_token, seen oauth.client_token",
    )
    assert (late["seen"], late["closest"]) == (
        1,
        called + "after expected at least 2 matching calls, seen 1",
    )
    assert other["seen"] == 0
    assert other["closest"].startswith(called + "client_key expected aw9*, seen ")


def test_chance_is_a_use(box: Sandbox) -> None:
    """A rule by chance is used when it had a chance; one that never had is not."""
    had = rule(box, "client_token", status=502, chance=0)
    never = rule(box, "user_info", status=502, chance=0.5)
    assert unused(box) == [had, never]

    token(box)

    assert unused(box) == [never]


def test_what_is_taken_back_is_not_judged() -> None:
    """Neither are rules that were removed, nor those of the scenario, nor any after a reset."""
    box = sandbox(scenario=Scenario.parse("name: s\nrules: [{on: client_token, error: 10003}]"))
    removed = rule(box, "user_info", status=502)
    kept = rule(box, "user_info", status=502)
    execute(box, "remove_rule", path={"id": removed})

    assert unused(box) == [kept]
    execute(box, "reset")
    assert unused(box) == []


def test_calls_that_nothing_answered(box: Sandbox) -> None:
    """They come as the journal has them, with the nearest endpoint; a refusal is an answer."""
    post(box, "/oauth/client_token/", {"client_key": "none"})
    send(box, "POST", "/oauth/client_tokn/")
    send(box, "DELETE", "/oauth/client_token/")

    first, second = execute(box, "list_leftovers")["unanswered"]
    assert (first["method"], first["path"], first["verdict"]) == (
        "POST",
        "/oauth/client_tokn/",
        "unknown",
    )
    assert "did you mean POST or GET /oauth/client_token/?" in first["why"]
    assert "takes POST or GET, not DELETE" in second["why"]
    execute(box, "reset")
    assert missed(box) == []


def test_a_secret_in_a_call_that_nothing_answered_is_hidden(box: Sandbox) -> None:
    """What the journal hides is hidden here too."""
    send(box, "GET", "/typo", query=f"secret={PROGRAM.client_secret}".encode())

    assert PROGRAM.client_secret not in str(execute(box, "list_leftovers"))


@pytest.mark.parametrize("way", ["key", "token", "prefix", "header"])
def test_they_are_found_in_the_world_that_made_them(box: Sandbox, way: str) -> None:
    """A call of no endpoint is its world's by what it carries, if not by name; else default's."""
    other = box.worlds.create("other")
    web = other.find_app(None, "web")
    fields = {"client_key": web.client_key, "client_secret": web.client_secret}
    grant = {**fields, "grant_type": "client_credential"}
    issued = post(box, "/oauth/client_token/", grant)["data"]["access_token"]
    path, query, headers = {
        "key": ("/typo", f"client_key={web.client_key}", {}),
        "token": ("/typo", "", {"access-token": issued}),
        "prefix": ("/@other/typo", "", {}),
        "header": ("/typo", "", {"x-mockdouyin-world": "other"}),
    }[way]

    send(box, "GET", path, query=query.encode(), headers=headers)
    send(box, "POST", "/typo", body=b"\xff", headers={"content-type": "application/json"})

    left = execute(box, "list_leftovers", world="other")["unanswered"]
    assert [each["path"] for each in left] == ["/typo"]
    assert [path for path, _ in missed(box)] == ["/typo"]


def test_dropping_a_world_reports_what_is_unmet(box: Sandbox) -> None:
    """Dropping a world returns what was left unmet in it."""
    box.worlds.create("other")
    execute(box, "add_rule", world="other", body={"on": "client_token", "status": 502})
    send(box, "GET", "/@other/typo")

    left = execute(box, "drop_world", world="other")

    assert left["dropped"] == "other"
    assert [each["on"] for each in left["unused_rules"]] == ["client_token"]
    assert [each["path"] for each in left["unanswered"]] == ["/typo"]
    with pytest.raises(MockDouyinError, match="no world 'other'"):
        execute(box, "list_leftovers", world="other")


def test_a_restore_hides_nothing(box: Sandbox) -> None:
    """What was unmet before a restore is reported after it, and what was used stays used."""
    used = rule(box, "client_token", error=10003, times=1)
    saved = execute(box, "take_snapshot")["snapshot"]
    token(box)
    undone = rule(box, "user_info", status=502)
    send(box, "GET", "/typo")
    number = execute(box, "journal")["exchanges"][0]["id"]

    for _ in range(2):
        execute(box, "restore_snapshot", path={"id": saved})

        assert [each["hits"] for each in execute(box, "rules")["rules"]] == [0]
        [left] = execute(box, "list_leftovers")["unused_rules"]
        assert (left["id"], left["closest"]) == (
            undone,
            f"the closest call was oauth.client_token (#{number}): endpoint expected user_info,"
            " seen oauth.client_token",
        )
        assert [path for path, _ in missed(box)] == ["/typo"]
    assert used not in unused(box)
