"""Requests that cannot be parsed, and why, in words without library names or sent values."""

from __future__ import annotations

import re

from mockdouyin.core import _texts as texts
from mockdouyin.core.texts import Text


class Malformed(Exception):  # noqa: N818 - it becomes the family's own error
    """The request's parameters cannot be parsed; `why` says which and why."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
        self.why = why


_TYPES = {
    "str": texts.TYPE_TEXT,
    "int": texts.TYPE_WHOLE_NUMBER,
    "float": texts.TYPE_NUMBER,
    "bool": texts.TYPE_TRUE_OR_FALSE,
    "object": texts.TYPE_OBJECT,
    "array": texts.TYPE_LIST,
    "null": texts.TYPE_NULL,
    "File": texts.TYPE_FILE,
}
"""Plain words for msgspec's names of types."""

_WRONG_TYPE = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_MISSING_FIELD = re.compile(r"Object missing required field `([^`]*)`")
_PATH = re.compile(r" - at `([^`]*)`$")
_PATH_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


def describe_type_error(error: Exception) -> Text:
    """Describe a parameter of the wrong type: `image should be a file, was text`."""
    message = str(error)
    path = _PATH.search(message)
    name = _format_path(path[1] if path else "")
    wrong = _WRONG_TYPE.search(message)
    if wrong is not None:
        wanted, got = _type_names(wrong[1]), _type_names(wrong[2])
        return texts.WRONG_TYPE(name=name, wanted=wanted, got=got)
    missing = _MISSING_FIELD.search(message)
    if missing is not None:
        return texts.FIELD_ABSENT(name=name, field=missing[1])
    if "out of range" in message:
        return texts.OUT_OF_RANGE(name=name)
    return texts.UNREADABLE(name=name)


def _format_path(path: str) -> Text | str:
    """Format `$.list[0].status` as `status of item 1 of list`."""
    name: Text | str = ""
    for field, index in _PATH_STEP.findall(path):
        if field:
            name = texts.FIELD_OF(field=field, name=name) if name else field
        elif index == "...":
            name = texts.VALUE_OF(name=name or texts.THE_BODY())
        else:
            name = texts.ITEM_OF(number=int(index) + 1, name=name or texts.THE_BODY())
    return name or texts.THE_BODY()


def _type_names(types: str) -> Text | str:
    kinds = types.split(" | ")
    first, *others = [kind for kind in kinds if kind != "null"] or kinds
    named = _type_name(first)
    for other in others:
        named = texts.TYPE_EITHER(one=named, other=_type_name(other))
    return named


def _type_name(kind: str) -> Text | str:
    return _TYPES[kind]() if kind in _TYPES else kind


_JSON_ERRORS = (
    ("truncated", texts.JSON_ENDS_EARLY),
    ("trailing characters", texts.JSON_GOES_ON),
    ("out of range", texts.JSON_NUMBER_RANGE),
    ("object keys must be strings", texts.JSON_KEY_QUOTES),
    ("trailing comma", texts.JSON_TRAILING_COMMA),
    ("invalid number", texts.JSON_BAD_NUMBER),
    ("escape", texts.JSON_BAD_ESCAPE),
    ("surrogate", texts.JSON_HALF_CHARACTER),
)
"""Parts of a JSON parser's messages, and our words for them."""

_POSITION = re.compile(r"\(byte (\d+)\)")
_EXPECTED = re.compile(r"expected ('.*?')(?: or ('.*'))?")


def describe_json_error(error: Exception) -> Text:
    """Describe why a body is not JSON."""
    if isinstance(error, UnicodeDecodeError):
        return texts.NOT_JSON(problem=texts.JSON_NOT_UTF8())
    if isinstance(error, RecursionError):
        return texts.NOT_JSON(problem=texts.JSON_TOO_DEEP())
    message = str(error)
    problem = _json_problem(message)
    position = _POSITION.search(message)
    if position is None:
        return texts.NOT_JSON(problem=problem)
    return texts.NOT_JSON_AT(problem=problem, byte=position[1])


def _json_problem(message: str) -> Text:
    expected = _EXPECTED.search(message)
    if expected is None:
        found = (ours for theirs, ours in _JSON_ERRORS if theirs in message)
        return next(found, texts.JSON_MISPLACED)()
    if expected[2]:
        return texts.JSON_LACKS_EITHER(one=expected[1], other=expected[2])
    return texts.JSON_LACKS(what=expected[1])


def describe_form_error() -> Text:
    """Describe the only way in which a form or a query can be malformed."""
    return texts.FORM_NOT_UTF8()


def describe_unknown_body(first: bytes) -> Text:
    """Describe a body that is neither JSON nor a form, by its first byte."""
    if first == b'"':
        return texts.BODY_IS_TEXT()
    if 0x20 < first[0] < 0x7F:
        return texts.BODY_UNKNOWN(first=first.decode())
    return texts.BODY_UNKNOWN_BYTE(byte=first[0])
