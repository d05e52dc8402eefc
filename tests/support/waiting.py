"""Waiting for a condition, with a time limit that fails the test."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMEOUT = 20.0
"""Seconds after which a condition is taken never to come true."""


def until(condition: Callable[[], object], what: str, timeout: float = TIMEOUT) -> None:
    """Wait until a condition holds; fail if it does not in time."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout:g} s in vain for {what}"
        time.sleep(0.005)
