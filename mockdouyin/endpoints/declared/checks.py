"""What a call of a declared operation sent: required, of its type, within its limits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mockdouyin.core import _texts as core_texts
from mockdouyin.core.clock import BEIJING
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.multipart import File
from mockdouyin.core.texts import Text
from mockdouyin.endpoints.declared import _texts as texts
from mockdouyin.endpoints.declared.notation import (
    NUMBERS,
    Field,
    ListOf,
    MapOf,
    ObjectOf,
    Scalar,
    Shape,
)

FORMS = {"date": "%Y-%m-%d", "ymd": "%Y%m%d", "datetime": "%Y-%m-%d %H:%M:%S"}
"""How `strftime` writes moments that are texts."""
_SHOWN = {"date": "yyyy-MM-dd", "ymd": "yyyyMMdd", "datetime": "yyyy-MM-dd HH:mm:ss"}

_ANYTHING = ("any", "object", "file")
"""Formats whose values are not looked into."""

_LOOKED_UP = ("id", "digits", "hex", "key")
"""Formats whose length says how one looks that is made, and not what is accepted."""

_MAX_NUMBER = 2**63 - 1

_QUOTED = 60
"""Characters of a value that a reason quotes."""


def sent_values(fields: msgspec.Struct, takes: ObjectOf) -> dict[str, Any]:
    """Return what was sent as plain values, without what is absent; refuse what is not right."""
    return _object("", msgspec.to_builtins(fields, enc_hook=_plain_file), takes)


def _plain_file(file: Any) -> str:
    """Return what tells a file from another one."""
    if not isinstance(file, File):
        raise NotImplementedError
    return file.md5


def _object(path: str, given: dict[str, Any], shape: ObjectOf) -> dict[str, Any]:
    values = {}
    for name, field in shape.fields.items():
        value = _field(f"{path}.{name}" if path else name, given.get(name), field)
        if value is not None:
            values[name] = value
    return values


def _field(path: str, given: Any, field: Field) -> Any:
    if given is None or given == "" or given == []:
        if field.is_required:
            why = core_texts.FIELD_EMPTY(name=path)
            raise DouyinError("bad_params", why, detail=f"{path} must have a value")
        return given
    return _value(path, given, field.shape)


def _value(path: str, given: Any, shape: Shape) -> Any:
    if isinstance(shape, Scalar):
        return _scalar(path, given, shape)
    if isinstance(given, str):
        given = _from_text(path, given, shape)
    if isinstance(shape, ListOf) and isinstance(given, list):
        _check_length(path, given, shape)
        return [_value(f"{path}[{n}]", each, shape.item) for n, each in enumerate(given)]
    if isinstance(shape, MapOf) and isinstance(given, dict):
        return {key: _value(f"{path}.{key}", each, shape.value) for key, each in given.items()}
    if isinstance(shape, ObjectOf) and isinstance(given, dict):
        return _object(path, given, shape)
    raise _refuse(path, core_texts.UNREADABLE(name=path))


def _from_text(path: str, given: str, shape: Shape) -> Any:
    """Read a list or an object that came as a text: JSON, or a list's items with commas."""
    if isinstance(shape, ListOf) and given[:1] != "[":
        return given.split(",")
    _check_json(path, given)
    return msgspec.json.decode(given)


def _scalar(path: str, given: Any, shape: Scalar) -> Any:
    if isinstance(given, list | dict) and shape.format not in _ANYTHING:
        raise _refuse(path, core_texts.UNREADABLE(name=path))
    if shape.format in NUMBERS:
        given = _number(path, given, shape)
    elif shape.is_text and isinstance(given, int):
        given = str(given)
    elif shape.format == "id" and not shape.is_text:
        given = _number(path, given, shape)
    if shape.format == "json" and isinstance(given, str):
        _check_json(path, given)
    if shape.format in FORMS and isinstance(given, str):
        _check_form(path, given, shape.format)
    if shape.choices and str(given) not in shape.choices:
        why = texts.NOT_A_CHOICE(name=path, got=_quote(given), choices=list(shape.choices))
        raise _refuse(path, why)
    if shape.format not in _LOOKED_UP:
        _check_range(path, given, shape)
    return given


def _number(path: str, given: Any, shape: Scalar) -> int | str:
    """Return a whole number, or its digits where JSON has it as a text."""
    try:
        number = int(given)
        if abs(number) > _MAX_NUMBER:
            raise ValueError
    except ValueError:
        raise _refuse(path, texts.NOT_A_NUMBER(name=path, got=_quote(given))) from None
    return str(number) if shape.is_text else number


def _check_json(path: str, given: str) -> None:
    try:
        msgspec.json.decode(given)
    except (msgspec.DecodeError, RecursionError):
        raise _refuse(path, texts.NOT_JSON(name=path, got=_quote(given))) from None


def _check_form(path: str, given: str, form: str) -> None:
    try:
        datetime.strptime(given, FORMS[form]).replace(tzinfo=BEIJING)
    except ValueError:
        why = texts.NOT_A_DATE(name=path, form=_SHOWN[form], got=_quote(given))
        raise _refuse(path, why) from None


def _check_range(path: str, given: Any, shape: Scalar) -> None:
    low, high = shape.low, shape.high
    if low is None and high is None:
        return
    if isinstance(given, str) and shape.format not in NUMBERS:
        if not _is_within(len(given), low, high):
            why = texts.TEXT_LENGTH(name=path, length=len(given), range=_range(low, high))
            raise _refuse(path, why)
    elif not _is_within(float(given), low, high):
        raise _refuse(path, texts.NUMBER_RANGE(name=path, got=given, range=_range(low, high)))


def _check_length(path: str, given: list[Any], shape: ListOf) -> None:
    if not _is_within(len(given), shape.low, shape.high):
        limits = _range(shape.low, shape.high)
        raise _refuse(path, texts.LIST_LENGTH(name=path, count=len(given), range=limits))


def _is_within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _range(low: float | None, high: float | None) -> Text:
    if low is None:
        return texts.AT_MOST(high=f"{high:g}")
    if high is None:
        return texts.AT_LEAST(low=f"{low:g}")
    return texts.BETWEEN(low=f"{low:g}", high=f"{high:g}")


def _quote(given: Any) -> str:
    text = str(given)
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "…"


def _refuse(path: str, why: Text) -> DouyinError:
    return DouyinError("bad_params", why, detail=f"{path} is invalid")
