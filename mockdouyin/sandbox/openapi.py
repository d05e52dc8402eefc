"""The OpenAPI 3.1 document of every emulated endpoint and of the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.multipart import File
from mockdouyin.core.pages import Redirect
from mockdouyin.endpoints import CATALOGUE

if TYPE_CHECKING:
    from mockdouyin.sandbox.control import Order


def document(orders: dict[str, Order]) -> dict[str, Any]:
    """Write the document."""
    from mockdouyin import __version__

    kinds = {e.fields for e in CATALOGUE} | {e.reply for e in CATALOGUE if e.answers_json}
    ordered = tuple(sorted(kinds, key=lambda kind: f"{kind.__module__}.{kind.__name__}"))
    schemas, parts = msgspec.json.schema_components(
        ordered, ref_template="#/components/schemas/{name}", schema_hook=_schema
    )
    of = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, Any] = {}
    for endpoint in CATALOGUE:
        for path in endpoint.paths:
            for method in endpoint.methods:
                paths.setdefault(path, {})[method.lower()] = _operation(endpoint, method, path, of)
    for each in orders.values():
        for path in _order_paths(each):
            paths.setdefault(path, {})[each.method.lower()] = _control(each, path)
    return {
        "openapi": "3.1.0",
        "info": {"title": "mockdouyin", "version": __version__},
        "paths": paths,
        "components": {"schemas": parts},
    }


def _schema(kind: type) -> dict[str, Any]:
    if kind is File:
        return {"type": "string", "format": "binary"}
    raise NotImplementedError(kind)


def _responses(endpoint: Endpoint, of: dict[type, dict[str, Any]]) -> dict[str, Any]:
    payload = of[endpoint.reply] if endpoint.answers_json else {"type": "object"}
    content: dict[str, Any] = {
        "application/json": {"schema": endpoint.envelope.schema(payload)},
    }
    sent_on = {"302": {"description": "The browser is sent on"}}
    if endpoint.is_page:
        says = "A page for a person; one of the errors in x-errors is a page too"
        return {"200": {"description": says, "content": {"text/html": {}}}, **sent_on}
    if endpoint.reply is Redirect:
        return {**sent_on, "200": {"description": "One of the errors in x-errors"}}
    says = "Success, or one of the errors in x-errors: both are HTTP 200"
    return {"200": {"description": says, "content": content}}


def _operation(
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
            for name in endpoint.fields.__struct_fields__
        ]
    else:
        content = {"schema": of[endpoint.fields]}
        kinds = ["application/json", "application/x-www-form-urlencoded"]
        if endpoint.takes_file:
            kinds = ["multipart/form-data"]
        operation["requestBody"] = {"content": dict.fromkeys(kinds, content)}
    return operation


def _order_paths(order: Order) -> list[str]:
    if not order.in_world:
        return ["/_mock" + order.path]
    short = ["/_mock" + order.path] if order.path else []
    return [*short, "/_mock/worlds/{world}" + order.path]


def _control(order: Order, path: str) -> dict[str, Any]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    scope = "_in_world" if "world" in names else ""
    return {
        "operationId": f"mock.{order.name}{scope}",
        "tags": ["control"],
        "summary": (order.function.__doc__ or "").partition("\n")[0],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ],
        "responses": {"200": {"description": "As said", "content": {"application/json": {}}}},
    }
