"""Types that msgspec reads, built by one thread at a time.

msgspec builds what it knows of a type when it first meets it, and shows it to others half built:
a second thread that meets the same type at that moment crashes the process.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_BUILT: set[Any] = set()
_LOCK = threading.Lock()


def built(kind: type[T]) -> type[T]:
    """Return the type, once msgspec knows all of it."""
    if kind not in _BUILT:
        with _LOCK:
            msgspec.json.Decoder(kind)
            _BUILT.add(kind)
    return kind
