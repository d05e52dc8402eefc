"""A story of each kind, over HTTP, from the command line and in a test; in memory and in Redis."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockdouyin.control import plain
from tests.cli.conftest import complaint_of, json_of, lines_of
from tests.stories.conftest import Stores
from tests.stories.tales import TALES, Tale
from tests.stories.teller import Teller
from tests.support.receivers import echo

EACH = pytest.mark.parametrize("tale", TALES.values(), ids=TALES)


def summary(step: dict[str, Any]) -> str:
    """Return a step as the tales are written."""
    if step["kind"] == "act":
        return str(step["act"])
    if step["kind"] == "exchange":
        times = f" ×{step['times']}" if "times" in step else ""
        return f"{step['endpoint']} {step['verdict']}{times}"
    tries = [str(attempt["status"]) for attempt in step["attempts"]]
    return " ".join([step["event"], step["state"], *(tries if len(tries) > 1 else ())])


def told(teller: Teller, tale: Tale) -> Any:
    """Let a tale happen, and return its story."""
    tale.happens(teller)
    return teller.over_http(kind=tale.kind, person=tale.person)[-1]


@EACH
def test_it_is_told(teller: Teller, tale: Tale) -> None:
    """A story has its steps in order, its person, and a verdict; everything in it leads to it."""
    story = told(teller, tale)

    assert [summary(step) for step in story["steps"]] == tale.steps
    assert (story["kind"], story["person"], story["verdict"]) == (
        tale.kind,
        tale.person,
        tale.verdict,
    )
    for id in (story["id"], *(str(step["id"]) for step in story["steps"]), *story["links"]):
        assert teller.over_http(id) == story


@EACH
def test_the_command_line_tells_it(teller: Teller, tale: Tale) -> None:
    """`stories` prints the same: as JSON, and as a head with a line for each step."""
    story = told(teller, tale)
    where = ("--url", teller.url, "--world", teller.world)

    assert json_of("stories", story["id"], "--json", *where) == story
    listed = json_of("stories", "--person", tale.person, "--kind", tale.kind, "--json", *where)
    assert listed["stories"][-1] == story
    head, *lines = lines_of("stories", f"#{story['latest']}", *where)
    assert head.split()[0] == tale.kind
    assert tale.person in head
    assert tale.verdict in head
    assert len(lines) == len(tale.steps)
    for line, step in zip(lines, story["steps"], strict=True):
        mark = "→" if step["kind"] == "delivery" else f"#{step['id']}"
        assert line.split()[0] == mark
        assert step.get("endpoint", step.get("says", step.get("event"))) in line


@EACH
def test_a_test_reads_it(teller: Teller, tale: Tale) -> None:
    """`douyin.stories` has the same, as objects with the fields of the JSON."""
    story = told(teller, tale)

    found = teller.douyin.stories

    [same] = [each for each in found if each.id == story["id"]]
    assert (same.kind, same.person, same.verdict) == (tale.kind, tale.person, tale.verdict)
    assert [step.kind for step in same.steps] == [step["kind"] for step in story["steps"]]
    assert plain(same) == story


@EACH
def test_every_delivery_has_its_cause(teller: Teller, tale: Tale) -> None:
    """A delivery names the number of what it tells of, and stands in a story right after that."""
    tale.happens(teller)
    teller.settle()

    for delivery in teller.douyin.deliveries:
        steps = teller.over_http(delivery.id)["steps"]
        ids = [step["id"] for step in steps]
        assert delivery.cause in ids
        assert delivery.born == steps[ids.index(delivery.cause)]["time"]


def test_one_world_tells_all(stores: Stores) -> None:
    """All tales in one world are the same step by step in memory and over Redis."""
    shown = []
    port = ""
    for store in ("memory", "redis"):
        with Teller(stores.url(store), "all-tales") as teller:
            port = teller.receiver.url
            for tale in TALES.values():
                teller.receiver.respond = echo
                tale.happens(teller)
                teller.settle()
            shown.append(without_chance(teller.over_http(limit="200"), port))

    assert len(shown[0]) > len(TALES)
    assert shown[0] == shown[1]


def without_chance(value: Any, url: str) -> Any:
    """Return what is shown without how long it took, and without the receiver's port."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k != "took_ms"}
        return {key: without_chance(each, url) for key, each in kept.items()}
    if isinstance(value, list):
        return [without_chance(each, url) for each in value]
    return value.replace(url, "RECEIVER") if isinstance(value, str) else value


