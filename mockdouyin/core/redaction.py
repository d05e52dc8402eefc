"""Hides secrets, session keys, tokens and phone numbers in what is shown.

Linear in the text, whatever the text: names are found by a plain search, what follows a name is
looked at for a bounded stretch, and a value that is hidden is skipped as a whole.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import quote, unquote

from mockdouyin.core._secret_values import Span, value_of
from mockdouyin.core.secret_names import LONGEST, is_secret, is_secret_header

HIDDEN = "***"

SHORTEST = 6
"""A known secret with fewer characters is hidden in its field, and not sought elsewhere."""

_SHORTEST_WORD = 16
"""So is one that could be a word, such as `secret` or `client_token`, below this length."""

_DEEPEST = 3
"""How often a text may be escaped again; each level costs one pass over what is escaped."""

_REMEMBERED = 4096
"""Short texts that a mask remembers: names and values of headers come again and again."""

_STEM = re.compile(
    "secret|[-_]key|sessionkey|privatekey|accesskey|apikey|aeskey|passw|passphrase|pwd|cookie"
    "|token|auth|salt|phone|mobile|tel"
)
"""Part of every name of a secret, in lower case."""

_NAME = re.compile(r"[\w-]*", re.ASCII)
_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

_SHAPE = re.compile(
    # a token: its head tells what it is, and is of no use alone
    r"(?<![0-9A-Za-z_])(?P<head>(?:act|rft|clt|isvact)\.(?:[23]\.)?[0-9A-Za-z]{4}"
    r"|08011218[0-9a-f]{4})[\w.=-]{8,}"
    # a session key: 16 bytes in base64
    r"|(?<![A-Za-z0-9+])[A-Za-z0-9+/]{22}==(?!=)"
    # a mobile number of the mainland
    r"|(?<![0-9A-Za-z])\+?(?:86)?1[3-9][0-9]{9}(?![0-9A-Za-z])",
    re.ASCII,
)
_DIGITS = re.compile(r"[0-9]{6,}")
_COUNTRY_CODE = 5
"""Digits that may stand before a phone number: 00 and the code of a country."""
_SHORTEST_PHONE = 8
_PASSWORD = re.compile(r"(//[^\s/:@\"']{0,64}:)([^\s/@\"']{1,128})@")
_PRIVATE_KEY = "PRIVATE KEY-----"
_BEGIN = re.compile(r"-----BEGIN [A-Z ]{0,20}\Z")

_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_BETWEEN_PAIRS = re.compile(r"([&\s]+)")
_ENTITY = re.compile(r"&(?:quot|apos|lt|gt|amp|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,6});")
_BETWEEN_TAGS = re.compile(r"([<>]+)")


class Mask:
    """Hides secrets, session keys, phone numbers and tokens in what the journal shows.

    By the name of a field, by what it looks like, and whatever the world knows to be secret.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self.known = tuple(secrets)
        given = [secret for secret in self.known if len(secret) >= SHORTEST]
        self._numbers = {each for each in given if each.isascii() and each.isdigit()}
        forms = {form for each in given if not _is_word(each) for form in _forms(each)}
        self._forms = sorted(forms - self._numbers, key=len, reverse=True)
        self._remembered: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Return the text with everything hidden that should not be seen."""
        if len(text) > LONGEST:
            return self._hide(text, _DEEPEST)
        found = self._remembered.get(text)
        if found is None:
            found = self._hide(text, _DEEPEST)
            if len(self._remembered) < _REMEMBERED:
                self._remembered[text] = found
        return found

    def _hide(self, text: str, depth: int) -> str:
        text = _hide_named(text)
        if _PRIVATE_KEY in text:
            text = _hide_private_keys(text)
        if "@" in text:
            text = _PASSWORD.sub(rf"\1{HIDDEN}@", text)
        text = _SHAPE.sub(_head, text)
        if self._numbers:
            text = _DIGITS.sub(self._number, text)
        for secret in self._forms:
            if secret in text:
                text = text.replace(secret, HIDDEN)
        if depth and "%" in text and _ESCAPE.search(text):
            text = self._escaped(text, depth, _BETWEEN_PAIRS, _ESCAPE, unquote, _requote)
        if depth and "&" in text and _ENTITY.search(text):
            text = self._escaped(text, depth, _BETWEEN_TAGS, _ENTITY, html.unescape, _reescape)
        return text

    def _escaped(
        self,
        text: str,
        depth: int,
        between: re.Pattern[str],
        escape: re.Pattern[str],
        decode: Callable[[str], str],
        encode: Callable[[str, str], str],
    ) -> str:
        """Hide what can only be seen once it is decoded; a part with nothing to hide stays."""
        whole = decode(text)
        if self._hide(whole, depth - 1) == whole:
            return text
        parts = between.split(text)
        for number, part in enumerate(parts):
            if escape.search(part):
                plain = decode(part)
                shown = self._hide(plain, depth - 1)
                if shown != plain:
                    parts[number] = encode(shown, part)
        return "".join(parts)

    def _number(self, found: re.Match[str]) -> str:
        """Hide a known number, whatever country code stands before it."""
        digits = found[0]
        if digits in self._numbers:
            return HIDDEN
        for start in range(1, min(_COUNTRY_CODE, len(digits) - _SHORTEST_PHONE) + 1):
            if digits[start:] in self._numbers:
                return digits[:start] + HIDDEN
        return digits

    def json(self, value: Any, name: str = "") -> Any:
        """Return a JSON value likewise, with the names of its fields to go by."""
        if value in ("", None):
            return value
        if is_secret(name):
            return HIDDEN
        if isinstance(value, dict):
            named = _name_in(value)
            return {
                self(key): self.json(each, named if key in _VALUES else key)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self.json(each) for each in value]
        if isinstance(value, str):
            return self(value)
        return value if self(str(value)) == str(value) else HIDDEN

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Return headers likewise: cookies and keys are hidden, signatures are not."""
        return {self(name): self._header(name, value) for name, value in headers}

    def _header(self, name: str, value: str) -> str:
        if not value or not is_secret_header(name):
            return self(value)
        token = _SHAPE.fullmatch(value)
        return _head(token) if token is not None else HIDDEN


