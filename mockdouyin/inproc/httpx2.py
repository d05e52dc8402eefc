"""The door for httpx2: `httpx2.Client(transport=transport(world))`, and AsyncClient the same."""

from __future__ import annotations

from mockdouyin.core.http import Handler
from mockdouyin.inproc import missing
from mockdouyin.inproc._transport import WorldTransport

try:
    import httpx2
except ImportError:
    raise missing("httpx2") from None


class Httpx2Transport(WorldTransport, httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answers every request, whatever its host, from one world."""

    library = httpx2


def transport(world: Handler) -> Httpx2Transport:
    """Return a transport that answers from a world; a sandbox finds the world by the request."""
    return Httpx2Transport(world)
