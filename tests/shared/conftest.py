"""Replicas: sandboxes of one process that share a Redis as those of several machines do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockdouyin import ManualClock
from mockdouyin.shared import Link, SharedSandbox

Replica = Callable[..., SharedSandbox]


@pytest.fixture
def replica(redis_url: str) -> Iterator[Replica]:
    """Make one more replica."""
    made: list[SharedSandbox] = []

    def make(**given: Any) -> SharedSandbox:
        made.append(SharedSandbox(Link(redis_url), **{"clock": ManualClock, **given}))
        return made[-1]

    yield make
    for box in made:
        box.close()
