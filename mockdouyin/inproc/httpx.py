"""The door for httpx: `httpx.Client(transport=transport(world))`, and AsyncClient the same."""

from __future__ import annotations

from mockdouyin.core.http import Handler
from mockdouyin.inproc import missing
from mockdouyin.inproc._transport import WorldTransport

try:
    import httpx
except ImportError:
    raise missing("httpx") from None


class HttpxTransport(WorldTransport, httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers every request, whatever its host, from one world."""

    library = httpx


def transport(world: Handler) -> HttpxTransport:
    """Return a transport that answers from a world; a sandbox finds the world by the request."""
    return HttpxTransport(world)
