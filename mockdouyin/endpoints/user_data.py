"""Statistics of a person's account for mini-apps: the numbers of `data_external`, as texts.

Douyin has each call twice: with a user token, and with a biz_token (`user_bc`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call
from mockdouyin.core.endpoint import Family
from mockdouyin.domain.business_tokens import person_of_business_call
from mockdouyin.domain.grants import person_of_call
from mockdouyin.endpoints.data_external import (
    CommentDay,
    DayRows,
    DaysFields,
    FansDay,
    ItemDay,
    LikeDay,
    ProfileDay,
    ShareDay,
    comment_rows,
    days_of,
    fans_rows,
    item_rows,
    like_rows,
    profile_rows,
    share_rows,
)
from mockdouyin.endpoints.declared.envelopes import Nested
from mockdouyin.endpoints.error_tables import user_apis as tables

user_data: Family = Family(
    "user_data",
    hosts=("open.douyin.com",),
    envelope=Nested(),
    malformed=28001007,
    errors=tables.NESTED,
)
user_data_bc: Family = Family(
    "user_data_bc",
    hosts=("open.douyin.com",),
    envelope=Nested(),
    malformed=28001007,
    errors=tables.NESTED_BUSINESS,
)

_DOC = "mini-app/develop/server/basic-abilities/data-open/user-homepage-data/"

Admit = Callable[[Call[Any]], tuple[App, str]]
"""Returns the app and the person of a call, or refuses it."""


class _Numbers(NamedTuple):
    name: str
    about: str
    doc: str
    business_doc: str
    day: type[msgspec.Struct]
    rows: DayRows[Any]


_ALL = (
    _Numbers(
        "get_item",
        "Return the works that a person published and their plays, by the day.",
        "get-user-video-status",
        "get-item-bc",
        ItemDay,
        item_rows,
    ),
    _Numbers(
        "get_fans",
        "Return a person's new followers and their total, by the day.",
        "get-user-fans-count",
        "get-fens-bc",
        FansDay,
        fans_rows,
    ),
    _Numbers(
        "get_like",
        "Return the likes that a person's works got, by the day.",
        "get-user-like-number",
        "get-like-bc",
        LikeDay,
        like_rows,
    ),
    _Numbers(
        "get_comment",
        "Return the comments that a person's works got, by the day.",
        "get-user-comment-count",
        "get-comment-bc",
        CommentDay,
        comment_rows,
    ),
    _Numbers(
        "get_share",
        "Return the shares that a person's works got, by the day.",
        "get-user-share-count",
        "get-share-bc",
        ShareDay,
        share_rows,
    ),
    _Numbers(
        "get_profile",
        "Return how many people visited a person's page, by the day.",
        "get-user-home-pv",
        "get-profile-bc",
        ProfileDay,
        profile_rows,
    ),
)


def _answer(admit: Admit, numbers: _Numbers, call: Call[DaysFields]) -> dict[str, Any]:
    app, person = admit(call)
    rows = numbers.rows(call, person, days_of(call, app, person))
    names = numbers.day.__struct_fields__
    return {"result_list": [{name: str(getattr(row, name)) for name in names} for row in rows]}


@cache
def _types(numbers: _Numbers) -> tuple[type[Any], type]:
    """Return the types of a call: its reply is that of `data_external`, with texts."""
    name = numbers.day.__name__
    texts = [(field, str) for field in numbers.day.__struct_fields__]
    day = msgspec.defstruct(f"{name}Text", texts, module=__name__)
    days = [("result_list", list[day])]  # type: ignore[valid-type]
    return DaysFields, msgspec.defstruct(f"{name}sText", days, module=__name__)


for _each in _ALL:
    user_data.add(
        _each.name,
        "GET",
        f"/api/apps/v1/user/{_each.name}/",
        handler=partial(_answer, person_of_call, _each),
        types=partial(_types, _each),
        about=_each.about,
        doc=_DOC + _each.doc,
        basis="documented",
        scope="ma.user.data",
    )
    user_data_bc.add(
        _each.name,
        "GET",
        f"/api/apps/v1/user_bc/{_each.name}/",
        handler=partial(_answer, person_of_business_call, _each),
        types=partial(_types, _each),
        about=_each.about,
        doc=_DOC + _each.business_doc,
        basis="documented",
    )
