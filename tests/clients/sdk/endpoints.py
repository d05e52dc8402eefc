"""What the catalogue says of the endpoints that the SDK calls: who calls, and about what."""

from __future__ import annotations

from typing import Any, get_type_hints

from mockdouyin.core.apps import DemoApp
from mockdouyin.core.calls import PersonFields
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.declared.family import DeclaredEndpoint
from mockdouyin.endpoints.declared.notation import Scalar, Shape
from mockdouyin.endpoints.declared.operation import Does
from tests.support.answers import collect
from tests.support.helpers import GAME, PROGRAM, WEB

OF_PEOPLE = ("user", "business")

ONE_RECORD = ("get", "update", "delete")
"""What operations do with a record that there is."""

MAKING = ("create", "save")
"""How operations make one; what saves changes the one whose id is sent."""

BUSINESS = ("oauthBusinessScopes",)
"""Methods that take a business token, though their family does not."""

_TYPES = ((int, Scalar("int", is_text=False)), (bool, Scalar("bool", is_text=False)))


def places_of(endpoint: Endpoint) -> tuple[str, ...]:
    """Return where an endpoint's ids are kept and looked for, the nearest first."""
    near = (resource_of(endpoint),) if does_of(endpoint) else ()
    return (*near, endpoint.family.name, "")


def does_of(endpoint: Endpoint) -> Does | None:
    """Return what an endpoint does with a resource, if it is declared and does."""
    return endpoint.operation.does if isinstance(endpoint, DeclaredEndpoint) else None


def resource_of(endpoint: Endpoint) -> str:
    """Return the full name of the resource with which an endpoint does something."""
    assert isinstance(endpoint, DeclaredEndpoint)
    name: str = endpoint.operation.resource.name
    return name


def key_of(endpoint: Endpoint) -> str:
    """Return the parameter with the id of the record with which an endpoint does something."""
    assert isinstance(endpoint, DeclaredEndpoint)
    does = endpoint.operation.does
    key: str = (does.by if does else "") or endpoint.operation.resource.source.key
    return key


def told_of_record(endpoint: Endpoint, sent: dict[str, Any]) -> dict[str, Any]:
    """Return what a call said of the record that it made or changed, by the record's fields."""
    does, told = does_of(endpoint), dict[str, Any]()
    collect(sent, told)
    if does is None:
        return told
    rows = sent.get(does.inside)
    if isinstance(rows, list) and not isinstance(rows[-1], dict):
        told[key_of(endpoint)] = rows[-1]
    set_to = {field: str(value)[1:] for field, value in does.sets.items() if str(value)[:1] == "="}
    return told | {field: told[name] for field, name in set_to.items() if name in told}


def named_record(endpoint: Endpoint, seen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the parameters that name the record that an endpoint shows, changes or deletes."""
    does = does_of(endpoint)
    if does is None or does.verb not in ONE_RECORD:
        return {}
    key = endpoint.operation.resource.source.key  # type: ignore[attr-defined]
    names = {**does.agrees, **({key: does.by} if does.by else {})}
    known = seen.get(resource_of(endpoint), {})
    return {name: known[field] for field, name in names.items() if field in known}


def own_numbers(endpoint: Endpoint) -> list[str]:
    """Return the parameters with which a caller numbers or names what it makes."""
    does = does_of(endpoint)
    if does is None or not does.create:
        return []
    shapes = shapes_of(endpoint)
    unique = (str(does.sets.get(field, field)).removeprefix("=") for field in does.unique)
    names = (does.once, endpoint.operation.resource.source.also, *unique)  # type: ignore[attr-defined]
    return [name for name in names if getattr(shapes.get(name), "format", "") == "text"]


def is_object(kind: Any) -> bool:
    """Whether a type is an object, which the SDK writes into a query as [object Object]."""
    return isinstance(kind, dict) and "array" not in kind


def endpoint_of(method: dict[str, Any]) -> Endpoint | None:
    """Return the endpoint that answers a method of the SDK."""
    return CATALOGUE.find(method["method"], method["path"])


def shapes_of(endpoint: Endpoint) -> dict[str, Shape]:
    """Return what the catalogue says of an endpoint's parameters."""
    if isinstance(endpoint, DeclaredEndpoint):
        return {name: field.shape for name, field in endpoint.operation.takes.fields.items()}
    hints = get_type_hints(endpoint.types.fields)
    return {name: shape for name, hint in hints.items() for kind, shape in _TYPES if hint is kind}


def app_of(name: str, endpoint: Endpoint) -> DemoApp:
    """Return the demo app that calls an endpoint."""
    if endpoint.paths[0].startswith("/mgplatform/"):
        return GAME
    kinds = [token_kind(name, endpoint)]
    if kinds == ["client"] and isinstance(endpoint, DeclaredEndpoint):  # for people's calls
        kinds += [token_kind("", each) for each in endpoint.family.endpoints]
    is_web = endpoint.family.name == "oauth" or any(kind in OF_PEOPLE for kind in kinds)
    return WEB if is_web else PROGRAM


def token_kind(name: str, endpoint: Endpoint) -> str:
    """Return whose token an endpoint takes."""
    if isinstance(endpoint, DeclaredEndpoint):
        kind = endpoint.operation.token
        return "client" if kind == "none" else kind
    if name in BUSINESS or endpoint.family.name.endswith("_bc"):
        return "business"
    if issubclass(endpoint.types.fields, PersonFields):
        return "user"
    return "client" if endpoint.family.hosts[0] == "open.douyin.com" else "app"
