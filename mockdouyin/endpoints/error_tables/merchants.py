"""Errors of merchants: onboarding (进件), balance, withdrawal and bills, at both hosts.

The docs have a table for create_merchant alone; the numbers elsewhere are those of guaranteed
payment and of open.douyin.com, and assumed.
"""

from __future__ import annotations

from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.endpoints.error_tables.generations import NEW, assumed, pick
from mockdouyin.endpoints.error_tables.payments import COMMON

_PARAMS = E(2010, "bad_params", "参数错误", "assumed", "a parameter is missing or out of bounds")
_SIGNATURE = E(
    2008,
    "bad_signature",
    "签名校验异常，请使用正确的签名和 json 传参",
    cause="the sign is not made with the app's SALT over these values, or app_id is missing",
)
MISMATCH = E(
    4000,
    "merchant_mismatch",
    "商户号和 APPID 或三方 ID 不对应",
    cause="there is no such merchant, or it is another app's or provider's",
)
_NO_WITHDRAWAL = E(
    2000,
    "no_such_withdrawal",
    "单号记录不存在",
    "assumed",
    "there is no withdrawal of this out_order_id, merchant and channel",
)
_PROVIDER = pick(COMMON, "bad_provider")
_SYSTEM = pick(COMMON, "system_error", "rate_limited")

LINK = (*_SYSTEM, _SIGNATURE, _PARAMS, *pick(COMMON, "bad_appid", "bad_provider"))
"""A link that an app asks for, or a provider for an app."""

LINK_OF_APP = (*LINK, *pick(COMMON, "provider_not_authorized"))

MERCHANT = (*LINK_OF_APP, *assumed((MISMATCH,)))
WITHDRAWAL = (*MERCHANT, _NO_WITHDRAWAL)
STATUS = (*LINK_OF_APP, MISMATCH)

PAGE = (
    *pick(COMMON, "system_error"),
    E(2010, "bad_params", "链接无效或已过期", "assumed", "the link is unknown, or has expired"),
    *assumed(pick(COMMON, "bad_appid")),
)

# create_merchant has a text for each field.

_WRONG_TOKEN = "token校验异常,请校验请求头中生成token的小程序appid/服务商id和请求参数是否一致"
_UNKNOWN_TOKEN = "the token is unknown, has expired, or is of another kind"


def _field(name: str, text: str, cause: str) -> E:
    return E(2010, name, f"参数错误:{text}", cause=cause)


FORM = (
    E(1007, "bad_channels", "参数错误:channels参数不合法,请检查", cause="a channel is unknown"),
    _field("bad_merchant_type", " 参数MerchantType不正确", "merchant_type is not one of 1 to 8"),
    _field("no_channels", " 进件渠道为空", "channels is missing"),
    _field("bad_type", " 未知类型(Invalid Type)", "type is not one of 1 to 4"),
    _field(
        "no_sub_merchant",
        "maAppID或者sub_merchant_id为空",
        "type is 1, and app_id or sub_merchant_id is missing",
    ),
    _field("no_provider", "thirdPartyID为空", "type is 2, and thirdparty_id is missing"),
    _field(
        "no_provider_or_app",
        "thirdPartyID或maAppID或sub_merchant_id为空",
        "type is 3, and thirdparty_id, app_id or sub_merchant_id is missing",
    ),
    _field(
        "no_provider_or_sub_merchant",
        "thirdPartyID或sub_merchant_id为空",
        "type is 4, and thirdparty_id or sub_merchant_id is missing",
    ),
    _field("no_merchant_name", " 参数:MerchantName 为空", "merchant_name is missing"),
    _field("no_short_name", " 参数:MerchantShortName 为空", "merchant_short_name is missing"),
    _field("no_license_hz", " 没有合众营业执照", "no picture of the licence for channel hz"),
    _field("no_license_wx", " 没有微信营业执照", "no picture of the licence for channel wx"),
    _field(
        "no_license_alipay", " 没有支付宝营业执照", "no picture of the licence for channel alipay"
    ),
    _field(
        "bad_license_dates",
        " 营业执照有效期起止时间错误",
        "begin_date or end_date is no date, or the end is not after the beginning",
    ),
)

_APP_MISMATCH = E(
    2008, "app_mismatch", _WRONG_TOKEN, cause="the token is not of the app that is named"
)
_TOKEN = E(2008, "invalid_token", _WRONG_TOKEN, cause=_UNKNOWN_TOKEN)

LINK_OF_PROVIDER = (*_SYSTEM, _SIGNATURE, *assumed((_TOKEN,)), _PARAMS, *_PROVIDER)

CREATE = (
    E(1000, "system_error", "内部错误", cause=SYSTEM),
    E(1004, "unknown_error", "未知异常", cause=SYSTEM),
    E(1005, "rate_limited", "频率控制", cause="too many calls, with limits"),
    _SIGNATURE,
    _TOKEN,
    _APP_MISMATCH,
    _PARAMS,
    *FORM,
    *pick(COMMON, "bad_appid", "bad_provider", "provider_not_authorized"),
)
_TOO_LARGE = E(2010, "file_too_large", "参数错误: 图片过大", "assumed", "the picture is over 2 MB")
IMAGE = (
    *CREATE[:3],
    _TOKEN,
    _PARAMS,
    _TOO_LARGE,
    _APP_MISMATCH,
    *assumed(pick(COMMON, "bad_provider")),
)

# The same at open.douyin.com.

_TOKENS = (
    *pick(NEW, "invalid_token", "expired_token", "no_ability", "app_banned", "no_scope"),
    _APP_MISMATCH,
)
BY_TOKEN = (
    *assumed((CREATE[0], CREATE[2])),
    _PARAMS,
    *assumed(_TOKENS),
)
MERCHANT_BY_TOKEN = (*BY_TOKEN, *assumed((MISMATCH,)))
WITHDRAWAL_BY_TOKEN = (*MERCHANT_BY_TOKEN, _NO_WITHDRAWAL)
CREATE_BY_TOKEN = (*CREATE[:3], _PARAMS, *FORM, *assumed(_TOKENS[:-1]), _TOKENS[-1])
IMAGE_BY_TOKEN = (*BY_TOKEN[:3], _TOO_LARGE, *assumed(_TOKENS[:-1]))

# Bills.

_BILL = (
    E(-1, "system_error", "系统错误", cause=SYSTEM),
    E(1, "bad_params", "参数错误", cause="a parameter is missing or out of bounds"),
)
_BACKWARDS = E(
    1, "backwards", "end_date is before start_date", cause="end_date is before start_date"
)
_BILL_COMMON = assumed(
    pick(COMMON, "rate_limited", "bad_signature", *("bad_appid", "bad_provider"))
)
BILL = (*_BILL, _BACKWARDS, *_BILL_COMMON, *assumed(pick(COMMON, "provider_not_authorized")))
BILLS = (
    *_BILL,
    *_BILL_COMMON,
    *assumed((*pick(COMMON, "provider_not_authorized"), MISMATCH)),
)
FILE = (
    _BILL[0],
    E(1, "bad_params", "参数错误", "assumed", "the link is unknown, or has expired"),
    *assumed(pick(COMMON, "bad_appid")),
)
