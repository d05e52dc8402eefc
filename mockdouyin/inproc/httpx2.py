"""The door for httpx2: `httpx2.Client(transport=transport(world))`, and AsyncClient the same."""

from __future__ import annotations

from mockdouyin.core.http import Handler
from mockdouyin.inproc import missing
from mockdouyin.inproc.transport import Door

try:
    import httpx2
except ImportError:
    raise missing("httpx2") from None


class Transport(Door, httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answers everything that is sent to it, whatever its host, from one world."""

    library = httpx2


def transport(world: Handler) -> Transport:
    """Give the transport that answers from a world, or from a sandbox by what is sent."""
    return Transport(world)
