"""Errors of the calls about who somebody is, and of players."""

from __future__ import annotations

from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.endpoints.error_tables.generations import NEW, assumed, pick

_APP = (
    *pick(NEW, "invalid_token", "system_error", "bad_params", "expired_token"),
    *assumed(pick(NEW, "app_banned", "no_scope", "quota_used_up", "rate_limited")),
    *assumed(pick(NEW, "bad_open_id")),
)

RELATED = (*_APP, *pick(NEW, "network_error"))

UNION = (*assumed(_APP), *assumed(pick(NEW, "not_granted")))

ROLE = (
    *_APP,
    E(
        28001029,
        "bad_douyin_id",
        "douyin_shortId参数不合法，无效的 douyin_shortId",
        cause="nobody has this Douyin number",
    ),
)

PLAYER = (
    *assumed(pick(NEW, "system_error", "bad_params")),
    E(28005074, "no_video", "视频不存在或非公开", "assumed", "the work is unknown or not public"),
)

ITEM_PLAYER = (
    *PLAYER,
    E(29002002, "bad_client_key", "ClientKey不合法", "assumed", "no app has this client_key"),
)
