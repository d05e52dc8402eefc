"""The walk over a value and its expected type, loaded only when something may be wrong."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from mockdouyin.core import bounds
from mockdouyin.core.bounds import KeyPath
from mockdouyin.core.errors import suggestion
from mockdouyin.core.redaction import Mask, safe_repr
from mockdouyin.core.secret_names import is_credential
from mockdouyin.core.settings import decode
from mockdouyin.core.texts import NOTHING, Text, TextTemplate
from mockdouyin.scenario import _mistake_texts as texts
from mockdouyin.scenario.validation import Mistake, Texts, kind_word


@cache
def type_info(kind: type) -> inspect.Type:
    """Return msgspec's description of a type."""
    return inspect.type_info(kind)


class ValidationWalk:
    """A walk over a value in step with its expected type, yielding mistakes."""

    def __init__(self, root_name: Text, spelt: Texts) -> None:
        self._root_name = root_name
        self._spelt = spelt

    def _name(self, path: KeyPath) -> Text | str:
        words = [_printed(part) for part in path if isinstance(part, str)]
        if not words:
            return self._root_name
        last = path[-1]
        if isinstance(last, int):
            return texts.ITEM(number=last + 1, name=words[-1])
        return words[-1]

    def any(self, value: Any, kind: inspect.Type, path: KeyPath) -> Iterator[Mistake]:
        """Find every mistake at this path and below it."""
        if isinstance(kind, inspect.UnionType):
            fitting = [each for each in kind.types if _takes(each, value)]
            if fitting:
                yield from self.any(value, fitting[0], path)
            else:
                wanted = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
                yield self._wrong_type(value, wanted, path)
        elif not _takes(kind, value):
            yield self._wrong_type(value, [kind], path)
        elif isinstance(kind, inspect.StructType):
            yield from self._struct(value, kind, path)
        elif isinstance(kind, inspect.DictType):
            yield from self._mapping(value, kind, path)
        elif isinstance(kind, inspect.VarTupleType | inspect.ListType):
            for number, each in enumerate(value):
                yield from self.any(each, kind.item_type, (*path, number))
        elif isinstance(kind, inspect.TupleType):
            yield from self._tuple(value, kind, path)
        else:
            yield from self._leaf(value, kind, path)

    def _leaf(self, value: Any, kind: inspect.Type, path: KeyPath) -> Iterator[Mistake]:
        """Find what is wrong with a value that has the right Python type and no typed parts."""
        if isinstance(kind, inspect.LiteralType | inspect.EnumType):
            yield from self._choice(value, kind, path)
        elif isinstance(kind, inspect.IntType | inspect.FloatType):
            yield from self._bounds(value, kind, path)
        elif isinstance(kind, inspect.CustomType):
            try:
                decode(kind.cls, value)
            except ValueError as error:
                yield Mistake(path, texts.AT(name=self._name(path), error=str(error)))
        elif isinstance(kind, inspect.BytesType):
            yield from self._base64(value, path)
        else:
            for place, problem in bounds.find_problems(value, path):
                yield Mistake(place, texts.WITH_PROBLEM(name=self._name(place), problem=problem))

    def _mapping(
        self, value: dict[Any, Any], kind: inspect.DictType, path: KeyPath
    ) -> Iterator[Mistake]:
        for name, each in value.items():
            if not isinstance(name, str) or bounds.value_problem(name):
                says = texts.KEY_NOT_TEXT(name=self._name(path), key=name)
                yield Mistake(path, says)
            else:
                yield from self.any(each, kind.value_type, (*path, name))

    def _tuple(self, value: Any, kind: inspect.TupleType, path: KeyPath) -> Iterator[Mistake]:
        if len(value) != len(kind.item_types):
            wanted = len(kind.item_types)
            yield Mistake(
                path, texts.ITEM_COUNT(name=self._name(path), wanted=wanted, count=len(value))
            )
            return
        for number, (each, inner) in enumerate(zip(value, kind.item_types, strict=True)):
            yield from self.any(each, inner, (*path, number))

    def _base64(self, value: str | bytes, path: KeyPath) -> Iterator[Mistake]:
        try:
            base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            yield Mistake(path, texts.BASE64(name=self._name(path), error=str(error)))

    def _struct(self, value: Any, kind: inspect.StructType, path: KeyPath) -> Iterator[Mistake]:
        fields = {field.encode_name: field for field in kind.fields}
        for name, each in value.items():
            if not isinstance(name, str):
                yield Mistake(path, texts.KEY_NOT_TEXT(name=self._name(path), key=name))
            elif name in fields:
                yield from self.any(each, fields[name].type, (*path, name))
            else:
                says = texts.UNKNOWN_KEY(
                    name=_printed(Mask(())(name)), hint=suggestion(name, fields)
                )
                yield Mistake((*path, name), says, at_key=True)
        for name, field in fields.items():
            if field.required and name not in value:
                yield Mistake(path, texts.NEEDS(name=self._name(path), key=name))

    def _choice(
        self, value: str, kind: inspect.LiteralType | inspect.EnumType, path: KeyPath
    ) -> Iterator[Mistake]:
        choices = _choices(kind)
        if value not in choices:
            says = texts.UNKNOWN_CHOICE(
                name=self._name(path), value=safe_repr(value), hint=suggestion(value, choices)
            )
            yield Mistake(path, says)

    def _bounds(
        self, value: Any, kind: inspect.IntType | inspect.FloatType, path: KeyPath
    ) -> Iterator[Mistake]:
        low, high = kind.ge, kind.le
        if isinstance(value, float) and (problem := bounds.value_problem(value)):
            yield Mistake(path, texts.WITH_PROBLEM(name=self._name(path), problem=problem))
        elif (low is not None and value < low) or (high is not None and value > high):
            wanted = (
                texts.AT_LEAST(low=low or 0)
                if high is None
                else texts.FROM_TO(low=low or 0, high=high)
            )
            yield Mistake(
                path,
                texts.OUT_OF_BOUNDS(name=self._name(path), wanted=wanted, value=_spelt(value)),
            )
        elif isinstance(kind, inspect.IntType) and not bounds.is_64_bit_int(value):
            says = texts.NOT_64_BIT(name=self._name(path), value=_spelt(value))
            yield Mistake(path, says)

    def _wrong_type(self, value: Any, wanted: list[inspect.Type], path: KeyPath) -> Mistake:
        words: list[Text | str] = []
        for word in map(_word, wanted):
            words += [word] if word not in words else []
        hidden = _is_hidden(value, path)
        spelt = self._spelt.get(path) if not isinstance(value, str) else None
        spelt = spelt or _spelt(value)
        seen = kind_word(value) if hidden else spelt[:60]
        hint = NOTHING
        wants_text = any(str in _PYTHON.get(type(kind), ()) for kind in wanted)
        if wants_text and type(value) in (int, float, bool):
            hint = texts.QUOTE_IT() if hidden else texts.QUOTE_AS(value=spelt)
        elif isinstance(value, str) and not wants_text and is_number(value):
            hint = texts.UNQUOTE()
        elif value is None:
            seen = texts.KIND_NOTHING()
            if any(isinstance(kind, inspect.StructType | inspect.DictType) for kind in wanted):
                hint = texts.WRITE_EMPTY()
        return Mistake(
            path, texts.WRONG_TYPE(name=self._name(path), wanted=words, seen=seen, hint=hint)
        )


