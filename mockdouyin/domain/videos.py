"""Videos: what a person published, by an app, by a share or by hand.

Everybody begins with a few videos of their own, so that no list is empty: three to seven, of the
twenty-five days before somebody first asked for them. Which, and when, derives from the world.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState

VIDEO, IMAGES = 4, 2
"""`media_type`: a video, and a series of pictures."""

Privacy = Literal[0, 1, 2]
"""Who may see it: everybody, the author alone, friends."""

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
"""What people's own videos are called."""


class Video(Record, frozen=True):
    """One published work of a person."""

    TABLE = "Video"

    item_id: str
    video_id: str
    """19 digits: the id outside of the open platform."""
    person: str
    number: int
    """How many works the person had published with it."""
    created: float
    title: str
    media_type: int = VIDEO
    cover: str = ""
    privacy: Privacy = 0
    app: str = ""
    """The client_key of the app that published it; empty for one published by hand."""
    share_id: str = ""


class Shelf(Record, frozen=True):
    """A person's works that are still there, the newest first."""

    TABLE = "Shelf"

    since: float
    """When the shelf was first looked at."""
    count: int
    """Works ever published."""
    items: tuple[str, ...]


def shelf(world: WorldState, unit: Unit, person: str) -> Shelf:
    """Give a person's shelf; at first sight the works that they have of their own stand on it."""
    held = unit.read(Shelf, person)
    if held is not None:
        return held
    ids = world.ids
    ages = sorted(_age(world, person, k) for k in range(3 + ids.number(5, "works", person)))
    own = [_made(world, person, k + 1, unit.now - age) for k, age in enumerate(reversed(ages))]
    for video in own:
        unit.write(video.item_id, video)
    items = tuple(video.item_id for video in reversed(own))
    made = Shelf(since=unit.now, count=len(own), items=items)
    unit.write(person, made)
    return made


def _age(world: WorldState, person: str, k: int) -> float:
    return 60.0 + world.ids.number(int(25 * DAY), "age", person, k)


def _made(world: WorldState, person: str, number: int, created: float) -> Video:
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
    """Publish a person's work: it stands first in their list at once."""
    held = shelf(world, unit, person)
    bare = _made(world, person, held.count + 1, unit.now)
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
    items = (video.item_id, *held.items)
    unit.write(person, msgspec.structs.replace(held, count=held.count + 1, items=items))
    return video


def works(world: WorldState, unit: Unit, person: str) -> list[Video]:
    """Give a person's works, the newest first."""
    found = (unit.read(Video, item) for item in shelf(world, unit, person).items)
    return [video for video in found if video is not None]


def find(world: WorldState, unit: Unit, person: str, item_id: str) -> Video | None:
    """Give the work that has the id, if it stands on anybody's shelf that was looked at.

    A `+` that a query turned into a space is taken for what it was; findings tell of it.
    """
    shelf(world, unit, person)
    return unit.read(Video, restore_plus_signs(item_id))


def delete(world: WorldState, unit: Unit, video: Video) -> None:
    """Take a work away."""
    held = shelf(world, unit, video.person)
    items = tuple(item for item in held.items if item != video.item_id)
    unit.write(video.person, msgspec.structs.replace(held, items=items))
    unit.drop(Video, video.item_id)
