"""Errors of guaranteed payment (担保支付, ecpay)."""

from __future__ import annotations

from mockdouyin.core.errors import SYSTEM, Basis
from mockdouyin.core.errors import ErrorCase as E

_SYSTEM = E(1000, "system_error", "内部异常", cause=SYSTEM)
_BUSY = E(1001, "rate_limited", "业务繁忙,请稍后重试", cause="too many calls, with limits")
_APP = (
    E(
        2042,
        "bad_appid",
        "小程序appid无效,请检查app_id字段",
        cause="no mini-program has this app_id",
    ),
    E(
        2047,
        "bad_provider",
        "服务商id无效,请检查thirdparty_id字段",
        cause="nobody has this thirdparty_id",
    ),
    E(
        2048,
        "provider_not_authorized",
        "未查询到服务商与小程序的授权关系",
        cause="the thirdparty_id is another app's",
    ),
)
_WRONG_SIGN = "the sign is not made with the app's SALT over these values, or app_id is missing"


def _signature(text: str) -> E:
    return E(2008, "bad_signature", text, cause=_WRONG_SIGN)


SIGNATURE = _signature("签名校验异常,请使用正确的签名")
COMMON = (_SYSTEM, _BUSY, SIGNATURE, *_APP)
"""What every operation may answer."""

CREATE_ORDER = (
    _SYSTEM,
    _BUSY,
    E(2008, "bad_signature", SIGNATURE.text, "observed", _WRONG_SIGN),
    E(
        2010,
        "bad_params",
        "业务参数处理异常",
        "assumed",
        "a parameter is missing or out of bounds, or the first request for this number failed",
    ),
    # The only case of Aweme-Negative-Test that is known by name; its answer is not.
    E(2010, "ma_pay_ban", "业务参数处理异常", "assumed", SYSTEM),
    *_APP,
)

QUERY_ORDER = (
    _SYSTEM,
    _BUSY,
    E(2000, "no_such_order", "支付记录不存在", cause="the app has no order of this number"),
    _signature("验签异常"),
    E(2010, "bad_params", "业务参数处理异常", cause="a parameter is missing or out of bounds"),
    *_APP,
)

_WRONG_PARAMS = "a parameter is missing or out of bounds"


def _params(cause: str = _WRONG_PARAMS) -> E:
    return E(2010, "bad_params", "参数错误", "assumed", cause)


def _no_order(text: str, basis: Basis) -> E:
    return E(2000, "no_such_order", text, basis, "the app has no order of this number")


_NO_SETTLEMENT = E(
    2000, "no_such_settlement", "单号记录不存在", cause="the app has no settlement of this number"
)

CREATE_REFUND = (
    _SYSTEM,
    _BUSY,
    _no_order("支付记录不存在", "assumed"),
    SIGNATURE,
    _params(
        "a parameter is missing or out of bounds, the order is not paid or was paid over a year"
        " ago, or it was refunded too often or would be by more than was paid"
    ),
    *_APP,
)

QUERY_REFUND = (
    _SYSTEM,
    _BUSY,
    SIGNATURE,
    E(2010, "bad_params", "参数错误", cause=_WRONG_PARAMS),
    *_APP,
    E(3101, "no_such_refund", "退款记录不存在", cause="the app has no refund of this number"),
)

SETTLE = (
    _SYSTEM,
    _BUSY,
    _no_order("支付记录不存在", "assumed"),
    SIGNATURE,
    _params(
        "a parameter is missing or out of bounds, or the order's last settlement is not done yet"
    ),
    E(
        2014,
        "nothing_to_settle",
        "分账超过授权比例,或已无可分账金额",
        "observed",
        "more is shared out than is left in transit after the fee, or the order is finished",
    ),
    *_APP,
)

QUERY_SETTLE = (_SYSTEM, _BUSY, _NO_SETTLEMENT, SIGNATURE, _params(), *_APP)

UNSETTLE_AMOUNT = (
    _SYSTEM,
    _BUSY,
    _no_order("单号记录不存在", "assumed"),
    SIGNATURE,
    _params(),
    *_APP,
)

QUERY_PLATFORM_ORDER = (
    _SYSTEM,
    _BUSY,
    _no_order("单号记录不存在", "documented"),
    SIGNATURE,
    _params(),
    *_APP,
)

_RETURNS = (
    E(1000, "system_error", "系统异常,请原单号重试", cause=SYSTEM),
    _BUSY,
    SIGNATURE,
    E(2020, "bad_appid", "非法app_id", cause="no mini-program has this app_id"),
    *_APP[1:],
    E(
        2102,
        "bad_return_no",
        "回退单号长度必须在0-64之间",
        cause="out_return_no has over 64 characters",
    ),
)

CREATE_RETURN = (
    *_RETURNS,
    E(
        2000,
        "no_such_settlement",
        "单号记录不存在",
        "assumed",
        "the app has no settlement of this number",
    ),
    _params(
        "a parameter is missing or out of bounds, or the receiver got less from the settlement"
    ),
)

QUERY_RETURN = (
    *_RETURNS,
    _params(),
    E(4408, "no_such_return", "退分账记录不存在", cause="the app has no return of this number"),
)

ORDER_PUSH = (
    E(
        -1,
        "bad_params",
        "系统错误,请重试",
        "observed",
        "a parameter is missing or out of bounds: update_time in seconds, for example",
    ),
    E(-1, "system_error", "系统错误,请重试", "observed", SYSTEM),
    E(
        40012,
        "bad_open_id",
        "open_id错误, 请确认是否是在抖音/抖音lite/火山 app内生成",
        "observed",
        "the open_id is nobody's in this app",
    ),
    E(
        40014,
        "invalid_token",
        "bad access token",
        cause="the access_token is missing, expired or unknown",
    ),
)
