"""Webhooks on their way out: address checks, reused connections, and the dispatcher.

A URL is resolved once and the address that was checked is the one that is dialled. Link-local
and metadata addresses are always refused, and redirects are not followed. This package needs no
server.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockdouyin.delivery._addresses import (
        AddressError,
        CheckedTarget,
        check_address,
        checked_host,
    )
    from mockdouyin.delivery._answers import MAX_ANSWER, ReceiverAnswer
    from mockdouyin.delivery._async_sender import AsyncSender, CheckedTransport
    from mockdouyin.delivery._connection import Connection, Deadline, tls_context

_MODULES = {
    "AddressError": "_addresses",
    "AsyncSender": "_async_sender",
    "CheckedTarget": "_addresses",
    "CheckedTransport": "_async_sender",
    "Connection": "_connection",
    "Deadline": "_connection",
    "MAX_ANSWER": "_answers",
    "ReceiverAnswer": "_answers",
    "check_address": "_addresses",
    "checked_host": "_addresses",
    "tls_context": "_connection",
}

__all__ = [
    "MAX_ANSWER",
    "AddressError",
    "AsyncSender",
    "CheckedTarget",
    "CheckedTransport",
    "Connection",
    "Deadline",
    "ReceiverAnswer",
    "check_address",
    "checked_host",
    "tls_context",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use.

    The server imports the dispatcher at startup, but needs httpx2, which takes about 50 ms to
    import, only once there is something to post.
    """
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
