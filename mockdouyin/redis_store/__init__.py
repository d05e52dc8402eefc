"""Worlds that several processes share, on one machine or many: their state is in Redis."""

from mockdouyin.redis_store.connection import Link, StoreAwayError
from mockdouyin.redis_store.sandbox import SharedSandbox

__all__ = ["Link", "SharedSandbox", "StoreAwayError"]
