"""Errors of guaranteed payment (担保支付, ecpay)."""

from __future__ import annotations

from mockdouyin.core.errors import SYSTEM
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
