"""Endpoints that a scenario declares: they answer in its worlds, with state, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from mockdouyin import ManualClock, Sandbox, Scenario
from mockdouyin.cli import cli
from mockdouyin.control import execute
from mockdouyin.core.errors import ConflictError, ScenarioError
from mockdouyin.core.http import Request
from mockdouyin.core.texts import Text
from mockdouyin.endpoints import CATALOGUE, WRITTEN
from mockdouyin.endpoints.declared.dialects import DIALECTS
from mockdouyin.endpoints.declared.operation import EndpointSource
from mockdouyin.persistence.state_dump import dump, frames, from_frames, load
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import (
    WEB_CLIENT,
    client_token,
    consent,
    get,
    post,
    sandbox,
    send,
)

SHOWN = {"declared-endpoints"}
"""The scenarios whose story is told here."""

EXAMPLE = Scenario.load("declared-endpoints")
GIFTS = "/api/example/points/v1/gift"
POINTS = "/api/example/points/v1/query/"

PLAIN: dict[str, Any] = {
    "name": "plain",
    "endpoints": {
        "shelf.add": {
            "call": "POST /api/shelf/v1/add",
            "token": "none",
            "takes": {"title*": "text ..20"},
            "gives": {"book_id": "$book.book_id"},
            "does": {"create": "book"},
        },
        "shelf.list": {
            "call": "GET /api/shelf/v1/list",
            "token": "none",
            "gives": {"total": "$total", "list": ["$book"]},
            "does": {"list": "book"},
        },
    },
    "resources": {
        "book": {"key": "book_id", "of": "world", "shape": {"book_id": "id", "title": "text"}}
    },
}
"""Two endpoints without a token, and what they make and list."""


def add(box: Sandbox, title: str = "三体") -> Any:
    """Add a book; return its id."""
    return post(box, "/api/shelf/v1/add", {"title": title})["data"]["book_id"]


def titles(box: Sandbox) -> list[str]:
    """Return the titles of the books there are."""
    return [each["title"] for each in get(box, "/api/shelf/v1/list")["data"]["list"]]


def plain(**over: Any) -> Sandbox:
    """Return a sandbox with the plain endpoints, and whatever else its scenario has."""
    return sandbox(scenario=Scenario.read({**PLAIN, **over}))


# The scenario that ships


def user(box: Sandbox) -> tuple[str, str]:
    """Return a person's token and open_id."""
    form = {**WEB_CLIENT, "grant_type": "authorization_code", "code": consent(box)}
    data = post(box, "/oauth/access_token/", form)["data"]
    return data["access_token"], data["open_id"]


def test_the_example_answers_a_query() -> None:
    """Its rule refuses the first query; the next one is checked, and answered as declared."""
    box = sandbox(scenario=EXAMPLE)
    token, open_id = user(box)

    first, second, again = [get(box, POINTS, {"open_id": open_id}, token) for _ in range(3)]
    nobody = get(box, POINTS, {"open_id": open_id})
    lacking = get(box, POINTS, {}, token)

    assert first["err_no"] == 28001008
    assert (second["err_no"], list(second["data"])) == (
        0,
        ["points", "level", "expires_at", "history"],
    )
    assert 0 <= second["data"]["points"] <= 100
    assert second["data"]["level"] in (1, 2, 3)
    assert 1 <= len(second["data"]["history"]) <= 5
    assert again["data"] == second["data"]
    assert (nobody["err_no"], lacking["err_no"]) == (28001003, 28001007)


def test_the_example_keeps_gifts() -> None:
    """What is created is listed, changed within its limits, and gone once it is deleted."""
    box = sandbox(scenario=EXAMPLE)
    heads = {"access-token": client_token(box)}

    def call(what: str, **fields: Any) -> Any:
        return post(box, f"{GIFTS}/{what}/", fields, heads)

    gift = call("create", name="水杯", price=1990, stock=3, out_no="a")["data"]["gift_id"]
    same = call("create", name="水杯", price=1990, stock=3, out_no="a")["data"]["gift_id"]
    redeemed = call("redeem", gift_id=gift, count=2)["data"]
    too_many = call("redeem", gift_id=gift, count=2)
    call("create", name="雨伞", price=100)
    listed = get(box, f"{GIFTS}/list/", {"count": "1"}, heads["access-token"])["data"]
    call("delete", gift_id=gift)
    left = get(box, f"{GIFTS}/list/", {}, heads["access-token"])["data"]

    assert same == gift
    assert redeemed == {"gift_id": gift, "left": 1}
    assert (too_many["err_no"], too_many["err_msg"]) == (28001900, "礼品库存不足")
    assert (listed["total"], listed["has_more"], listed["stock"]) == (2, True, 1)
    assert [(each["name"], each["stock"], each["status"]) for each in left["list"]] == [
        ("雨伞", 10, 0)
    ]
    assert call("delete", gift_id=gift)["err_no"] == 28005074


