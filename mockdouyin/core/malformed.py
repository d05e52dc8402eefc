"""Requests that cannot be read, and why, in words that name no library and repeat no value."""

from __future__ import annotations

import re


class Malformed(Exception):  # noqa: N818 - it becomes the family's own error
    """The request's parameters cannot be read; says which and why."""


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
"""What the wire calls each type that a field can have, or a value can be of."""

_OTHER_TYPE = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")
_ABSENT = re.compile(r"Object missing required field `([^`]*)`")
_PLACE = re.compile(r" - at `([^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


def unfit(error: Exception) -> str:
    """Say which parameter is not of its type: `image should be a file, was text`."""
    says = str(error)
    place = _PLACE.search(says)
    name = _named(place[1]) if place else "the body"
    other = _OTHER_TYPE.search(says)
    if other is not None:
        return f"{name} should be {_words(other[1])}, was {_words(other[2])}"
    absent = _ABSENT.search(says)
    if absent is not None:
        return f"{name} has no {absent[1]}"
    if "out of range" in says:
        return f"{name} has a number that is out of range"
    return f"{name} cannot be read"


def _named(path: str) -> str:
    """Write `$.list[0].status` as `status of item 1 of list`."""
    name = ""
    for field, index in _STEP.findall(path):
        step = field or ("a value" if index == "..." else f"item {int(index) + 1}")
        name = f"{step} of {name}" if name else step
    return name or "the body"


def _words(types: str) -> str:
    kinds = types.split(" | ")
    wanted = [kind for kind in kinds if kind != "null"] or kinds
    return " or ".join(_TYPES.get(kind, kind) for kind in wanted)


_PROSE = (
    ("truncated", "it ends too early"),
    ("trailing characters", "more follows after its end"),
    ("out of range", "a number is out of range"),
    ("object keys must be strings", "a key is not in double quotes"),
    ("trailing comma", "a comma stands before a closing bracket"),
    ("invalid number", "a number is ill-formed"),
    ("escape", "a text has an unknown escape"),
    ("surrogate", "a text has half of a character"),
)
"""What a JSON parser may say, and how it reads here."""

_WHERE = re.compile(r"\((byte \d+)\)")
_EXPECTED = re.compile(r"expected ('.*')")


def no_json(error: Exception) -> str:
    """Say why a body is not JSON."""
    if isinstance(error, UnicodeDecodeError):
        return "the body is not JSON: a text in it is not UTF-8"
    if isinstance(error, RecursionError):
        return "the body is not JSON: it is nested too deeply"
    says = str(error)
    expected = _EXPECTED.search(says)
    what = next((prose for known, prose in _PROSE if known in says), "a character is misplaced")
    what = f"{expected[1]} is missing" if expected else what
    where = _WHERE.search(says)
    return f"the body is not JSON: {what}" + (f" (at {where[1]})" if where else "")


def no_form() -> str:
    """Say why a form or a query cannot be read: the one thing that can be wrong with it."""
    return "the form or query cannot be read: it is not UTF-8"


def neither(first: bytes) -> str:
    """Say that a body is neither JSON nor a form, by its first byte."""
    shown = f"byte {first[0]}" if not 0x20 < first[0] < 0x7F else first.decode()
    return f"the body is neither JSON nor a form: it begins with {shown}"
