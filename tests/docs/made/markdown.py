"""Words and Markdown that the made pages share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import inspect

from mockdouyin.core.settings import Duration, encode
from mockdouyin.core.texts import Language

COMMA: dict[Language, str] = {"en": ", ", "zh": "、"}
COLON: dict[Language, str] = {"en": ": ", "zh": "："}


def say(language: Language, zh: str, en: str) -> str:
    """Return one of two texts."""
    return zh if language == "zh" else en


def cell(text: str) -> str:
    """Return a text as a cell of a table."""
    return escaped(text).replace("|", "\\|").replace("\n", " ")


def escaped(text: str) -> str:
    """Return a text that has no HTML in it."""
    return text.replace("<", "&lt;")


def facts(*rows: str) -> str:
    """Return a list of those that say something."""
    return "\n".join(f"* {row}" for row in rows if row)


def section(level: int, title: str, *paragraphs: str, anchor: str = "") -> str:
    """Return a heading with its paragraphs; an anchor of its own stands above it."""
    above = [f'<a id="{anchor}"></a>'] if anchor else []
    return "\n\n".join([*above, f"{'#' * level} {title}", *filter(None, paragraphs)])


def joined(sections: Iterable[str]) -> str:
    """Return sections as one text."""
    return "\n\n".join(filter(None, sections)) + "\n"


def codes(values: Iterable[object], language: Language) -> str:
    """Return values as code, with commas between."""
    return COMMA[language].join(f"`{each}`" for each in values)


def shown(value: Any) -> str:
    """Return a value as YAML and JSON have it."""
    if isinstance(value, Duration):
        return str(encode(value))
    return msgspec.json.encode(value, enc_hook=encode).decode() if value != "" else '""'


def kind_of(kind: Any, language: Language) -> str:
    """Describe a type: what values it has."""
    return _kind(inspect.type_info(kind), language)


_WORDS: dict[type, tuple[str, str]] = {
    inspect.StrType: ("文本", "text"),
    inspect.BoolType: ("true 或 false", "true or false"),
    inspect.BytesType: ("base64", "base64"),
    inspect.NoneType: ("null", "null"),
    inspect.AnyType: ("任意 JSON", "any JSON"),
}


def _kind(kind: inspect.Type, language: Language) -> str:
    if isinstance(kind, inspect.Metadata):
        return _kind(kind.type, language)
    if isinstance(kind, inspect.UnionType):
        given = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        given = [e for e in given if not (isinstance(e, inspect.CustomType) and "Unset" in str(e))]
        return say(language, " 或 ", " or ").join(_kind(each, language) for each in given)
    if isinstance(kind, inspect.LiteralType):
        return codes((each for each in kind.values if each != ""), language)
    if isinstance(kind, inspect.EnumType):
        return codes((each.value for each in kind.cls), language)
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        return _number(kind, language)
    if isinstance(kind, inspect.StructType):
        return f"`{kind.cls.__name__}`"
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        inner = _kind(kind.item_type, language)
        return say(language, f"列表，每项是{_spaced(inner)}", f"a list of {inner}")
    if isinstance(kind, inspect.DictType):
        inner = _kind(kind.value_type, language)
        return say(language, f"对象，值是{_spaced(inner)}", f"an object, its values {inner}")
    if isinstance(kind, inspect.CustomType) and kind.cls is Duration:
        return say(language, "时长，如 `5m`，或秒数", "a duration such as `5m`, or seconds")
    zh, en = _WORDS.get(type(kind), ("JSON", "JSON"))
    return say(language, zh, en)


def _spaced(words: str) -> str:
    return words if words[:1] > "一" else f" {words}"


def _number(kind: inspect.IntType | inspect.FloatType, language: Language) -> str:
    whole = isinstance(kind, inspect.IntType)
    word = say(language, "整数" if whole else "数", "a whole number" if whole else "a number")
    if kind.ge is not None and kind.le is not None:
        return say(language, f"{word}，{kind.ge} 到 {kind.le}", f"{word}, {kind.ge} to {kind.le}")
    if kind.ge is not None:
        return say(language, f"{word}，不小于 {kind.ge}", f"{word}, {kind.ge} or more")
    return word
