"""Build msgspec's information about a type in one thread at a time.

msgspec builds it when it first meets a type, and other threads see it half built: a second thread
that decodes the same type at that moment crashes the process.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_BUILT: set[Any] = set()
_LOCK = threading.Lock()


def thread_safe(kind: type[T]) -> type[T]:
    """Return the type, safe to decode in any thread: msgspec knows all of it by then."""
    if kind not in _BUILT:
        with _LOCK:
            msgspec.json.Decoder(kind)
            _BUILT.add(kind)
    return kind
