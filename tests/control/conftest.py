"""Sandboxes for tests that hold in memory and in Redis alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockdouyin import Sandbox
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from tests.conftest import Servers
from tests.support.helpers import sandbox


@pytest.fixture(params=["memory", "redis"])
def box(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Sandbox]:
    """Yield a sandbox in memory, then one in Redis."""
    if request.param == "memory":
        yield sandbox()
        return
    redis = RedisConnection(servers("redis").url)
    yield SharedSandbox(redis)
    redis.close()
