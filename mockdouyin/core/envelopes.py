"""The envelopes that Douyin's answers come in, one class for each dialect.

An endpoint returns its bare payload or raises; the dialect of its family makes the bytes. Wire
names live here and in `endpoints/`, nowhere else.
"""

from __future__ import annotations

from typing import Any, Protocol

import msgspec
from msgspec import UNSET

from mockdouyin.core.errors import ErrorCase

encode = msgspec.json.encode
_sorted = msgspec.json.Encoder(order="sorted").encode

NOTHING: Any = UNSET
"""The payload of an endpoint that answers no data, and the `data` of a failure that has none."""

JsonSchema = dict[str, Any]


class Envelope(Protocol):
    """How a family says yes and no."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Wrap what the endpoint answers."""

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Wrap a refusal; `empty` is what the endpoint has in place of data."""

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Describe a success, for the OpenAPI document; some have no payload."""

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Describe a refusal; `empty` is what it has in place of data, if it has anything."""


def _object(**properties: JsonSchema) -> JsonSchema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _all_of(own: JsonSchema, payload: JsonSchema | None) -> JsonSchema:
    return own if payload is None else {"allOf": [own, payload]}


def _data(data: JsonSchema | None) -> dict[str, JsonSchema]:
    return {} if data is None else {"data": data}


_INT: JsonSchema = {"type": "integer"}
_ZERO: JsonSchema = {"const": 0}
_NUMBER: JsonSchema = {"type": "integer", "not": _ZERO}
_TEXT: JsonSchema = {"type": "string"}


class _Tips(msgspec.Struct):
    err_no: int
    err_tips: str
    data: Any = UNSET
    log_id: str | msgspec.UnsetType = UNSET


class Tips:
    """`err_no`, `err_tips`, `data`: the second version of the mini-app calls."""

    def __init__(self, ok: str = "success", *, log_id: bool = False) -> None:
        self._ok = ok
        self._log_id = log_id

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Zero, a word, the data."""
        return encode(_Tips(0, self._ok, payload, log_id if self._log_id else UNSET))

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """The number, Douyin's text, and `data` as the endpoint leaves it: often empty strings."""
        return encode(_Tips(case.code, case.text, empty))

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Describe a success."""
        log_id = {"log_id": _TEXT} if self._log_id else {}
        return _object(err_no=_ZERO, err_tips=_TEXT, **_data(payload), **log_id)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Describe a refusal."""
        return _object(err_no=_NUMBER, err_tips=_TEXT, **_data(empty))


class _Flat(msgspec.Struct):
    errcode: int
    errmsg: str
    error: int
    message: str


