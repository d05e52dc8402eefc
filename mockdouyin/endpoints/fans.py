"""Followers: who follows a person, whom they follow, and statistics of their followers."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields
from mockdouyin.core.clock import day_of
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import audience, pagination
from mockdouyin.domain.grants import person_of_call
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import user_apis as tables
from mockdouyin.endpoints.video import CursorFields

fans: Family = Family(
    "fans", hosts=("open.douyin.com",), envelope=Extra(), malformed=2100005, errors=tables.PERSON
)

_DOC = "dop/develop/openapi/account-management/"

MAX_PAGE_SIZE = 30


class Fan(msgspec.Struct):
    """The public profile of a follower, or of somebody who is followed."""

    avatar: str
    city: str
    country: str
    gender: int
    nickname: str
    open_id: str
    province: str
    union_id: str


class FanPage(msgspec.Struct):
    """A page of followers, and how many there are in all."""

    cursor: int
    has_more: bool
    total: int
    rows: list[Fan] = msgspec.field(name="list")


class FollowedPage(msgspec.Struct):
    """A page of the people whom a person follows."""

    cursor: int
    has_more: bool
    rows: list[Fan] = msgspec.field(name="list")


def _page(call: Call[CursorFields], app: App, names: list[str]) -> pagination.RowPage[Fan]:
    call.need("bad_params", "count")
    pagination.check(call.fields.cursor, call.fields.count, MAX_PAGE_SIZE)
    page = pagination.at(names, call.fields.cursor, call.fields.count)
    return pagination.RowPage(
        [_fan(call, app, name) for name in page.rows], page.cursor, page.has_more
    )


def _fan(call: Call[Any], app: App, name: str) -> Fan:
    people = call.world.people
    profile = people.profile(name)
    return Fan(
        profile.avatar,
        profile.city,
        profile.country,
        profile.gender,
        profile.nickname,
        people.open_id(app, name),
        profile.province,
        people.union_id(app, name),
    )


@fans.endpoint(
    "GET",
    "/fans/list/",
    doc=_DOC + "get-fans-list",
    basis="documented",
    errors=tables.FANS,
    scope="fans.list",
)
def fans_list(call: Call[CursorFields]) -> FanPage:
    """List a person's followers; Douyin withdrew this call in 2022.

    Here it is answered with the people of the world who follow the person.
    """
    app, person = person_of_call(call)
    names = audience.fans(call.world, call.unit, person)
    page = _page(call, app, names)
    return FanPage(page.cursor, page.has_more, len(names), page.rows)


@fans.endpoint(
    "GET",
    "/following/list/",
    doc=_DOC + "get-subscriber-list",
    basis="documented",
    errors=tables.FANS,
    scope="following.list",
)
def following_list(call: Call[CursorFields]) -> FollowedPage:
    """List the people whom a person follows; Douyin withdrew this call in 2022."""
    app, person = person_of_call(call)
    page = _page(call, app, audience.followed(call.world, call.unit, person))
    return FollowedPage(page.cursor, page.has_more, page.rows)


class FanCheckFields(PersonFields, kw_only=True):
    """The person, and the open_id of the possible follower."""

    follower_open_id: str = ""


class Follower(msgspec.Struct):
    """Whether somebody follows, and since when as a Unix time; 0 if they do not."""

    is_follower: bool
    follow_time: int


@fans.endpoint(
    "GET",
    "/fans/check/",
    doc=_DOC + "fans-judge",
    basis="documented",
    errors=tables.FANS_CHECK,
    scope="fans.check",
)
def fans_check(call: Call[FanCheckFields]) -> Follower:
    """Check whether somebody follows a person, and since when."""
    app, person = person_of_call(call)
    call.need("bad_params", "follower_open_id")
    if call.fields.follower_open_id == call.fields.open_id:
        raise DouyinError("same_open_id", texts.FOLLOWER_IS_SELF())
    fan = call.world.people.owner(app, call.fields.follower_open_id)
    since = None if fan is None else audience.follows(call.world, call.unit, fan, person)
    return Follower(since is not None, int(since or 0))


class FanShare(msgspec.Struct):
    """The number of followers in one group, such as an age range or a province."""

    item: str
    value: int


class Flow(msgspec.Struct):
    """Plays, likes, comments or shares: how many came from followers, and how many in all."""

    flow: str
    fans_sum: int
    all_sum: int


class FansData(msgspec.Struct):
    """Statistics of a person's followers."""

    all_fans_num: int
    gender_distributions: list[FanShare]
    age_distributions: list[FanShare]
    geographical_distributions: list[FanShare]
    active_days_distributions: list[FanShare]
    device_distributions: list[FanShare]
    interest_distributions: list[FanShare]
    flow_contributions: list[Flow]


class FansDataAnswer(msgspec.Struct):
    """The statistics in the field `fans_data`, as the platform nests them."""

    fans_data: FansData


_KINDS = {
    "gender_distributions": ("1", "2"),
    "age_distributions": ("1-23", "24-30", "31-40", "41-50", "50-"),
    "geographical_distributions": ("广东", "江苏", "山东", "河南", "浙江", "四川", "北京", "上海"),
    "active_days_distributions": ("0~4", "5~8", "9~12", "13~16", "17~20", "21~24", "25~30"),
    "device_distributions": ("HUAWEI", "iPhone", "OPPO", "vivo", "Xiaomi", "other"),
    "interest_distributions": ("美食", "旅行", "音乐", "体育", "科技", "萌宠"),
}
_FLOWS = ("vv", "like_cnt", "comment_cnt", "share_video_cnt")


@fans.endpoint(
    "GET",
    "/api/douyin/v1/user/fans_data/",
    "/fans/data/",
    doc="dop/develop/openapi/data-open-service/fans-portrait-data/get-user-fans-data",
    basis="documented",
    scope="fans.data",
)
def fans_data(call: Call[PersonFields]) -> FansDataAnswer:
    """Return statistics of a person's followers, as of yesterday: gender, age, place, device."""
    _, person = person_of_call(call)
    ids = call.world.ids
    total = audience.fans_until(call.world, person, day_of(call.now) - 1)
    shares = {
        name: [
            FanShare(item, value)
            for item, value in audience.spread(call.world, total, items, name, person).items()
        ]
        for name, items in _KINDS.items()
    }
    flows = []
    for name in _FLOWS:
        from_fans = ids.number(10_000, "flow", name, person)
        from_others = ids.number(10_000, "flow.rest", name, person)
        flows.append(Flow(name, from_fans, from_fans + from_others))
    return FansDataAnswer(FansData(total, **shares, flow_contributions=flows))
