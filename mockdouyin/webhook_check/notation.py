"""Notations of JSON: as Douyin writes it, and as it may write it some day."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Payload = dict[str, Any]
Writer = Callable[[Payload], bytes]


def compact(payload: Payload) -> bytes:
    """Encode as Douyin does: no spaces, raw UTF-8, keys in its order."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def spaced(payload: Payload) -> bytes:
    """Encode with a space after every comma and colon."""
    return json.dumps(payload, ensure_ascii=False).encode()


def escaped(payload: Payload) -> bytes:
    r"""Encode non-ASCII characters as \uXXXX."""
    return json.dumps(payload, separators=(",", ":")).encode()


def reordered(payload: Payload) -> bytes:
    """Encode the keys in reverse order."""
    return compact(dict(reversed(payload.items())))


def with_newline(payload: Payload) -> bytes:
    """Encode with a final newline, as Douyin's FAQ says that its own serialiser does."""
    return compact(payload) + b"\n"
