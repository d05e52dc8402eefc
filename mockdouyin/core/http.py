"""A request and its reply, in our own words: what every door converts to and from, once."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import msgspec

Headers = list[tuple[bytes, bytes]]


class Fault(StrEnum):
    """A way in which the wire fails; the door carries it out in its own manner."""

    RESET = "reset"
    """The connection is reset and no byte of the answer arrives."""
    CLOSE = "close"
    """The connection is closed in good order, with no byte of the answer."""
    CUT = "cut"
    """The head arrives and half of the body; then the connection is closed."""
    GARBAGE = "garbage"
    """Bytes arrive that are no HTTP."""
    HANG = "hang"
    """Nothing arrives, ever: the client's own timeout has to end it."""


GARBAGE = b"\x00\x15\x03mockdouyin: this is no HTTP\r\n\r\n"
"""What arrives where the answer is no HTTP."""


class Streamed(NamedTuple):
    """A long multipart body that a door read as it came, its files measured and not kept."""

    fields: dict[str, Any]
    length: int
    problem: str = ""
    """Why the fields are not all that it had, if they are not."""


class Request(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One HTTP request. Header names are lower case, as ASGI has them."""

    method: str
    path: str
    query: bytes = b""
    headers: Headers = []
    body: bytes = b""
    world: str | None = None
    """The world that the door was told, if it was: it goes before every credential."""
    too_long: int = 0
    """The length of a body that was read to its end but is over the limit, and was dropped."""
    streamed: Streamed | None = None
    """What the body held, where `body` is only its beginning."""
    host: str = ""
    """The host that the client meant, where the door knows it: it took the connection over."""

    def header(self, name: bytes) -> str:
        """Give the header's first value, or an empty string."""
        for key, value in self.headers:
            if key == name:
                return value.decode("latin-1")
        return ""


class Page(NamedTuple):
    """A page for a person, as data; a door that has people behind it renders it."""

    name: str
    language: str
    content: Any


class Reply(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One HTTP answer, with what should go wrong on its way."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    fault: Fault | None = None
    delay: float = 0.0
    """Seconds, in real time, that the door waits before it answers."""
    page: Page | None = None
    """What the body says, for a door that can show it better."""

    @property
    def half(self) -> bytes:
        """The half of the body that arrives when it is cut."""
        return self.body[: len(self.body) // 2]


class Handler(Protocol):
    """What a door leads to: a sandbox, a world of it, or one that is reached from afar."""

    def handle(self, request: Request) -> Reply:
        """Answer a request."""


CallbackHandler = Callable[[Request, Callable[[Reply], None]], None]
"""Handles a request without blocking: returns at once, calls back with the reply later."""


JSON_TYPE = (b"content-type", b"application/json; charset=utf-8")
TEXT_TYPE = (b"content-type", b"text/plain; charset=utf-8")
ERROR_CODE = b"bd-tt-error-code"
"""The name of the header in which the passport gives its number once more."""


def complaint(status: int, text: str) -> Reply:
    """Answer for mockdouyin itself, never for Douyin: text that starts with `mockdouyin:`."""
    return Reply(status, f"mockdouyin: {text}\n".encode(), (TEXT_TYPE,))
