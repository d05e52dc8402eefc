"""Who follows a person, and what their followers are like."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import day_of
from mockdouyin.core.endpoint import Call, Family, PersonFields
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import audience, pagination
from mockdouyin.domain.grants import person_of_call
from mockdouyin.endpoints import _user_error_tables as tables
from mockdouyin.endpoints.video import CursorFields

fans = Family(
    "fans", hosts=("open.douyin.com",), envelope=Extra(), malformed=2100005, errors=tables.PERSON
)

_DOC = "dop/develop/openapi/account-management/"

MOST_A_PAGE = 30


class Fan(msgspec.Struct):
    """Somebody's public profile."""

    avatar: str
    city: str
    country: str
    gender: int
    nickname: str
    open_id: str
    province: str
    union_id: str


class FanPage(msgspec.Struct):
    """A page of followers, and how many there are."""

    cursor: int
    has_more: bool
    total: int
    rows: list[Fan] = msgspec.field(name="list")


class FollowedPage(msgspec.Struct):
    """A page of those whom a person follows."""

    cursor: int
    has_more: bool
    rows: list[Fan] = msgspec.field(name="list")


def _page(call: Call[CursorFields], app: App, names: list[str]) -> pagination.RowPage[Fan]:
    call.need("bad_params", "count")
    pagination.check(call.fields.cursor, call.fields.count, MOST_A_PAGE)
    page = pagination.at(names, call.fields.cursor, call.fields.count)
    return pagination.RowPage(
        [_fan(call, app, name) for name in page.rows], page.cursor, page.has_more
    )


def _fan(call: Call[Any], app: App, name: str) -> Fan:
    people = call.world.people
    who = people.profile(name)
    return Fan(
        who.avatar,
        who.city,
        who.country,
        who.gender,
        who.nickname,
        people.open_id(app, name),
        who.province,
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
    """List the world's people who follow a person; Douyin has withdrawn this call."""
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
    """List the world's people whom a person follows; Douyin has withdrawn this call."""
    app, person = person_of_call(call)
    page = _page(call, app, audience.followed(call.world, call.unit, person))
    return FollowedPage(page.cursor, page.has_more, page.rows)


class FanCheckFields(PersonFields, kw_only=True):
    """Who may be following."""

    follower_open_id: str = ""


class Follower(msgspec.Struct):
    """Whether, and since when."""

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
    """Tell whether somebody follows a person."""
    app, person = person_of_call(call)
    call.need("bad_params", "follower_open_id")
    if call.fields.follower_open_id == call.fields.open_id:
        raise DouyinError("same_open_id", "nobody follows themselves")
    fan = call.world.people.owner(app, call.fields.follower_open_id)
    since = None if fan is None else audience.follows(call.world, call.unit, fan, person)
    return Follower(since is not None, int(since or 0))


class FanShare(msgspec.Struct):
    """How many of the followers are of one kind."""

    item: str
    value: int


class Flow(msgspec.Struct):
    """How much of something came from followers, and how much in all."""

    flow: str
    fans_sum: int
    all_sum: int


class FansData(msgspec.Struct):
    """What a person's followers are like."""

    all_fans_num: int
    gender_distributions: list[FanShare]
    age_distributions: list[FanShare]
    geographical_distributions: list[FanShare]
    active_days_distributions: list[FanShare]
    device_distributions: list[FanShare]
    interest_distributions: list[FanShare]
    flow_contributions: list[Flow]


class FansDataAnswer(msgspec.Struct):
    """The same, in a field of its own."""

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
    """Tell what a person's followers are like, as of yesterday."""
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
        ours = ids.number(10_000, "flow", name, person)
        flows.append(Flow(name, ours, ours + ids.number(10_000, "flow.rest", name, person)))
    return FansDataAnswer(FansData(total, **shares, flow_contributions=flows))
