"""Which names say that a value is secret: of fields, and of headers."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 64
"""Characters of a name that are looked at: its end tells what it is."""

_CREDENTIAL = re.compile(
    r"(?:.*-)?(?:"
    r"\w*secret(?:[-_]?key)?|\w*session[-_]?key|\w*(?:private|access|aes)[-_]?key"
    r"|\w*api[-_]?key|\w*passw(?:or)?d|pwd|passphrase|(?:set[-_]?)?cookies?"
    r"|(?:\w*_)?salt|(?:\w*_)?(?:auth|csrf|xsrf|bearer)[-_]?token"
    r")|(?:proxy-|x-[\w-]*)?authorization|x-[\w-]*(?:key|token|auth)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:.*-)?(?:(?:pure[-_]?)?phone(?:[-_]?number)?|mobile|tel(?:[-_]?number)?)", re.IGNORECASE
)

_HEADER_WORDS = frozenset(
    ("key", "auth", "authorization", "authentication", "cookie", "credential", "credentials")
    + ("session", "sessionid", "assertion", "jwt", "pwd", "passwd", "password")
)
_HEADER_ENDS = ("token", "secret", "apikey", "appkey", "accesskey", "password")

_OPEN_HEADERS = frozenset(("access-token", "client-key", "byte-authorization"))
"""Headers of Douyin's own that a developer has to see: tokens in them are hidden as tokens are
everywhere, a key is no secret, and a signature gives nothing away."""


@lru_cache(maxsize=4096)
def is_credential(name: str) -> bool:
    """Whether a field of this name holds a key, a password, or what counts as one."""
    return _CREDENTIAL.fullmatch(name[-LONGEST:]) is not None


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Whether a field of this name is not to be seen: a credential, or a phone number."""
    return is_credential(name) or _PHONE.fullmatch(name[-LONGEST:]) is not None


@lru_cache(maxsize=4096)
def is_secret_header(name: str) -> bool:
    """Whether a header of this name looks like a key or a cookie; signatures do not."""
    lower = name[-LONGEST:].lower()
    if lower in _OPEN_HEADERS:
        return False
    words = re.split("[-_]", lower)
    return is_secret(lower) or any(
        word in _HEADER_WORDS or word.endswith(_HEADER_ENDS) for word in words
    )
