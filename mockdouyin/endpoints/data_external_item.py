"""Statistics of one work, by the day, up to yesterday."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call
from mockdouyin.core.clock import DAY, date_text, day_begins, day_of
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import audience, comments, videos
from mockdouyin.domain.grants import first_granted, person_of_call
from mockdouyin.domain.videos import Video
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.data_external import DOC, data_external, gained, person_and_days
from mockdouyin.endpoints.video import WorkFields

_SCOPE = "data.external.item"

MAX_AGE = 30 * DAY
"""Douyin has data on a work for 30 days after it was published."""


class ItemDaysFields(WorkFields, kw_only=True):
    """A work, and the number of days: 7, 15 or 30."""

    date_type: int = 0


def _work(call: Call[Any], person: str) -> Video:
    call.need("bad_params", "item_id")
    work = videos.find(call.world, call.unit, person, call.fields.item_id)
    if work is None or work.person != person:
        raise DouyinError("bad_params", texts.WORK_NOT_FOUND_FOR(person=person))
    return work


def _item_rows(
    call: Call[ItemDaysFields], row: Callable[[str, int], Any], metric: str
) -> list[Any]:
    return work_rows(call, *person_and_days(call), row, metric)


def work_rows(
    call: Call[Any], person: str, days: range, row: Callable[[str, int], Any], metric: str
) -> list[Any]:
    """Return a row for each day, with what a work got on it; none for a work that is too old."""
    work = _work(call, person)
    if call.now - work.created > MAX_AGE:
        return []
    return [row(date_text(day), gained(call, [work], day, metric)) for day in days]


class ItemBase(msgspec.Struct):
    """Totals of a work as of last midnight."""

    total_like: int = 0
    total_comment: int = 0
    total_share: int = 0
    total_play: int = 0
    avg_play_duration: float = 0.0


class ItemBaseAnswer(msgspec.Struct):
    """The totals in the field `result`, as the platform nests them."""

    result: ItemBase


@data_external.endpoint(
    "GET",
    "/data/external/item/base/",
    doc=DOC + "video-data/get-basic-data",
    basis="documented",
    scope=_SCOPE,
)
def item_base(call: Call[WorkFields]) -> ItemBaseAnswer:
    """Return a work's total likes, comments, shares and plays, up to yesterday.

    All are 0 for a work older than 30 days, and on the day of the person's first authorization.
    """
    return totals(call, *person_of_call(call))


def totals(call: Call[Any], app: App, person: str) -> ItemBaseAnswer:
    """Return a work's totals as of last midnight."""
    work = _work(call, person)
    first = first_granted(call.unit, app, person)
    if not audience.last_days(call.now, 1, first) or call.now - work.created > MAX_AGE:
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
    """Likes that a work got on a day."""

    date: str
    like: int


class ItemLikes(msgspec.Struct):
    """Likes of each day."""

    result_list: list[ItemLike]


@data_external.endpoint(
    "GET",
    "/data/external/item/like/",
    doc=DOC + "video-data/get-like-data",
    basis="documented",
    scope=_SCOPE,
)
def item_like(call: Call[ItemDaysFields]) -> ItemLikes:
    """Return the likes that a work got on each of the last 7, 15 or 30 days."""
    return ItemLikes(_item_rows(call, ItemLike, "digg"))


class ItemComment(msgspec.Struct):
    """Comments that a work got on a day."""

    date: str
    comment: int


class ItemComments(msgspec.Struct):
    """Comments of each day."""

    result_list: list[ItemComment]


@data_external.endpoint(
    "GET",
    "/data/external/item/comment/",
    doc=DOC + "video-data/get-comment-data",
    basis="documented",
    scope=_SCOPE,
)
def item_comment(call: Call[ItemDaysFields]) -> ItemComments:
    """Return the comments that a work got on each of the last 7, 15 or 30 days."""
    return ItemComments(_item_rows(call, ItemComment, "comment"))


class ItemPlay(msgspec.Struct):
    """Plays that a work got on a day."""

    date: str
    play: int


class ItemPlays(msgspec.Struct):
    """Plays of each day."""

    result_list: list[ItemPlay]


@data_external.endpoint(
    "GET",
    "/data/external/item/play/",
    doc=DOC + "video-data/get-play-data",
    basis="documented",
    scope=_SCOPE,
)
def item_play(call: Call[ItemDaysFields]) -> ItemPlays:
    """Return the plays that a work got on each of the last 7, 15 or 30 days."""
    return ItemPlays(_item_rows(call, ItemPlay, "play"))


class ItemShare(msgspec.Struct):
    """Shares that a work got on a day."""

    date: str
    share: int


class ItemShares(msgspec.Struct):
    """Shares of each day."""

    result_list: list[ItemShare]


@data_external.endpoint(
    "GET",
    "/data/external/item/share/",
    doc=DOC + "video-data/get-share-data",
    basis="documented",
    scope=_SCOPE,
)
def item_share(call: Call[ItemDaysFields]) -> ItemShares:
    """Return the shares that a work got on each of the last 7, 15 or 30 days."""
    return ItemShares(_item_rows(call, ItemShare, "share"))
