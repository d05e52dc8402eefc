"""Errors of the calls about a person's works, comments, followers and messages.

The docs pages show their own tables in part; the rest is from the general ones, and assumed.
"""

from __future__ import annotations

from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.endpoints.error_tables.generations import NEW, OLD, assumed, pick, without

PERSON = assumed(
    (
        *pick(OLD, "system_error", "bad_params", "user_banned", "quota_used_up"),
        *pick(OLD, "invalid_token", "not_granted", "no_scope", "expired_token"),
        *pick(OLD, "token_mismatch", "app_banned"),
    )
)
"""Calls with a user token and an open_id, with the numbers of the older generation."""

APP = assumed(
    (
        *pick(OLD, "system_error", "bad_params", "quota_used_up", "invalid_token"),
        *pick(OLD, "no_scope", "expired_token", "app_banned"),
    )
)
"""Calls with a client token, with the numbers of the older generation."""

_NOT_PUBLIC = E(2118100, "not_public", "作品非公开", "assumed", SYSTEM)
_NOT_OWN = E(
    2118101, "not_own", "作品不是通过此用户发布", "assumed", "the work belongs to another person"
)
_UNBOUND = E(2118106, "not_bound", "作品未绑定", "assumed", SYSTEM)
_TOO_FREQUENT = E(
    2118110, "rate_limited", "请求过于频繁", "assumed", "over the calls a second, with limits"
)

VIDEO_DATA = (*PERSON, _NOT_PUBLIC, _NOT_OWN, _UNBOUND, _TOO_FREQUENT)

_TOO_LARGE = E(2190005, "file_too_large", "视频文件太大了", cause="a file is over 128 MB")
_TOO_LONG = E(2190006, "video_too_long", "视频时长不能超过15分钟", cause=SYSTEM)

UPLOAD = (*PERSON, _TOO_LARGE, _TOO_LONG)
PART = (*PERSON, _TOO_LARGE)
COMPLETE = (
    *PERSON,
    E(2190005, "file_too_large", "视频文件太大了", cause="all parts together are over 4 GB"),
    _TOO_LONG,
)

_PUBLISH = (
    E(
        2114005,
        "posting_banned",
        "视频投稿功能已封禁，详情见抖音端上【消息-系统通知】",
        cause=SYSTEM,
    ),
    E(
        2114007,
        "too_many_posts",
        "视频发布数量超过每日上限",
        cause="over 75 in a day, with limits",
    ),
)

CREATE = (
    *PERSON,
    E(
        2190007,
        "bad_video_id",
        "无效的视频文件id",
        cause="the video_id is unknown, expired or used",
    ),
    *_PUBLISH,
)

CREATE_IMAGES = (*PERSON, *_PUBLISH)

DELETE = (*PERSON, _NOT_OWN)

FANS = (*PERSON, E(28001056, "api_offline", "该能力API已下线,不再支持调用", "assumed", SYSTEM))

FANS_CHECK = (
    *PERSON,
    E(
        2100006,
        "same_open_id",
        "open_id 与 follower_open_id 相同",
        cause="open_id and follower_open_id are the same",
    ),
)

EXTERNAL = (
    *pick(NEW, "invalid_token", "system_error", "network_error", "expired_token"),
    *pick(NEW, "no_ability", "app_banned", "no_scope"),
    *assumed(pick(NEW, "bad_params", "not_granted", "token_mismatch")),
    *assumed(pick(NEW, "quota_used_up", "rate_limited")),
)
"""Statistics by the day: these docs pages have the numbers of the newer generation."""

_NO_VIDEO = E(
    2111007, "no_video", "获取视频失败", cause="the work is unknown, deleted or another person's"
)
_BAD_COMMENT = E(2111003, "bad_comment", "无效的评论", cause="there is no such comment")
_ELSEWHERE = E(
    2111004, "comment_elsewhere", "非本视频评论", cause="the comment is under another work"
)
_UNLISTED = E(2111002, "comments_failed", "获取评论失败", cause=SYSTEM)

_COMMENTS = (_UNLISTED, _NO_VIDEO)
_REPLIES = (_UNLISTED, _BAD_COMMENT, _ELSEWHERE, _NO_VIDEO)
_COMMENT = (
    E(2111001, "forbidden_content", "命中敏感词", cause="the content contains the word 敏感词"),
    _BAD_COMMENT,
    _ELSEWHERE,
    E(2111006, "comment_failed", "评论失败", cause=SYSTEM),
    _NO_VIDEO,
)
_TOP = (
    _BAD_COMMENT,
    _ELSEWHERE,
    E(2111005, "top_in_review", "上一个置顶评论正在审核中, 请稍后再试", cause=SYSTEM),
    _NO_VIDEO,
)

COMMENTS = (*PERSON, *_COMMENTS)
REPLIES = (*PERSON, *_REPLIES)
COMMENT = (*PERSON, *_COMMENT)
TOP = (*PERSON, *_TOP)

NO_ENTERPRISE = E(2112001, "no_enterprise", "非企业号用户", cause=SYSTEM)

SEND = (
    *PERSON,
    E(
        2100007,
        "not_permitted",
        "无权限操作",
        "assumed",
        "the receiver has not allowed messages",
    ),
    E(
        28003070,
        "too_many_touches",
        "超出频控限制次数",
        "observed",
        "a fourth first message in a day, with limits",
    ),
)

GATEWAY_PERSON = assumed(
    (
        *pick(NEW, "invalid_token", "system_error", "bad_params", "expired_token"),
        *pick(NEW, "not_granted", "token_mismatch", "app_banned", "no_scope"),
        *pick(NEW, "quota_used_up", "rate_limited"),
        E(28001004, "bad_open_id", "openid 无效", cause="nobody has the open_id in this app"),
    )
)

RECALL = (
    *(case for case in GATEWAY_PERSON if case.name != "bad_open_id"),
    E(28003036, "bad_message", "参数异常", "assumed", "the message is unknown or was recalled"),
)

AUTHORIZED = tuple(case for case in GATEWAY_PERSON if case.name != "bad_open_id")

# Mini-apps' calls: the gateway's own errors, and within its answer those of the older services.


def without_scope(cases: tuple[E, ...]) -> tuple[E, ...]:
    """Return the errors of a call that needs no scope."""
    return without(cases, "no_scope", "not_granted", "quota_used_up")


NESTED = AUTHORIZED
NESTED_BUSINESS = without_scope(NESTED)
NESTED_COMMENTS = (*NESTED, *assumed(_COMMENTS))
NESTED_REPLIES = (*NESTED, *assumed(_REPLIES))
NESTED_COMMENT = (*NESTED, *assumed(_COMMENT))
NESTED_TOP = (*NESTED, *assumed(_TOP))
NESTED_WORKS = (*NESTED, _NOT_PUBLIC, _NOT_OWN)

# Works of anybody, found by a keyword.

_EITHER_TOKEN = (*APP, *assumed(pick(OLD, "not_granted")))
FOUND_COMMENTS = (*_EITHER_TOKEN, *assumed(_COMMENTS))
FOUND_REPLIES = (*_EITHER_TOKEN, *assumed(_REPLIES))
