"""Parse parameters from wherever real clients put them: query, form, multipart or JSON.

The content type is only a hint: axios and others label JSON as a form. Nulls and empty strings
count as absent; of a field sent twice the last value counts; the body overrides the query.

Input that would take long to parse is refused by its size, before it is parsed.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from mockdouyin.core import _texts as texts
from mockdouyin.core._error_texts import (
    FORM_TOO_LONG,
    FORM_TOO_MANY,
    JSON_TOO_LONG,
    TOO_MANY_FIELDS,
)
from mockdouyin.core.errors import TooLargeError
from mockdouyin.core.http import Request
from mockdouyin.core.malformed import (
    Malformed,
    describe_form_error,
    describe_json_error,
    describe_type_error,
    describe_unknown_body,
)
from mockdouyin.core.multipart import Multipart
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.core.typed import thread_safe

T = TypeVar("T")

KB = 1024

JSON_LIMIT = 1024 * KB
"""Maximum bytes of a JSON body."""

FORM_LIMIT = 256 * KB
"""Maximum bytes of a form or a query: escapes take much longer to decode than JSON."""

MAX_FIELDS = 1000
"""Maximum fields of a form, a query or a JSON object."""

MAX_TEXT = 64 * KB
"""Maximum characters of one text: longer values are files, and are sent as files."""

MAX_ITEMS = 1000
"""Maximum items of one list: each may have to be looked up."""

_SHORT = 4 * KB
"""Bytes of a body or a query within which no other limit can be exceeded."""

_BOM = b"\xef\xbb\xbf"

_DECODERS: dict[type, msgspec.json.Decoder[Any]] = {}
"""A decoder for each endpoint's fields, made at the endpoint's first call."""


def parameters(request: Request) -> dict[str, Any]:
    """Return all parameters of a request, from its query and its body."""
    found = _present(dict(_pairs(request.query))) if request.query else {}
    found.update(_present(_in_body(request)))
    return found


def parameters_as_sent(request: Request) -> dict[str, Any]:
    """Return the parameters with those that are null or empty: a client may have signed them."""
    query, body = dict(_pairs(request.query)), _in_body(request)
    return {**query, **body, **_present(query), **_present(body)}


def has_json(request: Request) -> bool:
    """Whether a body is JSON, by how it begins: labels are often wrong."""
    return _unmarked(request.body)[:1] in (b"{", b"[")


def _unmarked(body: bytes) -> bytes:
    return body.strip().removeprefix(_BOM).strip()


def _in_body(request: Request) -> dict[str, Any]:
    if request.streamed is not None:
        return _checked(request.streamed.fields, request.streamed.problem)
    return _parse_body(request) if request.body else {}


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != ""}


def _parse_body(request: Request) -> dict[str, Any]:
    body = _unmarked(request.body)
    content_type = request.header(b"content-type").lower()
    if body[:1] in (b"{", b"["):
        return _parse_json(body)
    if encoding := request.header(b"content-encoding"):
        raise Malformed(texts.BODY_ENCODED(encoding=encoding[:40]))
    if "multipart/" in content_type:
        return _parse_multipart(request)
    if b"=" in body:
        return dict(_pairs(body))
    if not body or body == b"null":
        return {}
    raise Malformed(describe_unknown_body(body))


def _parse_json(body: bytes) -> dict[str, Any]:
    _check_json(body)
    try:
        value = _decoded(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(describe_json_error(error, body)) from None
    if not isinstance(value, dict):
        raise Malformed(texts.JSON_ARRAY())
    if len(value) > MAX_FIELDS:
        raise TooLargeError(TOO_MANY_FIELDS(count=len(value), most=MAX_FIELDS))
    return value


_MAX_REPAIRED = 64 * KB
"""Bytes of a JSON body in which halves of surrogate pairs are replaced, one by one."""

_ESCAPE = re.compile(
    rb"""\\(?: u d[89ab][0-9a-f]{2} (?P<pair> \\u d[c-f][0-9a-f]{2} )?
           | u (?P<low> d[c-f][0-9a-f]{2} )
           | (?P<other> . ))""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def _decoded(body: bytes) -> Any:
    """Decode JSON; half of a surrogate pair is taken for U+FFFD, as Go's decoder does.

    A client sends one that cuts a text in the middle of an emoji. That the platform takes it is
    assumed.
    """
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        if len(body) > _MAX_REPAIRED:
            raise
        whole = _ESCAPE.sub(_whole_character, body)
        if whole == body:
            raise
        return msgspec.json.decode(whole)