class Flat:
    """No envelope at all: the first version of the mini-app calls, and the mini-games' login.

    A failure has four keys, and `error` is not `errcode`: it is a small number of its own.
    """

    SMALL = {40014: 1, 40015: 2, 40017: 2, 40018: 3, 40019: 3, 40002: 2}
    MESSAGES = {40014: "bad parameters"}

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """The payload alone."""
        return encode(payload)

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Four keys; the two texts may differ."""
        small = 1 if case.name.startswith("nil_") else self.SMALL.get(case.code, 1)
        return encode(_Flat(case.code, case.text, small, self.MESSAGES.get(case.code, case.text)))

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Describe a success."""
        return payload or _object()

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Describe a refusal."""
        return _object(errcode=_NUMBER, errmsg=_TEXT, error=_NUMBER, message=_TEXT)


class Passport:
    """`data` and `message`, without `extra`: what /oauth/* answers. Keys are sorted, & escaped."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """The payload among the envelope's own fields."""
        data = {**_PASSPORT_DATA, **msgspec.to_builtins(payload), "log_id": log_id}
        return _go(_sorted({"data": data, "message": "success"}))

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """The number and the Chinese text inside `data`."""
        return _go(_sorted(self._failure(case)))

    def _failure(self, case: ErrorCase) -> dict[str, Any]:
        data = {**_PASSPORT_DATA, "description": case.text, "error_code": case.code}
        return {"data": data, "message": "error"}

    _beside: dict[str, JsonSchema] = {}
    """What stands beside `data` and `message`."""

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Describe a success."""
        own = _object(**_PASSPORT_TEXTS, error_code=_ZERO, log_id=_TEXT)
        message: JsonSchema = {"const": "success"}
        return _object(data=_all_of(own, payload), message=message, **self._beside)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Describe a refusal."""
        data = _object(**_PASSPORT_TEXTS, error_code=_NUMBER)
        return _object(data=data, message={"const": "error"}, **self._beside)


_PASSPORT_DATA = {"captcha": "", "desc_url": "", "description": "", "error_code": 0}
_PASSPORT_TEXTS = {"captcha": _TEXT, "desc_url": _TEXT, "description": _TEXT}


class PassportAndGateway(Passport):
    """Both at once, as /oauth/userinfo/ has answered since 2025: old and new clients read it."""

    _beside: dict[str, JsonSchema] = {"err_no": _INT, "err_msg": _TEXT, "log_id": _TEXT}

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """`data` and `message`, with `err_no`, `err_msg` and `log_id` beside them."""
        data = {**_PASSPORT_DATA, **msgspec.to_builtins(payload), "log_id": log_id}
        return _go(
            _sorted(
                {"data": data, "message": "success", "err_no": 0, "err_msg": "", "log_id": log_id}
            )
        )

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """The same number and text in both places."""
        both = {"err_no": case.code, "err_msg": case.text, "log_id": log_id}
        return _go(_sorted({**self._failure(case), **both}))


def _go(body: bytes) -> bytes:
    """Escape as Go's encoder does for HTML; in JSON these three stand only inside strings."""
    if b"&" in body or b"<" in body or b">" in body:
        for char, escape in ((b"&", b"\\u0026"), (b"<", b"\\u003c"), (b">", b"\\u003e")):
            body = body.replace(char, escape)
    return body


class _Extra(msgspec.Struct):
    error_code: int
    description: str
    sub_error_code: int
    sub_description: str
    logid: str
    now: int


class _DataExtra(msgspec.Struct):
    data: Any
    extra: _Extra


class Extra:
    """`data` and `extra`, the code and text in both: tickets, sharing, videos, messages."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """The payload with a zero beside it, and `extra` with milliseconds and log id."""
        given = {} if payload is UNSET else msgspec.to_builtins(payload)
        data = {"error_code": 0, "description": "", **given}
        return encode(_DataExtra(data, _Extra(0, "", 0, "", log_id, int(now * 1000))))

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """The number and text twice; some repeat the text a third time."""
        data = {"error_code": case.code, "description": case.text}
        extra = _Extra(case.code, case.text, 0, detail or case.sub, log_id, int(now * 1000))
        return encode(_DataExtra(data, extra))

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Describe a success."""
        own = _object(error_code=_ZERO, description=_TEXT)
        return _object(data=_all_of(own, payload), extra=_extra(_ZERO))

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Describe a refusal."""
        data = _object(error_code=_NUMBER, description=_TEXT)
        return _object(data=data, extra=_extra(_NUMBER))


def _extra(code: JsonSchema) -> JsonSchema:
    return _object(
        error_code=code,
        description=_TEXT,
        sub_error_code=_INT,
        sub_description=_TEXT,
        logid=_TEXT,
        now=_INT,
    )


class BesideExtra(Extra):
    """`data` has the code alone, and the payload stands beside it: messages, images for them."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """The payload's fields at the top."""
        body = _DataExtra(
            {"error_code": 0, "description": ""}, _Extra(0, "", 0, "", log_id, int(now * 1000))
        )
        return encode({**msgspec.to_builtins(body), **msgspec.to_builtins(payload)})

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """As ever; but a number of the newer generation comes bare."""
        if case.code >= _NEWER:
            return encode({"err_no": case.code, "log_id": log_id, "err_msg": case.text})
        return super().failure(case, detail, empty, log_id, now)

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Describe a success."""
        return _all_of(super().schema(None), payload)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Describe a refusal, of either generation."""
        newer = _object(err_no=_NUMBER, log_id=_TEXT, err_msg=_TEXT)
        return {"anyOf": [super().failure_schema(empty), newer]}


_NEWER = 28_000_000


class _Gateway(msgspec.Struct):
    err_no: int
    err_msg: str
    log_id: str
    data: Any = UNSET


class _GatewayAndTips(msgspec.Struct):
    err_no: int
    err_msg: str
    err_tips: str
    log_id: str
    data: Any = UNSET


class Gateway:
    """`err_no`, `err_msg`, `log_id`, `data`: the new generation on open.douyin.com."""

    def __init__(self, ok: str = "", *, tips: bool = False) -> None:
        self._ok = ok
        self._tips = tips

    def _wrap(self, code: int, text: str, log_id: str, data: Any) -> bytes:
        if self._tips:
            return encode(_GatewayAndTips(code, text, text, log_id, data))
        return encode(_Gateway(code, text, log_id, data))

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Zero and the data."""
        return self._wrap(0, self._ok, log_id, payload)

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """The number and text; `data` is mostly absent."""
        return self._wrap(case.code, detail or case.text, log_id, empty)

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Describe a success."""
        return self._schema(_ZERO, payload)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Describe a refusal."""
        return self._schema(_NUMBER, empty)

    def _schema(self, code: JsonSchema, data: JsonSchema | None) -> JsonSchema:
        tips = {"err_tips": _TEXT} if self._tips else {}
        return _object(err_no=code, err_msg=_TEXT, **tips, log_id=_TEXT, **_data(data))


class SortedGateway(Gateway):
    """The gateway's fields in the order of the alphabet: the mini-games' stable_token."""

    def _wrap(self, code: int, text: str, log_id: str, data: Any) -> bytes:
        reply = {"err_msg": text, "err_no": code, "log_id": log_id}
        return _sorted(reply if data is UNSET else {"data": data, **reply})


class FlatGateway(SortedGateway):
    """The gateway's fields, sorted, with the payload beside them: reset_session_key."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Zero, and the payload's fields at the top."""
        given = msgspec.to_builtins(payload)
        return _sorted({"err_msg": self._ok, "err_no": 0, "log_id": log_id, **given})

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Describe a success."""
        return _all_of(self._schema(_ZERO, None), payload)


class Text:
    """Words for a person, as a page says them: not JSON, and nothing in it can be patched."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """The words."""
        return f"{payload}\n".encode()

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """The number and Douyin's text."""
        return f"{case.code} {case.text}\n".encode()

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Describe a success."""
        return _TEXT

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Describe a refusal."""
        return _TEXT
