"""Comments on a person's works: list, reply, put on top.

Douyin has each call twice: under /item/comment/ for everybody, under /video/comment/ for
enterprise accounts.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.ids import is_mangled
from mockdouyin.domain import comments, pagination, videos
from mockdouyin.domain.comments import Comment
from mockdouyin.domain.grants import person_of_call
from mockdouyin.domain.videos import Video
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import user_apis as tables

item_comment: Family = Family(
    "item_comment", hosts=("open.douyin.com",), envelope=Extra(), malformed=2100005
)
enterprise_comment: Family = Family(
    "enterprise_comment", hosts=("open.douyin.com",), envelope=Extra(), malformed=2100005
)

_DOC = "dop/develop/openapi/interaction-management/comment-management-user/"
_SCOPE, _ENTERPRISE = "item.comment", "video.comment"

MAX_PAGE_SIZE, MAX_ENTERPRISE_PAGE_SIZE = 20, 50


class CommentsFields(PersonFields, kw_only=True):
    """A page of the comments on a work."""

    item_id: str = ""
    cursor: int = 0
    count: int = 0
    sort_type: str = ""


class RepliesFields(CommentsFields, kw_only=True):
    """A page of the replies to a comment."""

    comment_id: str = ""


class CommentRow(msgspec.Struct, omit_defaults=True):
    """A comment, or a reply to one."""

    comment_id: str
    comment_user_id: str
    content: str
    create_time: int
    digg_count: int
    reply_comment_total: int
    top: bool
    nick_name: str
    avatar: str
    reply_comment_id: str = ""


class CommentPage(msgspec.Struct):
    """A page of comments."""

    cursor: int
    has_more: bool
    rows: list[CommentRow] = msgspec.field(name="list")


def own_work(call: Call[Any], person: str) -> Video:
    """Return the person's own work that the call names, or refuse the call."""
    call.need("bad_params", "item_id")
    work = videos.find(call.world, call.unit, person, call.fields.item_id)
    if work is None:
        why = texts.WORK_ID_ENCODED_TWICE if "%" in call.fields.item_id else texts.WORK_UNKNOWN
        raise DouyinError("no_video", why())
    if work.person != person:
        raise DouyinError("no_video", texts.WORK_OF_ANOTHER(owner=work.person, person=person))
    return work


def _refuse_mangled(call: Call[CommentsFields]) -> None:
    """Refuse an item_id that is not URL-encoded: the platform is known to do so here only."""
    item_id = call.fields.item_id
    if is_mangled(item_id):
        why = texts.ITEM_ID_ENCODED_TWICE if "%" in item_id else texts.ITEM_ID_NOT_ENCODED
        raise DouyinError("bad_params", why(), detail="param invalid, maybe need encode url param")


def comment_of(call: Call[Any], work: Video) -> Comment:
    """Return the comment on a work that the call names, or refuse the call."""
    call.need("bad_params", "comment_id")
    comment_id = call.fields.comment_id
    found = comments.find(call.world, call.unit, work, comment_id)
    if found is None:
        why = texts.COMMENT_ID_ENCODED_TWICE if "%" in comment_id else texts.COMMENT_UNKNOWN
        raise DouyinError("bad_comment", why())
    if found.item_id != work.item_id:
        raise DouyinError("comment_elsewhere", texts.COMMENT_ELSEWHERE())
    return found


def _page(call: Call[Any], app: App, ids: tuple[str, ...], top: str = "") -> CommentPage:
    fields = call.fields
    call.need("bad_params", "count")
    is_enterprise = call.endpoint.family is enterprise_comment
    max_count = MAX_ENTERPRISE_PAGE_SIZE if is_enterprise else MAX_PAGE_SIZE
    pagination.check(fields.cursor, fields.count, max_count)
    if fields.sort_type not in ("", "time", "time_asc"):
        raise DouyinError("bad_params", texts.COMMENT_SORT_TYPE(got=fields.sort_type))
    rows = comments.listed(call.unit, ids, fields.sort_type, top)
    page = pagination.at(rows, fields.cursor, fields.count)
    return CommentPage(
        page.cursor, page.has_more, [_row(call, app, each, top) for each in page.rows]
    )


def _row(call: Call[Any], app: App, comment: Comment, top: str) -> CommentRow:
    people = call.world.people
    writer = people.profile(comment.person)
    return CommentRow(
        comment.comment_id,
        people.open_id(app, comment.person),
        comment.content,
        int(comment.created),
        comment.diggs,
        len(comment.replies),
        comment.comment_id == top,
        writer.nickname,
        writer.avatar,
        comment.reply_to,
    )


@item_comment.endpoint(
    "GET",
    "/item/comment/list/",
    doc=_DOC + "comment-list",
    basis="documented",
    errors=tables.COMMENTS,
    scope=_SCOPE,
)
@enterprise_comment.endpoint(
    "GET",
    "/video/comment/list/",
    doc=_DOC + "comment-list",
    basis="documented",
    errors=(*tables.COMMENTS, tables.NO_ENTERPRISE),
    scope=_ENTERPRISE,
)
def comment_list(call: Call[CommentsFields]) -> CommentPage:
    """List the comments on a work; the one put on top comes first in every order."""
    app, person = person_of_call(call)
    _refuse_mangled(call)
    return list_comments(call, app, person)


