"""The general tables of open.douyin.com: one generation of numbers until about 2023, one since."""

from __future__ import annotations

import msgspec

from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.errors import ErrorCase as E

_THUS = "，因此无法授权或调用该Scope"

NEW = (
    E(28001003, "invalid_token", "access_token无效", cause="the token is unknown"),
    E(28001004, "bad_open_id", "openid 无效", cause="nobody has the open_id in this app"),
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
        cause="the person is not a tester of the trial app, or did not grant trial.whitelist",
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
        cause="the token is unknown",
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

_BY_GENERATION = {
    "old": {case.name: case for case in OLD},
    "new": {case.name: case for case in NEW},
}

_NUMBERS = {case.code for case in OLD + NEW}


def in_generation(case: E, generation: str) -> E:
    """Return the same refusal with the number of a generation, if it has one there."""
    if case.code not in _NUMBERS:
        return case
    return _BY_GENERATION.get(generation, {}).get(case.name, case)


def pick(table: tuple[E, ...], *names: str) -> tuple[E, ...]:
    """Return the cases with these names, in the order of the names."""
    by_name = {case.name: case for case in table}
    return tuple(by_name[name] for name in names)


def without(table: tuple[E, ...], *names: str) -> tuple[E, ...]:
    """Return a table without the cases with these names."""
    return tuple(case for case in table if case.name not in names)


def assumed(cases: tuple[E, ...]) -> tuple[E, ...]:
    """Return cases that the endpoint's own docs page does not show, with the basis `assumed`."""
    return tuple(msgspec.structs.replace(case, basis="assumed") for case in cases)
