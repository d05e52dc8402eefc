"""A world's clock, durations such as `2h1m`, and times in Beijing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from mockdouyin.core._error_texts import CLOCK_RANGE, DURATION_TEXT, NOT_A_DURATION, NOT_A_TIME
from mockdouyin.core.errors import MockDouyinError

BEIJING = timezone(timedelta(hours=8))

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

BEIJING_AHEAD = 8 * HOUR
"""Seconds by which Beijing is ahead of UTC."""

MAX_TIME = 253_000_000_000.0
"""The latest time that a clock can show, in the year 9987."""

_MAX_DURATION = 60
"""Characters of a duration's text."""

_FIRST_SECOND, _LAST_SECOND = -62_135_596_800.0, 253_402_271_999.0
"""The first second of the year 1 and the last of 9999 in Beijing, the bounds of `datetime`."""

_UNITS = {"ms": 0.001, "s": 1.0, "m": MINUTE, "h": HOUR, "d": DAY}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def parse_duration(text: str | float) -> float:
    """Return the seconds in `90s`, `5m`, `2h1m`, `15d`, `200ms`, or a bare number of seconds."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        seen = str(text)[:_MAX_DURATION]
        raise MockDouyinError(DURATION_TEXT(seen=seen))
    seconds = -1.0
    if not isinstance(text, str):
        seconds = float(text) if abs(text) < MAX_TIME else MAX_TIME  # a huge int does not fit
    elif len(text) <= _MAX_DURATION and _DURATION.fullmatch(compact := text.replace(" ", "")):
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(compact))
    if 0 <= seconds < MAX_TIME:
        return seconds
    shown = repr(text[:_MAX_DURATION] if isinstance(text, str) else text)
    raise MockDouyinError(NOT_A_DURATION(shown=shown))


def format_duration(seconds: float) -> str:
    """Return the shortest text that `parse_duration` reads back, rounded to the millisecond."""
    left = round(seconds * 1000)
    parts = []
    for unit, size in (("d", 86400000), ("h", 3600000), ("m", 60000), ("s", 1000), ("ms", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def parse_time(text: str) -> float:
    """Return the Unix time of an ISO 8601 time; without a zone it is Beijing's."""
    try:
        parsed = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise MockDouyinError(NOT_A_TIME(text=str(text))) from None
    return _in_range((parsed if parsed.tzinfo else parsed.replace(tzinfo=BEIJING)).timestamp())


def _in_range(now: float) -> float:
    """Return the time if a clock can show it, else raise."""
    if 0 <= now < MAX_TIME:
        return now
    raise MockDouyinError(CLOCK_RANGE())


def beijing(now: float) -> datetime:
    """Return the time in Beijing, clamped to the years 1 to 9999: a lifetime may end later."""
    clamped = max(_FIRST_SECOND, min(now, _LAST_SECOND))
    return datetime.fromtimestamp(clamped, UTC).astimezone(BEIJING)


def day_of(now: float) -> int:
    """Return the number of the day in Beijing, counted from 1970."""
    return int((now + BEIJING_AHEAD) // DAY)


def day_begins(day: int) -> float:
    """Return the time at which a numbered day begins in Beijing."""
    return day * DAY - BEIJING_AHEAD


def date_text(day: int) -> str:
    """Format a numbered day as `2026-11-20`."""
    return f"{beijing(day_begins(day)):%Y-%m-%d}"


def iso(now: float) -> str:
    """Format a time as the control API does: `2026-11-20T12:00:00+08:00`."""
    part = now % 1
    if not part:
        return _iso_second(now) + "+08:00"
    # Rounded to the microsecond and cut to the millisecond, as `datetime` does.
    micros = round(part * 1e6)
    second = now - part + (micros == 1_000_000)
    return f"{_iso_second(second)}.{micros % 1_000_000 // 1000:03d}+08:00"


@lru_cache(maxsize=1024)
def _iso_second(second: float) -> str:
    """Format a whole second: lists show many of the same."""
    return beijing(second).isoformat(timespec="seconds").removesuffix("+08:00")


class Clock:
    """The clock of one world: real time plus an offset, or frozen."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0
        self._frozen_at: float | None = None
        self._stamped_second = -1
        self._stamp = ""

    @property
    def frozen(self) -> bool:
        """Whether time stands still until the clock is advanced or resumed."""
        return self._frozen_at is not None

    @property
    def position(self) -> tuple[float, float | None]:
        """The offset from real time, and the time at which the clock is frozen, if it is."""
        return self._offset, self._frozen_at

    @property
    def moved(self) -> bool:
        """Whether it shows another time than the real one: it was advanced or frozen."""
        return self._frozen_at is not None or abs(self._offset) >= 0.5

    def set(self, offset: float, frozen_at: float | None) -> None:
        """Set the offset, and the time to freeze at, if any: the inverse of `position`."""
        self._offset, self._frozen_at = offset, frozen_at

    def following(self, source: Callable[[], float]) -> Clock:
        """Return a copy that reads real time from another source, such as Redis."""
        other = copy(self)
        other._source = source
        return other

    def now(self) -> float:
        """Return the world's time in seconds since 1970."""
        if self._frozen_at is not None:
            return self._frozen_at
        return self._source() + self._offset

    def real_time(self) -> float:
        """Return the real time, by which people wait, wherever the world's clock is."""
        return self._source()

    def freeze(self, at: float | None = None) -> None:
        """Stand still, now or at a given time."""
        self._frozen_at = self.now() if at is None else at

    def resume(self) -> None:
        """Run again, from the time at which the clock is frozen."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - self._source()
            self._frozen_at = None

    def rewind(self, now: float) -> None:
        """Go back to a time, and run on from it or stand still, as before."""
        was_frozen = self.frozen
        self.freeze(now)
        if not was_frozen:
            self.resume()

    def reset(self) -> None:
        """Return to real time."""
        self._offset, self._frozen_at = 0.0, None

    def ahead(self, seconds: float) -> float:
        """Return the time this many seconds from now; raise if a clock cannot show it."""
        return _in_range(self.now() + seconds)

    def advance(self, seconds: float) -> None:
        """Jump ahead by this many seconds."""
        self.ahead(seconds)
        if self._frozen_at is not None:
            self._frozen_at += seconds
        else:
            self._offset += seconds

    def stamp(self, now: float) -> str:
        """Return `YYYYMMDDHHMMSS` in Beijing, the head of a log id; formatted once a second."""
        second = int(now)
        if second != self._stamped_second:
            self._stamped_second, self._stamp = second, f"{beijing(second):%Y%m%d%H%M%S}"
        return self._stamp


class ManualClock(Clock):
    """A clock that is frozen at a given time until it is advanced."""

    def __init__(self, at: float | str = "2026-01-01T12:00:00+08:00") -> None:
        super().__init__()
        self._start = parse_time(at) if isinstance(at, str) else at
        self.freeze(self._start)

    def reset(self) -> None:
        """Return to the time at which the clock was made."""
        self.freeze(self._start)
