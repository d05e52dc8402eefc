"""Rows of the table with their goals, and the measurements of a run."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Literal, NamedTuple


class Goal(NamedTuple):
    """A bound for a row's median."""

    sign: Literal["≥", "≤"]
    bound: float
    unit: str

    def __str__(self) -> str:
        return f"{self.sign} {number(self.bound)} {self.unit}"

    def kept_by(self, value: float) -> bool:
        """Whether the value is within the bound."""
        return value >= self.bound if self.sign == "≥" else value <= self.bound

    def best(self, values: Sequence[float]) -> float:
        """Return the best of several values."""
        return max(values) if self.sign == "≥" else min(values)


class Row(NamedTuple):
    """One line of the table."""

    name: str
    what: str
    goal: Goal | None = None
    """None for a contender, which is only there for comparison."""
    unit: str = "×"
    less: bool = False
    """Whether smaller is better; only for rows without a goal."""

    def best(self, values: Sequence[float]) -> float:
        """Return the best of several values."""
        if self.goal is not None:
            return self.goal.best(values)
        return min(values) if self.less else max(values)


class Measured(NamedTuple):
    """The result of a row in one run: a value per round, or the reason why there is none."""

    row: str
    values: tuple[float, ...] = ()
    note: str = ""
    skipped: str = ""

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return median(self.values)


def at_least(bound: float, unit: str = "×") -> Goal:
    """Return a goal for which more is better."""
    return Goal("≥", bound, unit)


def at_most(bound: float, unit: str) -> Goal:
    """Return a goal for which less is better."""
    return Goal("≤", bound, unit)


def number(value: float) -> str:
    """Return a number as text, with no more digits than useful."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    """Return ratios per round: a disturbance of a round hit both sides."""
    return tuple(a / b for a, b in zip(ours, theirs, strict=True) if b)
