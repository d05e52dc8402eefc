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

RSA_SIZES = (128, 256, 384, 512)
"""Bytes of an RSA ciphertext, which is as long as its key."""

_SECRET = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{8})?")
_PHONE = re.compile(rb"[+]?[0-9]{5,20}")

_AS_RETURNED = "take it as code2session returned it"


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


def _wrong_part(parts: Parts) -> str:
    """Return which part is wrong, and how."""
    try:
        key, iv, sealed = (_decode_base64(name, text) for name, text in parts._asdict().items())
    except MockDouyinError as error:
        return str(error)
    if len(key) != BLOCK:
        return f"the session_key is {len(key)} bytes after base64, it should be 16; {_AS_RETURNED}"
    if len(iv) != BLOCK:
        return f"the iv is {len(iv)} bytes after base64, it should be 16"
    if not sealed or len(sealed) % BLOCK:
        return (
            f"the data is {len(sealed)} bytes after base64, it should be a multiple of 16; it was"
            " cut on the way"
        )
    plain = open_aes_cbc(key, iv, sealed)
    # In CBC a wrong iv spoils the first block alone.
    if plain is not None and _is_text(plain[BLOCK:]):
        return (
            "the iv does not fit the data: it opens, but it is not JSON, as if its first 16 bytes"
            " were another's; take the iv that came with this encryptedData"
        )
    return f"the session_key does not fit the data: {_why_key(sealed)}"


def _why_key(sealed: bytes) -> str:
    """Return what most often leads to a key that does not fit, by the length of the data."""
    wrong = "what comes out is neither padded nor JSON"
    if len(sealed) <= 2 * BLOCK:
        return (
            f"{wrong}. The data is only {len(sealed)} bytes: encrypt_mobile is as short, which"
            " opens with --client-secret"
        )
    hint = (
        "The user has logged in again since (tt.login makes a new session_key), or the key is"
        " another user's"
    )
    if len(sealed) in RSA_SIZES:
        return (
            f"{wrong}. {hint}; or the data, {len(sealed)} bytes, is a phone number by code"
            " (get_phonenumber_info), which opens with --private-key"
        )
    return f"{wrong}. {hint}"


def _mix_up(parts: Parts) -> str:
    """Return how the parts were mixed up, if some mix-up of them decrypts."""
    for why, tried in _mix_ups(parts):
        if _decrypt(tried) is not None:
            return why
    if _SECRET.fullmatch(parts.session_key.strip()):
        if _decrypt_mobile(parts.session_key.strip(), parts.data) is not None:
            return (
                "the data is an encrypt_mobile, and the session_key a client_secret; open it with"
                " --client-secret"
            )
        return (
            "the session_key looks like a client_secret: 32 or 40 hex digits. It is 24 characters"
            f" of base64; {_AS_RETURNED}"
        )
    return ""


def _mix_ups(parts: Parts) -> Iterator[tuple[str, Parts]]:
    key, iv, data = parts
    yield "the session_key and the iv are swapped", Parts(iv, key, data)
    yield "the session_key and the data are swapped", Parts(data, iv, key)
    yield "the iv and the data are swapped", Parts(key, data, iv)
    for name, text in parts._asdict().items():
        inner = _decode_twice(text)
        if inner is not None:
            why = f"the {name} is base64 of base64: it was encoded twice"
            yield why, parts._replace(**{name: inner})
    yield (
        "the parts are still URL-encoded: %2B, %2F and %3D stand for +, / and =",
        Parts(unquote(key), unquote(iv), unquote(data)),
    )
    yield (
        "the + of base64 became a space on the way; URL-encode each value",
        Parts(key.replace(" ", "+"), iv.replace(" ", "+"), data.replace(" ", "+")),
    )
    yield (
        "the parts are in URL-safe base64 (- and _); Douyin's is the standard one (+ and /)",
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
        raise MockDouyinError("the data is base64 of base64: it was encoded twice")
    if len(client_secret) < 32:
        raise MockDouyinError(
            f"the client_secret has {len(client_secret)} characters; a web app's has 32, which are"
            " the key"
        )
    if not sealed or len(sealed) % BLOCK:
        raise MockDouyinError(
            f"the data is {len(sealed)} bytes after base64, it should be a multiple of 16; it was"
            " cut on the way"
        )
    if len(sealed) > 2 * BLOCK:
        raise MockDouyinError(
            f"the data is {len(sealed)} bytes, an encrypt_mobile 16 or 32; an encryptedData opens"
            " with --session-key and --iv, a phone number by code with --private-key"
        )
    raise MockDouyinError(
        "the client_secret does not fit the data: it is another app's, or it was reset since"
    )


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
        raise MockDouyinError(
            "the private key is not an unencrypted PEM private key; it begins with -----BEGIN"
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise MockDouyinError("the private key is not an RSA key")
    sealed, size = _decode_base64("data", data), key.key_size // 8
    if len(sealed) != size:
        inner = _decode_twice(data)
        if inner is not None and len(_decode_base64("data", inner)) == size:
            raise MockDouyinError("the data is base64 of base64: it was encoded twice")
        raise MockDouyinError(
            f"the data is {len(sealed)} bytes after base64, a key of {key.key_size} bits seals to"
            f" {size}: it was sealed with another key, or is not a phone number by code"
        )
    try:
        plain = key.decrypt(sealed, PKCS1v15())
    except ValueError:
        plain = b""
    if not _is_json(plain):  # OpenSSL answers a wrong key with random bytes
        raise MockDouyinError(
            "the private key does not fit the data: it is not the pair of the app's public_key"
        )
    return plain


def _decode_base64(part: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        hint = "; its + became a space on the way" if " " in text else ""
        raise MockDouyinError(f"the {part} is not base64{hint}") from None


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
