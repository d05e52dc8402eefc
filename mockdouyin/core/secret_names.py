"""Names of fields and headers whose values are secret."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_NAME_LENGTH = 64
"""Characters of a name that are examined, from its end: the last word tells what it is."""

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
_HEADER_SUFFIXES = ("token", "secret", "apikey", "appkey", "accesskey", "password")

_PUBLIC_HEADERS = frozenset(("access-token", "client-key", "byte-authorization"))
"""Headers of Douyin's own that a developer needs to see. A token in one is still masked by its
form, a client_key is not a secret, and a signature reveals nothing."""


@lru_cache(maxsize=4096)
def is_credential(name: str) -> bool:
    """Whether a field of this name holds a key, a password or another credential."""
    return _CREDENTIAL.fullmatch(name[-MAX_NAME_LENGTH:]) is not None


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Whether a field of this name is to be masked: a credential or a phone number."""
    return is_credential(name) or _PHONE.fullmatch(name[-MAX_NAME_LENGTH:]) is not None


@lru_cache(maxsize=4096)
def is_secret_header(name: str) -> bool:
    """Whether a header of this name looks like a key or a cookie, and not like a signature."""
    lower = name[-MAX_NAME_LENGTH:].lower()
    if lower in _PUBLIC_HEADERS:
        return False
    words = re.split("[-_]", lower)
    return is_secret(lower) or any(
        word in _HEADER_WORDS or word.endswith(_HEADER_SUFFIXES) for word in words
    )
