"""How requests of guaranteed payment (担保支付) are signed: by the SALT of the app.

A request's `sign` is MD5 over its values without their names, sorted, with the SALT among them.
(Doc page: mini-app/develop/server/ecpay/APPENDIX/signature-algorithm; documented. That nested
values are written as Go prints them is seen in the official PHP demo; observed.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

UNSIGNED = ("app_id", "thirdparty_id", "sign", "other_settle_params")
"""The fields of a request that are not signed."""

_BLANK = " \t\n\v\f\r\x85\xa0\u3000"
"""What Go's TrimSpace takes away, as far as values have it."""

_DEEPEST = 64
"""Levels of nesting that are written; msgspec reads many more."""


def sign(params: Mapping[str, Any], salt: str) -> str:
    """Return the `sign` of a request."""
    return digest(string_to_sign(params, salt))


def digest(text: str) -> str:
    """Return the MD5 of the string to sign, in lower-case hex."""
    return hashlib.md5(text.encode()).hexdigest()


def string_to_sign(params: Mapping[str, Any], salt: str) -> str:
    """Return what is hashed: values and SALT in the order of their bytes, joined by `&`."""
    values = [salt, *signed_values(params)]
    return "&".join(sorted(values, key=_bytes))


def signed_values(
    params: Mapping[str, Any], write: Callable[[Any], str] | None = None
) -> Iterator[str]:
    """Yield the values that are signed: not empty, trimmed, without quotes around them."""
    for name, value in params.items():
        if name not in UNSIGNED:
            text = trimmed((write or go_text)(value))
            if text not in ("", "null"):
                yield text


def trimmed(text: str) -> str:
    """Return a value without blanks and one pair of quotes around it."""
    text = text.strip(_BLANK)
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip(_BLANK)
    return text


def go_text(value: Any) -> str:
    """Return a value as Go prints it by `%v`: `[a b]`, `map[k:v]` with sorted keys."""
    return _go_text(value, _DEEPEST)


def _go_text(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "null" if depth == _DEEPEST else "<nil>"
    if depth and isinstance(value, list):
        return "[" + " ".join(_go_text(each, depth - 1) for each in value) + "]"
    if depth and isinstance(value, dict):
        keys = sorted(value, key=_bytes)
        return "map[" + " ".join(f"{key}:{_go_text(value[key], depth - 1)}" for key in keys) + "]"
    return json_text(value)


def json_text(value: Any) -> str:
    """Return a value as JSON: what clients sign that write nested values by their JSON library."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return msgspec.json.encode(value).decode()


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
