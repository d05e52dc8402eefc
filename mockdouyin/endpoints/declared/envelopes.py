"""The envelopes of a few families, most of them of declared operations."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from mockdouyin.core.envelopes import (
    NOT_ZERO,
    TEXT,
    ZERO,
    Extra,
    Gateway,
    JsonSchema,
    SortedGateway,
    encode,
    object_schema,
)
from mockdouyin.core.errors import ErrorCase

_GATEWAY_NUMBERS = 28_000_000
"""The lowest error number of the gateway that stands before the older services."""


class Coded:
    """A number and a text by names of their own, and the payload as `data` or beside them."""

    def __init__(
        self,
        code: str,
        text: str,
        *,
        ok: str = "",
        log: str = "",
        flat: bool = False,
        inside: str = "",
    ) -> None:
        self._code = code
        self._text = text
        self._ok = ok
        self._log = log
        """The field with the log id; empty if there is none."""
        self._flat = flat
        self._inside = inside
        """The field whose object holds number and text; empty if they stand at the top."""

    def _head(self, code: Any, text: Any, log: Any) -> dict[str, Any]:
        head = {self._code: code, self._text: text}
        if self._inside:
            head = {self._inside: head}
        return {**head, self._log: log} if self._log else head

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode 0 and the payload."""
        head = self._head(0, self._ok, log_id)
        if payload is UNSET:
            return encode(head)
        fields = msgspec.to_builtins(payload)
        return encode({**head, **fields} if self._flat else {**head, "data": fields})

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode number and text, and what stands for the payload, if anything does."""
        head = self._head(case.code, detail or case.text, log_id)
        return encode(head if empty is UNSET else {**head, "data": empty})

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return self._schema(ZERO, payload)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        return self._schema(NOT_ZERO, empty)

    def _schema(self, code: JsonSchema, payload: JsonSchema | None) -> JsonSchema:
        head = {self._code: code, self._text: TEXT}
        if self._inside:
            head = {self._inside: object_schema(**head)}
        if self._log:
            head[self._log] = TEXT
        if payload is None:
            return object_schema(**head)
        if self._flat:
            return {"allOf": [object_schema(**head), payload]}
        return object_schema(**head, data=payload)


class Bare(Coded):
    """The payload alone; a refusal has a number and a text."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the payload as the whole body."""
        return encode({} if payload is UNSET else payload)

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return payload or {"type": "object"}


class Nested:
    """An answer of the older services within the gateway's: two places for an error number.

    A refusal of the gateway has its number outside and no `data`; the service has its own inside.
    """

    def __init__(self, *, beside: bool = False) -> None:
        self._outside = Gateway()
        self._inside = Extra()
        self._beside = beside
        """Whether the payload's fields are in `data` itself, with `extra` beside them."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the payload as `data.data`, or in `data`, with an `extra` beside it."""
        inside = msgspec.json.decode(self._inside.success(UNSET, log_id, now))
        data = {} if payload is UNSET else msgspec.to_builtins(payload)
        fields = data if self._beside else {"data": data}
        return self._outside.success({**fields, "extra": inside["extra"]}, log_id, now)

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode the number outside, or inside, by whose it is."""
        if case.code >= _GATEWAY_NUMBERS:
            return self._outside.failure(case, detail, UNSET, log_id, now)
        inside = msgspec.json.decode(self._inside.failure(case, detail, UNSET, log_id, now))
        fields: dict[str, Any] = {} if self._beside else {"data": {}}
        return self._outside.success({**fields, "extra": inside["extra"]}, log_id, now)

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        extra = self._inside.schema(None)["properties"]["extra"]
        data = payload if payload is not None else {"type": "object"}
        if self._beside:
            return self._outside.schema({"allOf": [data, object_schema(extra=extra)]})
        return self._outside.schema(object_schema(data=data, extra=extra))

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal of either kind."""
        extra = self._inside.failure_schema(None)["properties"]["extra"]
        data = {} if self._beside else {"data": {"type": "object"}}
        inside = self._outside.schema(object_schema(**data, extra=extra))
        return {"anyOf": [self._outside.failure_schema(None), inside]}


class WithBaseResp(Extra):
    """`data` and `extra`, with the `BaseResp` of an internal call left in the answer."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode the payload, and a zero in all three places."""
        return _with_base_resp(super().success(payload, log_id, now), 0, "")

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode number and text in all three places."""
        body = super().failure(case, detail, empty, log_id, now)
        return _with_base_resp(body, case.code, case.text)

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return {"allOf": [super().schema(payload), _base_resp(ZERO)]}

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        return {"allOf": [super().failure_schema(empty), _base_resp(NOT_ZERO)]}


class SortedWithBaseResp(SortedGateway):
    """The gateway's fields sorted by name, after a `BaseResp`: links of mini-games."""

    def _wrap(self, code: int, text: str, log_id: str, data: Any) -> bytes:
        answer = msgspec.json.decode(super()._wrap(code, text, log_id, data))
        return encode({"BaseResp": {"StatusCode": code, "StatusMessage": text}, **answer})

    def _schema(self, code: JsonSchema, data: JsonSchema | None) -> JsonSchema:
        return {"allOf": [super()._schema(code, data), _base_resp(code)]}


def _with_base_resp(body: bytes, code: int, text: str) -> bytes:
    answer = msgspec.json.decode(body)
    return encode({**answer, "BaseResp": {"StatusCode": code, "StatusMessage": text}})


def _base_resp(code: JsonSchema) -> JsonSchema:
    return object_schema(BaseResp=object_schema(StatusCode=code, StatusMessage=TEXT))
