"""The event loop: uvloop's where it is installed."""

from __future__ import annotations

import asyncio


def new_loop() -> asyncio.AbstractEventLoop:
    """Return a new event loop."""
    try:
        import uvloop  # it cannot be installed on Windows
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
