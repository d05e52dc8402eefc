"""Plausible values: their formats hold, and the same call of a world has the same ones.

A value is derived from the world's ids and from where it stands. So what a resource was not told
when it was made is still the same whenever it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockdouyin.core.clock import DAY, beijing
from mockdouyin.core.ids import Ids
from mockdouyin.endpoints.declared.comparison import as_shape
from mockdouyin.endpoints.declared.notation import (
    ListOf,
    MapOf,
    ObjectOf,
    Scalar,
    Shape,
    Worked,
)

_SAFE_DIGITS = 15
"""Digits of an id that is a JSON number: JavaScript rounds what is longer."""

_ITEMS = 3
"""Items of a list at most, if nothing else is known of it."""

_PHRASES: dict[str, tuple[str, ...]] = {
    "nick": ("海边的小雨", "一只橘猫", "爱吃面的老王", "阿木木"),
    "title": ("周末露营攻略", "三分钟家常菜", "新手吉他入门", "城市夜骑"),
    "address": ("北京市海淀区示例路1号", "杭州市西湖区示例街8号", "成都市锦江区示例巷6号"),
    "city": ("北京市", "杭州市", "成都市"),
    "province": ("北京市", "浙江省", "四川省"),
    "reason": ("材料不清晰", "内容与类目不符"),
    "phone": ("138****8000", "139****1234"),
    "name": ("示例小店", "晴天旅行", "山海文创", "青禾教育"),
    "desc": ("仅供联调使用的说明", "每人限领一张"),
    "content": ("内容很好，下次再来", "期待更多更新"),
    "text": ("内容很好，下次再来", "期待更多更新"),
    "path": ("pages/index/index", "pages/detail/detail"),
    "page": ("pages/index/index", "pages/detail/detail"),
    "unit": ("节", "次"),
    "tag": ("旅行", "美食", "教育"),
}
"""Texts for a field whose name holds the word; the first word that fits decides."""

_SMALL = ("status", "state", "type", "stage", "mode", "level", "result", "host", "source")
_FLAGS = ("is_", "has_", "can_", "need_", "enable")
_CODES = ("err_no", "err_code", "error_code", "errno", "errcode", "code", "status_code")
_RANKED = ("hot_value", "effect_value", "score")
"""Numbers that fall from row to row of a ranking."""
_ROWS = 100
_MESSAGES = ("err_msg", "error_msg", "errmsg", "err_tips", "message", "msg", "description")


class Values:
    """Makes values: from a world's ids, a moment, and what they are for."""

    def __init__(self, ids: Ids, now: float, *purpose: str) -> None:
        self.ids = ids
        self.now = now
        self.purpose: tuple[str, ...] = purpose
        self.day: float | None = None
        """The day that is told of, in a list of days."""
        self._around: dict[str, Any] = {}
        """The fields of the object that is being made, and of those around it."""

    def number(self, below: int, path: str) -> int:
        """Return a number from 0 up to, but not including, `below`."""
        return self.ids.number(below, *self.purpose, path)

    def make(self, shape: Shape, path: str = "") -> Any:
        """Return a value of this shape; the path is where it stands."""
        if isinstance(shape, Scalar):
            return _scalar(self, shape, path)
        if isinstance(shape, ObjectOf):
            return self._object(shape, path)
        if isinstance(shape, ListOf):
            return self._list(shape, path)
        if isinstance(shape, MapOf):
            return self._map(shape, path)
        raise TypeError(shape)

    def make_for(self, shape: Shape, *purpose: str) -> Any:
        """Return a value of this shape that is for something else."""
        whole, self.purpose = self.purpose, purpose
        try:
            return self.make(shape)
        finally:
            self.purpose = whole

    def _object(self, shape: ObjectOf, path: str) -> dict[str, Any]:
        """Return an object; what is worked out from the other fields is so at the end."""
        around = self._around
        values: dict[str, Any] = {}
        for name, field in sorted(shape.fields.items(), key=lambda pair: _is_late(pair[1].shape)):
            self._around = {**around, **values} if _is_late(field.shape) else around
            values[name] = self._field(field.shape, f"{path}.{name}")
        self._around = around
        return {name: values[name] for name in shape.fields}

    def _field(self, shape: Shape, path: str) -> Any:
        return (
            _worked(self._around, shape) if isinstance(shape, Worked) else self.make(shape, path)
        )

    def _list(self, shape: ListOf, path: str) -> list[Any]:
        low = 1 if shape.low is None else shape.low
        high = max(low, _ITEMS) if shape.high is None else min(shape.high, max(low, _ITEMS))
        count = low + self.number(high - low + 1, f"{path}#")
        return [self.make(shape.item, f"{path}[{n}]") for n in range(count)]

    def _map(self, shape: MapOf, path: str) -> dict[str, Any]:
        keys = [str(_scalar(self, shape.key, f"{path}<{n}>")) for n in range(2)]
        return {key: self.make(shape.value, f"{path}.{key}") for key in keys}


def _is_late(shape: Shape) -> bool:
    """Return whether a field is worked out from those around it."""
    if isinstance(shape, ObjectOf):
        return any(isinstance(each.shape, Worked) for each in shape.fields.values())
    return isinstance(shape, Worked)


def _worked(values: dict[str, Any], shape: Worked) -> int:
    rows = values.get(shape.list) or []
    return len(rows) if shape.how == "count" else sum(int(row[shape.field]) for row in rows)


def _scalar(source: Values, shape: Scalar, path: str) -> Any:
    if shape.choices:
        return as_shape(shape, _choice(source, shape.choices, path))
    value = _FORMATS[shape.format](source, shape, path)
    return str(value) if shape.is_text else value


