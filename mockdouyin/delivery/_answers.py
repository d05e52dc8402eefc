"""The attempt that reports why no answer came."""

from __future__ import annotations

import os
import ssl

import h11

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.outbox import Attempt
from mockdouyin.core.texts import Text
from mockdouyin.delivery import _texts as texts
from mockdouyin.delivery._addresses import AddressError

MAX_ANSWER = 64 * 1024
"""Bytes of an answer's body that are read; receivers' answers are far shorter."""


class ConnectError(MockDouyinError):
    """Raised when no connection could be made; its cause is the operating system's error."""


def no_answer(error: BaseException, timeout: float) -> Attempt:
    """Return the attempt that reports an error."""
    if isinstance(error, AddressError):
        return Attempt(error=error.says, reached=False)
    if isinstance(error, TimeoutError):
        return Attempt(error=texts.TIMED_OUT(seconds=f"{timeout:g}"))
    if isinstance(error, ConnectError):
        return Attempt(error=texts.NO_CONNECTION(reason=_root_cause(error)), reached=False)
    return Attempt(error=_reason(error))


def _root_cause(error: BaseException) -> str:
    """Return the operating system's or OpenSSL's reason, which the event loop may wrap."""
    reason = str(error)
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ssl.SSLError):
            return str(inner)
        if isinstance(inner, OSError) and inner.errno:
            reason = os.strerror(inner.errno)
        inner = inner.__cause__ or inner.__context__
    return reason


def _reason(error: BaseException) -> Text:
    if isinstance(error, OSError):
        return texts.BROKEN_OFF()
    if isinstance(error, h11.RemoteProtocolError):
        text = str(error)
        # A receiver that closes is not a receiver that speaks something else, but h11 raises the
        # same class for both.
        if "disconnected" in text or "closed connection" in text:
            return texts.CLOSED()
        return texts.NOT_HTTP(reason=text)
    return texts.FAILED(error=f"{type(error).__name__}: {error}")
