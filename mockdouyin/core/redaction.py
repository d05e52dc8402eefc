"""Mask secrets, session keys, tokens and phone numbers in what is shown.

Masking takes linear time for any text, hostile ones included: names are found by a plain search,
only a bounded number of characters after a name is examined, and a masked value is skipped whole.
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
from mockdouyin.core.secret_names import MAX_NAME_LENGTH, is_secret, is_secret_header

HIDDEN = "***"

MIN_SECRET = 6
"""A known secret with fewer characters is masked in its own field only, not wherever it occurs."""

_MIN_WORD = 16
"""The same for one of fewer characters that could be a word, as `secret` or `client_token`."""

_MAX_ESCAPES = 3
"""Levels of escaping that are undone; each costs one pass over the escaped text."""

_CACHE_SIZE = 4096
"""Short texts whose results are cached: names and values of headers, and reasons, recur."""
_MAX_CACHED = 256
"""Characters of a text whose result is cached."""

_STEM = re.compile(
    "secret|[-_]key|sessionkey|privatekey|accesskey|apikey|aeskey|passw|passphrase|pwd|cookie"
    "|token|auth|salt|phone|mobile|tel"
)
"""Every secret field's name contains one of these, in lower case."""

_NAME = re.compile(r"[\w-]*", re.ASCII)
_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

_SECRET_FORM = re.compile(
    # a token: its head stays readable, for it tells the kind and is useless alone
    r"(?<![0-9A-Za-z_])(?P<head>(?:(?:bus_)?(?:act|rft)|clt|isvact)\.(?:[23]\.)?[0-9A-Za-z]{4}"
    r"|08011218[0-9a-f]{4})[\w.=-]{8,}"
    # a session key: 16 bytes in base64
    r"|(?<![A-Za-z0-9+])[A-Za-z0-9+/]{22}==(?!=)"
    # a mobile number of the mainland
    r"|(?<![0-9A-Za-z])\+?(?:86)?1[3-9][0-9]{9}(?![0-9A-Za-z])",
    re.ASCII,
)
_DIGITS = re.compile(r"[0-9]{6,}")
_MAX_COUNTRY_CODE = 5
"""Digits that may precede a phone number: 00 and a country code."""
_MIN_PHONE = 8
_PASSWORD = re.compile(r"(//[^\s/:@\"']{0,64}:)([^\s/@\"']{1,128})@")
_PRIVATE_KEY = "PRIVATE KEY-----"
_BEGIN = re.compile(r"-----BEGIN [A-Z ]{0,20}\Z")

_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_PAIR_ENDS = re.compile(r"([&\s]+)")
_ENTITY = re.compile(r"&(?:quot|apos|lt|gt|amp|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,6});")
_TAG_ENDS = re.compile(r"([<>]+)")


