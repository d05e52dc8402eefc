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
from mockdouyin.endpoints.declared.operation import Does, Operation
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
        given.update(self._own(operation))
        for does in operation.does.steps if operation.does else ():
            self._prepare(operation, does, given)
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

    def _prepare(self, operation: Operation, does: Does, given: dict[str, Any]) -> None:
        """Make what a step needs, in the state that it asks for, and name it in the call."""
        inside = given.get(does.inside) if does.inside else None
        rows = inside if isinstance(inside, list) else [inside]
        places = [row for row in rows if isinstance(row, dict)] or [given]
        needed: dict[str, str] = {}
        for name, said in reversed(does.needs.items()):
            spent = dict.fromkeys(does.spends.get(name, {}), "1000000")
            key = self._make(operation, name, {**needed, **spent})
            needed[said.partition(" ")[0]] = key
        for place in places:
            place.update({name: key for name, key in needed.items() if name in place})
        if does.verb not in ("get", "update", "delete", "save"):
            return
        resource = operation.named_resource(does.resource)
        fields: dict[str, Any] = {name: values[0] for name, values in does.only.items()}
        lists = {n for n, f in resource.shape.fields.items() if isinstance(f.shape, ListOf)}
        fields |= dict.fromkeys(does.adds.keys() - lists, "1000000")
        for place in places:
            sent = {**given, does.by: rows[0], **place} if does.inside else place
            agreed = {
                field: sent[name]
                for field, name in does.agrees.items()
                if name in sent and "." not in field
            }
            key = self._make(operation, does.resource, {**fields, **agreed})
            name = does.by or resource.source.key
            if name in place:
                place[name] = [key] if isinstance(place[name], list) else key

    def _make(self, operation: Operation, name: str, fields: dict[str, Any]) -> str:
        resource = operation.named_resource(name)
        owner = self.scene.app(kind_of(operation)).client_key
        whose = {"app": owner, "person": f"{owner} {PERSON}", "world": ""}[resource.source.of]
        if operation.token == "none" and resource.source.of == "app":
            whose = ""
        unit = unit_of(self.scene)
        shelf = Shelf(self.scene.world, unit, resource, whose)
        is_one = resource.source.single or resource.source.given == 1
        key = next((view.key for view in shelf.views()), "") if is_one else ""
        view = shelf.change(key, fields) if key else shelf.create(fields)
        unit.commit()
        return view.key


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
        does = endpoint.operation.does
        if does is not None and any(each.unique or each.where for each in does.steps):
            caller = Caller()  # where nothing else is alike
        answer = caller.answer(endpoint)
        schema = endpoint.envelope.schema(endpoint.described.reply)  # type: ignore[union-attr]
        validator = jsonschema.Draft202012Validator(schema)
        problems = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(answer)]
        problems += [f"JavaScript rounds {number}" for number in _numbers(answer) if number > SAFE]
        if problems:
            wrong[endpoint.name] = (problems[:3], answer)

    assert family.endpoints
    assert wrong == {}
