"""Webhooks on their way out: address checks, the sender, and the dispatcher.

A URL is resolved once and the address that was checked is the one that is dialled. Link-local
and metadata addresses are always refused, and redirects are not followed. This package needs no
server.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mockdouyin.delivery.dispatcher import Dispatcher

if TYPE_CHECKING:
    from mockdouyin.delivery._addresses import (
        AddressError,
        CheckedTarget,
        check_address,
        checked_host,
    )
    from mockdouyin.delivery._answers import MAX_ANSWER
    from mockdouyin.delivery.sender import Sender

_MODULES = {
    "AddressError": "_addresses",
    "CheckedTarget": "_addresses",
    "MAX_ANSWER": "_answers",
    "Sender": "sender",
    "check_address": "_addresses",
    "checked_host": "_addresses",
}

__all__ = [
    "MAX_ANSWER",
    "AddressError",
    "CheckedTarget",
    "Dispatcher",
    "Sender",
    "check_address",
    "checked_host",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use.

    A dispatcher is made for every test, but needs asyncio and httpx2, which take about 90 ms to
    import, only once there is something to post.
    """
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
