"""Signing requests of guaranteed payment, as a client does: apart from what checks them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from mockdouyin.domain.signatures._values import UNSIGNED, go_text, trimmed


def sign(params: Mapping[str, Any], salt: str) -> str:
    """Return the `sign` of a request: MD5 over values and SALT, in the order of their bytes."""
    written = [trimmed(go_text(value)) for name, value in params.items() if name not in UNSIGNED]
    values = [salt, *(each for each in written if each not in ("", "null"))]
    return hashlib.md5("&".join(sorted(values, key=_bytes)).encode()).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
