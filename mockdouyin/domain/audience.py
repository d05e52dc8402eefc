"""Who follows whom, and the numbers that works and accounts gather.

Numbers derive from the world's ids and grow with its clock: the same seed gives the same ones,
what a day added is what the totals differ by, and none ever falls.
"""

from __future__ import annotations

from typing import NamedTuple

from mockdouyin.core.clock import DAY, day_begins, day_of
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.videos import Video

HALF = 2 * DAY
"""In this time a work gathers half of all that it ever will."""

_FIRST_DAY = 18262
"""The first day of 2020, from which followers are counted."""


class Following(Record, frozen=True):
    """That somebody began or ceased to follow somebody here."""

    TABLE = "Following"

    follows: bool
    since: float


def follows(world: WorldState, unit: Unit, fan: str, person: str) -> float | None:
    """Give since when somebody follows a person, or None.

    Three in four of a world's people follow one another of their own accord, and everybody is
    followed by whoever is next in the world's list.
    """
    return _follows(world, unit, fan, person, surely=fan == _near(world, person, 1))


def _follows(
    world: WorldState, unit: Unit, fan: str, person: str, *, surely: bool
) -> float | None:
    if fan == person:
        return None
    told = unit.read(Following, f"{fan} {person}")
    if told is not None:
        return told.since if told.follows else None
    if not surely and world.ids.number(4, "follows", fan, person) == 0:
        return None
    day = _FIRST_DAY + world.ids.number(365 * 4, "follows.day", fan, person)
    return day_begins(day) + world.ids.number(int(DAY), "follows.hour", fan, person)


def _near(world: WorldState, person: str, step: int) -> str:
    names = list(world.people)
    return names[(names.index(person) + step) % len(names)]


def follow(unit: Unit, fan: str, person: str, *, follows: bool = True) -> None:
    """Let somebody follow a person, or cease to."""
    unit.write(f"{fan} {person}", Following(follows=follows, since=unit.now))


def fans(world: WorldState, unit: Unit, person: str) -> list[str]:
    """Give the world's people who follow a person."""
    sure = _near(world, person, 1)
    since = {n: _follows(world, unit, n, person, surely=n == sure) for n in world.people}
    return [name for name in since if since[name] is not None]


def followed(world: WorldState, unit: Unit, person: str) -> list[str]:
    """Give the world's people whom a person follows."""
    sure = _near(world, person, -1)
    since = {n: _follows(world, unit, person, n, surely=n == sure) for n in world.people}
    return [name for name in since if since[name] is not None]


def fans_until(world: WorldState, person: str, day: int) -> int:
    """Give how many followers a person had at the end of a day, in all of Douyin."""
    most = 2 + world.ids.number(20, "fans.most", person)
    some = world.ids.number(most, "fans.day", person, day)
    return (day - _FIRST_DAY) * most + some + world.ids.number(500, "fans.first", person)


def visitors(world: WorldState, person: str, day: int) -> int:
    """Give how many people looked at a person's page on a day."""
    return 20 + world.ids.number(400, "visitors", person, day)


class Gathered(NamedTuple):
    """What a work has gathered until some moment."""

    play: int
    digg: int
    share: int
    download: int
    forward: int


def gathered(world: WorldState, video: Video, until: float) -> Gathered:
    """Give what a work has gathered until a moment: much in the first days, little later."""
    age = until - video.created
    if age <= 0 or video.privacy == 1:
        return Gathered(0, 0, 0, 0, 0)
    ids, item = world.ids, video.item_id
    played = (300 + ids.number(30_000, "plays", item)) * (1 - 0.5 ** (age / HALF))
    digg, share, download, forward = (
        int(played * (low + ids.number(high - low + 1, name, item)) / 1000)
        for name, low, high in (
            ("diggs", 20, 90),
            ("shares", 2, 12),
            ("downloads", 1, 8),
            ("forwards", 1, 6),
        )
    )
    return Gathered(int(played), digg, share, download, forward)


def watched(world: WorldState, video: Video) -> float:
    """Give for how many seconds a work is watched on average."""
    return round(4 + world.ids.number(1600, "watched", video.item_id) / 100, 2)


def spread(
    world: WorldState, total: int, items: tuple[str, ...], *purpose: object
) -> dict[str, int]:
    """Spread a number over some items, so that all add up to it."""
    weights = [1 + world.ids.number(100, "spread", *purpose, item) for item in items]
    shares = [total * weight // sum(weights) for weight in weights]
    shares[0] += total - sum(shares)
    return dict(zip(items, shares, strict=True))


def last_days(now: float, count: int, first_granted: float) -> range:
    """Give the days that there are data on: the last ones, up to yesterday.

    On the day of a person's first authorization there are none yet.
    """
    today = day_of(now)
    return range(today - count, today) if day_of(first_granted) < today else range(0)