# What they may take and give


@pytest.mark.parametrize("envelope", DIALECTS)
def test_every_envelope(envelope: str) -> None:
    """Each envelope carries an object; the payload is in it, and a refusal is."""
    endpoint = {"call": "GET /a/b", "token": "none", "envelope": envelope, "takes": {"n*": "int"}}
    scenario = {"name": "x", "endpoints": {"a.b": {**endpoint, "gives": {"points": "=n"}}}}
    box = sandbox(scenario=Scenario.read(scenario))

    good, bad = send(box, "GET", "/a/b", query=b"n=51"), send(box, "GET", "/a/b")

    assert b'"points":51' in good.body
    assert b'"points"' not in bad.body
    assert [each.verdict for each in box.default.journal] == ["ok", "refused"]


@pytest.mark.parametrize(
    "name",
    ["class", "self", "a b", "__init__", "__class__", "access_token", "中文", "1", "_x", "mro"],
)
def test_any_name_of_a_parameter(name: str) -> None:
    """A parameter and a field may have names that Python has other uses for."""
    endpoint = {"call": "GET /a/b", "token": "none", "takes": {f"{name}*": "text"}}
    scenario = {"name": "x", "endpoints": {"a.b": {**endpoint, "gives": {name: f"={name}"}}}}
    box = sandbox(scenario=Scenario.read(scenario))

    assert get(box, "/a/b", {name: "v"})["data"] == {name: "v"}
    assert get(box, "/a/b")["err_no"] == 28001007


# Where they answer


def test_they_are_at_every_host() -> None:
    """No host of Douyin's is the wrong one for a declared endpoint."""
    box = plain()
    reply = box.handle(Request("GET", "/api/shelf/v1/list", host="developer.toutiao.com"))

    assert reply.status == 200
    assert execute(box, "findings", query={"rule": "wrong_host"})["findings"] == []


def test_they_answer_in_their_world_only() -> None:
    """Another world of the same sandbox knows nothing of them."""
    box = sandbox()
    execute(box, "create_world", body={"name": "w", "scenario": PLAIN})

    added = send(box, "POST", "/@w/api/shelf/v1/add", body=b'{"title":"x"}')
    named = send(box, "GET", "/api/shelf/v1/list", headers={"X-Mockdouyin-World": "w"})
    elsewhere = send(box, "GET", "/api/shelf/v1/list")

    assert json.loads(added.body)["err_no"] == 0
    assert json.loads(named.body)["data"]["total"] == 1
    assert elsewhere.status == 404


def test_a_token_leads_to_its_world() -> None:
    """A call is answered in the world of its token, as for emulated endpoints."""
    box = sandbox()
    made = execute(box, "create_world", body={"name": "w", "scenario": "declared-endpoints"})
    app = next(each for each in made["apps"] if each["kind"] == "web")
    token = client_token(box, app["client_key"], app["client_secret"])

    answer = get(box, f"{GIFTS}/list/", {}, token)

    assert answer["data"]["total"] == 0


def test_slashes_at_the_end_make_no_difference() -> None:
    """A declared path is found with and without a slash at its end, and with two inside."""
    box = plain()

    found = [
        send(box, "GET", path).status
        for path in ("/api/shelf/v1/list", "/api/shelf/v1/list/", "/api//shelf/v1/list")
    ]

    assert found == [200, 200, 200]
    assert send(box, "DELETE", "/api/shelf/v1/list").status == 404


def replacing(**over: Any) -> dict[str, Any]:
    """Return a scenario that answers in place of an emulated endpoint."""
    endpoint = {
        "call": "GET /oauth/userinfo/",
        "token": "none",
        "envelope": "E",
        "replaces": True,
        "takes": {"who*": "text"},
        "gives": {"who": "=who"},
        **over,
    }
    return {"name": "other", "endpoints": {"mine.who": endpoint}}


