"""Data by the day, up to yesterday, of a person's account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from mockdouyin.core.clock import date_text, day_begins, day_of
from mockdouyin.core.endpoint import Call, Family, PersonFields
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import audience, comments, videos
from mockdouyin.domain.grants import first_granted, person_of_call
from mockdouyin.domain.videos import Video
from mockdouyin.endpoints import _user_error_tables as tables

data_external = Family(
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
    """How many days: 7, 15 or 30."""

    date_type: int = 0


def person_and_days(call: Call[Any]) -> tuple[str, range]:
    """Give whom the call is about, and the days that it asks for."""
    app, person = person_of_call(call)
    call.need("bad_params", "date_type")
    period = call.fields.date_type
    if period not in PERIODS:
        raise DouyinError("bad_params", f"date_type is {period}; it is 7, 15 or 30")
    return person, audience.last_days(call.now, period, first_granted(call.unit, app, person))


def gained(call: Call[Any], works: list[Video], day: int, what: str) -> int:
    """Give how much works gathered on a day."""
    if what == "comment":
        moments = (m for w in works for m in comments.creation_times(call.world, call.unit, w))
        return sum(day_of(moment) == day for moment in moments)
    begins, ends = day_begins(day), day_begins(day + 1)
    return sum(
        getattr(audience.stats_until(call.world, work, ends), what)
        - getattr(audience.stats_until(call.world, work, begins), what)
        for work in works
    )


def _rows(call: Call[Any], row: Callable[[str, int], Any], what: str) -> list[Any]:
    person, days = person_and_days(call)
    works = videos.works(call.world, call.unit, person)
    return [row(date_text(day), gained(call, works, day, what)) for day in days]


class ItemDay(msgspec.Struct):
    """What was published and played on a day."""

    date: str
    new_issue: int
    new_play: int
    total_issue: int


class ItemDays(msgspec.Struct):
    """The same of several days."""

    result_list: list[ItemDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/item/",
    doc=DOC + "user-data/get-user-video-status",
    basis="documented",
    scope=_SCOPE,
)
def user_item(call: Call[DaysFields]) -> ItemDays:
    """Give how many works a person published and how often they were played, by the day."""
    person, days = person_and_days(call)
    works = videos.works(call.world, call.unit, person)
    rows = []
    for day in days:
        until = sum(day_of(work.created) <= day for work in works)
        fresh = sum(day_of(work.created) == day for work in works)
        rows.append(ItemDay(date_text(day), fresh, gained(call, works, day, "play"), until))
    return ItemDays(rows)


class FansDay(msgspec.Struct):
    """Followers won on a day, and all of them."""

    date: str
    new_fans: int
    total_fans: int


class FansDays(msgspec.Struct):
    """The same of several days."""

    result_list: list[FansDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/fans/",
    doc=DOC + "user-data/get-user-fans-count",
    basis="documented",
    scope=_SCOPE,
)
def user_fans(call: Call[DaysFields]) -> FansDays:
    """Give a person's followers, by the day."""
    person, days = person_and_days(call)
    rows = []
    for day in days:
        total = audience.fans_until(call.world, person, day)
        before = audience.fans_until(call.world, person, day - 1)
        rows.append(FansDay(date_text(day), total - before, total))
    return FansDays(rows)


class LikeDay(msgspec.Struct):
    """Likes won on a day."""

    date: str
    new_like: int


class LikeDays(msgspec.Struct):
    """The same of several days."""

    result_list: list[LikeDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/like/",
    doc=DOC + "user-data/get-user-like-number",
    basis="documented",
    scope=_SCOPE,
)
def user_like(call: Call[DaysFields]) -> LikeDays:
    """Give the likes of a person's works, by the day."""
    return LikeDays(_rows(call, LikeDay, "digg"))


class CommentDay(msgspec.Struct):
    """Comments won on a day."""

    date: str
    new_comment: int


class CommentDays(msgspec.Struct):
    """The same of several days."""

    result_list: list[CommentDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/comment/",
    doc=DOC + "user-data/get-user-comment-count",
    basis="documented",
    scope=_SCOPE,
)
def user_comment(call: Call[DaysFields]) -> CommentDays:
    """Give the comments on a person's works, by the day."""
    return CommentDays(_rows(call, CommentDay, "comment"))


class ShareDay(msgspec.Struct):
    """Shares won on a day."""

    date: str
    new_share: int


class ShareDays(msgspec.Struct):
    """The same of several days."""

    result_list: list[ShareDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/share/",
    doc=DOC + "user-data/get-user-share-count",
    basis="documented",
    scope=_SCOPE,
)
def user_share(call: Call[DaysFields]) -> ShareDays:
    """Give the shares of a person's works, by the day."""
    return ShareDays(_rows(call, ShareDay, "share"))


class ProfileDay(msgspec.Struct):
    """Who looked at a person's page on a day."""

    date: str
    profile_uv: int


class ProfileDays(msgspec.Struct):
    """The same of several days."""

    result_list: list[ProfileDay]


@data_external.endpoint(
    "GET",
    "/data/external/user/profile/",
    doc=DOC + "user-data/get-user-home-pv",
    basis="documented",
    scope=_SCOPE,
)
def user_profile(call: Call[DaysFields]) -> ProfileDays:
    """Give how many people looked at a person's page, by the day."""
    person, days = person_and_days(call)
    rows = [ProfileDay(date_text(day), audience.visitors(call.world, person, day)) for day in days]
    return ProfileDays(rows)
