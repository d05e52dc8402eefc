"""Typed requests and replies: a function's annotations declare what an operation takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import OPERATIONS, apps, clock, journal, people, rules, webhooks
from mockdouyin.control._openapi import document
from mockdouyin.control._operations import Operation, OperationCall, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control.client import Control, LocalControl
from mockdouyin.control.http_client import HttpControl
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.scenario.rule import Rule
from mockdouyin.server.serving import ThreadedServer
from tests.attacks.operations import SAMPLES, Answering, prepare
from tests.endpoints.test_openapi import closed
from tests.support.helpers import client_token, sandbox


class Greeting(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to greet."""

    person: str
    loudly: bool = False


class Greeted(Shown):
    """A greeting."""

    text: str


def greet(call: OperationCall[Greeting]) -> Greeted:
    """Greet a person of the world."""
    name = call.world.people.find(call.given.person)
    return Greeted(text=f"你好，{name}{'！' if call.given.loudly else ''}")


@pytest.fixture
def greeting() -> Iterator[None]:
    """Declare one operation more."""
    operation("POST", "/greetings")(greet)
    yield
    del OPERATIONS["greet"]


@pytest.fixture(params=["local", "http"])
def control(request: pytest.FixtureRequest, greeting: None) -> Iterator[Control]:
    """Yield a client in this process, then one over HTTP."""
    box = sandbox()
    box.deliverer = Answering()
    if request.param == "local":
        yield LocalControl(box)
        return
    with ThreadedServer(box) as server:
        remote = HttpControl(server.url)
        yield remote
        remote.close()


def test_a_new_operation(control: Control) -> None:
    """An operation of a few lines has a route, typed and plain calls, and checks what it gets."""
    reply = control.call(greet, Greeting("小明", loudly=True))

    assert reply.text == "你好，小明！"
    assert control.operation("greet", body={"person": "小红"}) == {"text": "你好，小红"}
    with pytest.raises(MockDouyinError, match="unknown field persn; did you mean person?"):
        control.operation("greet", body={"persn": "小明"})


def test_a_new_operation_over_http(greeting: None) -> None:
    """The new operation is served under both of its paths, and described."""
    with ThreadedServer(sandbox()) as server:
        for path in ("/_mock/greetings", "/_mock/worlds/default/greetings"):
            reply = httpx.post(server.url + path, json={"person": "小明"})
            assert reply.json() == {"text": "你好，小明"}
        [described] = (
            httpx.get(f"{server.url}/_mock/openapi.json")
            .json()["paths"]["/_mock/greetings"]
            .values()
        )

    body = described["requestBody"]
    assert body["required"]
    assert body["content"]["application/json"]["schema"]["$ref"].endswith("/Greeting")
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer["$ref"].endswith("/Greeted")


def test_calls_are_typed(control: Control) -> None:
    """What a client is given has fields; what is left out of a request is not sent."""
    frozen = control.call(clock.freeze_clock, clock.Freeze(at="2026-11-20T12:00:00+08:00"))
    moved = control.call(clock.advance_clock, clock.Advance(by="1m"))
    person = control.call(people.add_person, people.NewPerson(name="甲", city="上海"))
    rule = control.call(rules.add_rule, Rule(on="client_token", times=2, error=10003))
    app = control.call(apps.change_app, apps.NewApp(developer="d"), path={"key": "web"})
    page = control.call(journal.journal, journal.JournalQuery(limit=3, reveal=True))
    sent = control.call(
        webhooks.send_event, webhooks.NewEvent("authorize", to="http://127.0.0.1:9/")
    )

    assert (frozen.frozen, moved.now) == (True, "2026-11-20T12:01:00+08:00")
    assert (person.name, person.city, len(person.open_ids)) == ("甲", "上海", 3)
    assert (rule.on, rule.times, rule.patch) == ("client_token", 2, msgspec.UNSET)
    assert (app.developer, app.webhook) == ("d", None)
    assert (page.exchanges, page.more) == ([], False)
    assert (sent.url, len(sent.attempts)) == ("http://127.0.0.1:9/", 1)


def test_replies_read_as_json_does(control: Control) -> None:
    """A typed reply has keys as the JSON object has, and equals it."""
    body = {"on": "client_token", "times": 2, "error": 10003}
    plain = control.operation("add_rule", body=body)
    rule = control.call(rules.rules).rules[0]

    assert rule["times"] == rule.times == rule.get("times") == 2
    assert "patch" not in rule
    assert rule.get("patch", "none") == "none"
    with pytest.raises(KeyError, match="patch"):
        rule["patch"]
    assert list(rule) == list(rule.keys()) == list(plain)
    assert dict(rule.items()) == dict(rule) == plain
    assert rule == plain
    assert plain == rule
    assert rule != {**plain, "times": 3}
    assert json.loads(json.dumps(dict(rule))) == plain
    assert {**rule}["on"] == "client_token"
    assert len(rule) == len(plain)


