"""Requests that cannot be parsed, and why, in words without library names or sent values."""

from __future__ import annotations

import re


class Malformed(Exception):  # noqa: N818 - it becomes the family's own error
    """The request's parameters cannot be parsed; the message says which and why."""


_TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
    "File": "a file",
}
"""Plain words for msgspec's names of types."""

_WRONG_TYPE = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_MISSING_FIELD = re.compile(r"Object missing required field `([^`]*)`")
_PATH = re.compile(r" - at `([^`]*)`$")
_PATH_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


def describe_type_error(error: Exception) -> str:
    """Describe a parameter of the wrong type: `image should be a file, was text`."""
    text = str(error)
    path = _PATH.search(text)
    name = _format_path(path[1]) if path else "the body"
    wrong = _WRONG_TYPE.search(text)
    if wrong is not None:
        return f"{name} should be {_type_names(wrong[1])}, was {_type_names(wrong[2])}"
    missing = _MISSING_FIELD.search(text)
    if missing is not None:
        return f"{name} has no {missing[1]}"
    if "out of range" in text:
        return f"{name} has a number that is out of range"
    return f"{name} cannot be read"


def _format_path(path: str) -> str:
    """Format `$.list[0].status` as `status of item 1 of list`."""
    name = ""
    for field, index in _PATH_STEP.findall(path):
        step = field or ("a value" if index == "..." else f"item {int(index) + 1}")
        name = f"{step} of {name}" if name else step
    return name or "the body"


def _type_names(types: str) -> str:
    kinds = types.split(" | ")
    wanted = [kind for kind in kinds if kind != "null"] or kinds
    return " or ".join(_TYPES.get(kind, kind) for kind in wanted)


_JSON_ERRORS = (
    ("truncated", "it ends too early"),
    ("trailing characters", "more follows after its end"),
    ("out of range", "a number is out of range"),
    ("object keys must be strings", "a key is not in double quotes"),
    ("trailing comma", "a comma stands before a closing bracket"),
    ("invalid number", "a number is ill-formed"),
    ("escape", "a text has an unknown escape"),
    ("surrogate", "a text has half of a character"),
)
"""Parts of a JSON parser's messages, and our words for them."""

_POSITION = re.compile(r"\((byte \d+)\)")
_EXPECTED = re.compile(r"expected ('.*')")


def describe_json_error(error: Exception) -> str:
    """Describe why a body is not JSON."""
    if isinstance(error, UnicodeDecodeError):
        return "the body is not JSON: a text in it is not UTF-8"
    if isinstance(error, RecursionError):
        return "the body is not JSON: it is nested too deeply"
    text = str(error)
    expected = _EXPECTED.search(text)
    if expected:
        problem = f"{expected[1]} is missing"
    else:
        found = (ours for theirs, ours in _JSON_ERRORS if theirs in text)
        problem = next(found, "a character is misplaced")
    position = _POSITION.search(text)
    return f"the body is not JSON: {problem}" + (f" (at {position[1]})" if position else "")


def describe_form_error() -> str:
    """Describe the only way in which a form or a query can be malformed."""
    return "the form or query cannot be read: it is not UTF-8"


def describe_unknown_body(first: bytes) -> str:
    """Describe a body that is neither JSON nor a form, by its first byte."""
    shown = f"byte {first[0]}" if not 0x20 < first[0] < 0x7F else first.decode()
    return f"the body is neither JSON nor a form: it begins with {shown}"
