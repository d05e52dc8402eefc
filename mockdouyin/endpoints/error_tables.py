"""Error tables that several endpoints share, by Douyin's numbers and texts.

A name means the same refusal everywhere; its number differs from family to family. That is how one
rule of the platform, say "the token has expired", is written once and answered in every dialect.
"""

from __future__ import annotations

import msgspec

from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.errors import ErrorCase as E

LOGIN = (
    E(-1, "system_error", "system error", "assumed", SYSTEM),
    E(40014, "bad_params", "bad params", "observed", "a required parameter is missing"),
    E(40015, "bad_appid", "bad appid", cause="no app has the appid"),
    E(40017, "bad_secret", "bad secret", cause="the secret is not the app's"),
    E(
        40018,
        "bad_code",
        "bad code",
        "observed",
        "the code is unknown, used, expired or another's",
    ),
    E(40019, "bad_anonymous_code", "bad anonymous code", "assumed", "the same, of anonymous_code"),
)

APP_TOKEN = (
    E(-1, "system_error", "system error", "assumed", SYSTEM),
    E(40014, "bad_params", "bad params", "assumed", "a parameter is missing or cannot be read"),
    E(40015, "bad_appid", "bad appid", cause="no app has the appid"),
    E(40017, "bad_secret", "bad secret", cause="the secret is not the app's"),
    E(40020, "bad_grant_type", "bad grant_type", "assumed", "it is not client_credential"),
)

NOTIFY = (
    E(1000, "bad_params", "参数格式有误", cause="a parameter is missing or of a wrong type"),
    E(1001, "bad_content", "参数内容有误", cause="template unknown, or data not of its fields"),
    E(1001, "bad_ids", "app_id / open_id不合法", cause="app_id or open_id is not one of ours"),
    E(1008, "forbidden_content", "通知内容违规", cause=SYSTEM),
    E(1009, "app_banned", "推送消息能力被封禁", cause="the app is set to banned"),
    E(
        1010,
        "too_frequent",
        "发送消息过于频繁",
        cause="two in a second to one person, with limits",
    ),
    E(2000, "system_error", "服务内部错误", cause=SYSTEM),
    E(12024, "invalid_token", "access_token is invalid", "observed", "the token is none of ours"),
    E(12025, "expired_token", "access_token is expired", "observed", "the token has expired"),
    E(28006003, "rate_limited", "限流", cause="over the calls a second, with limits"),
    E(28014043, "not_subscribed", "用户未订阅该模板", cause="no message of a consent is left"),
)

STORAGE = (
    E(-1, "system_error", "system error", cause=SYSTEM),
    E(40002, "nil_token", "nil access_token", cause="there is no access_token"),
    E(40002, "invalid_token", "bad access_token", cause="the token is unknown or has expired"),
    E(40009, "key_too_long", "key is too long", cause="a key is over 128 bytes"),
    E(40014, "bad_params", "bad params", "assumed", "a parameter is missing or cannot be read"),
    E(28001039, "bad_signature", "签名不正确", "assumed", "the signature is not the session's"),
    E(28001004, "bad_open_id", "openid无效", "assumed", "the openid is nobody's in this app"),
)

SET_STORAGE = (
    *STORAGE,
    E(40010, "pair_too_long", "key + value is too long", cause="key and value over 1024 bytes"),
    E(40011, "bad_ranking", "ranking value is ill-formed", cause="a ttgame value with no score"),
    E(60001, "too_many_pairs", "too many kv pairs", cause="over 128 pairs"),
)

SESSION_KEY = (
    E(28001003, "invalid_token", "access_token无效", cause="the token is unknown or has expired"),
    E(28001004, "bad_open_id", "openid无效", cause="the openid is nobody's in this app"),
    E(28001038, "bad_params", "参数错误", cause="a parameter is missing, or sig_method another"),
    E(28001039, "bad_signature", "签名不正确", cause="the signature is not the session's"),
)

RESET_SESSION_KEY = (
    SESSION_KEY[0],
    E(28001004, "bad_open_id", "openID无效", cause="the openid is nobody's in this app"),
    *SESSION_KEY[2:],
    E(28005139, "too_many_calls", "请求过于频繁", cause="over 60000 in a minute, with limits"),
    E(28001005, "system_error", "系统内部错误", cause=SYSTEM),
)

# /oauth/*: the passport's own numbers, 10xxx.

_SYSTEM_10001 = E(10001, "system_error", "系统异常", cause=SYSTEM)
_PARAMS_10002 = E(10002, "bad_params", "参数错误", cause="a field is missing or ill-formed")
_KEY_10003 = E(10003, "bad_client_key", "配置无效", "observed", "no app has the client_key")
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
    E(10014, "wrong_client_key", "client_key 不匹配", cause="the code is of another client_key"),
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
    E(10003, "bad_client_key", "配置无效", "assumed", "no app has the client_key"),
    E(
        10004,
        "no_scope",
        "权限不足(请申请 renew_refresh_token)",
        cause="the app lacks the scope renew_refresh_token",
    ),
    _NEEDED_10005,
    _REFRESH_10010,
    E(10020, "renewals_used_up", "超过刷新次数限制", cause="it was renewed five times"),
)

