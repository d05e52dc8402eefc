"""The OpenAPI 3.1 document of every emulated endpoint and of the control API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, get_args, get_origin

import msgspec
from msgspec import inspect

from mockdouyin.control._operations import is_query
from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.catalogue import OBJECT, Catalogue
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.envelopes import NOTHING
from mockdouyin.core.multipart import File
from mockdouyin.core.pages import Download, Redirect
from mockdouyin.core.settings import Duration, encode

if TYPE_CHECKING:
    from mockdouyin.control import Operation


_FIRST = ("apps", "people", "add_app", "change_app", "add_person", "change_person")
"""The operations that stand first in the document, in this order; the others follow by module."""


def document(operations: dict[str, Operation], catalogue: Catalogue) -> dict[str, Any]:
    """Return the document."""
    from mockdouyin.core.version import __version__

    replies = {each for e in catalogue for kind in _answers(e) for each in _structs(kind)}
    replies |= {each for e in operations.values() for kind in e.shown for each in _structs(kind)}
    requests = _request_structs(catalogue, operations)
    kinds = {e.types.fields for e in catalogue} | replies | requests
    ordered = tuple(sorted(kinds, key=lambda kind: f"{kind.__module__}.{kind.__name__}"))
    twins = _twins(ordered)
    schemas, components = msgspec.json.schema_components(
        [twins.get(kind, kind) for kind in ordered],
        ref_template="#/components/schemas/{name}",
        schema_hook=_schema,
    )
    of = dict(zip(ordered, schemas, strict=True))
    for kind in kinds:
        component = components[of[kind]["$ref"].rpartition("/")[2]]
        _describe(component, kind)
        if kind in replies - requests:
            _require(component, kind)
    paths: dict[str, Any] = {}
    for endpoint in catalogue:
        for path in endpoint.paths:
            for method in endpoint.methods:
                paths.setdefault(path, {})[method.lower()] = _endpoint(endpoint, method, path, of)
    for each in sorted(operations.values(), key=_position):
        for path in each.paths():
            paths.setdefault(path, {})[each.method.lower()] = _operation(each, path, of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "mockdouyin", "version": __version__},
        "paths": paths,
        "components": {"schemas": components},
    }


def _position(operation: Operation) -> int:
    return _FIRST.index(operation.name) if operation.name in _FIRST else len(_FIRST)


def _schema(kind: type) -> dict[str, Any]:
    if kind is File:
        return {"type": "string", "format": "binary"}
    if kind is Duration:
        return {"type": ["string", "number"], "description": "A duration, as 5m, or seconds"}
    raise NotImplementedError(kind)


def _twins(kinds: Iterable[type]) -> dict[type, type]:
    """Return structs to describe in place of those with durations as defaults.

    msgspec cannot write such a default into a schema, so a twin has it as text.
    """
    twins: dict[type, type] = {}
    for kind in kinds:
        fields = msgspec.structs.fields(kind)
        if any(isinstance(field.default, Duration) for field in fields):
            twins[kind] = _twin(kind, twins)
    for kind in kinds:
        if any(field.type in twins for field in msgspec.structs.fields(kind)):
            twins[kind] = _twin(kind, twins)
    return twins


def _twin(kind: type, twins: dict[type, type]) -> type:
    fields: list[Any] = []
    for field in msgspec.structs.fields(kind):
        given: Any = field.default
        if isinstance(given, Duration):
            given = encode(given)
        elif field.default_factory is not msgspec.NODEFAULT:
            given = msgspec.field(default_factory=field.default_factory)
        required = () if given is msgspec.NODEFAULT else (given,)
        fields.append((field.name, twins.get(field.type, field.type), *required))
    forbids = kind.__struct_config__.forbid_unknown_fields  # type: ignore[attr-defined]
    return msgspec.defstruct(
        kind.__name__,
        fields,
        module=kind.__module__,
        namespace={"__doc__": kind.__doc__},
        kw_only=True,
        forbid_unknown_fields=forbids,
    )


def _answers(endpoint: Endpoint) -> Iterator[type]:
    """Yield the types of an endpoint's payload: the full one and, if it has one, the empty one."""
    if endpoint.answers_json:
        yield endpoint.types.reply
    if endpoint.empty is not NOTHING:
        yield type(endpoint.empty)


def _structs(kind: Any) -> Iterator[type]:
    """Yield every struct in a type, the type itself included."""
    yield from _found(inspect.type_info(kind))


def _found(kind: inspect.Type) -> Iterator[type]:
    if isinstance(kind, inspect.StructType):
        yield kind.cls
        for field in kind.fields:
            yield from _found(field.type)
    elif isinstance(kind, inspect.ListType | inspect.VarTupleType):
        yield from _found(kind.item_type)
    elif isinstance(kind, inspect.DictType):
        yield from _found(kind.value_type)
    elif isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _found(each)


def _request_structs(catalogue: Catalogue, operations: dict[str, Operation]) -> set[type]:
    """Return the structs that requests contain: a client may leave out what an answer has."""
    taken = [e.types.fields for e in catalogue] + [e.takes for e in operations.values()]
    return {each for kind in taken if not is_query(kind) for each in _structs(kind)}


def _require(schema: dict[str, Any], kind: type) -> None:
    """Mark the fields of an answer as required, except those that may be left out."""
    config = kind.__struct_config__  # type: ignore[attr-defined]
    always = [
        field.encode_name
        for field in msgspec.structs.fields(kind)
        if field.default is not msgspec.UNSET and (field.required or not config.omit_defaults)
    ]
    if always:
        schema["required"] = always


