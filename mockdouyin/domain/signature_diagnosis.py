"""Mistakes that people make when they sign, told by the signature that comes out."""

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


class Named(NamedTuple):
    """A name in the signed text, and the wrong one that people write there."""

    right: str
    wrong: str


def find(signature: str, parts: dict[str, str], often: Named) -> str:
    """Name the mistake by which these parts give the signature; empty where none does."""
    text = _joined(parts, sorted(parts))
    other = {often.wrong if name == often.right else name: parts[name] for name in parts}
    if signature.lower() == sign(parts):
        return "it is in upper case; the platform's is lower-case hex"
    if signature in (_sha1(text), _sha1(_joined(other, sorted(other)))):
        return "it is SHA1, as in WeChat; the platform's is MD5"
    for order in permutations(parts):
        if signature == _md5(_joined(parts, order)):
            return f"the parts are unsorted: {', '.join(order)}; sort them by name"
    if signature == sign({name: quote(value, "") for name, value in parts.items()}):
        return "it was signed over URL-encoded values; sign them as they are, encode them after"
    for order in permutations(other):
        if signature == _md5(_joined(other, order)):
            return f"the signed text says {often.wrong}=…; here the name is {often.right}"
    for unit, stamp in _other_stamps(parts["timestamp"]):
        if signature == sign({**parts, "timestamp": stamp}):
            return f"it was signed over the timestamp in {unit}, and another one was sent"
    return ""


def sign(parts: dict[str, str]) -> str:
    """Sign as Douyin does: MD5 over the parts, sorted by name."""
    return _md5(_joined(parts, sorted(parts)))


def _other_stamps(stamp: str) -> Iterator[tuple[str, str]]:
    """Give the other spellings of a moment: in seconds, and with every millisecond of one."""
    if len(stamp) > 10:
        yield "seconds", stamp[:10]
    else:
        for fraction in range(1000):
            yield "milliseconds", f"{stamp}{fraction:03}"


def _joined(parts: dict[str, str], order: Iterable[str]) -> str:
    return "&".join(f"{name}={parts[name]}" for name in order)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


class SignedCall(NamedTuple):
    """A call that carries a signature of the user's login state, and what could have made it."""

    method: str
    path: str
    query: str
    body: bytes
    session_key: str
    other_keys: tuple[tuple[str, str], ...] = ()
    """What else the call may have been signed with: a name for it, and the key."""


_LONGEST = 16 * 1024
"""Bytes of a body up to which it is signed again in all the wrong ways."""


def find_login_state(signature: str, call: SignedCall) -> str:
    """Return the known wrong recipe that gives this signature; empty if there is none."""
    if len(call.body) > _LONGEST:
        return ""
    given = signature.strip()
    for why, made in _login_state_recipes(call):
        if given in (made, made.upper()):
            return why
    return ""


def _login_state_recipes(call: SignedCall) -> Iterator[tuple[str, str]]:
    """Yield each known mistake with the signature that it gives."""
    key = call.session_key.encode()
    rules = login_state_messages(call.method, call.path, call.body)
    for message in rules:
        yield from _other_algorithms(key, message)
    for name, other in _other_keys(call):
        for message in rules:
            yield f"it is signed with {name}", _hmac(other, message, "sha256")
    for why, message in _other_messages(call):
        yield why, _hmac(key, message, "sha256")


def _other_algorithms(key: bytes, message: bytes) -> Iterator[tuple[str, str]]:
    right = hmac.new(key, message, hashlib.sha256).digest()
    yield "it is in base64; the platform's is lower-case hex", base64.b64encode(right).decode()
    for name in ("sha1", "md5", "sha512"):
        yield (
            f"it is HMAC-{name.upper()}; the platform's is HMAC-SHA256",
            _hmac(key, message, name),
        )
    yield (
        "key and message are swapped: the key of the HMAC is the session_key",
        _hmac(message, key, "sha256"),
    )
    for name in ("sha256", "sha1", "md5"):
        why = f"it is a plain {name.upper()} over body and session_key; the platform's is an HMAC"
        for text in (message + key, key + message):
            yield why, hashlib.new(name, text).hexdigest()


def _other_keys(call: SignedCall) -> Iterator[tuple[str, bytes]]:
    try:
        decoded = base64.b64decode(call.session_key, validate=True)
        yield "the session_key decoded from base64; it is used as the text that it is", decoded
    except (binascii.Error, ValueError):
        pass  # this key is not in base64
    for name, other in call.other_keys:
        yield name, other.encode()


def _other_messages(call: SignedCall) -> Iterator[tuple[str, bytes]]:
    method, path, body = call.method, call.path, call.body
    post = b"&" + body if method == "POST" and body else b""
    for verb, place, why in (
        (method.upper(), quote(path, safe=""), "the method is signed in lower case"),
        (method.lower(), path, "the path is URL-encoded before it is signed: %2F for each slash"),
        (method.upper(), path, "the method is signed in lower case, and the path URL-encoded"),
        (method.lower(), quote(path, safe="").lower(), "the path's escapes are upper case: %2F"),
        (
            method.lower(),
            quote(f"{path}?{call.query}", safe=""),
            "only the path is signed, without its query",
        ),
        (method.lower(), quote(path.strip("/"), safe=""), "the path is signed with its slashes"),
    ):
        yield why, f"{verb}&{place}".encode() + post
        yield f"{why}; and the body belongs into it", f"{verb}&{place}".encode()
    yield (
        "the body is missing from what was signed",
        f"{method.lower()}&{quote(path, safe='')}".encode(),
    )
    yield "nothing was signed; a POST is signed over its body", b""
    yield "it is signed over the query; a GET is signed over nothing", call.query.encode()
    yield "it is signed over {}; a GET is signed over nothing", b"{}"
    why = "it is signed over another spelling of the body; sign the very bytes that are sent"
    for spelled in _spellings(body):
        yield why, spelled
        yield why, f"{method.lower()}&{quote(path, safe='')}&".encode() + spelled


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
    """Spell what is not ASCII as Python's json does."""
    return "".join(
        c if c < "\x80" else "".join(f"\\u{unit:04x}" for unit in _utf16(c)) for c in text.decode()
    ).encode()


def _utf16(character: str) -> Iterator[int]:
    data = character.encode("utf-16-be")
    return (int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))


def _hmac(key: bytes, message: bytes, name: str) -> str:
    return hmac.new(key, message, name).hexdigest()