CLIENT_TOKEN = (
    _SYSTEM_10001,
    _PARAMS_10002,
    _KEY_10003,
    _SECRET_10013,
    E(10020, "too_many_calls", "超过刷新次数限制", cause="over 500 calls in 5 min, with limits"),
)

# What the consent page says, and the calls beside it.

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
        "the person is no tester of a trial app, or its two scopes are not asked for",
    ),
    E(28001021, "trial_expired", "测试应用已过期", "assumed", "the trial is over 120 days old"),
)

_UNFIT = "本次授权中存在授权该授权场景不支持的 scope"

CONSENT = (
    *_CONSENT,
    E(10003, "bad_client_key", "client_key 错误", cause="no app has the client_key"),
    E(10015, "wrong_kind", "应用类型错误", cause="the app is no web app"),
    E(28004020, "unfit_scope", _UNFIT, cause=SYSTEM),
)

QR_CODE = (
    *_CONSENT,
    _KEY_10003,
    E(10015, "wrong_kind", "应用类型错误", "observed", "the app is no web app"),
    E(28004020, "unfit_scope", _UNFIT, cause=SYSTEM),
)

QR_STATUS = (*_CONSENT[:2], _KEY_10003)

SILENT = (
    *(
        msgspec.structs.replace(case, basis="assumed")
        for case in (*_CONSENT, _KEY_10003, CONSENT[-2])
    ),
    E(28004020, "unfit_scope", _UNFIT, "assumed", "another scope than login_id is asked for"),
)

# open.douyin.com: one generation of numbers until about 2023, another since.

_THUS = "，因此无法授权或调用该Scope"

NEW = (
    E(28001003, "invalid_token", "access_token无效", cause="the token is none of ours"),
    E(28001004, "bad_open_id", "openid 无效", cause="the open_id is nobody's in this app"),
    E(28001005, "system_error", "系统内部错误，请重试", cause=SYSTEM),
    E(28001006, "network_error", "网络调用错误,请重试", cause=SYSTEM),
    E(28001007, "bad_params", "参数不合法", cause="a parameter is missing or of a wrong type"),
    E(
        28001008,
        "expired_token",
        "access_token过期,请刷新或重新授权",
        cause="the token has expired",
    ),
    E(28001010, "unknown_error", "未知错误", cause=SYSTEM),
    E(28001012, "not_granted", "用户未授权该OpenAPI", cause="the person did not grant the scope"),
    E(28001014, "no_ability", "应用未授权任何能力", cause="the app has no scope at all"),
    E(
        28001015,
        "token_mismatch",
        "请求参数 access_token 和 openId不匹配",
        cause="the open_id is not the token's",
    ),
    E(28001016, "app_banned", "当前应用已被封禁或下线", cause="the app is set to banned"),
    E(28001017, "unknown_uri", "未知URI", cause=SYSTEM),
    E(28001018, "no_scope", "应用未获得该能力", "observed", "the app lacks the scope"),
    E(28001019, "ability_banned", "当前能力已被封禁或下线", cause=SYSTEM),
    E(
        28001020,
        "not_a_tester",
        "用户未绑定该测试应用",
        cause="the person is no tester of a trial app, or did not grant trial.whitelist",
    ),
    E(28001021, "trial_expired", "测试应用已过期", cause="the trial is over 120 days old"),
    E(28001045, "user_closed", "用户已注销" + _THUS, cause=SYSTEM),
    E(28001046, "user_banned", "用户已被封禁" + _THUS, cause=SYSTEM),
    E(28001047, "user_private", "用户为私密用户" + _THUS, cause=SYSTEM),
    E(28001056, "api_offline", "该能力API已下线,不再支持调用", cause=SYSTEM),
    E(28003017, "quota_used_up", "quota 已用完", cause="over the daily quota, with limits"),
    E(28003018, "rate_limited", "请求频率过高", cause="over the calls a second, with limits"),
)

OLD = (
    E(2100004, "system_error", "系统繁忙，此时请开发者稍候再试", cause=SYSTEM),
    E(2100005, "bad_params", "参数不合法", cause="a parameter is missing or of a wrong type"),
    E(2100007, "not_permitted", "无权限操作", cause=SYSTEM),
    E(2100009, "user_banned", "用户被禁封使用该操作", cause=SYSTEM),
    E(2190001, "quota_used_up", "quota已用完", cause="over the daily quota, with limits"),
    E(
        2190002,
        "invalid_token",
        "access_token无效",
        cause="the token is none of ours",
        sub="access_token无效",
    ),
    E(2190003, "not_granted", "用户未授权该api", cause="the person did not grant the scope"),
    E(
        2190004,
        "no_scope",
        "应用未获得该能力, 请去https://open.douyin.com/申请",
        "observed",
        "the app lacks the scope",
    ),
    E(
        2190008,
        "expired_token",
        "access_token过期,请刷新或重新授权",
        "observed",
        "the token has expired",
    ),
    E(
        2190015,
        "token_mismatch",
        "请求参数access_token openid不匹配",
        cause="the open_id is not the token's",
    ),
    E(2190016, "app_banned", "当前应用已被封禁或下线", cause="the app is set to banned"),
)


