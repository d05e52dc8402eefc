"""How the values of a request of guaranteed payment (担保支付) are written where it is signed.

(Doc page: mini-app/develop/server/ecpay/APPENDIX/signature-algorithm; documented. That nested
values are written as Go prints them is seen in the official PHP demo; observed.)
"""

from __future__ import annotations

from typing import Any

import msgspec

UNSIGNED = ("app_id", "thirdparty_id", "sign", "other_settle_params")
"""The fields of a request that are not signed."""

_BLANK = "".join(
    (
        " \t\n\v\f\r\x85\xa0\u1680",
        *map(chr, range(0x2000, 0x200B)),
        "\u2028\u2029\u202f\u205f\u3000",
    )
)
"""What Go's TrimSpace takes away."""

_DEEPEST = 64
"""Levels of nesting that are written; msgspec reads many more."""


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
