"""The collection for API clients: it is of Postman's format, and agrees with the code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from mockdouyin import Sandbox
from mockdouyin.control import OPERATIONS, execute
from mockdouyin.control._collection_requests import FOLDERS
from mockdouyin.control._collection_types import ControlRequest, PlatformRequest
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.endpoints import CATALOGUE
from tests.cli.conftest import complaint_of, json_of
from tests.support.helpers import PROGRAM, WEB, sandbox

Item = dict[str, Any]

ENDPOINTS = {each.full_name: each for each in CATALOGUE}
PLATFORM = [r for f in FOLDERS for r in f.requests if isinstance(r, PlatformRequest)]
OF_CONTROL = [r for f in FOLDERS for r in f.requests if isinstance(r, ControlRequest)]

PAIRS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["key", "value"],
        "properties": {"key": {"type": "string"}, "value": {"type": "string"}},
    },
}
FORMAT = {
    "type": "object",
    "required": ["info", "item"],
    "properties": {
        "info": {
            "required": ["name", "schema"],
            "properties": {"schema": {"pattern": "/collection/v2\\.1\\.0/collection\\.json$"}},
        },
        "item": {"$ref": "#/$defs/items"},
        "variable": PAIRS,
    },
    "$defs": {
        "items": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name"],
                "oneOf": [
                    {"required": ["item"], "properties": {"item": {"$ref": "#/$defs/items"}}},
                    {
                        "required": ["request"],
                        "properties": {"request": {"$ref": "#/$defs/request"}},
                    },
                ],
                "properties": {"event": {"type": "array", "items": {"$ref": "#/$defs/event"}}},
            },
        },
        "request": {
            "required": ["method", "url"],
            "properties": {
                "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
                "description": {"type": "string"},
                "header": PAIRS,
                "url": {
                    "required": ["raw", "host", "path"],
                    "properties": {
                        "raw": {"type": "string"},
                        "host": {"type": "array", "items": {"type": "string"}},
                        "path": {"type": "array", "items": {"type": "string"}},
                        "query": PAIRS,
                    },
                },
                "body": {
                    "required": ["mode", "raw"],
                    "properties": {"mode": {"const": "raw"}, "raw": {"type": "string"}},
                },
            },
        },
        "event": {
            "required": ["listen", "script"],
            "properties": {
                "listen": {"enum": ["prerequest", "test"]},
                "script": {
                    "required": ["type", "exec"],
                    "properties": {"exec": {"type": "array", "items": {"type": "string"}}},
                },
            },
        },
    },
}
"""What Postman's schema of version 2.1 says of the parts that are used here."""


