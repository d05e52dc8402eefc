"""Envelopes: the JSON around a payload or an error, one class for each of Douyin's dialects.

An endpoint returns its bare payload or raises `DouyinError`; its envelope encodes the body. The
wire's names for error numbers, texts and log ids live here and in `endpoints/`, nowhere else.

* Tips, Flat                            the mini-app calls
* BesideTips                            guaranteed payment
* Passport, PassportAndGateway          /oauth/*
* Extra, BesideExtra                    open.douyin.com, the older generation
* Gateway, SortedGateway, FlatGateway   the newer generation, of mini-games too
* Text                                  plain text for a browser
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from msgspec import UNSET

from mockdouyin.core.errors import ErrorCase

encode: Callable[[Any], bytes] = msgspec.json.encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode

NOTHING: Any = UNSET
"""The payload of an endpoint that returns none, and the `data` of a failure without any."""

JsonSchema = dict[str, Any]


class Envelope(Protocol):
    """How an endpoint's successes and failures are encoded."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the answer with the endpoint's payload."""

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode a refusal; `empty` is the endpoint's `data` in a failure."""

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success, for the OpenAPI document; a payload is optional."""

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal; `empty` is that of its `data`, if it has any."""


def object_schema(**properties: JsonSchema) -> JsonSchema:
    """Return the schema of an object that has all of these fields."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _all_of(own: JsonSchema, payload: JsonSchema | None) -> JsonSchema:
    return own if payload is None else {"allOf": [own, payload]}


def _data_property(data: JsonSchema | None) -> dict[str, JsonSchema]:
    return {} if data is None else {"data": data}


INT: JsonSchema = {"type": "integer"}
ZERO: JsonSchema = {"const": 0}
NOT_ZERO: JsonSchema = {"type": "integer", "not": ZERO}
TEXT: JsonSchema = {"type": "string"}


class _Tips(msgspec.Struct):
    err_no: int
    err_tips: str
    data: Any = UNSET
    log_id: str | msgspec.UnsetType = UNSET


class Tips:
    """`err_no`, `err_tips`, `data`: version 2 of the mini-app calls."""

    def __init__(self, ok: str = "success", *, log_id: bool = False) -> None:
        self._ok = ok
        self._log_id = log_id

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode 0, a text such as `success`, and the payload as `data`."""
        return encode(_Tips(0, self._ok, payload, log_id if self._log_id else UNSET))

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode number and text; `data` depends on the endpoint, and is often empty strings."""
        return encode(_Tips(case.code, case.text, empty))

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        log_id = {"log_id": TEXT} if self._log_id else {}
        return object_schema(err_no=ZERO, err_tips=TEXT, **_data_property(payload), **log_id)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        return object_schema(err_no=NOT_ZERO, err_tips=TEXT, **_data_property(empty))


class BesideTips(Tips):
    """`err_no`, `err_tips` and the payload's fields beside them: guaranteed payment."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode 0, a text such as `success`, and the payload's fields."""
        fields = {} if payload is UNSET else msgspec.to_builtins(payload)
        return encode({"err_no": 0, "err_tips": self._ok, **fields})

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode number and text, and beside them what the operation fills with zeros."""
        fields = {} if empty is UNSET else msgspec.to_builtins(empty)
        return encode({"err_no": case.code, "err_tips": case.text, **fields})

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return _all_of(super().schema(None), payload)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        return _all_of(super().failure_schema(None), empty)


class _Flat(msgspec.Struct):
    errcode: int
    errmsg: str
    error: int
    message: str


