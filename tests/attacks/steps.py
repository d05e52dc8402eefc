"""How much work something is, in steps that are the same on any machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, SupportsIndex


def steps(act: Callable[[], object]) -> int:
    """Count the lines of Python that are run, in whatever module; a trace is what counts them."""
    count = 0

    def line(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


class Searched(bytearray):
    """Bytes that count how many of them were looked at by searches."""

    looked_at = 0

    def find(
        self, sub: Any, start: SupportsIndex | None = None, end: SupportsIndex | None = None
    ) -> int:
        """Find, and count from where the search began to where it ended."""
        begin = 0 if start is None else int(start)
        last = len(self) if end is None else min(int(end), len(self))
        found = super().find(sub, start, end)
        Searched.looked_at += max(0, (last if found < 0 else found + len(sub)) - begin)
        return found