def requests_of(collection: Item) -> Iterator[Item]:
    """Yield every request of a collection with its scripts."""
    for folder in collection["item"]:
        yield from folder["item"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_format(language: str) -> None:
    """It is of Postman's format 2.1; all names in a folder differ, and each request is checked."""
    collection = execute(sandbox(), "collection", language=language)

    jsonschema.validate(collection, FORMAT)
    for folder in collection["item"]:
        names = [each["name"] for each in folder["item"]]
        assert len(set(names)) == len(names)
    for each in requests_of(collection):
        checks = "\n".join(each["event"][-1]["script"]["exec"])
        assert re.search(r"pm\.expect\(reply\.|status\(200\)", checks), each["name"]


def test_both_languages() -> None:
    """The names are in the language that was asked for; what is sent is the same."""
    chinese = execute(sandbox(), "collection", language="zh")
    english = execute(sandbox(), "collection", language="en")

    for zh, en in zip(requests_of(chinese), requests_of(english), strict=True):
        assert re.search("[\u4e00-\u9fff]", zh["name"]), zh["name"]
        assert not re.search("[\u4e00-\u9fff]", en["name"]), en["name"]
        assert zh["request"]["url"] == en["request"]["url"]
        assert zh["request"].get("body") == en["request"].get("body")


def test_every_variable_has_its_place() -> None:
    """Whatever a request uses, or a script stores, is a variable of the collection."""
    collection = execute(sandbox(), "collection")
    declared = {each["key"] for each in collection["variable"]}
    text = json.dumps(collection["item"])

    used = set(re.findall(r"\{\{(\w+)\}\}", text))
    stored = set(re.findall(r'collectionVariables\.set\(\\"(\w+)', text))
    assert used | stored <= declared
    assert declared - used - stored == {"salt"}  # the script that signs reads it


def test_a_value_is_used_after_it_was_stored() -> None:
    """Sent in order, every request finds what it needs."""
    collection = execute(sandbox(), "collection")
    known = {each["key"] for each in collection["variable"] if each["value"]} | {"control_token"}

    for each in requests_of(collection):
        before = [e for e in each["event"] if e["listen"] == "prerequest"]
        known |= set(re.findall(r'Variables\.set\(\\"(\w+)', json.dumps(before)))
        missing = set(re.findall(r"\{\{(\w+)\}\}", json.dumps(each["request"]))) - known
        assert not missing, each["name"]
        known |= set(re.findall(r'Variables\.set\(\\"(\w+)', json.dumps(each["event"])))


def test_requests_agree_with_their_endpoints() -> None:
    """A request sends only parameters that its endpoint has, and a token if it takes one."""
    for each in PLATFORM:
        endpoint, sent = ENDPOINTS[each.endpoint], {*each.fields, *each.query}

        assert sent <= set(endpoint.parameters), each.endpoint
        takes_header = endpoint.takes_token and "access_token" not in sent
        assert bool(each.token) == takes_header, each.endpoint


def test_the_world_and_the_address() -> None:
    """The keys are those of the world's own apps, and requests go where the caller says."""
    box = sandbox()
    made = execute(
        box,
        "create_world",
        body={"name": "team", "scenario": {"apps": {"shop": {"client_key": "tt0team"}}}},
    )
    asked = {"query": {"base_url": "http://10.0.0.9:8600/"}}

    def variables(world: str) -> dict[str, str]:
        pairs = execute(box, "collection", world=world, **asked)["variable"]
        return {each["key"]: each["value"] for each in pairs}

    assert variables("default")["app_secret"] == PROGRAM.client_secret
    assert variables("default")["client_key"] == WEB.client_key
    assert variables("default")["salt"] == PROGRAM.payment.salt
    assert variables(made["world"])["app_id"] in {app["client_key"] for app in made["apps"]}
    assert variables("team")["base_url"] == "http://10.0.0.9:8600"
    assert variables("team")["control_url"] == "http://10.0.0.9:8600/_mock/worlds/team"


def test_payments_in_the_sandbox() -> None:
    """Where a world pays in the platform's sandbox, requests are signed by that SALT."""
    box = sandbox(settings={"payment_environment": "sandbox"})

    pairs = {each["key"]: each["value"] for each in execute(box, "collection")["variable"]}

    assert pairs["salt"] == box.default.apps[PROGRAM.client_key].payment.sandbox_salt


def test_a_catalogue_that_lacks_endpoints() -> None:
    """What a server does not emulate is left out; the control API stays."""
    box = Sandbox(catalogue=Catalogue())

    left = list(requests_of(execute(box, "collection")))

    assert [each["name"] for each in left] == [each.name().render("en") for each in OF_CONTROL]


def test_the_command() -> None:
    """The command prints the same collection; a text to search for has no meaning there."""
    printed = json_of("--lang", "zh", "endpoints", "--postman")

    assert printed == execute(Sandbox(), "collection", language="zh")
    assert "--postman takes no TEXT" in complaint_of("endpoints", "coupons", "--postman")


def test_every_operation_is_named_rightly() -> None:
    """A request of the control API fills in all that its operation's path needs."""
    for each in OF_CONTROL:
        path = OPERATIONS[each.operation].path
        assert set(re.findall(r"\{(\w+)\}", path)) == set(each.path), each.operation
