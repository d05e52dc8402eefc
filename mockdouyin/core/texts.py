"""Texts for people, in Chinese and English: a code with parameters, rendered when it is shown.

What is written down is the code and the parameters, so that one exchange reads in Chinese for one
developer and in English for another, and a program can compare the code. A template is declared
once, with both languages side by side; calling it makes the text:

    CODE_USED = text("code_used", zh="code 已使用过，只能用一次", en="the code was used already")
    raise DouyinError("bad_code", CODE_USED())
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, Union

import msgspec

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

DEFAULT_LANGUAGE: Language = "en"
"""The language of what a program asked for without naming one."""

Parameter = Union[str, int, float, "Text", Sequence[Union[str, "Text"]]]
"""A list is joined with the language's comma, or as `{name:or}` says; a text is rendered in the
same language."""

MAX_PARAMETER = 2000
"""Characters of a parameter that are kept: many quote what a client sent."""

_JOINTS: dict[str, dict[Language, str]] = {
    "": {"zh": "、", "en": ", "},
    "and": {"zh": " 和 ", "en": " and "},
    "or": {"zh": "或", "en": " or "},
    "semicolons": {"zh": "；", "en": "; "},
    "lines": {"zh": "\n", "en": "\n"},
}
"""What stands between the items of a list, by what follows the colon in `{name:lines}`."""


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text for a person, in no language yet; false where there is nothing to say."""

    code: str = ""
    parameters: dict[str, Parameter] = {}

    def __bool__(self) -> bool:
        return self.code != ""

    def render(self, language: Language) -> str:
        """Return the text in a language."""
        template = TEMPLATES.get(self.code)
        if template is None:
            return ""
        words = {name: _rendered(value, language) for name, value in self.parameters.items()}
        return (template.zh if language == "zh" else template.en).format_map(words)


NOTHING = Text()


class TextTemplate(msgspec.Struct, frozen=True):
    """What a code says in each language; parameters stand in it as `{name}` or `{name!r}`.

    In `{name:sentence}` a text begins with a capital letter and ends with a full stop. In
    `{name:apart}` a text between Chinese words has a space where it begins or ends in Latin.
    """

    code: str
    zh: str
    en: str

    def __call__(self, **parameters: Parameter) -> Text:
        """Make the text with these parameters."""
        return Text(self.code, {name: _short(value) for name, value in parameters.items()})


TEMPLATES: dict[str, TextTemplate] = {}
"""Every template that is declared, by its code."""


def parse_language(name: str) -> Language | None:
    """Return the language of a name such as `zh`, `zh-CN` or `zh_CN.UTF-8`; None for others."""
    head = name[:2].lower()
    return "zh" if head == "zh" else "en" if head == "en" else None


def first_language(names: Iterable[str]) -> Language:
    """Return the language of the first name that is not empty, else English."""
    name = next(filter(None, names), "")
    return parse_language(name) or DEFAULT_LANGUAGE


def text(code: str, *, zh: str, en: str) -> TextTemplate:
    """Declare a template; a code is declared once, with one text."""
    template = TextTemplate(code, zh, en)
    # The same again is a module that is executed anew, as under a test runner.
    if TEMPLATES.setdefault(code, template) != template:
        raise ValueError(f"the text {code!r} is declared twice")
    return template


PLAIN = text("plain", zh="{text}", en="{text}")
"""Words that have no translation: an error of mockdouyin's own, as it was raised."""


def as_text(words: Text | str) -> Text:
    """Return words as a text; those that are a string already say the same in each language."""
    if isinstance(words, Text):
        return words
    return PLAIN(text=words) if words else NOTHING


def _short(value: Parameter) -> Parameter:
    if isinstance(value, str) and len(value) > MAX_PARAMETER:
        return value[:MAX_PARAMETER] + "…"
    if isinstance(value, list):
        return [each[:MAX_PARAMETER] if isinstance(each, str) else each for each in value]
    return value


class _Words(str):
    """A text among the parameters of another."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if spec == "sentence":
            return f"{self[:1].upper()}{self[1:].removesuffix('.')}."
        if spec == "apart":
            return _space(self[:1]) + self + _space(self[-1:])
        return super().__format__(spec)


def _space(beside: str) -> str:
    return " " if beside.isascii() and beside.isalnum() else ""


class _Items(tuple[str, ...]):
    """A list among the parameters of a text, in its language."""

    language: Language

    def __format__(self, spec: str) -> str:
        joint = _JOINTS[spec][self.language]
        if joint == "或" and any(map(str.isascii, self)):
            joint = " 或 "  # Latin words stand apart
        return joint.join(self)


def _rendered(value: Parameter, language: Language) -> str | int | float | _Items:
    if isinstance(value, Text):
        return _Words(value.render(language))
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        # A StrEnum formats as its name with `!r`; what a reader wants is its value.
        return str(value)
    items = _Items(each if isinstance(each, str) else each.render(language) for each in value)
    items.language = language
    return items