def _is_hidden(value: Any, path: KeyPath) -> bool:
    """Whether a value may be a secret: by its name, or as KEY:SECRET where an app should be."""
    if path[:1] == ("apps",) and len(path) <= 2 and isinstance(value, str):
        return True
    return any(is_credential(part) for part in path if isinstance(part, str))


def _printed(name: str) -> str:
    """Escape what cannot be encoded, such as half of a surrogate pair."""
    return name.encode("utf-8", "backslashreplace").decode()


def _spelt(value: Any) -> str:
    """Return a value as JSON with its secrets masked, or the closest description there is."""
    try:
        shown = value if isinstance(value, int | float) else Mask(()).json(value)
        return msgspec.json.encode(shown, enc_hook=str).decode()[:60]
    except (ValueError, TypeError, RecursionError):  # UnicodeEncodeError is a ValueError
        return ascii(value)[:60] if isinstance(value, str) else f"a {type(value).__name__}"


_PYTHON: dict[type, tuple[type, ...]] = {
    inspect.StrType: (str,),
    inspect.IntType: (int,),
    inspect.FloatType: (int, float),
    inspect.BoolType: (bool,),
    inspect.NoneType: (type(None),),
    inspect.StructType: (dict,),
    inspect.DictType: (dict,),
    inspect.BytesType: (str, bytes),
    inspect.TupleType: (list, tuple),
    inspect.VarTupleType: (list, tuple),
    inspect.ListType: (list,),
    inspect.LiteralType: (str,),
    inspect.EnumType: (str,),
    inspect.CustomType: (str, int, float),
}


def _takes(kind: inspect.Type, value: Any) -> bool:
    takes = _PYTHON.get(type(kind))
    return takes is None or type(value) in takes


def _choices(kind: inspect.LiteralType | inspect.EnumType) -> list[str]:
    if isinstance(kind, inspect.LiteralType):
        return [str(each) for each in kind.values]
    return [str(each.value) for each in kind.cls]


def _word(kind: inspect.Type) -> Text:
    if isinstance(kind, inspect.LiteralType | inspect.EnumType):
        return texts.ONE_OF(choices=_choices(kind))
    words: dict[type, TextTemplate] = {
        inspect.StrType: texts.KIND_TEXT,
        inspect.IntType: texts.KIND_WHOLE,
        inspect.FloatType: texts.KIND_NUMBER,
        inspect.BoolType: texts.KIND_BOOLEAN,
        inspect.BytesType: texts.KIND_BASE64,
        inspect.TupleType: texts.KIND_LIST,
        inspect.VarTupleType: texts.KIND_LIST,
        inspect.ListType: texts.KIND_LIST,
        inspect.CustomType: texts.KIND_DURATION,
    }
    return words.get(type(kind), texts.KIND_MAPPING)()


def is_number(text: str) -> bool:
    """Whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