DOCUMENT: dict[str, Any] = document(OPERATIONS, CATALOGUE)
SCHEMAS = {
    name: closed(schema, inside=True) for name, schema in DOCUMENT["components"]["schemas"].items()
}


def check(declared: Operation, kind: Callable[[Any], Any], value: Any) -> None:
    """Check a body or an answer against its schema in the document."""
    path = list(declared.paths())[0]
    schema = kind(DOCUMENT["paths"][path][declared.method.lower()])
    validator = Draft202012Validator({**closed(schema), "components": {"schemas": SCHEMAS}})
    assert [error.message for error in validator.iter_errors(value)] == []


def of_answer(described: Any) -> Any:
    """Return the schema of an answer."""
    return described["responses"]["200"]["content"]["application/json"]["schema"]


def of_body(described: Any) -> Any:
    """Return the schema of a body."""
    return described["requestBody"]["content"]["application/json"]["schema"]


def used() -> Sandbox:
    """Return a sandbox in which each list has something."""
    box = sandbox()
    box.deliverer = Answering()
    control = LocalControl(box)
    for name, body in (
        ("add_rule", {"on": "notify", "status": 500, "ttl": "5m"}),
        ("add_app", SAMPLES["add_app"][0].good),
        ("send_event", SAMPLES["send_event"][0].good),
        ("take_snapshot", {}),
    ):
        control.operation(name, body=body)
    client_token(box)
    httpx_like = {"method": "GET", "path": "/nowhere", "query": "client_secret=x"}
    control.operation("handle", body=httpx_like)
    box.interception = {
        "proxy": "127.0.0.1:1",
        "folder": "/x",
        "hosts": ("a.test",),
        "certificate": "",
        "key_hash": "",
    }
    box.client_settings = lambda world, shell: {"runtimes": {"go": world}, "browser": shell}
    return box


READS = [
    name
    for name, each in OPERATIONS.items()
    if each.method == "GET" and name != "openapi" and not each.events
]


@pytest.mark.parametrize("name", READS)
def test_answers_of_reads_are_as_described(name: str) -> None:
    """What an operation lists is of the schema that the document has for it."""
    control = LocalControl(used())
    sent = control.operation("list_deliveries")["deliveries"][0]
    numbers = {each["type"]: str(each["id"]) for each in control.operation("rows")["rows"]}
    exchange = numbers["exchange"]
    thing = {"open_exchange": exchange, "lives": exchange}.get(name, sent["id"])
    path = {"id": thing, "act": numbers["act"]}

    answer = control.operation(name, path=path, query={"timeout": "0"})

    check(OPERATIONS[name], of_answer, answer)


WRITES = [
    (name, sample)
    for name, samples in SAMPLES.items()
    for sample in samples
    if sample.good.get("id") != "mine"  # refused: its endpoint has no such error
]


@pytest.mark.parametrize(
    ("name", "sample"), WRITES, ids=[f"{name}-{at}" for at, (name, _) in enumerate(WRITES)]
)
def test_answers_of_writes_are_as_described(name: str, sample: Any) -> None:
    """A valid body and its answer are of the schemas that the document has for them."""
    box = sandbox()
    box.deliverer = Answering()
    body = prepare(box, name, sample.good)

    answer = LocalControl(box).operation(name, path=sample.path, body=body)

    check(OPERATIONS[name], of_answer, json.loads(json.dumps(answer)))
    if OPERATIONS[name].takes is not type(None):
        check(OPERATIONS[name], of_body, json.loads(json.dumps(body)))


def test_parameters_are_described() -> None:
    """What an operation takes in its path and its query is in the document."""
    described = DOCUMENT["paths"]["/_mock/journal"]["get"]["parameters"]

    assert {each["name"]: each["schema"].get("type") for each in described} == {
        "view": "string",
        "endpoint": "string",
        "since": "integer",
        "before": "integer",
        "limit": "integer",
        "reveal": "boolean",
        "person": "string",
        "app": "string",
        "error": "boolean",
        "kind": "string",
        "from": "string",
        "text": "string",
    }
    change = DOCUMENT["paths"]["/_mock/worlds/{world}/apps/{key}"]["patch"]["parameters"]
    assert [each["name"] for each in change] == ["world", "key"]
