"""Operations on the server as a whole: health, interception, what is emulated."""

from __future__ import annotations

from mockdouyin.control._operations import OPERATIONS, Answer, OperationCall, operation
from mockdouyin.core.errors import (
    NotFoundError,
    did_you_mean,
)
from mockdouyin.phone import APIS


@operation("GET", "/health", in_world=False, is_static=True)
def health(call: OperationCall) -> Answer:
    """Report that the server is up, and its version."""
    from mockdouyin.core.version import __version__

    return {"status": "ok", "version": __version__}


@operation("GET", "/interception", in_world=False, is_static=True)
def interception(call: OperationCall) -> Answer:
    """Report how clients are led here instead of to Douyin's hosts: proxy, certificate, folder."""
    intercepted = call.sandbox.interception
    if intercepted is None:
        raise NotFoundError(
            "this server does not intercept Douyin's hosts; start it with"
            " `mockdouyin serve --intercept`"
        )
    return intercepted


@operation("GET", "/openapi.json", in_world=False, long=True, is_static=True)
def openapi(call: OperationCall) -> Answer:
    """Return the OpenAPI 3.1 document of every emulated endpoint and of this API."""
    from mockdouyin.control._openapi import document

    return document(OPERATIONS, call.sandbox.catalogue)


@operation("GET", "/endpoints", in_world=False, long=True, is_static=True)
def endpoints(call: OperationCall) -> Answer:
    """List the emulated endpoints and tt APIs, each endpoint with its basis."""
    return {
        "endpoints": [
            {
                "name": endpoint.full_name,
                "methods": list(endpoint.methods),
                "paths": list(endpoint.paths),
                "hosts": list(endpoint.family.hosts),
                "about": endpoint.about,
                "basis": endpoint.basis,
                "doc": endpoint.doc,
                "scope": endpoint.scope,
                "parameters": list(endpoint.types.fields.__struct_fields__),
                "errors": len(endpoint.errors),
            }
            for endpoint in call.sandbox.catalogue
        ],
        "phone": [
            {"name": api.full_name, "about": api.about, "arguments": list(api.takes)}
            for api in APIS.values()
        ],
    }


@operation("GET", "/errors", in_world=False, long=True, is_static=True)
def errors(call: OperationCall) -> Answer:
    """List every error that can be provoked, of all endpoints or of one."""
    wanted = call.query.get("endpoint", "")
    rows = [
        {
            "endpoint": endpoint.full_name,
            "code": case.code,
            "name": case.name,
            "text": case.text,
            "basis": case.basis,
            "cause": case.cause,
            "doc": endpoint.doc,
        }
        for endpoint in call.sandbox.catalogue
        if wanted in ("", endpoint.full_name, endpoint.name, *endpoint.paths)
        for case in endpoint.errors
    ]
    if not rows:
        known = list(call.sandbox.catalogue)
        names = [e.full_name for e in known] + [e.name for e in known]
        raise NotFoundError(f"no endpoint {wanted!r}{did_you_mean(wanted, names)}")
    return {"errors": rows}