def quoted(text: str, longest: int = 60) -> str:
    """Quote a value in a message: cut where it is long, with what looks secret hidden."""
    shown = Mask(())(text[: 10 * longest])
    return repr(shown if len(shown) <= longest else shown[:longest] + "…")


_VALUES = ("value", "val", "content")
"""What a value is called where its field's name is a value too."""


def _name_in(value: dict[str, Any]) -> str:
    """Return the name in `{"name": …, "value": …}`, if it is that of a secret."""
    for key in ("name", "key", "field"):
        name = value.get(key)
        if isinstance(name, str) and is_secret(name):
            return name
    return ""


def _is_word(secret: str) -> bool:
    """Whether a secret could be a word: hiding it would spoil texts that mean the word."""
    return len(secret) < _SHORTEST_WORD and re.sub("[-_ ]", "", secret).isalpha()


def _forms(secret: str) -> Iterator[str]:
    """Spell a secret as it may stand in a text; escapes by % and & are decoded before."""
    yield secret
    yield secret.replace(" ", "+")
    yield json.dumps(secret)[1:-1]


def _head(found: re.Match[str]) -> str:
    return (found["head"] or "") + HIDDEN


def _requote(shown: str, before: str) -> str:
    """Escape again, and leave alone what was written as it is, in the name or in the value."""
    if "=" not in before:
        return _quoted(shown, before)
    return "".join(map(_quoted, shown.partition("="), before.partition("=")))


def _quoted(shown: str, before: str) -> str:
    return quote(shown, safe="*" + "".join({c for c in before if c.isascii() and c != "%"}))


def _reescape(shown: str, before: str) -> str:
    return html.escape(shown, quote="&quot;" in before)


def _hide_named(text: str) -> str:
    """Hide the values of fields whose names say that they are secret, in any notation."""
    lower = _lower(text)
    if _STEM.search(lower) is None:
        return text
    parts: list[str] = []
    done = 0
    for span in _spans(text, lower):
        parts += (text[done : span.start], HIDDEN)
        done = span.end
    return "".join([*parts, text[done:]]) if parts else text


def _spans(text: str, lower: str) -> Iterator[Span]:
    """Find the values of secret fields, from left to right."""
    at = 0
    while (stem := _STEM.search(lower, at)) is not None:
        before = text[max(at, stem.start() - LONGEST) : stem.start()]
        start = stem.start() - len(before) + len(before.rstrip(_NAME_CHARACTERS))
        found = _NAME.match(text, stem.end())
        at = found.end() if found else stem.end()
        name = text[max(start, at - LONGEST) : at]
        if not is_secret(name):
            continue
        for span in value_of(text, start, at, name):
            if span.end > span.start:
                yield span
            at = max(at, span.end)


def _lower(text: str) -> str:
    """Return the text in lower case, each character in its place."""
    lower = text.lower()
    if len(lower) != len(text):  # one capital letter of Turkish becomes two characters
        lower = text.replace("\u0130", "I").lower()
    return lower


def _hide_private_keys(text: str) -> str:
    """Hide what stands between the lines that begin and end a private key in PEM."""
    parts = text.split(_PRIVATE_KEY)
    shown = [parts[0]]
    for before, part in pairwise(parts):
        _, end, rest = part.partition("-----END")
        shown.append(f"{HIDDEN}{end}{rest}" if _BEGIN.search(before[-LONGEST:]) else part)
    return _PRIVATE_KEY.join(shown)
