"""Emulated endpoints in the OpenAPI document: servers, parameters, replies, errors, examples."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from mockdouyin.control._openapi_schemas import Components, Schema, structs_in
from mockdouyin.core import resources
from mockdouyin.core.catalogue import OBJECT, Catalogue
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.envelopes import NOTHING
from mockdouyin.core.ids import Ids
from mockdouyin.core.pages import Download, Redirect

_LOG_ID = Ids(0, "example").log_id("20260101120000", 1)
_TIME = 1767240000.0
"""When the examples are from."""


def request_structs(catalogue: Catalogue) -> set[type]:
    """Return the structs that endpoints take."""
    kinds = [each.types.fields for each in catalogue if each.described is None]
    return {struct for kind in kinds for struct in structs_in(kind)}


def reply_structs(catalogue: Catalogue) -> set[type]:
    """Return the structs that endpoints answer with."""
    return {
        struct
        for endpoint in catalogue
        if endpoint.described is None
        for kind in _answers(endpoint)
        for struct in structs_in(kind)
    }


def _answers(endpoint: Endpoint) -> Iterator[type]:
    """Yield the types of an endpoint's payload: the full one and, if it has one, the empty one."""
    if endpoint.answers_json:
        yield endpoint.types.reply
    if endpoint.empty is not NOTHING:
        yield type(endpoint.empty)


def endpoint_paths(catalogue: Catalogue, components: Components) -> dict[str, Any]:
    """Return the paths of every endpoint."""
    paths: dict[str, Any] = {}
    for endpoint in catalogue:
        for path in endpoint.paths:
            for method in endpoint.methods:
                described = _Described(endpoint, method, path, components).all()
                paths.setdefault(path, {})[method.lower()] = described
    return paths


def security_schemes(catalogue: Catalogue) -> dict[str, Any]:
    """Return the headers in which tokens travel."""
    names = {each.token_headers[0] for each in catalogue if each.takes_token}
    return {name: {"type": "apiKey", "in": "header", "name": name} for name in sorted(names)}


