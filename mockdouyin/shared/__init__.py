"""Worlds that several processes share, on one machine or many: their state is in Redis."""

from mockdouyin.shared.link import Link, StoreAwayError
from mockdouyin.shared.sandbox import SharedSandbox

__all__ = ["Link", "SharedSandbox", "StoreAwayError"]
