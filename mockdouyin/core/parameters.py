"""Parameters, from wherever real clients put them: query, form, multipart or JSON.

The content type is a hint and no more: axios and others send JSON as a form. Nulls and empty
strings count as absent; a field named twice has its last value; the body goes before the query.

What takes long to read has a limit, and is refused before it is read.
"""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from mockdouyin.core.errors import TooLargeError
from mockdouyin.core.http import Request
from mockdouyin.core.malformed import Malformed, neither, no_form, no_json, unfit
from mockdouyin.core.multipart import Multipart
from mockdouyin.core.typed import built

T = TypeVar("T")

KB = 1024

JSON_LIMIT = 1024 * KB
"""Bytes of a body of JSON."""

FORM_LIMIT = 256 * KB
"""Bytes of a form or a query: escapes take much longer to read than JSON."""

FIELDS = 1000
"""Fields of a form, a query or a JSON object."""

TEXT = 64 * KB
"""Characters of one text: those that are longer are files, and come as files."""

ITEMS = 1000
"""Items of one list: each may have to be looked for."""

_SHORT = 4 * KB
"""Bytes of a body or query in which nothing is too long or too many."""

_BOM = b"\xef\xbb\xbf"

_DECODERS: dict[type, msgspec.json.Decoder[Any]] = {}
"""One for each endpoint's fields, made when it is first called."""


def parameters(request: Request) -> dict[str, Any]:
    """Give the parameters that the request carries, whatever way they came."""
    given = _present(dict(_pairs(request.query))) if request.query else {}
    if request.streamed is not None:
        given.update(_present(_some(request.streamed.fields, request.streamed.problem)))
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
    raise Malformed(neither(body[:1]))


def _json(body: bytes) -> dict[str, Any]:
    _check_json(body)
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(no_json(error)) from None
    if not isinstance(value, dict):
        raise Malformed("the body is a JSON array, where an object belongs")
    if len(value) > FIELDS:
        raise TooLargeError(f"a JSON object of {len(value)} fields; {FIELDS} is the most")
    return value


def _check_json(body: bytes) -> None:
    if len(body) > JSON_LIMIT:
        raise TooLargeError(f"a JSON body of {len(body)} bytes; {JSON_LIMIT} is the most")


def _pairs(text: bytes) -> list[tuple[str, str]]:
    check_pairs(text)
    try:
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise Malformed(no_form()) from None


def check_pairs(text: bytes) -> None:
    """Refuse a form or a query that would take long to read."""
    if len(text) > FORM_LIMIT:
        raise TooLargeError(f"a form or query of {len(text)} bytes; {FORM_LIMIT} is the most")
    fields = text.count(b"&") + 1
    if fields > FIELDS:
        raise TooLargeError(f"a form or query of {fields} fields; {FIELDS} is the most")


def query_pairs(text: bytes, *, blank: bool = False) -> list[tuple[str, str]]:
    """Return the pairs of a form or query, whatever its bytes; none of one that is too large."""
    try:
        check_pairs(text)
    except TooLargeError:
        return []
    return parse_qsl(text.decode("utf-8", "replace"), keep_blank_values=blank)


def _multipart(request: Request) -> dict[str, Any]:
    body = Multipart(request.header(b"content-type"))
    body.feed(request.body)
    return _some(body.close(), body.problem)


def _some(fields: dict[str, Any], problem: str) -> dict[str, Any]:
    if problem:
        raise TooLargeError(problem)
    if not fields:
        raise Malformed("the multipart body has no field; its boundary may be another")
    return fields


def fields_of(request: Request, kind: type[T], *, lenient: bool = False) -> T:
    """Read the request into an endpoint's typed fields; unknown fields are left alone."""
    if request.body and not request.query and not lenient and len(request.body) <= _SHORT:
        try:
            decoder = _DECODERS.get(kind)
            if decoder is None:
                decoder = _DECODERS[kind] = msgspec.json.Decoder(built(kind))
            plain: T = decoder.decode(request.body)
            return plain
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # not the plain case: read it the patient way
    if len(request.body) <= _SHORT and len(request.query) <= _SHORT and request.streamed is None:
        return _patiently(request, kind, lenient)
    if request.body[:1] == b"{" and request.streamed is None:
        _check_json(request.body)
    read = _patiently(request, kind, lenient)
    _check_sizes(read)
    return read


def _patiently(request: Request, kind: type[T], lenient: bool) -> T:
    given = parameters(request)
    if lenient:
        given = {**{snake(name): value for name, value in given.items()}, **given}
    try:
        return msgspec.convert(given, built(kind), strict=False)
    except msgspec.ValidationError as error:
        raise Malformed(unfit(error)) from None


def _check_sizes(fields: Any) -> None:
    """Refuse what nothing could be done with in a short time."""
    for name in fields.__struct_fields__:
        value = getattr(fields, name)
        if isinstance(value, str) and len(value) > TEXT:
            raise Malformed(f"{name} has {len(value)} characters; {TEXT} is the most")
        if isinstance(value, list | dict) and len(value) > ITEMS:
            raise Malformed(f"{name} has {len(value)} items; {ITEMS} is the most")


_LONGEST_NAME = 100


def snake(name: str) -> str:
    """Give a camelCase name as snake_case; one that is too long for a parameter stays."""
    if len(name) > _LONGEST_NAME:
        return name
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
