"""Douyin's signatures and ciphers (AES, RSA, sha1, md5, hmac), exactly as clients check them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mockdouyin.core._error_texts import NOT_PEM, NOT_RSA, TOO_LONG_FOR_KEY
from mockdouyin.core.errors import MockDouyinError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

BLOCK = 16


@cache
def _cbc() -> Callable[[bytes, bytes], Any]:
    """Load cryptography on first use: it would slow down the start of a server."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    cached_aes = lru_cache(1024)(algorithms.AES)  # a session key is used more than once
    return lambda key, iv: Cipher(cached_aes(key), modes.CBC(iv))


_PADDING = [bytes((BLOCK - over,)) * (BLOCK - over) for over in range(BLOCK)]
"""The PKCS#7 padding by the number of bytes in the last block."""


def _aes_cbc(key: bytes, iv: bytes, plain: bytes) -> bytes:
    # `update` returns whole blocks at once, so `finalize` would return nothing.
    sealed: bytes = _cbc()(key, iv).encryptor().update(plain + _PADDING[len(plain) % BLOCK])
    return sealed


def seal(session_key: str, iv: bytes, plain: bytes) -> str:
    """Encrypt an encryptedData: AES-128-CBC with PKCS#7 and the session key, in base64."""
    sealed = _aes_cbc(binascii.a2b_base64(session_key), iv, plain)
    return binascii.b2a_base64(sealed, newline=False).decode()


def open_aes_cbc(key: bytes, iv: bytes, sealed: bytes) -> bytes | None:
    """Decrypt AES-CBC with PKCS#7; None if the padding is wrong, as with another key."""
    if not sealed or len(sealed) % BLOCK:
        return None
    plain: bytes = _cbc()(key, iv).decryptor().update(sealed)
    count = plain[-1]
    if not 1 <= count <= BLOCK or plain[-count:] != bytes((count,)) * count:
        return None
    return plain[:-count]


def seal_mobile(client_secret: str, phone: str) -> str:
    """Encrypt an encrypt_mobile: AES-256-CBC, the secret as key and its first half as IV."""
    key = mobile_key(client_secret)
    return base64.b64encode(_aes_cbc(key, key[:BLOCK], phone.encode())).decode()


def mobile_key(client_secret: str) -> bytes:
    """Return the AES-256 key of encrypt_mobile: the secret's first 32 characters, as text."""
    return client_secret.encode()[:32].ljust(32, b"0")


def user_info_signature(raw_data: str, session_key: str) -> str:
    """Sign rawData: sha1 over rawData and the session key as text, with nothing between."""
    return hashlib.sha1((raw_data + session_key).encode()).hexdigest()


def webhook_signature(secret: str, body: bytes) -> str:
    """Return the X-Douyin-Signature: sha1, not hmac, over the secret and the bytes sent."""
    return hashlib.sha1(secret.encode() + body).hexdigest()


def callback_signature(token: str, timestamp: str, nonce: str, msg: str) -> str:
    """Return the msg_signature of payment and message callbacks: sha1 over the sorted values."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce, msg))).encode()).hexdigest()


def push_signature(headers: Mapping[str, str], body: str, secret: str) -> str:
    """Return a message push's x-signature: base64 of md5 over sorted headers, body and secret."""
    signed = "&".join(sorted(f"{name}={value}" for name, value in headers.items()))
    return base64.b64encode(hashlib.md5((signed + body + secret).encode()).digest()).decode()


def wallet_signature(pay_secret: str, message: str) -> str:
    """Return the mp_sig of a mini-game's wallet calls: hmac-sha256 with the payment secret."""
    return hmac.new(pay_secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def js_signature(ticket: str, nonce_str: str, timestamp: str, url: str) -> str:
    """Sign for the JS SDK: md5 over the four, sorted, with the page's URL without its fragment."""
    page = url.partition("#")[0]
    text = f"jsapi_ticket={ticket}&nonce_str={nonce_str}&timestamp={timestamp}&url={page}"
    return hashlib.md5(text.encode()).hexdigest()


def share_signature(ticket: str, nonce_str: str, timestamp: str) -> str:
    """Sign an H5 share: md5 over nonce, open ticket and seconds; neither URL nor secret."""
    text = f"nonce_str={nonce_str}&ticket={ticket}&timestamp={timestamp}"
    return hashlib.md5(text.encode()).hexdigest()


def login_state_signatures(
    session_key: str, method: str, path: str, body: bytes
) -> tuple[str, str]:
    """Sign a user's login state by both rules: over the body, and over method, path and body.

    The key is the session key as text, and an empty body is left out. The mini-app docs give the
    first rule, the mini-game docs the second; both are in use, so both are accepted.
    """
    key = session_key.encode()
    older, newer = login_state_messages(method, path, body)
    return _hmac(key, older), _hmac(key, newer)


def login_state_messages(method: str, path: str, body: bytes) -> tuple[bytes, bytes]:
    """Return the message that each of the two rules signs."""
    newer = f"{method.lower()}&{quote(path, safe='')}".encode()
    if method != "POST":
        return b"", newer
    return body, newer + b"&" + body if body else newer


def _hmac(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def load_public_key(pem: str) -> RSAPublicKey:
    """Load an app's RSA public key; raise if the text is not one."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise MockDouyinError(NOT_PEM()) from None
    if not isinstance(key, RSAPublicKey):
        raise MockDouyinError(NOT_RSA())
    return key


def rsa_seal(public_key: str, plain: bytes, padding_source: Callable[[int], bytes]) -> str:
    """Encrypt with PKCS#1 v1.5, as phone numbers are; `padding_source` returns the padding."""
    key = load_public_key(public_key)
    numbers, size = key.public_numbers(), (key.key_size + 7) // 8
    room = size - len(plain) - 3
    if room < 8:
        raise MockDouyinError(TOO_LONG_FOR_KEY(count=len(plain), bits=key.key_size))
    padding = bytes(byte or 1 for byte in padding_source(room))
    block = b"\0\2" + padding + b"\0" + plain
    sealed = pow(int.from_bytes(block), numbers.e, numbers.n)
    return base64.b64encode(sealed.to_bytes(size)).decode()


def rsa_signature(private_key: str, message: bytes) -> str:
    """Sign with SHA-256 and RSA (PKCS#1 v1.5), as the trade system does; return base64."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    signed = _load_private_key(private_key).sign(message, PKCS1v15(), SHA256())
    return base64.b64encode(signed).decode()


@cache
def _load_private_key(pem: str) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key: RSAPrivateKey = load_pem_private_key(pem.encode(), None)  # type: ignore[assignment]
    return key
