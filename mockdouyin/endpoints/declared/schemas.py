"""JSON Schemas of what declared operations take and give, and an example of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockdouyin.core.envelopes import JsonSchema
from mockdouyin.core.ids import Ids
from mockdouyin.endpoints.declared.comparison import as_shape
from mockdouyin.endpoints.declared.notation import NUMBERS, ListOf, MapOf, ObjectOf, Scalar, Shape
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.values import Values

_SAID: dict[str, JsonSchema] = {
    "s": {"description": "秒级时间戳 (seconds since 1970)"},
    "ms": {"description": "毫秒级时间戳 (milliseconds since 1970)"},
    "fen": {"description": "单位：分 (0.01 yuan)"},
    "ymd": {"pattern": "^[0-9]{8}$"},
    "date": {"description": "yyyy-MM-dd", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "datetime": {
        "description": "yyyy-MM-dd HH:mm:ss",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$",
    },
    "json": {"description": "JSON 字符串 (JSON in a text)"},
    "file": {"format": "binary"},
}
"""What is said of a format beside its JSON type."""

_TYPES = {"number": "number", "bool": "boolean", "object": "object", "null": "null"}

EXAMPLE_TIME = 1767240000.0
"""When the examples are from: noon of the first day of 2026 in Beijing."""


class Described:
    """What the OpenAPI document says of an operation."""

    def __init__(self, name: str, operation: Operation) -> None:
        self._name = name
        self._operation = operation

    @property
    def request(self) -> JsonSchema:
        """The schema of its parameters."""
        return sent(self._operation.takes)

    @property
    def reply(self) -> JsonSchema | None:
        """The schema of its payload; None if it has none."""
        told = self._operation.told
        return None if told is None else given(told)

    @property
    def request_example(self) -> dict[str, Any]:
        """Parameters that might be sent."""
        made: dict[str, Any] = self._values("request").make(self._operation.takes)
        return made

    @property
    def reply_example(self) -> Any:
        """A payload that might be given."""
        told = self._operation.told
        return None if told is None else self._values("reply").make(told)

    def _values(self, of: str) -> Values:
        return Values(Ids(0, "example"), EXAMPLE_TIME, self._name, of)


def sent(takes: ObjectOf) -> JsonSchema:
    """Return the schema of what a client sends: fields with a star are required."""
    required = [name for name, field in takes.fields.items() if field.is_required]
    return _object(takes, sent_shape, required)


def sent_shape(shape: Shape) -> JsonSchema:
    """Return the schema of one value that a client sends."""
    return sent(shape) if isinstance(shape, ObjectOf) else _schema(shape, sent_shape)


def given(shape: Shape) -> JsonSchema:
    """Return the schema of what the platform answers, or of one value in it."""
    if not isinstance(shape, ObjectOf):
        return _schema(shape, given)
    always = [name for name, field in shape.fields.items() if not field.is_optional]
    return _object(shape, given, always)


def _object(shape: ObjectOf, of: Callable[[Shape], JsonSchema], required: list[str]) -> JsonSchema:
    properties = {name: of(field.shape) for name, field in shape.fields.items()}
    schema: JsonSchema = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def _schema(shape: Shape, of: Callable[[Shape], JsonSchema]) -> JsonSchema:
    if isinstance(shape, ListOf):
        return _bounded({"type": "array", "items": of(shape.item)}, "Items", shape)
    if isinstance(shape, MapOf):
        return {"type": "object", "additionalProperties": of(shape.value)}
    if isinstance(shape, Scalar):
        return _scalar(shape)
    raise TypeError(shape)


def _scalar(shape: Scalar) -> JsonSchema:
    if shape.format == "any":
        return {}
    said = _SAID.get(shape.format, {})
    kind = "string" if shape.is_text or shape.format == "file" else _TYPES.get(shape.format)
    schema = {"type": kind or "integer", **said}
    if shape.choices:
        return {**schema, "enum": [as_shape(shape, each) for each in shape.choices]}
    if shape.format == "digits" and not shape.is_text:
        return {**schema, "maximum": 10 ** int(shape.high or 12) - 1}
    if shape.is_text and shape.format in (*NUMBERS, "number"):
        return schema
    return _bounded(schema, "Length" if kind == "string" else "", shape)


def _bounded(schema: JsonSchema, of: str, shape: Scalar | ListOf) -> JsonSchema:
    names = ("min" + of, "max" + of) if of else ("minimum", "maximum")
    bounds = zip(names, (shape.low, shape.high), strict=True)
    return {**schema, **{name: int(bound) for name, bound in bounds if bound is not None}}
