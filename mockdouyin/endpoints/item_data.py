"""Statistics and comments of a work for mini-apps: those of `data_external` and `item_comment`.

Douyin has each call twice: with a user token, and with a biz_token (`item_bc`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, Fields, PersonFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.errors import Basis, ErrorCase
from mockdouyin.domain.business_tokens import person_of_business_call
from mockdouyin.domain.grants import person_of_call
from mockdouyin.endpoints import comments
from mockdouyin.endpoints import data_external_item as data
from mockdouyin.endpoints.data_external import days_of
from mockdouyin.endpoints.declared.envelopes import Nested
from mockdouyin.endpoints.error_tables import user_apis as tables
from mockdouyin.endpoints.user_data import Admit
from mockdouyin.endpoints.video import WorkFields, WorkList, WorksFields, work_item, works_by_id

item_data: Family = Family(
    "item_data",
    hosts=("open.douyin.com",),
    envelope=Nested(),
    malformed=28001007,
    errors=tables.NESTED,
)
item_data_bc: Family = Family(
    "item_data_bc",
    hosts=("open.douyin.com",),
    envelope=Nested(),
    malformed=28001007,
    errors=tables.NESTED,
)
videos: Family = Family(
    "videos",
    hosts=("open.douyin.com",),
    envelope=Nested(),
    malformed=28001007,
    errors=tables.NESTED_WORKS,
)

_DOC = "mini-app/develop/server/basic-abilities/video-id-convert/"

Answer = Callable[[Call[Any], App, str], Any]
"""Answers a call of an app about a person."""


def _answer(admit: Admit, answer: Answer, call: Call[Any]) -> Any:
    return answer(call, *admit(call))


def _daily(
    row: Callable[[str, int], Any], days: Callable[[list[Any]], Any], metric: str
) -> Answer:
    def answer(call: Call[Any], app: App, person: str) -> Any:
        return days(data.work_rows(call, person, days_of(call, app, person), row, metric))

    return answer


def _types(fields: type[Fields], reply: type) -> tuple[type[Fields], type]:
    return fields, reply


def _numbers(
    name: str, about: str, answer: Answer, fields: type[Fields], reply: type, doc: str
) -> None:
    """Declare what there is about a work's numbers, for both kinds of token."""
    for family, kind, admit, page, scope in (
        (item_data, "item", person_of_call, f"{doc}-data", "ma.item.data"),
        (item_data_bc, "item_bc", person_of_business_call, f"{doc}-bc", "ma.item.data_bc"),
    ):
        family.add(
            name,
            "GET",
            f"/api/apps/v1/{kind}/{name}/",
            handler=partial(_answer, admit, answer),
            types=partial(_types, fields, reply),
            about=about,
            doc=_DOC + "user-recent-video-data/" + page.replace("base-data", "basic-data"),
            basis="documented",
            scope=scope,
        )


_numbers(
    "get_base",
    "Return a work's total likes, comments, shares and plays, up to yesterday.",
    data.totals,
    WorkFields,
    data.ItemBaseAnswer,
    doc="get-base",
)
_numbers(
    "get_like",
    "Return the likes that a work got, by the day.",
    _daily(data.ItemLike, data.ItemLikes, "digg"),
    data.ItemDaysFields,
    data.ItemLikes,
    doc="get-like",
)
_numbers(
    "get_comment",
    "Return the comments that a work got, by the day.",
    _daily(data.ItemComment, data.ItemComments, "comment"),
    data.ItemDaysFields,
    data.ItemComments,
    doc="get-comment",
)
_numbers(
    "get_play",
    "Return the plays that a work got, by the day.",
    _daily(data.ItemPlay, data.ItemPlays, "play"),
    data.ItemDaysFields,
    data.ItemPlays,
    doc="get-play",
)
_numbers(
    "get_share",
    "Return the shares that a work got, by the day.",
    _daily(data.ItemShare, data.ItemShares, "share"),
    data.ItemDaysFields,
    data.ItemShares,
    doc="get-share",
)


def _comments(
    call: str,
    about: str,
    answer: Answer,
    fields: type[Fields],
    reply: type,
    errors: tuple[ErrorCase, ...],
    doc: str,
    basis: Basis = "documented",
) -> None:
    """Declare what there is about comments on a work, for both kinds of token.

    Of the calls with a biz_token Douyin has no page; only a list of samples has them.
    """
    method, name = call.split()
    item_data.add(
        name,
        method,
        f"/api/apps/v1/item/{name}/",
        handler=partial(_answer, person_of_call, answer),
        types=partial(_types, fields, reply),
        about=about,
        doc=_DOC + "video-review-data/" + doc,
        basis=basis,
        errors=errors,
        scope="ma.item.comment",
    )
    item_data_bc.add(
        name,
        method,
        f"/api/apps/v1/item_bc/{name}/",
        handler=partial(_answer, person_of_business_call, answer),
        types=partial(_types, fields, reply),
        about=about,
        doc="mini-app/develop/server/video-id-convert/video-review-data/" + doc,
        basis="assumed",
        errors=tables.without_scope(errors),
    )


class TopReply(msgspec.Struct):
    """Who wrote the comment that was put on top or taken down."""

    avatar: str
    nick_name: str


def _top(call: Call[comments.TopFields], app: App, person: str) -> TopReply:
    comment = comments.put_on_top(call, app, person)
    writer = call.world.people.profile(comment.person)
    return TopReply(writer.avatar, writer.nickname)


_comments(
    "GET list_comment",
    "List the comments on a work; the one put on top comes first in every order.",
    comments.list_comments,
    comments.CommentsFields,
    comments.CommentPage,
    tables.NESTED_COMMENTS,
    doc="comment-list",
)
_comments(
    "GET list_comment_reply",
    "List the replies to a comment.",
    comments.list_replies,
    comments.RepliesFields,
    comments.CommentPage,
    tables.NESTED_REPLIES,
    doc="comment-reply-list",
)
_comments(
    "POST reply_comment",
    "Reply to a comment on the person's own work, or comment on the work itself.",
    comments.write_reply,
    comments.WriteFields,
    comments.WrittenComment,
    tables.NESTED_COMMENT,
    doc="video-comment-reply",
)
_comments(
    "POST top_comment",
    "Put a comment on top, in place of the one before, or take it down.",
    _top,
    comments.TopFields,
    TopReply,
    tables.NESTED_TOP,
    doc="item-comment-top",
    basis="assumed",
)


class ItemIdsFields(PersonFields, kw_only=True):
    """The works asked for."""

    item_ids: list[str] = []


@videos.endpoint(
    "POST",
    "/api/apps/v1/video/query/",
    doc=_DOC + "user-video-data/video-data",
    basis="documented",
    scope="ma.video.bind",
)
def video_query(call: Call[ItemIdsFields]) -> WorkList:
    """Query a person's works by id, with their counts; unknown and deleted ones are left out."""
    return _works(call, *person_of_call(call))


@item_data_bc.endpoint(
    "POST",
    "/api/apps/v1/video_bc/query/",
    doc=_DOC + "user-video-data/videobc",
    basis="documented",
    errors=tables.NESTED_WORKS,
    scope="ma.video.bind_bc",
)
def video_bc_query(call: Call[WorksFields]) -> WorkList:
    """Query works by id with a biz_token; unknown and deleted ones are left out."""
    return _works(call, *person_of_business_call(call))


def _works(call: Call[Any], app: App, person: str) -> WorkList:
    return WorkList([work_item(call, work) for work in works_by_id(call, app, person)])
