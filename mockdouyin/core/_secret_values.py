"""Find the value of a named field in a text: JSON, forms, headers, XML, multipart, paths.

The text may be cut anywhere and need not be well-formed, so notations are recognised by patterns
and not by parsers. At most `MAX_DISTANCE` characters are examined between a name and the start of
its value, and no repetition in a pattern is unbounded except at its end, so time stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mockdouyin.core.secret_names import is_credential

MAX_DISTANCE = 600
"""Characters between a name and the start of its value."""

_CONTEXT = 48
"""Characters before a name that are examined to recognise its notation."""


class Span(NamedTuple):
    """A part of a text, as a half-open range of indices."""

    start: int
    end: int


_QUOTE = r"\\{0,32}[\"']"
_SPACE = r"[\s+]{0,64}"

_QUOTED = re.compile(rf"(?:{_QUOTE})?\]?{_SPACE}(?:=>|:=|[:=]){_SPACE}(?P<quote>{_QUOTE})")
_BARE = re.compile(rf"{_QUOTE}\s{{0,64}}:\s{{0,64}}")
_PAIR = re.compile(rf"(?:{_QUOTE})?\]?\s{{0,64}}(?:=>?|:=)\s{{0,64}}")
_COLON = re.compile(r"\s{0,64}:\s{0,64}")
_LISTED = re.compile(
    rf"{_QUOTE}[\s,]{{1,64}}(?:{_QUOTE})?(?:value|val|content)(?:{_QUOTE})?\s{{0,64}}[:=]\s{{0,64}}"
    rf"(?P<quote>{_QUOTE})?"
)
_NAMING = re.compile(r"(?:name|key|field|id)(?:\\{0,32}[\"'])?\s{0,8}[:=]\s{0,8}\\{0,32}[\"']?\Z")
_ENTRY = re.compile(r"[\"'][^<>]{0,200}>")
_PART = re.compile(r"\"?(?:;[^\r\n]{0,200})?\r?\n(?:[^\r\n]{1,100}\r?\n){0,4}\r?\n")
_ELEMENT = re.compile(r"<(?P<prefix>[\w.-]{1,40}:)?\Z", re.ASCII)

_UNTIL_SPACE = re.compile(r"[^&\s]*")
_UNTIL_SEPARATOR = re.compile(r"[^\s,;&}]*")
_UNTIL_COMMA = re.compile(r"[^\s,}\]>]*")
_UNTIL_LINE = re.compile(r"[^\r\n\"']*")
_UNTIL_PAIR = re.compile(r"[^&\r\n\"']*")
_SEGMENT = re.compile(r"[^/\s?#&\"'<>]*")
_SENTENCE = re.compile(r"[A-Za-z]{1,48} [A-Za-z]|[^\x00-\x7f]")
_BRACKETS = re.compile(r"[\[\]{}]")

PLACEHOLDER = "SALT"
"""What stands, in angle brackets, for the SALT in a text that is signed: `1990&<SALT>&b`."""
_JOINED = re.compile(r">&(?!#?\w{1,10};)")
"""What follows it: a joint, which is no entity as an element could begin with."""

_NAMES_WITH_SPACES = ("authorization", "cookie", "cookies")
"""Ends of names whose values may contain spaces."""


def value_of(text: str, start: int, end: int, name: str) -> Iterator[Span]:
    """Yield the value of the field whose name is at start:end, or nothing if it has none."""
    before = text[max(0, start - _CONTEXT) : start]
    element = _ELEMENT.search(before)
    if element is not None:
        yield from _element(text, end, (element["prefix"] or "") + text[start:end])
        return
    span = _value_beside_name(text, end, before) or _value_after_name(text, end, name)
    if span is None and before.endswith("/") and is_credential(name):
        segment = text[end : end + 1] == "/"
        span = _matched(_SEGMENT, text, end + 1) if segment else None
    if span is not None:
        yield span


def _value_beside_name(text: str, end: int, before: str) -> Span | None:
    """Find a value whose name is a value too: `name="secret" value="…"`, `key="secret">…<`."""
    naming = _NAMING.search(before)
    if naming is None:
        return None
    limit = end + MAX_DISTANCE
    if found := _PART.match(text, end, limit):
        return _until(text, found.end(), "\n--", also_before="\r")
    if found := _LISTED.match(text, end, limit):
        return _listed_value(text, found)
    if "=" in naming[0] and (found := _ENTRY.match(text, end, limit)):
        return _until(text, found.end(), "<")
    return None


def _listed_value(text: str, found: re.Match[str]) -> Span:
    if found["quote"]:
        return _until_quote(text, found.end(), found["quote"])
    return _matched(_UNTIL_COMMA, text, found.end())


def _value_after_name(text: str, end: int, name: str) -> Span | None:
    """Find a value that follows its name: `"k": "v"`, `"k": [1]`, `k=v`, `k: v`."""
    limit = end + MAX_DISTANCE
    if found := _QUOTED.match(text, end, limit):
        return _until_quote(text, found.end(), found["quote"])
    if found := _BARE.match(text, end, limit):
        return _unquoted_value(text, found.end())
    has_spaces = name.lower().endswith(_NAMES_WITH_SPACES)
    if found := _PAIR.match(text, end, limit):
        return _matched(_UNTIL_PAIR if has_spaces else _UNTIL_SPACE, text, found.end())
    if found := _COLON.match(text, end, limit):
        if has_spaces:
            return _matched(_UNTIL_LINE, text, found.end())
        # Not a value if a sentence follows the colon: `bad_secret: the secret is not that of …`.
        if not _SENTENCE.match(text, found.end(), found.end() + _CONTEXT):
            return _matched(_UNTIL_SEPARATOR, text, found.end())
    return None


def _matched(pattern: re.Pattern[str], text: str, start: int) -> Span:
    found = pattern.match(text, start)
    return Span(*found.span()) if found else Span(start, start)


def _until(text: str, start: int, stop: str, also_before: str = "") -> Span:
    """Return the span up to `stop`, or to the end of a text that was cut before it."""
    end = text.find(stop, start)
    if end < 0:
        return Span(start, len(text))
    if also_before and text.endswith(also_before, start, end):
        end -= len(also_before)
    return Span(start, end)


def _until_quote(text: str, start: int, quote: str) -> Span:
    """Return the span up to the closing quote, past quotes escaped at any depth inside it."""
    escapes, mark, at = len(quote) - 1, quote[-1], start
    while (end := text.find(mark, at)) >= 0:
        # Slices of one value do not overlap, each starts after the last quote: linear in all.
        before = text[at:end]
        more = len(before) - len(before.rstrip("\\")) - escapes
        if more <= 0 or more % (2 * (escapes + 1)) == 0:
            return Span(start, end - min(escapes, more + escapes))
        at = end + 1
    return Span(start, len(text))


def _unquoted_value(text: str, start: int) -> Span:
    """Return the span of an unquoted JSON value: a number, a list or an object."""
    if text[start : start + 1] not in ("[", "{"):
        return _matched(_UNTIL_COMMA, text, start)
    depth = 0
    for found in _BRACKETS.finditer(text, start):
        depth += 1 if found[0] in "[{" else -1
        if depth == 0:
            return Span(start, found.end())
    return Span(start, len(text))


def _element(text: str, end: int, tag: str) -> Iterator[Span]:
    """Yield an XML element's attributes and its content up to the closing tag."""
    if text[end : end + 1] not in (" ", "\t", "\r", "\n", "/", ">", "") or (
        tag == PLACEHOLDER and _JOINED.match(text, end)
    ):
        return
    close = text.find(">", end)
    if close < 0:
        yield Span(end, len(text))
        return
    empty = text[close - 1] == "/"
    yield Span(end + 1, close - empty)
    if not empty:
        yield _content(text, close + 1, tag)


def _content(text: str, start: int, tag: str) -> Span:
    leaf = text.find("<", start)
    if leaf < 0 or text.startswith("</", leaf):
        return Span(start, leaf if leaf >= 0 else len(text))
    return _until(text, start, f"</{tag}")
