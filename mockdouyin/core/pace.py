"""How work that takes long lets other threads run in between: its caller passes a pace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

Pace: TypeAlias = Callable[[Iterable[Any]], Iterator[Any]]
"""Yields the same things, with pauses where that is due; `iter` makes none."""
