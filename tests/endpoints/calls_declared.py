"""A good call of every declared operation, with what it needs: records, and ids told before."""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any

from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.declared.family import DeclaredEndpoint
from mockdouyin.endpoints.declared.notation import ListOf, ObjectOf, Shape
from mockdouyin.endpoints.declared.operation import Does, Operation, Resource
from mockdouyin.endpoints.declared.resources import Shelf, View
from mockdouyin.endpoints.own_actions import OWN
from tests.endpoints.calls import PERSON, Ask, Scene
from tests.endpoints.calls_user import PICTURE, Login, Upload, unit_of
from tests.support.answers import ID_ENDINGS, collect, singular
from tests.support.made_values import made

ONE_ORDER = (
    *("order_id", "ext_order_id", "open_id", "order_status", "create_order_start_time"),
    *("create_order_end_time", "update_order_start_time", "update_order_end_time"),
)
"""What narrows a list of orders."""

ORDERS = "life_orders.query_orders"

FIRST = {"life_certificates": (ORDERS,), "poi": (ORDERS,)}
"""Operations of other families that tell the ids which a family's operations need."""

NAMED: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    **dict.fromkeys(
        ("life_certificates.prepare", "poi.prepare_certificate"),
        lambda told: {"code": str(told.get("certificate_id"))[-12:], "encrypted_data": None},
    ),
    "knowledge_entities.get_audit": lambda told: {"auth_taskid": told.get("basic_auth_taskid")},
    "poi.query_match_tasks": lambda told: {"supplier_task_ids": [told.get("task_id")]},
    ORDERS: lambda told: dict.fromkeys(ONE_ORDER),
}
"""What answers call differently from the parameters that take it."""

PLENTY = "1000000"
"""What there is of a thing of which an operation takes away."""


def kind_of(operation: Operation) -> str:
    """Return the kind of the demo app that calls an operation."""
    return "web" if operation.token == "user" else "mini_program"


class Caller:
    """A backend with every token, of the mini-program and of a person in the web app."""

    def __init__(self, family: str) -> None:
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
        self.by_functions: dict[str, Any] = {}
        """The newest value of each name in what functions told, which know nothing of records."""
        self.by_others: dict[str, Any] = {}
        self.told = ChainMap(self.by_functions, self.by_others)
        for name in FIRST.get(family, ()):
            self.answer(CATALOGUE.endpoints[name])

    def answer(self, endpoint: Any) -> Any:
        """Call an operation with all that it takes; return the answer."""
        operation = endpoint.operation
        fields = made(operation.takes, "")
        fields |= {name: own for name, own in self._own(operation).items() if name in fields}
        if operation.name in OWN:
            fields = self._known(operation.takes, fields)
            fields |= NAMED[operation.name](self.told) if operation.name in NAMED else {}
        for does in operation.does.steps if operation.does else ():
            self._prepare(operation, does, fields)
        headers = {"access-token": self.tokens[operation.token]}
        answer = self.scene.ask(_request(endpoint, fields, headers))
        collect(answer, self.by_functions if operation.name in OWN else self.by_others)
        return answer

    def _own(self, operation: Operation) -> dict[str, Any]:
        app = self.scene.app(kind_of(operation))
        return {
            **dict.fromkeys(("client_key", "appid", "app_id", "ma_app_id"), app.client_key),
            **dict.fromkeys(("client_secret", "secret"), app.client_secret),
            "access_token": self.tokens[operation.token],
            "open_id": self.open_id,
        }

    def _known(self, shape: Shape, value: Any, name: str = "") -> Any:
        """Return a value with ids that answers told in place of those that are made up."""
        if isinstance(shape, ObjectOf):
            inside = shape.fields.items()
            return {each: self._known(field.shape, value[each], each) for each, field in inside}
        if isinstance(shape, ListOf):
            return [self._known(shape.item, each, singular(name)) for each in value]
        return self.told.get(name, value) if name.endswith(ID_ENDINGS) else value

    def _prepare(self, operation: Operation, does: Does, given: dict[str, Any]) -> None:
        """Make what a step needs, in the state that it asks for, and name it in the call."""
        inside = given.get(does.inside) if does.inside else None
        rows = inside if isinstance(inside, list) else [inside]
        places = [row for row in rows if isinstance(row, dict)] or [given]
        needed: dict[str, str] = {}
        for name, said in reversed(does.needs.items()):
            spent = dict.fromkeys(does.spends.get(name, {}), PLENTY)
            made_now = self._make(operation, name, {**needed, **spent})
            needed[said.partition(" ")[0]] = made_now.key
        for place in places:
            place.update({name: key for name, key in needed.items() if name in place})
        if does.verb not in ("get", "update", "delete", "save"):
            return
        resource = operation.named_resource(does.resource)
        state = _state(does, resource)
        for place in places:
            sent = {**given, does.by: rows[0], **place} if does.inside else place
            agreed = {
                field: sent[name]
                for field, name in does.agrees.items()
                if name in sent and "." not in field
            }
            record = self._make(operation, does.resource, {**state, **agreed})
            number = resource.source.also
            for around in (given, place):
                _name_it(around, does.by or resource.source.key, record.key)
                _name_it(around, does.also or number, record.fields.get(number))

    def _make(self, operation: Operation, name: str, fields: dict[str, Any]) -> View:
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
        return view


def _state(does: Does, resource: Resource) -> dict[str, Any]:
    """Return the fields of a record with which a step can be done."""
    fields: dict[str, Any] = {name: values[0] for name, values in does.only.items()}
    lists = {name for name, f in resource.shape.fields.items() if isinstance(f.shape, ListOf)}
    fields |= dict.fromkeys(does.adds.keys() - lists, PLENTY)
    number = resource.source.also
    return (
        {number: made(resource.shape.fields[number].shape, number), **fields} if number else fields
    )


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