class _Described:
    """One endpoint, as it is called by one method at one path."""

    def __init__(self, endpoint: Endpoint, method: str, path: str, components: Components) -> None:
        self._endpoint = endpoint
        self._method = method
        self._path = path
        self._components = components
        self._example = _golden().get((endpoint.full_name, method), {})

    def all(self) -> dict[str, Any]:
        """Return everything that is said of it."""
        endpoint = self._endpoint
        number = endpoint.paths.index(self._path)
        twin = "" if not number else "_twin" if number == 1 else f"_twin_{number}"
        operation: dict[str, Any] = {
            "operationId": f"{endpoint.full_name}_{self._method.lower()}{twin}",
            "tags": [endpoint.family.name],
            "summary": endpoint.about,
            "servers": [
                {"url": "/", "description": "mockdouyin"},
                *({"url": f"https://{host}"} for host in endpoint.family.hosts),
            ],
            "x-basis": endpoint.basis,
            "x-state": endpoint.state,
            **self._request(),
            "responses": self._responses(),
            "x-errors": [
                {"code": case.code, "name": case.name, "text": case.text, "basis": case.basis}
                for case in endpoint.errors
            ],
        }
        if endpoint.takes_token:
            operation["security"] = [{endpoint.token_headers[0]: []}]
        if endpoint.doc:
            operation["externalDocs"] = {"url": endpoint.doc}
        return operation

    def _request(self) -> dict[str, Any]:
        if self._method == "GET":
            return {"parameters": self._query_parameters()}
        described = self._endpoint.described
        if described is None:
            schema = self._components.of(self._endpoint.types.fields)
            kinds = ["application/json", "application/x-www-form-urlencoded"]
            example = self._example.get("request", NOTHING)
        else:
            schema, example = described.request, described.request_example
            kinds = ["application/json"]
        if self._endpoint.takes_file:
            kinds, example = ["multipart/form-data"], NOTHING
        content = (
            {"schema": schema} if example is NOTHING else {"schema": schema, "example": example}
        )
        return {"requestBody": {"content": dict.fromkeys(kinds, content)}}

    def _query_parameters(self) -> list[dict[str, Any]]:
        described = self._endpoint.described
        if described is not None:
            return _described_query(described.request, described.request_example)
        names = self._endpoint.parameters
        parameters: list[Any] = [{"name": name, "in": "query", "schema": {}} for name in names]
        if self._path.endswith(OBJECT):
            named = {"name": OBJECT[1:-1], "in": "path", "required": True}
            parameters.append({**named, "schema": {"type": "string"}})
        return parameters

    def _responses(self) -> dict[str, Any]:
        endpoint, empty = self._endpoint, self._endpoint.empty
        if endpoint.described is not None:
            return self._json(endpoint.envelope.failure_schema(None))
        instead = self._components.of(type(empty)) if empty is not NOTHING else None
        refusal = endpoint.envelope.failure_schema(instead)
        redirect = {"302": {"description": "A redirect of the browser"}}
        if endpoint.is_page:
            says = "A page for a person; one of the errors in x-errors is a page too"
            return {"200": {"description": says, "content": {"text/html": {}}}, **redirect}
        if endpoint.types.reply is Redirect:
            content: dict[str, Any] = {"application/json": {"schema": refusal}}
            says = "One of the errors in x-errors"
            return {**redirect, "200": {"description": says, "content": content}}
        if endpoint.types.reply is Download:
            says = "A file; or one of the errors in x-errors, in JSON"
            content = {"*/*": {}, "application/json": {"schema": refusal}}
            return {"200": {"description": says, "content": content}}
        return self._json(refusal)

    def _json(self, refusal: Schema) -> dict[str, Any]:
        says = "Success, or one of the errors in x-errors: both are HTTP 200"
        schema = {"anyOf": [self._endpoint.envelope.schema(self._payload()), refusal]}
        content = {"application/json": {"schema": schema, **self._reply_example()}}
        return {"200": {"description": says, "content": content}}

    def _payload(self) -> Schema | None:
        if self._endpoint.described is not None:
            return self._endpoint.described.reply
        if not self._endpoint.answers_json:
            return None
        return self._components.of(self._endpoint.types.reply)

    def _reply_example(self) -> dict[str, Any]:
        described = self._endpoint.described
        if described is None:
            return {"example": self._example["reply"]} if "reply" in self._example else {}
        payload = NOTHING if described.reply is None else described.reply_example
        body = self._endpoint.envelope.success(payload, _LOG_ID, _TIME)
        return {"example": msgspec.json.decode(body)}


def _described_query(schema: Schema, example: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parameters of a query; a list stands in it with commas, an object as JSON."""
    parameters = []
    for name, of in schema["properties"].items():
        parameter: dict[str, Any] = {"name": name, "in": "query", "example": example[name]}
        if name in schema.get("required", ()):
            parameter["required"] = True
        if of.get("type") == "object":
            del parameter["example"]
            parameter["content"] = {"application/json": {"schema": of}}
        else:
            parameter["schema"] = of
        if of.get("type") == "array":
            parameter["explode"] = False
        parameters.append(parameter)
    return parameters


@cache
def _golden() -> dict[tuple[str, str], dict[str, Any]]:
    """Return a request and its reply for each endpoint that is a function, as far as in JSON."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in _golden_exchanges():
        if each["outcome"] != "success":
            continue
        place = (each["endpoint"], each["request"]["method"])
        bodies = {"request": each["request"]["body"], "reply": each["reply"].get("body", "")}
        read = {name: _json(body) for name, body in bodies.items()}
        found.setdefault(place, {k: v for k, v in read.items() if v is not NOTHING})
    return found


def _golden_exchanges() -> Iterator[dict[str, Any]]:
    for path in sorted((resources.folder("fixtures") / "golden").glob("*.json")):
        yield from msgspec.json.decode(path.read_bytes())


def _json(body: str) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return NOTHING
