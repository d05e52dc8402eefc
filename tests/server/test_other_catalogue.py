"""A sandbox with a catalogue of its own: endpoints from data, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest

from mockdouyin import ManualClock, MockDouyinError, Sandbox, Scenario
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import ErrorCase
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints.oauth import oauth
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from mockdouyin.scenario.scenario import json_schema
from mockdouyin.server.serving import ThreadedServer
from tests.conftest import Servers
from tests.support.helpers import WEB_CLIENT

ERRORS = (
    ErrorCase(28001007, "bad_params", "参数错误"),
    ErrorCase(28001003, "invalid_token", "access_token无效"),
    ErrorCase(31000, "out_of_stock", "库存不足"),
)

# Two endpoints from data, with one handler.

trade = Family("trade", hosts=("a.test",), envelope=Gateway(), malformed=28001007, errors=ERRORS)


class Answer(msgspec.Struct):
    """What every endpoint of the family answers."""

    done: str
    item: str


def handle(call: Call[Any]) -> Answer:
    """Do what the endpoint says with the item."""
    app_of_token(call, "client")
    call.need("bad_params", "item")
    return Answer(call.endpoint.name, call.fields.item)


def types(name: str) -> tuple[type, type]:
    """Make the types of an endpoint."""
    return msgspec.defstruct(name, [("item", str, "")], bases=(TokenFields,)), Answer


for verb in ("purchase", "exchange"):
    trade.add(
        verb,
        "POST",
        f"/trade/{verb}/",
        handler=handle,
        types=partial(types, verb.title()),
        about=f"Try to {verb} an item.",
        doc="",
        basis="assumed",
    )

SHOP = Catalogue(oauth, trade)


@pytest.fixture(params=["memory", "redis"])
def box(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Sandbox]:
    """Yield a sandbox that emulates the shop, in memory and in Redis."""
    if request.param == "memory":
        yield Sandbox(clock=ManualClock, catalogue=SHOP)
        return
    shared = SharedSandbox(
        RedisConnection(servers("redis").url), clock=ManualClock, catalogue=SHOP
    )
    yield shared
    shared.close()


@pytest.fixture
def http(box: Sandbox) -> Iterator[httpx.Client]:
    """Serve it, and return a client with a token."""
    with ThreadedServer(box) as server, httpx.Client(base_url=server.url) as client:
        body = {**WEB_CLIENT, "grant_type": "client_credential"}
        token = client.post("/oauth/client_token/", json=body).json()["data"]["access_token"]
        client.headers["access-token"] = token
        yield client


def code_of(reply: httpx.Response) -> int:
    """Return the error number of an answer, 0 for a success."""
    code = reply.json()["err_no"]
    assert isinstance(code, int)
    return code


def test_it_answers(http: httpx.Client) -> None:
    """One handler answers both, and knows which was called; what is missing is refused."""
    bought = http.post("/trade/purchase/", json={"item": "tea"}).json()["data"]
    sold = http.post("/trade/exchange", data={"item": "tea"}).json()["data"]

    assert (bought["done"], bought["item"]) == ("purchase", "tea")
    assert (sold["done"], sold["item"]) == ("exchange", "tea")
    assert code_of(http.post("/trade/purchase/", json={})) == 28001007
    assert code_of(http.post("/trade/purchase/", content=b"{")) == 28001007


def test_it_knows_nothing_else(http: httpx.Client) -> None:
    """A usual endpoint is not there, and of a misspelt path the one of this catalogue is meant."""
    login = http.post("/api/apps/v2/jscode2session", json={})
    near = http.post("/trade/purchse/", json={})

    assert (login.status_code, near.status_code) == (404, 404)
    assert "/trade/purchase/" in near.text


def test_every_error_can_be_provoked(http: httpx.Client) -> None:
    """By the header of Douyin's, by a rule, and by a value."""
    header = http.post(
        "/trade/purchase/", json={"item": "tea"}, headers={"Aweme-Negative-Test": "31000"}
    )
    value = http.post("/trade/purchase/", json={"item": "mock-error-31000"})
    http.post("/_mock/rules", json={"on": "exchange", "error": "out_of_stock"}).raise_for_status()
    rule = http.post("/trade/exchange/", json={"item": "tea"})

    assert [code_of(each) for each in (header, value, rule)] == [31000] * 3
    assert code_of(http.post("/trade/purchase/", json={"item": "tea"})) == 0