def list_comments(call: Call[Any], app: App, person: str) -> CommentPage:
    """Return a page of the comments on a person's work."""
    thread = comments.thread(call.world, call.unit, own_work(call, person))
    return _page(call, app, thread.comments, thread.top)


@item_comment.endpoint(
    "GET",
    "/item/comment/reply/list/",
    doc=_DOC + "comment-reply-list",
    basis="documented",
    errors=tables.REPLIES,
    scope=_SCOPE,
)
@enterprise_comment.endpoint(
    "GET",
    "/video/comment/reply/list/",
    doc=_DOC + "comment-reply-list",
    basis="documented",
    errors=(*tables.REPLIES, tables.NO_ENTERPRISE),
    scope=_ENTERPRISE,
)
def comment_reply_list(call: Call[RepliesFields]) -> CommentPage:
    """List the replies to a comment."""
    return list_replies(call, *person_of_call(call))


def list_replies(call: Call[Any], app: App, person: str) -> CommentPage:
    """Return a page of the replies to a comment on a person's work."""
    work = own_work(call, person)
    return _page(call, app, comment_of(call, work).replies)


class WriteFields(PersonFields, kw_only=True):
    """The text of a comment and what it answers: a comment, or the work if comment_id is empty."""

    item_id: str = ""
    comment_id: str = ""
    content: str = ""


class WrittenComment(msgspec.Struct):
    """A new comment, and who wrote it."""

    comment_id: str
    nick_name: str
    avatar: str


@item_comment.endpoint(
    "POST",
    "/item/comment/reply/",
    doc=_DOC + "video-comment-reply",
    basis="documented",
    errors=tables.COMMENT,
    scope=_SCOPE,
)
@enterprise_comment.endpoint(
    "POST",
    "/video/comment/reply/",
    doc=_DOC + "video-comment-reply",
    basis="documented",
    errors=(*tables.COMMENT, tables.NO_ENTERPRISE),
    scope=_ENTERPRISE,
)
def comment_reply(call: Call[WriteFields]) -> WrittenComment:
    """Reply to a comment on the person's own work, or comment on the work itself.

    The platform refuses forbidden words; here that is one word, 敏感词. The app's webhook gets the
    event `item_comment_reply`.
    """
    return write_reply(call, *person_of_call(call))


def write_reply(call: Call[Any], app: App, person: str) -> WrittenComment:
    """Write a person's comment on their own work, or their reply to one there."""
    fields = call.fields
    work = own_work(call, person)
    call.need("bad_params", "content")
    answered = comment_of(call, work) if fields.comment_id else None
    if comments.SENSITIVE_WORD in fields.content:
        why = texts.COMMENT_FORBIDDEN(word=comments.SENSITIVE_WORD)
        raise DouyinError("forbidden_content", why)
    reply_to = answered.comment_id if answered is not None else ""
    made = comments.write(call.world, call.unit, work, person, fields.content, reply_to)
    other = answered.person if answered is not None else work.person
    call.emit("item_comment_reply", person, other=other, content=_event(call, app, made, reply_to))
    writer = call.world.people.profile(person)
    return WrittenComment(made.comment_id, writer.nickname, writer.avatar)


def _event(call: Call[Any], app: App, made: Comment, reply_to: str) -> dict[str, Any]:
    return {
        "comment_id": made.comment_id,
        "comment_user_id": call.world.people.open_id(app, made.person),
        "content": made.content,
        "create_time": int(made.created),
        "digg_count": 0,
        "reply_comment_total": 0,
        "reply_to_comment_id": reply_to,
        "reply_to_item_id": made.item_id,
        "at_user_id": "",
    }


class TopFields(PersonFields, kw_only=True):
    """A comment, and whether to put it on top or take it down."""

    item_id: str = ""
    comment_id: str = ""
    top: bool | None = None


@item_comment.endpoint(
    "POST",
    "/item/comment/top/",
    doc=_DOC + "item-comment-top",
    basis="documented",
    errors=tables.TOP,
    scope=_SCOPE,
)
@enterprise_comment.endpoint(
    "POST",
    "/video/comment/top/",
    doc=_DOC + "item-comment-top",
    basis="documented",
    errors=(*tables.TOP, tables.NO_ENTERPRISE),
    scope=_ENTERPRISE,
)
def comment_top(call: Call[TopFields]) -> None:
    """Put a comment on top, in place of the one before, or take it down."""
    put_on_top(call, *person_of_call(call))


def put_on_top(call: Call[Any], app: App, person: str) -> Comment:
    """Put a comment on a person's work on top, or take it down; return it."""
    work = own_work(call, person)
    comment = comment_of(call, work)
    top = call.fields.top
    if top is None:
        why = texts.COMMENT_TOP_MISSING()
        raise DouyinError("bad_params", why, detail="top must have a value")
    if comment.reply_to:
        raise DouyinError("bad_comment", texts.COMMENT_IS_REPLY())
    comments.put_on_top(call.world, call.unit, work, comment, top)
    return comment
