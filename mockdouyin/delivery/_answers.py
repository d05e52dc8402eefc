"""A receiver's answer, or the reason why there is none."""

from __future__ import annotations

import os
import ssl
from typing import NamedTuple

import h11
import httpx2

from mockdouyin.core.errors import MockDouyinError

MAX_ANSWER = 64 * 1024
"""Bytes of an answer's body that are read; receivers' answers are far shorter."""


class ConnectError(MockDouyinError):
    """Raised when no connection could be made; its cause is the operating system's error."""


class ReceiverAnswer(NamedTuple):
    """An HTTP answer, or an error where none came."""

    status: int | None = None
    content_type: str = ""
    location: str = ""
    body: bytes = b""
    truncated: bool = False
    """Whether the body was longer than MAX_ANSWER."""
    error: str = ""
    reached: bool = True
    """Whether a connection was made."""
    took: float = 0.0
    """Seconds of real time."""

    @property
    def accepted(self) -> bool:
        """Whether the receiver accepted the message: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


def no_answer(error: BaseException, timeout: float) -> ReceiverAnswer:
    """Return the answer that reports an error of either sender."""
    if isinstance(error, TimeoutError):
        return ReceiverAnswer(error=f"no complete answer within {timeout:g} s")
    if isinstance(error, ConnectError | httpx2.ConnectError):
        return ReceiverAnswer(error=f"no connection: {_root_cause(error)}", reached=False)
    return ReceiverAnswer(error=_reason(error))


def _root_cause(error: BaseException) -> str:
    """Return the operating system's or OpenSSL's reason, which httpx2 and anyio wrap."""
    reason = str(error)
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ssl.SSLError):
            return str(inner)
        if isinstance(inner, OSError) and inner.errno:
            reason = os.strerror(inner.errno)
        inner = inner.__cause__ or inner.__context__
    return reason


def _reason(error: BaseException) -> str:
    if isinstance(error, httpx2.ReadError | httpx2.WriteError | OSError):
        return "the connection was broken off before a complete answer came"
    if isinstance(error, httpx2.RemoteProtocolError | h11.RemoteProtocolError):
        text = str(error)
        # A receiver that closes is not a receiver that speaks something else, but httpx2 and h11
        # raise the same class for both.
        if "disconnected" in text or "closed connection" in text:
            return "the connection was closed before a complete answer came"
        return f"the answer is not valid HTTP: {text}"
    return f"{type(error).__name__}: {error}"
