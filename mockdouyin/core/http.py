"""Our own request and reply: every door converts to and from these, once."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import msgspec

from mockdouyin.core.texts import Language

Headers = list[tuple[bytes, bytes]]


class Fault(StrEnum):
    """A way in which the wire fails; each door carries it out in its own way.

    连接出故障的方式。
    """

    RESET = "reset"
    """The connection is reset before any byte of the answer arrives.

    响应一个字节都没到，连接就被重置。"""
    CLOSE = "close"
    """The connection is closed in an orderly way before any byte of the answer arrives.

    响应一个字节都没到，连接就正常关闭。"""
    CUT = "cut"
    """The head and half of the body arrive; then the connection is closed.

    响应头和半个 body 到了，然后连接关闭。"""
    GARBAGE = "garbage"
    """Bytes arrive that are not HTTP.

    收到的字节不是 HTTP。"""
    HANG = "hang"
    """Nothing ever arrives: the client's own timeout has to end the call.

    什么都收不到，只能等客户端自己超时。"""


GARBAGE = b"\x00\x15\x03mockdouyin: this is no HTTP\r\n\r\n"
"""The bytes sent for `Fault.GARBAGE`."""


class Streamed(NamedTuple):
    """A long multipart body that a door parsed as it arrived; its files were not kept."""

    fields: dict[str, Any]
    length: int
    problem: str = ""
    """Why `fields` is incomplete, if it is."""


class Request(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One HTTP request. Header names are in lower case, as in ASGI."""

    method: str
    path: str
    query: bytes = b""
    headers: Headers = []
    body: bytes = b""
    world: str | None = None
    """The world named by URL prefix, header or proxy user, if any: it overrides credentials."""
    too_long: int = 0
    """The length of a body that exceeded the limit: it was read to its end and dropped."""
    streamed: Streamed | None = None
    """The parsed body, if `body` holds only its beginning."""
    host: str = ""
    """The host that the client called, if a door intercepted the connection."""

    def header(self, name: bytes) -> str:
        """Return the header's first value, or an empty string."""
        for key, value in self.headers:
            if key == name:
                return value.decode("latin-1")
        return ""


def single_slashes(path: str) -> str:
    """Return a path with each run of slashes as one, as servers read it."""
    while "//" in path:
        path = path.replace("//", "/")
    return path


class Page(NamedTuple):
    """A page for a person, as data; a door that serves browsers renders it."""

    name: str
    language: Language
    content: Any


class Reply(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One HTTP reply, with the fault and the delay that a door carries out."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    fault: Fault | None = None
    delay: float = 0.0
    """Seconds of real time that the door waits before it answers."""
    page: Page | None = None
    """The body as a page, for a door that can render it."""

    @property
    def half(self) -> bytes:
        """The half of the body that `Fault.CUT` lets through."""
        return self.body[: len(self.body) // 2]


class Handler(Protocol):
    """What a door passes requests to: a sandbox, a world, or one in another process."""

    def handle(self, request: Request) -> Reply:
        """Return the reply to a request."""


CallbackHandler = Callable[[Request, Callable[[Reply], None]], None]
"""Handles a request without blocking: returns at once, calls back with the reply later."""


JSON_TYPE = (b"content-type", b"application/json; charset=utf-8")
TEXT_TYPE = (b"content-type", b"text/plain; charset=utf-8")
ERROR_CODE = b"bd-tt-error-code"
"""The header in which the passport repeats its error number."""


def complaint(status: int, text: str) -> Reply:
    """Return a reply of mockdouyin's own, not of Douyin's: its text starts with `mockdouyin:`."""
    return Reply(status, f"mockdouyin: {text}\n".encode(), (TEXT_TYPE,))
