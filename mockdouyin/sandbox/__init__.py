"""Worlds, and the one door inside: `Sandbox.handle(Request) -> Reply`.

Finds a request's world, lets triggers decide, calls the endpoint, commits, and writes the exchange
down. It is synchronous and knows no socket, no event loop and no file; who delivers webhooks and
renders pages is told to it.
"""

from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import World

__all__ = ["Sandbox", "World"]
