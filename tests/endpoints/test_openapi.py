"""Every answer is what the OpenAPI document says: each key described, each described key there."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockdouyin.control import OPERATIONS
from mockdouyin.control._openapi import document
from mockdouyin.core.catalogue import OBJECT
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import SYSTEM, ErrorCase
from mockdouyin.core.http import Reply
from mockdouyin.endpoints import CATALOGUE, WRITTEN
from tests.endpoints.calls import Scene, good
from tests.endpoints.provoke import provoke
from tests.endpoints.remake_golden import FOLDER
from tests.endpoints.test_errors import EVERY, ids

DOCUMENT: dict[str, Any] = document(OPERATIONS, CATALOGUE)


def closed(schema: Any, *, inside: bool = False) -> Any:
    """Return a schema in which a key that is not described is wrong, wherever an object stands."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(each) for key, each in schema.items()}
    if "allOf" in schema:
        made["allOf"] = [closed(each, inside=True) for each in schema["allOf"]]
    if not inside and ("allOf" in schema or "$ref" in schema or "properties" in schema):
        made["unevaluatedProperties"] = False
    if "properties" in schema:
        properties = {key: closed(each) for key, each in schema["properties"].items()}
        made["properties"] = properties
    return made


def components() -> dict[str, Any]:
    """Return the document's own types; references to them close them."""
    schemas = DOCUMENT["components"]["schemas"]
    return {name: closed(schema, inside=True) for name, schema in schemas.items()}


@cache
def validator(path: str, method: str) -> Draft202012Validator | None:
    """Return what checks the answers of a path and method, where they are JSON."""
    content = DOCUMENT["paths"][path][method.lower()]["responses"]["200"].get("content", {})
    if "application/json" not in content:
        return None
    schema = closed(content["application/json"]["schema"])
    return Draft202012Validator({**schema, "components": {"schemas": components()}})


def wrongs(path: str, method: str, body: bytes) -> list[str]:
    """Return what in an answer is not as the document says."""
    check = validator(path, method)
    is_file = "*/*" in DOCUMENT["paths"][path][method.lower()]["responses"]["200"]["content"]
    if check is None or (is_file and not body.startswith(b"{")):
        return []
    return [error.message for error in check.iter_errors(json.loads(body))]


def path_in(endpoint: Endpoint, path: str) -> str:
    """Return the path as the document has it."""
    folder = path.rpartition("/")[0]
    forms = (path.rstrip("/"), f"{folder}/{OBJECT}")
    return next(each for each in endpoint.paths if each.rstrip("/") in forms)


def as_described(endpoint: Endpoint, method: str, path: str, reply: Reply) -> None:
    """Check one answer."""
    if reply.status == 200:
        assert wrongs(path_in(endpoint, path), method, reply.body) == [], reply.body


GOLDEN = [
    pytest.param(each, id=f"{each['endpoint']}-{each['outcome']}")
    for file in sorted(FOLDER.iterdir())
    for each in json.loads(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("exchange", GOLDEN)
def test_every_golden_answer_is_as_described(exchange: dict[str, Any]) -> None:
    """The answer of every golden exchange is of the schema of its path."""
    endpoint = WRITTEN.endpoints[exchange["endpoint"]]
    request, reply = exchange["request"], exchange["reply"]
    body = base64.b64decode(reply["base64"]) if "base64" in reply else reply["body"].encode()
    made = Reply(reply["status"], body)

    as_described(endpoint, request["method"], request["path"], made)


@pytest.mark.parametrize(("endpoint", "case"), EVERY, ids=ids(EVERY))
def test_every_refusal_is_as_described(endpoint: Endpoint, case: ErrorCase) -> None:
    """Each error of each endpoint is of the schema, by its own cause where it has one."""
    if case.cause == SYSTEM:
        scene = Scene()
        ask = good(scene, endpoint.full_name).under(aweme_negative_test=case.name)
    else:
        provoked = provoke(endpoint, case)
        scene, ask = provoked.scene, provoked.ask

    as_described(endpoint, ask.method, ask.path, scene.send(ask))


WAYS = [(e, path, method) for e in WRITTEN for path in e.paths for method in e.methods]


@pytest.mark.parametrize(
    ("endpoint", "path", "method"), WAYS, ids=[f"{m} {p}" for _, p, m in WAYS]
)
def test_every_way_in_is_described(endpoint: Endpoint, path: str, method: str) -> None:
    """Each path and method of an endpoint has an answer of its schema: a good call's there."""
    scene = Scene()
    ask = good(scene, endpoint.full_name)

    reply = scene.send(ask)

    if reply.status == 200:
        assert wrongs(path, method, reply.body) == []


def spoilt(value: Any, at: tuple[str, ...], how: str) -> Any:
    """Return an answer with a key that is missing, renamed or of another type."""
    made = json.loads(json.dumps(value))
    place = made
    for key in at[:-1]:
        place = place[key]
    old = place.pop(at[-1])
    if how == "renamed":
        place[at[-1] + "_"] = old
    elif how == "retyped":
        place[at[-1]] = [old]
    return made


SPOILT: dict[str, list[tuple[str, ...]]] = {
    "mini_program.code_to_session": [("err_no",), ("err_tips",), ("log_id",), ("data", "openid")],
    "mini_program.code_to_session_v1": [("error",), ("session_key",)],
    "oauth.user_info": [("err_msg",), ("message",), ("data", "error_code"), ("data", "gender")],
    "oauth.client_token": [("data", "expires_in"), ("data", "log_id"), ("message",)],
    "tickets.open_ticket": [("extra", "logid"), ("extra", "sub_description"), ("data", "ticket")],
    "subscription.query_user_subscribe": [("err_msg",), ("err_no",), ("log_id",), ("data",)],
    "microapp.phone_number": [("err_tips",), ("data",)],
    "im.send_msg": [("msg_id",), ("extra", "now"), ("data", "error_code")],
    "mini_game.stable_app_token": [("err_msg",), ("data", "access_token")],
    "mini_game.reset_session_key": [("session_key",), ("log_id",)],
}
"""Keys of answers, one dialect after the other."""
KEYS = [(name, at) for name, places in SPOILT.items() for at in places]


@pytest.mark.parametrize("how", ["missing", "renamed", "retyped"])
@pytest.mark.parametrize(("name", "at"), KEYS, ids=[f"{n}-{'.'.join(a)}" for n, a in KEYS])
def test_the_schema_would_see_it(name: str, at: tuple[str, ...], how: str) -> None:
    """An answer that lacks a key, or has another in its place, is not as described."""
    scene = Scene()
    ask = good(scene, name)
    answer = json.loads(scene.send(ask).body)

    path = path_in(WRITTEN.endpoints[name], ask.path)

    assert wrongs(path, ask.method, json.dumps(answer).encode()) == []
    assert wrongs(path, ask.method, json.dumps(spoilt(answer, at, how)).encode())


def test_the_state_of_every_endpoint_is_told() -> None:
    """Each operation of the platform has how sure we are of it, and how much is emulated."""
    described = document(OPERATIONS, CATALOGUE, "platform")["paths"]
    told = {
        (operation["tags"][0], operation["x-basis"], operation["x-state"])
        for calls in described.values()
        for method, operation in calls.items()
        if method in ("get", "post")
    }

    assert told == {(each.family.name, each.basis, each.state) for each in CATALOGUE}
