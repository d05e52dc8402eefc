"""A world's time: durations, times, and clocks that run, are frozen and jump."""

from __future__ import annotations

import pytest

from mockdouyin import ManualClock, MockDouyinError
from mockdouyin.core.clock import (
    Clock,
    beijing,
    format_duration,
    iso,
    parse_duration,
    parse_time,
)

NOON = 1767240000.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("5m", 300),
        ("2h1m", 7260),
        ("15d", 1296000),
        ("200ms", 0.2),
        ("0s", 0),
        ("1.5h", 5400),
        (" 1h 30m ", 5400),
        (90, 90),
        (0.25, 0.25),
    ],
)
def test_durations_are_read(text: str | float, seconds: float) -> None:
    """A duration is units one after another, or bare seconds."""
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text",
    ["", "5", "m", "5 minutes", "-5m", "5m-", "1h,5m", -1, -0.5, float("nan"), float("inf")],
)
def test_other_durations_are_refused(text: str | float) -> None:
    """What is not a duration is refused with an example of one."""
    with pytest.raises(MockDouyinError, match="is not a duration; write 90s, 5m, 2h1m"):
        parse_duration(text)


@pytest.mark.parametrize("value", [True, None, [5], {"by": "5m"}])
def test_durations_of_other_types_are_refused(value: object) -> None:
    """Neither true nor null nor a list is a duration."""
    with pytest.raises(MockDouyinError, match="a duration is text such as"):
        parse_duration(value)  # type: ignore[arg-type]


def test_a_duration_has_an_end() -> None:
    """A duration beyond every clock is refused."""
    with pytest.raises(MockDouyinError, match="is not a duration"):
        parse_duration("9" * 400 + "d")


@pytest.mark.parametrize("text", ["2h1m", "15d", "1d1h1m1s1ms", "0s", "200ms", "59s"])
def test_durations_are_written_as_they_are_read(text: str) -> None:
    """Writing a duration gives the text that it was read from."""
    assert format_duration(parse_duration(text)) == text


@pytest.mark.parametrize(
    "text", ["2026-01-01T12:00:00+08:00", "2026-01-01T12:00:00", "2026-01-01T04:00:00Z"]
)
def test_moments_are_read(text: str) -> None:
    """A time without a zone is Beijing's."""
    assert parse_time(text) == NOON


@pytest.mark.parametrize("text", ["", "noon", "2026-13-01", None, 5])
def test_other_moments_are_refused(text: object) -> None:
    """What is not a time is refused with an example of one."""
    with pytest.raises(MockDouyinError, match="is not a time; write it as 2026-11-20T12"):
        parse_time(text)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["0001-01-01", "1969-12-31T00:00", "9999-12-31T23:59:59-12:00"])
def test_moments_outside_of_the_calendar_are_refused(text: str) -> None:
    """A time that a clock could not show is refused."""
    with pytest.raises(MockDouyinError, match="the clock runs from 1970 to 9987"):
        parse_time(text)


def test_moments_are_beijings() -> None:
    """A time is written with Beijing's zone, and with milliseconds if it has any."""
    assert iso(NOON) == "2026-01-01T12:00:00+08:00"
    assert iso(NOON + 0.25) == "2026-01-01T12:00:00.250+08:00"
    assert beijing(NOON).hour == 12


class Ticker:
    """Real time, as the test has it."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_a_clock_runs_with_real_time() -> None:
    """A clock runs with its source, ahead of it by what it was advanced."""
    real = Ticker()
    clock = Clock(real)

    clock.advance(60)
    real.now += 5

    assert clock.now() == 1065
    assert not clock.frozen


def test_a_frozen_clock_stands() -> None:
    """A frozen clock stands still, jumps when advanced, and resumes from its time."""
    real = Ticker()
    clock = Clock(real)

    clock.freeze()
    real.now += 100
    assert (clock.now(), clock.frozen) == (1000, True)
    clock.advance(30)
    assert clock.now() == 1030
    clock.resume()
    real.now += 1
    assert (clock.now(), clock.frozen) == (1031, False)


def test_resuming_a_running_clock_changes_nothing() -> None:
    """Resuming a running clock does not change its time."""
    clock = Clock(Ticker())
    clock.advance(60)

    clock.resume()

    assert clock.now() == 1060


def test_a_clock_can_be_frozen_at_a_moment() -> None:
    """A clock can be frozen at any time."""
    clock = Clock(Ticker())

    clock.freeze(5.0)

    assert clock.now() == 5


@pytest.mark.parametrize("clock", [Clock(lambda: NOON), ManualClock()])
def test_a_clock_does_not_leave_the_calendar(clock: Clock) -> None:
    """A jump beyond the calendar is refused, and the clock is where it was."""
    before = clock.now()

    with pytest.raises(MockDouyinError, match="the clock runs from 1970 to 9987"):
        clock.advance(parse_duration("2920000d"))

    assert clock.now() == before


def test_a_manual_clock_stands_where_it_was_put() -> None:
    """A manual clock is frozen at noon on New Year's Day 2026, or at a given time."""
    assert ManualClock().now() == NOON
    assert ManualClock("2026-01-01T12:00:05").now() == NOON + 5
    assert ManualClock(7).now() == 7


def test_stamps_are_beijings_and_change_by_the_second() -> None:
    """A stamp is Beijing's time to the second."""
    clock = ManualClock()

    assert clock.stamp(NOON) == clock.stamp(NOON + 0.9) == "20260101120000"
    assert clock.stamp(NOON + 1) == "20260101120001"