def test_one_replaces_what_is_emulated() -> None:
    """With `replaces` it answers in its world, with its own parameters; elsewhere nothing changes.

    A method that it does not name is still Douyin's.
    """
    box = sandbox(scenario=Scenario.read(replacing()))
    execute(box, "create_world", body={"name": "w"})

    mine = get(box, "/oauth/userinfo", {"who": "小明"})
    posted = post(box, "/oauth/userinfo/", {"who": "小明"})
    other = json.loads(send(box, "GET", "/@w/oauth/userinfo/", query=b"who=x").body)

    assert mine["data"]["who"] == "小明"
    assert posted["data"]["error_code"] != 0
    assert other["data"]["error_code"] != 0
    named = [each.endpoint.full_name for each in box.default.journal if each.endpoint]
    assert named == ["mine.who", "oauth.user_info"]


def test_it_may_have_the_name_of_what_it_replaces() -> None:
    """Then rules that name it are on the one that answers."""
    scenario = {
        "name": "x",
        "endpoints": {
            "tickets.js_ticket": {
                "call": "GET POST /js/getticket/",
                "token": "none",
                "replaces": True,
                "gives": {"mine": "bool"},
                "errors": ["123 gone 没有了"],
            }
        },
        "rules": [{"on": "tickets.js_ticket", "times": 1, "error": "gone"}],
    }
    box = sandbox(scenario=Scenario.read(scenario))

    assert [get(box, "/js/getticket/")["err_no"] for _ in range(2)] == [123, 0]


# Rules


def test_rules_name_them() -> None:
    """By full name, family, path and `*`; errors, parameters and patches are checked."""
    box = plain(rules=[{"on": "shelf.add", "when": {"title": "a*"}, "error": "rate_limited"}])
    execute(box, "add_rule", body={"on": "shelf.*", "patch": {"data.total": 7}, "id": "seven"})

    assert post(box, "/api/shelf/v1/add", {"title": "abc"})["err_no"] == 28003018
    assert get(box, "/api/shelf/v1/list")["data"]["total"] == 7
    for wrong in ({"error": "no_such"}, {"patch": {"data.totl": 1}}, {"when": {"titl": "x"}}):
        with pytest.raises(ScenarioError):
            execute(box, "add_rule", body={"on": "shelf.list", **wrong})


def test_a_rule_from_outside_applies_to_what_comes_later() -> None:
    """A rule on `*` is on the endpoints of a scenario that the world is switched to."""
    box = sandbox()
    execute(box, "add_rule", body={"on": "*", "error": "rate_limited", "times": 1, "id": "any"})
    execute(box, "use_scenario", body={"scenario": PLAIN})

    assert post(box, "/api/shelf/v1/add", {"title": "x"})["err_no"] == 28003018


# Changes of a scenario


def test_a_world_is_switched_to_them_and_back() -> None:
    """A running world gets them with the scenario, loses them with it, and keeps the records."""
    box = sandbox()
    execute(box, "use_scenario", body={"scenario": PLAIN})
    add(box)
    execute(box, "use_scenario", body={"scenario": None})
    without = send(box, "GET", "/api/shelf/v1/list").status
    shown = execute(box, "journal")["exchanges"][0]["endpoint"]
    execute(box, "use_scenario", body={"scenario": PLAIN})

    assert (without, shown) == (404, "shelf.add")
    assert titles(box) == ["三体"]


def test_a_rule_on_one_holds_its_scenario() -> None:
    """A switch that would leave a rule from outside without its endpoint is refused whole."""
    box = plain()
    execute(box, "add_rule", body={"on": "shelf.add", "error": "rate_limited", "id": "mine"})

    with pytest.raises(ConflictError, match="the rule 'mine' was set from outside"):
        execute(box, "use_scenario", body={"scenario": None})

    assert post(box, "/api/shelf/v1/add", {"title": "x"})["err_no"] == 28003018
    execute(box, "remove_rule", path={"id": "mine"})
    execute(box, "use_scenario", body={"scenario": None})


def test_what_extends_has_them_too(tmp_path: Path) -> None:
    """Endpoints and resources are inherited by name, and rules of the upper file name them."""
    (tmp_path / "base.yaml").write_text(json.dumps(PLAIN), encoding="utf-8")
    upper = tmp_path / "upper.yaml"
    upper.write_text(
        "name: upper\nextends: base.yaml\n"
        "endpoints:\n"
        "  shelf.show: {call: GET /api/shelf/v1/show, token: none, takes: {book_id*: id},"
        " gives: {book: $book}, does: {get: book}}\n"
        "rules: [{on: shelf.add, times: 1, error: rate_limited}]\n",
        encoding="utf-8",
    )
    box = sandbox(scenario=Scenario.load(upper))

    assert post(box, "/api/shelf/v1/add", {"title": "x"})["err_no"] == 28003018
    book = add(box)
    assert get(box, "/api/shelf/v1/show", {"book_id": book})["data"]["book"]["title"] == "三体"


