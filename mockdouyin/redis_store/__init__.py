"""Worlds that several processes share: records, journals and outboxes in Redis or Valkey.

Exports `SharedSandbox`, `RedisConnection` and its error. Endpoints and operations run unchanged: a
transaction that lacks a record is computed again once the record has been fetched. Knows nothing
of HTTP.
"""

from mockdouyin.redis_store._availability import StoreAwayError
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._sandbox import SharedSandbox

__all__ = ["RedisConnection", "SharedSandbox", "StoreAwayError"]
