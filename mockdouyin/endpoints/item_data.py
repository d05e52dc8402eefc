"""Data by the day, up to yesterday, of one work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from mockdouyin.core.clock import DAY, date_text, day_begins, day_of
from mockdouyin.core.endpoint import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import audience, comments, videos
from mockdouyin.domain.grants import first_granted, person_of_call
from mockdouyin.domain.videos import Video
from mockdouyin.endpoints.user_data import DOC, data_external, gained, person_and_days
from mockdouyin.endpoints.video import WorkFields

_SCOPE = "data.external.item"

YOUNG = 30 * DAY
"""There are data on works that were published so long ago at most."""


class ItemDaysFields(WorkFields, kw_only=True):
    """Of which work, and how many days: 7, 15 or 30."""

    date_type: int = 0


def _work(call: Call[Any], person: str) -> Video:
    call.need("bad_params", "item_id")
    work = videos.find(call.world, call.unit, person, call.fields.item_id)
    if work is None or work.person != person:
        raise DouyinError("bad_params", f"{person} has no such work; is item_id escaped?")
    return work


def _item_rows(call: Call[ItemDaysFields], row: Callable[[str, int], Any], what: str) -> list[Any]:
    person, days = person_and_days(call)
    work = _work(call, person)
    if call.now - work.created > YOUNG:
        return []
    return [row(date_text(day), gained(call, [work], day, what)) for day in days]


class ItemBase(msgspec.Struct):
    """What a work had gathered by midnight."""

    total_like: int = 0
    total_comment: int = 0
    total_share: int = 0
    total_play: int = 0
    avg_play_duration: float = 0.0


class ItemBaseAnswer(msgspec.Struct):
    """The same, in a field of its own."""

    result: ItemBase


@data_external.endpoint(
    "GET",
    "/data/external/item/base/",
    doc=DOC + "video-data/get-basic-data",
    basis="documented",
    scope=_SCOPE,
)
def item_base(call: Call[WorkFields]) -> ItemBaseAnswer:
    """Give what a work has gathered up to yesterday."""
    app, person = person_of_call(call)
    work = _work(call, person)
    first = first_granted(call.unit, app, person)
    if not audience.last_days(call.now, 1, first) or call.now - work.created > YOUNG:
        return ItemBaseAnswer(ItemBase())
    midnight = day_begins(day_of(call.now))
    counts = audience.stats_until(call.world, work, midnight)
    moments = comments.creation_times(call.world, call.unit, work)
    return ItemBaseAnswer(
        ItemBase(
            counts.digg,
            sum(moment < midnight for moment in moments),
            counts.share,
            counts.play,
            audience.average_watch_seconds(call.world, work) if counts.play else 0.0,
        )
    )


class ItemLike(msgspec.Struct):
    """A work's likes of a day."""

    date: str
    like: int


class ItemLikes(msgspec.Struct):
    """The same of several days."""

    result_list: list[ItemLike]


@data_external.endpoint(
    "GET",
    "/data/external/item/like/",
    doc=DOC + "video-data/get-like-data",
    basis="documented",
    scope=_SCOPE,
)
def item_like(call: Call[ItemDaysFields]) -> ItemLikes:
    """Give a work's likes, by the day."""
    return ItemLikes(_item_rows(call, ItemLike, "digg"))


class ItemComment(msgspec.Struct):
    """A work's comments of a day."""

    date: str
    comment: int


class ItemComments(msgspec.Struct):
    """The same of several days."""

    result_list: list[ItemComment]


@data_external.endpoint(
    "GET",
    "/data/external/item/comment/",
    doc=DOC + "video-data/get-comment-data",
    basis="documented",
    scope=_SCOPE,
)
def item_comment(call: Call[ItemDaysFields]) -> ItemComments:
    """Give a work's comments, by the day."""
    return ItemComments(_item_rows(call, ItemComment, "comment"))


class ItemPlay(msgspec.Struct):
    """How often a work was played on a day."""

    date: str
    play: int


class ItemPlays(msgspec.Struct):
    """The same of several days."""

    result_list: list[ItemPlay]


@data_external.endpoint(
    "GET",
    "/data/external/item/play/",
    doc=DOC + "video-data/get-play-data",
    basis="documented",
    scope=_SCOPE,
)
def item_play(call: Call[ItemDaysFields]) -> ItemPlays:
    """Give how often a work was played, by the day."""
    return ItemPlays(_item_rows(call, ItemPlay, "play"))


class ItemShare(msgspec.Struct):
    """A work's shares of a day."""

    date: str
    share: int


class ItemShares(msgspec.Struct):
    """The same of several days."""

    result_list: list[ItemShare]


@data_external.endpoint(
    "GET",
    "/data/external/item/share/",
    doc=DOC + "video-data/get-share-data",
    basis="documented",
    scope=_SCOPE,
)
def item_share(call: Call[ItemDaysFields]) -> ItemShares:
    """Give a work's shares, by the day."""
    return ItemShares(_item_rows(call, ItemShare, "share"))
