"""A server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer


@pytest.fixture
def server() -> Iterator[ThreadedServer]:
    """Give a running server with a sandbox of its own."""
    with ThreadedServer() as running:
        yield running


@pytest.fixture
def http(server: ThreadedServer) -> Iterator[httpx.Client]:
    """Give an HTTP client of that server."""
    with httpx.Client(base_url=server.url, timeout=20) as client:
        yield client
