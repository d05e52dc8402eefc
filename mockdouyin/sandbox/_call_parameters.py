"""The parameters by which rules match a call: when it comes, and again from the journal."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from mockdouyin.core.acts import Act
from mockdouyin.core.calls import Fields
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import TooLargeError
from mockdouyin.core.http import Request
from mockdouyin.core.journal import Exchange
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.parameters import fields_of, parameters


def rule_parameters(endpoint: Endpoint, fields: Fields, token: str) -> dict[str, Any]:
    """Return the parameters of a call of an endpoint, its token among them."""
    found = msgspec.structs.asdict(fields)
    for name, value in found.items():
        if isinstance(value, bytes):
            found[name] = base64.b64encode(value).decode()
    if endpoint.types.takes_token:
        found["access_token"] = token
    return found


def unserved_parameters(request: Request) -> dict[str, Any]:
    """Return the parameters of a call without an endpoint; empty if they cannot be parsed."""
    try:
        return {} if request.too_long else parameters(request)
    except (Malformed, TooLargeError):
        return {}


def read_headers(request: Request) -> tuple[str, str, str]:
    """Return what the headers carry: a token, Douyin's negative-test case, and a world."""
    token = other = case = world = ""
    for name, value in request.headers:
        if name == b"access-token":
            token = value.decode("latin-1")
        elif name in (b"access_token", b"x-token"):
            other = value.decode("latin-1")
        elif name == b"aweme-negative-test":
            case = value.decode("latin-1").strip()
        elif name == b"x-mockdouyin-world":
            world = value.decode("latin-1")
    return token or other, case, world


def recorded_parameters(
    exchange: Exchange, app: str = "", *, lenient: bool
) -> dict[str, Any] | None:
    """Return the parameters of a call in the journal; None if its body was not kept whole.

    `lenient` is the world's setting `lenient_names`, `app` the name of the call's app. Whose call
    it was is among the parameters, unless the endpoint has a parameter of that name.
    """
    request, endpoint = exchange.request, exchange.endpoint
    if exchange.length > len(request.body):
        return None
    if endpoint is None:
        return unserved_parameters(request)
    types = endpoint.types
    try:
        fields = fields_of(request, types.fields, lenient=lenient)
    except Malformed as error:
        fields = types.fields() if error.fields is None else error.fields
    except TooLargeError:
        fields = types.fields()
    token = read_headers(request)[0]
    if types.takes_token and not token:
        token = fields.access_token or ""  # type: ignore[attr-defined]
    return {"person": exchange.person, "app": app, **rule_parameters(endpoint, fields, token)}


def recorded_arguments(act: Act, app: str) -> dict[str, Any] | None:
    """Return the arguments of a phone's call in the journal; None if they were not kept whole.

    `app` is the name of the app that was open.
    """
    try:
        given: dict[str, Any] = msgspec.json.decode(act.given or b"{}")
    except msgspec.DecodeError:
        return None
    return {**given, "app": app, "person": act.person}
