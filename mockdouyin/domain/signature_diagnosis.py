"""Common mistakes in signing, recognised by the signature that they lead to."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from mockdouyin.core.crypto import login_state_messages
from mockdouyin.core.texts import NOTHING, Text, TextTemplate
from mockdouyin.domain import _share_texts as texts


class Named(NamedTuple):
    """A name in the signed text, and the wrong one that is often written for it."""

    right: str
    wrong: str


def find(signature: str, parts: dict[str, str], often: Named) -> Text:
    """Return the mistake by which these parts lead to the signature; NOTHING if none does."""
    text = _joined(parts, sorted(parts))
    other = {often.wrong if name == often.right else name: parts[name] for name in parts}
    if signature.lower() == sign(parts):
        return texts.SIGNATURE_UPPER_CASE()
    if signature in (_sha1(text), _sha1(_joined(other, sorted(other)))):
        return texts.SIGNATURE_SHA1()
    for order in permutations(parts):
        if signature == _md5(_joined(parts, order)):
            return texts.SIGNATURE_UNSORTED(names=list(order))
    if signature == sign({name: quote(value, "") for name, value in parts.items()}):
        return texts.SIGNATURE_URL_ENCODED()
    for order in permutations(other):
        if signature == _md5(_joined(other, order)):
            return texts.SIGNATURE_OTHER_NAME(wrong=often.wrong, right=often.right)
    for mistake, stamp in _other_timestamps(parts["timestamp"]):
        if signature == sign({**parts, "timestamp": stamp}):
            return mistake()
    return NOTHING


def sign(parts: dict[str, str]) -> str:
    """Sign as Douyin does: MD5 over the parts, sorted by name."""
    return _md5(_joined(parts, sorted(parts)))


def _other_timestamps(stamp: str) -> Iterator[tuple[TextTemplate, str]]:
    """Yield a timestamp in the other unit: in seconds, or with every millisecond of its second."""
    if len(stamp) > 10:
        yield texts.SIGNATURE_OF_SECONDS, stamp[:10]
    else:
        for fraction in range(1000):
            yield texts.SIGNATURE_OF_MILLISECONDS, f"{stamp}{fraction:03}"


def _joined(parts: dict[str, str], order: Iterable[str]) -> str:
    return "&".join(f"{name}={parts[name]}" for name in order)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


class SignedCall(NamedTuple):
    """A call with a signature of the user's login state, and the keys that may have made it."""

    method: str
    path: str
    query: str
    body: bytes
    session_key: str
    other_keys: tuple[tuple[Text, str], ...] = ()
    """Wrong keys that the call may have been signed with, each with what it is."""


_MAX_BODY = 16 * 1024
"""Bytes of a body that is signed again in all the wrong ways; a longer one is not."""


def find_login_state(signature: str, call: SignedCall) -> Text:
    """Return the mistake that leads to this signature; NOTHING if none is known."""
    if len(call.body) > _MAX_BODY:
        return NOTHING
    given = signature.strip()
    for why, result in _login_state_recipes(call):
        if given in (result, result.upper()):
            return why
    return NOTHING


def _login_state_recipes(call: SignedCall) -> Iterator[tuple[Text, str]]:
    """Yield each known mistake with the signature that it leads to."""
    key = call.session_key.encode()
    rules = login_state_messages(call.method, call.path, call.body)
    for message in rules:
        yield from _other_algorithms(key, message)
    for name, other in _other_keys(call):
        for message in rules:
            yield texts.LOGIN_SIGNATURE_OTHER_KEY(key=name), _hmac(other, message, "sha256")
    for why, message in _other_messages(call):
        yield why, _hmac(key, message, "sha256")


def _other_algorithms(key: bytes, message: bytes) -> Iterator[tuple[Text, str]]:
    right = hmac.new(key, message, hashlib.sha256).digest()
    yield texts.LOGIN_SIGNATURE_BASE64(), base64.b64encode(right).decode()
    for name in ("sha1", "md5", "sha512"):
        why = texts.LOGIN_SIGNATURE_OTHER_HMAC(algorithm=name.upper())
        yield why, _hmac(key, message, name)
    yield texts.LOGIN_SIGNATURE_SWAPPED(), _hmac(message, key, "sha256")
    for name in ("sha256", "sha1", "md5"):
        why = texts.LOGIN_SIGNATURE_PLAIN_HASH(algorithm=name.upper())
        for text in (message + key, key + message):
            yield why, hashlib.new(name, text).hexdigest()


def _other_keys(call: SignedCall) -> Iterator[tuple[Text, bytes]]:
    try:
        decoded = base64.b64decode(call.session_key, validate=True)
        yield texts.SESSION_KEY_DECODED(), decoded
    except (binascii.Error, ValueError):
        pass  # this session_key is not base64: nobody can have decoded it
    for name, other in call.other_keys:
        yield name, other.encode()


def _other_messages(call: SignedCall) -> Iterator[tuple[Text, bytes]]:
    method, path, body = call.method, call.path, call.body
    post = b"&" + body if method == "POST" and body else b""
    lower, upper = method.lower(), method.upper()
    encoded = quote(path, safe="")
    for verb, place, template in (
        (upper, encoded, texts.SIGN_METHOD_LOWER),
        (lower, path, texts.SIGN_PATH_ENCODED),
        (upper, path, texts.SIGN_METHOD_LOWER_PATH_ENCODED),
        (lower, encoded.lower(), texts.SIGN_PATH_UPPER_ESCAPES),
        (lower, quote(f"{path}?{call.query}", safe=""), texts.SIGN_PATH_WITHOUT_QUERY),
        (lower, quote(path.strip("/"), safe=""), texts.SIGN_PATH_WITH_SLASHES),
    ):
        why = template()
        yield why, f"{verb}&{place}".encode() + post
        yield texts.SIGN_BODY_TOO(why=why), f"{verb}&{place}".encode()
    yield texts.SIGN_BODY(), f"{lower}&{encoded}".encode()
    yield texts.SIGNED_NOTHING(), b""
    yield texts.SIGNED_QUERY(), call.query.encode()
    yield texts.SIGNED_EMPTY_OBJECT(), b"{}"
    why = texts.SIGNED_OTHER_SPELLING()
    for spelled in _spellings(body):
        yield why, spelled
        yield why, f"{lower}&{encoded}&".encode() + spelled


def _spellings(body: bytes) -> Iterator[bytes]:
    """Yield a JSON body as other serializers write it: with spaces, sorted, escaped, indented."""
    yield body.strip()
    yield body + b"\n"
    try:
        value = msgspec.json.decode(body)
        for order in (None, "sorted"):
            compact = msgspec.json.encode(value, order=order)
            yield compact
            yield msgspec.json.format(compact, indent=0)
            yield from (msgspec.json.format(compact, indent=indent) for indent in (2, 4))
            yield _escaped(compact)
            yield _escaped(msgspec.json.format(compact, indent=0))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return


def _escaped(text: bytes) -> bytes:
    """Escape what is not ASCII, as Python's json does."""
    return "".join(
        c if c < "\x80" else "".join(f"\\u{unit:04x}" for unit in _utf16(c)) for c in text.decode()
    ).encode()


def _utf16(character: str) -> Iterator[int]:
    data = character.encode("utf-16-be")
    return (int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))


def _hmac(key: bytes, message: bytes, name: str) -> str:
    return hmac.new(key, message, name).hexdigest()