class Mask:
    """Masks secrets, session keys, phone numbers and tokens in what the journal shows.

    A value is masked because of its field's name, because of its form, or because it is one of
    the world's known secrets.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self.known: tuple[str, ...] = tuple(secrets)
        searched = [secret for secret in self.known if len(secret) >= MIN_SECRET]
        self._numbers = {each for each in searched if each.isascii() and each.isdigit()}
        forms = {form for each in searched if not _is_word(each) for form in _forms(each)}
        # The longest first: a secret may contain another one.
        self._forms = sorted(forms - self._numbers, key=len, reverse=True)
        self._cache: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Return the text with every secret replaced by `***`."""
        if len(text) > _MAX_CACHED:
            return self._mask(text, _MAX_ESCAPES)
        masked = self._cache.get(text)
        if masked is None:
            masked = self._mask(text, _MAX_ESCAPES)
            if len(self._cache) < _CACHE_SIZE:
                self._cache[text] = masked
        return masked

    def _mask(self, text: str, depth: int) -> str:
        text = _mask_named(text)
        if _PRIVATE_KEY in text:
            text = _mask_private_keys(text)
        if "@" in text:
            text = _PASSWORD.sub(rf"\1{HIDDEN}@", text)
        text = _SECRET_FORM.sub(_mask_token, text)
        if self._numbers:
            text = _DIGITS.sub(self._mask_number, text)
        for secret in self._forms:
            if secret in text:
                text = text.replace(secret, HIDDEN)
        if depth and "%" in text and _ESCAPE.search(text):
            text = self._mask_escaped(text, depth, _PAIR_ENDS, _ESCAPE, unquote, _requote)
        if depth and "&" in text and _ENTITY.search(text):
            text = self._mask_escaped(text, depth, _TAG_ENDS, _ENTITY, html.unescape, _reescape)
        return text

    def _mask_escaped(
        self,
        text: str,
        depth: int,
        separator: re.Pattern[str],
        escape: re.Pattern[str],
        decode: Callable[[str], str],
        encode: Callable[[str, str], str],
    ) -> str:
        """Mask what only decoding reveals; a part without a secret keeps its own spelling."""
        decoded = decode(text)
        if self._mask(decoded, depth - 1) == decoded:
            return text
        parts = separator.split(text)
        for index, part in enumerate(parts):
            if escape.search(part):
                plain = decode(part)
                masked = self._mask(plain, depth - 1)
                if masked != plain:
                    parts[index] = encode(masked, part)
        return "".join(parts)

    def _mask_number(self, found: re.Match[str]) -> str:
        """Mask a known number, with or without a country code before it."""
        digits = found[0]
        if digits in self._numbers:
            return HIDDEN
        for start in range(1, min(_MAX_COUNTRY_CODE, len(digits) - _MIN_PHONE) + 1):
            if digits[start:] in self._numbers:
                return digits[:start] + HIDDEN
        return digits

    def json(self, value: Any, name: str = "") -> Any:
        """Return a JSON value with every secret masked, using the names of its fields."""
        if value in ("", None):
            return value
        if is_secret(name):
            return HIDDEN
        if isinstance(value, dict):
            secret_name = _secret_name_in(value)
            return {
                self(key): self.json(each, secret_name if key in _VALUE_KEYS else key)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self.json(each) for each in value]
        if isinstance(value, str):
            return self(value)
        return value if self(str(value)) == str(value) else HIDDEN

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Return headers with every secret masked: cookies and keys, but not signatures."""
        return {self(name): self._mask_header(name, value) for name, value in headers}

    def _mask_header(self, name: str, value: str) -> str:
        if not value or not is_secret_header(name):
            return self(value)
        token = _SECRET_FORM.fullmatch(value)
        return _mask_token(token) if token is not None else HIDDEN


def safe_repr(text: str, longest: int = 60) -> str:
    """Return the `repr` of a text for a message, cut to `longest`, secrets masked by form."""
    masked = Mask(())(text[: 10 * longest])
    return repr(masked if len(masked) <= longest else masked[:longest] + "…")


_VALUE_KEYS = ("value", "val", "content")
"""Keys of the value in an object such as `{"name": …, "value": …}`."""


def _secret_name_in(value: dict[str, Any]) -> str:
    """Return the name in `{"name": …, "value": …}` if it is a secret's, else an empty text."""
    for key in ("name", "key", "field"):
        name = value.get(key)
        if isinstance(name, str) and is_secret(name):
            return name
    return ""


def _is_word(secret: str) -> bool:
    """Whether a secret could be a word: masking it everywhere would garble texts that use it."""
    return len(secret) < _MIN_WORD and re.sub("[-_ ]", "", secret).isalpha()


def _forms(secret: str) -> Iterator[str]:
    """Yield the spellings of a secret in a text; % and & escapes are decoded before."""
    yield secret
    yield secret.replace(" ", "+")
    yield json.dumps(secret)[1:-1]


def _mask_token(found: re.Match[str]) -> str:
    return (found["head"] or "") + HIDDEN


def _requote(masked: str, before: str) -> str:
    """Percent-encode again, except for characters that were not encoded in the name or value."""
    if "=" not in before:
        return _requote_part(masked, before)
    return "".join(map(_requote_part, masked.partition("="), before.partition("=")))


def _requote_part(masked: str, before: str) -> str:
    return quote(masked, safe="*" + "".join({c for c in before if c.isascii() and c != "%"}))


def _reescape(masked: str, before: str) -> str:
    return html.escape(masked, quote="&quot;" in before)


def _mask_named(text: str) -> str:
    """Mask the values of fields with secret names, in any notation."""
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
    """Yield the values of fields with secret names, from left to right."""
    at = 0
    while (stem := _STEM.search(lower, at)) is not None:
        before = text[max(at, stem.start() - MAX_NAME_LENGTH) : stem.start()]
        start = stem.start() - len(before) + len(before.rstrip(_NAME_CHARACTERS))
        found = _NAME.match(text, stem.end())
        at = found.end() if found else stem.end()
        name = text[max(start, at - MAX_NAME_LENGTH) : at]
        if not is_secret(name):
            continue
        for span in value_of(text, start, at, name):
            if span.end > span.start:
                yield span
            at = max(at, span.end)


def _lower(text: str) -> str:
    """Return the text in lower case and of the same length, so that positions stay valid."""
    lower = text.lower()
    if len(lower) != len(text):  # the Turkish capital I with a dot becomes two
        lower = text.replace("\u0130", "I").lower()
    return lower


def _mask_private_keys(text: str) -> str:
    """Mask what stands between the BEGIN and END lines of a private key in PEM."""
    parts = text.split(_PRIVATE_KEY)
    masked = [parts[0]]
    for before, part in pairwise(parts):
        _, end, rest = part.partition("-----END")
        masked.append(f"{HIDDEN}{end}{rest}" if _BEGIN.search(before[-MAX_NAME_LENGTH:]) else part)
    return _PRIVATE_KEY.join(masked)
