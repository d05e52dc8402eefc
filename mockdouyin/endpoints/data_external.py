"""Statistics of a person's account, by the day, up to yesterday."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields
from mockdouyin.core.clock import date_text, day_begins, day_of
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import audience, comments, videos
from mockdouyin.domain.grants import first_granted, person_of_call
from mockdouyin.domain.videos import Video
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import user_apis as tables

data_external: Family = Family(
    "data_external",
    hosts=("open.douyin.com",),
    envelope=Extra(),
    malformed=28001007,
    errors=tables.EXTERNAL,
)

DOC = "dop/develop/openapi/data-open-service/"
_SCOPE = "data.external.user"

PERIODS = (7, 15, 30)


class DaysFields(PersonFields, kw_only=True):
    """The number of days: 7, 15 or 30."""

    date_type: int = 0


def person_and_days(call: Call[Any]) -> tuple[str, range]:
    """Return the person whose user token a call carries, and the days that it asks for."""
    app, person = person_of_call(call)
    return person, days_of(call, app, person)


def days_of(call: Call[Any], app: App, person: str) -> range:
    """Return the days that a call asks for, as far as there are data on them."""
    call.need("bad_params", "date_type")
    period = call.fields.date_type
    if period not in PERIODS:
        raise DouyinError("bad_params", texts.DATE_TYPE(got=str(period)))
    return audience.last_days(call.now, period, first_granted(call.unit, app, person))


def gained(call: Call[Any], works: list[Video], day: int, metric: str) -> int:
    """Return how many likes, plays, shares or comments the works got on a day."""
    if metric == "comment":
        # Comments are records, and are counted; the other numbers are derived from the seed.
        moments = (m for w in works for m in comments.creation_times(call.world, call.unit, w))
        return sum(day_of(moment) == day for moment in moments)
    begins, ends = day_begins(day), day_begins(day + 1)
    return sum(
        getattr(audience.stats_until(call.world, work, ends), metric)
        - getattr(audience.stats_until(call.world, work, begins), metric)
        for work in works
    )


D = TypeVar("D")

DayRows = Callable[[Call[Any], str, range], list[D]]
"""Makes a row for each day from a call, its person and the days."""


def _gained_rows(row: Callable[[str, int], D], metric: str) -> DayRows[D]:
    """Make rows with what all of the person's works got on each day."""

    def rows(call: Call[Any], person: str, days: range) -> list[D]:
        works = videos.works(call.world, call.unit, person)
        return [row(date_text(day), gained(call, works, day, metric)) for day in days]

    return rows


class ItemDay(msgspec.Struct):
    """Works published and plays on a day, and all works published until then."""

    date: str
    new_issue: int
    new_play: int
    total_issue: int


class ItemDays(msgspec.Struct):
    """Works and plays of each day."""

    result_list: list[ItemDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/item/",
    doc=DOC + "user-data/get-user-video-status",
    basis="documented",
    scope=_SCOPE,
)
def user_item(call: Call[DaysFields]) -> ItemDays:
    """Return the works that a person published and their plays, by the day."""
    return ItemDays(item_rows(call, *person_and_days(call)))


def item_rows(call: Call[Any], person: str, days: range) -> list[ItemDay]:
    """Return works and plays of each day."""
    works = videos.works(call.world, call.unit, person)
    rows = []
    for day in days:
        total = sum(day_of(work.created) <= day for work in works)
        new = sum(day_of(work.created) == day for work in works)
        rows.append(ItemDay(date_text(day), new, gained(call, works, day, "play"), total))
    return rows


class FansDay(msgspec.Struct):
    """Followers gained on a day, and the total at its end."""

    date: str
    new_fans: int
    total_fans: int


class FansDays(msgspec.Struct):
    """Followers of each day."""

    result_list: list[FansDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/fans/",
    doc=DOC + "user-data/get-user-fans-count",
    basis="documented",
    scope=_SCOPE,
)
def user_fans(call: Call[DaysFields]) -> FansDays:
    """Return a person's new followers and their total, by the day."""
    return FansDays(fans_rows(call, *person_and_days(call)))


def fans_rows(call: Call[Any], person: str, days: range) -> list[FansDay]:
    """Return followers of each day."""
    rows = []
    for day in days:
        total = audience.fans_until(call.world, person, day)
        before = audience.fans_until(call.world, person, day - 1)
        rows.append(FansDay(date_text(day), total - before, total))
    return rows


class LikeDay(msgspec.Struct):
    """Likes gained on a day."""

    date: str
    new_like: int


class LikeDays(msgspec.Struct):
    """Likes of each day."""

    result_list: list[LikeDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/like/",
    doc=DOC + "user-data/get-user-like-number",
    basis="documented",
    scope=_SCOPE,
)
def user_like(call: Call[DaysFields]) -> LikeDays:
    """Return the likes that a person's works got, by the day."""
    return LikeDays(like_rows(call, *person_and_days(call)))


like_rows: DayRows[LikeDay] = _gained_rows(LikeDay, "digg")


class CommentDay(msgspec.Struct):
    """Comments gained on a day."""

    date: str
    new_comment: int


class CommentDays(msgspec.Struct):
    """Comments of each day."""

    result_list: list[CommentDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/comment/",
    doc=DOC + "user-data/get-user-comment-count",
    basis="documented",
    scope=_SCOPE,
)
def user_comment(call: Call[DaysFields]) -> CommentDays:
    """Return the comments that a person's works got, by the day."""
    return CommentDays(comment_rows(call, *person_and_days(call)))


comment_rows: DayRows[CommentDay] = _gained_rows(CommentDay, "comment")


class ShareDay(msgspec.Struct):
    """Shares gained on a day."""

    date: str
    new_share: int


class ShareDays(msgspec.Struct):
    """Shares of each day."""

    result_list: list[ShareDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/share/",
    doc=DOC + "user-data/get-user-share-count",
    basis="documented",
    scope=_SCOPE,
)
def user_share(call: Call[DaysFields]) -> ShareDays:
    """Return the shares that a person's works got, by the day."""
    return ShareDays(share_rows(call, *person_and_days(call)))


share_rows: DayRows[ShareDay] = _gained_rows(ShareDay, "share")


class ProfileDay(msgspec.Struct):
    """Visitors of a person's page on a day."""

    date: str
    profile_uv: int


class ProfileDays(msgspec.Struct):
    """Visitors of each day."""

    result_list: list[ProfileDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/profile/",
    doc=DOC + "user-data/get-user-home-pv",
    basis="documented",
    scope=_SCOPE,
)
def user_profile(call: Call[DaysFields]) -> ProfileDays:
    """Return how many people visited a person's page, by the day."""
    return ProfileDays(profile_rows(call, *person_and_days(call)))


def profile_rows(call: Call[Any], person: str, days: range) -> list[ProfileDay]:
    """Return visitors of each day."""
    return [ProfileDay(date_text(day), audience.visitors(call.world, person, day)) for day in days]