def test_a_scenario_built_in_python_is_checked() -> None:
    """What never was YAML is refused for the same mistakes when a world is made of it."""
    wrong = Scenario(
        name="x", endpoints={"a.b": EndpointSource(call="GET /a/b", takes={"n": "itn"})}
    )

    with pytest.raises(
        ScenarioError, match="endpoints: a.b: 'itn' is no format; did you mean int"
    ):
        sandbox(scenario=wrong)


# What keeps a world


def test_a_snapshot_brings_them_back() -> None:
    """After a restore the endpoints of that moment answer, with the records of that moment."""
    box = Sandbox(Scenario.read(PLAIN), clock=ManualClock)
    add(box)
    saved = box.default.snapshots.take()
    add(box, "活着")
    execute(box, "use_scenario", body={"scenario": None})

    box.default.snapshots.restore(saved)

    assert titles(box) == ["三体"]


def test_a_state_file_brings_them_back() -> None:
    """A server that loads the state has endpoints, rules on them and records."""
    box = Sandbox(Scenario.read(PLAIN), clock=ManualClock)
    add(box)
    execute(box, "add_rule", body={"on": "shelf.add", "error": "rate_limited"})
    again = Sandbox(clock=ManualClock)

    load(again, from_frames(frames(dump(box))))

    assert titles(again) == ["三体"]
    assert post(again, "/api/shelf/v1/add", {"title": "x"})["err_no"] == 28003018


def test_a_state_of_a_time_when_it_was_not_emulated() -> None:
    """What another version emulates cannot be declared: it is left out with a word, its rules too.

    That version's endpoint answers then.
    """
    scenario = {"name": "x", "endpoints": {"mine.code": {"call": "GET /star/author_score/"}}}
    older = Sandbox(Scenario.read(scenario, WRITTEN), clock=ManualClock, catalogue=WRITTEN)
    execute(older, "add_rule", body={"on": "mine.code", "error": "not_found"})
    told: list[Text] = []
    again = Sandbox(clock=ManualClock)

    load(again, from_frames(frames(dump(older)), told.append))

    endpoint, rule = (each.render("en") for each in told)
    assert "endpoints.mine.code (GET /star/author_score is emulated, by star_scores" in endpoint
    assert "the rule 'rule-1' (on: unknown endpoint 'mine.code'" in rule
    assert again.default.scenario.endpoints == {}
    assert send(again, "GET", "/star/author_score/").status == 200


def test_processes_share_them(redis_url: str) -> None:
    """What one process declares answers in the others, with the same records and journal."""
    one, other = (SharedSandbox(RedisConnection(redis_url), clock=ManualClock) for _ in range(2))
    assert send(other, "GET", "/api/shelf/v1/list").status == 404
    execute(one, "use_scenario", body={"scenario": PLAIN})
    add(other)

    assert titles(one) == ["三体"]
    late = SharedSandbox(RedisConnection(redis_url), clock=ManualClock)
    assert titles(late) == ["三体"]
    execute(late, "use_scenario", body={"scenario": None})
    assert send(one, "GET", "/api/shelf/v1/list").status == 404
    names = [each["endpoint"] for each in execute(one, "journal")["exchanges"]]
    assert names == [None, "shelf.add", "shelf.list", "shelf.list", None]


def test_the_journal_in_redis_outlives_a_replacement(redis_url: str) -> None:
    """A call from before an endpoint was replaced is shown as before, with that endpoint."""
    box = SharedSandbox(RedisConnection(redis_url), clock=ManualClock)
    send(box, "GET", "/oauth/userinfo/")
    before = execute(box, "journal")["exchanges"][0]
    execute(box, "use_scenario", body={"scenario": replacing(call="GET POST /oauth/userinfo/")})

    after = execute(box, "journal")["exchanges"][0]

    assert after["endpoint"] == "oauth.user_info"
    assert after == before


# From outside


def test_over_http(http: httpx.Client) -> None:
    """A client sends them like any other call; the lists of the world have them."""
    made = http.post("/_mock/worlds", json={"name": "w", "scenario": PLAIN})
    added = http.post("/@w/api/shelf/v1/add", json={"title": "三体"})
    listed = http.get("/@w/api/shelf/v1/list").json()["data"]
    world = http.get("/_mock/worlds/w/endpoints").json()["endpoints"]
    everywhere = http.get("/_mock/endpoints").json()["endpoints"]

    assert made.status_code == 200, made.text
    assert added.json()["err_no"] == 0
    assert listed["list"] == [{"book_id": added.json()["data"]["book_id"], "title": "三体"}]
    declared = [each for each in world if each["declared"]]
    assert [(each["name"], each["methods"], each["paths"]) for each in declared] == [
        ("shelf.add", ["POST"], ["/api/shelf/v1/add"]),
        ("shelf.list", ["GET"], ["/api/shelf/v1/list"]),
    ]
    assert declared[0]["parameters"] == ["title"]
    assert [each for each in world if not each["declared"]] == everywhere