def pick(table: tuple[E, ...], *names: str) -> tuple[E, ...]:
    """Give these cases of a table, in the order of the names."""
    by_name = {case.name: case for case in table}
    return tuple(by_name[name] for name in names)


def without(table: tuple[E, ...], *names: str) -> tuple[E, ...]:
    """Give a table without these cases."""
    return tuple(case for case in table if case.name not in names)


_BY_GENERATION = {
    "old": {case.name: case for case in OLD},
    "new": {case.name: case for case in NEW},
}
_NUMBERS = {case.code for case in OLD + NEW}


def in_generation(case: E, generation: str) -> E:
    """Give the case with its number of another generation, where it has one there."""
    if case.code not in _NUMBERS:
        return case
    return _BY_GENERATION.get(generation, {}).get(case.name, case)


def assumed(cases: tuple[E, ...]) -> tuple[E, ...]:
    """Give cases of the platform's general table that the endpoint's own page does not show."""
    return tuple(msgspec.structs.replace(case, basis="assumed") for case in cases)


# The pages' own tables, as far as they could be read; the rest is of the general ones.

JS_TICKET = (
    *pick(NEW, "system_error", "invalid_token", "expired_token"),
    *pick(NEW, "app_banned", "network_error", "no_ability"),
    *assumed(pick(NEW, "no_scope", "bad_params", "quota_used_up", "rate_limited")),
)

OPEN_TICKET = (
    *pick(OLD, "system_error", "bad_params", "invalid_token"),
    E(2190004, "no_scope", "无权访问", cause="the app lacks the scope"),
    *pick(OLD, "expired_token"),
    *assumed(pick(OLD, "app_banned", "quota_used_up")),
)

SHARE_ID = assumed(
    (
        *pick(OLD, "system_error", "bad_params", "invalid_token", "no_scope", "expired_token"),
        *pick(OLD, "app_banned", "quota_used_up", "not_permitted"),
    )
)

SCHEMA = (
    E(-1, "system_error", "系统错误", cause=SYSTEM),
    *without(NEW, "system_error", "bad_open_id", "not_granted", "token_mismatch", "not_a_tester"),
    E(28001020, "not_a_tester", "用户未绑定该测试应用", "assumed", SYSTEM),
)

CLIENT_TICKET = (
    E(28001024, "bad_ticket", "ClientTicket 无效", cause="it is no open ticket that lives"),
)

WEBHOOK = (
    *pick(OLD, "system_error", "bad_params", "invalid_token", "no_scope", "expired_token"),
    *pick(OLD, "app_banned", "quota_used_up"),
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

MICROAPP_LOGIN = (
    *pick(NEW, "invalid_token", "system_error", "bad_params", "expired_token", "app_banned"),
    E(28001007, "bad_code", "参数不合法", "assumed", "the code is unknown, used or expired"),
    E(28001007, "bad_anonymous_code", "参数不合法", "assumed", "the same, of anonymous_code"),
)

PHONE_NUMBER = (
    *assumed(pick(NEW, "invalid_token", "system_error", "bad_params", "expired_token")),
    *assumed(pick(NEW, "app_banned", "no_scope", "quota_used_up", "rate_limited")),
    E(28005187, "bad_code", "code 已过期", "observed", "the code is unknown, used or expired"),
)

TEMPLATES = (
    *assumed(
        without(NEW, "bad_params", "bad_open_id", "not_granted", "token_mismatch", "not_a_tester")
    ),
    E(28001020, "not_a_tester", "用户未绑定该测试应用", "assumed", SYSTEM),
    E(28001038, "bad_params", "参数错误", cause="a parameter is missing or makes no sense"),
)

SUBSCRIBED = (*TEMPLATES, *assumed(pick(NEW, "bad_open_id")))

NOTIFY_USER = (
    *SUBSCRIBED,
    E(28006003, "throttled", "限流", cause=SYSTEM),
    E(28014036, "rejected", "用户拒收", "observed", "the person's last answer was to refuse"),
    E(28014041, "messages_used_up", "配额已用完", "observed", "the consent's messages are sent"),
    E(28014043, "not_subscribed", "用户未订阅该模板", cause="the person never consented"),
)

STABLE_APP_TOKEN = (
    E(28005139, "too_many_calls", "请求过于频繁", cause="over 20 forced in a day, with limits"),
    E(28001038, "bad_params", "参数错误", cause="appid, secret or grant_type is wrong"),
    E(28001005, "system_error", "系统内部错误", cause=SYSTEM),
)
