"""The OpenAPI 3.1 documents: of every emulated endpoint, and of the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import inspect

from mockdouyin.control._openapi_endpoints import (
    endpoint_paths,
    reply_structs,
    request_structs,
    security_schemes,
)
from mockdouyin.control._openapi_schemas import Components, describe, enums_in, structs_in
from mockdouyin.control._operations import is_query
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language, text

if TYPE_CHECKING:
    from mockdouyin.control import Operation

Part = Literal["all", "platform", "control"]
"""What a document describes: the platform, the control API, or both."""

_FIRST = ("apps", "people", "add_app", "change_app", "add_person", "change_person")
"""The operations that stand first in the document, in this order; the others follow by module."""


def document(
    operations: dict[str, Operation],
    catalogue: Catalogue,
    part: Part = "all",
    language: Language = DEFAULT_LANGUAGE,
) -> dict[str, Any]:
    """Return a document; what it says of the control API is in this language."""
    from mockdouyin.core.version import __version__

    if part == "platform":
        operations = {}
    if part == "control":
        catalogue = Catalogue()
    taken = [each.takes for each in operations.values() if not is_query(each.takes)]
    requests = request_structs(catalogue) | {s for kind in taken for s in structs_in(kind)}
    shown = [kind for each in operations.values() for kind in each.shown]
    replies = reply_structs(catalogue) | {s for kind in shown for s in structs_in(kind)}
    enums = {enum for kind in taken for enum in enums_in(kind)}
    components = Components(requests, replies, enums, language)
    paths = endpoint_paths(catalogue, components)
    for each in sorted(operations.values(), key=_position):
        for path in each.paths():
            described = _operation(each, path, components, language)
            paths.setdefault(path, {})[each.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": _TITLES[part], "version": __version__},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components.all,
            "securitySchemes": security_schemes(catalogue),
        },
    }


WHY_REFUSED = text("openapi_refused", zh="为什么被拒绝", en="Why it was refused")
THE_ANSWER = text("openapi_answer", zh="响应", en="The answer")
A_STREAM = text(
    "openapi_stream",
    zh="没有结尾的流；x-events 里是每个事件的数据，键是事件名",
    en="A stream without an end; x-events has the data of each event by its name",
)

_TITLES: dict[Part, str] = {
    "all": "mockdouyin",
    "platform": "mockdouyin: 抖音开放平台",
    "control": "mockdouyin: control API",
}


def _position(operation: Operation) -> int:
    return _FIRST.index(operation.name) if operation.name in _FIRST else len(_FIRST)


def _reply_schema(operation: Operation, components: Components) -> dict[str, Any]:
    """Return the schema of an operation's answer: any of several if it has views."""
    either = [components.of(each.reply) for each in operation.in_all_views()]
    return {"anyOf": either} if len(either) > 1 else either[0]


def _operation(
    operation: Operation, path: str, components: Components, language: Language
) -> dict[str, Any]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    scope = "_in_world" if "world" in names else ""
    described: dict[str, Any] = {
        "operationId": f"mock.{operation.name}{scope}",
        "tags": ["control"],
        "summary": operation.about(language),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ],
        "responses": {
            "200": _answer(operation, components, language),
            "default": _json_content(WHY_REFUSED().render(language), _REFUSAL),
        },
    }
    if is_query(operation.takes):
        described["parameters"] += _query_parameters(operation, language)
    elif operation.takes is not type(None):
        kind = operation.takes
        needed = any(f.required for f in getattr(inspect.type_info(kind), "fields", ()))
        content = {"application/json": {"schema": components.of(kind)}}
        described["requestBody"] = {"required": needed, "content": content}
    return described


def _answer(operation: Operation, components: Components, language: Language) -> dict[str, Any]:
    if not operation.events:
        says = THE_ANSWER().render(language)
        return _json_content(says, _reply_schema(operation, components))
    # OpenAPI 3.1 has no words for the events of a stream, whose data is JSON.
    events = {name: components.of(kind) for name, kind in operation.events.items()}
    content = {"schema": {"type": "string"}, "x-events": events}
    return {
        "description": A_STREAM().render(language),
        "content": {"text/event-stream": content},
    }


_REFUSAL = {
    "type": "object",
    "properties": {"error": {"type": "string"}},
    "required": ["error"],
}


def _json_content(says: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": says, "content": {"application/json": {"schema": schema}}}


def _query_parameters(operation: Operation, language: Language) -> list[dict[str, Any]]:
    """Return the parameters of a query: the `view`, and those that any of the views takes."""
    properties: dict[str, Any] = {}
    if operation.views:
        properties["view"] = {"type": "string", "enum": ["", *operation.views], "default": ""}
    for each in operation.in_all_views():
        [_], components = msgspec.json.schema_components((each.takes,))
        schema = components[each.takes.__name__]
        describe(schema, each.takes, language)
        properties = {**schema["properties"], **properties}
    return [{"name": name, "in": "query", "schema": of} for name, of in properties.items()]
