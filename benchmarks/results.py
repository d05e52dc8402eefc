"""What is measured: rows with their goals, and what came out of a run."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Literal, NamedTuple


class Goal(NamedTuple):
    """A bound that a row's median has to keep."""

    sign: Literal["≥", "≤"]
    bound: float
    unit: str

    def __str__(self) -> str:
        return f"{self.sign} {number(self.bound)} {self.unit}"

    def kept_by(self, value: float) -> bool:
        """Whether the value is within the bound."""
        return value >= self.bound if self.sign == "≥" else value <= self.bound

    def best(self, values: Sequence[float]) -> float:
        """Give the best of several values."""
        return max(values) if self.sign == "≥" else min(values)


class Row(NamedTuple):
    """One line of the table."""

    name: str
    what: str
    goal: Goal | None = None
    """None for a contender, which is there to compare with."""
    unit: str = "×"
    less: bool = False
    """Whether less of it is better, where no goal says so."""

    def best(self, values: Sequence[float]) -> float:
        """Give the best of several values."""
        if self.goal is not None:
            return self.goal.best(values)
        return min(values) if self.less else max(values)


class Measured(NamedTuple):
    """What one run found out about a row: a value for each round, or why there is none."""

    row: str
    values: tuple[float, ...] = ()
    note: str = ""
    skipped: str = ""

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return median(self.values)


def at_least(bound: float, unit: str = "×") -> Goal:
    """Make a goal that more is better for."""
    return Goal("≥", bound, unit)


def at_most(bound: float, unit: str) -> Goal:
    """Make a goal that less is better for."""
    return Goal("≤", bound, unit)


def number(value: float) -> str:
    """Write a number as short as is useful."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    """Compare round by round: what disturbed a round disturbed both."""
    return tuple(a / b for a, b in zip(ours, theirs, strict=True) if b)