def _describe(schema: dict[str, Any], kind: type) -> None:
    """Add the docstrings of a struct's fields."""
    docs = attribute_docs(kind)
    for field in msgspec.structs.fields(kind):
        says = docs.get(field.name)
        if says is not None:
            described = schema["properties"][field.encode_name]
            more = described.get("description")
            described["description"] = f"{says} {more}." if more else says


def _schema_of(kind: Any, of: dict[type, dict[str, Any]]) -> dict[str, Any]:
    if get_origin(kind) is list:
        return {"type": "array", "items": _schema_of(get_args(kind)[0], of)}
    found = of.get(kind)
    return found if found is not None else msgspec.json.schema(kind)


def _responses(endpoint: Endpoint, of: dict[type, dict[str, Any]]) -> dict[str, Any]:
    envelope, empty = endpoint.envelope, endpoint.empty
    payload = _schema_of(endpoint.types.reply, of) if endpoint.answers_json else None
    instead = _schema_of(type(empty), of) if empty is not NOTHING else None
    refusal = envelope.failure_schema(instead)
    redirect = {"302": {"description": "A redirect of the browser"}}
    if endpoint.is_page:
        says = "A page for a person; one of the errors in x-errors is a page too"
        return {"200": {"description": says, "content": {"text/html": {}}}, **redirect}
    if endpoint.types.reply is Redirect:
        content = {"application/json": {"schema": refusal}}
        return {
            **redirect,
            "200": {"description": "One of the errors in x-errors", "content": content},
        }
    if endpoint.types.reply is Download:
        says = "A file; or one of the errors in x-errors, in JSON"
        kinds = {"*/*": {}, "application/json": {"schema": refusal}}
        return {"200": {"description": says, "content": kinds}}
    says = "Success, or one of the errors in x-errors: both are HTTP 200"
    either = {"anyOf": [envelope.schema(payload), refusal]}
    return {"200": {"description": says, "content": {"application/json": {"schema": either}}}}


def _endpoint(
    endpoint: Endpoint, method: str, path: str, of: dict[type, dict[str, Any]]
) -> dict[str, Any]:
    number = endpoint.paths.index(path)
    twin = "" if not number else "_twin" if number == 1 else f"_twin_{number}"
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.full_name}_{method.lower()}{twin}",
        "tags": [endpoint.family.name],
        "summary": endpoint.about,
        "x-basis": endpoint.basis,
        "responses": _responses(endpoint, of),
        "x-errors": [
            {"code": case.code, "name": case.name, "text": case.text, "basis": case.basis}
            for case in endpoint.errors
        ],
    }
    if endpoint.doc:
        operation["externalDocs"] = {"url": endpoint.doc}
    if method == "GET":
        operation["parameters"] = [
            {"name": name, "in": "query", "schema": {}}
            for name in endpoint.types.fields.__struct_fields__
        ]
        if path.endswith(OBJECT):
            named = {"name": OBJECT[1:-1], "in": "path", "required": True}
            operation["parameters"].append({**named, "schema": {"type": "string"}})
    else:
        content = {"schema": of[endpoint.types.fields]}
        kinds = ["application/json", "application/x-www-form-urlencoded"]
        if endpoint.types.takes_file:
            kinds = ["multipart/form-data"]
        operation["requestBody"] = {"content": dict.fromkeys(kinds, content)}
    return operation


def _reply_schema(operation: Operation, of: dict[type, dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of an operation's answer: any of several if it has views."""
    either = [_schema_of(each.reply, of) for each in operation.in_all_views()]
    return {"anyOf": either} if len(either) > 1 else either[0]


def _operation(operation: Operation, path: str, of: dict[type, dict[str, Any]]) -> dict[str, Any]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    scope = "_in_world" if "world" in names else ""
    described: dict[str, Any] = {
        "operationId": f"mock.{operation.name}{scope}",
        "tags": ["control"],
        "summary": operation.about,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ],
        "responses": {
            "200": _answer(operation, of),
            "default": _json_content("Why it was refused", _REFUSAL),
        },
    }
    if is_query(operation.takes):
        described["parameters"] += _query_parameters(operation)
    elif operation.takes is not type(None):
        kind = operation.takes
        needed = any(f.required for f in getattr(inspect.type_info(kind), "fields", ()))
        content = {"application/json": {"schema": _schema_of(kind, of)}}
        described["requestBody"] = {"required": needed, "content": content}
    return described


def _answer(operation: Operation, of: dict[type, dict[str, Any]]) -> dict[str, Any]:
    if not operation.events:
        return _json_content("The answer", _reply_schema(operation, of))
    # OpenAPI 3.1 has no words for the events of a stream, whose data is JSON.
    events = {name: _schema_of(kind, of) for name, kind in operation.events.items()}
    content = {"schema": {"type": "string"}, "x-events": events}
    return {
        "description": "A stream without an end; x-events has the data of each event by its name",
        "content": {"text/event-stream": content},
    }


_REFUSAL = {
    "type": "object",
    "properties": {"error": {"type": "string"}},
    "required": ["error"],
}


def _json_content(says: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": says, "content": {"application/json": {"schema": schema}}}


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    """Return the parameters of a query: the `view`, and those that any of the views takes."""
    properties: dict[str, Any] = {}
    if operation.views:
        properties["view"] = {"type": "string", "enum": ["", *operation.views], "default": ""}
    for each in operation.in_all_views():
        [_], components = msgspec.json.schema_components((each.takes,))
        properties = {**components[each.takes.__name__]["properties"], **properties}
    return [{"name": name, "in": "query", "schema": of} for name, of in properties.items()]
