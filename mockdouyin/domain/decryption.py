"""Decrypt what Douyin sealed; on failure, say which part is wrong and what it is instead.

Three ciphers reach a backend: `encryptedData` (AES-128 under the session_key), `encrypt_mobile`
(AES-256 under the client_secret) and the phone number by code (RSA under the app's public key).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from mockdouyin.core.crypto import BLOCK, mobile_key, open_aes_cbc
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.domain._error_texts import (
    AS_SHORT_AS_MOBILE,
    CUT_ON_THE_WAY,
    IV_LENGTH,
    IV_UNFIT,
    KEY_LENGTH,
    KEY_LIKE_SECRET,
    KEY_UNFIT,
    LOGGED_IN_AGAIN,
    LOGGED_IN_AGAIN_OR_RSA,
    MOBILE_AND_SECRET,
    NOT_A_MOBILE,
    NOT_BASE64,
    PART_TWICE_BASE64,
    PLUSES_LOST,
    PRIVATE_NOT_PEM,
    PRIVATE_NOT_RSA,
    PRIVATE_UNFIT,
    SEALED_WITH_OTHER,
    SECRET_LENGTH,
    SECRET_UNFIT,
    SPACE_FOR_PLUS,
    STILL_URL_ENCODED,
    SWAPPED,
    TWICE_BASE64,
    URL_SAFE,
)

RSA_SIZES = (128, 256, 384, 512)
"""Bytes of an RSA ciphertext, which is as long as its key."""

_SECRET = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{8})?")
_PHONE = re.compile(rb"[+]?[0-9]{5,20}")


class Parts(NamedTuple):
    """The three parts of a sealed profile or phone number, each in base64."""

    session_key: str
    iv: str
    data: str


def unseal(session_key: str, iv: str, data: str) -> bytes:
    """Decrypt an encryptedData; on failure, raise with the part that is wrong, and why."""
    parts = Parts(session_key, iv, data)
    plain = _decrypt(parts)
    if plain is None:
        raise MockDouyinError(_mix_up(parts) or _wrong_part(parts))
    return plain


def _wrong_part(parts: Parts) -> Text:
    """Return which part is wrong, and how."""
    try:
        key, iv, sealed = (_decode_base64(name, text) for name, text in parts._asdict().items())
    except MockDouyinError as error:
        return error.says
    if len(key) != BLOCK:
        return KEY_LENGTH(count=len(key))
    if len(iv) != BLOCK:
        return IV_LENGTH(count=len(iv))
    if not sealed or len(sealed) % BLOCK:
        return CUT_ON_THE_WAY(count=len(sealed))
    plain = open_aes_cbc(key, iv, sealed)
    # In CBC a wrong iv spoils the first block alone.
    if plain is not None and _is_text(plain[BLOCK:]):
        return IV_UNFIT()
    return KEY_UNFIT(why=_why_key(sealed))


def _why_key(sealed: bytes) -> Text:
    """Return what most often leads to a key that does not fit, by the length of the data."""
    if len(sealed) <= 2 * BLOCK:
        return AS_SHORT_AS_MOBILE(count=len(sealed))
    if len(sealed) in RSA_SIZES:
        return LOGGED_IN_AGAIN_OR_RSA(count=len(sealed))
    return LOGGED_IN_AGAIN()


def _mix_up(parts: Parts) -> Text:
    """Return how the parts were mixed up, if some mix-up of them decrypts."""
    for why, tried in _mix_ups(parts):
        if _decrypt(tried) is not None:
            return why
    if _SECRET.fullmatch(parts.session_key.strip()):
        if _decrypt_mobile(parts.session_key.strip(), parts.data) is not None:
            return MOBILE_AND_SECRET()
        return KEY_LIKE_SECRET()
    return NOTHING


def _mix_ups(parts: Parts) -> Iterator[tuple[Text, Parts]]:
    key, iv, data = parts
    yield SWAPPED(one="session_key", other="iv"), Parts(iv, key, data)
    yield SWAPPED(one="session_key", other="data"), Parts(data, iv, key)
    yield SWAPPED(one="iv", other="data"), Parts(key, data, iv)
    for name, text in parts._asdict().items():
        inner = _decode_twice(text)
        if inner is not None:
            yield PART_TWICE_BASE64(part=name), parts._replace(**{name: inner})
    yield (
        STILL_URL_ENCODED(),
        Parts(unquote(key), unquote(iv), unquote(data)),
    )
    yield (
        PLUSES_LOST(),
        Parts(key.replace(" ", "+"), iv.replace(" ", "+"), data.replace(" ", "+")),
    )
    yield (
        URL_SAFE(),
        Parts(*(text.replace("-", "+").replace("_", "/") for text in parts)),
    )


def _decode_twice(text: str) -> str | None:
    """Return the base64 inside a text that was encoded twice; None if it was not."""
    try:
        return base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None


def _decrypt(parts: Parts) -> bytes | None:
    """Decrypt an encryptedData; None if that fails."""
    try:
        key, iv, sealed = (base64.b64decode(text, validate=True) for text in parts)
    except (binascii.Error, ValueError):
        return None
    if len(key) != BLOCK or len(iv) != BLOCK:
        return None
    plain = open_aes_cbc(key, iv, sealed)
    return plain if plain is not None and _is_json(plain) else None


def unseal_mobile(client_secret: str, data: str) -> str:
    """Decrypt an encrypt_mobile with the client_secret; return the phone number."""
    sealed = _decode_base64("data", data)
    phone = _decrypt_mobile(client_secret, data)
    if phone is not None:
        return phone
    inner = _decode_twice(data)
    if inner is not None and _decrypt_mobile(client_secret, inner) is not None:
        raise MockDouyinError(TWICE_BASE64())
    if len(client_secret) < 32:
        raise MockDouyinError(SECRET_LENGTH(count=len(client_secret)))
    if not sealed or len(sealed) % BLOCK:
        raise MockDouyinError(CUT_ON_THE_WAY(count=len(sealed)))
    if len(sealed) > 2 * BLOCK:
        raise MockDouyinError(NOT_A_MOBILE(count=len(sealed)))
    raise MockDouyinError(SECRET_UNFIT())


def _decrypt_mobile(client_secret: str, data: str) -> str | None:
    try:
        sealed = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
    key = mobile_key(client_secret)
    plain = open_aes_cbc(key, key[:BLOCK], sealed)
    return plain.decode() if plain is not None and _PHONE.fullmatch(plain) else None


def unseal_phone_number(private_key: str, data: str) -> bytes:
    """Decrypt a phone number by code (get_phonenumber_info) with the app's RSA private key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(private_key.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise MockDouyinError(PRIVATE_NOT_PEM()) from None
    if not isinstance(key, RSAPrivateKey):
        raise MockDouyinError(PRIVATE_NOT_RSA())
    sealed, size = _decode_base64("data", data), key.key_size // 8
    if len(sealed) != size:
        inner = _decode_twice(data)
        if inner is not None and len(_decode_base64("data", inner)) == size:
            raise MockDouyinError(TWICE_BASE64())
        raise MockDouyinError(SEALED_WITH_OTHER(count=len(sealed), bits=key.key_size, size=size))
    try:
        plain = key.decrypt(sealed, PKCS1v15())
    except ValueError:
        plain = b""
    if not _is_json(plain):  # OpenSSL answers a wrong key with random bytes
        raise MockDouyinError(PRIVATE_UNFIT())
    return plain


def _decode_base64(part: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        hint = SPACE_FOR_PLUS() if " " in text else NOTHING
        raise MockDouyinError(NOT_BASE64(part=part, hint=hint)) from None


def _is_json(plain: bytes) -> bool:
    try:
        msgspec.json.decode(plain)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _is_text(tail: bytes) -> bool:
    """Whether the bytes are UTF-8, apart from the end of a character that began before them."""
    start = 0
    while start < min(3, len(tail)) and tail[start] & 0xC0 == 0x80:
        start += 1
    try:
        tail[start:].decode()
    except UnicodeDecodeError:
        return False
    return True
