"""Videos: what a person published through an app, by a share or by hand.

Everybody starts with three to seven videos, so that no list is empty. They are from the 25 days
before the person's works are first read, and are derived from the world's ids.
"""

from __future__ import annotations

from itertools import islice
from typing import ClassVar, Literal

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState

VIDEO, IMAGES = 4, 2
"""`media_type` of a video, and of a series of pictures."""

Privacy = Literal[0, 1, 2]
"""Who may see a work: everybody, the author alone, or friends."""

TITLES = (
    "周末去爬山，日出真美",
    "三分钟学会红烧肉 #美食",
    "我家猫又拆家了",
    "今日份穿搭",
    "下班路上的晚霞🌇",
    "新手学吉他第30天",
    "带爸妈去旅行",
    "这家面馆太香了 #探店",
    "健身打卡",
    "雨天适合听的歌",
)
"""Titles of the initial works."""


class Video(Record, frozen=True):
    """One published work of a person."""

    TABLE: ClassVar[str] = "Video"

    item_id: str
    video_id: str
    """19 digits: its id outside the open platform."""
    person: str
    number: int
    """Its number among the person's works, from 1."""
    created: float
    title: str
    media_type: int = VIDEO
    cover: str = ""
    privacy: Privacy = 0
    app: str = ""
    """The client_key of the app that published it; empty if it was published by hand."""
    share_id: str = ""


class Shelf(Record, frozen=True):
    """A person's works that are not deleted, newest first."""

    TABLE: ClassVar[str] = "Shelf"

    since: float
    """When the works were first read."""
    count: int
    """Works ever published."""
    items: tuple[str, ...]


def shelf(world: WorldState, unit: Unit, person: str) -> Shelf:
    """Return a person's shelf; create the initial works on the first read."""
    found = unit.read(Shelf, person)
    if found is not None:
        return found
    ids = world.ids
    ages = sorted(_age(world, person, k) for k in range(3 + ids.number(5, "works", person)))
    initial = [_make(world, person, k + 1, unit.now - age) for k, age in enumerate(ages[::-1])]
    for video in initial:
        unit.write(video.item_id, video)
    items = tuple(video.item_id for video in reversed(initial))
    new = Shelf(since=unit.now, count=len(initial), items=items)
    unit.write(person, new)
    return new


def _age(world: WorldState, person: str, k: int) -> float:
    return 60.0 + world.ids.number(int(25 * DAY), "age", person, k)


def _make(world: WorldState, person: str, number: int, created: float) -> Video:
    ids = world.ids
    return Video(
        item_id=ids.sealed(64, "item", person, number),
        video_id="7" + ids.digits(18, "video", person, number),
        person=person,
        number=number,
        created=float(int(created)),
        title=TITLES[ids.number(len(TITLES), "title", person, number)],
        cover=f"https://p3.example.test/cover/{ids.hex(16, 'cover', person, number)}.jpeg",
    )


def publish(
    world: WorldState,
    unit: Unit,
    app: App,
    person: str,
    *,
    title: str,
    share_id: str = "",
    media_type: int = VIDEO,
    cover: str = "",
    privacy: Privacy = 0,
) -> Video:
    """Publish a person's work; it is listed first at once."""
    before = shelf(world, unit, person)
    bare = _make(world, person, before.count + 1, unit.now)
    video = msgspec.structs.replace(
        bare,
        title=title,
        media_type=media_type,
        cover=cover or bare.cover,
        privacy=privacy,
        app=app.client_key,
        share_id=share_id,
    )
    unit.write(video.item_id, video)
    items = (video.item_id, *before.items)
    unit.write(person, msgspec.structs.replace(before, count=before.count + 1, items=items))
    return video


def works(world: WorldState, unit: Unit, person: str) -> list[Video]:
    """Return a person's works, newest first."""
    found = (unit.read(Video, item) for item in shelf(world, unit, person).items)
    return [video for video in found if video is not None]


MAX_AUTHORS = 200
"""How many of a world's people are looked at where works of anybody are asked for."""


def everyones(world: WorldState, unit: Unit) -> list[Video]:
    """Return the works of the world's first people, newest first."""
    people = list(islice(world.people, MAX_AUTHORS))
    found = [video for person in people for video in works(world, unit, person)]
    return sorted(found, key=lambda video: (-video.created, video.item_id))


def public(world: WorldState, unit: Unit) -> list[Video]:
    """Return those of them that everybody may see."""
    return [video for video in everyones(world, unit) if not video.privacy]


def find(world: WorldState, unit: Unit, person: str, item_id: str) -> Video | None:
    """Return a work by its id: this person's, or one of anybody whose works were read before.

    A `+` that a query turned into a space is restored; a finding reports it.
    """
    shelf(world, unit, person)
    return unit.read(Video, restore_plus_signs(item_id))


def delete(world: WorldState, unit: Unit, video: Video) -> None:
    """Delete a work."""
    before = shelf(world, unit, video.person)
    items = tuple(item for item in before.items if item != video.item_id)
    unit.write(video.person, msgspec.structs.replace(before, items=items))
    unit.drop(Video, video.item_id)
