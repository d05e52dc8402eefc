"""Mistakes that people make when they sign for sharing, told by the signature that comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import NamedTuple
from urllib.parse import quote


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
