"""Parameters, from wherever real clients put them: query, form, multipart or JSON.

The content type is a hint and no more: axios and others send JSON as a form. Nulls and empty
strings count as absent; a field named twice has its last value; the body goes before the query.
"""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from mockdouyin.core.message import Request
from mockdouyin.core.multipart import Multipart

T = TypeVar("T")

_BOM = b"\xef\xbb\xbf"

_DECODERS: dict[type, msgspec.json.Decoder[Any]] = {}
"""One for each endpoint's fields, made when it is first called."""


class Malformed(Exception):  # noqa: N818 - it becomes the family's own error
    """The request's parameters cannot be read; says which and why."""


def parameters(request: Request) -> dict[str, Any]:
    """Give the parameters that the request carries, whatever way they came."""
    given = _present(dict(_pairs(request.query))) if request.query else {}
    if request.streamed is not None:
        given.update(_present(_some(request.streamed.fields)))
    elif request.body:
        given.update(_present(_of_body(request)))
    return given


def _present(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None and value != ""}


def _of_body(request: Request) -> dict[str, Any]:
    body = request.body.strip().removeprefix(_BOM).strip()
    kind = request.header(b"content-type").lower()
    if body[:1] in (b"{", b"["):
        return _json(body)
    if "multipart/" in kind:
        return _multipart(request)
    if b"=" in body:
        return dict(_pairs(body))
    if not body or body == b"null":
        return {}
    raise Malformed(f"the body is neither JSON nor a form: it begins with {body[:1]!r}")


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"the body is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise Malformed("the body is a JSON array, where an object belongs")
    return value


def _pairs(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise Malformed(f"the form or query cannot be read: {error}") from None


def _multipart(request: Request) -> dict[str, Any]:
    body = Multipart(request.header(b"content-type"))
    body.feed(request.body)
    return _some(body.close())


def _some(fields: dict[str, Any]) -> dict[str, Any]:
    if not fields:
        raise Malformed("the multipart body has no field; its boundary may be another")
    return fields


def fields_of(request: Request, kind: type[T], *, lenient: bool = False) -> T:
    """Read the request into an endpoint's typed fields; unknown fields are left alone."""
    if request.body and not request.query and not lenient:
        try:
            decoder = _DECODERS.get(kind) or _DECODERS.setdefault(kind, msgspec.json.Decoder(kind))
            read: T = decoder.decode(request.body)
            return read
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # not the plain case: read it the patient way
    given = parameters(request)
    if lenient:
        given = {**{snake(name): value for name, value in given.items()}, **given}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed(str(error)) from None


def snake(name: str) -> str:
    """Give a camelCase name as snake_case."""
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
