"""Who follows whom, and the statistics of works and accounts.

Numbers are derived from the world's ids and grow with its clock: the same seed gives the same
numbers, a day's increase is the difference of two totals, and no total ever falls.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from mockdouyin.core.clock import DAY, day_begins, day_of
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.videos import Video

HALF_LIFE = 2 * DAY
"""The time in which a work gets half of all the plays that it will ever get."""

_FIRST_DAY = 18262
"""2020-01-01 in days since 1970: followers are counted from there."""


class Following(Record, frozen=True):
    """A follow or unfollow that was done in this world; it overrides the derived relation."""

    TABLE: ClassVar[str] = "Following"

    follows: bool
    since: float


def follows(world: WorldState, unit: Unit, fan: str, person: str) -> float | None:
    """Return since when somebody follows a person, or None if they do not.

    Unless they decided otherwise, three in four of a world's people follow one another, and
    everybody is followed by the next one in the world's list.
    """
    return _follows(world, unit, fan, person, always=fan == _neighbour(world, person, 1))


def _follows(
    world: WorldState, unit: Unit, fan: str, person: str, *, always: bool
) -> float | None:
    if fan == person:
        return None
    record = unit.read(Following, f"{fan} {person}")
    if record is not None:
        return record.since if record.follows else None
    if not always and world.ids.number(4, "follows", fan, person) == 0:
        return None
    day = _FIRST_DAY + world.ids.number(365 * 4, "follows.day", fan, person)
    return day_begins(day) + world.ids.number(int(DAY), "follows.hour", fan, person)


def _neighbour(world: WorldState, person: str, step: int) -> str:
    names = list(world.people)
    return names[(names.index(person) + step) % len(names)]


def follow(unit: Unit, fan: str, person: str, *, follows: bool = True) -> None:
    """Record that somebody follows a person, or has unfollowed them."""
    unit.write(f"{fan} {person}", Following(follows=follows, since=unit.now))


def fans(world: WorldState, unit: Unit, person: str) -> list[str]:
    """Return the world's people who follow a person."""
    next_one = _neighbour(world, person, 1)
    since = {n: _follows(world, unit, n, person, always=n == next_one) for n in world.people}
    return [name for name in since if since[name] is not None]


def followed(world: WorldState, unit: Unit, person: str) -> list[str]:
    """Return the world's people whom a person follows."""
    previous = _neighbour(world, person, -1)
    since = {n: _follows(world, unit, person, n, always=n == previous) for n in world.people}
    return [name for name in since if since[name] is not None]


def fans_until(world: WorldState, person: str, day: int) -> int:
    """Return a person's number of followers in all of Douyin at the end of a day."""
    # A day's share is below a day's growth, so that the total never falls.
    growth = 2 + world.ids.number(20, "fans.most", person)
    share = world.ids.number(growth, "fans.day", person, day)
    return (day - _FIRST_DAY) * growth + share + world.ids.number(500, "fans.first", person)


def visitors(world: WorldState, person: str, day: int) -> int:
    """Return how many people visited a person's page on a day."""
    return 20 + world.ids.number(400, "visitors", person, day)


class VideoStats(NamedTuple):
    """A work's totals at some moment."""

    play: int
    digg: int
    share: int
    download: int
    forward: int


def stats_until(world: WorldState, video: Video, until: float) -> VideoStats:
    """Return a work's totals at a moment: most of it comes in the first days."""
    age = until - video.created
    if age <= 0 or video.privacy == 1:
        return VideoStats(0, 0, 0, 0, 0)
    ids, item = world.ids, video.item_id
    played = (300 + ids.number(30_000, "plays", item)) * (1 - 0.5 ** (age / HALF_LIFE))
    digg, share, download, forward = (
        int(played * (low + ids.number(high - low + 1, name, item)) / 1000)
        for name, low, high in (
            ("diggs", 20, 90),
            ("shares", 2, 12),
            ("downloads", 1, 8),
            ("forwards", 1, 6),
        )
    )
    return VideoStats(int(played), digg, share, download, forward)


def average_watch_seconds(world: WorldState, video: Video) -> float:
    """Return for how many seconds a work is watched on average."""
    return round(4 + world.ids.number(1600, "watched", video.item_id) / 100, 2)


def spread(
    world: WorldState, total: int, items: tuple[str, ...], *purpose: object
) -> dict[str, int]:
    """Divide a total among items; the shares add up to it."""
    weights = [1 + world.ids.number(100, "spread", *purpose, item) for item in items]
    shares = [total * weight // sum(weights) for weight in weights]
    shares[0] += total - sum(shares)
    return dict(zip(items, shares, strict=True))


def last_days(now: float, count: int, first_granted: float) -> range:
    """Return the days that have data: the last ones, up to yesterday.

    On the day of a person's first authorization no day has data yet.
    """
    today = day_of(now)
    return range(today - count, today) if day_of(first_granted) < today else range(0)
