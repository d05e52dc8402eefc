"""Fixtures of all tests: a Redis for those that share worlds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockdouyin.shared.link import Link
from tests.redis_server import RedisServer


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Give a Redis that runs as long as the tests do."""
    server = RedisServer().start()
    yield server
    server.close()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Give the address of an empty Redis."""
    link = Link(redis_server.url)
    link.one("FLUSHALL")
    link.close()
    return redis_server.url
