"""Errors of content security, links into a mini-app, and QR codes.

The docs pages show their own tables in part; the rest is from the general ones, and assumed.
"""

from __future__ import annotations

from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.endpoints.error_tables.generations import NEW, assumed, pick

_BAD = "a parameter is missing or of a wrong type"
_UNKNOWN = "the token is unknown"
_UNKNOWN_OR_EXPIRED = "the token is unknown or has expired"
_BANNED = "the app is set to banned"

TAGS = (
    E(400, "bad_params", "bad params", cause="a task is missing or ill-formed"),
    E(401, "invalid_token", "[app token sign fail] bad token", cause=_UNKNOWN_OR_EXPIRED),
    E(500, "system_error", "internal error", "assumed", SYSTEM),
)

IMAGE_V2 = (
    E(1, "bad_params", "参数有误", cause=_BAD),
    E(2, "invalid_token", "bad access_token", cause=_UNKNOWN_OR_EXPIRED),
    E(3, "no_image", "图片下载失败", cause="the image has no http or https address"),
    E(4, "system_error", "服务内部错误", cause=SYSTEM),
)

_LIMITED = assumed(pick(NEW, "quota_used_up", "rate_limited"))
_ABILITY = assumed(pick(NEW, "expired_token", "no_scope", "no_ability", "trial_expired"))

CENSOR = (
    E(28001003, "invalid_token", "bad access_token", cause=_UNKNOWN),
    *assumed(pick(NEW, "system_error", "bad_params", "app_banned")),
    *_ABILITY,
    *_LIMITED,
)

_NOT_FOUND = E(
    12023,
    "not_found",
    "URL_Link不存在或已失效",
    cause="there is no such link of the app, or it has expired",
)

QR_CODE = (
    E(28005001, "bad_params", "参数解析失败", cause=_BAD),
    E(28005002, "system_error", "内部错误", cause=SYSTEM),
    E(28005015, "app_banned", "权限被封禁", cause=_BANNED),
    *pick(NEW, "invalid_token"),
    *_ABILITY,
    *_LIMITED,
)
LINK = QR_CODE
LINK_INFO = (*LINK, _NOT_FOUND)

_SYSTEM = E(-1, "system_error", "system error", cause=SYSTEM)

OLDER_QR_CODE = (
    _SYSTEM,
    E(40002, "invalid_token", "bad access_token", cause=_UNKNOWN_OR_EXPIRED),
    E(40014, "bad_params", "bad params", "assumed", _BAD),
    E(40016, "bad_app_name", "bad appname", cause="appname is none of the platform's apps"),
    E(40021, "bad_width", "bad width", cause="width is not from 280 to 1280"),
    E(
        60003,
        "too_many_calls",
        "too many requests",
        cause="over 5000 in a minute, with limits",
    ),
)

_QUOTA = assumed(pick(NEW, "quota_used_up"))

OLDER_LINK = (
    _SYSTEM,
    E(12024, "invalid_token", "access_token is invalid", "observed", _UNKNOWN),
    E(12025, "expired_token", "access_token is expired", "observed", "the token has expired"),
    E(40014, "bad_params", "bad params", "assumed", _BAD),
)
OLDER_LINK_MADE = (*OLDER_LINK, *_QUOTA)
OLDER_LINK_INFO = (*OLDER_LINK, _NOT_FOUND)

GAME_LINK = (
    E(28001003, "invalid_token", "access_token无效", cause=_UNKNOWN_OR_EXPIRED),
    E(28001005, "system_error", "系统错误", cause=SYSTEM),
    E(28001019, "app_banned", "权限被封禁", cause=_BANNED),
    *assumed(pick(NEW, "bad_params")),
)
GAME_LINK_MADE = (*GAME_LINK, *_QUOTA)
GAME_LINK_INFO = (*GAME_LINK, *assumed((_NOT_FOUND,)))

PAGE = (
    *assumed((_NOT_FOUND,)),
    E(
        28005001,
        "bad_params",
        "参数解析失败",
        "assumed",
        "a parameter is missing or cannot be read",
    ),
    E(28005002, "system_error", "内部错误", "assumed", SYSTEM),
)