def test_which_are_listed(teller: Teller) -> None:
    """Stories are found by person, app, kind, verdict, by number, and by time; the newest last."""
    douyin = teller.douyin
    TALES["done again"].happens(teller)
    [first] = teller.over_http()
    douyin.clock.advance("1h")
    TALES["refused by a rule"].happens(teller)
    TALES["share"].happens(teller)
    douyin.phone("小红").login()

    def listed(**query: str) -> list[tuple[str, int]]:
        return [(each["kind"], each["number"]) for each in teller.over_http(**query)]

    everything = [("login", 1), ("login", 2), ("webhook", 0), ("share", 1), ("login", 1)]
    assert listed() == everything
    assert listed(limit="2") == everything[-2:]
    assert listed(person="小红") == everything[-1:]
    assert listed(kind="login", verdict="refused") == everything[1:2]
    assert listed(app="web") == everything[2:4]
    assert listed(app=teller.program.client_key, person="小明") == everything[:2]
    assert listed(since=str(first["latest"])) == everything[1:]
    assert listed(before=str(first["latest"] + 1)) == everything[:1]
    assert listed(**{"from": "30m"}) == everything[1:]
    assert listed(**{"from": first["started"]}) == everything
    assert listed(**{"from": "2026-01-01T12:30:00"}) == everything[1:]
    page = httpx.get(f"{teller.url}/_mock/worlds/{teller.world}/stories", params={"limit": 2})
    assert page.json()["more"] is True


def test_a_story_goes_on(teller: Teller) -> None:
    """A login that is used again later is one of those in which something happened since."""
    phone = teller.douyin.phone("小明")
    code = phone.login()["code"]
    teller.douyin.phone("小红").login()
    [_, latest] = teller.over_http()

    teller.exchange_code(code)

    [story] = teller.over_http(since=str(latest["latest"]))
    assert (story["person"], story["verdict"]) == ("小明", "ok")
    assert teller.over_http()[-1] == story


def test_what_is_in_no_story(teller: Teller) -> None:
    """A call that belongs to nothing is in no story; who asks for it is told so."""
    teller.client_token(teller.web)
    number = teller.douyin.journal[-1].id
    where = ("--url", teller.url, "--world", teller.world)

    assert teller.over_http() == []
    reply = httpx.get(f"{teller.url}/_mock/worlds/{teller.world}/stories/{number}")
    assert reply.status_code == 404
    assert f"no story '{number}'" in reply.json()["error"]
    assert complaint_of("stories", str(number), *where).startswith(f"no story '{number}'")
    assert lines_of("stories", *where) == []


def test_secrets_are_hidden(teller: Teller) -> None:
    """Neither a code, a key nor a token stands in a story, nor a secret in a receiver's URL."""
    phone = teller.douyin.phone("小明")
    login = phone.login()
    session = teller.exchange_code(login["code"])["data"]
    teller.exchange_code(login["code"])
    url = f"{teller.receiver.url}?client_secret={teller.web.client_secret}"
    teller.douyin.trigger("create_video", to=url)

    text = str(teller.over_http())

    for secret in (login["code"], session["session_key"], teller.web.client_secret):
        assert secret not in text
    assert "hook?client_secret=***" in text


@pytest.mark.parametrize(("language", "says"), [("zh", "调用 tt.login"), ("en", "calls tt.login")])
def test_it_is_told_in_both_languages(teller: Teller, language: str, says: str) -> None:
    """What an act was is said in the reader's language."""
    teller.douyin.phone().login()
    where = ("--url", teller.url, "--world", teller.world)

    assert says in teller.over_http(lang=language)[0]["steps"][0]["says"]
    assert says in lines_of("stories", "--lang", language, *where)[1]
