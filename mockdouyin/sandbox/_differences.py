"""A near miss as a value: what was nearly meant, and each field in which it differed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

from mockdouyin.core.acts import Act
from mockdouyin.core.journal import Entry
from mockdouyin.core.redaction import Mask
from mockdouyin.core.texts import Language, Text, text
from mockdouyin.endpoints.unserved_paths import segments_of

MAX_VALUE = 200
"""Characters of a value that are shown."""

Value = str | int | float | bool | None
"""A value of a field; None if the field is absent."""

MaskFunction = Callable[[str], str]
"""A world's mask, or a function that shows everything."""

_DIFFERS = text(
    "near_differs",
    zh="{field} 应为 {expected}，实际为 {seen}",
    en="{field} expected {expected}, seen {seen}",
)
_OFF = text("near_off", zh="规则已停用", en="the rule is switched off")
_SET_LATER = text(
    "near_set_later",
    zh="规则是在这次请求之后才设的",
    en="the rule was set after the call",
)
_SEGMENT = text("near_path_segment", zh="路径第 {number} 段", en="path segment {number}")
_ABSENT = text("near_absent", zh="缺失", en="nothing")
_SEPARATOR = {"zh": "；", "en": "; "}


class Difference(NamedTuple):
    """A field in which something differs from what was expected."""

    field: str
    """`method`, `path[2]` (a segment), `when.code` (a parameter), `after` …"""
    expected: Value | Text
    seen: Value | Text


class NearMiss(NamedTuple):
    """The closest candidate, and in what it differs."""

    candidate: str
    """The full name of an endpoint or a phone API, or a method with a path."""
    id: int | str | None
    """The number of a call in the journal or the id of a rule; None for an endpoint."""
    differences: tuple[Difference, ...]

    def show(self, language: Language) -> dict[str, Any]:
        """Return it in the control API's form."""
        return {
            "candidate": self.candidate,
            "id": self.id,
            "differences": [
                {
                    "field": each.field,
                    "expected": _rendered(each.expected, language),
                    "seen": _rendered(each.seen, language),
                }
                for each in self.differences
            ],
            "says": self.describe(language),
        }

    def describe(self, language: Language) -> str:
        """Return the differences in words."""
        return _SEPARATOR[language].join(
            _describe(each).render(language) for each in self.differences
        )


def _describe(difference: Difference) -> Text:
    field, expected, seen = difference
    if field == "off":
        return _OFF()
    if field == "set":
        return _SET_LATER()
    name: str | Text = field.removeprefix("when.")
    if field.startswith("path["):
        name = _SEGMENT(number=field[5:-1])
    return _DIFFERS(field=name, expected=_quoted(expected), seen=_quoted(seen))


def _quoted(value: Value | Text) -> Text | str:
    """Return a value as it stands in a sentence."""
    if value is None:
        return _ABSENT()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value if value.isprintable() and value.strip() == value != "" else repr(value)
    return value if isinstance(value, Text) else str(value)


def _rendered(value: Value | Text, language: Language) -> Value:
    return value.render(language) if isinstance(value, Text) else value


def shown_value(value: Any, name: str, mask: MaskFunction) -> Value:
    """Return the value of a parameter with its secrets masked, and cut."""
    if isinstance(mask, Mask):
        value = mask.json(value, name)
    if value is None or isinstance(value, bool | int | float):
        return value
    return shorten(str(value))


def called_name(call: Entry, mask: MaskFunction) -> str:
    """Return the endpoint or phone API that a call reached, or else its method and path."""
    if isinstance(call, Act):
        return call.kind
    if call.endpoint is not None:
        return call.endpoint.full_name
    return f"{shorten(call.request.method)} {shorten(mask(call.request.path))}"


def shorten(words: str) -> str:
    """Return words cut to what is shown of a value."""
    return words if len(words) <= MAX_VALUE else words[:MAX_VALUE] + "…"


def path_differences(expected: str, seen: str) -> list[Difference]:
    """Return the segments in which two paths differ; if they have not as many, the paths."""
    parts, others = segments_of(expected), segments_of(seen)
    if len(parts) != len(others):
        return [Difference("path", expected, seen)]
    numbered = zip(count(1), parts, others, strict=False)
    return [Difference(f"path[{n}]", one, other) for n, one, other in numbered if one != other]
