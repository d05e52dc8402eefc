"""Videos found by a keyword, and the comments on them: those of anybody, not of the caller."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.domain import comments, pagination, videos
from mockdouyin.domain.comments import Comment
from mockdouyin.domain.grants import UserToken, person_of_call, user_of_token
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.domain.videos import Video
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.comments import comment_of
from mockdouyin.endpoints.error_tables import user_apis as tables
from mockdouyin.endpoints.video import work_item

video_search: Family = Family(
    "video_search", hosts=("open.douyin.com",), envelope=Extra(), malformed=2100005
)

_DOC = "dop/develop/openapi/search-management/"
_SCOPE = "video.search.comment"

MAX_PAGE_SIZE = 20


class SearchFields(PersonFields, kw_only=True):
    """The keyword, and the page."""

    keyword: str = ""
    cursor: int = 0
    count: int = 0


class FoundStatistics(msgspec.Struct):
    """The counts of a work, which are texts here."""

    comment_count: str
    digg_count: str
    download_count: str
    forward_count: str
    play_count: str
    share_count: str


class FoundWork(msgspec.Struct):
    """A work of anybody, with who published it."""

    avatar: str
    cover: str
    create_time: int
    is_reviewed: bool
    is_top: bool
    item_id: str
    nickname: str
    open_id: str
    sec_item_id: str
    share_url: str
    statistics: FoundStatistics
    title: str


class FoundWorks(msgspec.Struct):
    """A page of what was found."""

    cursor: int
    has_more: bool
    rows: list[FoundWork] = msgspec.field(name="list")


@video_search.endpoint(
    "GET",
    "/video/search/",
    doc=_DOC + "keywords-video-list/keywords-video",
    basis="documented",
    errors=tables.PERSON,
    scope="video.search",
)
def search_videos(call: Call[SearchFields]) -> FoundWorks:
    """Find public works whose title or author has every word of the keyword, newest first.

    Here they are looked for among the works of the world's first 200 people.
    """
    app, _ = person_of_call(call)
    call.need("bad_params", "keyword", "count")
    pagination.check(call.fields.cursor, call.fields.count, MAX_PAGE_SIZE)
    found = [work for work in videos.public(call.world, call.unit) if _fits(call, work)]
    page = pagination.at(found, call.fields.cursor, call.fields.count)
    return FoundWorks(page.cursor, page.has_more, [_found(call, app, w) for w in page.rows])


def _fits(call: Call[SearchFields], work: Video) -> bool:
    author = call.world.people.profile(work.person).nickname
    text = f"{work.title} {author}".casefold()
    return all(word in text for word in call.fields.keyword.casefold().split())


def _found(call: Call[Any], app: App, work: Video) -> FoundWork:
    item = work_item(call, work)
    people = call.world.people
    author = people.profile(work.person)
    counts = {name: str(count) for name, count in msgspec.structs.asdict(item.statistics).items()}
    return FoundWork(
        author.avatar,
        item.cover,
        item.create_time,
        item.is_reviewed,
        item.is_top,
        item.item_id,
        author.nickname,
        people.open_id(app, work.person),
        work.item_id,
        item.share_url,
        FoundStatistics(**counts),
        item.title,
    )


class FoundCommentsFields(TokenFields, kw_only=True):
    """A page of the comments on a work that was found."""

    sec_item_id: str = ""
    cursor: int = 0
    count: int = 0


class FoundRepliesFields(FoundCommentsFields, kw_only=True):
    """A page of the replies to a comment."""

    comment_id: str = ""


class FoundComment(msgspec.Struct):
    """A comment, or a reply to one."""

    comment_id: str
    comment_user_id: str
    content: str
    create_time: int
    digg_count: int
    reply_comment_total: int
    top: bool


class FoundComments(msgspec.Struct):
    """A page of comments."""

    cursor: int
    has_more: bool
    rows: list[FoundComment] = msgspec.field(name="list")


@video_search.endpoint(
    "GET",
    "/video/search/comment/list/",
    doc=_DOC + "keywords-video-comment-management/comment-list",
    basis="documented",
    errors=tables.FOUND_COMMENTS,
    scope=_SCOPE,
)
def search_comment_list(call: Call[FoundCommentsFields]) -> FoundComments:
    """List the comments on a work that was found, with a client token or a user token."""
    app = _app(call)
    thread = comments.thread(call.world, call.unit, _work(call))
    return _page(call, app, thread.comments, thread.top)


@video_search.endpoint(
    "GET",
    "/video/search/comment/reply/list/",
    doc=_DOC + "keywords-video-comment-management/comment-reply-list",
    basis="documented",
    errors=tables.FOUND_REPLIES,
    scope=_SCOPE,
)
def search_comment_reply_list(call: Call[FoundRepliesFields]) -> FoundComments:
    """List the replies to a comment on a work that was found."""
    app = _app(call)
    return _page(call, app, comment_of(call, _work(call)).replies)


def _app(call: Call[Any]) -> App:
    """Return the app of either token: Douyin's SDK sends a client token, its page a user token."""
    if call.token and call.unit.find(UserToken, call.token) is not None:
        return user_of_token(call)[0]
    return app_of_token(call, "client")


def _work(call: Call[Any]) -> Video:
    call.need("bad_params", "sec_item_id")
    work = call.unit.read(Video, restore_plus_signs(call.fields.sec_item_id))
    if work is None:
        raise DouyinError("no_video", texts.FOUND_WORK_UNKNOWN())
    if work.privacy:
        raise DouyinError("no_video", texts.WORK_NOT_PUBLIC())
    return work


def _page(call: Call[Any], app: App, ids: tuple[str, ...], top: str = "") -> FoundComments:
    call.need("bad_params", "count")
    pagination.check(call.fields.cursor, call.fields.count, MAX_PAGE_SIZE)
    rows = comments.listed(call.unit, ids, top=top)
    page = pagination.at(rows, call.fields.cursor, call.fields.count)
    return FoundComments(
        page.cursor, page.has_more, [_row(call, app, each, top) for each in page.rows]
    )


def _row(call: Call[Any], app: App, comment: Comment, top: str) -> FoundComment:
    return FoundComment(
        comment.comment_id,
        call.world.people.open_id(app, comment.person),
        comment.content,
        int(comment.created),
        comment.diggs,
        len(comment.replies),
        comment.comment_id == top,
    )


class FoundReplyFields(PersonFields, kw_only=True):
    """The text of a comment and what it answers: a comment, or the work if comment_id is empty."""

    sec_item_id: str = ""
    comment_id: str = ""
    content: str = ""


class WrittenReply(msgspec.Struct):
    """The comment that was written."""

    comment_id: str


@video_search.endpoint(
    "POST",
    "/video/search/comment/reply/",
    doc=_DOC + "keywords-video-comment-management/comment-reply",
    basis="documented",
    errors=tables.COMMENT,
    scope=_SCOPE,
)
def search_comment_reply(call: Call[FoundReplyFields]) -> WrittenReply:
    """Comment on a work that was found, or reply to a comment there, as the token's person."""
    _, person = person_of_call(call)
    work = _work(call)
    call.need("bad_params", "content")
    reply_to = comment_of(call, work).comment_id if call.fields.comment_id else ""
    content = call.fields.content
    if comments.SENSITIVE_WORD in content:
        raise DouyinError(
            "forbidden_content", texts.COMMENT_FORBIDDEN(word=comments.SENSITIVE_WORD)
        )
    made = comments.write(call.world, call.unit, work, person, content, reply_to)
    return WrittenReply(made.comment_id)
