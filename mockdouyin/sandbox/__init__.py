"""Worlds, and the single entry point for requests: `Sandbox.handle(Request) -> Reply`.

Finds a request's world, applies triggers, calls the endpoint, commits, and records the exchange.
It is synchronous and uses no socket, event loop or file; what delivers webhooks and renders pages
is passed in.
"""

from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import World

__all__ = ["Sandbox", "World"]
