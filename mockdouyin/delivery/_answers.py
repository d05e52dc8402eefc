"""What came back from a receiver, or why nothing did, in words."""

from __future__ import annotations

import os
import ssl
from typing import NamedTuple

import h11
import httpx2

from mockdouyin.core.errors import MockDouyinError

MAX_ANSWER = 64 * 1024
"""Bytes of an answer's body that are read; what a receiver has to say is far shorter."""


class ConnectError(MockDouyinError):
    """Nobody took the connection; its cause is the operating system's reason."""


class ReceiverAnswer(NamedTuple):
    """What came back: an HTTP answer, or the reason why there is none."""

    status: int | None = None
    content_type: str = ""
    location: str = ""
    body: bytes = b""
    cut: bool = False
    """Whether the body went on beyond what is read."""
    error: str = ""
    reached: bool = True
    """Whether there was anybody to talk to."""
    took: float = 0.0
    """Seconds of real time."""

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


def no_answer(error: BaseException, timeout: float) -> ReceiverAnswer:
    """Tell why there is no answer, whichever way was taken to get one."""
    if isinstance(error, TimeoutError):
        return ReceiverAnswer(error=f"no complete answer within {timeout:g} s")
    if isinstance(error, ConnectError | httpx2.ConnectError):
        return ReceiverAnswer(error=f"no connection: {_cause(error)}", reached=False)
    return ReceiverAnswer(error=_why(error))


def _cause(error: BaseException) -> str:
    """Give the operating system's reason, which the layers above have wrapped up."""
    reason = str(error)
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ssl.SSLError):
            return str(inner)
        if isinstance(inner, OSError) and inner.errno:
            reason = os.strerror(inner.errno)
        inner = inner.__cause__ or inner.__context__
    return reason


def _why(error: BaseException) -> str:
    if isinstance(error, httpx2.ReadError | httpx2.WriteError | OSError):
        return "the connection was broken off before a complete answer came"
    if isinstance(error, httpx2.RemoteProtocolError | h11.RemoteProtocolError):
        text = str(error)
        if "disconnected" in text or "closed connection" in text:
            return "the connection was closed before a complete answer came"
        return f"what came is no HTTP: {text}"
    return f"{type(error).__name__}: {error}"
