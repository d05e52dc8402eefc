"""Time as an argument: a world's clock, durations such as `2h1m`, and times in Beijing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from mockdouyin.core.errors import MockDouyinError

BEIJING = timezone(timedelta(hours=8))

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

LAST = 253_000_000_000.0
"""The last moment that a clock can show, in the year 9987."""

_LONGEST = 60
"""Characters of a duration."""

_BEGINNING, _END = -62_135_596_800.0, 253_402_271_999.0
"""The first second of the year 1, and the last of 9999 in Beijing: a lifetime may end later."""

_UNITS = {"ms": 0.001, "s": 1.0, "m": MINUTE, "h": HOUR, "d": DAY}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def parse_duration(text: str | float) -> float:
    """Give the seconds in `90s`, `5m`, `2h1m`, `15d`, `200ms` or a bare number of seconds."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        seen = str(text)[:_LONGEST]
        raise MockDouyinError(f"a duration is text such as 90s, 5m or 2h1m, not {seen!r}")
    seconds = -1.0
    if not isinstance(text, str):
        seconds = float(text) if abs(text) < LAST else LAST  # a long one is no float
    elif len(text) <= _LONGEST and _DURATION.fullmatch(compact := text.replace(" ", "")):
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(compact))
    if 0 <= seconds < LAST:
        return seconds
    shown = repr(text[:_LONGEST] if isinstance(text, str) else text)
    raise MockDouyinError(f"{shown} is no duration; write 90s, 5m, 2h1m, 15d or 200ms")


def format_duration(seconds: float) -> str:
    """Give the shortest text that `parse_duration` reads back, to the millisecond."""
    left = round(seconds * 1000)
    parts = []
    for unit, size in (("d", 86400000), ("h", 3600000), ("m", 60000), ("s", 1000), ("ms", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def parse_moment(text: str) -> float:
    """Give the Unix time of an ISO 8601 moment; one without a zone is Beijing's."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise MockDouyinError(
            f"{text!r} is no moment; write it as 2026-11-20T12:00:00+08:00"
        ) from None
    return _shown((moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp())


def _shown(now: float) -> float:
    """Give the moment if a clock can show it."""
    if 0 <= now < LAST:
        return now
    raise MockDouyinError("the clock runs from 1970 to 9987, and cannot be set outside of that")


def beijing(now: float) -> datetime:
    """Give the moment on Beijing's clock; one before or after the calendar is its nearest."""
    return datetime.fromtimestamp(max(_BEGINNING, min(now, _END)), UTC).astimezone(BEIJING)


def day_of(now: float) -> int:
    """Give the number of the moment's day in Beijing, counted from 1970."""
    return int((now + 8 * HOUR) // DAY)


def day_begins(day: int) -> float:
    """Give the moment at which a numbered day begins in Beijing."""
    return day * DAY - 8 * HOUR


def date_text(day: int) -> str:
    """Give a numbered day as `2026-11-20`."""
    return f"{beijing(day_begins(day)):%Y-%m-%d}"


def iso(now: float) -> str:
    """Give the moment as the control API writes it: `2026-11-20T12:00:00+08:00`."""
    return beijing(now).isoformat(timespec="milliseconds" if now % 1 else "seconds")


class Clock:
    """The clock of one world: real time with an offset, or standing still."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0
        self._frozen_at: float | None = None
        self._stamp_of = -1
        self._stamp = ""

    @property
    def frozen(self) -> bool:
        """Whether time stands still until it is advanced or resumed."""
        return self._frozen_at is not None

    @property
    def position(self) -> tuple[float, float | None]:
        """How far from real time it runs, and where it stands if it does."""
        return self._offset, self._frozen_at

    @property
    def moved(self) -> bool:
        """Whether it shows another time than the real one: it was advanced or stopped."""
        return self._frozen_at is not None or abs(self._offset) >= 0.5

    def set(self, offset: float, frozen_at: float | None) -> None:
        """Run so far from real time, or stand there."""
        self._offset, self._frozen_at = offset, frozen_at

    def follow(self, source: Callable[[], float]) -> None:
        """Take real time from elsewhere."""
        self._source = source

    def now(self) -> float:
        """Give the world's time in seconds since 1970."""
        if self._frozen_at is not None:
            return self._frozen_at
        return self._source() + self._offset

    def freeze(self, at: float | None = None) -> None:
        """Stand still, now or at a given moment."""
        self._frozen_at = self.now() if at is None else at

    def resume(self) -> None:
        """Run on from the moment at which the clock stands."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - self._source()
            self._frozen_at = None

    def reset(self) -> None:
        """Show real time again, running."""
        self._offset, self._frozen_at = 0.0, None

    def ahead(self, seconds: float) -> float:
        """Return the moment that is so far ahead, if a clock can show it."""
        return _shown(self.now() + seconds)

    def advance(self, seconds: float) -> None:
        """Jump ahead; time never goes back by itself."""
        self.ahead(seconds)
        if self._frozen_at is not None:
            self._frozen_at += seconds
        else:
            self._offset += seconds

    def stamp(self, now: float) -> str:
        """Give `YYYYMMDDHHMMSS` in Beijing, as log ids begin; one formatting a second."""
        second = int(now)
        if second != self._stamp_of:
            self._stamp_of, self._stamp = second, f"{beijing(second):%Y%m%d%H%M%S}"
        return self._stamp


class ManualClock(Clock):
    """A clock that stands still at a given moment until it is advanced."""

    def __init__(self, at: float | str = "2026-01-01T12:00:00+08:00") -> None:
        super().__init__()
        self._start = parse_moment(at) if isinstance(at, str) else at
        self.freeze(self._start)

    def reset(self) -> None:
        """Stand at the first moment again."""
        self.freeze(self._start)