def _choice(source: Values, choices: tuple[str, ...], path: str) -> str:
    """Return one of the choices; the items of a list have one after the other."""
    row = _row(path)
    return choices[source.number(len(choices), path) if row is None else row % len(choices)]


def _name(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0].lower()


def _row(path: str) -> int | None:
    """Return the index of the list's item that holds the field; None if no list holds it."""
    index = path.rpartition(".")[0].rpartition("[")[2].rstrip("]")
    return int(index) if index.isdecimal() else None


def _text(source: Values, shape: Scalar, path: str) -> str:
    name = _name(path)
    if name in _MESSAGES:
        return _fitting("success", shape)
    for word, phrases in _PHRASES.items():
        if word in name:
            return _fitting(phrases[source.number(len(phrases), path)], shape)
    return _fitting("示例" + source.ids.digits(6, *source.purpose, path), shape)


def _fitting(text: str, shape: Scalar) -> str:
    return text if shape.high is None else text[: int(shape.high)]


def _int(source: Values, shape: Scalar, path: str) -> int:
    name = _name(path)
    if shape.low is not None or shape.high is not None:
        low = int(shape.low or 0)
        high = int(shape.high) if shape.high is not None else low + 1000
        return low + source.number(high - low + 1, path)
    if name in _CODES:
        return 0
    if name == "rank":
        return (_row(path) or 0) + 1
    if name in _RANKED:
        return 1000 * max(1, _ROWS - (_row(path) or 0)) + source.number(1000, path)
    if name.startswith(_FLAGS):
        return source.number(2, path)
    return 1 if name.endswith(_SMALL) else source.number(1000, path)


def _fen(source: Values, shape: Scalar, path: str) -> int:
    if shape.low is None and shape.high is None:
        return 100 * (1 + source.number(500, path))
    return _int(source, shape, path)


def _id(source: Values, shape: Scalar, path: str) -> str | int:
    length = 18 if shape.is_text else _SAFE_DIGITS - 1
    digits = "7" + source.ids.digits(length, *source.purpose, path)
    return shape.prefix + digits if shape.is_text else int(digits)


def _digits(source: Values, shape: Scalar, path: str) -> str | int:
    length = int(shape.low or shape.high or 12)
    if not shape.is_text:
        length = min(length, _SAFE_DIGITS)
    digits = source.ids.digits(length, *source.purpose, path)
    return digits if shape.is_text else int(digits)


def _ago(source: Values, path: str) -> float:
    """Return a moment of the last thirty days, or of the next for what ends or expires."""
    name = _name(path)
    if source.day is not None:
        return source.day
    if any(word in name for word in ("creat", "updat", "modif")):
        return source.now
    away = source.number(int(30 * DAY), path)
    is_ahead = any(word in name for word in ("end", "expire", "valid", "deadline"))
    return source.now + away if is_ahead else source.now - away


def _date(source: Values, shape: Scalar, path: str) -> str:
    return f"{beijing(_ago(source, path)):%Y-%m-%d}"


def _ymd(source: Values, shape: Scalar, path: str) -> str:
    return f"{beijing(_ago(source, path)):%Y%m%d}"


def _datetime(source: Values, shape: Scalar, path: str) -> str:
    return f"{beijing(_ago(source, path)):%Y-%m-%d %H:%M:%S}"


def _sealed(source: Values, shape: Scalar, path: str) -> str:
    return source.ids.sealed(48, *source.purpose, path)


def _hex(source: Values, shape: Scalar, path: str) -> str:
    return source.ids.hex(int(shape.high or 32), *source.purpose, path)


def _key(source: Values, shape: Scalar, path: str) -> str:
    return source.ids.base62(int(shape.high or 16), *source.purpose, path)


def _number(source: Values, shape: Scalar, path: str) -> float:
    low = shape.low or 0.0
    high = low + 100 if shape.high is None else shape.high
    return round(low + (high - low) * source.number(10_000, path) / 10_000, 6)


def _file_url(ending: str) -> Callable[[Values, Scalar, str], str]:
    def make_url(source: Values, shape: Scalar, path: str) -> str:
        return f"https://p3.example.test/{source.ids.hex(16, *source.purpose, path)}{ending}"

    return make_url


_FORMATS: dict[str, Callable[[Values, Scalar, str], Any]] = {
    "text": _text,
    "id": _id,
    "digits": _digits,
    "sealed": _sealed,
    "item_id": _sealed,
    "uuid": lambda source, shape, path: source.ids.uuid(*source.purpose, path),
    "hex": _hex,
    "key": _key,
    "url": _file_url(""),
    "image": _file_url(".jpeg"),
    "date": _date,
    "ymd": _ymd,
    "datetime": _datetime,
    "open_id": lambda source, shape, path: source.ids.open_id(*source.purpose, path),
    "union_id": lambda source, shape, path: source.ids.uuid("union", *source.purpose, path),
    "log_id": lambda source, shape, path: source.ids.hex(32, *source.purpose, path),
    "phone": lambda source, shape, path: "138****" + source.ids.digits(4, *source.purpose, path),
    "json": lambda source, shape, path: "{}",
    "int": _int,
    "s": lambda source, shape, path: int(_ago(source, path)),
    "ms": lambda source, shape, path: int(_ago(source, path)) * 1000,
    "fen": _fen,
    "number": _number,
    "bool": lambda source, shape, path: source.number(2, path) == 1,
    "any": lambda source, shape, path: None,
    "object": lambda source, shape, path: {},
    "null": lambda source, shape, path: None,
    "file": lambda source, shape, path: None,
}
"""How a value of each format is made."""
