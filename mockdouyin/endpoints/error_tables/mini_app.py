"""Errors of the calls of mini-programs and mini-games: login, app tokens, storage, messages."""

from __future__ import annotations

from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.endpoints.error_tables.generations import NEW, assumed, pick, without

LOGIN = (
    E(-1, "system_error", "system error", "assumed", SYSTEM),
    E(40014, "bad_params", "bad params", "observed", "a required parameter is missing"),
    E(40015, "bad_appid", "bad appid", cause="no app has this appid"),
    E(40017, "bad_secret", "bad secret", cause="the secret is not the app's"),
    E(
        40018,
        "bad_code",
        "bad code",
        "observed",
        "the code is unknown, used, expired or of another app",
    ),
    E(
        40019,
        "bad_anonymous_code",
        "bad anonymous code",
        "assumed",
        "the anonymous_code is unknown, used, expired or of another app",
    ),
)

APP_TOKEN = (
    E(-1, "system_error", "system error", "assumed", SYSTEM),
    E(40014, "bad_params", "bad params", "assumed", "a parameter is missing or cannot be read"),
    E(40015, "bad_appid", "bad appid", cause="no app has this appid"),
    E(40017, "bad_secret", "bad secret", cause="the secret is not the app's"),
    E(40020, "bad_grant_type", "bad grant_type", "assumed", "grant_type is not client_credential"),
)

STABLE_APP_TOKEN = (
    E(
        28005139,
        "too_many_calls",
        "请求过于频繁",
        cause="over 20 forced refreshes in a day, with limits",
    ),
    E(28001038, "bad_params", "参数错误", cause="appid, secret or grant_type is wrong"),
    E(28001005, "system_error", "系统内部错误", cause=SYSTEM),
)

SESSION_KEY = (
    E(28001003, "invalid_token", "access_token无效", cause="the token is unknown or has expired"),
    E(28001004, "bad_open_id", "openid无效", cause="nobody has the openid in this app"),
    E(
        28001038,
        "bad_params",
        "参数错误",
        cause="a parameter is missing, or sig_method is not hmac_sha256",
    ),
    E(28001039, "bad_signature", "签名不正确", cause="the signature is not the session's"),
)

RESET_SESSION_KEY = (
    SESSION_KEY[0],
    E(28001004, "bad_open_id", "openID无效", cause="nobody has the openid in this app"),
    *SESSION_KEY[2:],
    E(28005139, "too_many_calls", "请求过于频繁", cause="over 60000 in a minute, with limits"),
    E(28001005, "system_error", "系统内部错误", cause=SYSTEM),
)

STORAGE = (
    E(-1, "system_error", "system error", cause=SYSTEM),
    E(40002, "nil_token", "nil access_token", cause="there is no access_token"),
    E(40002, "invalid_token", "bad access_token", cause="the token is unknown or has expired"),
    E(40009, "key_too_long", "key is too long", cause="a key is over 128 bytes"),
    E(40014, "bad_params", "bad params", "assumed", "a parameter is missing or cannot be read"),
    E(28001039, "bad_signature", "签名不正确", "assumed", "the signature is not the session's"),
    E(28001004, "bad_open_id", "openid无效", "assumed", "nobody has the openid in this app"),
)

SET_STORAGE = (
    *STORAGE,
    E(
        40010,
        "pair_too_long",
        "key + value is too long",
        cause="a key and its value are over 1024 bytes",
    ),
    E(40011, "bad_ranking", "ranking value is ill-formed", cause="a ttgame value has no score"),
    E(60001, "too_many_pairs", "too many kv pairs", cause="over 128 pairs"),
)

MICROAPP_LOGIN = (
    *pick(NEW, "invalid_token", "system_error", "bad_params", "expired_token", "app_banned"),
    E(28001007, "bad_code", "参数不合法", "assumed", "the code is unknown, used or expired"),
    E(
        28001007,
        "bad_anonymous_code",
        "参数不合法",
        "assumed",
        "the anonymous_code is unknown, used, expired or of another app",
    ),
)

PHONE_NUMBER = (
    *assumed(pick(NEW, "invalid_token", "system_error", "bad_params", "expired_token")),
    *assumed(pick(NEW, "app_banned", "no_scope", "quota_used_up", "rate_limited")),
    E(28005187, "bad_code", "code 已过期", "observed", "the code is unknown, used or expired"),
)

NOTIFY = (
    E(1000, "bad_params", "参数格式有误", cause="a parameter is missing or of a wrong type"),
    E(
        1001,
        "bad_content",
        "参数内容有误",
        cause="the template is unknown, or data does not have its fields",
    ),
    E(1001, "bad_ids", "app_id / open_id不合法", cause="the app_id or the open_id is unknown"),
    E(1008, "forbidden_content", "通知内容违规", cause=SYSTEM),
    E(1009, "app_banned", "推送消息能力被封禁", cause="the app is set to banned"),
    E(
        1010,
        "too_frequent",
        "发送消息过于频繁",
        cause="two messages to one person in a second, with limits",
    ),
    E(2000, "system_error", "服务内部错误", cause=SYSTEM),
    E(12024, "invalid_token", "access_token is invalid", "observed", "the token is unknown"),
    E(12025, "expired_token", "access_token is expired", "observed", "the token has expired"),
    E(28006003, "rate_limited", "限流", cause="over the calls a second, with limits"),
    E(
        28014043,
        "not_subscribed",
        "用户未订阅该模板",
        cause="the person has not allowed a message, or all are sent",
    ),
)

TEMPLATES = (
    *assumed(
        without(NEW, "bad_params", "bad_open_id", "not_granted", "token_mismatch", "not_a_tester")
    ),
    E(28001020, "not_a_tester", "用户未绑定该测试应用", "assumed", SYSTEM),
    E(28001038, "bad_params", "参数错误", cause="a parameter is missing or out of range"),
)

SUBSCRIBED = (*TEMPLATES, *assumed(pick(NEW, "bad_open_id")))

NOTIFY_USER = (
    *SUBSCRIBED,
    E(28006003, "throttled", "限流", cause=SYSTEM),
    E(28014036, "rejected", "用户拒收", "observed", "the person refused the template last"),
    E(
        28014041,
        "messages_used_up",
        "配额已用完",
        "observed",
        "all messages that the person allowed are sent",
    ),
    E(28014043, "not_subscribed", "用户未订阅该模板", cause="the person never allowed a message"),
)
