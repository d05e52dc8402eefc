"""A server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockdouyin.server.serving import ThreadedServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedServer]:
    """Yield a running server that commands find by themselves."""
    with ThreadedServer() as running:
        monkeypatch.setenv("MOCKDOUYIN_URL", running.url)
        yield running
