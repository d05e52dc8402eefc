"""Acts: what happens in a world beside the requests of clients."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.links import Link
from mockdouyin.core.settings import encode
from mockdouyin.core.texts import NOTHING, Text

MAX_KEPT_VALUE = 64 * 1024
"""Bytes of what was given, and of the result, that the journal keeps; the rest is cut off."""

ATTEMPT = "delivery"
"""The kind of acts that are attempts to deliver."""


class Act(msgspec.Struct, kw_only=True, tag="act", gc=False):
    """One thing that a person, the platform or a tester did, other than a request of a client."""

    number: int
    time: float
    world: str
    kind: str
    """`phone.login`, `consent.allow`, `clock.advance`, `rule.add`, `delivery`, …"""
    says: Text
    """What happened, in one sentence."""
    app: str = ""
    """The client_key."""
    person: str = ""
    why: Text = NOTHING
    """Why it was refused, or failed."""
    rule: str = ""
    """The id of the rule that decided."""
    links: tuple[Link, ...] = ()
    delivery: str = ""
    """The id of the delivery that it is an attempt of, or sends again."""
    given: bytes = b""
    """What was asked for, as JSON cut to `MAX_KEPT_VALUE` bytes."""
    result: bytes = b""
    """What came of it, likewise."""
    size: int = 0
    """Approximate bytes of memory; computed when the act is written to the journal."""

    @property
    def is_attempt(self) -> bool:
        """Whether it is an attempt of the platform to deliver, recorded with what came back."""
        return self.kind == ATTEMPT

    @property
    def verdict(self) -> str:
        """`ok`, or `refused`."""
        return "refused" if self.why else "ok"


def kept(value: Any) -> bytes:
    """Return a value as an act keeps it: as JSON, or what Python calls it if it is no plain data.

    A test in this process may pass anything to a phone; it must not fail for want of a note.
    """
    if value is None:
        return b""
    try:
        return msgspec.json.encode(value, enc_hook=encode)[:MAX_KEPT_VALUE]
    except _NOT_PLAIN:
        return msgspec.json.encode(_name_of(value))[:MAX_KEPT_VALUE]


_NOT_PLAIN = (NotImplementedError, TypeError, ValueError, RecursionError)
"""What the encoder raises: for objects, numbers and keys that JSON has not, and for what is deep.

A UnicodeEncodeError, for half of a surrogate pair, is a ValueError.
"""


def _name_of(value: Any) -> str:
    try:
        return ascii(value)
    except (RecursionError, ValueError):  # a whole number of more digits than Python writes
        return type(value).__name__
