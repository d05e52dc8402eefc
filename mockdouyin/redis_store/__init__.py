"""Worlds that several processes share: records, journals and outboxes in Redis or Valkey.

Offers `SharedSandbox` and `RedisConnection`. It changes no endpoint and no operation: a
transaction that lacks a record is computed again once it was fetched. It knows no HTTP.
"""

from mockdouyin.redis_store._connection import RedisConnection, StoreAwayError
from mockdouyin.redis_store._sandbox import SharedSandbox

__all__ = ["RedisConnection", "SharedSandbox", "StoreAwayError"]
