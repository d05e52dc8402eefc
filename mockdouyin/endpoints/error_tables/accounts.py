"""Errors of the account calls: /oauth/*, the consent page, silent authorization, user info.

The passport has numbers of its own, 10xxx.
"""

from __future__ import annotations

import msgspec

from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.endpoints.error_tables.generations import NEW, assumed, pick

_SYSTEM_10001 = E(10001, "system_error", "系统异常", cause=SYSTEM)

_PARAMS_10002 = E(10002, "bad_params", "参数错误", cause="a field is missing or ill-formed")

_KEY_10003 = E(10003, "bad_client_key", "配置无效", "observed", "no app has this client_key")

_NEEDED_10005 = E(10005, "missing_params", "缺少参数", cause="a field is missing")

_REFRESH_10010 = E(
    10010,
    "bad_refresh_token",
    "refresh_token 过期",
    cause="the refresh_token is unknown, expired, renewed or revoked",
)

_SECRET_10013 = E(
    10013,
    "bad_client_secret",
    "client_key 或者 client_secret 报错",
    cause="the client_secret is not the app's",
)

USER_TOKEN = (
    _SYSTEM_10001,
    _PARAMS_10002,
    _KEY_10003,
    E(10007, "bad_code", "code已失效", "observed", "the code is unknown, used or expired"),
    _SECRET_10013,
    E(
        10014,
        "wrong_client_key",
        "client_key 不匹配",
        cause="the code belongs to another client_key",
    ),
    E(28001007, "bad_params_new", "参数不合法", "observed", SYSTEM),
    E(29002002, "bad_client_key_new", "ClientKey不合法", "observed", SYSTEM),
)

REFRESH = (
    E(10001, "system_error", "系统异常", "assumed", SYSTEM),
    _PARAMS_10002,
    _KEY_10003,
    _NEEDED_10005,
    _REFRESH_10010,
    _SECRET_10013,
)

RENEW = (
    E(10001, "system_error", "系统异常", "assumed", SYSTEM),
    E(10002, "bad_params", "参数错误", "assumed", "a field cannot be read"),
    E(10003, "bad_client_key", "配置无效", "assumed", "no app has this client_key"),
    E(
        10004,
        "no_scope",
        "权限不足(请申请 renew_refresh_token)",
        cause="the app lacks the scope renew_refresh_token",
    ),
    _NEEDED_10005,
    _REFRESH_10010,
    E(
        10020,
        "renewals_used_up",
        "超过刷新次数限制",
        cause="the refresh_token was renewed five times",
    ),
)

CLIENT_TOKEN = (
    _SYSTEM_10001,
    _PARAMS_10002,
    _KEY_10003,
    _SECRET_10013,
    E(10020, "too_many_calls", "超过刷新次数限制", cause="over 500 calls in 5 min, with limits"),
)

# Tokens for a business relation: newer calls, with the passport's numbers for key and secret.

_BUSINESS = assumed(
    (
        *pick(NEW, "system_error", "bad_params"),
        _KEY_10003,
        _SECRET_10013,
        *pick(NEW, "app_banned", "no_scope"),
    )
)
BUSINESS_TOKEN = (*_BUSINESS, *assumed(pick(NEW, "bad_open_id", "not_granted")))
BUSINESS_REFRESH = (
    *_BUSINESS,
    *assumed(
        (
            E(
                10010,
                "bad_refresh_token",
                "refresh_token 过期",
                cause="the biz_refresh_token is unknown, revoked or of another app",
            ),
        )
    ),
)
BUSINESS_SCOPES = assumed(
    (
        *pick(NEW, "invalid_token", "system_error", "bad_params", "expired_token"),
        *pick(NEW, "app_banned", "no_scope", "quota_used_up", "rate_limited"),
    )
)

# What the consent page shows, and the calls beside it.

_CONSENT = (
    E(10001, "system_error", "系统异常", cause=SYSTEM),
    _PARAMS_10002,
    E(
        10004,
        "no_scope",
        "应用权限不足，请申请对应的scope权限",
        cause="the app lacks one of the scopes",
    ),
    E(
        10006,
        "bad_redirect_uri",
        '非法重定向URI, 需要与APP配置中的"授权回调域"一致。',
        cause="the redirect_uri is not registered, or neither http nor https",
    ),
    E(10012, "app_in_review", "应用正在审核中，无法进行授权", cause=SYSTEM),
    E(28001016, "app_banned", "当前应用已被封禁或下线", "assumed", "the app is set to banned"),
    E(
        28001020,
        "not_a_tester",
        "用户未绑定应用白名单，请授权 trial.whitelist 权限",
        "assumed",
        "the person is not a tester of the trial app, or its two scopes are not asked for",
    ),
    E(28001021, "trial_expired", "测试应用已过期", "assumed", "the trial is over 120 days old"),
)

_UNFIT = "本次授权中存在授权该授权场景不支持的 scope"

CONSENT = (
    *_CONSENT,
    E(10003, "bad_client_key", "client_key 错误", cause="no app has this client_key"),
    E(10015, "wrong_kind", "应用类型错误", cause="the app is not a web app"),
    E(28004020, "unfit_scope", _UNFIT, cause=SYSTEM),
)

QR_CODE = (
    *_CONSENT,
    _KEY_10003,
    E(10015, "wrong_kind", "应用类型错误", "observed", "the app is not a web app"),
    E(28004020, "unfit_scope", _UNFIT, cause=SYSTEM),
)

QR_STATUS = (*_CONSENT[:2], _KEY_10003)

SILENT = (
    *(
        msgspec.structs.replace(case, basis="assumed")
        for case in (*_CONSENT, _KEY_10003, CONSENT[-2])
    ),
    E(28004020, "unfit_scope", _UNFIT, "assumed", "a scope other than login_id is asked for"),
)

USER_INFO = (
    *pick(NEW, "invalid_token", "system_error", "expired_token", "app_banned", "token_mismatch"),
    *assumed(pick(NEW, "bad_params", "not_granted", "no_scope", "not_a_tester", "trial_expired")),
    *assumed(pick(NEW, "quota_used_up", "rate_limited")),
    E(10008, "legacy_invalid_token", "access_token 无效或过期", cause=SYSTEM),
    E(2190002, "old_invalid_token", "access_token无效", cause=SYSTEM),
    E(2190008, "old_expired_token", "access_token过期,请刷新或重新授权", cause=SYSTEM),
    E(2190015, "old_token_mismatch", "请求参数access_token openid不匹配", cause=SYSTEM),
)