def test_a_picture_of_some_megabytes(http: httpx.Client) -> None:
    """What takes a file takes one of twenty megabytes, in a world of its own too."""
    cover = {"call": "POST /api/shelf/v1/cover", "token": "none", "takes": {"cover*": "file"}}
    given = {"name": "w", "scenario": {"endpoints": {"shelf.cover": cover}}}
    http.post("/_mock/worlds", json=given).raise_for_status()

    def send_file(megabytes: int) -> httpx.Response:
        files = {"cover": ("cover.png", b"x" * (megabytes * 1024 * 1024))}
        return http.post("/@w/api/shelf/v1/cover", files=files)

    assert send_file(5).json()["err_no"] == 0
    assert send_file(21).json()["err_no"] != 0
    assert http.post("/@w/api/shelf/v1/cover", json={"x": "x"}).json()["err_no"] != 0


def test_errors_and_the_document_of_a_world_have_them(http: httpx.Client) -> None:
    """The errors and the OpenAPI document of a world know what its scenario declares."""
    http.post("/_mock/worlds", json={"name": "w", "scenario": PLAIN}).raise_for_status()
    asked = {"endpoint": "shelf.add"}
    errors = http.get("/_mock/worlds/w/errors", params=asked).json()["errors"]
    refused = http.post("/@w/api/shelf/v1/add", json={}).json()
    paths = http.get("/_mock/worlds/w/openapi.json").json()["paths"]
    named = http.get("/_mock/worlds/w/endpoints", params={"name": "shelf.add"}).json()

    assert refused["err_no"] in {each["code"] for each in errors}
    assert {each["endpoint"] for each in errors} == {"shelf.add"}
    assert http.get("/_mock/errors", params=asked).status_code == 404
    assert "post" in paths["/api/shelf/v1/add"]
    assert "/api/shelf/v1/add" not in http.get("/_mock/openapi.json").json()["paths"]
    assert [each["name"] for each in named["endpoints"]] == ["shelf.add"]
    assert named["phone"] == []
    assert list(named["families"]) == ["shelf"]


def test_a_restarted_server_has_them(tmp_path: Path) -> None:
    """A server that is stopped and started again with its state file goes on where it was."""
    story = tmp_path / "story.yaml"
    story.write_text(json.dumps(PLAIN), encoding="utf-8")
    box = Sandbox(Scenario.load(story))
    with ThreadedServer(box) as server:
        httpx.post(f"{server.url}/api/shelf/v1/add", json={"title": "三体"})
    again = Sandbox()
    load(again, from_frames(frames(dump(box))))

    with ThreadedServer(again) as server:
        listed = httpx.get(f"{server.url}/api/shelf/v1/list").json()

    assert [each["title"] for each in listed["data"]["list"]] == ["三体"]


def test_the_command_lists_them(tmp_path: Path) -> None:
    """`mockdouyin endpoints --scenario` lists the declared endpoints after the emulated ones."""
    story = tmp_path / "story.yaml"
    story.write_text(json.dumps(PLAIN), encoding="utf-8")

    done = CliRunner().invoke(cli, ["endpoints", "--all", "--scenario", str(story)])

    assert done.exit_code == 0
    _, _, declared = done.stdout.partition(f"any host (declared by the scenario {story})\n")
    assert [line.split() for line in declared.splitlines()[:2]] == [
        ["shelf.add", "assumed", "generic", "POST", "/api/shelf/v1/add"],
        ["shelf.list", "assumed", "generic", "GET", "/api/shelf/v1/list"],
    ]


def test_a_misspelt_call_is_told_of_them() -> None:
    """What a scenario declares is among what a call may have meant."""
    box = plain()

    body = send(box, "GET", "/api/shelf/v1/lists").body.decode()

    assert "did you mean GET /api/shelf/v1/list?" in body


def test_worlds_without_them_have_the_catalogue_itself() -> None:
    """A world whose scenario declares nothing shares the one catalogue: nothing is looked up."""
    box = sandbox()

    assert box.default.catalogue is CATALOGUE
    assert CATALOGUE.added == {}
    assert plain().default.catalogue is plain().default.catalogue