class Flat:
    """No envelope: version 1 of the mini-app calls, and the mini-games' login.

    A failure has four keys, and `error` is not `errcode`: it is a small number of its own.
    """

    ERRORS = {40014: 1, 40015: 2, 40017: 2, 40018: 3, 40019: 3, 40002: 2}
    """`error` by errcode; 1 if the number is not listed."""
    MESSAGES = {40014: "bad parameters"}
    """`message` by errcode, if it differs from `errmsg`."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the payload as the whole body."""
        return encode(payload)

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode the four keys; `errmsg` and `message` may differ."""
        error = 1 if case.name.startswith("nil_") else self.ERRORS.get(case.code, 1)
        return encode(_Flat(case.code, case.text, error, self.MESSAGES.get(case.code, case.text)))

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return payload or object_schema()

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        return object_schema(errcode=NOT_ZERO, errmsg=TEXT, error=NOT_ZERO, message=TEXT)


class Passport:
    """`data` and `message`, without `extra`: /oauth/*. Keys are sorted, and & < > escaped."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the payload inside `data`, among the envelope's own fields."""
        data = {**_PASSPORT_DATA, **msgspec.to_builtins(payload), "log_id": log_id}
        return _escape_html(_encode_sorted({"data": data, "message": "success"}))

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode the number and the Chinese text inside `data`."""
        return _escape_html(_encode_sorted(self._failure(case)))

    def _failure(self, case: ErrorCase) -> dict[str, Any]:
        data = {**_PASSPORT_DATA, "description": case.text, "error_code": case.code}
        return {"data": data, "message": "error"}

    _beside: dict[str, JsonSchema] = {}
    """Schemas of the fields beside `data` and `message`."""

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        own = object_schema(**_PASSPORT_TEXTS, error_code=ZERO, log_id=TEXT)
        message: JsonSchema = {"const": "success"}
        return object_schema(data=_all_of(own, payload), message=message, **self._beside)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        data = object_schema(**_PASSPORT_TEXTS, error_code=NOT_ZERO)
        return object_schema(data=data, message={"const": "error"}, **self._beside)


_PASSPORT_DATA = {"captcha": "", "desc_url": "", "description": "", "error_code": 0}
_PASSPORT_TEXTS = {"captcha": TEXT, "desc_url": TEXT, "description": TEXT}


class PassportAndGateway(Passport):
    """Passport and gateway in one: /oauth/userinfo/ since 2025, so old and new clients work."""

    _beside: dict[str, JsonSchema] = {"err_no": INT, "err_msg": TEXT, "log_id": TEXT}

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode `data` and `message`, with `err_no`, `err_msg` and `log_id` beside them."""
        data = {**_PASSPORT_DATA, **msgspec.to_builtins(payload), "log_id": log_id}
        return _escape_html(
            _encode_sorted(
                {"data": data, "message": "success", "err_no": 0, "err_msg": "", "log_id": log_id}
            )
        )

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode the number and text in both places."""
        both = {"err_no": case.code, "err_msg": case.text, "log_id": log_id}
        return _escape_html(_encode_sorted({**self._failure(case), **both}))


def _escape_html(body: bytes) -> bytes:
    """Escape & < > as Go's JSON encoder does; outside of strings JSON never has them."""
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
    """`data` and `extra`, with number and text in both: tickets, sharing, videos, messages."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the payload beside a zero in `data`; `extra` has the log id and time in ms."""
        fields = {} if payload is UNSET else msgspec.to_builtins(payload)
        data = {"error_code": 0, "description": "", **fields}
        return encode(_DataExtra(data, _Extra(0, "", 0, "", log_id, int(now * 1000))))

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode number and text in both; `sub_description` may repeat or refine the text."""
        return encode(self._refusal(case, detail, log_id, now))

    def _refusal(self, case: ErrorCase, detail: str, log_id: str, now: float) -> _DataExtra:
        data = {"error_code": case.code, "description": case.text}
        extra = _Extra(case.code, case.text, 0, detail or case.sub, log_id, int(now * 1000))
        return _DataExtra(data, extra)

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        own = object_schema(error_code=ZERO, description=TEXT)
        return object_schema(data=_all_of(own, payload), extra=_extra(ZERO))

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        data = object_schema(error_code=NOT_ZERO, description=TEXT)
        return object_schema(data=data, extra=_extra(NOT_ZERO))


def _extra(code: JsonSchema) -> JsonSchema:
    return object_schema(
        error_code=code,
        description=TEXT,
        sub_error_code=INT,
        sub_description=TEXT,
        logid=TEXT,
        now=INT,
    )


class BesideExtra(Extra):
    """`data` with the number only, and the payload beside it: messages, and images for them."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the payload's fields at the top level."""
        body = _DataExtra(
            {"error_code": 0, "description": ""}, _Extra(0, "", 0, "", log_id, int(now * 1000))
        )
        return encode({**msgspec.to_builtins(body), **msgspec.to_builtins(payload)})

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode as `Extra` does, with what the operation fills in beside it.

        But a number of the newer generation comes without envelope.
        """
        if case.code >= _NEWER_GENERATION:
            return encode({"err_no": case.code, "log_id": log_id, "err_msg": case.text})
        body = msgspec.to_builtins(self._refusal(case, detail, log_id, now))
        return encode(body if empty is UNSET else {**body, **msgspec.to_builtins(empty)})

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return _all_of(super().schema(None), payload)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal of either generation."""
        newer = object_schema(err_no=NOT_ZERO, log_id=TEXT, err_msg=TEXT)
        return {"anyOf": [_all_of(super().failure_schema(None), empty), newer]}


_NEWER_GENERATION = 28_000_000
"""The lowest error number of the newer generation on open.douyin.com."""


_SUBS = {
    2191000: (13000, "系统错误"),
    2191002: (20000, "订单不存在"),
    2191001: (12001, "访问过于频繁"),
    2100005: (10000, "参数错误"),
}
"""The numbers of the trade system that `data` has, by that of the kind which `extra` has."""


class TradeExtra(Extra):
    """`data` and `extra` of the trade system: `data` tells more exactly what `extra` tells."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the payload alone in `data`."""
        extra = _Extra(0, "success", 0, "success", log_id, int(now * 1000))
        return encode(_DataExtra({} if payload is UNSET else payload, extra))

    def _refusal(self, case: ErrorCase, detail: str, log_id: str, now: float) -> _DataExtra:
        sub, text = _SUBS.get(case.code, (0, ""))
        data = {"error_code": sub or case.code, "description": text or case.text}
        extra = _Extra(case.code, "" if sub else case.text, sub, text, log_id, int(now * 1000))
        return _DataExtra(data, extra)

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return object_schema(data=payload or object_schema(), extra=_extra(ZERO))


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
    """`err_no`, `err_msg`, `log_id`, `data`: the newer generation on open.douyin.com."""

    def __init__(self, ok: str = "", *, tips: bool = False) -> None:
        self._ok = ok
        self._tips = tips

    def _wrap(self, code: int, text: str, log_id: str, data: Any) -> bytes:
        if self._tips:
            return encode(_GatewayAndTips(code, text, text, log_id, data))
        return encode(_Gateway(code, text, log_id, data))

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode 0 and the payload as `data`."""
        return self._wrap(0, self._ok, log_id, payload)

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode number and text; `data` is mostly absent."""
        return self._wrap(case.code, detail or case.text, log_id, empty)

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return self._schema(ZERO, payload)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        return self._schema(NOT_ZERO, empty)

    def _schema(self, code: JsonSchema, data: JsonSchema | None) -> JsonSchema:
        tips = {"err_tips": TEXT} if self._tips else {}
        return object_schema(
            err_no=code, err_msg=TEXT, **tips, log_id=TEXT, **_data_property(data)
        )


class SortedGateway(Gateway):
    """The gateway's fields sorted by name: the mini-games' stable_token."""

    def _wrap(self, code: int, text: str, log_id: str, data: Any) -> bytes:
        reply = {"err_msg": text, "err_no": code, "log_id": log_id}
        return _encode_sorted(reply if data is UNSET else {"data": data, **reply})


class FlatGateway(SortedGateway):
    """The gateway's fields sorted by name, with the payload beside them: reset_session_key."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode 0, and the payload's fields at the top level."""
        fields = msgspec.to_builtins(payload)
        return _encode_sorted({"err_msg": self._ok, "err_no": 0, "log_id": log_id, **fields})

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return _all_of(self._schema(ZERO, None), payload)


class PlainText:
    """Plain text for a person's browser: it is not JSON, so a rule cannot patch it."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the text as a line."""
        return f"{payload}\n".encode()

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode the number and Douyin's text as a line."""
        return f"{case.code} {case.text}\n".encode()

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return TEXT

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        return TEXT