def _whole_character(escape: re.Match[bytes]) -> bytes:
    return escape[0] if escape["pair"] or escape["other"] else b"\\ufffd"


def _check_json(body: bytes) -> None:
    if len(body) > JSON_LIMIT:
        raise TooLargeError(JSON_TOO_LONG(count=len(body), most=JSON_LIMIT))


def _pairs(text: bytes) -> list[tuple[str, str]]:
    check_pairs(text)
    try:
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise Malformed(describe_form_error()) from None


def check_pairs(text: bytes) -> None:
    """Refuse a form or a query that would take long to parse."""
    if len(text) > FORM_LIMIT:
        raise TooLargeError(FORM_TOO_LONG(count=len(text), most=FORM_LIMIT))
    fields = text.count(b"&") + 1
    if fields > MAX_FIELDS:
        raise TooLargeError(FORM_TOO_MANY(fields=fields, most=MAX_FIELDS))


def query_pairs(text: bytes, *, blank: bool = False) -> list[tuple[str, str]]:
    """Return the pairs of a form or query, even if it is not UTF-8; none if it is too large."""
    try:
        check_pairs(text)
    except TooLargeError:
        return []
    return parse_qsl(text.decode("utf-8", "replace"), keep_blank_values=blank)


def _parse_multipart(request: Request) -> dict[str, Any]:
    body = Multipart(request.header(b"content-type"))
    body.feed(request.body)
    return _checked(body.close(), body.problem)


def _checked(fields: dict[str, Any], problem: str) -> dict[str, Any]:
    if problem:
        raise TooLargeError(problem)
    if not fields:
        raise Malformed(texts.MULTIPART_EMPTY())
    return fields


def fields_of(request: Request, kind: type[T], *, lenient: bool = False) -> T:
    """Parse a request into an endpoint's typed fields; unknown parameters are ignored."""
    # The common case, a short JSON body and nothing else, is decoded straight into the fields.
    if request.body and not request.query and not lenient and len(request.body) <= _SHORT:
        try:
            decoder = _DECODERS.get(kind)
            if decoder is None:
                decoder = _DECODERS[kind] = msgspec.json.Decoder(thread_safe(kind))
            plain: T = decoder.decode(request.body)
            return plain
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # not the common case of plain JSON: parse it step by step
    if len(request.body) <= _SHORT and len(request.query) <= _SHORT and request.streamed is None:
        return _convert(request, kind, lenient)
    if request.body[:1] == b"{" and request.streamed is None:
        _check_json(request.body)
    fields = _convert(request, kind, lenient)
    _check_sizes(fields)
    return fields


def _convert(request: Request, kind: type[T], lenient: bool) -> T:
    found = parameters(request)
    if lenient:
        found = {**{snake(name): value for name, value in found.items()}, **found}
    try:
        return msgspec.convert(found, thread_safe(kind), strict=False)
    except msgspec.ValidationError as error:
        wrong = describe_type_error(error)
        hint = getattr(kind, "HINTS", {}).get(str(wrong.parameters.get("name")))
        why = hint(wrong=wrong) if hint else wrong
        raise Malformed(why, _readable(found, kind)) from None


def _readable(found: dict[str, Any], kind: type[Any]) -> Any:
    """Return the fields that have the right type; the others are empty."""
    readable = {}
    for field in msgspec.structs.fields(kind):
        if field.encode_name in found:
            one = {field.encode_name: found[field.encode_name]}
            with suppress(msgspec.ValidationError):
                value = getattr(msgspec.convert(one, thread_safe(kind), strict=False), field.name)
                readable[field.name] = value
    return kind(**readable)


def _check_sizes(fields: Any) -> None:
    """Refuse texts and lists that would take an endpoint long to process."""
    found = {name: getattr(fields, name) for name in fields.__struct_fields__}
    wrong = {name: why for name, value in found.items() if (why := _why_too_big(name, value))}
    if wrong:
        within = {name: value for name, value in found.items() if name not in wrong}
        raise Malformed(next(iter(wrong.values())), type(fields)(**within))


def _why_too_big(name: str, value: Any) -> Text:
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return texts.TEXT_TOO_LONG(name=name, length=len(value), most=MAX_TEXT)
    if isinstance(value, list | dict) and len(value) > MAX_ITEMS:
        return texts.TOO_MANY_ITEMS(name=name, count=len(value), most=MAX_ITEMS)
    return NOTHING


_MAX_NAME_LENGTH = 100


def snake(name: str) -> str:
    """Convert a camelCase name to snake_case; a name too long for a parameter is unchanged."""
    if len(name) > _MAX_NAME_LENGTH:
        return name
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