def test_rules_name_its_endpoints_only(http: httpx.Client) -> None:
    """What a rule names is looked up in this catalogue, wherever the rule comes from."""

    def refusal(**rule: object) -> str:
        reply = http.post("/_mock/rules", json=rule)
        assert reply.status_code == 400, reply.text
        return reply.text

    assert "unknown endpoint 'trade.purchse'; did you mean trade.purchase" in refusal(
        on="trade.purchse", error=1
    )
    assert "unknown endpoint 'code_to_session'" in refusal(on="code_to_session", error=40018)
    assert "trade.purchase has no error '40018'" in refusal(on="purchase", error=40018)
    assert "no answer has a field 'data.dune'; did you mean done" in refusal(
        on="purchase", patch={"data.dune": 1}
    )
    scenario = {"rules": [{"on": "code_to_session", "error": 40018}]}
    assert http.post("/_mock/worlds", json={"scenario": scenario}).status_code == 400
    scenario = {"rules": [{"on": "trade.*", "error": "out_of_stock"}]}
    made = http.post("/_mock/worlds", json={"name": "w", "scenario": scenario})
    assert made.status_code == 200, made.text


def test_it_is_described(http: httpx.Client) -> None:
    """The lists and the OpenAPI document have its endpoints, with types, texts and errors."""
    listed = http.get("/_mock/endpoints").json()["endpoints"]
    errors = http.get("/_mock/errors", params={"endpoint": "trade.purchase"}).json()["errors"]
    document = http.get("/_mock/openapi.json").json()

    row = next(each for each in listed if each["name"] == "trade.purchase")
    assert (row["about"], row["parameters"]) == (
        "Try to purchase an item.",
        ["item", "access_token"],
    )
    assert [each["name"] for each in errors] == [case.name for case in ERRORS]
    assert "/api/apps/v2/jscode2session" not in document["paths"]
    operation = document["paths"]["/trade/purchase/"]["post"]
    assert operation["summary"] == "Try to purchase an item."
    sent = operation["requestBody"]["content"]["application/json"]["schema"]
    assert sent == {"$ref": "#/components/schemas/Purchase"}
    assert list(document["components"]["schemas"]["Purchase"]["properties"]) == [
        "item",
        "access_token",
    ]
    assert [each["code"] for each in operation["x-errors"]] == [case.code for case in ERRORS]


def test_scenarios_are_read_for_it(box: Sandbox) -> None:
    """A scenario that names its endpoints is read with its catalogue, and refused with another."""
    text = "name: sold out\nrules:\n  - {on: trade.purchase, error: out_of_stock}\n"
    scenario = Scenario.parse(text, catalogue=SHOP)

    world = box.worlds.create("w", scenario)
    assert [each.rule.on for each in world.rules] == ["trade.purchase"]
    with pytest.raises(MockDouyinError, match="unknown endpoint 'trade.purchase'"):
        Scenario.parse(text)
    with pytest.raises(MockDouyinError, match="unknown endpoint 'trade.purchase'"):
        Sandbox(scenario)
    named = json_schema(SHOP)["$defs"]["Rule"]["properties"]["on"]["examples"]
    assert "trade.purchase" in named
    assert "mini_program.code_to_session" not in named


def test_the_journal_has_its_endpoints(box: Sandbox, http: httpx.Client) -> None:
    """An exchange that was recorded is read back with the endpoint of this catalogue."""
    http.post("/trade/purchase/", json={"item": "tea"})

    assert [each.endpoint for each in box.default.journal][-1] is SHOP.endpoints["trade.purchase"]
