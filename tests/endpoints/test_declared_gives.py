"""Every declared operation answers a good call with what its file says that it gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from mockdouyin.endpoints.catalog import families
from mockdouyin.endpoints.declared.family import DeclaredEndpoint, DeclaredFamily
from mockdouyin.endpoints.declared.notation import ListOf
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import Shelf
from tests.endpoints.calls import PERSON, Ask, Scene
from tests.endpoints.calls_user import PICTURE, Login, Upload, unit_of
from tests.support.made_values import made

FAMILIES = list(families())

SAFE = 2**53
"""The largest whole number up to which JavaScript has all."""

OF_PEOPLE = ("user", "business")
"""Kinds of token that stand for a person."""


def kind_of(operation: Operation) -> str:
    """Return the kind of the demo app that calls an operation."""
    return "web" if operation.token in OF_PEOPLE else "mini_program"


class Caller:
    """A backend with every token, of the mini-program and of a person in the web app."""

    def __init__(self) -> None:
        self.scene = Scene()
        person = Login(self.scene)
        self.open_id = person.query["open_id"]
        app = self.scene.app("mini_program")
        self.tokens = {
            "none": "",
            "client": self.scene.client_token("mini_program"),
            "app": self.scene.app_token(),
            "authorizer": app.authorizer_token,
            **dict.fromkeys(OF_PEOPLE, person.headers["access-token"]),
        }

    def answer(self, endpoint: DeclaredEndpoint) -> Any:
        """Call an operation with all that it takes; return the answer."""
        operation = endpoint.operation
        given = {name: made(field.shape, name) for name, field in operation.takes.fields.items()}
        given.update(self._own(operation), **self._record(operation))
        fields = {name: value for name, value in given.items() if name in operation.takes.fields}
        headers = {"access-token": self.tokens[operation.token]}
        return self.scene.ask(_request(endpoint, fields, headers))

    def _own(self, operation: Operation) -> dict[str, Any]:
        app = self.scene.app(kind_of(operation))
        return {
            **dict.fromkeys(("client_key", "appid", "app_id", "ma_app_id"), app.client_key),
            **dict.fromkeys(("client_secret", "secret"), app.client_secret),
            "access_token": self.tokens[operation.token],
            "open_id": self.open_id,
        }

    def _record(self, operation: Operation) -> dict[str, Any]:
        """Make a record in the state that the operation asks for; return what names it."""
        does = operation.does
        if does is None or does.verb not in ("get", "update", "delete"):
            return {}
        resource = operation.resource
        owner = self.scene.app(kind_of(operation)).client_key
        whose = {"app": owner, "person": f"{owner} {PERSON}", "world": ""}[resource.source.of]
        unit = unit_of(self.scene)
        fields = {name: values[0] for name, values in does.only.items()}
        fields |= dict.fromkeys(does.adds, "1000000")
        key = Shelf(self.scene.world, unit, resource, whose).create(fields).key
        unit.commit()
        name = does.by or resource.source.key
        field = operation.takes.fields.get(name)
        return {name: [key] if field is not None and isinstance(field.shape, ListOf) else key}


def _request(endpoint: DeclaredEndpoint, fields: dict[str, Any], headers: dict[str, str]) -> Ask:
    [method, *_], path = endpoint.methods, endpoint.paths[0]
    texts = {name: _text(value) for name, value in fields.items() if value is not None}
    files = [name for name, field in endpoint.operation.takes.fields.items() if _is_file(field)]
    if files:
        query = {name: text for name, text in texts.items() if name not in files}
        return Upload(method, path, query, headers, None, files[0], PICTURE)
    if method == "GET":
        return Ask(method, path, texts, headers)
    return Ask(method, path, {}, headers, fields)


def _is_file(field: Any) -> bool:
    return getattr(field.shape, "format", "") == "file"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


def _numbers(answer: Any) -> Iterator[float]:
    inside = answer.values() if isinstance(answer, dict) else answer
    if isinstance(answer, dict | list):
        for each in inside:
            yield from _numbers(each)
    elif isinstance(answer, int | float):
        yield answer


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: str(family.name))
def test_answers_have_the_form_that_is_declared(family: DeclaredFamily) -> None:
    """Success in the family's envelope; each field that is always there; each of its JSON type.

    No id that is a number has more digits than JavaScript keeps.
    """
    caller = Caller()
    wrong = {}
    for endpoint in family.endpoints:
        assert isinstance(endpoint, DeclaredEndpoint)
        answer = caller.answer(endpoint)
        schema = endpoint.envelope.schema(endpoint.described.reply)  # type: ignore[union-attr]
        validator = jsonschema.Draft202012Validator(schema)
        problems = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(answer)]
        problems += [f"JavaScript rounds {number}" for number in _numbers(answer) if number > SAFE]
        if problems:
            wrong[endpoint.name] = (problems[:3], answer)

    assert family.endpoints
    assert wrong == {}
