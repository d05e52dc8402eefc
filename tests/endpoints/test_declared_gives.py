"""Every declared operation answers a good call with what its file says that it gives."""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsonschema
import pytest

from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.catalog import families
from mockdouyin.endpoints.declared.family import DeclaredEndpoint, DeclaredFamily
from mockdouyin.endpoints.declared.notation import ListOf, ObjectOf, Shape
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import Shelf
from mockdouyin.endpoints.own_actions import OWN
from tests.endpoints.calls import PERSON, Ask, Scene
from tests.endpoints.calls_user import PICTURE, Login, Upload, unit_of
from tests.support.answers import ID_ENDINGS, collect, singular
from tests.support.made_values import made

FAMILIES = list(families())

SAFE = 2**53
"""The largest whole number up to which JavaScript has all."""

ORDERS = "life_orders.query_orders"

FIRST = {"life_certificates": (ORDERS,), "poi": (ORDERS,)}
"""Operations of other families that tell the ids which a family's operations need."""

NAMED: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    **dict.fromkeys(
        ("life_certificates.prepare", "poi.prepare_certificate"),
        lambda told: {"code": str(told.get("certificate_id", ""))[-12:], "encrypted_data": None},
    ),
    "knowledge_entities.get_audit": lambda told: {"auth_taskid": told.get("basic_auth_taskid")},
    "poi.query_match_tasks": lambda told: {"supplier_task_ids": [told.get("task_id")]},
    ORDERS: lambda told: dict.fromkeys(ONE_ORDER),
}
"""What answers call differently from the parameters that take it."""

ONE_ORDER = (
    *("order_id", "ext_order_id", "open_id", "order_status", "create_order_start_time"),
    *("create_order_end_time", "update_order_start_time", "update_order_end_time"),
)
"""What narrows a list of orders."""


def kind_of(operation: Operation) -> str:
    """Return the kind of the demo app that calls an operation."""
    return "web" if operation.token == "user" else "mini_program"


class Caller:
    """A backend with every token, of the mini-program and of a person in the web app."""

    def __init__(self, family: DeclaredFamily) -> None:
        self.scene = Scene()
        person = Login(self.scene)
        self.open_id = person.query["open_id"]
        app = self.scene.app("mini_program")
        self.tokens = {
            "none": "",
            "client": self.scene.client_token("mini_program"),
            "app": self.scene.app_token(),
            "authorizer": app.authorizer_token,
            "user": person.headers["access-token"],
        }
        self.told: ChainMap[str, Any] = ChainMap({}, {})
        """The newest value of each name in the answers: first those of functions, then others."""
        for name in FIRST.get(str(family.name), ()):
            self.answer(CATALOGUE.endpoints[name])

    def answer(self, endpoint: DeclaredEndpoint) -> Any:
        """Call an operation with all that it takes; return the answer."""
        operation = endpoint.operation
        shape = operation.takes
        fields = made(shape, "")
        if operation.name in OWN:
            fields = self._known(shape, fields) | NAMED.get(operation.name, _nothing)(self.told)
        fields |= {name: own for name, own in self._own(operation).items() if name in fields}
        self._put_record(operation, fields)
        headers = {"access-token": self.tokens[operation.token]}
        answer = self.scene.ask(_request(endpoint, fields, headers))
        collect(answer, self.told.maps[0 if operation.name in OWN else 1])
        return answer

    def _known(self, shape: Shape, value: Any, name: str = "") -> Any:
        """Return a value with ids that answers told in place of those that are made up."""
        if isinstance(shape, ObjectOf):
            inside = shape.fields.items()
            return {each: self._known(field.shape, value[each], each) for each, field in inside}
        if isinstance(shape, ListOf):
            return [self._known(shape.item, each, singular(name)) for each in value]
        return self.told.get(name, value) if name.endswith(ID_ENDINGS) else value

    def _own(self, operation: Operation) -> dict[str, Any]:
        app = self.scene.app(kind_of(operation))
        return {
            **dict.fromkeys(("client_key", "appid", "app_id", "ma_app_id"), app.client_key),
            **dict.fromkeys(("client_secret", "secret"), app.client_secret),
            "access_token": self.tokens[operation.token],
            "open_id": self.open_id,
        }

    def _put_record(self, operation: Operation, fields: dict[str, Any]) -> None:
        """Make a record in the state that the operation asks for, and name it in the call."""
        does = operation.does
        if does is None or does.verb not in ("get", "update", "delete"):
            return
        resource = operation.resource
        owner = self.scene.app(kind_of(operation)).client_key
        whose = {"app": owner, "person": f"{owner} {PERSON}", "world": ""}[resource.source.of]
        unit = unit_of(self.scene)
        state = {name: values[0] for name, values in does.only.items()}
        state |= dict.fromkeys(does.adds, "1000000")
        number = resource.source.also
        if number:
            state[number] = made(resource.shape.fields[number].shape, number)
        record = Shelf(self.scene.world, unit, resource, whose).create(state)
        unit.commit()
        _name_it(fields, does.by or resource.source.key, record.key)
        _name_it(fields, does.also or number, record.fields.get(number))


def _nothing(told: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _name_it(fields: dict[str, Any], path: str, value: Any) -> None:
    """Set a parameter, or a field in one, if there is such a parameter."""
    *around, name = path.split(".")
    for each in around:
        fields = fields.get(each, {})
    if name in fields:
        fields[name] = [value] if isinstance(fields[name], list) else value


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
    caller = Caller(family)
    wrong = {endpoint.name: _problems(caller, endpoint) for endpoint in family.endpoints}
    for name in [name for name, problems in wrong.items() if problems]:  # what came later is known
        wrong[name] = _problems(caller, CATALOGUE.endpoints[f"{family.name}.{name}"])

    assert family.endpoints
    assert {name: problems for name, problems in wrong.items() if problems} == {}


def _problems(caller: Caller, endpoint: Any) -> list[Any]:
    """Return what is wrong with an operation's answer, and the answer; nothing if all is well."""
    answer = caller.answer(endpoint)
    schema = endpoint.envelope.schema(endpoint.described.reply)
    validator = jsonschema.Draft202012Validator(schema)
    problems = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(answer)]
    problems += [f"JavaScript rounds {number}" for number in _numbers(answer) if number > SAFE]
    return [*problems[:3], answer] if problems else []
