"""The requests of a collection for API clients, as data: to an endpoint, or to the control API.

`{{name}}` is a variable of the collection; what `saves` names is a JavaScript expression over the
JSON of the reply.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mockdouyin.core.texts import TextTemplate


class PlatformRequest(NamedTuple):
    """A call of an endpoint: what goes into its body, or into the query of a GET."""

    endpoint: str
    fields: dict[str, Any]
    token: str = ""
    """The variable that holds the token for the header."""
    query: dict[str, str] = {}
    """What a POST has in its query."""
    saves: dict[str, str] = {}
    before: str = ""
    expects: str = ""
    """What is true of a good reply, if its envelope has no number that would be 0."""
    name: TextTemplate | None = None
    """What it is called, if not as its endpoint."""


class ControlRequest(NamedTuple):
    """A call of an operation of the control API."""

    operation: str
    name: TextTemplate
    path: dict[str, str] = {}
    body: dict[str, Any] | None = None
    query: dict[str, str] = {}
    saves: dict[str, str] = {}
    expects: str = ""
    """What is true of the reply, beside its HTTP status."""


class Folder(NamedTuple):
    """Requests on one subject, in the order in which they can be sent."""

    name: TextTemplate
    requests: tuple[PlatformRequest | ControlRequest, ...]


_NEW_NUMBER = 'pm.collectionVariables.set("{name}", "{prefix}-" + Date.now());'

_SIGN = """
const { MD5 } = require("crypto-js");
const fields = JSON.parse(pm.variables.replaceIn(pm.request.body.raw));
const unsigned = ["sign", "app_id", "thirdparty_id", "other_settle_params"];
const values = Object.keys(fields)
  .filter((name) => !unsigned.includes(name))
  .map((name) => String(fields[name]).trim())
  .filter((value) => value !== "" && value !== "null");
values.push(pm.variables.get("salt"));
pm.collectionVariables.set("sign", MD5(values.sort().join("&")).toString());
"""
"""Signs a request of guaranteed payment: the MD5 over its sorted values and the SALT."""


def phone_request(api: str, name: TextTemplate, **more: Any) -> ControlRequest:
    """Return a tt call of a person, which must have gone well."""
    says = f'reply.errMsg === "{api}:ok"'
    return ControlRequest("phone", name, {"api": api}, expects=says, **more)


def signed_request(
    endpoint: str, fields: dict[str, Any], number: str = "", **more: Any
) -> PlatformRequest:
    """Return a call of guaranteed payment; `number` is the variable that it makes a number for."""
    every = {"app_id": "{{app_id}}", **fields, "sign": "{{sign}}"}
    before = _NEW_NUMBER.format(name=number, prefix=number.split("_")[0].upper()) if number else ""
    return PlatformRequest(endpoint, every, before=before + _SIGN, **more)
